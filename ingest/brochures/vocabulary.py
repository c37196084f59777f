"""The words of introductions: what their sections are called, and the labels before their values."""

import re
from enum import StrEnum
from typing import Final


class Section(StrEnum):
    """What a section speaks of."""

    COVER = "cover"
    ABOUT = "about"
    OFFERS = "offers"
    ABILITY = "ability"
    SKILLS = "skills"
    CASES = "cases"
    SECTORS = "sectors"
    TEAM = "team"
    PRICE = "price"
    FILINGS = "filings"
    NOT_OFFERED = "not offered"
    CONTACT = "contact"
    OTHER = "other"
    UNKNOWN = "unknown"


_KINDS: Final = (
    (
        Section.NOT_OFFERED,
        r"不承接|不做|不接|不提供|不涉及|不擅长|不包括|边界|^(?:我们?|暂时?|目前|绝)*不(?:拍|卖|碰|写|教|代|销售|承担|代理|参与)",
    ),
    (Section.CONTACT, r"联系|联络|contact|加我微信|找到我"),
    (
        Section.CASES,
        r"案例|项目经[验历]|业绩|做过|实践|代表作|作品|代表项目|项目清单|客户故事|服务过|合作过|单子|成果|成绩|标杆|(?:部分|主要|重点|近期|完成|参与|承担|过往|相关|合作)(?:的)?项目|cases?|projects?|portfolio",
    ),
    (Section.PRICE, r"报价|价格|价目|收费|费用|计费|定价|pric\w*|怎么收"),
    (
        Section.OTHER,
        r"流程|合作方式|合作模式|交付方式|文化|愿景|使命|价值观|历程|大事记|感谢|鸣谢|合作(?:渠道|媒体|机构|院校|品牌|网络)|友情链接|目录|教育|学历|工作经[历验]|从业经历|合作伙伴|声明|致谢|规划|售后|服务承诺|保障|责任|为什么|荣誉墙|组织架构",
    ),
    (Section.FILINGS, r"资质|荣誉|证书|知识产权|专利|备案|著作权|认证|获奖|certificat\w*|honou?rs?|awards?"),
    (Section.SECTORS, r"行业|服务对象|服务客户群|应用领域|业务领域|服务领域|面向|适用领域|industr\w*"),
    (
        Section.SKILLS,
        r"技术栈|(?:关键|核心)技术|技术路线|技能|专长|工具|编程|擅长(?:技术|领域)?$|技术能力|技术储备|技术方向|会什么|skills?|stack",
    ),
    (Section.OFFERS, r"(?:业务|服务|产品)\S{0,3}[及和与、/]"),
    (Section.ABILITY, r"能力|优势|特长|特色|亮点|强项|擅长|差异|strengths?|abilit\w*"),
    (
        Section.OFFERS,
        r"业务|服务|产品|方案|做什么|能做|做到|可以做|承接|帮您|能帮|解决(?:什么|哪些)?问题|提供|services?|products?|solutions?|what we do",
    ),
    (Section.TEAM, r"团队|人员|成员|创始人|team"),
    (
        Section.ABOUT,
        r"简介|介绍|关于|概况|概述|我是谁|我们是谁|基本情况|基本信息|我们的故事|写在前面|一览|profile|about",
    ),
)
_PATTERNS: Final = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _KINDS)
_MODIFIERS: Final = (
    r"我们|我司|本公司|公司|企业|单位|工作室|团队|本人|个人|自我|我|主要|主营|核心|典型|成功|部分|重点|近年来?|近期|近三年|相关|客户|合作|专业|过往|过去|代表性?|"
    r"参考|基本|能够|可以|目前|擅长|关键|技术|服务|产品|项目|业务|信息|情况|说明|一览|清单|列表|展示|范围|内容|板块|方向|类型|模式|标准|方式|体系|清单|成果|成员|与|和|及|以及|的|了|过|"
    r"您|你|大家|能|暂时?|如何|怎么|怎样|为谁|给谁|哪些|什么|事|是|在|有|做|接|会|用|例|经验|经历|背景|概览|基础|部|类|领域|对象|群体|"
    r"[、/／&＆·•|｜\s，,：:？?]"
)
_COMPOSED: Final = re.compile(
    rf"(?:{'|'.join(words.replace('$', '').replace('^', '') for _, words in _KINDS)}|{_MODIFIERS})+", re.IGNORECASE
)
_LONGEST_PLAIN: Final = 16
_LATIN_TAIL: Final = re.compile(r"(?<=[\u4e00-\u9fff])[\s|｜/·\-—(（]*[A-Za-z][A-Za-z &'’\-]*[)）]?\s*$")
_LATIN_HEAD: Final = re.compile(r"^[A-Za-z][A-Za-z &'’\-]*[\s|｜/·\-—]+(?=[\u4e00-\u9fff])")
_CAN_DO: Final = re.compile(r"做什么|能做|做到|可以做|帮您|能帮")
_SERVES: Final = re.compile(r"业务|服务|产品|方案|services?|products?|solutions?", re.IGNORECASE)
_ABOUT_ONE: Final = re.compile(r"(?:关于|走进|走近|认识)\S{1,10}")
_FRAME: Final = re.compile(r"^[\s【\[「『<《■◆●▍▎▌|｜#*=\-—_~]+|[\s】\]」』>》|｜#*=\-—_~:：]+$")

