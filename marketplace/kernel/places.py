"""Regions as lists write them: which lies inside which, and which words name one at all."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func

_REGION = re.compile(r"(?!全|各|本|我|整个)[\u4e00-\u9fff/]+(?:省|市|(?<![景厂校院社小片库])区|县|镇|乡|街道|旗|盟|州)")


def plain(region: str) -> str:
    """A region without the dividers of a path: 福建省/临川市 is 福建省临川市."""
    return region.replace("/", "").strip()


def inside(region: str, wanted: str) -> bool:
    """Whether a region is another or lies inside it: 临川市澄江区 is inside 临川市, a bare 澄江区 is not."""
    return plain(region).startswith(plain(wanted))


def column_inside(column: Any, wanted: str) -> ColumnElement[bool]:
    """The same rule for a column; by letters and not by LIKE, which folds case on one database alone."""
    stem = plain(wanted)
    return func.substr(func.replace(column, "/", ""), 1, len(stem)) == stem


def is_region(words: str) -> bool:
    """Whether words name a region that can be offered as a filter; 全市 and 滨江路沿线 name none."""
    return _REGION.fullmatch(words.strip()) is not None


def counted(found: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """How many items lie inside each region that is named, most frequent first, from the counts of spellings."""
    spelled = [(plain(region), number) for region, number in found]
    offered = sorted({region for region, _number in spelled if is_region(region)})
    counts = [(one, sum(number for region, number in spelled if inside(region, one))) for one in offered]
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))
