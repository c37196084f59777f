"""Where dealings lie, for the log: where their need is run."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.dealings.tables import Dealing


def _dealings(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Dealing.id, Dealing.region).where(col(Dealing.id).in_(ids))).all())


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {"dealing": _dealings}
