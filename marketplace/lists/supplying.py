"""Which needs an organiser holds against the whole supply at once: those of an edition, or those on the lists of a region now.

What is found is no row: it is a cache that can be made again at any time, by the job that is asked for here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, may, may_run_lists
from marketplace.accounts.words import Role
from marketplace.kernel import jobs
from marketplace.kernel.errors import NotAllowed
from marketplace.lists import merged
from marketplace.lists.item_tables import Item
from marketplace.lists.items import NEEDS
from marketplace.lists.reach import column_covered
from marketplace.lists.tables import Edition, EditionEntry
from marketplace.lists.words import ItemState

JOB = "match_supply"


@dataclass(frozen=True, slots=True)
class Scope:
    """The needs of one edition, or, without one, those that stand on the lists of a region now."""

    region: str
    edition_id: str = ""

    @property
    def key(self) -> str:
        """What tells scopes apart."""
        return f"edition:{self.edition_id}" if self.edition_id else f"region:{self.region}"


def may_see(actor: Actor, region: str) -> bool:
    """Whether an actor runs the lists of a region or supervises it."""
    return may_run_lists(actor, region=region) or may(actor, Role.SUPERVISOR, region=region)


def require_may_see(actor: Actor, region: str) -> None:
    """Raise NotAllowed for everybody but organisers and supervisors of the region."""
    if not may_see(actor, region):
        raise NotAllowed("供需对照由本地区的主办方和监督查看。需要权限的，请联系管理员授权。", code="not_an_organiser")


def ask(session: Session, actor: Actor, scope: Scope, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Ask for the needs of a scope to be matched; where that is asked already, nothing more happens."""
    require_may_see(actor, scope.region)
    payload = {"region": scope.region, "edition_id": scope.edition_id}
    jobs.put(session, kind=JOB, payload=payload, now=now, new_id=new_id, unique_key=_unique(scope))


def is_asked(session: Session, scope: Scope) -> bool:
    """Whether the matching of a scope is asked for and has not ended."""
    return jobs.is_asked(session, unique_key=_unique(scope))


def needs(session: Session, scope: Scope) -> list[str]:
    """The open needs of a scope, in the order of their lists, the newest list first."""
    query = (
        select(Item.id)
        .where(Item.state == ItemState.OPEN, col(Item.kind).in_(NEEDS), merged.is_shown_itself())
        .order_by(col(Item.order_key).desc(), col(Item.id).desc())
    )
    if scope.edition_id:
        numbered = query.join(EditionEntry, col(EditionEntry.item_id) == col(Item.id)).where(
            EditionEntry.edition_id == scope.edition_id, col(EditionEntry.number).is_not(None)
        )
        return list(session.exec(numbered))
    listed = query.join(Edition, col(Edition.id) == col(Item.edition_id))
    return list(session.exec(listed.where(column_covered(col(Edition.region), scope.region))))


def _unique(scope: Scope) -> str:
    return f"{JOB}:{sha256(scope.key.encode()).hexdigest()[:32]}"
