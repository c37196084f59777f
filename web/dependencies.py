"""What a handler works with: one desk for each request."""

import contextlib
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, TypeVar
from urllib.parse import quote

from anyio import to_process, to_thread
from fastapi import Depends, Request
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.datastructures import URL

from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import sessions
from marketplace.accounts.views import SignedIn
from marketplace.kernel.files import FileStore
from web import limits, visitors
from web.admission import ARRIVED, HANDED_IN
from web.installation import Installation
from web.pages import surroundings
from web.pages.surroundings import Surroundings
from web.sandbox import SandboxedClock
from web.security import SAFE_METHODS, require_same_site, require_token
from web.settings import Settings
from web.showings import Showings

if TYPE_CHECKING:
    from matching.encoder import Encoder
    from matching.engine import Engine
    from matching.specialists import Specialists
    from web.market_index import MarketIndex

T = TypeVar("T")
FRAMELESS: Final = frozenset({"hx-request", "x-csrf-token"})
"""Headers of requests whose answer has no frame round it: parts of pages, and forms that save themselves."""


class SignInNeeded(Exception):  # noqa: N818 - it sends the visitor to a page, it is not a fault
    """The page asks for somebody who is signed in; `then` is where to go on afterwards.

    `was_sending` says that a form was sent meanwhile, which is now lost.
    """

    def __init__(self, then: str, *, was_sending: bool = False) -> None:
        super().__init__(then)
        self.then = then
        self.was_sending = was_sending


class ConfirmationNeeded(Exception):  # noqa: N818 - it sends the person to a page, it is not a fault
    """The act is sensitive, and the person proved who it is too long ago; `then` is where to go on afterwards."""

    def __init__(self, then: str, *, was_sending: bool = False) -> None:
        super().__init__(then)
        self.then = then
        self.was_sending = was_sending


