"""The form of a bid between the browser and the marketplace: what was sent, what its fields are called, what clashed."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.datastructures import FormData

from marketplace.rounds.bidding.drafts import Workspace
from marketplace.rounds.rules import bid_forms
from marketplace.rounds.rules.bid_copies import Copy
from marketplace.rounds.rules.bid_forms import PRICE
from marketplace.rounds.sealing import seals
from web.pages import typed

KEEP: Final = "keep-"
MINE: Final = "mine"
NO_SECRETS: Final = (
    "您填写的是私钥，没有保存：任何人拿到它都能打开您的文件。请改填以 age1 开头的公钥，并换一对新的密钥。"
)
_NAMES: Final[Mapping[str, str]] = {
    **{name: said for name, (said, _, _) in bid_forms.TEXTS.items()},
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "contact_email": "电子邮箱",
    "price_amount": "报价（万元）",
    "price_note": "报价说明",
    "own_key": "自留公钥",
}
_MET: Final = {"yes": "满足", "no": "不满足"}


def whole(form: FormData, page: Workspace) -> dict[str, str]:
    """Every field of the form that was sent whole; where both texts of a field were shown, the one that was chosen."""
    known = bid_forms.fields(page.notice, page.track)
    given = {name: value for name in known if isinstance(value := form.get(name), str)}
    kept = {name.removeprefix(KEEP): value for name, value in form.items() if name.startswith(KEEP)}
    return {name: page.body.get(name, "") if kept.get(name, MINE) != MINE else words for name, words in given.items()}


def changed(form: FormData) -> dict[str, str]:
    """The fields that a form saving itself has changed."""
    return {name: "".join(values) for name, values in typed.changed(form).items()}


def without_secrets(given: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What was sent without a secret key that somebody took for the public one, and what to say of it."""
    if seals.SECRET_PREFIX not in given.get("own_key", "").upper():
        return given, {}
    return {**given, "own_key": ""}, {"own_key": NO_SECRETS}


def name_of(field: str, page: Workspace) -> str:
    """What the form calls one of its fields."""
    kind, _, rest = field.partition("-")
    if kind == "indicator":
        return f"第 {rest} 项指标"
    if kind == "condition":
        key, _, part = rest.partition("-")
        number = next((at for at, one in enumerate(page.notice.conditions, start=1) if one.key == key), 0)
        return f"第 {number} 项条件：{'是否满足' if part == 'met' else '怎样满足'}"
    return _NAMES.get(field, field)


def value_of(field: str, words: str) -> str:
    """How a field's value is said on a page."""
    return _MET.get(words, words) if field.endswith("-met") else words


def both(mine: Mapping[str, str], page: Workspace) -> list[dict[str, str]]:
    """Where what was sent and what is kept differ, field by field, for `story.both`."""
    order = list(_ordered(page))
    rows = [name for name in order if name in mine and mine[name].strip() != page.body.get(name, "")]
    return [
        {
            "field": name,
            "label": name_of(name, page),
            "base": "",
            "mine": value_of(name, mine[name]),
            "theirs": value_of(name, page.body.get(name, "")),
        }
        for name in rows
    ]


def _ordered(page: Workspace) -> list[str]:
    known = bid_forms.fields(page.notice, page.track)
    asked = [f"condition-{one.key}-{part}" for one in page.notice.conditions for part in ("met", "answer")]
    indicators = [f"indicator-{number}" for number in range(1, len(page.track.indicators) + 1)]
    order = [*bid_forms.TEXTS, *indicators, *asked, *_NAMES]
    return [name for name in dict.fromkeys(order) if name in known]


def unread(faults: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The faults of what was just written; what is only missing is told beside the form."""
    return {name: told for name, told in faults.items() if given.get(name, "").strip()}


def sealed(page: Workspace, copy: Copy) -> dict[str, Any]:
    """What a draft will say once it is sealed, price apart, as the preview shows it."""
    said = bid_forms.answers(copy.fields, page.notice, page.track)
    titles = {one.key: one.title for one in page.notice.papers}
    return {
        "texts": [(_NAMES[name], words) for name, words in said["texts"].items() if words or name != "others"],
        "indicators": said["indicators"],
        "conditions": said["conditions"],
        "contact": [(_NAMES[f"contact_{part}"], words) for part, words in said["contact"].items()],
        "price": [
            (_NAMES[name], copy.fields.get(name, "")) for name in ("price_amount", "price_note") if name in PRICE
        ],
        "files": [(titles.get(one.paper, "其他材料"), one) for one in copy.files],
        "own_key": copy.fields.get("own_key", ""),
    }
