"""Unmasking the contacts of a file on its way in, for a stated purpose, with an entry in the intake's chain.

Who runs the lists of its region reads them anyway; its supervisors ask. What is shown is shown for some minutes.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor, may, may_run_lists
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.errors import NotAllowed
from marketplace.lists import unmasking
from marketplace.lists.intakes import pages
from marketplace.lists.intakes.views import RowContact
from marketplace.lists.tables import Intake


@dataclass(frozen=True, slots=True)
class ShownRows:
    """The contacts of an intake's rows, with what was stated for them."""

    rows: tuple[RowContact, ...]
    ground: str
    purpose: str


def called(session: Session, actor: Actor, intake_id: str) -> str:
    """The name of an intake whose contacts the actor may ask to see; NotFound or NotAllowed."""
    return _askable(session, actor, intake_id).name


def reveal(session: Session, actor: Actor, intake_id: str, *, ground: str, purpose: str, now: datetime) -> None:
    """Write down who asks to see the contacts of an intake, on what ground and for what; `shown_lately` shows them.

    Raises NotFound where the actor may not know of it, NotAllowed where it may not ask, Invalid where the ground or
    the purpose is missing.
    """
    intake = _askable(session, actor, intake_id)
    chosen, stated = unmasking.require_purpose(ground, purpose)
    audit.write(
        session,
        aggregate="intake",
        aggregate_id=intake.id,
        action=unmasking.REVEALED_IN_INTAKE,
        actor_id=actor.account_id,
        payload={"ground": chosen.value, "purpose": stated},
        now=now,
    )


def shown_lately(session: Session, actor: Actor, intake_id: str, *, now: datetime) -> ShownRows | None:
    """The contacts that the actor asked for within the last minutes; None where it did not, or may not any more."""
    intake = pages.visible(actor, session.get(Intake, intake_id))
    if not _may(actor, intake):
        return None
    found = unmasking.stated_lately(session, actor, "intake", intake.id, unmasking.REVEALED_IN_INTAKE, now=now)
    if not found:
        return None
    rows = tuple(
        RowContact(draft.where, draft.title, draft.contact_name, draft.contact_phone, draft.contact_email)
        for draft in pages.stored_reading(session, intake.id).drafts
        if draft.contact_name or draft.contact_phone or draft.contact_email
    )
    return ShownRows(rows, str(found[0]["ground"]), str(found[0].get("purpose", "")))


def may_read_original(session: Session, actor: Actor, intake_id: str, *, now: datetime) -> bool:
    """Whether the actor may have the file itself, contacts and all: it runs the list, or asked within minutes."""
    intake = pages.visible(actor, session.get(Intake, intake_id))
    return may_run_lists(actor, region=intake.region) or shown_lately(session, actor, intake_id, now=now) is not None


def _askable(session: Session, actor: Actor, intake_id: str) -> Intake:
    intake = pages.visible(actor, session.get(Intake, intake_id))
    if not _may(actor, intake):
        message = "只有这次导入所在地区的主办方和监督人员可以登记查看联系方式。"
        raise NotAllowed(message, code="may_not_unmask")
    return intake


def _may(actor: Actor, intake: Intake) -> bool:
    return may_run_lists(actor, region=intake.region) or may(actor, Role.SUPERVISOR, region=intake.region)
