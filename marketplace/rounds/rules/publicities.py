"""What a publicity says: the proposed winners, the ranking as far as the procedure tells it, what is withheld and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from marketplace.kernel import canonical
from marketplace.rounds.outcome_words import Outcome

FORMAT: Final = "jiebang-publicity-1"


@dataclass(frozen=True, slots=True)
class Entry:
    """A bid as it may be published: its units, its place and score, what it becomes and why."""

    bid: str
    code: str
    track: str
    names: tuple[str, ...]
    place: int
    score: str
    outcome: Outcome
    order: int
    reason: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A winner of a publicity before that is none any more."""

    track: str
    names: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Published:
    """Everything that goes into a publicity. `experts` None: the procedure does not name them.

    `judged` counts the bids that were judged, by track; `dropped` are winners that are none any more, with the reason.
    """

    round_id: str
    title: str
    number: int
    starts_at: datetime
    ends_at: datetime
    length: str
    method: str
    entries: tuple[Entry, ...]
    tracks: Mapping[str, str]
    experts: tuple[str, ...] | None
    shows_scores: bool
    contact: Mapping[str, str]
    note: str
    scores_digest: str
    judged: Mapping[str, int]
    dropped: tuple[Dropped, ...] = ()


def as_record(given: Published) -> dict[str, Any]:
    """Return a publicity as JSON: what everybody reads."""
    shown = [one for one in given.entries if given.shows_scores or one.outcome is not Outcome.LEAVE_OUT]
    return {
        "format": FORMAT,
        "round": given.round_id,
        "title": given.title,
        "number": given.number,
        "starts_at": canonical.moment(given.starts_at),
        "ends_at": canonical.moment(given.ends_at),
        "length": given.length,
        "method": given.method,
        "tracks": [
            {
                "key": key,
                "title": title,
                "judged": given.judged[key],
                "entries": [_entry(one) for one in _ordered(shown) if one.track == key],
            }
            for key, title in given.tracks.items()
        ],
        "dropped": [{"track": one.track, "names": list(one.names), "reason": one.reason} for one in given.dropped],
        "experts": None if given.experts is None else list(given.experts),
        "withheld": list(withheld(given)),
        "contact": dict(given.contact),
        "note": given.note,
        "scores": given.scores_digest,
    }


def withheld(given: Published) -> tuple[str, ...]:
    """What a publicity leaves out, each with the reason, in words."""
    found = ["申报材料和各专家的评分表不公开：涉及申报单位的商业秘密；申报单位可以查看自己的得分和理由。"]
    if not given.shows_scores:
        found.append(
            "未入选申报的名称、名次和得分不公开：本程序类型只公布拟中选和候补；各申报单位已分别获知自己的结果。"
        )
    if given.experts is None:
        found.append("评审专家名单不公开：本程序类型不公布；监督部门可以查阅。")
    return tuple(found)


def digest(record: Mapping[str, Any]) -> str:
    """SHA-256 of a publicity's one spelling."""
    return canonical.digest(record)


def _ordered(entries: Sequence[Entry]) -> list[Entry]:
    rank = list(Outcome)
    return sorted(entries, key=lambda one: (one.track, rank.index(one.outcome), one.order, one.place, one.code))


def _entry(one: Entry) -> dict[str, Any]:
    return {
        "bid": one.bid,
        "code": one.code,
        "names": list(one.names),
        "place": one.place,
        "score": one.score,
        "outcome": one.outcome.value,
        "order": one.order,
        "reason": one.reason,
    }
