"""Procedure types: shipped as data, changed in versions by administrators, copied onto a round when it is published."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import files

from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.office import platform
from marketplace.kernel import audit, locks
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.rounds.procedure_tables import ProcedureType, ProcedureVersion
from marketplace.rounds.rules import procedures as rules
from marketplace.rounds.rules.procedures import Procedure
from marketplace.rounds.views import ProcedureView

MIN_REASON = 4


def shipped() -> list[Procedure]:
    """The procedure types that come with the product."""
    return rules.parse(files("marketplace.rounds").joinpath("procedures.toml").read_text(encoding="utf-8"))


def load(session: Session, *, now: datetime, wanted: Sequence[Procedure] | None = None) -> int:
    """Add those of the shipped types that are not there yet; what stands is never touched. Gives how many came."""
    locks.hold(session, "procedures")
    known = set(session.exec(select(ProcedureType.key)))
    new = [procedure for procedure in (shipped() if wanted is None else wanted) if procedure.key not in known]
    for procedure in new:
        _add(session, procedure, actor_id=None, action="procedure.loaded", now=now)
    return len(new)


def listed(session: Session) -> list[ProcedureView]:
    """Every procedure type as it stands, in the order of the shipped ones, then by title."""
    rows = session.exec(
        select(ProcedureVersion).join(
            ProcedureType,
            (col(ProcedureType.key) == col(ProcedureVersion.key))
            & (col(ProcedureType.current_number) == col(ProcedureVersion.number)),
        )
    ).all()
    places = {procedure.key: place for place, procedure in enumerate(shipped())}
    views = _views(session, rows)
    return sorted(views, key=lambda one: (places.get(one.procedure.key, len(places)), one.procedure.title))


def get(session: Session, key: str, *, number: int | None = None) -> ProcedureView:
    """A procedure type as it stands, or as a version said; or NotFound."""
    row = session.get(ProcedureType, key)
    version = None
    if row is not None:
        version = session.get(ProcedureVersion, (key, row.current_number if number is None else number))
    if version is None:
        raise NotFound("没有这种程序类型，请从程序类型列表中查找。", code="procedure_missing")
    return _views(session, [version])[0]


def history(session: Session, key: str) -> list[ProcedureView]:
    """Every version of a procedure type, newest first."""
    newest_first = col(ProcedureVersion.number).desc()
    rows = session.exec(select(ProcedureVersion).where(ProcedureVersion.key == key).order_by(newest_first)).all()
    return _views(session, rows)


def change(
    session: Session, actor: Actor, wanted: Procedure, *, version: int, reason: str, now: datetime
) -> ProcedureView:
    """Write the next version of a procedure type; the same again writes nothing. Its key and basis stay.

    `version` is the number that was being edited. Administrators alone; Invalid by field, Conflict where another came
    between. Rounds that are published keep their own copy.
    """
    platform.require_administrator(actor)
    locks.hold(session, f"procedure:{wanted.key}")
    standing = get(session, wanted.key)
    if standing.number != version:
        message = f"这种程序类型刚由别人改过（第 {standing.number} 版），您的改动没有保存。请对照最新内容重新修改。"
        raise Conflict(message, code="procedure_changed")
    wanted = replace(wanted, basis=standing.procedure.basis)
    _require_sound(session, wanted, reason)
    if wanted == standing.procedure:
        return standing
    row = session.get_one(ProcedureType, wanted.key)
    row.current_number, row.title = version + 1, wanted.title
    session.add(row)
    _write(session, wanted, number=version + 1, reason=reason.strip(), actor_id=actor.account_id, now=now)
    audit.write(
        session,
        aggregate="procedure",
        aggregate_id=wanted.key,
        action="procedure.changed",
        actor_id=actor.account_id,
        payload={"version": version + 1, "reason": reason.strip()},
        now=now,
    )
    return get(session, wanted.key)


def copy(
    session: Session, actor: Actor, key: str, *, title: str, now: datetime, new_id: Callable[[], str]
) -> ProcedureView:
    """Make a new procedure type that says what another says, under a title of its own. Administrators alone."""
    platform.require_administrator(actor)
    locks.hold(session, "procedures")
    made = replace(get(session, key).procedure, key=new_id(), title=title.strip())
    _require_sound(session, made, None)
    _add(session, made, actor_id=actor.account_id, action="procedure.copied", now=now)
    return get(session, made.key)


def _require_sound(session: Session, wanted: Procedure, reason: str | None) -> None:
    wrong = rules.faults(wanted)
    named = select(ProcedureType.key).where(ProcedureType.title == wanted.title.strip())
    if "title" not in wrong and session.exec(named.where(ProcedureType.key != wanted.key)).first() is not None:
        wrong["title"] = "已有同名的程序类型，请换一个名称。"
    if reason is not None and not MIN_REASON <= len(reason.strip()) <= rules.MAX_TEXT:
        wrong["reason"] = f"请写明为什么修改，{MIN_REASON} 到 {rules.MAX_TEXT} 个字，会记入留痕。"
    if wrong:
        raise Invalid("还有内容需要改正。", code="procedure_unsound", fields=wrong)


def _add(session: Session, procedure: Procedure, *, actor_id: str | None, action: str, now: datetime) -> None:
    session.add(ProcedureType(key=procedure.key, title=procedure.title, current_number=1))
    session.flush()
    _write(session, procedure, number=1, reason="", actor_id=actor_id, now=now)
    audit.write(
        session,
        aggregate="procedure",
        aggregate_id=procedure.key,
        action=action,
        actor_id=actor_id,
        payload={"version": 1},
        now=now,
    )


def _write(
    session: Session, procedure: Procedure, *, number: int, reason: str, actor_id: str | None, now: datetime
) -> None:
    session.add(
        ProcedureVersion(
            key=procedure.key,
            number=number,
            content=rules.as_record(procedure),
            reason=reason,
            written_by=actor_id,
            written_at=now,
        )
    )
    session.flush()


def _views(session: Session, rows: Sequence[ProcedureVersion]) -> list[ProcedureView]:
    names = accounts.names(session, {row.written_by for row in rows if row.written_by})
    return [
        ProcedureView(
            procedure=rules.of_record(row.content),
            number=row.number,
            reason=row.reason,
            written_by=None if row.written_by is None else names.get(row.written_by, "已注销用户"),
            written_at=row.written_at,
        )
        for row in rows
    ]