PARTS: Final = {
    "title": r"(?:项目|案例|课题|产品|合同|工程)?(?:名称|标题|题目)|项目|案例",
    "client": r"(?:门|客)?店铺?|客户群?|公司|企业|单位|机构|(?:服务|合作)?(?:客户|对象)(?:名称|单位)?|服务单位|委托(?:方|单位|人)|甲方|业主(?:单位)?|需求方|用户单位|合作单位|合作方|合作对象|单位名称|客户/单位|client",
    "period": r"什么时候|何时|(?:项目|实施|服务|合作|起止|完成|交付|执行|合同|签订|合同签订|开展|竣工)?(?:时间|年份|年度|日期|周期|起止)|起止时间|年月|period|year",
    "done": r"(?:项目|工作|服务|主要|实施|建设|合作|承担)?(?:内容|描述|简介|概述|说明)|(?:主要|具体|承担的?)?工作|(?:项目)?职责|做法|做了(?:什么|啥)|我做的?(?:事|工作)?|我们做了什么?|承担(?:的)?工作|我们的(?:做法|工作)|解决方案|技术方案|方案|实施过程|实施|承担内容|交付内容|how",
    "result": r"(?:项目|实施|应用|服务|取得的?)?(?:成效|成果|效果|结果|收益|产出|价值|数据|指标|业绩)|成果数字|(?:完成|验收|履约)情况|交付成果|客户反馈|results?",
    "background": r"(?:项目)?(?:背景|痛点|需求|挑战|问题|起因|难点)|客户需求|合同(?:金额|额)|金额|角色|规模|序号|编号|no\.?|备注|地点|状态|行业|技术|使用技术|技术栈|证明材料|附件",
}
"""What the columns, labels and sub-headings of a case are called."""
OFFERED: Final = {
    "what": r"(?:服务|产品|业务|方案|能力)(?:名称|项目|内容|类型|类别|项|模块)?|项目名称|名称|项目|内容",
    "for_whom": r"(?:适用|服务|面向|目标)(?:对象|客户|人群|行业|场景|范围)|客户|对象|适合谁|为谁做|给谁用",
    "given": r"输入|(?:客户|甲方|对方|您)(?:需要?)?提供(?:什么|的资料|资料)?|所需(?:资料|材料|数据)|需要您提供|您要准备(?:什么|的)?",
    "made": r"输出|您?(?:将|会|能)?(?:得到|拿到|收到)(?:什么|的)?|产出|输出结果",
    "deliverable": r"(?:我们)?交付(?:物|成果|内容|件|形式)?|成果形式|成果",
    "price": r"(?:参考|服务|产品)?(?:报价|价格|单价|收费|费用|起价)(?:标准)?(?:[（(].{1,8}[)）])?",
    "text": r"(?:服务|产品|功能|内容|业务|具体|详细|主要|能力)?(?:说明|描述|简介|介绍|详情|内容|功能|特点|要点)",
    "background": r"序号|编号|no\.?|备注|周期|工期|交付周期",
}
"""What the columns of a table of services are called."""
LABELS: Final = {
    "name": r"(?:公司|企业|单位|工作室|团队|机构|店铺)(?:名称|全称)|名称|姓名|名字",
    "headline": r"一句话(?:介绍|简介|说明|能力)?|定位|(?:公司|品牌|服务)?(?:口号|标语|定位)|slogan|标语",
    "team_size": r"(?:团队|人员|公司|企业|员工)(?:规模|人数|总数|数量)|(?:从业|在职|员工|全职)?人数|从业人员|员工|团队",
    "region": r"(?:公司|企业|单位)?(?:总部|常驻)|(?:公司|企业|单位|常驻|所在|注册|总部)?(?:所在地区?|所在城市|注册地|城市|地区|常驻地|驻地|地点|坐标)|现居(?:地|住地)?|base",
    "address": r"(?:公司|办公|注册|通讯|联系|单位|详细|经营)?地址|办公地点|住所",
    "founded_year": r"(?:公司|企业)?(?:成立|创立|创办|创建|注册|设立)(?:时间|日期|年份|年月|于)?",
    "prices": r"(?:参考|服务|项目|合作|大致)?(?:报价|价格|收费|费用|起步价|单价|日薪|时薪|计费|起价)(?:标准|方式|区间)?",
    "skills": r"(?:专业|核心|主要|个人|技术)?(?:技能|专长|特长|技术栈|技术方向|工具|技术)|擅长(?:领域|方向|技术)?|(?:熟悉|掌握|精通|熟练(?:使用|掌握)?|常用|使用|主要|核心)(?:的)?(?:技术|语言|工具|框架|软件)?|编程语言|开发语言|语言|框架|数据库|前端|后端|算法|模型|平台|运维|部署|关键词|技术关键词|(?:工具|技能|技术)(?:[与和及、/](?:工具|技能|技术))+",
    "sectors": r"(?:服务|所属|擅长|应用|面向|主要|适用|涉及|深耕)?(?:的)?(?:行业|领域)(?:领域|方向)?|服务(?:行业|领域)|面向行业",
    "offers": r"(?:主营|主要|核心)?(?:业务|服务|产品)(?:内容|项目|范围)?|主营|可承接|承接(?:范围|业务)?|能做(?:什么|的事)?|提供(?:服务)?",
    "statements": r"(?:核心|主要|技术)?(?:能力|优势|特色|亮点)|核心竞争力",
    "not_offered": r"(?:暂?不(?:承接|做|接|提供|涉及))(?:的?(?:事|业务|项目|服务|范围))?",
    "filings": r"(?:企业|专业|相关)?(?:资质|证书|认证|荣誉|奖项)(?:荣誉|证书|备案)?|(?:算法|大模型|生成式人工智能)?备案(?:号|编号)?|软件著作权|软著|专利|知识产权|登记号",
    "private": r"(?:服务|业务|覆盖|经营|辐射)(?:区域|地域|地区|城市|半径)|联系人|联系方式|联系电话|(?:固定|移动|办公)?电话|手机号?码?|微信号?|公众号|邮箱|电子邮[箱件]|e-?mail|email|tel|qq|传真|网址|官网|网站|邮编|统一社会信用代码|信用代码|税号|开户行|账号|银行账户|法定代表人|法人代表?|负责人|创始人|身份证号?|出生(?:年月|日期)?|性别|年龄|籍贯|民族|政治面貌|婚姻状况|经营范围|注册资本|注册资金|企业类型|公司类型|日期|版本|编制|页码|学历|专业|(?:从业|工作)(?:年限|年数|经验)|毕业时间|毕业院校|求职意向|职位|职务|到岗时间|wechat|phone|mobile|website",
}
"""Labels before a colon or in the first cell of a row, and the field that the value goes to; `private` goes nowhere."""


