"""Where targets and events lie, how they are called and which are called so, for the log."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.figures.tables import Event, Target, TargetAdoption
from marketplace.figures.words import Measure

MOST = 200
MEASURES: Mapping[str, str] = {
    Measure.SCENARIOS: "发布场景",
    Measure.LANDED: "落地的需求",
    Measure.ORDERED: "签约金额",
    Measure.EVENTS: "对接活动",
    Measure.COMMUNITIES: "OPC 社区",
    Measure.OPCS: "OPC 数量",
}


def _targets(session: Session, ids: Sequence[str]) -> dict[str, str]:
    # Adopting another region's targets writes into the same kind of chain.
    adopted = session.exec(select(TargetAdoption.id, TargetAdoption.region).where(col(TargetAdoption.id).in_(ids)))
    own = session.exec(select(Target.id, Target.region).where(col(Target.id).in_(ids)))
    return {**dict(adopted.all()), **dict(own.all())}


def _events(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Event.id, Event.region).where(col(Event.id).in_(ids))).all())


def _targets_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.exec(select(Target.id, Target.region, Target.measure).where(col(Target.id).in_(ids)))
    own = {one: f"{region.replace('/', '') or '全国'}的{MEASURES[measure]}" for one, region, measure in rows}
    adopted = session.exec(
        select(TargetAdoption.id, TargetAdoption.region, TargetAdoption.reference).where(
            col(TargetAdoption.id).in_(ids)
        )
    )
    return own | {
        one: f"{region.replace('/', '')}参照{reference.replace('/', '')}" for one, region, reference in adopted
    }


def _events_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Event.id, Event.title).where(col(Event.id).in_(ids))).all())


def _events_named(session: Session, words: str) -> list[str]:
    return list(session.exec(select(Event.id).where(col(Event.title).contains(words, autoescape=True)).limit(MOST)))


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"target": _targets, "event": _events}
TITLES: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    "target": _targets_called,
    "event": _events_called,
}
NAMED: Mapping[str, Callable[[Session, str], list[str]]] = {"event": _events_named}
