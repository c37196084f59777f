"""Five hundred bidders hand their bids in within the last minute before a deadline, and thirty more right after it.

What they hand in was written, and its files were sealed, before. Which side of the deadline a submission was on is the
server's own stamp; as a check from outside, the clock of the machine on which both sides run says when its last byte
had left the bidder. Bidders and server share the same cores.
"""

import asyncio
import random
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep, time

from sqlmodel import select

from marketplace.rounds.bid_tables import BidVersion
from marketplace.rounds.round_tables import Round
from tests.benchmarks import bidders, handed_in
from tests.benchmarks.bidders import Bidder, Waiting
from tests.benchmarks.figures import Aim, Report, Spread, Table, growth
from tests.benchmarks.handed_in import Try
from tests.benchmarks.options import Options
from tests.benchmarks.population import REGION, SEED
from tests.benchmarks.processes import JIEBANG, Server, run
from web.dependencies import cookie_name
from web.installation import Installation
from web.settings import Settings

SIZES, QUICK_SIZES = (100, 250, 500), (20, 40)
LATE = 30
"""How many more come after the deadline, within `LATE_SECONDS`."""
MINUTE, QUICK_MINUTE = 60.0, 10.0
LAST_SECONDS = 0.2
LAST_SHARE = 0.12
"""So many of all come within the very last moment."""
LATE_SECONDS = 2.0
START_SECONDS = 20.0
"""How long before the first submission the server is started."""
SEALED_WITHIN = 120.0
TIMEOUT_SECONDS = 60.0
LONGEST_MS = 2_000.0
RAW_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One last minute: every try, when the deadline was, when the round was sealed, and what went wrong."""

    count: int
    workers: int
    deadline: float
    tries: tuple[Try, ...]
    sealed_after: float
    sealed_bytes: int
    broken: tuple[str, ...]

    @property
    def accepted(self) -> Spread:
        """How long receipts took, in milliseconds."""
        return Spread(tuple(one.milliseconds for one in self.tries if one.is_accepted) or (0.0,))

    @property
    def last_rate(self) -> float:
        """Receipts a second from the beginning of the very last moment until the last of them was given."""
        last = [one for one in self.tries if one.is_accepted and one.began >= self.deadline - LAST_SECONDS]
        if not last:
            return 0.0
        return len(last) / (max(one.began + one.milliseconds / 1000 for one in last) - min(one.began for one in last))


def measure(options: Options) -> Report:
    """Prepare a round once; let growing crowds into copies of it, the largest with one server process and with two."""
    sizes = sorted(options.sizes or (QUICK_SIZES if options.quick else SIZES))
    folder = options.scratch / "last-minute"
    printed = run([sys.executable, "-m", "tests.benchmarks.bidders", str(folder), str(sizes[-1] + LATE)]).output
    waiting = bidders.read(printed)
    minute = QUICK_MINUTE if options.quick else MINUTE
    asked = [*((size, 1) for size in sizes), (sizes[-1], 2)]
    seen = []
    for count, workers in asked:
        copied = options.scratch / f"last-minute-{count}-{workers}"
        shutil.copytree(folder, copied)
        seen.append(_last_minute(copied, waiting, count, workers, minute))
        shutil.rmtree(copied)
    raw = _raw_rate(options.scratch / "raw.sqlite3", seen[-1].sealed_bytes)
    return _report(seen, raw)


def _last_minute(folder: Path, waiting: Waiting, count: int, workers: int, minute: float) -> Seen:
    installation = Installation(Settings(data_dir=folder, region=REGION))
    deadline = _next_minute(minute)
    bidders.set_deadline(installation.store, waiting, deadline)
    variables = {"JIEBANG_DATA_DIR": str(folder), "JIEBANG_REGION": REGION, "JIEBANG_LOG_LEVEL": "ERROR"}
    try:
        with Server(
            [JIEBANG, "serve", "--workers", str(workers)], variables=variables, log=folder / "server.log"
        ) as server:
            server.until("/ready")
            tries = asyncio.run(_crowd(server.port, waiting, count, deadline.timestamp(), minute))
            sealed_after = _sealed_after(installation, waiting.round_id, deadline)
        checked = run([JIEBANG, "doctor"], variables=variables, may_fail=True).output.strip()
        with installation.store.reading() as session:
            broken = (*handed_in.sides(deadline, tries), *handed_in.kept(session, waiting.round_id, deadline, tries))
            sizes = [one.size_bytes for one in session.exec(select(BidVersion))]
        if not checked.startswith("检查通过"):
            broken = (*broken, f"doctor: {checked}")
    finally:
        installation.close()
    named = tuple(f"{count} bidders, {workers} server process(es): {fault}" for fault in broken)
    return Seen(count, workers, deadline.timestamp(), tries, sealed_after, max(sizes, default=0), named)


def _next_minute(minute: float) -> datetime:
    """A minute boundary that leaves time to start the server."""
    least = datetime.now(UTC) + timedelta(seconds=START_SECONDS + minute)
    return least.replace(second=0, microsecond=0) + timedelta(minutes=1)


async def _crowd(port: int, waiting: Waiting, count: int, deadline: float, minute: float) -> tuple[Try, ...]:
    chance = random.Random(SEED + count)
    last = round(LAST_SHARE * count)
    moments = [deadline - chance.uniform(LAST_SECONDS, minute) for _ in range(count - last)]
    moments += [deadline - chance.uniform(0.0, LAST_SECONDS) for _ in range(last)]
    moments += [deadline + chance.uniform(0.0, LATE_SECONDS) for _ in range(LATE)]
    coming = zip(moments, (*waiting.bidders[:count], *waiting.bidders[-LATE:]), strict=True)
    return tuple(await asyncio.gather(*(_hand_in(port, bidder, moment) for moment, bidder in coming)))


async def _hand_in(port: int, bidder: Bidder, moment: float) -> Try:
    """Hand a bid in at a moment, on a connection of its own as a browser would open it."""
    body = f"csrf_token={bidder.csrf}&_version={bidder.version}"
    head = (
        f"POST /bids/{bidder.bid_id}/submit HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Cookie: {cookie_name(Settings())}={bidder.token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    await asyncio.sleep(max(0.0, moment - time()))
    began, start = time(), perf_counter()
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            # Small enough for the socket to take it at once: when this returns, the last byte has left.
            writer.write((head + body).encode())
            sent = time()
            answer = await reader.read()
            writer.close()
    except (OSError, TimeoutError) as failure:
        return Try(bidder, began, time(), 1000 * (perf_counter() - start), 0, "", repr(failure))
    taken = 1000 * (perf_counter() - start)
    text = answer.decode(errors="replace")
    top, _, rest = text.partition("\r\n\r\n")
    lines = top.split("\r\n")
    status = int(lines[0].split()[1]) if lines[0].startswith("HTTP/") else 0
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return Try(bidder, began, sent, taken, status, headers.get("location", ""), rest)


def _sealed_after(installation: Installation, round_id: str, deadline: datetime) -> float:
    """Seconds from the deadline until the round was sealed."""
    until = deadline.timestamp() + SEALED_WITHIN
    while time() < until:
        with installation.store.reading() as session:
            sealed_at = session.get_one(Round, round_id).sealed_at
        if sealed_at is not None:
            return (sealed_at - deadline).total_seconds()
        sleep(0.05)
    return SEALED_WITHIN


def _raw_rate(path: Path, size: int) -> float:
    """Durable commits a second of the engine alone, each of one row as large as a sealed bid."""
    engine = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        engine.execute(f"PRAGMA {pragma}")
    engine.execute("CREATE TABLE handed_in (id INTEGER PRIMARY KEY, sealed BLOB)")
    row, done, start = random.Random(SEED).randbytes(size), 0, perf_counter()
    while perf_counter() - start < RAW_SECONDS:
        engine.execute("BEGIN IMMEDIATE")
        engine.execute("INSERT INTO handed_in (sealed) VALUES (?)", (row,))
        engine.execute("COMMIT")
        done += 1
    rate = done / (perf_counter() - start)
    engine.close()
    return rate


def _report(seen: Sequence[Seen], raw: float) -> Report:
    return Report(
        (_times(seen), _sides(seen), _burst(seen, raw)),
        tuple(
            Aim(f"{one.count} bidders, {one.workers} process(es): receipts, p99", "ms", LONGEST_MS, one.accepted.p99)
            for one in seen
        ),
        tuple(fault for one in seen for fault in one.broken),
    )


def _times(seen: Sequence[Seen]) -> Table:
    rows = [
        (f"{one.count}", one.workers, one.accepted.p50, one.accepted.p99, one.accepted.most, one.sealed_after)
        for one in seen
    ]
    alone = [one for one in seen if one.workers == 1]
    powers = [
        growth([one.count for one in alone], [getattr(one.accepted, name) for one in alone])
        for name in ("p50", "p99", "most")
    ]
    columns = ("bidders", "server processes", "p50 ms", "p99 ms", "most ms", "sealed s after the deadline")
    notes = (
        f"Receipts, from opening a connection on; a share of {LAST_SHARE:.0%} comes within the last {LAST_SECONDS * 1000:.0f} ms.",
        "The drafts of those who do not hand in lapse at the deadline.",
    )
    return Table(
        "The last minute before a deadline", columns, (*rows, ("grows with power", None, *powers, None)), notes
    )


def _sides(seen: Sequence[Seen]) -> Table:
    rows = tuple(
        (
            f"{one.count}",
            one.workers,
            sum(a.is_accepted for a in one.tries),
            sum(not a.is_accepted and a.began >= one.deadline for a in one.tries),
            sum("lost" in fault for fault in one.broken),
            sum("accepted late" in fault for fault in one.broken),
            sum("refused early" in fault for fault in one.broken),
        )
        for one in seen
    )
    columns = ("bidders", "server processes", "receipts", "refused after it", "lost", "late in", "early out")
    return Table("On which side of the deadline", columns, rows)


def _burst(seen: Sequence[Seen], raw: float) -> Table:
    rows = tuple(
        (f"{one.count}", one.workers, one.last_rate, raw, raw / one.last_rate if one.last_rate else None)
        for one in seen
    )
    columns = ("bidders", "server processes", "receipts/s in the last moment", "raw commits/s", "raw : receipts")
    note = f"Raw: SQLite alone, one durable commit of a row of {seen[-1].sealed_bytes:,} bytes after the other."
    return Table("Receipts beside the bare database", columns, rows, (note,))
