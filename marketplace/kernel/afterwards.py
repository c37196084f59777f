"""What is done outside the database once a transaction has been committed, and not at all where it is undone."""

from collections.abc import Callable

from sqlmodel import Session

_KEY = "afterwards"


def do(session: Session, act: Callable[[], object]) -> None:
    """Do something after the running transaction is committed. The process may die in between: it must not matter."""
    session.info.setdefault(_KEY, []).append(act)


def run(session: Session) -> None:
    """Do what was asked for; the unit of work calls it after its commit."""
    for act in session.info.pop(_KEY, []):
        act()
