"""Reading entries: one with its versions, the list by state, and what is in force."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, bounded
from marketplace.kernel.text import folded
from marketplace.lexicon.rules import contents, powers
from marketplace.lexicon.tables import LexiconEntry, LexiconVersion
from marketplace.lexicon.views import EntryLine, EntryView, Standing, VersionView
from marketplace.lexicon.words import Act, EntryState

PAGE = 50


def standing(session: Session) -> tuple[Standing, ...]:
    """What is in force, in the order in which it is laid over the lexicon: new concepts first, then changes, by age."""
    rows = session.exec(
        select(LexiconVersion, LexiconEntry)
        .join(LexiconEntry, col(LexiconEntry.id) == col(LexiconVersion.entry_id))
        .where(LexiconVersion.state == EntryState.APPROVED)
    ).all()
    ordered = sorted(rows, key=lambda pair: (pair[1].act is not Act.NEW, pair[1].created_at, pair[1].id))
    return tuple(Standing(entry.id, row.number, _content(row, entry.act)) for row, entry in ordered)


def get(session: Session, actor: Actor, entry_id: str) -> EntryView:
    """One entry that somebody may read, or NotFound."""
    powers.require_may_read(actor)
    entry = session.get(LexiconEntry, entry_id)
    rows = versions(session, entry_id)
    own = any(row.proposed_by == actor.account_id for row in rows)
    if entry is None or not (own or powers.reads_all(actor)):
        raise NotFound("没有这个词条，或它不是您提出的。")
    names = accounts.names(
        session, {one for row in rows for one in (row.proposed_by, row.decided_by, row.ended_by) if one}
    )
    return EntryView(entry.id, entry.version, tuple(_view(row, entry.act, names) for row in rows))


def versions(session: Session, entry_id: str) -> Sequence[LexiconVersion]:
    """Every version of an entry, newest first."""
    query = select(LexiconVersion).where(LexiconVersion.entry_id == entry_id)
    return session.exec(query.order_by(col(LexiconVersion.number).desc())).all()


def listed(
    session: Session, actor: Actor, *, states: Iterable[EntryState] = (), number: int = 1, size: int = PAGE
) -> Page[EntryLine]:
    """A page of versions, newest first, of some states or of all; members of organisations see their own."""
    powers.require_may_read(actor)
    number, size = bounded(number, size)
    where: list[ColumnElement[bool]] = [col(LexiconVersion.state).in_(sorted(states))] if states else []
    if not powers.reads_all(actor):
        where.append(col(LexiconVersion.proposed_by) == actor.account_id)
    total = session.exec(select(func.count()).select_from(LexiconVersion).where(*where)).one()
    rows = session.exec(
        select(LexiconVersion, LexiconEntry.act)
        .join(LexiconEntry, col(LexiconEntry.id) == col(LexiconVersion.entry_id))
        .where(*where)
        .order_by(col(LexiconVersion.proposed_at).desc(), col(LexiconVersion.entry_id), col(LexiconVersion.number))
        .offset((number - 1) * size)
        .limit(size)
    ).all()
    names = accounts.names(session, {row.proposed_by for row, _ in rows})
    lines = [
        EntryLine(
            row.entry_id,
            row.number,
            row.state,
            _content(row, act),
            names.get(row.proposed_by, ""),
            row.proposed_at,
        )
        for row, act in rows
    ]
    return Page(lines, total, number, size)


def waiting(session: Session) -> int:
    """How many proposals wait for a decision."""
    query = select(func.count()).select_from(LexiconVersion)
    return session.exec(query.where(LexiconVersion.state == EntryState.PROPOSED)).one()


def of_concept(session: Session, name: str) -> tuple[Standing, ...]:
    """What is in force about the concept of a name: the entry that brought it, and those that changed it."""
    return tuple(one for one in standing(session) if folded(one.content.concept) == folded(name))


def _content(row: LexiconVersion, act: str) -> contents.Content:
    return contents.load(act, row.concept, row.says)


def _view(row: LexiconVersion, act: Act, names: dict[str, str]) -> VersionView:
    def named(account_id: str | None) -> str:
        return names.get(account_id, "") if account_id else ""

    return VersionView(
        number=row.number,
        state=row.state,
        content=_content(row, act),
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposer=named(row.proposed_by),
        proposed_at=row.proposed_at,
        decision=row.decision,
        decider=named(row.decided_by),
        decided_at=row.decided_at,
        ending=row.ending,
        ender=named(row.ended_by),
        ended_at=row.ended_at,
    )