def _whole(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"(?:{words})", re.IGNORECASE) for name, words in patterns.items()}


_PARTS, _OFFERED, _LABELS = _whole(PARTS), _whole(OFFERED), _whole(LABELS)
_BLANK: Final = re.compile(r"\s+")
_UNIT: Final = re.compile(r"[（(](?:单位[:：])?(?:万元|元|人|年|名|天|月)[)）]$")


def bare(words: str) -> str:
    """A heading without frames, colons and the same words in English behind or before the Chinese ones."""
    words = _FRAME.sub("", words.strip())
    return _FRAME.sub("", _LATIN_HEAD.sub("", _LATIN_TAIL.sub("", words)))


def kind(words: str) -> Section | None:
    """What a heading announces, by the first of its words that tells; None where none does."""
    return next((kind for kind, pattern in _PATTERNS if pattern.search(words)), None)


def is_composed(words: str) -> bool:
    """Whether a line says nothing but what a section is about: "公司简介", "我们能做什么"."""
    return len(words) <= _LONGEST_PLAIN and _COMPOSED.fullmatch(words) is not None


def says_what_can_be_done(words: str) -> bool:
    """Whether a heading asks what somebody can do without naming services: "我们能做什么"."""
    return _CAN_DO.search(words) is not None and _SERVES.search(words) is None


def names_services(words: str) -> bool:
    """Whether a heading names services or products, alone or with something else: "服务与价格"."""
    return _SERVES.search(words) is not None


def is_about_one(words: str) -> bool:
    """Whether a heading introduces somebody by name: "关于织目"."""
    return _ABOUT_ONE.fullmatch(words) is not None


def part(words: str) -> str | None:
    """The part of a case that a column or a label names."""
    return _named(_PARTS, words)


def offered(words: str) -> str | None:
    """The part of a service that a column names."""
    return _named(_OFFERED, words)


def label(words: str) -> str | None:
    """The field that a label names, "private" for what a profile does not take."""
    return _named(_LABELS, words)


def _named(patterns: dict[str, re.Pattern[str]], words: str) -> str | None:
    plain = _UNIT.sub("", _BLANK.sub("", bare(words)))
    return next((name for name, pattern in patterns.items() if pattern.fullmatch(plain)), None)
