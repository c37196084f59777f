"""Invitations: an owner asks the owner of an address into its organisation; the link is used once, by that address."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts, messages, organisations
from marketplace.accounts.actors import Actor, owns
from marketplace.accounts.joining import join_requests, memberships
from marketplace.accounts.joining.tables import Invitation
from marketplace.accounts.joining.views import InvitationView
from marketplace.accounts.rules.emails import require_email
from marketplace.accounts.rules.registering import INVITATION_LASTS
from marketplace.accounts.signing_in import registrations
from marketplace.accounts.signing_in.registrations import digest
from marketplace.accounts.words import Standing
from marketplace.kernel import audit, outbox
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

OPEN_BY_LINK = "/invitations/open?token="
ENDED = "这份邀请已经用过、被撤回或已过期。请联系该单位负责人重新邀请。"
MOST_OPEN = 50


def invite(
    session: Session,
    actor: Actor,
    organisation_id: str,
    *,
    email: str,
    standing: Standing,
    token: str,
    now: datetime,
    new_id: Callable[[], str],
) -> bool:
    """Invite an address; an earlier open invitation of the same address is replaced. Says whether a mail goes out.

    `token` is a fresh secret of at least 32 random bytes, of which only the digest is kept. Where no mail goes out,
    the inviting owner hands the link over by itself.
    """
    organisation = organisations.view(organisations.held(session, organisation_id))
    _require_owner(actor, organisation_id)
    cleaned = require_email(email)
    invited = accounts.find_by_email(session, cleaned)
    if invited is not None and memberships.standing_of(session, organisation_id, invited) is not None:
        message = "这个邮箱的主人已经是成员。要调整身份，请在成员名单里修改。"
        raise Invalid(message, code="already_member", fields={"email": message})
    _withdraw_open(session, organisation_id, cleaned, now)
    if len(_rows(session, organisation_id)) >= MOST_OPEN:
        raise Conflict(f"没有答复的邀请已有 {MOST_OPEN} 份，请先撤回不需要的。", code="too_many_invitations")
    row = Invitation(
        id=new_id(),
        organisation_id=organisation_id,
        email=cleaned,
        standing=standing,
        token_digest=digest(token),
        by_mail=outbox.sends_mail(session),
        invited_by=actor.account_id,
        invited_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    session.add(row)
    session.flush()
    join_requests.answer(session, organisation_id, invited, now=now)
    _note(session, row, "invitation.sent", actor.account_id, now)
    text = f"{actor.name}邀请您加入“{organisation.name}”，身份是{memberships.SAID[standing]}。链接 7 天内有效，只能用一次，须用这个邮箱的账号打开。"
    return outbox.put(
        session,
        to=cleaned,
        subject=f"“{organisation.name}”邀请您加入",
        text=text,
        link=OPEN_BY_LINK + token,
        secret=True,
        now=now,
        new_id=new_id,
    )


def withdraw(session: Session, actor: Actor, invitation_id: str, *, now: datetime) -> str:
    """Withdraw an open invitation, so that its link leads nowhere; gives the organisation's id."""
    row = session.exec(select(Invitation).where(Invitation.id == invitation_id).with_for_update()).first()
    if row is None or not owns(actor, row.organisation_id):
        raise NotFound("没有这份邀请。")
    if row.accepted_at is not None:
        raise Conflict("对方已经接受邀请，成为成员。要移出，请在成员名单里操作。", code="already_accepted")
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        session.add(row)
        _note(session, row, "invitation.withdrawn", actor.account_id, now)
    return row.organisation_id


def by_token(session: Session, token: str, *, now: datetime) -> InvitationView:
    """The open invitation of a link, or NotFound: unknown, used, withdrawn or expired."""
    row = session.exec(select(Invitation).where(Invitation.token_digest == digest(token))).first()
    if row is None or not _is_open(row, now):
        raise NotFound(ENDED, code="invitation_ended")
    return _view(session, row)


def for_address(session: Session, actor: Actor, *, now: datetime) -> list[InvitationView]:
    """The open invitations of the actor's own address, once it is confirmed; before, the link alone opens them."""
    if not registrations.is_confirmed(session, actor.account_id):
        return []
    rows = session.exec(select(Invitation).where(Invitation.email == actor.email).order_by(col(Invitation.invited_at)))
    return [_view(session, row) for row in rows if _is_open(row, now)]


