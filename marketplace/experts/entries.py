"""Entries of the pool: read by those who may, their words changed by the expert, their term set by the office."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.tables import Account
from marketplace.experts import held, telling
from marketplace.experts.rules.entry_forms import Appointment, EntryForm, require_sound, require_sound_appointment
from marketplace.experts.rules.facts import Named, Relation, Tie
from marketplace.experts.rules.standing import Party
from marketplace.experts.tables import ExpertPast, ExpertRelation, ExpertTie, PoolExpert
from marketplace.experts.views import EntryView, Kept, PastView, RelationView, TieView
from marketplace.experts.words import ExpertField
from marketplace.kernel.errors import NotAllowed, NotFound


def get(session: Session, actor: Actor, expert_id: str) -> EntryView:
    """An entry with its ties, relations and history, for its expert, the office and supervisors; else NotFound."""
    return _view(session, actor, held.readable(session, actor, expert_id))


def own(session: Session, actor: Actor) -> list[EntryView]:
    """The actor's own entries, in the pools that it belongs to or belonged to, by region."""
    query = select(PoolExpert).where(PoolExpert.account_id == actor.account_id).order_by(col(PoolExpert.region))
    return [_view(session, actor, row) for row in session.exec(query).all()]


def own_one(session: Session, actor: Actor, expert_id: str) -> EntryView:
    """One of the actor's own entries, or NotFound."""
    found = get(session, actor, expert_id)
    if found.party is not Party.EXPERT:
        raise NotFound("这不是您本人的专家信息。", code="foreign_entry")
    return found


def amend(session: Session, actor: Actor, expert_id: str, *, form: EntryForm, version: int, now: datetime) -> EntryView:
    """Change what an expert says of itself; the earlier words are kept. Conflict where somebody was faster."""
    row, capacity = held.hold(session, actor, expert_id)
    if capacity is not Party.EXPERT:
        raise NotAllowed("个人信息由专家本人填写和修改；有误的请联系本人更正。", code="other_side_decides")
    sound = require_sound(form)
    held.require_live(row)
    held.require_version(row, version)
    write(session, row, sound, actor_id=actor.account_id, now=now)
    return _view(session, actor, row)


def write(session: Session, row: PoolExpert, sound: EntryForm, *, actor_id: str, now: datetime) -> None:
    """Put a sound form into an entry that is held; nothing is written where nothing changed."""
    new = columns(sound)
    changed = sorted(name for name, value in new.items() if getattr(row, name) != value)
    if not changed:
        return
    held.keep_past(session, row, changed_by=actor_id, now=now)
    for name, value in new.items():
        setattr(row, name, value)
    session.flush()
    held.note(session, row, "amended", {"parts": changed, "version": row.version}, actor_id=actor_id, now=now)


def set_term(
    session: Session,
    actor: Actor,
    expert_id: str,
    *,
    given: Appointment,
    version: int,
    now: datetime,
    new_id: Callable[[], str],
) -> EntryView:
    """Set from when to when an expert serves, and in how many rounds at once: the office alone."""
    row, capacity = held.hold(session, actor, expert_id)
    if capacity is not Party.OFFICE:
        raise NotAllowed("聘期由主办方设定；您本人的聘期请由其他主办方人员办理。", code="other_side_decides")
    sound = require_sound_appointment(given)
    held.require_live(row)
    held.require_version(row, version)
    if sound != appointment_of(row):
        held.keep_past(session, row, changed_by=actor.account_id, now=now)
        row.term_starts_on, row.term_ends_on, row.most_at_once = sound.starts_on, sound.ends_on, sound.most_at_once
        session.flush()
        _note_term(session, actor, row, sound, now=now)
        telling.expert(session, row, "您的专家聘期有变化", _said(row, sound), now=now, new_id=new_id)
    return _view(session, actor, row)


