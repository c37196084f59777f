"""Two documents as rounds will issue them: a notice with its annex, and the minutes of an opening."""

import hashlib
from datetime import date

from web.documents.model import Annex, Block, Document, Facts, Grid, Heading, Listing, Note, Paragraph, Signature

ISSUER = "临川市园林管理中心"
DAY = date(2026, 12, 1)
DIGEST = hashlib.sha256(b"notice").hexdigest()
ADDRESS = "https://jiebang.example.gov.cn/rounds/01JDK3V9Q8ZT4W6Y2N5R7X0B1C/verify?digest=" + DIGEST

NOTICE = Document(
    kind="公告",
    title="关于行道树健康巡查与倒伏预警项目\n公开征集揭榜单位的公告",
    subtitle="（第一版）",
    issuer=ISSUER,
    number="临园揭〔2026〕3号",
    dated=DAY,
    blocks=(
        Paragraph(
            "为提升城区行道树健康巡查和倒伏预警能力，根据《临川市应用场景揭榜挂帅工作办法（试行）》，"
            "我中心面向社会公开征集“行道树健康巡查与倒伏预警”项目揭榜单位，现将有关事项公告如下。"
        ),
        Heading("项目概况"),
        Facts(
            (
                ("项目名称", "行道树健康巡查与倒伏预警"),
                ("发榜单位", ISSUER),
                ("预算金额", "不超过 90 万元（900,000.00 元）"),
                ("资金来源", "2026年市级城市维护费，已列入部门预算"),
                ("完成期限", "2027年9月30日前"),
            )
        ),
        Heading("申报条件"),
        Heading("基本条件", level=2),
        Listing(
            (
                "在中华人民共和国境内依法登记的企业、个体工商户，含一人公司（OPC）；",
                "近三年内没有重大违法记录，没有被列入严重失信主体名单；",
                "单位负责人为同一人的不同单位，不得同时申报本项目。",
            ),
            numbered=True,
        ),
        Heading("能力要求", level=2),
        Listing(("树冠病害识别率不低于 88%；", "倾斜超限后 10 分钟内发出预警；", "可接入城市运行管理服务平台。")),
        Heading("评审办法"),
        Paragraph("采用综合评分法，满分 100 分，去掉一个最高分和一个最低分后取平均分。评审指标和权重如下。"),
        Grid(
            ("评审指标", "评审内容", "权重（%）"),
            (
                ("技术方案", "针对性、先进性和可行性；识别率、响应时间等指标的论证和现场测试结果", "40"),
                ("实施能力", "团队构成、同类案例及其核验情况、人员投入计划", "25"),
                ("服务保障", "运维响应、培训、数据安全和个人信息保护", "15"),
                ("报价", "以有效报价的平均值为基准价，按偏离程度计分", "20"),
            ),
            alignments=("left", "left", "right"),
            caption="表1　评审指标和权重",
        ),
        Heading("时间安排"),
        Grid(
            ("环节", "开始", "结束"),
            (
                ("提问和答复", "2026年12月1日（周二）09:00", "2026年12月11日（周五）17:30"),
                ("申报", "2026年12月1日（周二）09:00", "2026年12月17日（周四）24:00"),
                ("开启和资格审查", "2026年12月18日（周五）09:30", "2026年12月22日（周二）24:00"),
                ("专家评审", "2026年12月23日（周三）09:00", "2027年1月7日（周四）24:00"),
                ("结果公示", "2027年1月11日（周一）09:00", "2027年1月15日（周五）24:00"),
            ),
            caption="表2　时间安排（北京时间）",
        ),
        Heading("联系方式"),
        Paragraph("联系人：陈工，电话 0594-1234567。\n异议和投诉请向市园林管理中心纪检监察室提出，实名并附证据。"),
        Signature((ISSUER, "2026年12月1日")),
        Note(f"公告正文的 SHA-256 值：{DIGEST}\n核对网址：{ADDRESS}"),
    ),
    annexes=(
        Annex("申报书格式", (Heading("申报单位基本情况"), Paragraph("由申报单位在平台填写。"))),
        Annex(
            "数据安全承诺书",
            (Paragraph("本单位承诺依法保护在项目中取得的数据。"), Signature(signers=("承诺单位（盖章）",))),
        ),
    ),
)


def make_document(*blocks: Block, title: str = "标题", annexes: tuple[Annex, ...] = ()) -> Document:
    """A document of these blocks that says nothing else."""
    return Document("公告", title, "", "", None, blocks, annexes=annexes)


def make_minutes(bids: int) -> Document:
    """The minutes of an opening of so many bids."""
    names = ("木语视觉科技（江苏）有限公司", "接线员工作室", "临川市青木数据有限责任公司", "南岸一人智造（个体工商户）")
    rows = tuple(
        (
            f"B{at:03}",
            names[at % len(names)],
            hashlib.sha256(f"bid {at}".encode()).hexdigest(),
            f"{800_000 + 1_234.5 * at:,.2f}",
            "开启成功，与回执一致" if at % 7 else "未能开启，已登记事故",
        )
        for at in range(1, bids + 1)
    )
    return Document(
        kind="开启记录",
        title="行道树健康巡查与倒伏预警项目申报文件开启记录",
        issuer=ISSUER,
        number="",
        dated=date(2026, 12, 18),
        blocks=(
            Facts(
                (
                    ("开启时间", "2026年12月18日（周五）09:30:12（北京时间）"),
                    ("开启地点", "临川市公共服务中心 3 楼 2 号会议室，网上同步"),
                    ("收到申报", f"{bids} 份，与截止时公布的封存清单一致"),
                )
            ),
            Grid(
                ("编号", "单位", "SHA-256", "报价（元）", "开启结果"),
                rows,
                alignments=("center", "left", "left", "right", "left"),
                caption="申报文件开启情况",
            ),
            Paragraph("以上申报文件均由两名开启人当场开启，逐份核对封存值。"),
            Signature((ISSUER, "2026年12月18日"), signers=("开启人甲", "开启人乙", "监督人")),
            Note("本记录由平台在开启时自动生成，写入留痕后不能更改。"),
        ),
    )
