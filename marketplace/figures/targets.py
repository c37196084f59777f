"""Targets: shipped with the product or entered by an organiser, always with the words that set them."""

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, may_run_lists, require_may_run_lists
from marketplace.accounts.rules.regions import clean_path
from marketplace.figures.rules.stating import require_target
from marketplace.figures.tables import Target, TargetAdoption
from marketplace.figures.views import Goals, TargetForm, TargetView
from marketplace.figures.words import Measure, Per, Span
from marketplace.kernel import audit, ids
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.policies.views import PolicyStatus

FEN_IN_YUAN = 100


def shipped() -> str:
    """The text of the targets that come with the product (TOML)."""
    return files("marketplace.figures").joinpath("targets.toml").read_text(encoding="utf-8")


def parse(text: str) -> list[tuple[str, TargetForm]]:
    """The targets of a TOML text with their regions. Raises ValueError where something is missing or of a wrong kind."""
    try:
        return [(one["region"], _parsed(one)) for one in tomllib.loads(text)["target"]]
    except KeyError as missing:
        raise ValueError(f"a target lacks {missing}") from missing


def _parsed(one: Mapping[str, Any]) -> TargetForm:
    measure = Measure(one["measure"])
    value = int(one["value"]) * (FEN_IN_YUAN if measure is Measure.ORDERED else 1)
    return TargetForm(
        measure=measure,
        per=Per(one["per"]),
        span=Span(one["span"]),
        first_year=one["first_year"],
        last_year=one["last_year"],
        value=value,
        source=one["source"],
        clause=one["clause"],
        quote=one["quote"],
        note=one["note"],
        status=PolicyStatus(one["status"]),
    )


def load(session: Session, *, now: datetime) -> int:
    """Bring the shipped targets to what the product ships; what an organiser entered stays. Gives how many changed."""
    wanted = {_key(region, form): (region, form) for region, form in parse(shipped())}
    changed = 0
    for target_id, (region, form) in wanted.items():
        row = session.get(Target, target_id)
        if row is not None and _form(row) == form and row.withdrawn_at is None:
            continue
        entered_at = now if row is None else row.entered_at
        session.merge(Target(id=target_id, region=region, **asdict(form), entered_at=entered_at))
        _note(session, None, target_id, "target.loaded", {"region": region, "measure": form.measure.value}, now=now)
        changed += 1
    session.flush()
    return changed


def _key(region: str, form: TargetForm) -> str:
    words = "\n".join((region, form.measure.value, form.per.value, form.span.value, form.source))
    return ids.encode(hashlib.sha256(words.encode()).digest()[: ids.BYTES])


def enter(
    session: Session, actor: Actor, region: str, *, form: TargetForm, now: datetime, new_id: Callable[[], str]
) -> TargetView:
    """Enter a target of an organiser's own region, with its source."""
    place = clean_path(region)
    require_may_run_lists(actor, region=place)
    if not place:
        raise Invalid("请选择地区。", code="bad_target", fields={"region": "请选择地区。"})
    sound = require_target(form)
    row = Target(id=new_id(), region=place, **asdict(sound), entered_by=actor.account_id, entered_at=now)
    session.add(row)
    session.flush()
    payload = {"region": place, "measure": sound.measure.value, "value": sound.value, "source": sound.source}
    _note(session, actor, row.id, "target.entered", payload, now=now)
    return _view(row)


def withdraw(session: Session, actor: Actor, target_id: str, *, now: datetime) -> None:
    """Take back a target that an organiser entered; those of the product stay."""
    row = session.exec(select(Target).where(Target.id == target_id).with_for_update()).first()
    if row is None or row.withdrawn_at is not None or not may_run_lists(actor, region=row.region):
        raise NotFound("没有这条目标，或它不归您管理。", code="target_missing")
    if row.entered_by is None:
        raise Conflict("随产品提供的目标不能撤下。", code="target_shipped")
    row.withdrawn_at = now
    session.add(row)
    session.flush()
    _note(session, actor, row.id, "target.withdrawn", {"region": row.region}, now=now)


