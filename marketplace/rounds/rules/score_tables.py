"""A score table: the sheets of a stage with what they are judged by, the ranking of each track, one spelling of both.

The record holds everything that the ranking follows from, so that whoever has it computes the ranking once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from marketplace.kernel import canonical
from marketplace.rounds.rules import scores
from marketplace.rounds.rules.scores import Method, Place, Sheet, UnscorableError, Weighed

FORMAT: Final = "jiebang-scores-1"


@dataclass(frozen=True, slots=True)
class Judged:
    """A bid of a table: its id, the code it is called by, its track."""

    bid: str
    code: str
    track: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a ranking follows from. Experts are called by aliases; `corrections` are told, and decide nothing.

    line       the score below which no bid can win
    least      how many sheets each bid needs
    finalists  how many of a track go on to the next stage; None: there is none
    """

    round_id: str
    title: str
    stage: str
    notice_digest: str
    method: Method
    line: int
    least: int
    finalists: int | None
    criteria: tuple[Weighed, ...]
    titles: Mapping[str, str]
    bids: tuple[Judged, ...]
    sheets: tuple[Sheet, ...]
    corrections: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A bid in the ranking of its track; `advances`: it goes on to the next stage."""

    track: str
    bid: str
    code: str
    place: Place
    advances: bool


def ranking(given: Inputs) -> tuple[Ranked, ...]:
    """Rank each track by itself. UnscorableError where the sheets do not allow the method, or are too few."""
    found: list[Ranked] = []
    for track in sorted({one.track for one in given.bids}):
        bids = {one.bid: one.code for one in given.bids if one.track == track}
        sheets = [one for one in given.sheets if one.bid in bids]
        if len({one.bid for one in sheets}) < len(bids):
            raise UnscorableError("有的申报一张有效评分表也没有，不能计算。")
        places = scores.ranking(scores.scores(sheets, given.criteria, least=given.least), given.method, line=given.line)
        last = _last_through(places, given.finalists)
        found += [
            Ranked(track, one.score.bid, bids[one.score.bid], one, advances=one.may_win and one.place <= last)
            for one in places
        ]
    return tuple(found)


def without(given: Inputs, bids: Iterable[str]) -> Inputs:
    """The same inputs as if some bids had never been there."""
    gone = set(bids)
    return Inputs(
        **{
            **{name: getattr(given, name) for name in Inputs.__slots__},
            "bids": tuple(one for one in given.bids if one.bid not in gone),
            "sheets": tuple(one for one in given.sheets if one.bid not in gone),
            "corrections": tuple(one for one in given.corrections if one["bid"] not in gone),
        }
    )


def as_record(given: Inputs, found: Sequence[Ranked]) -> dict[str, Any]:
    """A table as JSON: the inputs and the ranking that was found."""
    return {
        "format": FORMAT,
        "round": given.round_id,
        "title": given.title,
        "stage": given.stage,
        "notice": given.notice_digest,
        "method": given.method.value,
        "line": given.line,
        "least_sheets": given.least,
        "finalists": given.finalists,
        "criteria": [
            {"key": one.key, "title": given.titles[one.key], "most": one.weight, "minimum": one.minimum}
            for one in given.criteria
        ],
        "bids": [{"bid": one.bid, "code": one.code, "track": one.track} for one in given.bids],
        "sheets": [
            {"expert": one.expert, "bid": one.bid, "marks": {key: str(mark) for key, mark in one.marks.items()}}
            for one in given.sheets
        ],
        "corrections": [dict(one) for one in given.corrections],
        "ranking": [_said(one) for one in found],
    }


def of_record(record: Mapping[str, Any]) -> Inputs:
    """Read the inputs of a record. ValueError where it is none."""
    try:
        if record["format"] != FORMAT:
            raise ValueError(f"not a {FORMAT} record")
        return Inputs(
            round_id=record["round"],
            title=record["title"],
            stage=record["stage"],
            notice_digest=record["notice"],
            method=Method(record["method"]),
            line=int(record["line"]),
            least=int(record["least_sheets"]),
            finalists=record["finalists"],
            criteria=tuple(Weighed(one["key"], one["most"], one["minimum"]) for one in record["criteria"]),
            titles={one["key"]: one["title"] for one in record["criteria"]},
            bids=tuple(Judged(one["bid"], one["code"], one["track"]) for one in record["bids"]),
            sheets=tuple(
                Sheet(one["expert"], one["bid"], {key: Decimal(mark) for key, mark in one["marks"].items()})
                for one in record["sheets"]
            ),
            corrections=tuple(record["corrections"]),
        )
    except (KeyError, TypeError, InvalidOperation) as fault:
        raise ValueError(f"the record is not whole: {fault}") from fault


def digest(record: Mapping[str, Any]) -> str:
    """SHA-256 of a record's one spelling."""
    return canonical.digest(record)


def differences(record: Mapping[str, Any]) -> tuple[str, ...]:
    """What a record's ranking says otherwise than its own inputs do, as sentences; nothing: it is right.

    ValueError where it is no record, UnscorableError where its inputs allow no ranking.
    """
    again = [_said(one) for one in ranking(of_record(record))]
    stated = {one["bid"]: one for one in record["ranking"]}
    found = [f"排名里的申报与评分表不符：{one}。" for one in sorted(stated.keys() ^ {one["bid"] for one in again})]
    for one in again:
        told = stated.get(one["bid"], one)
        found += [
            f"{one['code']} 号申报的“{_FIELDS[name]}”应为 {one[name]}，文件写的是 {told.get(name)}。"
            for name in _FIELDS
            if told.get(name) != one[name]
        ]
    return tuple(found)


_FIELDS: Final = {
    "place": "名次",
    "score": "得分",
    "mean": "平均分",
    "trimmed": "去高去低分",
    "adjusted": "校正分",
    "sheets": "有效评分表",
    "spread": "分差",
    "below": "低于最低分的指标",
    "may_win": "能否入选",
    "advances": "能否进入下一环节",
}


def _said(one: Ranked) -> dict[str, Any]:
    score = one.place.score
    return {
        "track": one.track,
        "bid": one.bid,
        "code": one.code,
        "place": one.place.place,
        "score": str(one.place.shown),
        "mean": str(scores.rounded(score.mean)),
        "trimmed": _shown(score.trimmed),
        "adjusted": _shown(score.adjusted),
        "sheets": score.sheets,
        "spread": str(scores.rounded(score.spread)),
        "below": list(score.below),
        "may_win": one.place.may_win,
        "advances": one.advances,
    }


def _shown(score: Fraction | None) -> str | None:
    return None if score is None else str(scores.rounded(score))


def _last_through(places: Sequence[Place], finalists: int | None) -> int:
    """The last place that goes on; bids that share it all do."""
    winning = [one.place for one in places if one.may_win]
    if finalists is None or not winning:
        return 0
    return winning[min(finalists, len(winning)) - 1]
