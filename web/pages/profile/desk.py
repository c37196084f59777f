"""What an OPC sees of its own profile while it works on it: what the matcher reads, what that answers, what lacks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor, acts_for, belongs_to, owns
from marketplace.accounts.views import OrganisationView
from marketplace.profiles import drafts, profiles
from marketplace.profiles.drafts import DraftPage
from marketplace.profiles.rules import completeness, visibility
from marketplace.profiles.rules import forms as rules
from marketplace.profiles.rules.completeness import Completeness
from marketplace.profiles.views import ProfileForm, ProfileRecord
from matching import corpus
from matching.statements import claims
from web.pages.matches import openings
from web.pages.matches.answers import Point
from web.pages.matches.openings import Openings

if TYPE_CHECKING:
    from web.dependencies import Desk

PREVIEWED: Final = 5
ADVISED: Final = 4


@dataclass(frozen=True, slots=True)
class Own:
    """The unit whose profile is worked on, and what the person may do there."""

    unit: OrganisationView
    actor: Actor

    @property
    def may_write(self) -> bool:
        """Whether the person writes for the unit (负责人 or 经办人)."""
        return acts_for(self.actor, self.unit.id)

    @property
    def may_delete(self) -> bool:
        """Whether the person decides over the unit (负责人)."""
        return owns(self.actor, self.unit.id)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One statement that the matcher quotes, and the field it stands in."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a form would do if it were published now; `advice` are points of near needs that it does not mention."""

    statements: tuple[StatementLine, ...]
    refusals: tuple[str, ...]
    openings: Openings
    advice: tuple[str, ...]
    hidden: tuple[str, ...]
    completeness: Completeness


def own(desk: "Desk") -> Own | None:
    """The unit offering work that the person acts for as one of its own, or None; visitors are sent to sign in."""
    actor = desk.require_actor()
    unit = desk.signed_in.organisation if desk.signed_in else None
    is_own = unit is not None and unit.offers_work and belongs_to(actor, unit.id)
    return Own(unit, actor) if unit is not None and is_own else None


async def draft(desk: "Desk", mine: Own) -> DraftPage:
    """The draft of the unit's profile."""
    return await desk.read(lambda session: drafts.get(session, mine.actor, mine.unit.id))


async def preview(desk: "Desk", page: DraftPage) -> Preview:
    """Read a draft as the matcher would, and ask what it answers."""
    record = await desk.read(lambda session: _record(session, page))
    found = await openings.of_record(desk, record, top=PREVIEWED)
    said = claims(corpus.profile(record)) if record else None
    return Preview(
        statements=tuple(StatementLine(one.text, one.source) for one in said.statements) if said else (),
        refusals=tuple(dict.fromkeys(said.refusals)) if said else (),
        openings=found,
        advice=_advice(row.answer.points for row in found.rows),
        hidden=_hidden(page.form),
        completeness=completeness.measure(page.form),
    )


def _record(session: Session, page: DraftPage) -> ProfileRecord | None:
    if not page.profile_id or not page.form.headline:
        return None
    return profiles.record_of(session, page.profile_id, rules.clean(page.form))


def _advice(points: Iterable[Iterable[Point]]) -> tuple[str, ...]:
    lacking = (point.requirement for each in points for point in each if point.statement is None)
    return tuple(dict.fromkeys(lacking))[:ADVISED]


def _hidden(form: ProfileForm) -> tuple[str, ...]:
    said = ProfileForm(headline=form.headline)
    return tuple(
        name
        for name in visibility.FIELDS
        if name != "evidence"
        and visibility.of_field(form, name) not in visibility.PUBLIC
        and getattr(form, name) != getattr(said, name)
    )