def adopt(
    session: Session, actor: Actor, region: str, *, reference: str, now: datetime, new_id: Callable[[], str]
) -> Goals:
    """Let a region without targets of its own measure itself against those of another, until it says otherwise."""
    place, other = clean_path(region), clean_path(reference)
    require_may_run_lists(actor, region=place)
    if _live(session, place):
        raise Conflict("本地区已有自己的目标，不需要参照别处。", code="has_own_targets")
    if place == other or not place or not _live(session, other):
        message = "请选择一个有目标的地区作参照。"
        raise Invalid(message, code="bad_reference", fields={"reference": message})
    row: dict[str, object] = {
        "id": new_id(),
        "region": place,
        "reference": other,
        "adopted_by": actor.account_id,
        "adopted_at": now,
        "withdrawn_at": None,
    }
    made = insert_unless_there(session, TargetAdoption, [row])
    if not made:
        raise Conflict("本地区已经选定了参照，请先取消再改选。", code="reference_there")
    _note(session, actor, made[0], "target.adopted", {"region": place, "reference": other}, now=now)
    return goals(session, place)


def drop(session: Session, actor: Actor, region: str, *, now: datetime) -> None:
    """Stop measuring a region against another one's targets."""
    place = clean_path(region)
    require_may_run_lists(actor, region=place)
    row = _adoption(session, place)
    if row is None:
        raise NotFound("本地区没有参照别处的目标。", code="reference_missing")
    row.withdrawn_at = now
    session.add(row)
    session.flush()
    _note(session, actor, row.id, "target.reference_dropped", {"region": place}, now=now)


def goals(session: Session, region: str) -> Goals:
    """What a region is measured against: its own targets, else those of the nearest region above, else adopted ones.

    A county inherits what a city set for each of its counties, and never the city's own targets.
    """
    steps = region.split("/") if region else []
    for depth in range(len(steps), 0, -1):
        place = "/".join(steps[:depth])
        wanted = Per.CITY if place == region else Per.COUNTY
        own = tuple(one for one in _live(session, place) if _counts(one, region, place))
        if own:
            return Goals(region, own)
        adopted = _adoption(session, place)
        if adopted is not None:
            of_reference = _live(session, adopted.reference)
            return Goals(region, tuple(one for one in of_reference if one.form.per is wanted), adopted.reference)
    return Goals(region, ())


def _counts(target: TargetView, region: str, place: str) -> bool:
    return target.form.per is (Per.CITY if place == region else Per.COUNTY)


def references(session: Session) -> list[tuple[str, PolicyStatus]]:
    """The regions whose targets can be adopted, with how far their policy has come."""
    rows = session.exec(select(Target).where(col(Target.withdrawn_at).is_(None)).order_by(col(Target.region)))
    return sorted({(row.region, row.status) for row in rows})


def of_region(session: Session, region: str) -> list[TargetView]:
    """The live targets that are set for a region itself or for its counties."""
    return _live(session, clean_path(region))


def adopted(session: Session, region: str) -> str | None:
    """Whose targets a region has adopted itself, or None."""
    row = _adoption(session, clean_path(region))
    return None if row is None else row.reference


def _live(session: Session, region: str) -> list[TargetView]:
    rows = session.exec(
        select(Target)
        .where(Target.region == region, col(Target.withdrawn_at).is_(None))
        .order_by(col(Target.per), col(Target.span), col(Target.entered_at), col(Target.id))
    )
    order = list(Measure)
    found = [_view(row) for row in rows]
    return sorted(found, key=lambda one: (one.form.per.value, order.index(one.form.measure), one.form.span.value))


def _adoption(session: Session, region: str) -> TargetAdoption | None:
    live = (TargetAdoption.region == region, col(TargetAdoption.withdrawn_at).is_(None))
    return session.exec(select(TargetAdoption).where(*live)).first()


def _form(row: Target) -> TargetForm:
    return TargetForm(
        measure=row.measure,
        per=row.per,
        span=row.span,
        first_year=row.first_year,
        last_year=row.last_year,
        value=row.value,
        source=row.source,
        clause=row.clause,
        quote=row.quote,
        note=row.note,
        status=row.status,
    )


def _view(row: Target) -> TargetView:
    return TargetView(row.id, row.region, _form(row), row.entered_by is None, row.entered_at)


def _note(
    session: Session, actor: Actor | None, target_id: str, action: str, payload: Mapping[str, object], *, now: datetime
) -> None:
    audit.write(
        session,
        aggregate="target",
        aggregate_id=target_id,
        action=action,
        actor_id=actor.account_id if actor else None,
        payload=payload,
        now=now,
    )
