"""The notice of a round: what is asked, of whom, how it is judged, with which money, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from marketplace.kernel import canonical


@dataclass(frozen=True, slots=True)
class Track:
    """One question that bids answer (榜题); a round without tracks has one. `indicators` can be tested one by one."""

    key: str
    title: str
    question: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a bidder or a bid must fulfil; a hard one decides, and `proof` says how it is tested."""

    key: str
    text: str
    is_hard: bool
    proof: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that a bid holds."""

    key: str
    title: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is judged, its weight in a hundred, and the marks below which a bid cannot win; None: none."""

    title: str
    weight: int
    minimum: int | None


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to ask."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Everything a round says. Money in fen; `price_ceiling_fen` None: none is set or no price is asked."""

    title: str
    summary: str
    background: str
    tracks: tuple[Track, ...]
    bidders: str
    conditions: tuple[Condition, ...]
    papers: tuple[Paper, ...]
    criteria: tuple[Weighed, ...]
    scoring: str
    recusal: str
    funds_fen: int | None
    funds_source: str
    asks_price: bool
    price_ceiling_fen: int | None
    ownership: str
    terms: str
    contact: Person
    objections: Person
    publish_at: datetime
    deadline: datetime

    @property
    def digest(self) -> str:
        """SHA-256 of the notice's one spelling."""
        return canonical.digest(as_record(self))


def as_record(notice: Notice) -> dict[str, Any]:
    """Return a notice as JSON; `of_record` reads it back."""
    return {
        **{name: getattr(notice, name) for name in _PLAIN},
        "tracks": [
            {"key": t.key, "title": t.title, "question": t.question, "indicators": list(t.indicators)}
            for t in notice.tracks
        ],
        "conditions": [
            {"key": c.key, "text": c.text, "is_hard": c.is_hard, "proof": c.proof} for c in notice.conditions
        ],
        "papers": [{"key": p.key, "title": p.title, "is_required": p.is_required} for p in notice.papers],
        "criteria": [{"title": w.title, "weight": w.weight, "minimum": w.minimum} for w in notice.criteria],
        "contact": _person(notice.contact),
        "objections": _person(notice.objections),
        "publish_at": canonical.moment(notice.publish_at),
        "deadline": canonical.moment(notice.deadline),
    }


def of_record(record: Mapping[str, Any]) -> Notice:
    """Return the notice that `as_record` spelled."""
    return Notice(
        **{name: record[name] for name in _PLAIN},
        tracks=tuple(Track(**{**one, "indicators": tuple(one["indicators"])}) for one in record["tracks"]),
        conditions=tuple(Condition(**one) for one in record["conditions"]),
        papers=tuple(Paper(**one) for one in record["papers"]),
        criteria=tuple(Weighed(**one) for one in record["criteria"]),
        contact=Person(**record["contact"]),
        objections=Person(**record["objections"]),
        publish_at=datetime.fromisoformat(record["publish_at"]),
        deadline=datetime.fromisoformat(record["deadline"]),
    )


_PLAIN: Final = (
    *("title", "summary", "background", "bidders", "scoring", "recusal", "funds_fen", "funds_source"),
    *("asks_price", "price_ceiling_fen", "ownership", "terms"),
)


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "phone": person.phone, "email": person.email}