def columns(form: EntryForm) -> dict[str, object]:
    """What a form writes into a row."""
    return {
        "title": form.title,
        "fields": [one.value for one in form.fields],
        "specialities": form.specialities,
        "terms": list(form.terms),
        "phone": form.phone,
        "bank_account": form.bank_account,
    }


def form_of(row: PoolExpert) -> EntryForm:
    """What a row says of its expert."""
    fields = tuple(ExpertField(one) for one in row.fields)
    return EntryForm(row.title, fields, row.specialities, tuple(row.terms), row.phone, row.bank_account)


def appointment_of(row: PoolExpert) -> Appointment:
    """What the office has set."""
    return Appointment(row.term_starts_on, row.term_ends_on, row.most_at_once)


def _note_term(session: Session, actor: Actor, row: PoolExpert, sound: Appointment, *, now: datetime) -> None:
    payload: dict[str, object] = {
        "starts_on": sound.starts_on.isoformat() if sound.starts_on else "",
        "ends_on": sound.ends_on.isoformat() if sound.ends_on else "",
        "most_at_once": sound.most_at_once,
    }
    held.note(session, row, "term_set", payload, actor_id=actor.account_id, now=now)


def _said(row: PoolExpert, sound: Appointment) -> str:
    start = sound.starts_on.isoformat() if sound.starts_on else "即日"
    end = f"至 {sound.ends_on.isoformat()}" if sound.ends_on else "起，没有设定结束日期"
    return f"您在{telling.place(row.region)}的聘期：{start} {end}；最多同时评审 {sound.most_at_once} 个活动。"


def _view(session: Session, actor: Actor, row: PoolExpert) -> EntryView:
    account = session.get_one(Account, row.account_id)
    return EntryView(
        id=row.id,
        account_id=row.account_id,
        name=account.name,
        email=account.email,
        region=row.region,
        state=row.state,
        reason=row.reason,
        form=form_of(row),
        appointment=appointment_of(row),
        version=row.version,
        created_at=row.created_at,
        listed_at=row.listed_at,
        party=held.party(actor, row),
        ties=_ties(session, row),
        relations=_relations(session, row),
        past=_past(session, row),
    )


def _ties(session: Session, row: PoolExpert) -> tuple[TieView, ...]:
    query = select(ExpertTie).where(ExpertTie.expert_id == row.id)
    found = session.exec(query.order_by(col(ExpertTie.added_at), col(ExpertTie.id))).all()
    names = _names(session, found)
    return tuple(
        TieView(_kept(one, row, names), Tie(one.kind, Named(one.unit_name, one.uscc), one.since, one.until))
        for one in found
    )


def _relations(session: Session, row: PoolExpert) -> tuple[RelationView, ...]:
    query = select(ExpertRelation).where(ExpertRelation.expert_id == row.id)
    found = session.exec(query.order_by(col(ExpertRelation.added_at), col(ExpertRelation.id))).all()
    names = _names(session, found)
    return tuple(
        RelationView(_kept(one, row, names), Relation(one.kind, one.person, one.unit, one.until)) for one in found
    )


def _names(session: Session, found: Iterable[ExpertTie | ExpertRelation]) -> dict[str, str]:
    return accounts.names(session, {who for one in found for who in (one.added_by, one.removed_by) if who})


def _kept(one: ExpertTie | ExpertRelation, row: PoolExpert, names: dict[str, str]) -> Kept:
    return Kept(
        id=one.id,
        by_office=one.added_by != row.account_id,
        added_by=names[one.added_by],
        added_at=one.added_at,
        removed_by=names[one.removed_by] if one.removed_by else "",
        removed_at=one.removed_at,
        remove_reason=one.remove_reason,
    )


def _past(session: Session, row: PoolExpert) -> tuple[PastView, ...]:
    query = select(ExpertPast).where(ExpertPast.expert_id == row.id).order_by(col(ExpertPast.version).desc())
    found = session.exec(query).all()
    names = accounts.names(session, {one.changed_by for one in found})
    return tuple(PastView(one.version, one.content, names[one.changed_by], one.changed_at) for one in found)
