"""When two spellings mean one region."""

import re
from collections.abc import Sequence

from marketplace.kernel.errors import Invalid
from marketplace.kernel.text import folded

_DIVIDERS = re.compile(r"[/／\\>·,，、;；|\-—]")
_LEVELS = re.compile(r"特别行政区|自治区|自治州|自治县|省|市|区|县|盟|旗")


def region_key(region: str | None) -> str:
    """The key of a region: dividers and the words for levels do not count; "" is an unknown one."""
    return _LEVELS.sub("", _DIVIDERS.sub("", folded(region or "")))


def agree(one: str, other: str) -> bool:
    """Whether two region keys can mean one place: either is unknown, or one is within the other's spelling."""
    return not one or not other or one in other or other in one


def clean_path(region: str) -> str:
    """A region path as grants keep it: "福建省/临川市", without empty steps or outer dividers."""
    return "/".join(step.strip() for step in re.split(r"[/／]", region) if step.strip())


MAX_PATH = 120
_STEP = re.compile(r"[\u3400-\u9fff·]{2,20}")


def fault_in(path: str) -> str | None:
    """What is wrong with a typed region path, as a sentence, or None."""
    steps = clean_path(path).split("/")
    if not steps[0]:
        return "请选择省（自治区、直辖市），再填写市和区县。"
    if len(clean_path(path)) > MAX_PATH or any(not _STEP.fullmatch(step) for step in steps):
        return "地区只能用汉字填写，例如 福建省、临川市、澄江区。"
    return None


def may_be_one(stated: str, known: str) -> bool:
    """Whether a path that somebody states can be the place that a list wrote: unknown, or one within the other.

    A list often leaves the province out, and somebody the district: 福建省/临川市 can be a list's 临川市澄江区, and
    江苏省/盐城市 cannot.
    """
    if agree(region_key(stated), region_key(known)):
        return True
    steps, written = clean_path(stated).split("/"), "".join(clean_path(known).split("/"))
    tails = ["".join(steps[start:]) for start in range(len(steps))]
    return any(written.startswith(tail) or tail.startswith(written) for tail in tails)


_PROVINCE = r"(?:[\u3400-\u9fff]{2,8}?(?:省|自治区|特别行政区)|(?:北京|天津|上海|重庆)市)"
_WRITTEN = re.compile(
    rf"({_PROVINCE})([\u3400-\u9fff]{{2,12}}?(?:自治州|地区|盟|市))?([\u3400-\u9fff]{{2,14}}(?:自治县|县|区|市|旗))?"
)


def is_path(region: str) -> bool:
    """Whether a region is a path from its province down."""
    return re.fullmatch(_PROVINCE, clean_path(region).split("/")[0]) is not None


def meant(text: str, known: Sequence[str]) -> list[str]:
    """The known paths that a name can mean: the whole path or its last steps, dividers not counting."""
    written = _DIVIDERS.sub("", folded(text))
    found = [path for path in known if written in _tails(path)]
    return found or [path for path in known if region_key(written) in {region_key(tail) for tail in _tails(path)}]


def resolve(text: str, *, near: Sequence[str], known: Sequence[str]) -> str:
    """The path that a typed region means, first among the near ones; a new one where it is written from its province.

    Raises Invalid (`region`) for a name that nobody knows, and for one that means several; "" stays "".
    """
    path = clean_path(text)
    if not path or path in known:
        return path
    for some in (near, known):
        found = meant(path, some)
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(one.replace("/", "") for one in found[:6])
            raise _unclear(f"“{text.strip()}”可能是：{names}。请照其中一个写全。")
    written = _WRITTEN.fullmatch(_DIVIDERS.sub("", path))
    if written is None or fault_in(path):
        raise _unclear(f"平台上还没有“{text.strip()}”。请从省写起，例如 福建省临川市石岭县。")
    return path if "/" in path else "/".join(step for step in written.groups() if step)


def _tails(path: str) -> set[str]:
    steps = path.split("/")
    return {folded("".join(steps[start:])) for start in range(len(steps))}


def _unclear(message: str) -> Invalid:
    return Invalid(message, code="unclear_region", fields={"region": message})