def accept(
    session: Session,
    actor: Actor,
    *,
    token: str = "",
    invitation_id: str = "",
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Become a member: by the link, or by the invitation's id where one's address is confirmed; gives the organisation.

    Raises NotAllowed for another address than the invited one, NotFound for an ended invitation.
    """
    wanted = Invitation.token_digest == digest(token) if token else Invitation.id == invitation_id
    row = session.exec(select(Invitation).where(wanted).with_for_update()).first()
    if row is None or not _is_open(row, now):
        raise NotFound(ENDED, code="invitation_ended")
    if not token and (row.email != actor.email or not registrations.is_confirmed(session, actor.account_id)):
        raise NotFound(ENDED, code="invitation_ended")
    if row.email != actor.email:
        message = "这份邀请发给了另一个邮箱。请退出后用收到邀请的邮箱登录；还没有账号的，请用那个邮箱注册。"
        raise NotAllowed(message, code="other_address")
    row.accepted_at, row.accepted_by = now, actor.account_id
    session.add(row)
    session.flush()
    memberships.add(
        session,
        organisation_id=row.organisation_id,
        account_id=actor.account_id,
        standing=_not_below(session, row, actor),
        actor_id=row.invited_by,
        now=now,
        new_id=new_id,
    )
    if token and row.by_mail:
        registrations.confirm_address(session, actor.account_id, now=now)
    _note(session, row, "invitation.accepted", actor.account_id, now)
    _tell_inviter(session, row, actor, now, new_id)
    return row.organisation_id


def of_organisation(session: Session, actor: Actor, organisation_id: str, *, now: datetime) -> list[InvitationView]:
    """The open invitations of an organisation, for its owners; an empty list for others."""
    if not owns(actor, organisation_id):
        return []
    return [_view(session, row) for row in _rows(session, organisation_id) if _is_open(row, now)]


def _not_below(session: Session, row: Invitation, actor: Actor) -> Standing:
    # Who became a member meanwhile keeps the higher standing: an invitation gives, it never takes.
    order = list(Standing)
    held = memberships.standing_of(session, row.organisation_id, actor.account_id)
    return row.standing if held is None else min(held, row.standing, key=order.index)


def _rows(session: Session, organisation_id: str) -> list[Invitation]:
    unanswered = (col(Invitation.accepted_at).is_(None), col(Invitation.withdrawn_at).is_(None))
    rows = select(Invitation).where(Invitation.organisation_id == organisation_id, *unanswered)
    return list(session.exec(rows.order_by(col(Invitation.invited_at), col(Invitation.id))))


def _withdraw_open(session: Session, organisation_id: str, email: str, now: datetime) -> None:
    for row in _rows(session, organisation_id):
        if row.email == email:
            row.withdrawn_at = now
            session.add(row)
    session.flush()


def _is_open(row: Invitation, now: datetime) -> bool:
    return row.accepted_at is None and row.withdrawn_at is None and now < row.expires_at


def _require_owner(actor: Actor, organisation_id: str) -> None:
    if not owns(actor, organisation_id):
        raise NotAllowed("只有负责人可以邀请成员。需要添加同事，请联系本单位负责人。", code="not_the_owner")


def _view(session: Session, row: Invitation) -> InvitationView:
    return InvitationView(
        id=row.id,
        organisation=organisations.get(session, row.organisation_id),
        email=row.email,
        standing=row.standing,
        invited_by=accounts.names(session, {row.invited_by}).get(row.invited_by, ""),
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        by_mail=row.by_mail,
    )


def _tell_inviter(session: Session, row: Invitation, actor: Actor, now: datetime, new_id: Callable[[], str]) -> None:
    name = organisations.get(session, row.organisation_id).name
    messages.tell(
        session,
        account_ids=[row.invited_by],
        subject=f"{actor.name}已加入“{name}”",
        text=f"{actor.name}接受了您的邀请，现在是“{name}”的成员。",
        link=f"/organisations/{row.organisation_id}/members",
        now=now,
        new_id=new_id,
    )


def _note(session: Session, row: Invitation, action: str, actor_id: str, now: datetime) -> None:
    audit.write(
        session,
        aggregate="organisation",
        aggregate_id=row.organisation_id,
        action=action,
        actor_id=actor_id,
        payload={"invitation_id": row.id, "standing": row.standing.value},
        now=now,
    )
