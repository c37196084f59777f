"""A hundred people at once in a market of ten thousand needs and profiles: browsing, searching, matching.

Everybody waits a moment between two pages, as people do. The crowd runs on the same cores as the server, so the
server has less than the machine. Afterwards the crowd doubles until something gives, and the report says what.
"""

import asyncio
import random
import sys
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import quote

import httpx2

from marketplace.accounts import accounts
from marketplace.accounts.signing_in import passwords
from marketplace.kernel.ids import ALPHABET
from marketplace.lists import items
from marketplace.profiles import profiles
from tests.benchmarks.figures import Aim, Cell, Report, Spread, Table
from tests.benchmarks.options import Options
from tests.benchmarks.population import REGION, SEED
from tests.benchmarks.processes import JIEBANG, Server, run
from tests.benchmarks.texts import Texts
from web.installation import Installation
from web.settings import Settings

SIZE, QUICK_SIZE = 10_000, 600
PEOPLE, SECONDS = 100, 180.0
WARM_SECONDS = 30.0
QUICK_SECONDS = 15.0
STEP_SECONDS, QUICK_STEP_SECONDS = 30.0, 5.0
STEPS = (200, 400, 800)
WORKERS = 2
"""One server process a core of the ordinary machine; they share the index that is mapped from disk."""
MEMBERS = 20
"""How many of the crowd are signed in, so that their sessions are looked up and touched."""
PAUSE_SECONDS = (1.0, 3.0)
TIMEOUT_SECONDS = 30.0
LONGEST_MS = 1_000.0
GROWTH_MIB = 64.0
WEIGH_SECONDS = 10.0
MIX = (("item with its matches", 40), ("supplier with its matches", 15), ("list", 20), ("search", 20), ("home", 5))