class TooMany(Exception):  # noqa: N818 - it asks the visitor to wait, it is not a fault
    """A network address has asked for too many pages that search or match; `seconds` is how long it should wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Desk:
    """One request's place of work: who is here, what time it is, and one seam to rows and matches.

    Short SQLite reads and matching run inline, since a thread costs more than they do; SQLite writes (which may wait
    for another writer) and everything on PostgreSQL run in a thread.

    Somebody who has given the password and still owes the second factor is no signed-in person anywhere:
    `signed_in` is None, and only the second step looks at `half_way`.
    """

    def __init__(self, installation: Installation, *, request: Request, signed_in: SignedIn | None) -> None:
        self._installation = installation
        self._is_sending = request.method not in SAFE_METHODS
        self._path = _way_back(request) if self._is_sending else _address(request.url)
        self.signed_in = signed_in
        self.half_way: SignedIn | None = None
        self.surroundings = surroundings.NOTHING_KNOWN
        # A submission mostly leads to its receipt; at a deadline they come at once, and none pays for what it does not show.
        self.puts_off = self._is_sending and HANDED_IN.fullmatch(request.url.path) is not None
        self.now: datetime = installation.clock()
        # In a sandbox the clock runs ahead of the real one, and whoever signed in would be a stranger at once.
        self.real: datetime = installation.real_clock()
        self.new_id: Callable[[], str] = installation.new_id
        self.request_id: str = request.state.request_id
        self._state = request.scope["state"]
        self._touched = ""

    @property
    def settings(self) -> Settings:
        """The installation's settings."""
        return self._installation.settings

    @property
    def files(self) -> FileStore:
        """The store of uploaded files."""
        return self._installation.files

    @property
    def showings(self) -> Showings:
        """Where pages count the matches that they have shown."""
        return self._installation.showings

    async def read(self, verb: Callable[[Session], T]) -> T:
        """Run `verb` in one reading transaction."""
        return await _reading(self._installation, verb)

    def recall(self, session: Session, key: Hashable, work: Callable[[Session], T]) -> T:
        """Ask `work`, whose answer only a change of the market can change, or give what it answered before."""
        return self._installation.remembered.recall(session, key, work)

    async def study(self, verb: Callable[[Session], T]) -> T:
        """Run `verb` in one reading transaction in a thread, on every database: for what takes long."""

        def work() -> T:
            with self._installation.store.reading() as session:
                return verb(session)

        return await to_thread.run_sync(work)

    @property
    def arrived(self) -> datetime:
        """When the last byte of the request had arrived: the hour that counts for whatever has a deadline."""
        found: datetime = self._state.get(ARRIVED, self.now)
        return found

    async def write(self, verb: Callable[[Session], T], *, durable: bool = False) -> T:
        """Run `verb` in one writing transaction; what it changed can be found when this returns.

        `durable`: it is on disk as well, also where the power fails right afterwards (receipts).
        """

        def work() -> T:
            with self._installation.store.writing(
                request_id=self.request_id, acting=self._acting(), durable=durable
            ) as session:
                result = verb(session)
                if self._touched:
                    session.flush()  # a sign-in that was just ended must be gone before it is looked for
                    sessions.touch(session, self._touched, now=self.real)
            self._touched = ""
            self._installation.follow()
            return result

        return await to_thread.run_sync(work, limiter=self._installation.writers)

    async def jot(self, verb: Callable[[Session], object]) -> None:
        """Write something short that no page depends on and no index reads: who looked, that a session is in use.

        On SQLite it is written inline where nobody else writes just now; a thread would wait longer for its turns
        at the interpreter, with the writer's lock in its hand.
        """
        await _jot(self._installation, verb)

    async def match(self, ask: Callable[["Engine"], T]) -> T:
        """Ask the matching engine, inline: it takes some hundredths of a second.

        In a thread it would take several times as long under load, since it and the pages would wait for each other's
        turns at the interpreter; more cores are used by more processes.
        """
        return ask(self._installation.engine)

    async def compose(self, key: Hashable, ask: Callable[["Engine"], T]) -> T:
        """Ask the engine in a thread what takes it some tenths of a second, one question at a time, or recall its answer.

        An answer is good while the market and the index stand as they are; an index that lags behind is asked again.
        """
        installation = self._installation

        def work() -> T:
            engine = installation.engine
            state = (key, engine.position, engine.lexicon.digest)
            with installation.store.reading() as session:
                return installation.composed.recall(session, state, lambda _session: ask(engine))

        return await to_thread.run_sync(work, limiter=installation.composers)

    async def examine(self, ask: Callable[["MarketIndex"], T]) -> T:
        """Ask what takes long of the index and its lexicon, in a thread: reading all its documents, checking all names."""
        return await to_thread.run_sync(lambda: ask(self._installation.index), limiter=self._installation.comparers)

    @property
    def index(self) -> "MarketIndex":
        """The index with the lexicon that it reads by."""
        return self._installation.index

    async def weigh(self, ask: Callable[["Specialists"], T]) -> T:
        """Ask what ranks experts, in a thread: the first question after a start reads a whole pool, a second and more for 500."""
        return await to_thread.run_sync(lambda: ask(self._installation.specialists))

    async def liken(self, ask: Callable[["Encoder"], T]) -> T:
        """Compare texts with each other in a thread, one question at a time: ten thousand needs take a second and more."""
        encoder = self._installation.encoder
        return await to_thread.run_sync(lambda: ask(encoder), limiter=self._installation.comparers)

    async def hash(self, work: Callable[[], T]) -> T:
        """Make or check a password, which is slow on purpose: one at a time, so that pages go on beside it."""
        return await to_thread.run_sync(work, limiter=self._installation.hashers)

    async def read_file(self, work: Callable[[], T]) -> T:
        """Read a list file, which may take seconds and a gigabyte in a process of its own: two at a time, others wait."""
        return await to_thread.run_sync(work, limiter=self._installation.readers)

    async def stretch(self, work: Callable[..., T], *given: object) -> T:
        """Do what a passphrase makes slow on purpose (a second, half a gigabyte) in a process of its own, one at a time.

        `work` is a function of a module, what it is given and what it gives can be pickled; it must not raise.
        """
        return await to_process.run_sync(work, *given, limiter=self._installation.stretchers)

    def touch_with_next(self, token: str) -> None:
        """Note with the next writing that the sign-in of `token` is in use, instead of by a transaction of its own."""
        self._touched = token

    async def look_around(self) -> None:
        """Look at what stands round a page, where that was put off and a page is shown after all."""
        if self.puts_off:
            self.puts_off = False
            self.surroundings = await self.read(
                lambda session: surroundings.gather(session, self.signed_in, now=self.real)
            )

    def look_at_clock(self) -> None:
        """Let a sandbox's clock, which was just set, be looked at again at once."""
        if isinstance(self._installation.clock, SandboxedClock):
            self._installation.clock.look_again()

    def _acting(self) -> tuple[str, str] | None:
        actor = None if self.signed_in is None else self.signed_in.actor
        if actor is None or actor.organisation_id is None:
            return None
        return actor.account_id, actor.organisation_id

    def require_actor(self) -> Actor:
        """The person who is signed in; a visitor is sent to sign in first."""
        if self.signed_in is None:
            raise SignInNeeded(self._path, was_sending=self._is_sending)
        return self.signed_in.actor

    @property
    def is_recent(self) -> bool:
        """Whether the person who is signed in has lately proved who it is."""
        proved = None if self.signed_in is None else self.signed_in.confirmed_at
        return proved is not None and self.real < proved + sessions.RECENT

    async def renew(self, token: str) -> None:
        """Go on under another token of the same session, whose rights may be others."""
        strict = self.settings.staff_needs_second_factor
        self.signed_in = await self.read(
            lambda session: sessions.find(session, token, now=self.real, staff_needs_second_factor=strict)
        )

    def require_recent(self, *, within: timedelta = sessions.RECENT) -> Actor:
        """The person who is signed in and has lately proved who it is, for acts that a stolen browser must not do."""
        actor = self.require_actor()
        proved = None if self.signed_in is None else self.signed_in.confirmed_at
        if proved is None or self.real >= proved + within:
            raise ConfirmationNeeded(self._path, was_sending=self._is_sending)
        return actor


