"""The outbox: mails written in the transaction that causes them, and sent after it.

`put` writes a mail and asks for the job that sends it; the job calls `to_send`, speaks to the mail server outside of
any transaction, and then `note_sent` or `note_failed`. A mail may arrive twice (a process can die between the
server's yes and our note of it), always under one and the same Message-ID; it is never lost.

Secrets (reset links, invitations) are kept only until they are sent. Where the installation sends no mail
(`session.info["sends_mail"]`), they are not written down at all.

A private mail is a secret of which the administrator does not even see to whom it goes (who bids on a round is nobody's
business before the opening): it stands in no list and no count. Where nothing is sent there is no trace of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from marketplace.kernel import jobs
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.outbox_tables import OutboxMail, OutboxTry
from marketplace.kernel.words import MailState

JOB = "send_mail"
MAX_TRIES = 8
MAX_SUBJECT = 200
MAX_ERROR = 500
PAGE = 50
UNKNOWN = "没有这封邮件。"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as its sender needs it; `link` is an address within the site, to be put after the text."""

    id: str
    to: str
    subject: str
    text: str
    link: str
    put_at: datetime


@dataclass(frozen=True, slots=True)
class Try:
    """One try to send; `error` "" where the server took the mail."""

    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail as the administrator sees it; of a secret one neither the text nor the link."""

    id: str
    to: str
    subject: str
    text: str | None
    link: str
    is_secret: bool
    state: MailState
    put_at: datetime
    sent_at: datetime | None
    tries: tuple[Try, ...]
    last_error: str


def sends_mail(session: Session) -> bool:
    """Whether this installation has a mail server."""
    return bool(session.info.get("sends_mail", False))


def put(
    session: Session,
    *,
    to: str,
    subject: str,
    text: str,
    now: datetime,
    new_id: Callable[[], str],
    secret: bool = False,
    private: bool = False,
    link: str = "",
) -> bool:
    """Write a mail to somebody; says whether it will be sent by itself.

    `link` is an address within the site ("/reset/new?token=…") that stands after the text. Where nothing is sent,
    the administrator reads a plain mail in the outbox and passes it on; a secret one is told to nobody, and of a
    private one nobody learns: whoever is to be told reads it in the product.
    """
    sends, secret = sends_mail(session), secret or private
    if private and not sends:
        return False
    state = MailState.WAITING if sends else MailState.WITHHELD if secret else MailState.KEPT
    is_kept = sends or not secret
    mail = OutboxMail(
        id=new_id(),
        recipient=to,
        subject=" ".join(subject.split())[:MAX_SUBJECT],
        text=text if is_kept else None,
        link=link if is_kept else "",
        is_secret=secret,
        is_private=private,
        state=state,
        put_at=now,
    )
    session.add(mail)
    session.flush()
    if sends:
        _ask(session, mail.id, now, new_id)
    return sends


def to_send(session: Session, mail_id: str) -> Mail | None:
    """The mail that a job is to send, or None where it is no longer waiting."""
    row = session.get(OutboxMail, mail_id)
    if row is None or row.state is not MailState.WAITING or row.text is None:
        return None
    return Mail(row.id, row.recipient, row.subject, row.text, row.link, row.put_at)


def note_sent(session: Session, mail_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Remember that the mail server took a mail; a secret one is forgotten now."""
    row = _row(session, mail_id)
    if row.state is not MailState.WAITING:
        return
    _try(session, row, now, new_id, None)
    row.sent_at, row.last_error = now, None
    _leave(row, MailState.SENT)
    session.add(row)


def note_failed(
    session: Session, mail_id: str, *, error: str, is_final: bool, now: datetime, new_id: Callable[[], str]
) -> None:
    """Remember that a mail was not taken: it is tried again later, unless that is of no use or was done often enough."""
    row = _row(session, mail_id)
    if row.state is not MailState.WAITING:
        return
    _try(session, row, now, new_id, error[:MAX_ERROR])
    row.last_error = error[:MAX_ERROR]
    if is_final or row.tries >= MAX_TRIES:
        _leave(row, MailState.FAILED)
    else:
        _ask(session, row.id, now, new_id, run_at=now + jobs.wait_before(row.tries))
    session.add(row)


def note_unsendable(session: Session, mail_id: str) -> None:
    """Remember that there is no mail server any more: the mail is kept for the administrator, a secret one erased."""
    row = _row(session, mail_id)
    if row.state is MailState.WAITING:
        _leave(row, MailState.WITHHELD if row.is_secret else MailState.KEPT)
        session.add(row)


