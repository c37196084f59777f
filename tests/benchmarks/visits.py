"""One user in a served market: item pages beside the matcher and the raw engines, other pages, one new profile."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter, sleep
from urllib.parse import quote

from sqlmodel import col, select

from marketplace.accounts import accounts
from marketplace.kernel.batches import batches
from marketplace.kernel.tables import Job
from matching.corpus import needs
from matching.documents import Need
from matching.engine import Engine
from matching.refresh import refresh
from tests.benchmarks.figures import Spread, timed
from tests.benchmarks.population import EMAIL, REGION, SEED, put
from tests.benchmarks.processes import JIEBANG, FailedError, Server
from tests.benchmarks.raw import RawEngines
from tests.benchmarks.texts import Texts
from web.installation import Installation
from web.settings import Settings

TURN = 20
"""Items that the page, the matcher and the raw engines take in turn, so that a busy moment falls on all three."""
NEW_PROFILES = 10
TOP = 10
LONGEST_SECONDS = 30.0
SETTLED_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Visits:
    """What was measured on one served market; times in milliseconds where the name says nothing else."""

    ready_seconds: float
    pss_before_mib: float
    pss_mib: float
    item: Spread
    matcher: Spread
    tantivy: Spread
    faiss: Spread
    encoder: Spread
    others: dict[str, Spread]
    found_by_server: Spread
    found_in_process: Spread


def visit(folder: Path, *, pages: int) -> Visits:
    """Serve the installation in `folder` and walk it; the matcher and the raw engines run here, on the same index files."""
    installation = Installation(Settings(data_dir=folder, region=REGION))
    variables = {"JIEBANG_DATA_DIR": str(folder), "JIEBANG_REGION": REGION, "JIEBANG_LOG_LEVEL": "ERROR"}
    # One visitor asks for as many pages as a crowd.
    variables |= {"JIEBANG_PAGES_PER_ADDRESS": "0"}
    try:
        with Server([JIEBANG, "serve"], variables=variables, log=folder / "server.log") as server:
            return _walk(server, installation, pages)
    finally:
        installation.close()


def _walk(server: Server, installation: Installation, pages: int) -> Visits:
    ready = server.until("/ready")
    _settle(installation)
    before = server.pss_mib()
    engine = Engine.open(installation.settings.index_dir)
    raw = RawEngines(installation.settings.index_dir, engine)
    item, matcher, tantivy, faiss, encoder = _items(server, engine, raw, _sample(installation, pages))
    others = {name: _pages(server, paths) for name, paths in _paths(pages // 2).items()}
    pss = server.pss_mib()
    found = [_newcomer(server, installation, engine, number) for number in range(NEW_PROFILES)]
    seconds, in_process = (Spread(values) for values in zip(*found, strict=True))
    return Visits(ready, before, pss, item, matcher, tantivy, faiss, encoder, others, seconds, in_process)


def _settle(installation: Installation) -> None:
    """Wait until the server has done what publishing left to do: it looks for repeats among all those new needs."""
    left = select(Job.id).where(col(Job.ended_at).is_(None), col(Job.run_at) <= installation.clock())
    for _ in range(SETTLED_SECONDS):
        with installation.store.reading() as session:
            if session.exec(left).first() is None:
                return
        sleep(1.0)
    raise FailedError(f"the jobs of publishing were not done within {SETTLED_SECONDS} s")


def _sample(installation: Installation, pages: int) -> list[Need]:
    """Distinct needs by chance: those to be timed, and one turn before them to warm up."""
    with installation.store.reading() as session:
        known = list(needs(session))
    return random.Random(SEED).sample(known, min(len(known), pages + TURN))


def _items(server: Server, engine: Engine, raw: RawEngines, chosen: Sequence[Need]) -> tuple[Spread, ...]:
    """Times of the page, the matcher on one thread, tantivy, FAISS and the encoder; the first turn warms up."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it carries no types

    found: list[tuple[float, ...]] = []
    for some in batches(chosen, TURN):
        answers = [server.page(f"/items/{need.id}").milliseconds for need in some]
        with threadpool_limits(1):
            matched = [_matching(engine, need) for need in some]
        alone = [raw.milliseconds(need) for need in some]
        found += [(page, match, *both) for page, match, both in zip(answers, matched, alone, strict=True)]
    return tuple(Spread(values) for values in zip(*found[TURN:], strict=True))


def _matching(engine: Engine, need: Need) -> float:
    return 1000 * timed(lambda: engine.rank_profiles(need, top=TOP))


def _paths(count: int) -> dict[str, list[str]]:
    texts = Texts(random.Random(SEED + 1))
    asked = [quote(texts.question()) for _ in range(3 * count)]
    deep = range(1, 1 + count)
    return {
        "home": ["/"] * count,
        "list": [f"/lists/demand?page={1 + number % 10}" for number in deep],
        "list with words": [f"/lists/demand?q={words}" for words in asked[:count]],
        "suppliers with words": [f"/lists/capability?q={words}" for words in asked[count : 2 * count]],
        "search": [f"/search?q={words}" for words in asked[2 * count :]],
    }


def _pages(server: Server, paths: Sequence[str]) -> Spread:
    server.page(paths[0])
    return Spread(tuple(server.page(path).milliseconds for path in paths))


def _newcomer(server: Server, installation: Installation, engine: Engine, number: int) -> tuple[float, float]:
    """Commit one profile from this process; seconds until the server finds it, and until this process does."""
    word = f"bench{number}newcomer"
    supplier = Texts(random.Random(SEED + 2 + number)).supplier()
    named = replace(supplier, name=f"{supplier.name}{word}", headline=f"{word}{supplier.headline}")
    with installation.store.writing() as session:
        operator = accounts.actor(session, accounts.find_by_email(session, EMAIL) or "")
        profile_id = put(installation, session, operator, [named])[named.name]
    committed = perf_counter()
    by_server = _until(committed, lambda: f"/opcs/{profile_id}" in server.page(f"/lists/capability?q={word}").body)
    start = perf_counter()
    while refresh(engine, installation.store, limit=2_000):
        pass
    in_process = _until(start, lambda: profile_id in _found(engine, word))
    return by_server, in_process


def _found(engine: Engine, word: str) -> Iterator[str]:
    return (key for key, _ in engine.search_profiles(word, limit=10))


def _until(start: float, is_so: Callable[[], bool]) -> float:
    while perf_counter() - start < LONGEST_SECONDS:
        if is_so():
            return perf_counter() - start
        sleep(0.01)
    raise FailedError(f"a new profile was not found within {LONGEST_SECONDS:.0f} s")