async def at_desk(request: Request) -> Desk:
    """Find out who asks, and refuse writing requests that other sites forged."""
    installation: Installation = request.app.state.installation
    desk = Desk(installation, request=request, signed_in=None)
    found, around = await _who_and_where(installation, request, puts_off=desk.puts_off)
    is_sending, token = request.method not in SAFE_METHODS, request.cookies.get(cookie_name(installation.settings), "")
    desk.signed_in = signed_in = None if found is not None and found.owes_second_factor else found
    desk.half_way = found if signed_in is None else None
    desk.surroundings = around
    if found is not None and found.touch_due:
        if is_sending and installation.is_embedded:
            desk.touch_with_next(token)
        else:
            await _jot(installation, lambda session: sessions.touch(session, token, now=desk.real))
    request.state.desk = desk
    request.state.account = None if signed_in is None else signed_in.actor.account_id
    if is_sending:
        require_same_site(request)
        if signed_in is not None:
            given = request.headers.get("x-csrf-token") or (await request.form()).get("csrf_token")
            require_token(expected=signed_in.csrf_token, given=given if isinstance(given, str) else None)
    return desk


AtDesk = Annotated[Desk, Depends(at_desk)]


async def count_visitor(request: Request, desk: AtDesk) -> None:
    """Count a page that searches or matches for the visitor's network address; whoever is signed in is not counted."""
    most = desk.settings.pages_per_address
    if most == 0 or desk.signed_in is not None:
        return
    counters: limits.Limits = request.app.state.limits
    allowance = counters.take(limits.of_address(visitors.address(request, desk.settings)), limit=most)
    if allowance.is_over:
        raise TooMany(allowance.reset_seconds)


Counted = Depends(count_visitor)


def cookie_name(settings: Settings) -> str:
    """The session cookie's name; the prefix makes browsers insist on HTTPS and on this very host."""
    return "__Host-jiebang" if settings.https else "jiebang"


def sign_in_address(then: str, *, expired: bool = False) -> str:
    """The sign-in page that leads back to `then`; `expired` makes it say that what was sent is lost."""
    return f"/sign-in?next={quote(then, safe='')}{'&expired=1' if expired else ''}"


def confirmation_address(then: str, *, was_sending: bool = False) -> str:
    """The page that asks for proof of who one is and leads back to `then`."""
    return f"/account/confirm?next={quote(then, safe='')}{'&expired=1' if was_sending else ''}"


def second_factor_address(request: Request) -> str:
    """The page that sets up a second factor; it leads back to the page that asked for one."""
    then = _way_back(request) if request.method not in SAFE_METHODS else _address(request.url)
    return f"/account/second-factor?next={quote(then, safe='')}"


def local_address(then: str) -> str:
    """Keep only an address of this site; anything that could lead elsewhere becomes the first page."""
    is_local = then.startswith("/") and not then.startswith(("//", "/\\")) and then.isprintable() and "\\" not in then
    return then if is_local else "/"


def _address(url: URL) -> str:
    return url.path + (f"?{url.query}" if url.query else "")


def _way_back(request: Request) -> str:
    # A form's own address often answers no reading request; the page that held it does.
    came_from = URL(request.headers.get("referer", ""))
    return _address(came_from) if came_from.path and came_from.netloc == request.url.netloc else "/"


async def _who_and_where(
    installation: Installation, request: Request, *, puts_off: bool
) -> tuple[SignedIn | None, Surroundings]:
    token, now = request.cookies.get(cookie_name(installation.settings)), installation.real_clock()
    strict = installation.settings.staff_needs_second_factor
    is_part = not FRAMELESS.isdisjoint(request.headers) and "hx-boosted" not in request.headers

    def look(session: Session) -> tuple[SignedIn | None, Surroundings]:
        found = sessions.find(session, token, now=now, staff_needs_second_factor=strict) if token else None
        whole = None if found is not None and found.owes_second_factor else found
        return found, surroundings.NOTHING_KNOWN if is_part or puts_off else surroundings.gather(
            session, whole, now=now
        )

    return await _reading(installation, look)


async def _jot(installation: Installation, verb: Callable[[Session], object]) -> None:
    if installation.is_embedded:
        with contextlib.suppress(OperationalError), installation.store.jotting() as session:
            verb(session)
            return

    def work() -> None:
        with installation.store.writing() as session:
            verb(session)

    await to_thread.run_sync(work, limiter=installation.writers)


async def _reading(installation: Installation, verb: Callable[[Session], T]) -> T:
    def work() -> T:
        with installation.store.reading() as session:
            return verb(session)

    return work() if installation.is_embedded else await to_thread.run_sync(work)
