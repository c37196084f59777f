"""How complete a need is, in the manner of a 需求翻译官: what is there, what is missing, and why it helps."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.fields import Draft

_NUMBER = r"(?:\d[\d,.]*|[一二两三四五六七八九十百千万半]+)"
_UNITS = (
    r"(?:%|％|‰|秒|毫秒|分钟|小时|天|日|周|月|年|次|个|条|张|份|人|家|台|套|路|页|公里|米|厘米|毫米|吨|千克|公斤|度|倍|元|"
    r"万|亿|种|类|处|户|件|批|帧|并发|GB|MB|TB|ms|km|kg|cm|mm|s\b)"
)
_MEASURE = re.compile(rf"{_NUMBER}\s*{_UNITS}", re.IGNORECASE)
MOST_QUOTED = 6
"""How many vague words are asked about at once."""
JOINT = "”“"
"""Stands between phrases that one question asks about."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a good need states: `done` or not, why it helps, an example; `field` is where to write it."""

    code: str
    field: str
    name: str
    done: bool
    why: str
    example: str


@dataclass(frozen=True, slots=True)
class Question:
    """A vague phrase, quoted from a field, and what a 需求翻译官 would ask about it."""

    field: str
    phrase: str
    ask: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is there and what is missing, and the questions that vague words raise."""

    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]

    @property
    def done(self) -> int:
        """How many of the findings are there."""
        return sum(1 for finding in self.findings if finding.done)

    @property
    def total(self) -> int:
        """How many findings there are."""
        return len(self.findings)


def check(draft: Draft) -> Completeness:
    """Check what a need states."""
    measured = sum(1 for line in draft.requirements if is_measurable(line))
    stated = draft.extras
    findings = (
        _finding("decider", done=bool(stated.get("decider"))),
        _finding("indicators", done=measured > 0),
        _finding("budget", done=bool(draft.budget_min or draft.budget_max or draft.budget_negotiable)),
        _finding("budget_source", done=bool(stated.get("budget_source"))),
        _finding("period", done=bool(draft.period_end or draft.duration_months)),
        _finding("conditions", done=bool(stated.get("conditions"))),
        _finding("acceptance", done=bool(stated.get("acceptance"))),
        _finding("contact", done=bool(draft.contact_phone or draft.contact_email)),
    )
    return Completeness(findings, tuple(_questions(draft)))


def is_measurable(line: str) -> bool:
    """Whether a point names a number with its unit, so that two people measuring would agree."""
    return _MEASURE.search(line) is not None


def _finding(code: str, *, done: bool) -> Finding:
    field, name, why, example = _TOLD[code]
    return Finding(code, field, name, done, why, example)


def _questions(draft: Draft) -> Iterable[Question]:
    asked: dict[str, tuple[str, list[str]]] = {}
    texts = [("title", draft.title), ("situation", draft.description or "")]
    texts += [("requirements", line) for line in draft.requirements if not is_measurable(line)]
    for field, text in texts:
        for phrase in _vague(text):
            _, phrases = asked.setdefault(_ASK[phrase], (field, []))
            if phrase not in phrases and sum(len(some) for _field, some in asked.values()) < MOST_QUOTED:
                phrases.append(phrase)
    return [Question(field, JOINT.join(phrases), ask) for ask, (field, phrases) in asked.items() if phrases]


def _vague(text: str) -> list[str]:
    # The longest phrase is meant: 提升效率 is not asked about once more as 提升.
    return list(dict.fromkeys(_VAGUE.findall(text)))


_ASKED = (
    (("智能化", "智慧化", "数字化", "信息化"), "由谁在什么情况下用？现在怎么做、要多久，希望变成怎样？"),
    (("提升效率", "提高效率"), "哪一步最慢？现在要多久，希望缩短到多久？"),
    (("降本增效", "降低成本"), "哪一项成本？现在一年多少，希望降到多少？"),
    (("赋能",), "帮谁做成哪一件现在做不成的事？"),
    (("一体化", "一站式"), "要把哪几个系统接在一起？各由谁管，有没有接口？"),
    (("全方位", "全面", "全流程", "全链条"), "具体到哪几项、哪几步？最先要做的是哪一项？"),
    (("科学决策",), "谁根据哪几个数作哪个决定？现在凭什么定？"),
    (("精准",), "允许错多少？漏一个和错报一个，哪个更不能接受？"),
    (("高效", "快速"), "多快算快？每天要处理多少？"),
    (("先进", "领先"), "比现在用的好在哪里？拿哪一项来比、要到多少？"),
    (("稳定", "可靠"), "一个月最多停几次、停多久可以接受？"),
    (("好用", "易用", "便捷"), "谁来用？几步以内、多长时间能上手？"),
    (("完善", "优化", "提升", "改善", "加强"), "现在的数是多少，改到多少算好？"),
    (("实时掌握",), "隔多久更新一次算实时？谁来看，看到以后做什么？"),
    (("大幅", "显著"), "大幅是多少？请写出现在的数和目标的数。"),
)
_ASK = {phrase: ask for phrases, ask in _ASKED for phrase in phrases}
VAGUE = tuple(sorted(_ASK, key=lambda phrase: (-len(phrase), phrase)))
_VAGUE = re.compile("|".join(VAGUE))
_TOLD = {
    "decider": (
        "decider",
        "由谁拍板",
        "小团队最怕方案谈好了没有人能定；写明部门或岗位，对方才敢先投入。",
        "例如：设备部定方案，分管副总审批",
    ),
    "indicators": (
        "requirements",
        "可以量的指标",
        "有数字和单位，双方才知道做到什么程度算成，匹配也能逐条比对。",
        "例如：病害识别率不低于 88%；倾斜超限 10 分钟内预警",
    ),
    "budget": (
        "budget_max",
        "预算",
        "写出上限或注明面议，可以少收到报价差得太远的来信。",
        "例如：不超过 90 万元",
    ),
    "budget_source": (
        "budget_source",
        "钱从哪里来",
        "资金已经落实的需求更容易得到认真的答复，也说明走哪一种采购程序。",
        "例如：2027 年信息化专项，已批复",
    ),
    "period": (
        "period_end",
        "期限",
        "一人公司同时接的活有限，知道什么时候要，才能判断排不排得开。",
        "例如：2027 年 9 月底前试运行",
    ),
    "conditions": (
        "conditions",
        "您能提供的条件",
        "数据、现场、接口由谁给、什么时候给，往往决定方案做不做得成。",
        "例如：提供 3 年巡检照片 2 万张；开放测试接口；可进厂 2 次",
    ),
    "acceptance": (
        "acceptance",
        "怎样验收",
        "事先说好怎么测、谁来测，交付时就不会各说各话。",
        "例如：抽 500 张现场照片盲测，由园林中心和第三方共同打分",
    ),
    "contact": (
        "contact_phone",
        "找谁问",
        "对方有一个问题问清楚，胜过写十页方案；电话和邮箱公开时会隐去一部分。",
        "例如：设备部 王工，0599-1234567",
    ),
}
