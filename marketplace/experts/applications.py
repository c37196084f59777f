"""Applications: a person asks to be taken into a pool with what it says of itself; the office of the region decides."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.accounts.tables import Account, Grant
from marketplace.accounts.words import Role
from marketplace.experts import entries, held, pool, relations, telling, ties
from marketplace.experts.rules.entry_forms import EntryForm, require_sound
from marketplace.experts.rules.facts import Relation, Tie
from marketplace.experts.rules.standing import LIVE
from marketplace.experts.tables import ExpertTie, PoolExpert
from marketplace.experts.words import ExpertEvent, ExpertState
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, Invalid

NO_EMPLOYER = "请填写现在和近三年的任职单位；没有任职的，请勾选“近三年没有任职单位”。"


def regions(session: Session) -> list[str]:
    """The regions whose pools take applications: those for which somebody organises now."""
    granted = (
        select(Grant.region)
        .join(Account, col(Account.id) == col(Grant.account_id))
        .where(
            Grant.role == Role.ORGANISER,
            Grant.region != "",
            col(Grant.withdrawn_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
    )
    return sorted(session.exec(granted.distinct()))


def open_to(session: Session, actor: Actor) -> list[str]:
    """The pools to which somebody may apply: all but those in which it stands or into which it is asked."""
    taken = {row.region for row in pool.of_account(session, actor.account_id) if row.state in LIVE}
    return [one for one in regions(session) if one not in taken]


def apply(
    session: Session,
    actor: Actor,
    region: str,
    *,
    form: EntryForm,
    stated_ties: Sequence[Tie] = (),
    stated_relations: Sequence[Relation] = (),
    has_no_employer: bool = False,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Ask to be taken into a region's pool, for the first time or again; gives the entry's id.

    Raises Invalid for what is wrong in the form, Conflict where the person stands in that pool already.
    """
    if region not in regions(session):
        message = "请选择要加入的专家库。"
        raise Invalid(message, code="no_pool", fields={"region": message})
    sound = require_sound(form)
    row = _row(session, actor, region, sound, now=now, new_id=new_id)
    for tie in stated_ties:
        ties.put(session, row, tie, actor_id=actor.account_id, now=now, new_id=new_id)
    for relation in stated_relations:
        relations.put(session, row, relation, actor_id=actor.account_id, now=now, new_id=new_id)
    require_employer(session, row, has_no_employer=has_no_employer)
    held.note(session, row, "applied", {"region": region}, actor_id=actor.account_id, now=now)
    text = f"{actor.name}申请加入{telling.place(region)}，请查看后决定。"
    telling.office(session, row, f"{actor.name}申请加入专家库", text, now=now, new_id=new_id)
    return row.id


def decide(
    session: Session,
    actor: Actor,
    expert_id: str,
    *,
    event: ExpertEvent,
    reason: str = "",
    version: int,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Take an applicant into the pool (`list`) or refuse it with a reason (`refuse`): the office, never the applicant.

    `version` is the one that was looked at: what the applicant changed since must be looked at first.
    """
    row, capacity = held.hold(session, actor, expert_id)
    if event not in {ExpertEvent.LIST, ExpertEvent.REFUSE}:
        message = "请选择一项决定。"
        raise Invalid(message, code="no_decision", fields={"event": message})
    if row.state is ExpertState.APPLIED:
        held.require_version(row, version)
    held.move(session, row, event, capacity, actor_id=actor.account_id, reason=reason, now=now, new_id=new_id)
    action = "listed" if event is ExpertEvent.LIST else "refused"
    held.note(session, row, action, {}, actor_id=actor.account_id, now=now)
    telling.expert(session, row, "您的专家申请有了结果", _outcome(row), now=now, new_id=new_id)


def require_employer(session: Session, row: PoolExpert, *, has_no_employer: bool) -> None:
    """Raise Invalid where an entry names no unit and its expert has not said that there is none."""
    standing = (ExpertTie.expert_id == row.id, col(ExpertTie.removed_at).is_(None))
    if not has_no_employer and session.exec(select(ExpertTie.id).where(*standing).limit(1)).first() is None:
        raise Invalid(NO_EMPLOYER, code="no_employer", fields={"employers": NO_EMPLOYER})


def _outcome(row: PoolExpert) -> str:
    where = telling.place(row.region)
    if row.state is ExpertState.LISTED:
        return f"您已加入{where}，抽到您评审时会通知您。专家登录须启用二次验证，请现在设置。"
    return f"您加入{where}的申请没有通过。理由：{telling.because(row)}您可以补充后重新申请。"


def _row(
    session: Session, actor: Actor, region: str, sound: EntryForm, *, now: datetime, new_id: Callable[[], str]
) -> PoolExpert:
    account_id = actor.account_id
    fresh: dict[str, object] = {
        "id": new_id(),
        "account_id": account_id,
        "region": region,
        "state": ExpertState.APPLIED,
        **entries.columns(sound),
        "created_by": account_id,
        "created_at": now,
        "updated_at": now,
    }
    made = insert_unless_there(session, PoolExpert, [{**DEFAULTS, **fresh}])
    if made:
        return session.get_one(PoolExpert, made[0])
    mine = (PoolExpert.account_id == account_id, PoolExpert.region == region)
    expert_id = session.exec(select(PoolExpert.id).where(*mine)).one()
    row, capacity = held.hold(session, actor, expert_id)
    if row.state in LIVE:
        message = "您已在这个专家库里，或已有邀请、申请在办。请在“专家”页查看和修改。"
        raise Conflict(message, code="expert_there")
    held.move(session, row, ExpertEvent.APPLY_AGAIN, capacity, actor_id=account_id, now=now, new_id=new_id)
    for name, value in entries.columns(sound).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


DEFAULTS: dict[str, object] = {
    "reason": "",
    "title": "",
    "fields": [],
    "specialities": "",
    "terms": [],
    "phone": "",
    "bank_account": "",
    "term_starts_on": None,
    "term_ends_on": None,
    "most_at_once": 3,
    "version": 1,
    "listed_by": None,
    "listed_at": None,
}
"""What a fresh entry says where nobody has said anything."""
