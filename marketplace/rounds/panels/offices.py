"""Who looks after panels: the issuer's people and the region's organisers; supervisors watch and may step in."""

from typing import Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.rounds import held, parts
from marketplace.rounds.making import notices
from marketplace.rounds.reviewing import sights
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import Part, Post, RoundState

OFFICE: Final = (Part.ORGANISER, Part.ISSUER)
MAX_REASON: Final = 1_000


def hold(session: Session, actor: Actor, round_id: str) -> Round:
    """A round's row, held for whoever looks after its panels; NotAllowed for others."""
    row = held.hold(session, round_id)
    parts.require_inside(session, actor, row)
    if part(session, actor, row) is None:
        raise NotAllowed("只有发布单位或所在地区的主办方可以办理评审组事项。", code="not_the_office")
    require_apart(session, actor, row)
    return row


def hold_watched(session: Session, actor: Actor, round_id: str) -> Round:
    """The same for whoever may do the second half of what needs two: supervisors and approvers beside the office."""
    row = held.hold(session, round_id)
    parts.require_inside(session, actor, row)
    mine = parts.of(session, actor, row)
    if not mine & {*OFFICE, Part.SUPERVISOR, Part.APPROVER}:
        raise NotAllowed("只有本活动的办理人员或监督人员可以办理这一步。", code="not_the_office")
    require_apart(session, actor, row)
    return row


def require_apart(session: Session, actor: Actor, row: Round) -> None:
    """NotAllowed for whoever belongs to a unit that bids in the round: others of the office act instead."""
    if sights.bids_there(session, actor.account_id, row.id):
        message = "您属于本活动的申报单位，应当回避，请由其他办理人员或监督人员办理。"
        raise NotAllowed(message, code="own_bid")


def part(session: Session, actor: Actor, row: Round) -> Part | None:
    """As whom somebody looks after the panels of a round, or None."""
    return parts.first(parts.of(session, actor, row), OFFICE)


def may_look(session: Session, actor: Actor, row: Round) -> bool:
    """Whether somebody may see the panels: the office, supervisors, and who decides about the round."""
    mine = parts.of(session, actor, row)
    posts = parts.posts(session, actor.account_id, row.id)
    return bool(mine & {*OFFICE, Part.SUPERVISOR, Part.APPROVER}) or bool(posts & {Post.DECIDER, Post.OBJECTIONS})


def looked_after(session: Session, actor: Actor, round_id: str) -> Round:
    """A round that somebody looks after or watches over, whatever its state; NotFound for others."""
    row = held.get(session, round_id)
    if not parts.of(session, actor, row) & {*OFFICE, Part.SUPERVISOR}:
        raise NotFound(held.UNKNOWN, code="round_missing")
    return row


def require_look(session: Session, actor: Actor, round_id: str) -> Round:
    """A round whose panels somebody may see; NotFound for others, and before there is a review."""
    row = held.get(session, round_id)
    if not row.stage or not may_look(session, actor, row):
        raise NotFound("活动还没有进入专家评审，或您不是本活动的办理人员。", code="no_panel")
    return row


def require_in_review(row: Round) -> None:
    """Conflict unless experts judge now."""
    if row.suspended_at is not None:
        raise Conflict("活动已中止，恢复之前不能进行这一步。", code="suspended")
    if row.state is not RoundState.REVIEW:
        raise Conflict("活动不在专家评审阶段，不能进行这一步。", code="not_in_review")


def require_track(session: Session, row: Round, track: str) -> None:
    """Invalid where the notice has no such track."""
    if track not in {one.key for one in notices.current(session, row).tracks}:
        raise Invalid("公告里没有这个赛道。", code="no_such_track", fields={"track": "请选择赛道。"})


def require_reason(reason: str) -> None:
    """Invalid where there is no reason, or an endless one."""
    if not reason.strip() or len(reason) > MAX_REASON:
        told = f"请写明理由，不超过 {MAX_REASON} 个字；它会进入留痕。"
        raise Invalid(told, code="no_reason", fields={"reason": told})
