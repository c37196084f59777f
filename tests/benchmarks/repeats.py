"""How long looking for repeats takes: 200 new items against ever more known ones, beside rapidfuzz over their titles alone."""

import random
from collections.abc import Iterator
from decimal import Decimal

from ingest.fields import Draft, ListKind
from matching import encoder as encoders
from matching.encoder import Encoder
from matching.repeats import finding
from tests.benchmarks.figures import Report, Spread, Table, bars, growth, timed
from tests.benchmarks.options import Options
from tests.benchmarks.texts import Texts

NEW = 200
SIZES, QUICK_SIZES = (1_000, 10_000, 20_000), (200, 1_000)
PLANTED = 20
_SEED = 20261201


def measure(options: Options) -> Report:
    """Time `against` at each size, with some known items planted among the new under another file's name."""
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    encoder = encoders.load()
    texts = Texts(random.Random(_SEED))
    known = {f"known {number:06d}": draft for number, draft in enumerate(_drafts(texts, max(sizes), "在册.xlsx"))}
    planted = list(known.values())[:PLANTED]
    new = {
        f"new {number:03d}": draft for number, draft in enumerate([*planted, *_drafts(texts, NEW - PLANTED, "新.xlsx")])
    }
    finding.against(new, {}, encoder=encoder)
    rows, missed = [], []
    for size in sizes:
        part = dict(list(known.items())[:size])
        ours = [_found(new, part, encoder) for _ in range(options.runs(3))]
        titles = Spread(tuple(_titles(new, part) for _ in range(options.runs(3))))
        spread = Spread(tuple(seconds for seconds, _ in ours))
        told = ours[-1][1]
        wanted = {(f"known {number:06d}", f"new {number:03d}") for number in range(PLANTED)}
        missed += [f"{size}: an identical copy was not found: {pair}" for pair in sorted(wanted - told)]
        rows.append((size, len(told), spread.p50, spread.most, titles.p50, spread.p50 / titles.p50))
    return Report((_table(rows),), broken=tuple(missed))


def _found(new: dict[str, Draft], known: dict[str, Draft], encoder: Encoder) -> tuple[float, set[tuple[str, str]]]:
    """Seconds that one look takes, and the pairs told."""
    told: list[finding.Repeat] = []
    seconds = timed(lambda: told.extend(finding.against(new, known, encoder=encoder)))
    return seconds, {(repeat.a, repeat.b) for repeat in told}


def _table(rows: list[tuple[float, ...]]) -> Table:
    costs = [row[2] for row in rows]
    power = growth([row[0] for row in rows], costs)
    columns = ("known items", "pairs told", "median s", "slowest s", "rapidfuzz, titles alone, s", "x rapidfuzz", "")
    return Table(
        f"{NEW} new items against known ones, all read and encoded anew",
        columns,
        tuple((*row, bar) for row, bar in zip(rows, bars(costs), strict=True)),
        (f"grows with power {power:.2f}",) if power is not None else (),
    )


def _titles(new: dict[str, Draft], known: dict[str, Draft]) -> float:
    """Seconds that comparing every title with every other takes, letter by letter."""
    from rapidfuzz import fuzz
    from rapidfuzz.process import cdist

    ends = [[each.title for each in items.values()] for items in (new, known)]
    return timed(lambda: cdist(*ends, scorer=fuzz.ratio))


def _drafts(texts: Texts, count: int, file: str) -> Iterator[Draft]:
    for row in range(2, count + 2):
        need = texts.need()
        yield Draft(
            file,
            row,
            ListKind.DEMAND,
            need.title,
            description=need.description,
            requirements=need.requirements,
            issuer=need.issuer,
            region=need.region,
            sector=need.sector,
            budget_max=Decimal(need.budget_wan * 10_000),
        )
