"""Policies: loaded from data, read by region."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from marketplace.kernel import audit, ids
from marketplace.kernel.errors import NotFound
from marketplace.policies.tables import Measure, Policy, PolicyRule
from marketplace.policies.views import MeasureView, PolicyStatus, PolicyView, RuleKind, RuleView

_RULE_LISTS = ("places", "places_by_analogy", "owners", "owners_by_analogy", "spares")


def shipped() -> str:
    """The text of the policies that come with the product (TOML)."""
    return files("marketplace.policies").joinpath("regional.toml").read_text(encoding="utf-8")


def parse(text: str) -> list[PolicyView]:
    """The policies of a TOML text, without ids. Raises ValueError where something is missing or of the wrong kind."""
    try:
        return [_parsed(policy) for policy in tomllib.loads(text)["policy"]]
    except KeyError as missing:
        raise ValueError(f"a policy lacks {missing}") from missing


def _parsed(policy: Mapping[str, Any]) -> PolicyView:
    return PolicyView(
        id="",
        region=policy["region"],
        title=policy["title"],
        status=PolicyStatus(policy["status"]),
        starts_on=policy.get("from"),
        ends_on=policy.get("to"),
        term=policy.get("term"),
        source=policy["source"],
        measures=tuple(_parsed_measure(measure) for measure in policy["measure"]),
        rules=tuple(_parsed_rule(rule) for rule in policy.get("rule", ())),
    )


def _parsed_measure(measure: Mapping[str, Any]) -> MeasureView:
    return MeasureView(
        clause=measure["clause"],
        topic=measure["topic"],
        summary=measure["summary"],
        quote=measure["quote"],
        value=Decimal(measure["value"]) if "value" in measure else None,
        unit=measure.get("unit"),
    )


def _parsed_rule(rule: Mapping[str, Any]) -> RuleView:
    return RuleView(
        key=rule["key"],
        kind=RuleKind(rule["kind"]),
        clause=rule["clause"],
        summary=rule["summary"],
        quote=rule["quote"],
        most=rule.get("most"),
        most_recognised=rule.get("most_recognised"),
        **{name: tuple(rule.get(name, ())) for name in _RULE_LISTS},
    )


def load(
    session: Session,
    *,
    now: datetime,
    wanted: Sequence[PolicyView] | None = None,
    actor_id: str | None = None,
) -> int:
    """Bring policies to what is wanted (by default the shipped ones), each found by region and title; others stay.

    Gives how many were written.
    """
    written = 0
    for policy in parse(shipped()) if wanted is None else wanted:
        row = session.exec(select(Policy).filter_by(region=policy.region, title=policy.title)).first()
        if row is not None and replace(_view(session, row), id="") == replace(policy, id=""):
            continue
        policy_id = policy_key(policy.region, policy.title)
        _write(session, policy, policy_id)
        written += 1
        payload = {"region": policy.region, "title": policy.title, "status": policy.status.value}
        audit.write(
            session,
            aggregate="policy",
            aggregate_id=policy_id,
            action="policy.loaded",
            actor_id=actor_id,
            payload=payload,
            now=now,
        )
    return written


def policy_key(region: str, title: str) -> str:
    """The id of a policy: public reference data, named by what it is and the same in every installation."""
    return ids.encode(hashlib.sha256(f"{region}\n{title}".encode()).digest()[: ids.BYTES])


def _write(session: Session, policy: PolicyView, policy_id: str) -> None:
    for table in (Measure, PolicyRule):
        session.execute(delete(table).where(col(table.policy_id) == policy_id))
    session.merge(
        Policy(
            id=policy_id,
            region=policy.region,
            title=policy.title,
            status=policy.status,
            starts_on=policy.starts_on,
            ends_on=policy.ends_on,
            term=policy.term,
            source=policy.source,
        )
    )
    session.flush()
    for number, measure in enumerate(policy.measures, start=1):
        session.add(
            Measure(
                policy_id=policy_id,
                number=number,
                clause=measure.clause,
                topic=measure.topic,
                summary=measure.summary,
                quote=measure.quote,
                value=None if measure.value is None else str(measure.value),
                unit=measure.unit,
            )
        )
    for number, rule in enumerate(policy.rules, start=1):
        session.add(
            PolicyRule(
                policy_id=policy_id,
                number=number,
                key=rule.key,
                kind=rule.kind,
                clause=rule.clause,
                summary=rule.summary,
                quote=rule.quote,
                most=rule.most,
                most_recognised=rule.most_recognised,
                places=list(rule.places),
                places_by_analogy=list(rule.places_by_analogy),
                owners=list(rule.owners),
                owners_by_analogy=list(rule.owners_by_analogy),
                spares=list(rule.spares),
            )
        )
    session.flush()


def get(session: Session, policy_id: str) -> PolicyView:
    """A policy with its measures, or NotFound."""
    row = session.get(Policy, policy_id)
    if row is None:
        raise NotFound("没有这项政策。", code="policy_missing")
    return _view(session, row)


def every(session: Session) -> list[PolicyView]:
    """Every policy, by region and title."""
    rows = session.exec(select(Policy).order_by(col(Policy.region), col(Policy.title)))
    return [_view(session, row) for row in rows.all()]


def by_region(session: Session, region: str, *, on: date | None = None) -> list[PolicyView]:
    """The policies that concern a region path: its own and those of every region above it, nearest first.

    With a day, those that have ended by it or not begun are left out; a policy without dates always counts.
    """
    steps = region.split("/") if region else []
    above = ["/".join(steps[:depth]) for depth in range(len(steps), 0, -1)]
    rows = session.exec(select(Policy).where(col(Policy.region).in_(above)).order_by(col(Policy.title))).all()
    live = [row for row in rows if on is None or _holds(row, on)]
    return [_view(session, row) for row in sorted(live, key=lambda row: -len(row.region))]


def _holds(policy: Policy, on: date) -> bool:
    return (policy.starts_on or on) <= on <= (policy.ends_on or on)


def _view(session: Session, row: Policy) -> PolicyView:
    measures = session.exec(select(Measure).where(Measure.policy_id == row.id).order_by(col(Measure.number)))
    rules = session.exec(select(PolicyRule).where(PolicyRule.policy_id == row.id).order_by(col(PolicyRule.number)))
    return PolicyView(
        id=row.id,
        region=row.region,
        title=row.title,
        status=row.status,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        term=row.term,
        source=row.source,
        measures=tuple(
            MeasureView(m.clause, m.topic, m.summary, m.quote, None if m.value is None else Decimal(m.value), m.unit)
            for m in measures
        ),
        rules=tuple(_rule_view(rule) for rule in rules),
    )


def _rule_view(row: PolicyRule) -> RuleView:
    return RuleView(
        key=row.key,
        kind=row.kind,
        clause=row.clause,
        summary=row.summary,
        quote=row.quote,
        most=row.most,
        most_recognised=row.most_recognised,
        **{name: tuple(getattr(row, name)) for name in _RULE_LISTS},
    )
