"""When two spellings mean one region."""

import re

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
