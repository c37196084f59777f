"""The rows of a file on its way in, and the published needs to compare them with."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from ingest.fields import Draft, ListKind
from marketplace.accounts.actors import Actor
from marketplace.lists.intakes import pages
from marketplace.lists.intakes.views import IntakePage
from marketplace.lists.repeats import findings
from marketplace.lists.rules import intake_masks
from marketplace.lists.rules import publishing as rules
from marketplace.lists.words import IntakeState


@dataclass(frozen=True, slots=True)
class ToCompare:
    """An intake with its needs by key, contacts masked, and every published need of other series by id."""

    intake: IntakePage
    rows: Mapping[str, Draft]
    known: Mapping[str, Draft]


def to_compare(session: Session, actor: Actor, intake_id: str, *, series_id: str | None) -> ToCompare:
    """What of an open intake is to be compared with what; `series_id` is the series that it would continue.

    How it differs from that series its preview says row by row. Of one that is published or discarded there is
    nothing to compare. NotFound for those who may not know of the intake.
    """
    page = pages.get(session, actor, intake_id)
    if page.card.state is not IntakeState.OPEN:
        return ToCompare(page, {}, {})
    columns = intake_masks.columns_of(page.reading)
    needs = [draft for draft in rules.sort(page.reading).sound if draft.list_kind is not ListKind.CAPABILITY]
    # The sign before the number is in no id, so that rows and published needs are told apart.
    rows = {
        f"-{number:05}": intake_masks.of_draft(draft, columns.get(draft.sheet, frozenset()))
        for number, draft in enumerate(needs)
    }
    return ToCompare(page, rows, findings.known(session, series_id=series_id) if rows else {})
