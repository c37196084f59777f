"""Organisations that their last owner closes here; what the areas above hold of them is closed before, by them.

An organisation keeps its id and its history. Whoever claims it later, with evidence, opens it again; a natural person's
name goes, and nobody can claim it.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from marketplace.accounts import messages, organisations
from marketplace.accounts.actors import Actor, owns
from marketplace.accounts.joining import memberships
from marketplace.accounts.joining.tables import Invitation, JoinRequest, Takedown, Verification
from marketplace.accounts.rules.names import name_key
from marketplace.accounts.signing_in.tables import SignInSession
from marketplace.accounts.signing_in.token_tables import ApiToken
from marketplace.accounts.words import OrganisationKind, RequestState
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, NotAllowed

NAME = "已注销的个人"
OPEN = (RequestState.SUBMITTED, RequestState.RETURNED)


def require_may_close(session: Session, actor: Actor, organisation_id: str) -> None:
    """Raise NotAllowed for everybody but owners, Conflict while there is another owner, or where it is closed."""
    row = organisations.held(session, organisation_id)
    if not owns(actor, organisation_id):
        raise NotAllowed("只有负责人可以注销单位。", code="not_the_owner")
    if row.closed_at is not None:
        raise Conflict("这个单位已经注销。", code="organisation_closed")
    if set(memberships.owners(session, organisation_id)) != {actor.account_id}:
        message = "单位还有其他负责人。您可以退出单位；要注销，请其他负责人先退出。"
        raise Conflict(message, code="other_owners")


def close(session: Session, actor: Actor, organisation_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Close an organisation: memberships, requests, invitations and tokens end, its verification is void."""
    require_may_close(session, actor, organisation_id)
    row = organisations.held(session, organisation_id)
    name = row.name
    _end_requests(session, organisation_id, actor.account_id, now)
    members = memberships.end_all(session, organisation_id, actor_id=actor.account_id, now=now)
    seats = update(SignInSession).where(col(SignInSession.organisation_id) == organisation_id)
    session.execute(seats.values(organisation_id=None))
    row.closed_at, row.verified_at = now, None
    row.posts_needs = row.offers_work = False
    if row.kind is OrganisationKind.NATURAL_PERSON:
        row.name, row.name_key = NAME, name_key(NAME)
    elif row.uscc is not None:
        # Without a code it could be taken for another firm of that name that lists speak of.
        row.claimed_at = None
    row.version += 1
    session.add(row)
    session.flush()
    audit.write(
        session,
        aggregate="organisation",
        aggregate_id=organisation_id,
        action="organisation.closed",
        actor_id=actor.account_id,
        payload={"members": len(members)},
        now=now,
    )
    text = f"负责人已注销“{name}”：没有成交的需求已关闭，能力画像已删除，成员身份已结束。"
    messages.tell(
        session,
        account_ids=members,
        subject=f"“{name}”已注销",
        text=text,
        link="/organisations",
        now=now,
        new_id=new_id,
    )
    messages.tell_organisers(
        session,
        row.region,
        subject=f"“{name}”已注销",
        text=f"“{name}”的负责人注销了单位。清单上仍写着它的条目，请核对是否撤下。",
        link=f"/organisations/{organisation_id}",
        now=now,
        new_id=new_id,
    )


def _end_requests(session: Session, organisation_id: str, actor_id: str, now: datetime) -> None:
    for table, states in ((Verification, OPEN), (Takedown, OPEN[:1])):
        mine = (col(table.organisation_id) == organisation_id, col(table.state).in_(states))
        session.execute(update(table).where(*mine).values(state=RequestState.WITHDRAWN))
    invited = (col(Invitation.organisation_id) == organisation_id, col(Invitation.accepted_at).is_(None))
    session.execute(update(Invitation).where(*invited, col(Invitation.withdrawn_at).is_(None)).values(withdrawn_at=now))
    joining = (col(JoinRequest.organisation_id) == organisation_id, col(JoinRequest.answered_at).is_(None))
    session.execute(update(JoinRequest).where(*joining).values(answered_at=now))
    live = (col(ApiToken.organisation_id) == organisation_id, col(ApiToken.revoked_at).is_(None))
    session.execute(update(ApiToken).where(*live).values(revoked_at=now, revoked_by=actor_id))
    session.expire_all()
