"""Affiliations: which OPC belongs to which community; asked by either, confirmed by the other."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.accounts.communities import communities
from marketplace.accounts.communities.tables import Affiliation, Community
from marketplace.accounts.communities.views import AffiliationView
from marketplace.accounts.communities.words import AffiliationState, AskedBy
from marketplace.accounts.tables import Organisation
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

LIVE = (AffiliationState.ASKED, AffiliationState.CONFIRMED)


def ask(
    session: Session,
    actor: Actor,
    community_id: str,
    *,
    organisation_id: str | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> AffiliationView:
    """Ask to belong (an OPC, for itself), or ask an OPC to belong (`organisation_id`, by the community's people).

    Raises Conflict where the two are bound or one has asked already.
    """
    community = communities.get(session, actor, community_id)
    if not community.is_public:
        raise Conflict("这个社区还没有公开，暂时不能加入。", code="community_not_open")
    by_community = organisation_id is not None
    opc_id = organisation_id or actor.organisation_id
    if opc_id is None or (not by_community and not acts_for(actor, opc_id)):
        raise NotAllowed("请先切换到您的 OPC 单位，再申请加入社区。", code="not_an_opc")
    if by_community and not acts_for(actor, community.organisation_id):
        raise NotAllowed("只有这个社区的经办人可以邀请 OPC。", code="not_its_people")
    opc = organisations.get(session, opc_id)
    if opc.id == community.organisation_id or not opc.offers_work:
        message = "只有提供能力的单位（OPC）可以加入社区，请核对单位。"
        raise Invalid(message, code="not_an_opc", fields={"organisation_id": message})
    side = AskedBy.COMMUNITY if by_community else AskedBy.OPC
    row: dict[str, object] = {
        "id": new_id(),
        "community_id": community_id,
        "organisation_id": opc.id,
        "state": AffiliationState.ASKED,
        "asked_by_side": side,
        "asked_by": actor.account_id,
        "asked_at": now,
        "decided_by": None,
        "decided_at": None,
        "ended_at": None,
    }
    made = insert_unless_there(session, Affiliation, [row])
    if not made:
        raise Conflict("已经加入或已有待确认的申请，不需要重复提交。", code="affiliation_there")
    _note(session, actor, made[0], community_id, "affiliation.asked", opc_id=opc.id, now=now)
    return get(session, made[0])


def decide(session: Session, actor: Actor, affiliation_id: str, *, accepts: bool, now: datetime) -> AffiliationView:
    """Answer what the other side asked; once answered, an answer stands."""
    row, community = _held(session, actor, affiliation_id)
    decider = community.organisation_id if row.asked_by_side is AskedBy.OPC else row.organisation_id
    if not acts_for(actor, decider):
        raise NotAllowed("这件事由对方单位的经办人确认。", code="not_the_decider")
    if row.state is not AffiliationState.ASKED:
        raise Conflict("这份申请已经有了结果，请刷新页面查看。", code="affiliation_decided")
    row.state = AffiliationState.CONFIRMED if accepts else AffiliationState.DECLINED
    row.decided_at, row.decided_by = now, actor.account_id
    return _saved(session, actor, row, f"affiliation.{row.state.value}", now=now)


def end(session: Session, actor: Actor, affiliation_id: str, *, now: datetime) -> AffiliationView:
    """End a confirmed affiliation, by either side; the time that it lasted stays on record."""
    row, community = _held(session, actor, affiliation_id)
    if not (acts_for(actor, community.organisation_id) or acts_for(actor, row.organisation_id)):
        raise NotAllowed("只有双方的经办人可以结束入驻关系。", code="not_its_people")
    if row.state is not AffiliationState.CONFIRMED:
        raise Conflict("这份入驻关系已经结束或还没有确认。", code="affiliation_not_live")
    row.state, row.ended_at = AffiliationState.ENDED, now
    return _saved(session, actor, row, "affiliation.ended", now=now)


def get(session: Session, affiliation_id: str) -> AffiliationView:
    """An affiliation, or NotFound."""
    found = _views(session, col(Affiliation.id) == affiliation_id)
    if not found:
        raise NotFound("没有这份入驻记录。", code="affiliation_missing")
    return found[0]


def members(session: Session, community_id: str) -> list[AffiliationView]:
    """The OPCs that belong to a community now, by name."""
    found = _views(session, col(Affiliation.community_id) == community_id)
    live = [one for one in found if one.state is AffiliationState.CONFIRMED]
    return sorted(live, key=lambda one: (one.organisation_name, one.id))


def of_side(session: Session, actor: Actor) -> list[AffiliationView]:
    """Everything between the organisation that somebody acts for and communities or OPCs, newest first."""
    where = actor.organisation_id
    if where is None or not belongs_to(actor, where):
        return []
    return _views(session, or_(col(Affiliation.organisation_id) == where, col(Community.organisation_id) == where))


def waits_for(actor: Actor, view: AffiliationView, *, community_organisation_id: str) -> bool:
    """Whether an affiliation waits for the actor's answer."""
    decider = community_organisation_id if view.asked_by is AskedBy.OPC else view.organisation_id
    return view.state is AffiliationState.ASKED and acts_for(actor, decider)


def _held(session: Session, actor: Actor, affiliation_id: str) -> tuple[Affiliation, Community]:
    row = session.exec(select(Affiliation).where(Affiliation.id == affiliation_id).with_for_update()).first()
    community = None if row is None else session.get_one(Community, row.community_id)
    # Whoever belongs to neither side is answered as if there were none.
    if row is None or community is None or not _concerns(actor, row, community):
        raise NotFound("没有这份入驻记录，或您不是其中一方。", code="affiliation_missing")
    return row, community


def _concerns(actor: Actor, row: Affiliation, community: Community) -> bool:
    return belongs_to(actor, community.organisation_id) or belongs_to(actor, row.organisation_id)


def _saved(session: Session, actor: Actor, row: Affiliation, action: str, *, now: datetime) -> AffiliationView:
    session.add(row)
    session.flush()
    _note(session, actor, row.id, row.community_id, action, opc_id=row.organisation_id, now=now)
    return get(session, row.id)


def _views(session: Session, condition: ColumnElement[bool]) -> list[AffiliationView]:
    keeper = aliased(Organisation)
    rows = session.exec(
        select(Affiliation, keeper.name, Organisation)
        .join(Community, col(Community.id) == col(Affiliation.community_id))
        .join(keeper, col(keeper.id) == col(Community.organisation_id))
        .join(Organisation, col(Organisation.id) == col(Affiliation.organisation_id))
        .where(condition)
        .order_by(col(Affiliation.asked_at).desc(), col(Affiliation.id))
    )
    return [
        AffiliationView(
            id=row.id,
            community_id=row.community_id,
            community_name=name,
            organisation_id=opc.id,
            organisation_name=opc.name,
            organisation_region=opc.region,
            state=row.state,
            asked_by=row.asked_by_side,
            asked_at=row.asked_at,
            decided_at=row.decided_at,
            ended_at=row.ended_at,
        )
        for row, name, opc in rows
    ]


def _note(
    session: Session,
    actor: Actor,
    affiliation_id: str,
    community_id: str,
    action: str,
    *,
    opc_id: str,
    now: datetime,
) -> None:
    audit.write(
        session,
        aggregate="community",
        aggregate_id=community_id,
        action=action,
        actor_id=actor.account_id,
        payload={"affiliation_id": affiliation_id, "opc_id": opc_id},
        now=now,
    )
