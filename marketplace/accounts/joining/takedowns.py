"""Takedowns: a firm asks that a line of somebody else's list, or the contact in it, be taken down.

What a decision does to a line is the lists' own business (`lists.takedowns`); here are the requests.
"""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts, messages, organisations
from marketplace.accounts.actors import Actor, acts_for, belongs_to, may_run_lists
from marketplace.accounts.joining import memberships
from marketplace.accounts.joining.tables import Takedown
from marketplace.accounts.joining.views import TakedownView
from marketplace.accounts.rules.statements import require_reason
from marketplace.accounts.words import RequestState, TakedownScope
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound

SHOWN = 200
SAID = {TakedownScope.LINE: "整条撤下", TakedownScope.CONTACT: "删除联系方式"}


def put(
    session: Session,
    actor: Actor,
    organisation_id: str,
    *,
    item_id: str,
    item_title: str,
    region: str,
    scope: TakedownScope,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Keep a request about a line; one open request for each line. `region` is that of the line's list."""
    if not acts_for(actor, organisation_id):
        raise NotAllowed("只有本单位的负责人或经办人可以申请撤下。请先认领本单位。", code="not_your_line")
    row = {
        "id": new_id(),
        "organisation_id": organisation_id,
        "item_id": item_id,
        "item_title": item_title,
        "region": region,
        "scope": scope,
        "reason": require_reason(reason),
        "state": RequestState.SUBMITTED,
        "asked_by": actor.account_id,
        "asked_at": now,
        "decision": "",
    }
    made = insert_unless_there(session, Takedown, [row])
    if not made:
        raise Conflict("这一条已有撤下申请在处理，不需要重复提交。", code="already_submitted")
    (takedown_id,) = made
    asked: dict[str, object] = {"item_id": item_id, "scope": scope.value}
    _note(session, takedown_id, "takedown.submitted", actor.account_id, payload=asked, now=now)
    name = organisations.get(session, organisation_id).name
    messages.tell_organisers(
        session,
        region,
        subject=f"“{name}”申请撤下清单中的内容",
        text=f"“{name}”申请对清单条目“{item_title}”{SAID[scope]}，请核对后作出决定。",
        link=f"/takedowns/{takedown_id}",
        now=now,
        new_id=new_id,
    )
    return takedown_id


def withdraw(session: Session, actor: Actor, takedown_id: str, *, now: datetime) -> None:
    """Take a request back before it is decided."""
    row = _held(session, takedown_id)
    if not acts_for(actor, row.organisation_id):
        raise NotFound("没有这份申请，或您不能查看它。")
    _require_open(row)
    row.state = RequestState.WITHDRAWN
    session.add(row)
    _note(session, row.id, "takedown.withdrawn", actor.account_id, payload={}, now=now)


def settle(
    session: Session,
    actor: Actor,
    takedown_id: str,
    *,
    approves: bool,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> Takedown:
    """Write the decision of an organiser of the list's region, who is no member of the organisation; gives the row."""
    row = _held(session, takedown_id)
    if not may_run_lists(actor, region=row.region):
        raise NotFound("没有这份申请，或您不能查看它。")
    if memberships.standing_of(session, row.organisation_id, actor.account_id) is not None:
        raise NotAllowed("您是该单位的成员，应当回避。请由其他主办方人员决定。", code="must_recuse")
    _require_open(row)
    row.decision = reason.strip() if approves and not reason.strip() else require_reason(reason)
    row.state = RequestState.APPROVED if approves else RequestState.REJECTED
    row.decided_by, row.decided_at = actor.account_id, now
    session.add(row)
    session.flush()
    _note(session, row.id, f"takedown.{row.state.value}", actor.account_id, payload={"item_id": row.item_id}, now=now)
    done = f"已按申请{SAID[row.scope]}。" if approves else "没有同意。"
    messages.tell_organisation(
        session,
        row.organisation_id,
        subject=f"撤下“{row.item_title}”的申请有了结果",
        text=done + (f"理由：{row.decision}" if row.decision else ""),
        link=f"/takedowns/{row.id}",
        now=now,
        new_id=new_id,
    )
    return row


def get(session: Session, actor: Actor, takedown_id: str) -> TakedownView:
    """A request, for the members of the organisation and the organisers of the list's region."""
    row = session.get(Takedown, takedown_id)
    if row is None or not (belongs_to(actor, row.organisation_id) or may_run_lists(actor, region=row.region)):
        raise NotFound("没有这份申请，或您不能查看它。")
    return _view(session, actor, row)


def of_organisation(session: Session, actor: Actor, organisation_id: str) -> list[TakedownView]:
    """What an organisation asked for, newest first, for its members; an empty list for others."""
    if not belongs_to(actor, organisation_id):
        return []
    rows = select(Takedown).where(Takedown.organisation_id == organisation_id)
    return [_view(session, actor, row) for row in session.exec(rows.order_by(col(Takedown.asked_at).desc()))]


def of_region(session: Session, actor: Actor) -> list[TakedownView]:
    """The requests that the actor may decide: those that wait first, oldest first, and then those decided last."""
    waiting = select(Takedown).where(Takedown.state == RequestState.SUBMITTED).order_by(col(Takedown.asked_at))
    ended = select(Takedown).where(col(Takedown.decided_at).is_not(None)).order_by(col(Takedown.decided_at).desc())
    rows = [*session.exec(waiting), *session.exec(ended.limit(SHOWN))]
    return [_view(session, actor, row) for row in rows if may_run_lists(actor, region=row.region)][:SHOWN]


def _held(session: Session, takedown_id: str) -> Takedown:
    row = session.exec(select(Takedown).where(Takedown.id == takedown_id).with_for_update()).first()
    if row is None:
        raise NotFound("没有这份申请，或您不能查看它。")
    return row


def _require_open(row: Takedown) -> None:
    if row.state is not RequestState.SUBMITTED:
        raise Conflict("这份申请已经有了决定或已撤回，您的操作没有生效。", code="already_decided")


def _view(session: Session, actor: Actor, row: Takedown) -> TakedownView:
    names = accounts.names(session, {one for one in (row.asked_by, row.decided_by) if one})
    is_member = memberships.standing_of(session, row.organisation_id, actor.account_id) is not None
    return TakedownView(
        id=row.id,
        organisation=organisations.get(session, row.organisation_id),
        item_id=row.item_id,
        item_title=row.item_title,
        region=row.region,
        scope=row.scope,
        reason=row.reason,
        state=row.state,
        asked_by=names.get(row.asked_by, ""),
        asked_at=row.asked_at,
        decision=row.decision,
        decided_by=names.get(row.decided_by or "", ""),
        decided_at=row.decided_at,
        may_decide=row.state is RequestState.SUBMITTED and may_run_lists(actor, region=row.region) and not is_member,
        is_own=acts_for(actor, row.organisation_id),
    )


def _note(
    session: Session, takedown_id: str, action: str, actor_id: str, *, payload: dict[str, object], now: datetime
) -> None:
    audit.write(
        session,
        aggregate="takedown",
        aggregate_id=takedown_id,
        action=action,
        actor_id=actor_id,
        payload=payload,
        now=now,
    )
