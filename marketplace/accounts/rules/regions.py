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
