"""How long one ranking with evidence takes, beside tantivy and FAISS by themselves: `python tests/benchmarks/rank.py [sizes…]`.

Prints medians and 99th percentiles in milliseconds, the ratio to the raw engines in the same run, and how cost grows.
"""

import os

# One thread, as the web process has it: on two busy cores, helpers that wait for each other cost more than they give.
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from made_up_market import MadeUpMarket

from matching.concepts import load
from matching.engine import Engine

QUERIES = 200


def milliseconds(calls: list[Callable[[], object]]) -> list[float]:
    """Time each call."""
    spent = []
    for call in calls:
        start = time.perf_counter()
        call()
        spent.append(1000 * (time.perf_counter() - start))
    return spent


def measure(size: int) -> float:
    """Build a market of `size` profiles and as many needs, save it, open it, and rank; return the median."""
    lexicon = load()
    market = MadeUpMarket(lexicon)
    needs = [market.need(number) for number in range(size)]
    profiles = [market.profile(number) for number in range(size)]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        engine = Engine.open(Path(folder), lexicon=lexicon)
        for at in range(0, size, 2000):
            engine.apply([*needs[at : at + 2000], *profiles[at : at + 2000]])
        built = time.perf_counter() - start
        engine.save()
        start = time.perf_counter()
        engine = Engine.open(Path(folder), lexicon=lexicon)
        opened = time.perf_counter() - start
        asked = [market.need(size + number) for number in range(QUERIES)]
        engine.rank_profiles(asked[0])
        ours = milliseconds([lambda need=need: engine.rank_profiles(need) for need in asked])
        raw = milliseconds([_raw(engine, need) for need in asked])
        processor = time.process_time()
        for need in asked:
            engine.rank_profiles(need)
        processor = 1000 * (time.process_time() - processor) / QUERIES
        start = time.perf_counter()
        engine.apply([market.profile(size)])
        fresh = 1000 * (time.perf_counter() - start)
    median = statistics.median(ours)
    print(
        f"{size:>7} profiles  build {built:6.1f} s  open {opened:5.2f} s  "
        f"rank p50 {median:6.1f} p99 {np.percentile(ours, 99):6.1f} ms  raw p50 {statistics.median(raw):5.1f} ms  "
        f"ratio {median / statistics.median(raw):4.1f}  processor {processor:5.1f} ms  one change {fresh:5.1f} ms",
        flush=True,
    )
    return median


def _raw(engine: Engine, need: object) -> Callable[[], object]:
    """The same question to tantivy and FAISS and nothing more."""
    asker = engine.asker(need)  # type: ignore[arg-type]  # a need, drawn above
    seen = engine.profiles.visible(frozenset({"public"}), None)
    return lambda: engine.ranker._candidates(engine.profiles, asker, seen)


def main(sizes: list[int]) -> None:
    """Measure each size and say how the median grew."""
    medians = [measure(size) for size in sizes]
    for (smaller, before), (larger, after) in pairwise(zip(sizes, medians, strict=True)):
        print(f"{smaller} → {larger}: {larger / smaller:.1f} × the profiles, {after / before:.2f} × the time")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1000, 3000, 10000])
