"""A market of growing size, made by the product's own verbs and served: how cost grows, page by page."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import orjson

from tests.benchmarks.figures import Aim, Cell, Report, Table, bars, growth
from tests.benchmarks.options import Options
from tests.benchmarks.processes import run
from tests.benchmarks.visits import Visits, visit

SIZES, QUICK_SIZES = (1_000, 10_000, 100_000), (200, 600)
PROMISED_SIZE = 10_000
"""Up to this many profiles pages are promised their times; beyond it, to 100,000, the matcher and its index are."""
PAGES, QUICK_PAGES = 200, 40


@dataclass(frozen=True, slots=True)
class Step:
    """Everything measured at one size."""

    size: int
    made: dict[str, float]
    seen: Visits


def measure(options: Options) -> Report:
    """Fill, index, save, serve and visit a market of each size; one process each, so that memory is each one's own."""
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    pages = QUICK_PAGES if options.quick else PAGES
    steps = [_step(options.scratch / f"market-{size}", size, pages) for size in sorted(sizes)]
    tables = (_making(steps), _starting(steps), _item_pages(steps), _other_pages(steps))
    return Report(tables, tuple(aim for step in steps for aim in _aims(step)))


def _step(folder: Path, size: int, pages: int) -> Step:
    made = orjson.loads(run([sys.executable, "-m", "tests.benchmarks.population", str(folder), str(size)]).output)
    return Step(size, made, visit(folder, pages=pages))


def _making(steps: list[Step]) -> Table:
    rows = [_made(step) for step in steps]
    columns = (
        "profiles",
        "needs",
        "statements",
        "needs s",
        "profiles s",
        "index s",
        "documents/s",
        "save s",
        "peak MiB",
    )
    note = "Needs are published in lists of 500, profiles written as forms in transactions of 500; one process, peak over all."
    return Table("Making a market and its index", columns, (*rows, *_grown(steps, rows, 3)), (note,))


def _made(step: Step) -> tuple[Cell, ...]:
    made = step.made
    steps = (made["needs_s"], made["profiles_s"], made["build_s"])
    return (
        f"{step.size:,}",
        made["needs"],
        made["statements"],
        *steps,
        (made["needs"] + made["profiles"]) / made["build_s"],
        made["save_s"],
        made["peak_mib"],
    )


def _starting(steps: list[Step]) -> Table:
    rows = [
        (
            f"{step.size:,}",
            step.seen.ready_seconds,
            step.seen.pss_before_mib,
            step.seen.pss_mib,
            median(step.seen.found_by_server.values),
            step.seen.found_by_server.most,
            1000 * median(step.seen.found_in_process.values),
        )
        for step in steps
    ]
    columns = (
        "profiles",
        "ready s",
        "PSS at start MiB",
        "PSS after MiB",
        "findable s",
        "slowest s",
        "in the writing process ms",
    )
    notes = (
        "Findable: from the commit of one new profile in another process until the server's list page finds it.",
        "In the writing process: from the commit until its own index finds it, which a page that writes waits for.",
    )
    return Table("Serving it", columns, (*rows, *_grown(steps, rows, 1)), notes)


def _item_pages(steps: list[Step]) -> Table:
    rows = [
        _item_page(step, bar) for step, bar in zip(steps, bars([step.seen.item.p50 for step in steps]), strict=True)
    ]
    columns = (
        "profiles",
        "page p50 ms",
        "p99 ms",
        "matcher p50 ms",
        "p99 ms",
        "tantivy p50 ms",
        "FAISS p50 ms",
        "encoder p50 ms",
        "matcher's own p50 ms",
        "page : raw",
        "matcher : raw",
        "page p50",
    )
    notes = (
        "One user, distinct items after a warm-up, once the jobs that publishing leaves are done; raw: tantivy and FAISS alone on the same needs, in turn with the pages.",
        "The matcher's own: what it takes beyond tantivy, FAISS and the encoder, item by item.",
        "The matcher runs by itself, in a process of its own on one thread. Ratios are the median over items of each item's own ratio.",
    )
    return Table("An item's page with its matches", columns, (*rows, *_grown(steps, rows, 1, blank_last=True)), notes)


def _item_page(step: Step, bar: str) -> tuple[Cell, ...]:
    seen = step.seen
    raw = [words + vectors for words, vectors in zip(seen.tantivy.values, seen.faiss.values, strict=True)]
    page, matcher = (
        median(ours / theirs for ours, theirs in zip(spread.values, raw, strict=True))
        for spread in (seen.item, seen.matcher)
    )
    times = (
        *(seen.item.p50, seen.item.p99, seen.matcher.p50, seen.matcher.p99),
        *(seen.tantivy.p50, seen.faiss.p50, seen.encoder.p50, _own(seen)),
    )
    return (f"{step.size:,}", *times, page, matcher, bar)


def _other_pages(steps: list[Step]) -> Table:
    rows = tuple(_other_page(steps, name) for name in steps[0].seen.others)
    sizes = tuple(f"{which} ms at {step.size:,}" for step in steps for which in ("p50", "p99"))
    return Table("Other pages", ("page", *sizes, "p50 grows with power"), rows)


def _other_page(steps: list[Step], name: str) -> tuple[Cell, ...]:
    spreads = [step.seen.others[name] for step in steps]
    grown = growth([step.size for step in steps], [spread.p50 for spread in spreads])
    return (name, *(figure for spread in spreads for figure in (spread.p50, spread.p99)), grown)


def _grown(
    steps: list[Step], rows: Sequence[tuple[Cell, ...]], first: int, *, blank_last: bool = False
) -> list[tuple[Cell, ...]]:
    """How each column grows from the smallest size to the largest, as one more row: cost ~ size to the power of this."""
    if len(steps) < 2:
        return []
    sizes = [step.size for step in steps]
    last = len(rows[0]) - blank_last
    columns = [[float(row[at] or 0) for row in rows] for at in range(first, last)]
    grown = [growth(sizes, column) for column in columns]
    return [("grows with power", *[None] * (first - 1), *grown, *[""] * blank_last)]


def _own(seen: Visits) -> float:
    """What the matcher takes in the median beyond the libraries and the encoder, item by item, in milliseconds."""
    spreads = (seen.matcher, seen.tantivy, seen.faiss, seen.encoder)
    together = zip(*(spread.values for spread in spreads), strict=True)
    return median(matcher - tantivy - faiss - encoder for matcher, tantivy, faiss, encoder in together)


def _aims(step: Step) -> tuple[Aim, ...]:
    """What is promised of a market of this size."""
    size, seen = f"{step.size:,} profiles", step.seen
    always = (
        Aim(f"{size}: one new profile findable", "s", 2.0, seen.found_by_server.most),
        Aim(f"{size}: matcher with evidence p50", "ms", 40.0, seen.matcher.p50),
        Aim(f"{size}: matcher with evidence p99", "ms", 100.0, seen.matcher.p99),
        Aim(f"{size}: matcher's own part p50", "ms", 8.0, _own(seen)),
        Aim(f"{size}: index from rows", "min", 12.0, step.made["build_s"] / 60),
        Aim(f"{size}: memory of the server", "GiB", 3.0, seen.pss_mib / 1024),
    )
    if step.size > PROMISED_SIZE:
        return always
    return (
        Aim(f"{size}: ready", "s", 8.0, seen.ready_seconds),
        Aim(f"{size}: item page p50", "ms", 60.0, seen.item.p50),
        Aim(f"{size}: item page p99", "ms", 150.0, seen.item.p99),
        *always,
    )
