"""What people decide about two items: merge one into the other, link them as one need, or tell them apart.

Nothing of an item is changed: what a merge hides is asked when lists are read (`lists.merged`), so taking a decision
back, or the main item's end, brings the merged one back as it was.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor, may_run_lists
from marketplace.kernel import audit, locks
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from marketplace.kernel.text import collapsed
from marketplace.lists import merged
from marketplace.lists.item_tables import Item
from marketplace.lists.repeat_tables import MAX_REASON, RepeatDecision
from marketplace.lists.repeats import sides
from marketplace.lists.repeats.sides import Pair
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.rules.repeats import lead
from marketplace.lists.words import ItemState, Relation

TURN = "repeats"
"""Merges follow each other: where one leads is read from the others."""
ACTIONS = {
    Relation.MERGED: "item.repeat_merged",
    Relation.SAME: "item.repeat_linked",
    Relation.DISTINCT: "item.repeat_parted",
}
TAKEN_BACK = "item.repeat_taken_back"
MOVED_ON = "这一对刚刚由别人处理过，请刷新页面再看。"


def decide(
    session: Session,
    actor: Actor,
    a: str,
    b: str,
    *,
    relation: Relation,
    main: str | None = None,
    version: int,
    reason: str = "",
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Decide about two items as they were seen at `version`; of a merge, `main` is the one that stays.

    Raises NotFound for those who may not know of the pair, NotAllowed for those who may only look or do not run the
    list of the item that would be merged away, Invalid for a wrong `main` or reason, Conflict where the pair is decided
    already, has moved on, or is no longer open.
    """
    locks.hold(session, TURN)
    pair = sides.pair(session, actor, a, b, holding=True)
    away = _away(pair, relation, main)
    _require_may_decide(actor, pair, away)
    said = _reason(reason)
    _require_undecided(session, pair, version)
    if relation is not Relation.DISTINCT:
        _require_open(pair)
    leads = None if away is None else _leads(session, pair, away)
    row = RepeatDecision(
        id=new_id(),
        low_id=pair.low.id,
        high_id=pair.high.id,
        number=version + 1,
        relation=relation,
        merged_id=away,
        main_id=leads,
        reason=said,
        decided_by=actor.account_id,
        decided_at=now,
    )
    session.add(row)
    session.flush()
    _log(session, actor, pair, row, now=now)
    if away is not None:
        _lead_anew(session)
        merged.put(session, [away])
    _tell(session, actor, pair, row, now=now, new_id=new_id)


