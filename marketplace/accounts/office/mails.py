"""The outbox as administrators use it: look what was to be sent, send again, mark as told. Secrets stay unseen."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel import audit, outbox
from marketplace.kernel.errors import NotAllowed
from marketplace.kernel.outbox import MailView
from marketplace.kernel.words import MailState


def page(
    session: Session, actor: Actor, *, state: MailState | None, number: int
) -> tuple[list[MailView], int, dict[MailState, int]]:
    """A page of the outbox, how many mails match in all, and how many stand where."""
    _require_administrator(actor)
    cards, total = outbox.page(session, state=state, number=number)
    return cards, total, outbox.counts(session)


def get(session: Session, actor: Actor, mail_id: str) -> MailView:
    """One mail with its tries."""
    _require_administrator(actor)
    return outbox.get(session, mail_id)


def resend(session: Session, actor: Actor, mail_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Send a plain mail again."""
    _require_administrator(actor)
    outbox.resend(session, mail_id, now=now, new_id=new_id)
    _note(session, actor, mail_id, "mail.sent_again", now)


def mark_passed_on(session: Session, actor: Actor, mail_id: str, *, now: datetime) -> None:
    """Say that the recipient was told by other means."""
    _require_administrator(actor)
    outbox.mark_passed_on(session, mail_id)
    _note(session, actor, mail_id, "mail.passed_on", now)


def _require_administrator(actor: Actor) -> None:
    if Role.ADMINISTRATOR not in actor.roles:
        raise NotAllowed("发件箱只有管理员可以查看。", code="not_an_administrator")


def _note(session: Session, actor: Actor, mail_id: str, action: str, now: datetime) -> None:
    audit.write(
        session,
        aggregate="mail",
        aggregate_id=mail_id,
        action=action,
        actor_id=actor.account_id,
        payload={},
        now=now,
    )
