"""Messages: what the product tells people, in the product and by mail at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, covers
from marketplace.accounts.message_tables import Message
from marketplace.accounts.tables import Account, Grant, Membership
from marketplace.accounts.words import Role
from marketplace.kernel import outbox
from marketplace.kernel.batches import batches
from marketplace.kernel.errors import NotFound

MAX_SUBJECT = 200
PAGE = 50


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as its reader sees it."""

    id: str
    subject: str
    text: str
    link: str
    put_at: datetime
    read_at: datetime | None


def tell(
    session: Session,
    *,
    account_ids: Sequence[str],
    subject: str,
    text: str,
    link: str = "",
    private: bool = False,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Tell each of some people, once each, by a message and a mail; disabled accounts are left out.

    The text holds no secret: the administrator may read it in the outbox, unless it is `private`, so that not even
    who was told shows. `link` is an address within the site.
    """
    for some in batches(list(dict.fromkeys(account_ids))):
        live = select(Account).where(col(Account.id).in_(some), col(Account.disabled_at).is_(None))
        for account in session.exec(live.order_by(col(Account.id))):
            session.add(
                Message(
                    id=new_id(),
                    account_id=account.id,
                    subject=" ".join(subject.split())[:MAX_SUBJECT],
                    text=text,
                    link=link,
                    put_at=now,
                )
            )
            outbox.put(
                session,
                to=account.email,
                subject=subject,
                text=text,
                link=link,
                private=private,
                now=now,
                new_id=new_id,
            )
    session.flush()


def tell_organisation(
    session: Session,
    organisation_id: str,
    *,
    subject: str,
    text: str,
    link: str = "",
    private: bool = False,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Tell every live member of an organisation."""
    members = session.exec(
        select(Membership.account_id).where(
            Membership.organisation_id == organisation_id, col(Membership.left_at).is_(None)
        )
    ).all()
    tell(session, account_ids=members, subject=subject, text=text, link=link, private=private, now=now, new_id=new_id)


def tell_organisers(
    session: Session,
    region: str,
    *,
    subject: str,
    text: str,
    link: str = "",
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Tell every organiser whose grant covers a region."""
    granted = session.exec(
        select(Grant.account_id, Grant.region)
        .where(Grant.role == Role.ORGANISER, col(Grant.withdrawn_at).is_(None))
        .order_by(col(Grant.id))
    )
    organisers = [account_id for account_id, where in granted if covers(where, region)]
    tell(session, account_ids=organisers, subject=subject, text=text, link=link, now=now, new_id=new_id)


def unread(session: Session, account_id: str) -> int:
    """How many messages somebody has not read yet."""
    query = select(func.count()).select_from(Message)
    return session.exec(query.where(Message.account_id == account_id, col(Message.read_at).is_(None))).one()


def inbox(session: Session, actor: Actor, *, number: int = 1, size: int = PAGE) -> tuple[list[MessageView], int]:
    """A page of the actor's messages, unread ones first and then the newest; and how many there are in all."""
    own = Message.account_id == actor.account_id
    ordered = (
        select(Message)
        .where(own)
        .order_by(col(Message.read_at).is_not(None), col(Message.put_at).desc(), col(Message.id))
    )
    rows = session.exec(ordered.offset((number - 1) * size).limit(size))
    total = session.exec(select(func.count()).select_from(Message).where(own)).one()
    return [_view(row) for row in rows], total


def read(session: Session, actor: Actor, message_id: str, *, now: datetime) -> MessageView:
    """Mark one of the actor's messages as read; NotFound for a foreign one."""
    row = session.get(Message, message_id)
    if row is None or row.account_id != actor.account_id:
        raise NotFound("没有这条消息，或它不是发给您的。")
    row.read_at = row.read_at or now
    session.add(row)
    session.flush()
    return _view(row)


def read_all(session: Session, actor: Actor, *, now: datetime) -> None:
    """Mark all of the actor's messages as read."""
    own = (col(Message.account_id) == actor.account_id, col(Message.read_at).is_(None))
    session.execute(update(Message).where(*own).values(read_at=now))


def _view(row: Message) -> MessageView:
    return MessageView(row.id, row.subject, row.text, row.link, row.put_at, row.read_at)