def take_back(
    session: Session,
    actor: Actor,
    a: str,
    b: str,
    *,
    version: int,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Take back what stands about two items; it stays on record, and the pair may be decided again.

    Who runs the list of either may: nobody has to show another's line on its page, or to keep its own one away. Raises
    NotFound and NotAllowed as deciding does, Conflict where nothing stands or the pair has moved on.
    """
    locks.hold(session, TURN)
    pair = sides.pair(session, actor, a, b, holding=True)
    _require_may_decide(actor, pair, None)
    row = standing(session, pair.low.id, pair.high.id)
    if row is None or row.number != version:
        raise Conflict(MOVED_ON, code="pair_moved_on")
    row.ended_by, row.ended_at = actor.account_id, now
    session.add(row)
    session.flush()
    _log(session, actor, pair, row, now=now)
    if row.merged_id is not None:
        merged.put(session, [row.merged_id, *_lead_anew(session)])
    _tell(session, actor, pair, row, now=now, new_id=new_id)


def standing(session: Session, low_id: str, high_id: str) -> RepeatDecision | None:
    """What stands about a pair, or None."""
    return session.exec(
        select(RepeatDecision).where(
            RepeatDecision.low_id == low_id, RepeatDecision.high_id == high_id, col(RepeatDecision.ended_at).is_(None)
        )
    ).first()


def may_decide(actor: Actor, pair: Pair) -> bool:
    """Whether an actor may link two items or tell them apart, and take a decision back: it runs the list of either."""
    return any(may_run_lists(actor, region=region) for region in pair.regions)


def may_merge(actor: Actor, pair: Pair) -> frozenset[str]:
    """The items of a pair that an actor may merge into the other: those whose lists it runs."""
    return frozenset(one.id for one in (pair.low, pair.high) if may_run_lists(actor, region=pair.region(one.id)))


def _away(pair: Pair, relation: Relation, main: str | None) -> str | None:
    if relation is not Relation.MERGED:
        return None
    if main not in {pair.low.id, pair.high.id}:
        message = "请选择并入后以哪一条为主。"
        raise Invalid(message, code="no_main", fields={"main": message})
    return pair.other(main).id


def _require_may_decide(actor: Actor, pair: Pair, away: str | None) -> None:
    if not may_decide(actor, pair):
        raise NotAllowed("监督人员可以查看疑似重复，由主办方办理。", code="organisers_act")
    if away is not None and away not in may_merge(actor, pair):
        title = mask_text(pair.of(away).title)
        message = f"《{title}》在别的主办方的清单上，只能由那里的主办方并入；您可以把两条标为同一需求。"
        raise NotAllowed(message, code="not_your_line")


def _reason(text: str) -> str:
    said = collapsed(text)
    if len(said) > MAX_REASON:
        message = f"理由请不要超过 {MAX_REASON} 个字。"
        raise Invalid(message, code="bad_reason", fields={"reason": message})
    return said


def _require_undecided(session: Session, pair: Pair, version: int) -> None:
    newest = session.exec(
        select(func.max(RepeatDecision.number)).where(
            RepeatDecision.low_id == pair.low.id, RepeatDecision.high_id == pair.high.id
        )
    ).one()
    if (newest or 0) != version:
        raise Conflict(MOVED_ON, code="pair_moved_on")
    if standing(session, pair.low.id, pair.high.id) is not None:
        raise Conflict("这一对已经处理过。要改，请先撤回原来的决定。", code="pair_decided")


def _require_open(pair: Pair) -> None:
    for item in (pair.low, pair.high):
        if item.state is not ItemState.OPEN:
            title = mask_text(item.title)
            raise Conflict(
                f"《{title}》现在不公开（已暂停、关闭或不再列入），不能并入或标为同一需求。", code="not_open"
            )


def _leads(session: Session, pair: Pair, away: str) -> str:
    """Where merging an item into the other one leads: there, or to what that one is merged into."""
    before = _of_merged(session, away)
    if before is not None:
        title = _title(session, str(before.main_id))
        message = f"《{mask_text(pair.of(away).title)}》已并入《{title}》。要改，请先撤回那一次。"
        raise Conflict(message, code="merged_already")
    main = pair.other(away)
    further = _of_merged(session, main.id)
    if further is None:
        return main.id
    if further.main_id == away:
        message = f"《{mask_text(main.title)}》已并入《{mask_text(pair.of(away).title)}》，不能再反过来并入。"
        raise Conflict(message, code="merged_in_circle")
    root = session.get_one(Item, str(further.main_id))
    if root.state is not ItemState.OPEN:
        message = f"《{mask_text(main.title)}》已并入《{mask_text(root.title)}》，那一条现在不公开。请先撤回那一次。"
        raise Conflict(message, code="main_not_open")
    return root.id


def _of_merged(session: Session, item_id: str) -> RepeatDecision | None:
    return session.exec(
        select(RepeatDecision).where(RepeatDecision.merged_id == item_id, col(RepeatDecision.ended_at).is_(None))
    ).first()


def _title(session: Session, item_id: str) -> str:
    return mask_text(session.get_one(Item, item_id).title)


def _lead_anew(session: Session) -> list[str]:
    """Let every merge lead to where it leads now; gives the merged items of which that has changed."""
    rows = list(
        session.exec(
            select(RepeatDecision).where(
                RepeatDecision.relation == Relation.MERGED, col(RepeatDecision.ended_at).is_(None)
            )
        )
    )
    into = {str(row.merged_id): _decided_main(row) for row in rows}
    leads, moved = lead(into), []
    for row in rows:
        merged_id = str(row.merged_id)
        if row.main_id != leads[merged_id]:
            row.main_id = leads[merged_id]
            session.add(row)
            moved.append(merged_id)
    session.flush()
    return moved


def _decided_main(row: RepeatDecision) -> str:
    return row.high_id if row.merged_id == row.low_id else row.low_id


def _log(session: Session, actor: Actor, pair: Pair, row: RepeatDecision, *, now: datetime) -> None:
    action = ACTIONS[row.relation] if row.ended_at is None else TAKEN_BACK
    for item in (pair.low, pair.high):
        payload: dict[str, object] = {"other_item": pair.other(item.id).id, "relation": row.relation.value}
        if row.merged_id is not None:
            payload["merged_item"] = row.merged_id
        if row.reason and action != TAKEN_BACK:
            payload["reason"] = row.reason
        audit.write(
            session,
            aggregate="item",
            aggregate_id=item.id,
            action=action,
            actor_id=actor.account_id,
            payload=payload,
            now=now,
        )


def _tell(
    session: Session, actor: Actor, pair: Pair, row: RepeatDecision, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Tell the other list's organisers, and the unit of an item that a merge has hidden or shown again."""
    if row.relation is Relation.DISTINCT:
        return
    subject, text = _said(pair, row)
    link = f"/repeats/{pair.low.id}/{pair.high.id}"
    for item in (pair.low, pair.high):
        region = pair.region(item.id)
        if not may_run_lists(actor, region=region):
            messages.tell_organisers(session, region, subject=subject, text=text, link=link, now=now, new_id=new_id)
    away = None if row.merged_id is None else pair.of(row.merged_id)
    if away is not None and away.organisation_id is not None:
        messages.tell_organisation(
            session,
            away.organisation_id,
            subject=subject,
            text=text,
            link=f"/items/{away.id}",
            now=now,
            new_id=new_id,
        )


def _said(pair: Pair, row: RepeatDecision) -> tuple[str, str]:
    ended = row.ended_at is not None
    if row.merged_id is None:
        low, high = mask_text(pair.low.title), mask_text(pair.high.title)
        if ended:
            return (
                "两条需求不再标为同一需求",
                f"《{low}》与《{high}》原来标为同一需求，现已撤回，两个页面不再互相链接。",
            )
        text = f"《{low}》与《{high}》已标为同一需求：各自照常列示，两个页面互相链接。"
        return "两条需求已标为同一需求", text
    away, main = mask_text(pair.of(row.merged_id).title), mask_text(pair.other(row.merged_id).title)
    if ended:
        return "并入已撤回", f"《{away}》原来并入《{main}》，现已撤回，重新单独列示。"
    text = (
        f"《{away}》已并入《{main}》：搜索、清单和匹配里只列后者，后者的页面写明两处来源；各期清单照原样不变。"
        "有不同意见的，可以在并排对照的页面撤回，或联系主办方。"
    )
    return "一条需求已并入另一条", text
