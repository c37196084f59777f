"""One installation put together: its database, files, index, clock and ids.

This is the only place where the parts of a running process meet; everything below receives what it needs.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from anyio import CapacityLimiter

from marketplace.dealings import shown
from marketplace.kernel import ids
from marketplace.kernel.db import Store, connect
from marketplace.kernel.files import FileStore
from marketplace.rounds import filed
from marketplace.rounds.bidding import keyring
from web.admission import Admissions
from web.market_index import MarketIndex
from web.remembered import Remembered
from web.sandbox import SandboxedClock
from web.settings import Settings
from web.showings import Showings

if TYPE_CHECKING:
    from matching.concepts import Lexicon
    from matching.encoder import Encoder
    from matching.engine import Engine
    from matching.specialists import Specialists

EMBEDDED_WRITERS = 2
"""So many requests write at once on SQLite, which lets one in after the other: the next is ready while one ends.

More would wait inside the database, which asks again and again, in no order, and gives up after a while.
"""

FILES_AT_ONCE = 2
"""So many list files are read at once: each may take a gigabyte for as long as it is read."""


def new_id() -> str:
    """A random public id."""
    return ids.encode(secrets.token_bytes(ids.BYTES))


def now() -> datetime:
    """The server's clock, in UTC."""
    return datetime.now(UTC)


@cache
def model(name: str | None) -> "tuple[Encoder, Lexicon]":
    """The encoder and the shipped lexicon, read once in a process: neither changes, however many installations share them."""
    from matching import concepts, encoder

    return encoder.load(name), concepts.load()


class Installation:
    """What a process of the product holds while it runs."""

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime] = now) -> None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.new_id = new_id
        self.files = FileStore(settings.files_dir)
        info: dict[str, object] = {
            "sends_mail": settings.sends_mail,
            keyring.INFO: keyring.Keyring(settings.draft_keys_dir),
            filed.INFO: self.files,
        }
        self.store = Store(connect(settings.url), info=info)
        self.clock: Callable[[], datetime] = SandboxedClock(self.store, clock) if settings.sandbox else clock
        self.hashers = CapacityLimiter(1)
        self.stretchers = CapacityLimiter(1)
        self.readers = CapacityLimiter(FILES_AT_ONCE)
        self.comparers = CapacityLimiter(1)
        self.composers = CapacityLimiter(1)
        self.writers = CapacityLimiter(EMBEDDED_WRITERS) if self.is_embedded else None
        self.admissions = Admissions(settings.data_dir / "admitting", self.now)
        self.remembered = Remembered()
        # Apart, so that many needs looked at never crowd out what every page shows.
        self.composed = Remembered()
        self.index = MarketIndex(self.store, settings.index_dir, lambda: model(settings.encoder))
        self.showings = Showings()

    def now(self) -> datetime:
        """What this installation's clock shows."""
        return self.clock()

    def real_clock(self) -> datetime:
        """What the time is outside of a sandbox too: sign-ins go by it."""
        return self.clock.real() if isinstance(self.clock, SandboxedClock) else self.clock()

    @property
    def is_embedded(self) -> bool:
        """Whether the database runs inside this process (SQLite), so that short reads need no thread."""
        return self.settings.url.startswith("sqlite")

    @property
    def engine(self) -> "Engine":
        """The matching engine; opened by `open_index`."""
        return self.index.engine

    @property
    def encoder(self) -> "Encoder":
        """The encoder by itself, for what compares texts without an index."""
        return model(self.settings.encoder)[0]

    @property
    def specialists(self) -> "Specialists":
        """What ranks experts of the pools; made when somebody first asks, for few installations hold panels all day."""
        return self.index.specialists

    @property
    def is_ready(self) -> bool:
        """Whether the index is open, so that matches can be answered."""
        return self.index.is_ready

    def open_index(self) -> None:
        """Load the saved index and bring it up to the market as it stands."""
        self.index.open()

    def follow(self) -> int:
        """Bring the index up to the market; returns how many documents changed. Safe to call from any thread."""
        return self.index.follow()

    def save_index(self) -> None:
        """Write the index to disk, so that the next start need not rebuild it."""
        self.index.save()

    def note_shown(self, *, only_due: bool = False) -> int:
        """Write down which matches pages have shown; gives how many rows. `only_due` leaves a few to wait for others."""
        if not self.is_ready or (only_due and not self.showings.is_due):
            return 0
        found = self.showings.take()
        if found.is_empty:
            return 0
        made = self._made(self.engine)
        with self.store.writing() as session:
            shown.note(session, made, found.shown, found.unanswered, now=self.clock())
        return len(found.shown) + len(found.unanswered)

    @staticmethod
    def _made(engine: "Engine") -> shown.Made:
        return shown.Made(engine.encoder.digest, engine.lexicon.digest, engine.settings.digest)

    def close(self) -> None:
        """Let go of the index and of the database."""
        self.index.close()
        self.store.close()
