"""A filled SQLite database that is made once and copied where a test begins with it."""

import contextlib
import sqlite3
from collections.abc import Callable
from typing import Generic, TypeVar

from marketplace.kernel.db import Store

T = TypeVar("T")


class Kept(Generic[T]):
    """What was put into an empty database, with what names it; other databases are filled anew each time."""

    def __init__(self) -> None:
        self._made: tuple[T, sqlite3.Connection] | None = None

    def put(self, store: Store, make: Callable[[], T]) -> T:
        """Fill a store by `make`, or with a copy of what it made before where the store is SQLite's and empty."""
        if store.engine.dialect.name != "sqlite" or not _is_empty(store):
            return make()
        if self._made is None:
            found = make()
            held = sqlite3.connect(":memory:", check_same_thread=False)
            with _opened(store) as own:
                own.backup(held)
            self._made = found, held
            return found
        found, held = self._made
        with _opened(store) as own:
            held.backup(own)
        return found


def _opened(store: Store) -> contextlib.closing[sqlite3.Connection]:
    store.engine.dispose()
    return contextlib.closing(sqlite3.connect(str(store.engine.url.database)))


def _is_empty(store: Store) -> bool:
    with _opened(store) as own:
        return own.execute("SELECT count(*) FROM account").fetchone() == (0,)
