"""Entries of the lexicon: proposed by one person, decided by another, never overwritten.

What is in force reaches every server by the change record. Whether the lexicon stays sound is asked of a function that
the caller gives: the marketplace knows no matcher.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.kernel import audit, changes, locks
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.kernel.words import ChangedKind
from marketplace.lexicon import deciders, reading
from marketplace.lexicon.rules import contents, powers
from marketplace.lexicon.rules.contents import Content
from marketplace.lexicon.tables import LexiconEntry, LexiconVersion
from marketplace.lexicon.views import Standing
from marketplace.lexicon.words import EntryState

AGGREGATE: Final = "lexicon"
_TURN: Final = "lexicon"

Check = Callable[[Sequence[Standing]], Sequence[str]]
"""Says what would be wrong with the lexicon if these were in force, a sentence a fault; nothing where it is sound."""


def propose(
    session: Session, actor: Actor, content: Content, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> str:
    """Propose an entry; gives its id."""
    powers.require_may_propose(actor)
    cleaned, why = _clean(content, reason)
    entry = LexiconEntry(id=new_id(), act=cleaned.act, version=1, created_at=now)
    session.add(entry)
    session.flush()
    _add_version(session, actor, entry, cleaned, reason=why, now=now)
    return entry.id


def amend(
    session: Session, actor: Actor, entry_id: str, content: Content, *, reason: str, version: int, now: datetime
) -> int:
    """Propose a new version of an entry, whatever became of the last; what is in force stays so until it is approved.

    Gives the number of the version. Conflict where a proposal waits already or somebody was faster.
    """
    powers.require_may_propose(actor)
    reading.get(session, actor, entry_id)
    entry = _entry(session, entry_id, version)
    if _in_state(session, entry_id, EntryState.PROPOSED) is not None:
        raise Conflict("这个词条已有一版在等待审定，审定之后才能再提出修改。", code="entry_waiting")
    if content.act is not entry.act:
        raise Invalid("词条的类别不能改变，请另提一个词条。", code="entry_act")
    cleaned, why = _clean(content, reason)
    entry.version += 1
    session.add(entry)
    _add_version(session, actor, entry, cleaned, reason=why, now=now)
    return entry.version


def approve(
    session: Session,
    actor: Actor,
    entry_id: str,
    *,
    version: int,
    note: str,
    check: Check,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Bring the version that waits into force in place of the one before; Invalid where the lexicon would not be sound."""
    entry, row = _to_decide(session, actor, entry_id, version)
    before = _in_state(session, entry_id, EntryState.APPROVED)
    if before is not None:
        _end(before, EntryState.REPLACED, actor, "", now)
        session.add(before)
        session.flush()
    row.state, row.decision, row.decided_by, row.decided_at = EntryState.APPROVED, note.strip(), actor.account_id, now
    session.add(row)
    session.flush()
    _require_sound(session, check, before="还不能批准")
    changes.put(session, ChangedKind.LEXICON, [entry.id])
    _note(session, entry, row, actor, action="lexicon.approved", reason=row.decision, now=now)
    _tell(session, actor, row, said="已批准", why=row.decision, now=now, new_id=new_id)


