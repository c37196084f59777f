"""Which of the three lists a table is: by the titles of sheet and file, then by its columns."""

import re
from collections.abc import Iterable, Sequence

from ingest.columns.headers import normalise
from ingest.fields import ListKind
from ingest.values.choices import list_kinds

_COLUMNS = (
    (
        re.compile(
            r"(能力|产品|解决方案|服务|方案|成果|技术)(名称|简介|描述|介绍)|典型案例|服务案例|成功案例|参考报价|服务商|供给(单位|方)|opc|核心能力|收费标准"
        ),
        ListKind.CAPABILITY,
    ),
    (
        re.compile(r"场景(名称|描述|简介|项目|机会|概述|内容|类别|业主|方|单位|地点)?(名称)?$|^应用场景"),
        ListKind.SCENARIO,
    ),
    (
        re.compile(r"需求(名称|简介|详情|描述|内容|标题|类型|单位|方)|榜题|榜单|发榜|揭榜|课题|难题|榜额|悬赏"),
        ListKind.DEMAND,
    ),
)


def decide(titles: Iterable[str], labels: Sequence[str]) -> ListKind | None:
    """The kind that the first telling title names, else the one that the columns name, else None.

    A title that names two kinds ("场景需求清单") is settled by the columns; where they are silent, a place that is
    opened makes it a scenario.
    """
    by_columns = _by_columns(labels)
    for title in titles:
        kinds = list_kinds(title)
        if len(kinds) == 1:
            return next(iter(kinds))
        if len(kinds) == 2:  # noqa: PLR2004 - all three is the name of the whole collection
            return _of_two(kinds, by_columns)
    return by_columns


def _of_two(kinds: frozenset[ListKind], by_columns: ListKind | None) -> ListKind | None:
    if by_columns in kinds:
        return by_columns
    return ListKind.SCENARIO if ListKind.SCENARIO in kinds else ListKind.DEMAND


def contradicting(labels: Sequence[str], chosen: ListKind) -> ListKind | None:
    """The kind that the columns name where none of them speaks for the chosen one, else None."""
    counts = _counts(labels)
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] and not counts[chosen] else None


def _by_columns(labels: Sequence[str]) -> ListKind | None:
    counts = _counts(labels)
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] else None


def _counts(labels: Sequence[str]) -> dict[ListKind, int]:
    words = [normalise(part) for label in labels for part in label.split("/")]
    return {kind: sum(bool(pattern.search(word)) for word in words) for pattern, kind in _COLUMNS}
