"""Reading the pool of experts: one entry, what conflicts are looked for in, who may be drawn on a day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from marketplace.accounts.actors import covers
from marketplace.accounts.tables import Account
from marketplace.experts.rules.facts import Expert, Named, Relation, Tie
from marketplace.experts.tables import ExpertRelation, ExpertTie, PoolExpert
from marketplace.experts.words import ExpertField, ExpertState
from marketplace.kernel.batches import batches
from marketplace.kernel.errors import NotFound

UNKNOWN = "专家库里没有这位专家。"


@dataclass(frozen=True, slots=True)
class Listed:
    """An expert who is in the pool, as those see it who draw."""

    id: str
    account_id: str
    name: str
    title: str
    fields: tuple[ExpertField, ...]
    specialities: str
    terms: tuple[str, ...]
    most_at_once: int


def row(session: Session, expert_id: str) -> PoolExpert:
    """An entry's row, or NotFound."""
    found = session.get(PoolExpert, expert_id)
    if found is None:
        raise NotFound(UNKNOWN, code="expert_missing")
    return found


def in_term(row_: PoolExpert, day: date) -> bool:
    """Whether a day lies within an expert's term; a term that was never set does not bind."""
    starts, ends = row_.term_starts_on, row_.term_ends_on
    return (starts is None or starts <= day) and (ends is None or day <= ends)


def drawable(session: Session, region: str, *, on: date) -> list[Listed]:
    """Everybody who may be drawn for a region on a day, by id: listed in a pool that covers it, in term, live account."""
    query = (
        select(PoolExpert, Account.name)
        .join(Account, col(Account.id) == col(PoolExpert.account_id))
        .where(PoolExpert.state == ExpertState.LISTED, col(Account.disabled_at).is_(None))
        .order_by(col(PoolExpert.id))
    )
    found: dict[str, Listed] = {}
    for entry, name in session.exec(query):
        if covers(entry.region, region) and in_term(entry, on):
            found.setdefault(entry.account_id, _listed(entry, name))
    return sorted(found.values(), key=lambda one: one.id)


def listed_ids(session: Session) -> frozenset[str]:
    """The entries of every pool that stand listed, in term or not."""
    return frozenset(session.exec(select(PoolExpert.id).where(PoolExpert.state == ExpertState.LISTED)))


def many(session: Session, expert_ids: Collection[str]) -> dict[str, Listed]:
    """Some entries by id, whatever their state."""
    query = select(PoolExpert, Account.name).join(Account, col(Account.id) == col(PoolExpert.account_id))
    return {
        entry.id: _listed(entry, name)
        for some in batches(sorted(set(expert_ids)))
        for entry, name in session.exec(query.where(col(PoolExpert.id).in_(some)))
    }


def facts(session: Session, expert_ids: Iterable[str]) -> dict[str, Expert]:
    """What conflicts are looked for in, by id: contacts, ties and relations that are not struck out."""
    found: dict[str, Expert] = {}
    for some in batches(sorted(set(expert_ids))):
        ties: dict[str, list[Tie]] = {one: [] for one in some}
        relations: dict[str, list[Relation]] = {one: [] for one in some}
        standing = (col(ExpertTie.expert_id).in_(some), col(ExpertTie.removed_at).is_(None))
        for tie in session.exec(select(ExpertTie).where(*standing).order_by(col(ExpertTie.id))):
            ties[tie.expert_id].append(Tie(tie.kind, Named(tie.unit_name, tie.uscc), tie.since, tie.until))
        declared = (col(ExpertRelation.expert_id).in_(some), col(ExpertRelation.removed_at).is_(None))
        for one in session.exec(select(ExpertRelation).where(*declared).order_by(col(ExpertRelation.id))):
            relations[one.expert_id].append(Relation(one.kind, one.person, one.unit, one.until))
        entries = select(PoolExpert, Account).join(Account, col(Account.id) == col(PoolExpert.account_id))
        for entry, account in session.exec(entries.where(col(PoolExpert.id).in_(some))):
            found[entry.id] = Expert(
                name=account.name,
                phone=entry.phone,
                email=account.email,
                bank_account=entry.bank_account,
                ties=tuple(ties[entry.id]),
                relations=tuple(relations[entry.id]),
            )
    return found


def of_account(session: Session, account_id: str) -> list[PoolExpert]:
    """The entries of one person, in the pools that it belongs to or belonged to."""
    return list(
        session.exec(select(PoolExpert).where(PoolExpert.account_id == account_id).order_by(col(PoolExpert.id)))
    )


def _listed(entry: PoolExpert, name: str) -> Listed:
    return Listed(
        id=entry.id,
        account_id=entry.account_id,
        name=name,
        title=entry.title,
        fields=tuple(ExpertField(one) for one in entry.fields),
        specialities=entry.specialities,
        terms=tuple(entry.terms),
        most_at_once=entry.most_at_once,
    )
