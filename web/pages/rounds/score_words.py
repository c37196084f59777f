"""A frozen score table as its page shows it: ranking by track, sheets by alias, what a recomputation found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from marketplace.rounds.reviewing.opinions import Remark
from marketplace.rounds.reviewing.reading import Read
from marketplace.rounds.rules import score_tables, scores
from marketplace.rounds.rules.scores import Method, UnscorableError

METHODS: Final[Mapping[str, str]] = {
    Method.MEAN.value: "平均分",
    Method.TRIMMED.value: "去掉一个最高分和一个最低分后的平均分",
    Method.ADJUSTED.value: "按各专家宽严校正后的平均分",
}
COLUMNS: Final[Mapping[str, str]] = {
    Method.MEAN.value: "平均分",
    Method.TRIMMED.value: "去高去低分",
    Method.ADJUSTED.value: "校正分",
}
"""How each method is called at the head of its column, in the order in which they stand side by side."""


@dataclass(frozen=True, slots=True)
class Line:
    """A bid in the ranking of its track; `below` are the titles of criteria whose minimum it misses."""

    place: int
    bid: str
    code: str
    name: str
    scores: Mapping[str, str]
    sheets: int
    spread: str
    below: tuple[str, ...]
    may_win: bool
    advances: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """One expert's sheet for one bid: points by criterion in their order, and their sum."""

    expert: str
    marks: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A bid with its sheets and what the experts wrote: who, about which criterion ("" for the whole), what."""

    line: Line
    sheets: tuple[Marked, ...]
    comments: tuple[tuple[str, str, str], ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class TrackView:
    """The ranking of a track, and each of its bids with its sheets in the same order."""

    title: str
    ranking: tuple[Line, ...]
    bids: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as the page shows it."""

    criteria: tuple[tuple[str, int, int | None], ...]
    tracks: tuple[TrackView, ...]
    corrections: tuple[Mapping[str, str], ...]
    has_next: bool


def view(table: Read) -> TableView:
    """What a page says of a table."""
    record = table.record
    titles = {one["key"]: one["title"] for one in record["criteria"]}
    lines = [(one["track"], _line(one, table.names, titles)) for one in record["ranking"]]
    keys = dict.fromkeys(track for track, _ in lines)
    codes = {one["bid"]: one["code"] for one in record["bids"]}
    return TableView(
        criteria=tuple((one["title"], one["most"], one["minimum"]) for one in record["criteria"]),
        tracks=tuple(_track(key, [one for at, one in lines if at == key], table) for key in keys),
        corrections=tuple(
            {**one, "code": codes.get(one["bid"], ""), "title": titles.get(one["criterion"], "")}
            for one in record["corrections"]
        ),
        has_next=record["finalists"] is not None,
    )


def recomputed(record: Mapping[str, Any]) -> tuple[str, ...]:
    """What a record says otherwise than its own sheets do, as sentences; nothing: it is right."""
    try:
        return score_tables.differences(record)
    except UnscorableError as refusal:
        return (str(refusal),)
    except ValueError:
        return ("这份记录不完整，不能重新计算。",)


def _track(key: str, lines: Sequence[Line], table: Read) -> TrackView:
    return TrackView(
        title=table.tracks.get(key, ""),
        ranking=tuple(lines),
        bids=tuple(_judged(one, table) for one in lines),
    )


def _judged(line: Line, table: Read) -> Judged:
    titles = {one["key"]: one["title"] for one in table.record["criteria"]}
    found = table.opinions.get(line.bid)
    return Judged(
        line=line,
        sheets=_sheets(line.bid, table.record),
        comments=()
        if found is None
        else tuple(
            (one.expert, titles.get(key, ""), one.said[key])
            for one in found.comments
            for key in (*titles, "all")
            if key in one.said
        ),
        remarks=() if found is None else found.remarks,
    )


def _line(one: Mapping[str, Any], names: Mapping[str, str], titles: Mapping[str, str]) -> Line:
    return Line(
        place=one["place"],
        bid=one["bid"],
        code=one["code"],
        name=names.get(one["bid"], ""),
        scores={key: one[key] or "" for key in COLUMNS},
        sheets=one["sheets"],
        spread=one["spread"],
        below=tuple(titles[key] for key in one["below"]),
        may_win=one["may_win"],
        advances=one["advances"],
    )


def _sheets(bid: str, record: Mapping[str, Any]) -> tuple[Marked, ...]:
    given = score_tables.of_record(record)
    keys = [one.key for one in given.criteria]
    own = sorted((one for one in given.sheets if one.bid == bid), key=lambda one: (len(one.expert), one.expert))
    return tuple(
        Marked(
            expert=one.expert,
            marks=tuple(str(one.marks[key]) for key in keys),
            total=str(scores.rounded(scores.total(one, given.criteria))),
        )
        for one in own
    )
