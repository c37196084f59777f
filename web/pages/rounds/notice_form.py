"""The form of a notice between the browser and the marketplace: what was sent, which rows are shown, what fields are called."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from starlette.datastructures import FormData

from marketplace.kernel.errors import Invalid
from marketplace.rounds.rules import notice_forms
from marketplace.rounds.rules.notice_forms import FIELDS, ROWS
from web.pages import typed

PAGE: Final = "_page"
MAX_PAGE: Final = 16
KINDS: Final[Mapping[str, str]] = {"track": "榜题", "condition": "条件", "paper": "材料", "criterion": "指标"}
PARTS: Final[Mapping[str, str]] = {
    "track-title": "名称",
    "track-question": "要求",
    "track-indicators": "指标",
    "condition-text": "内容",
    "condition-hard": "必须满足",
    "condition-proof": "检验方法",
    "paper-title": "名称",
    "paper-required": "必交",
    "criterion-title": "名称",
    "criterion-weight": "权重",
    "criterion-minimum": "最低分",
}
NAMES: Final[Mapping[str, str]] = {
    "title": "名称",
    "summary": "摘要",
    "background": "背景",
    "bidders": "谁可以申报",
    "scoring": "评分办法",
    "recusal": "回避规则",
    "funds_amount": "资金总额",
    "funds_source": "资金来源",
    "asks_price": "需要报价",
    "price_ceiling": "最高限价",
    "ownership": "成果归属",
    "terms": "其他约定",
    "contact_name": "咨询联系人",
    "contact_phone": "咨询电话",
    "contact_email": "咨询邮箱",
    "objection_name": "异议受理人",
    "objection_phone": "异议受理电话",
    "objection_email": "异议受理邮箱",
    "publish_at": "发布时间",
    "deadline": "截止时间",
}
TICKS: Final[Mapping[str, str]] = {"hard": "text", "required": "title"}
"""Ticks of rows, each with the field that stands beside it: an unticked box sends nothing by itself."""
DONE: Final[Mapping[str, str]] = {
    "begun": "已建立草稿。边写边保存，旁边列出还缺什么。",
    "again": "已按原公告建立新的草稿，请重新排定时间。",
    "saved": "已保存。可以继续写，也可以关掉页面以后再来。",
    "chosen": "已选定。没有选用的写法留在修改记录里。",
    "dropped": "已删去这一条。",
    "back": "公告已退回起草，已有的批准作废。",
    "addendum": "已从现行公告建立补遗草稿，改动以后到“核对补遗”发布。",
}


def fields(form: FormData) -> dict[str, str]:
    """Every field that a whole form has sent. Rows that the page did not show are not touched; an unticked box is ""."""
    given = {name: _words(form, name) for name in FIELDS if name in form}
    for name in FIELDS - given.keys():
        kind, _, rest = name.partition("-")
        row, _, part = rest.partition("-")
        is_shown = part in TICKS and f"{kind}-{row}-{TICKS[part]}" in form
        if is_shown or (name == "asks_price" and "funds_source" in form):
            given[name] = ""
    return given


def changed(form: FormData) -> dict[str, str]:
    """The fields that a form saving itself has changed."""
    return {name: "".join(values[-1:]) for name, values in typed.changed(form).items() if name in FIELDS}


def page_of(form: FormData) -> str:
    """The open page that a form was sent from."""
    given = form.get(PAGE, "")
    if not isinstance(given, str) or len(given) > MAX_PAGE:
        raise Invalid("页面已经过期，请刷新后再保存。", code="bad_page")
    return given


def shown_rows(body: Mapping[str, str], kind: str, *, more: str = "", others: Collection[str] = ()) -> list[int]:
    """The rows of a kind that a page shows: those that hold something, one that was asked for, at least one.

    `others` are names of fields that must be seen (clashes), `more` is "kind-number".
    """
    written = set(notice_forms.rows(body, kind))
    wanted = set(written)
    for name in (more, *others):
        of_kind, _, rest = name.partition("-")
        number = notice_forms.whole(rest.partition("-")[0])
        if of_kind == kind and number is not None and 1 <= number <= ROWS[kind][0]:
            # Below rows that are all still empty, the one that was asked for must be seen to be one more.
            wanted |= {number} if written else set(range(1, number + 1))
    return sorted(wanted) or [1]


def next_row(shown: Sequence[int], kind: str) -> int:
    """The number of a row that is added; keys stay with their rows, so the next free one after the last is taken first."""
    most = ROWS[kind][0]
    after = max(shown) + 1
    return after if after <= most else next((row for row in range(1, most + 1) if row not in shown), most)


def rows_of(form: FormData, kind: str) -> list[int]:
    """The rows of a kind that a form has shown."""
    first = ROWS[kind][1][0]
    return [row for row in range(1, ROWS[kind][0] + 1) if f"{kind}-{row}-{first}" in form] or [0]


def emptied(kind: str, row: str) -> dict[str, str]:
    """A row without words: a row that holds nothing is none."""
    names = {f"{kind}-{row}-{part}" for part in ROWS.get(kind, (0, ()))[1]}
    return dict.fromkeys(names & FIELDS, "")


def name_of(field: str) -> str:
    """What the form calls one of its fields."""
    kind, _, rest = field.partition("-")
    row, _, part = rest.partition("-")
    if kind in KINDS:
        return f"{KINDS[kind]} {row} 的{PARTS.get(f'{kind}-{part}', part)}"
    return NAMES.get(field, field)


def value_of(field: str, words: str) -> str:
    """What a field's value is called on a page."""
    if field == "asks_price" or field.endswith(("-hard", "-required")):
        return "是" if words == "yes" else "否"
    return words.replace("T", " ") if field in {"publish_at", "deadline"} else words


def _words(form: FormData, name: str) -> str:
    return "".join(value for value in form.getlist(name)[-1:] if isinstance(value, str))
