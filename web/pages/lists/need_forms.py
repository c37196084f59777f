"""The form of a need between the browser and the marketplace: what was sent, and what the pages show of it."""

from collections.abc import Iterator, Mapping
from typing import Final

from markupsafe import Markup
from starlette.datastructures import FormData

from ingest.fields import Draft, NeedType
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel.errors import Invalid, NotAllowed
from marketplace.lists.needs.draft_views import DraftPage
from marketplace.lists.rules import need_forms
from marketplace.lists.rules.masks import mask_contact, mask_text
from marketplace.lists.views import ItemRecord
from web.pages import typed, wording
from web.pages.wording import FIELDS as FIELD_NAMES

PAGE: Final = "_page"
MAX_PAGE: Final = 16
TYPES: Final = (
    (NeedType.TRIAL.value, "场景验证", "您有场地、业务或数据，想请人来试一试新办法；列入场景项目清单"),
    (NeedType.PURCHASE.value, "采购需求", "您要买一样产品或服务，说得清要什么；列入需求清单"),
    (NeedType.RESEARCH.value, "技术攻关", "您有一个还没有现成答案的难题，要请人来攻；列入需求清单"),
)
DONE: Final[Mapping[str, str]] = {
    "saved": "已保存。可以继续写，也可以关掉页面以后再来。",
    "chosen": "已选定。没有选用的写法留在修改记录里。",
    "merged": "清单出了新一期，已把它的变化并入您的修改，请核对。",
    "discarded": "草稿已放弃。",
    "published": "已发布。接下来系统会持续为它匹配 OPC，有人联系时会告诉您。",
    "amended": "修改已发布，旧的版本仍可在“历次变化”里查到。",
    "paused": "已暂停。它不再出现在清单和匹配里，随时可以恢复。",
    "resumed": "已恢复公开。",
    "closed": "已关闭，结果已登记。",
    "kept": "已收藏，在“收藏”里查看。",
    "teamed": "已请这几家组队，各家都会收到提醒；他们的回应在“对接”里查看。",
    "decided": "已选定，页面按您的选择显示。",
}


def unit_of(actor: Actor) -> str:
    """The unit for which somebody posts needs now; NotAllowed where it is none."""
    if actor.organisation_id is None or Role.ENTERPRISE not in actor.roles:
        message = "这里是需求单位的工作台。请先切换到要代表的单位；还没有单位的，请先登记单位并开通发布需求。"
        raise NotAllowed(message, code="no_unit")
    return actor.organisation_id


def fields(form: FormData) -> dict[str, str]:
    """Every field of the form as typed; the points are lines, what is not ticked is empty."""
    return {name: _joined([one for one in form.getlist(name) if isinstance(one, str)]) for name in need_forms.FIELDS}


def changed(form: FormData) -> dict[str, str]:
    """The fields that a form saving itself has changed."""
    return {name: _joined(values) for name, values in typed.changed(form).items() if name in need_forms.FIELDS}


def _joined(values: list[str]) -> str:
    return "\n".join(value for value in values if value.strip()) if len(values) > 1 else "".join(values)


def page_of(form: FormData) -> str:
    """The open page that a form was sent from."""
    given = form.get(PAGE, "")
    if not isinstance(given, str) or len(given) > MAX_PAGE:
        raise Invalid("页面已经过期，请刷新后再保存。", code="bad_page")
    return given


def record(draft_id: str, draft: Draft) -> ItemRecord | None:
    """What matching would read of a draft, were it published now; None while there is nothing to match."""
    if not draft.title and not draft.description and not draft.requirements:
        return None
    return ItemRecord(
        id=draft_id,
        title=mask_text(draft.title),
        description=mask_text(draft.description or ""),
        requirements=tuple(map(mask_text, draft.requirements)),
        list_kind=draft.list_kind.value,
        sector=draft.sector,
        region=draft.region,
        budget_min=draft.budget_min,
        budget_max=draft.budget_max,
        period_start=draft.period_start,
        period_end=draft.period_end,
        duration_months=draft.duration_months,
        issuer=None,
        issuer_type=draft.issuer_type.value if draft.issuer_type else None,
    )


def name_of(field: str) -> str:
    """What the form calls one of its fields."""
    if field.endswith("_unit"):
        return name_of(field.removesuffix("_unit")) + "的单位"
    return need_forms.NAMES.get(field, "匿名发布" if field == "anonymous" else FIELD_NAMES.get(field, field))


def value_of(field: str, words: str) -> str:
    """What a field's value is called on a page."""
    if field.endswith("_unit"):
        return {"wan": "万元", "yuan": "元"}.get(words, words)
    return {"yes": "是"}.get(words, words) if field in {"anonymous", "budget_negotiable"} else words


def public(page: DraftPage) -> tuple[tuple[str, str | None, str, str], ...]:
    """Everything that publishing makes public, as it will look: what it is called, what it says, where to amend it."""
    said, nameless = page.stated, page.body["anonymous"] == need_forms.YES
    issuer_type = None if nameless or said.issuer_type is None else wording.ISSUER_TYPES[said.issuer_type]
    points = "\n".join(f"{number}. {point}" for number, point in enumerate(said.requirements, start=1))
    hidden = "匿名发布，不公开"
    contacts = tuple(
        (need_forms.NAMES[name], hidden if nameless else mask_contact(getattr(said, name)), name)
        for name in ("contact_name", "contact_phone", "contact_email")
    )
    rows: tuple[tuple[str, str | None, str], ...] = (
        ("类型", said.need_type, "need_type"),
        ("名称", said.title, "title"),
        ("署名", said.issuer, "anonymous" if page.may_hide else ""),
        ("单位性质", issuer_type or (hidden if nameless else None), ""),
        ("行业领域", said.sector, "sector"),
        ("地区", said.region, "region"),
        ("说明", said.description, "situation"),
        ("要点", points, "requirements"),
        ("预算", wording.budget(said.budget_min, said.budget_max, said.budget_negotiable), "budget_max"),
        ("完成期限", wording.period(said.period_start, said.period_end, said.duration_months), "period_end"),
        *((wording.field(name), words, name if name in need_forms.EXTRAS else "") for name, words in _extras(said)),
        *contacts,
    )
    at = f"/needs/drafts/{page.id}"
    return tuple((name, _masked(value), f"{at}#{where}" if where else "", "修改") for name, value, where in rows)


def _extras(said: Draft) -> Iterator[tuple[str, str | None]]:
    yield from ((name, said.extras.get(name)) for name in need_forms.EXTRAS)
    yield from ((name, words) for name, words in said.extras.items() if name not in need_forms.EXTRAS)


def _masked(value: str | None) -> str | None:
    return value if value is None or isinstance(value, Markup) else mask_text(value)


def consequences(page: DraftPage, *, told: int = 0) -> dict[str, str]:
    """What publishing a draft does, whom it tells, and whether it can be undone."""
    name = page.stated.issuer or ""
    if page.item_id is None:
        where = "场景项目清单" if page.stated.need_type is NeedType.TRIAL else "需求清单"
        happens = f"以“{name}”的名义列入{where}，所有人都能看到，系统马上开始匹配 OPC。"
    else:
        happens = f"原页面换成修改后的内容，成为新的一版；上一版仍可查到。署名为“{name}”。"
    who = f"收藏了它或正在对接的 {told} 家会收到通知。" if told and page.changes else "不单独通知。"
    return {
        "happens": happens,
        "told": f"{who}联系电话和邮箱公开时隐去一部分，您同意对方的联系请求后才完整显示给对方。",
        "undo": "可以随时修改、暂停或关闭；公开过的版本会留存。",
    }