def decline(
    session: Session,
    actor: Actor,
    entry_id: str,
    *,
    version: int,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Decline the version that waits, with a reason; what is in force stays."""
    entry, row = _to_decide(session, actor, entry_id, version)
    row.decision = contents.clean_reason(reason, field="reason", asked="不采纳的理由")
    row.state, row.decided_by, row.decided_at = EntryState.DECLINED, actor.account_id, now
    session.add(row)
    session.flush()
    _note(session, entry, row, actor, action="lexicon.declined", reason=row.decision, now=now)
    _tell(session, actor, row, said="未采纳", why=row.decision, now=now, new_id=new_id)


def withdraw(
    session: Session,
    actor: Actor,
    entry_id: str,
    *,
    version: int,
    reason: str,
    check: Check,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Take what is in force of an entry out of the lexicon; Invalid where other entries rest on it."""
    powers.require_may_decide(actor)
    entry = _entry(session, entry_id, version)
    row = _in_state(session, entry_id, EntryState.APPROVED)
    if row is None:
        raise Conflict("这个词条没有在用的版本，不需要撤回。", code="entry_not_in_force")
    require_another(session, actor, proposed_by=row.proposed_by)
    why = contents.clean_reason(reason, field="reason", asked="撤回的理由")
    _end(row, EntryState.WITHDRAWN, actor, why, now)
    session.add(row)
    session.flush()
    _require_sound(session, check, before="还不能撤回")
    changes.gone(session, ChangedKind.LEXICON, [entry.id])
    _note(session, entry, row, actor, action="lexicon.withdrawn", reason=why, now=now)
    _tell(session, actor, row, said="已撤回", why=why, now=now, new_id=new_id)


def is_barred(session: Session, actor: Actor, *, proposed_by: str) -> bool:
    """Whether somebody may not decide a version since it is its own and somebody else can."""
    return powers.is_barred(actor, proposed_by=proposed_by, others=deciders.is_another(session, proposed_by))


def require_another(session: Session, actor: Actor, *, proposed_by: str) -> None:
    """Raise NotAllowed where somebody would decide its own although somebody else can."""
    others = deciders.is_another(session, proposed_by)
    powers.require_another(actor, proposed_by=proposed_by, others=others)


def _to_decide(session: Session, actor: Actor, entry_id: str, version: int) -> tuple[LexiconEntry, LexiconVersion]:
    powers.require_may_decide(actor)
    entry = _entry(session, entry_id, version)
    row = _in_state(session, entry_id, EntryState.PROPOSED)
    if row is None:
        raise Conflict("这个词条没有等待审定的版本，可能刚由别人审定。", code="entry_not_waiting")
    require_another(session, actor, proposed_by=row.proposed_by)
    return entry, row


def _entry(session: Session, entry_id: str, version: int) -> LexiconEntry:
    # One decision at a time over the whole lexicon: two entries that are sound alone may clash.
    locks.hold(session, _TURN)
    entry = session.exec(select(LexiconEntry).where(LexiconEntry.id == entry_id).with_for_update()).first()
    if entry is None:
        raise NotFound("没有这个词条。")
    if entry.version != version:
        raise Conflict("这个词条刚由别人提出了新的一版，请刷新页面后再办理。", code="entry_changed")
    return entry


def _in_state(session: Session, entry_id: str, state: EntryState) -> LexiconVersion | None:
    query = select(LexiconVersion).where(LexiconVersion.entry_id == entry_id, LexiconVersion.state == state)
    return session.exec(query).first()


def _end(row: LexiconVersion, state: EntryState, actor: Actor, why: str, now: datetime) -> None:
    row.state, row.ending, row.ended_by, row.ended_at = state, why, actor.account_id, now


def _require_sound(session: Session, check: Check, *, before: str) -> None:
    faults = check(reading.standing(session))
    if faults:
        raise Invalid(f"{before}：{'；'.join(faults)}。", code="lexicon_faults")


def _clean(content: Content, reason: str) -> tuple[Content, str]:
    wrong: dict[str, str] = {}
    why, cleaned = "", content
    try:
        cleaned = contents.clean(content)
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        why = contents.clean_reason(reason, field="reason", asked="提出的理由")
    except Invalid as refusal:
        wrong |= refusal.fields
    if wrong:
        raise Invalid("词条没有保存，请改正标出的地方。", code="bad_entry", fields=wrong)
    return cleaned, why


def _add_version(
    session: Session, actor: Actor, entry: LexiconEntry, content: Content, *, reason: str, now: datetime
) -> None:
    row = LexiconVersion(
        entry_id=entry.id,
        number=entry.version,
        state=EntryState.PROPOSED,
        concept=content.concept,
        says=contents.dump(content),
        reason=reason,
        proposed_by=actor.account_id,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, entry, row, actor, action="lexicon.proposed", reason=reason, now=now)


def _note(
    session: Session,
    entry: LexiconEntry,
    row: LexiconVersion,
    actor: Actor,
    *,
    action: str,
    reason: str,
    now: datetime,
) -> None:
    said = contents.load(entry.act, row.concept, row.says)
    payload = {
        "version": row.number,
        "title": row.concept,
        "concept_act": entry.act.value,
        "concept_kind": said.kind.value if said.kind else None,
        "gloss": said.gloss,
        "names": list(said.names),
        "names_removed": list(said.removed),
        "parents": list(said.parents),
        "lookalikes": list(said.lookalikes),
        "contexts": {name: list(words) for name, words in said.context},
        "reason": reason,
    }
    audit.write(
        session,
        aggregate=AGGREGATE,
        aggregate_id=entry.id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )


def _tell(
    session: Session,
    actor: Actor,
    row: LexiconVersion,
    *,
    said: str,
    why: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    if row.proposed_by == actor.account_id:
        return
    messages.tell(
        session,
        account_ids=[row.proposed_by],
        subject=f"您提出的词条“{row.concept}”{said}",
        text=f"第 {row.number} 版{said}。{why}".strip(),
        link=f"/lexicon/entries/{row.entry_id}",
        now=now,
        new_id=new_id,
    )