@dataclass(slots=True)
class Seen:
    """What a crowd met: times in milliseconds by kind of page, what went wrong, and the server's weight over time."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    weights: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def all(self) -> Spread:
        """Every time of every kind."""
        return Spread(tuple(value for values in self.times.values() for value in values) or (0.0,))


@dataclass(frozen=True, slots=True)
class Addresses:
    """The pages people go to."""

    items: tuple[str, ...]
    suppliers: tuple[str, ...]
    words: tuple[str, ...]

    def choose(self, kind: str, chance: random.Random) -> str:
        """One address of a kind."""
        words = chance.choice(self.words)
        return {
            "item with its matches": f"/items/{chance.choice(self.items)}",
            "supplier with its matches": f"/opcs/{chance.choice(self.suppliers)}",
            "list": chance.choice((f"/lists/demand?page={chance.randint(1, 20)}", f"/lists/capability?q={words}")),
            "search": f"/search?q={words}",
            "home": "/",
        }[kind]


def measure(options: Options) -> Report:
    """Fill a market, serve it, let the crowd in for three minutes, then double it step by step."""
    size = (options.sizes or (QUICK_SIZE if options.quick else SIZE,))[0]
    folder = options.scratch / "crowd"
    run([sys.executable, "-m", "tests.benchmarks.population", str(folder), str(size)])
    addresses, people = _prepared(Settings(data_dir=folder, region=REGION))
    # The whole crowd comes from one address: nobody is counted.
    variables = {"JIEBANG_DATA_DIR": str(folder), "JIEBANG_REGION": REGION, "JIEBANG_LOG_LEVEL": "ERROR"}
    variables["JIEBANG_PAGES_PER_ADDRESS"] = "0"
    with Server(
        [JIEBANG, "serve", "--workers", str(WORKERS)], variables=variables, log=folder / "server.log"
    ) as server:
        server.until("/ready")
        # The first pages load what every later one shares, and fill the caches; memory is measured from there.
        asyncio.run(
            _crowd(server, addresses, people, count=PEOPLE, seconds=QUICK_SECONDS if options.quick else WARM_SECONDS)
        )
        promised = asyncio.run(
            _crowd(server, addresses, people, count=PEOPLE, seconds=QUICK_SECONDS if options.quick else SECONDS)
        )
        step = QUICK_STEP_SECONDS if options.quick else STEP_SECONDS
        steps = {count: asyncio.run(_crowd(server, addresses, people, count=count, seconds=step)) for count in STEPS}
    return _report(size, promised, steps)


def _prepared(settings: Settings) -> tuple[Addresses, list[tuple[str, str]]]:
    chance = random.Random(SEED)
    installation = Installation(settings)
    password = "".join(chance.choices(ALPHABET, k=16))
    hashed = passwords.make(password)
    people = [(f"crowd{number}@example.com", password) for number in range(MEMBERS)]
    with installation.store.writing() as session:
        for email, _ in people:
            accounts.create(
                session,
                email=email,
                name="访客",
                password_hash=hashed,
                now=installation.clock(),
                new_id=installation.new_id,
            )
    with installation.store.reading() as session:
        needs = tuple(one.id for one in items.documents(session))
        suppliers = tuple(one.id for one in profiles.documents(session))
    installation.close()
    texts = Texts(random.Random(SEED + 3))
    return Addresses(needs, suppliers, tuple(quote(texts.question()) for _ in range(500))), people


async def _crowd(
    server: Server, addresses: Addresses, people: list[tuple[str, str]], *, count: int, seconds: float
) -> Seen:
    seen = Seen()
    address = f"http://127.0.0.1:{server.port}"
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)

    async def person(number: int, browser: httpx2.AsyncClient) -> None:
        chance = random.Random(SEED + 1000 + number)
        await asyncio.sleep(chance.uniform(0, PAUSE_SECONDS[1]))
        while perf_counter() - start < seconds:
            (kind,) = chance.choices([kind for kind, _ in MIX], [weight for _, weight in MIX])
            await _visit(browser, kind, addresses.choose(kind, chance), seen)
            await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))

    async def scales() -> None:
        while perf_counter() - start < seconds:
            seen.weights.append(await asyncio.to_thread(server.pss_mib))
            await asyncio.sleep(WEIGH_SECONDS)
        seen.weights.append(await asyncio.to_thread(server.pss_mib))

    async with AsyncExitStack() as stack:
        browsers = [
            await stack.enter_async_context(
                httpx2.AsyncClient(base_url=address, timeout=TIMEOUT_SECONDS, limits=limits)
            )
            for _ in range(count)
        ]
        # Those who have an account come signed in: the crowd browses, searches and matches.
        for browser, (email, password) in zip(browsers, people, strict=False):
            await _sign_in(browser, email, password, seen)
        start = perf_counter()
        await asyncio.gather(scales(), *map(person, range(count), browsers))
        seen.seconds = perf_counter() - start
    return seen


async def _sign_in(browser: httpx2.AsyncClient, email: str, password: str, seen: Seen) -> None:
    try:
        answer = await browser.post("/sign-in", data={"email": email, "password": password})
    except httpx2.HTTPError as failure:
        seen.wrong[f"sign-in: {type(failure).__name__}"] += 1
        return
    if answer.status_code != httpx2.codes.SEE_OTHER:
        seen.wrong[f"sign-in answered {answer.status_code}"] += 1


async def _visit(browser: httpx2.AsyncClient, kind: str, path: str, seen: Seen) -> None:
    start = perf_counter()
    try:
        answer = await browser.get(path)
    except httpx2.HTTPError as failure:
        seen.wrong[f"{kind}: {type(failure).__name__}"] += 1
        return
    seen.times[kind].append(1000 * (perf_counter() - start))
    if answer.status_code != httpx2.codes.OK:
        seen.wrong[f"{kind} answered {answer.status_code}"] += 1


def _report(size: int, promised: Seen, steps: dict[int, Seen]) -> Report:
    grown = promised.weights[-1] - promised.weights[0]
    broken = tuple(f"{count} × {what} with {PEOPLE} people" for what, count in promised.wrong.items())
    return Report(
        (_pages(size, promised), _weights(promised), _steps({PEOPLE: promised, **steps})),
        (
            Aim(
                f"{PEOPLE} people, {size:,} needs and profiles: slowest kind of page, p99",
                "ms",
                LONGEST_MS,
                _worst(promised)[1],
            ),
            Aim("memory grown from the first to the last weighing", "MiB", GROWTH_MIB, grown),
            Aim("requests that failed", "", 0, float(sum(promised.wrong.values()))),
        ),
        broken,
    )


def _worst(seen: Seen) -> tuple[str, float]:
    worst = ((kind, Spread(tuple(values)).p99) for kind, values in seen.times.items())
    return max(worst, key=lambda one: one[1], default=("nothing was answered", TIMEOUT_SECONDS * 1000))


def _pages(size: int, seen: Seen) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (kind, len(seen.times[kind]), spread.p50, spread.p99, spread.most)
        for kind, _ in MIX
        if seen.times[kind]
        for spread in [Spread(tuple(seen.times[kind]))]
    ]
    every = seen.all
    rows.append(("all", len(every.values), every.p50, every.p99, every.most))
    note = f"{PEOPLE} people, {MEMBERS} of them signed in before, 1 to 3 s between two pages; {seen.seconds:.0f} s after a warm-up; {WORKERS} server processes."
    return Table(
        f"A crowd in {size:,} needs and profiles",
        ("page", "pages", "p50 ms", "p99 ms", "most ms"),
        tuple(rows),
        (note,),
    )


def _weights(seen: Seen) -> Table:
    rows = tuple((f"{WEIGH_SECONDS * number:.0f}", weight) for number, weight in enumerate(seen.weights))
    return Table("Memory of the server under the crowd (PSS)", ("s", "MiB"), rows)


def _steps(steps: dict[int, Seen]) -> Table:
    rows = tuple(
        (
            f"{count}",
            len(seen.all.values) / seen.seconds,
            seen.all.p50,
            seen.all.p99,
            _worst(seen)[0],
            float(sum(seen.wrong.values())),
            "; ".join(sorted(seen.wrong)) or "nothing",
        )
        for count, seen in steps.items()
    )
    columns = ("people", "pages/s", "p50 ms", "p99 ms", "slowest kind", "failed", "what failed")
    return Table("What gives first as the crowd grows", columns, rows)
