"""Where targets and events lie, for the log."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.figures.tables import Event, Target


def _targets(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Target.id, Target.region).where(col(Target.id).in_(ids))).all())


def _events(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Event.id, Event.region).where(col(Event.id).in_(ids))).all())


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"target": _targets, "event": _events}
