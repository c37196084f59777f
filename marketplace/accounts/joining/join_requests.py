"""Requests to join: somebody finds its organisation here already and asks its owners for an invitation."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import messages, organisations
from marketplace.accounts.actors import Actor, owns
from marketplace.accounts.joining import memberships
from marketplace.accounts.joining.tables import JoinRequest
from marketplace.accounts.joining.views import JoinRequestView
from marketplace.accounts.tables import Account
from marketplace.kernel.errors import Conflict, NotFound


def ask(session: Session, actor: Actor, organisation_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Ask the owners of a claimed organisation for an invitation; asked again, nobody is told twice."""
    organisation = organisations.view(organisations.held(session, organisation_id))
    if organisation.closed:
        raise Conflict("这个单位已经注销，没有人能答复。您是本单位的，请提交材料认领。", code="organisation_closed")
    if not organisation.claimed:
        raise Conflict("这个单位还没有人认领。您可以提交材料认领。", code="not_claimed")
    if memberships.standing_of(session, organisation_id, actor.account_id) is not None:
        raise Conflict("您已经是这个单位的成员。", code="already_member")
    mine = (JoinRequest.organisation_id == organisation_id, JoinRequest.account_id == actor.account_id)
    if session.exec(select(JoinRequest.id).where(*mine, col(JoinRequest.answered_at).is_(None))).first() is not None:
        return
    session.add(JoinRequest(id=new_id(), organisation_id=organisation_id, account_id=actor.account_id, asked_at=now))
    session.flush()
    messages.tell(
        session,
        account_ids=memberships.owners(session, organisation_id),
        subject=f"有人申请加入“{organisation.name}”",
        text=f"{actor.name}（{actor.email}）申请加入“{organisation.name}”。同意的，请在成员页发出邀请；不认识的，可以不理会。",
        link=f"/organisations/{organisation_id}/members",
        now=now,
        new_id=new_id,
    )


def of_organisation(session: Session, actor: Actor, organisation_id: str) -> list[JoinRequestView]:
    """Who asks to be invited, for the owners; an empty list for others."""
    if not owns(actor, organisation_id):
        return []
    rows = session.exec(
        select(JoinRequest, Account)
        .join(Account, col(Account.id) == col(JoinRequest.account_id))
        .where(JoinRequest.organisation_id == organisation_id, col(JoinRequest.answered_at).is_(None))
        .order_by(col(JoinRequest.asked_at), col(JoinRequest.id))
    )
    return [JoinRequestView(row.id, account.name, account.email, row.asked_at) for row, account in rows]


def dismiss(session: Session, actor: Actor, request_id: str, *, now: datetime) -> str:
    """Put a request to join aside without telling anybody; gives the organisation's id."""
    row = session.get(JoinRequest, request_id)
    if row is None or not owns(actor, row.organisation_id):
        raise NotFound("没有这项申请。")
    row.answered_at = row.answered_at or now
    session.add(row)
    return row.organisation_id


def answer(session: Session, organisation_id: str, account_id: str | None, *, now: datetime) -> None:
    """Close the open requests of somebody who is being invited."""
    mine = (JoinRequest.organisation_id == organisation_id, JoinRequest.account_id == account_id)
    for row in session.exec(select(JoinRequest).where(*mine, col(JoinRequest.answered_at).is_(None))):
        row.answered_at = now
        session.add(row)
