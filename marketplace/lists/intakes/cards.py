"""Intakes in lists of many."""

from collections.abc import Sequence

from sqlmodel import Session

from marketplace.accounts import accounts
from marketplace.lists.intakes.views import IntakeCard
from marketplace.lists.tables import Intake


def of(session: Session, intakes: Sequence[Intake]) -> list[IntakeCard]:
    """The cards of intakes with the names of who opened and closed them."""
    ids = {intake.opened_by for intake in intakes} | {intake.closed_by for intake in intakes if intake.closed_by}
    names = accounts.names(session, ids)
    return [
        IntakeCard(
            id=intake.id,
            name=intake.name,
            region=intake.region,
            state=intake.state,
            version=intake.version,
            sound=intake.sound,
            refused=intake.refused,
            problems=intake.problems,
            opened_by=names.get(intake.opened_by, ""),
            opened_at=intake.opened_at,
            closed_by=names.get(intake.closed_by) if intake.closed_by else None,
            closed_at=intake.closed_at,
            edition_id=intake.edition_id,
            pages_done=intake.pages_done,
            pages_total=intake.pages_total,
            failure=intake.failure,
        )
        for intake in intakes
    ]
