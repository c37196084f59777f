"""What units state about who stands behind them: every statement a version of its own, for the check of conflicts alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.accounts.words import OrganisationKind
from marketplace.experts.rules.background_forms import Background, changed, require_sound
from marketplace.experts.rules.facts import Named
from marketplace.experts.unit_tables import UnitBackground
from marketplace.kernel import audit
from marketplace.kernel.batches import batches
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound

FOREIGN = "这里由本单位人员填写和查看。请在页首切换到这个单位。"


@dataclass(frozen=True, slots=True)
class Version:
    """What a unit stated at one time, and who wrote it."""

    number: int
    content: Background
    stated_by: str
    stated_at: datetime


@dataclass(frozen=True, slots=True)
class Stated:
    """What a unit states, newest version first; none: it has stated nothing."""

    organisation_id: str
    name: str
    is_person: bool
    versions: tuple[Version, ...]
    may_state: bool = False

    @property
    def current(self) -> Background:
        """What stands now."""
        return self.versions[0].content if self.versions else Background()

    @property
    def version(self) -> int:
        """The number of what stands now, 0 for nothing."""
        return self.versions[0].number if self.versions else 0


def get(session: Session, actor: Actor, organisation_id: str) -> Stated:
    """What a unit states with all it stated before, for its own people; to everybody else there is nothing."""
    if not belongs_to(actor, organisation_id):
        raise NotFound(FOREIGN, code="foreign_background")
    return of(session, organisation_id, may_state=acts_for(actor, organisation_id))


def of(session: Session, organisation_id: str, *, may_state: bool = False) -> Stated:
    """What a unit states, for a caller that has found that somebody may look."""
    unit = organisations.get(session, organisation_id)
    query = select(UnitBackground).where(UnitBackground.organisation_id == organisation_id)
    found = session.exec(query.order_by(col(UnitBackground.version).desc())).all()
    names = accounts.names(session, {one.stated_by for one in found})
    return Stated(
        organisation_id=organisation_id,
        name=unit.name,
        is_person=unit.kind is OrganisationKind.NATURAL_PERSON,
        versions=tuple(Version(one.version, content(one), names[one.stated_by], one.stated_at) for one in found),
        may_state=may_state,
    )


def state(
    session: Session, actor: Actor, organisation_id: str, given: Background, *, version: int, now: datetime
) -> int:
    """State who stands behind the actor's unit; gives the number of what stands now.

    `version` is the one that was looked at, 0 where there was none. What is the same is not written again.

    Raises NotFound for who does not belong to the unit, NotAllowed for its readers, Invalid for what is wrong,
    Conflict where a colleague was faster.
    """
    if not belongs_to(actor, organisation_id):
        raise NotFound(FOREIGN, code="foreign_background")
    if not acts_for(actor, organisation_id):
        raise NotAllowed("“查看”身份不能修改，请由单位的负责人或经办人填写。", code="reader_only")
    sound = require_sound(given)
    organisations.held(session, organisation_id)
    before = of(session, organisation_id)
    if before.version != version:
        message = "您打开页面之后，同事改过关联信息。您填的还在，请核对最新内容后再保存。"
        raise Conflict(message, code="background_moved_on")
    parts = changed(before.current, sound)
    if not parts:
        return before.version
    session.add(_row(organisation_id, sound, number=version + 1, by=actor.account_id, now=now))
    session.flush()
    audit.write(
        session,
        aggregate="organisation",
        aggregate_id=organisation_id,
        action="organisation.background_stated",
        actor_id=actor.account_id,
        payload={"parts": parts, "version": version + 1},
        now=now,
    )
    return version + 1


def lacking(session: Session, organisation_ids: Collection[str]) -> list[str]:
    """Which of some units have stated nothing, in the order given. Says nothing of what the others stated."""
    known: set[str] = set()
    for some in batches(sorted(set(organisation_ids))):
        told = select(UnitBackground.organisation_id).where(col(UnitBackground.organisation_id).in_(some))
        known.update(session.exec(told.distinct()))
    return [one for one in dict.fromkeys(organisation_ids) if one not in known]


def content(row: UnitBackground) -> Background:
    """What a row says."""
    return Background(
        legal_representative=row.legal_representative,
        shareholders=tuple(row.shareholders),
        directors=tuple(row.directors),
        people=tuple(row.people),
        parents=tuple(Named(one["name"], one.get("uscc", "")) for one in row.parents),
        former_names=tuple(row.former_names),
        phones=tuple(row.phones),
        bank_accounts=tuple(row.bank_accounts),
    )


def _row(organisation_id: str, said: Background, *, number: int, by: str, now: datetime) -> UnitBackground:
    return UnitBackground(
        organisation_id=organisation_id,
        version=number,
        legal_representative=said.legal_representative,
        shareholders=list(said.shareholders),
        directors=list(said.directors),
        people=list(said.people),
        parents=[{"name": one.name, "uscc": one.uscc} for one in said.parents],
        former_names=list(said.former_names),
        phones=list(said.phones),
        bank_accounts=list(said.bank_accounts),
        stated_by=by,
        stated_at=now,
    )
