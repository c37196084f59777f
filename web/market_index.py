"""The index of an installation: opened, kept in step with the market, and made anew when the lexicon changes.

While a new index is made in a thread of its own the old one serves; then one takes the other's place at once. Every
server process sees by the change record that the lexicon has changed, and does this by itself.
"""

import threading
import time
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from marketplace.kernel.db import Store

if TYPE_CHECKING:
    from matching.concepts import Lexicon
    from matching.encoder import Encoder
    from matching.engine import Engine
    from matching.layered import Amendment, Laid
    from matching.pace import Pause
    from matching.specialists import Specialists

log = structlog.get_logger()

RETRY_SECONDS: Final = 60.0
"""How long a process waits after a making that failed."""
CLOSING_SECONDS: Final = 10.0
STEP: Final = 2_000


@lru_cache(maxsize=2)
def _lay(shipped: "Lexicon", amendments: "tuple[Amendment, ...]") -> "Laid":
    """The lexicon with entries in it; made once in a process, however many installations share them."""
    from matching import layered

    return layered.lay(shipped, amendments)


@cache
def _give_back() -> None:
    """Once in a process: what reading the model, the lexicon and the index left behind, some seventy megabytes."""
    from matching import memory

    memory.give_back()


def _pace(is_over: Callable[[], bool]) -> "Pause":
    from matching.pace import Pace

    return Pace(is_over)


class MarketIndex:
    """The engine that answers now, and the one that will. Safe to use from any thread."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        model: "Callable[[], tuple[Encoder, Lexicon]]",
        *,
        pace: "Callable[[Callable[[], bool]], Pause]" = _pace,
    ) -> None:
        """`pace` makes what is called between the steps of a making; it is told how to ask whether to give up."""
        self._store = store
        self._folder = folder
        self._model = model
        self._pace = pace
        self._engine: Engine | None = None
        self._laid: Laid | None = None
        self._specialists: Specialists | None = None
        self._following = threading.Lock()
        self._watching = threading.Lock()
        self._maker: threading.Thread | None = None
        self._looked_at: int | None = None
        self._not_before = 0.0
        self._is_closing = threading.Event()

    @property
    def engine(self) -> "Engine":
        """The engine that answers now."""
        if self._engine is None:
            raise RuntimeError("the index is not open yet")
        return self._engine

    @property
    def laid(self) -> "Laid":
        """The lexicon that the engine reads by, with the entries that are in it."""
        if self._laid is None:
            raise RuntimeError("the index is not open yet")
        return self._laid

    @property
    def shipped(self) -> "Lexicon":
        """The lexicon as it is shipped, without entries."""
        return self._model()[1]

    @property
    def is_ready(self) -> bool:
        """Whether there is an engine."""
        return self._engine is not None

    @property
    def is_making(self) -> bool:
        """Whether a new engine is on its way."""
        return self._maker is not None and self._maker.is_alive()

    @property
    def specialists(self) -> "Specialists":
        """What ranks experts by the engine that answers now; made when somebody first asks."""
        from matching.specialists import Specialists

        with self._following:
            if self._specialists is None:
                self._specialists = Specialists(self.engine)
            return self._specialists

    def open(self) -> None:
        """Load the saved index and bring it up to the market as it stands; where there is none, make it now."""
        with self._following:
            laid = self._standing()
            engine = self._opened(laid)
            self._catch_up(engine)
            self._take(engine, laid)
        _give_back()

    def follow(self) -> int:
        """Bring the index up to the market; returns how many documents changed.

        Where the lexicon has changed, a new index is begun.
        """
        with self._following:
            if self._engine is None:
                return 0
            changed = self._catch_up(self._engine)
        self._look_at_lexicon()
        return changed

    def save(self) -> None:
        """Write the index to disk, so that the next start need not make it; one of an outdated lexicon is not written.

        It would take the place of the newer one that another process may have written, and be of no use to anybody.
        """
        with self._following:
            if self._engine is None:
                return
            try:
                is_current = self._is_current()
            except SQLAlchemyError:
                # The database is gone before the server is: the index is a cache, and made anew at the next start.
                log.warning("index_not_saved", exc_info=True)
                return
            if is_current:
                self._engine.save()

    def close(self) -> None:
        """Give up a making that is under way, wait for its end, and let go of the engine and its memory."""
        self._is_closing.set()
        self.wait(CLOSING_SECONDS)
        if self._following.acquire(timeout=CLOSING_SECONDS):
            self._engine = self._specialists = None
            self._following.release()

    def wait(self, seconds: float) -> bool:
        """Wait until no engine is on its way; tells whether that came about in time."""
        if self._maker is not None:
            self._maker.join(seconds)
        return not self.is_making

    def _standing(self) -> "Laid":
        laid = _lay(self._model()[1], self._amendments())
        for one in laid.refused:
            log.warning("lexicon_entry_left_out", entry=one.amendment.key[0], faults=list(one.faults))
        return laid

    def _amendments(self) -> "tuple[Amendment, ...]":
        from matching import corpus

        with self._store.reading() as session:
            return corpus.amendments(session)

    def _is_current(self) -> bool:
        return frozenset(one.key for one in self._amendments()) == self.laid.keys

    def _opened(self, laid: "Laid") -> "Engine":
        from matching.engine import Engine

        engine = Engine.open(self._folder, encoder=self._model()[0], lexicon=laid.lexicon)
        if engine.position == 0:
            log.info("index_is_being_made", folder=str(self._folder), entries=len(laid.keys))
        return engine

    def _take(self, engine: "Engine", laid: "Laid") -> None:
        self._engine, self._laid, self._specialists = engine, laid, None

    def _catch_up(self, engine: "Engine", pause: "Pause | None" = None) -> int:
        from matching.refresh import refresh

        changed = 0
        while step := refresh(engine, self._store, limit=STEP, pause=pause):
            changed += step
        if changed:
            log.info("index_followed", changed=changed, position=engine.position)
        return changed

    def _look_at_lexicon(self) -> None:
        """Begin a new index where the lexicon is another; asked only after something has changed."""
        if not self._watching.acquire(blocking=False):
            return
        try:
            engine = self._engine
            if engine is None or self.is_making or time.monotonic() < self._not_before:
                return
            position = engine.position
            if position == self._looked_at:
                return
            if not self._is_current() and not self._is_closing.is_set():
                self._maker = threading.Thread(target=self._make, name="index-maker", daemon=True)
                self._maker.start()
            else:
                self._looked_at = position
        finally:
            self._watching.release()

    def _make(self) -> None:
        from matching.pace import Stopped

        try:
            self._make_anew()
        except Stopped:
            log.info("index_not_made", reason="the server stops")
        except Exception:
            # What serves goes on serving; a fault that lasts is written into the log once a minute.
            self._not_before = time.monotonic() + RETRY_SECONDS
            log.exception("index_not_made")

    def _make_anew(self) -> None:
        began = time.monotonic()
        laid = self._standing()
        engine = self._opened(laid)
        self._catch_up(engine, self._pace(self._is_closing.is_set))
        self._keep(engine, laid)
        with self._following:
            self._catch_up(engine)
            self._take(engine, laid)
        log.info("index_changed_over", entries=len(laid.keys), seconds=round(time.monotonic() - began, 1))

    def _keep(self, engine: "Engine", laid: "Laid") -> None:
        """Write a new index before anybody asks it, since writing holds up changes; not what another process wrote."""
        from matching import store

        if frozenset(one.key for one in self._amendments()) != laid.keys:
            return
        if not store.is_there(self._folder, encoder=engine.encoder, lexicon=laid.lexicon.digest):
            engine.save()