def resend(session: Session, mail_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Send a mail again that was kept, failed or even sent. Raises Conflict for a secret or without a mail server."""
    row = _row(session, mail_id)
    if row.is_secret:
        raise Conflict("这封邮件含个人凭据，不能重发。请本人重新申请。", code="mail_is_secret")
    if not sends_mail(session):
        raise Conflict(
            "本平台没有设置邮件服务器，无法发送。请按内容转告收件人，再标记“已转告”。", code="no_mail_server"
        )
    if row.state is MailState.WAITING:
        raise Conflict("这封邮件正在等待发送，不用重发。", code="mail_waiting")
    row.state, row.sent_at = MailState.WAITING, None
    session.add(row)
    _ask(session, row.id, now, new_id)


def mark_passed_on(session: Session, mail_id: str) -> None:
    """Remember that the administrator told the recipient by other means."""
    row = _row(session, mail_id)
    if row.state not in {MailState.KEPT, MailState.FAILED} or row.is_secret:
        raise Conflict("只有未发出的普通邮件可以标记为“已转告”。", code="mail_not_kept")
    _leave(row, MailState.PASSED_ON)
    session.add(row)


def forget(session: Session, recipient: str) -> None:
    """Delete what was ever to be sent to somebody whose data is erased."""
    mails = select(OutboxMail.id).where(OutboxMail.recipient == recipient)
    session.execute(delete(OutboxTry).where(col(OutboxTry.mail_id).in_(mails)))
    session.execute(delete(OutboxMail).where(col(OutboxMail.recipient) == recipient))


def get(session: Session, mail_id: str) -> MailView:
    """One mail with its tries."""
    row = session.get(OutboxMail, mail_id)
    if row is None or row.is_private:
        raise NotFound(UNKNOWN)
    return _view(row, _tries(session, mail_id))


def page(session: Session, *, state: MailState | None, number: int, size: int = PAGE) -> tuple[list[MailView], int]:
    """A page of mails, newest first, without their tries; and how many there are in all."""
    listed = col(OutboxMail.is_private).is_(False)
    query, total = select(OutboxMail).where(listed), select(func.count()).select_from(OutboxMail).where(listed)
    if state is not None:
        query, total = query.where(OutboxMail.state == state), total.where(OutboxMail.state == state)
    ordered = query.order_by(col(OutboxMail.put_at).desc(), col(OutboxMail.id))
    rows = session.exec(ordered.offset((number - 1) * size).limit(size))
    return [_view(row, ()) for row in rows], session.exec(total).one()


def counts(session: Session) -> dict[MailState, int]:
    """How many mails stand where."""
    listed = select(OutboxMail.state, func.count()).where(col(OutboxMail.is_private).is_(False))
    counted = session.exec(listed.group_by(col(OutboxMail.state)))
    return {MailState(state): number for state, number in counted}


def _view(row: OutboxMail, tries: tuple[Try, ...]) -> MailView:
    return MailView(
        id=row.id,
        to=row.recipient,
        subject=row.subject,
        text=None if row.is_secret else row.text,
        link="" if row.is_secret else row.link,
        is_secret=row.is_secret,
        state=row.state,
        put_at=row.put_at,
        sent_at=row.sent_at,
        tries=tries,
        last_error=row.last_error or "",
    )


def _tries(session: Session, mail_id: str) -> tuple[Try, ...]:
    rows = session.exec(select(OutboxTry).where(OutboxTry.mail_id == mail_id).order_by(col(OutboxTry.number)))
    return tuple(Try(row.at, row.error or "") for row in rows)


def _leave(row: OutboxMail, state: MailState) -> None:
    row.state = state
    if row.is_secret:
        row.text, row.link = None, ""


def _try(session: Session, row: OutboxMail, now: datetime, new_id: Callable[[], str], error: str | None) -> None:
    row.tries += 1
    session.add(OutboxTry(id=new_id(), mail_id=row.id, number=row.tries, at=now, error=error))


def _ask(
    session: Session, mail_id: str, now: datetime, new_id: Callable[[], str], *, run_at: datetime | None = None
) -> None:
    jobs.put(session, kind=JOB, payload={"mail_id": mail_id}, now=now, new_id=new_id, run_at=run_at)


def _row(session: Session, mail_id: str) -> OutboxMail:
    row = session.exec(select(OutboxMail).where(OutboxMail.id == mail_id).with_for_update()).first()
    if row is None:
        raise NotFound(UNKNOWN)
    return row
