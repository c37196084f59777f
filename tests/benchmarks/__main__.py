"""`python -m tests.benchmarks [NAME …] [--quick] [--eval DIR] [--sizes N,N]`: measure, print, and keep the figures as JSON."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import orjson

from tests.benchmarks import (
    commands,
    crowd,
    demo,
    documents,
    last_minute,
    machine,
    market,
    matching_files,
    peers,
    ranking,
    reading,
    repeats,
)
from tests.benchmarks.figures import Report, drawn, of_aims
from tests.benchmarks.options import Options

BENCHMARKS: dict[str, Callable[[Options], Report]] = {
    "commands": commands.measure,
    "match": matching_files.measure,
    "demo": demo.measure,
    "market": market.measure,
    "rank": ranking.measure,
    "peers": peers.measure,
    "lists": reading.measure,
    "documents": documents.measure,
    "repeats": repeats.measure,
    "crowd": crowd.measure,
    "last-minute": last_minute.measure,
}
RESULTS = Path("build/bench")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named benchmarks, or all; 1 where a promise broke that does not depend on the machine."""
    asked = _parsed(arguments)
    reports: dict[str, Report] = {}
    for name in asked.names or BENCHMARKS:
        with tempfile.TemporaryDirectory(prefix="jiebang-bench-") as scratch:
            options = Options(asked.quick, asked.eval.resolve(), Path(scratch), asked.sizes)
            reports[name] = _measured(name, options)
    aims = [aim for report in reports.values() for aim in report.aims]
    if len(reports) > 1 and aims:
        print(drawn(of_aims(aims)))
    return 1 if any(report.broken for report in reports.values()) else 0


def _measured(name: str, options: Options) -> Report:
    print(f"\n== {name} ==", flush=True)
    before = machine.described()
    report = BENCHMARKS[name](options)
    after = machine.described()
    _print(report)
    print(
        f"\n{before['processor']}, {before['cores']} cores, Python {before['python']}; "
        f"load {before['load']} before and {after['load']} after{'; quick sizes' if options.quick else ''}",
        flush=True,
    )
    _keep(name, report, before, after, options)
    return report


def _print(report: Report) -> None:
    if report.skipped:
        print(f"SKIPPED: {report.skipped}")
    for table in report.tables:
        print(drawn(table))
    for title, text in report.captured.items():
        print(f"\n{title}\n{text.rstrip()}")
    if report.aims:
        print(drawn(of_aims(report.aims)))
    for sentence in report.broken:
        print(f"BROKEN: {sentence}", file=sys.stderr)


def _keep(
    name: str,
    report: Report,
    before: dict[str, str | int | float],
    after: dict[str, str | int | float],
    options: Options,
) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    kept = {
        "benchmark": name,
        "quick": options.quick,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": before,
        "load_after": after["load"],
        **asdict(report),
        "kept": {aim.what: aim.is_met for aim in report.aims},
    }
    (RESULTS / f"{name}.json").write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2))


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description="Measure the product on this machine."
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}; all where none is named"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes and few runs, to see that it works")
    parser.add_argument(
        "--eval", type=Path, default=Path("../shared/eval/matching"), metavar="DIR", help="the judged set"
    )
    parser.add_argument("--sizes", type=_sizes, metavar="N,N", help="sizes of the market instead of the usual ones")
    asked = parser.parse_args(arguments)
    if unknown := [name for name in asked.names if name not in BENCHMARKS]:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    return asked


def _sizes(words: str) -> tuple[int, ...]:
    return tuple(int(word) for word in words.split(","))


if __name__ == "__main__":
    sys.exit(main())
