"""How far dealings come: of the pairs that met in a period, how many were introduced, meant it, and signed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, or_
from sqlmodel import Session, col, select

from marketplace.dealings.tables import Dealing, DealingNote
from marketplace.dealings.words import Event, Stage

MEANT = (Stage.INTENT, Stage.CLAIMED, Stage.SIGNED)


class Step(StrEnum):
    """A step on the way of a pair; who reached a later one has passed those before."""

    BEGUN = "begun"
    INTRODUCED = "introduced"
    INTENT = "intent"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Reached:
    """How many pairs reached a step."""

    step: Step
    pairs: int


def funnel(session: Session, region: str, *, opens_at: datetime, closes_at: datetime) -> tuple[Reached, ...]:
    """The steps of the pairs that began in a period, for needs within a region ("" is everywhere).

    Introduced is a pair that an organiser brought together or that exchanged contacts. What ended since counts as
    far as it came; a signing counts once it is confirmed.
    """
    intended = select(DealingNote.dealing_id).where(DealingNote.event == Event.INTEND)
    signed = col(Dealing.stage) == Stage.SIGNED
    meant = or_(col(Dealing.stage).in_(MEANT), col(Dealing.id).in_(intended))
    introduced = or_(col(Dealing.introduced_at).is_not(None), meant)
    row = session.exec(
        select(func.count(), _sum(introduced), _sum(meant), _sum(signed))
        .select_from(Dealing)
        .where(_in(region), col(Dealing.opened_at) >= opens_at, col(Dealing.opened_at) < closes_at)
    ).one()
    return tuple(Reached(step, int(pairs or 0)) for step, pairs in zip(Step, row, strict=True))


def _sum(reached: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((reached, 1), else_=0))


def _in(region: str) -> ColumnElement[bool]:
    here = col(Dealing.region)
    return or_(here == region, here.startswith(f"{region}/", autoescape=True)) if region else here.is_not(None)
