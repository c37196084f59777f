"""The attachments of a bid for the experts who judge it: what they are called, who may take them, without their makers' names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any, Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.rounds import facts
from marketplace.rounds.bid_tables import BidOpening
from marketplace.rounds.checking import attachments, bids
from marketplace.rounds.checking.attachments import Found, Plain
from marketplace.rounds.panels import recusals
from marketplace.rounds.reviewing import sheets
from marketplace.rounds.seal_tables import RoundSeal

UNKNOWN: Final = "这份申报没有这个附件。"
_SUFFIXES: Final = frozenset({".pdf", ".docx", ".xlsx", ".pptx", ".png", ".jpg", ".jpeg", ".zip", ".mp4", ".age"})
_OPAQUE: Final = frozenset({".zip", ".mp4", ".age"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as an expert sees it, by its number in the bid. `is_opaque`: what names it holds inside is not taken out."""

    number: int
    name: str
    paper: str
    size_bytes: int
    is_opaque: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that an expert may take: where it lies, what it is called, whether its maker's name is to be taken out."""

    bid_id: str
    found: Found
    name: str
    hides: bool


def labels_of(session: Session, bid_id: str) -> list[Mapping[str, Any]]:
    """The labels of a bid's files in their order: what was handed in, then what was handed in later to put it right."""
    later = (file for one in bids.corrections_of(session, bid_id) for file in one.files)
    opening = session.get_one(BidOpening, bid_id)
    return [*(opening.attachments or ()), *({**one, "kind": "补正材料"} for one in later)]


def listed(labels: Sequence[Mapping[str, Any]], *, hides: bool) -> tuple[Attachment, ...]:
    """The files of an opened bid in their order; by what they are where names are hidden, else as their bidder called them."""
    return tuple(
        Attachment(
            number=number,
            name=_shown(number, one) if hides else one["name"],
            paper=one["kind"],
            size_bytes=one["size_bytes"],
            is_opaque=hides and _suffix(one["name"]) in _OPAQUE,
        )
        for number, one in enumerate(labels, start=1)
    )


def find(session: Session, actor: Actor, sheet_id: str, number: int) -> Wanted:
    """A file of the bid that one's own sheet judges, while the sheet is open to one and the result is not final.

    NotFound for everybody else and where there is no such file, NotAllowed once the sheet is closed to its expert.
    """
    sheet, _, row = sheets.own(session, actor, sheet_id)
    if row.state not in recusals.LATE_IN:
        raise Conflict("评审已经结束，申报附件不再提供。", code="review_over")
    labels, seal = labels_of(session, sheet.bid_id), session.get_one(RoundSeal, row.id)
    if not 1 <= number <= len(labels) or seal.identity is None:
        raise NotFound(UNKNOWN, code="file_missing")
    one = labels[number - 1]
    hides = facts.procedure_of(row).judging.hides_bidders
    return Wanted(
        bid_id=sheet.bid_id,
        found=Found(one["name"], one["digest"], one["sealed_digest"], seal.identity),
        name=listed(labels, hides=hides)[number - 1].name,
        hides=hides,
    )


def named(wanted: Wanted, plain: Plain) -> str:
    """What a file that was opened is called: its own name, or what it is; without the ending of a layer taken off."""
    if not wanted.hides:
        return plain.name
    return wanted.name if plain.is_locked else wanted.name.removesuffix(".age")


def note_reading(session: Session, actor: Actor, wanted: Wanted, *, now: datetime) -> None:
    """Write down that an expert took a file of a bid."""
    attachments.note_reading(session, actor, wanted.bid_id, wanted.found, now=now)


def _shown(number: int, label: Mapping[str, Any]) -> str:
    # The second ending counts as well: 方案.pdf.age is a file that its bidder encrypted once more.
    name = label["name"]
    suffix = _suffix(name)
    inner = _suffix(PurePath(name).stem) if suffix == ".age" else ""
    return f"附件{number}（{label['kind']}）{inner}{suffix}"


def _suffix(name: str) -> str:
    found = PurePath(name).suffix.lower()
    return found if found in _SUFFIXES else ""
