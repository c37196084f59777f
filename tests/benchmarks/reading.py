"""How fast a list file is read and understood, beside python-calamine handing over the cells of the same file."""

import sys
from pathlib import Path
from statistics import median

import orjson

from tests.benchmarks import sheets
from tests.benchmarks.figures import Aim, Report, Table
from tests.benchmarks.options import Options
from tests.benchmarks.processes import run

COLUMNS = len(sheets.HEADER)
WAYS = ("calamine", "understood")
Found = dict[str, float]


def measure(options: Options) -> Report:
    """Read a million cells (fewer where quick) in turn with both, each time in a process of its own; then twenty rows."""
    rows = 2_500 if options.quick else 50_000
    large, small = options.scratch / "百万格需求清单.xlsx", options.scratch / "二十行需求清单.xlsx"
    twice = options.scratch / "十万行需求清单.xlsx"
    sheets.write(twice, rows=2 * rows)
    sheets.write(large, rows=rows)
    sheets.write(small, rows=20)
    found: dict[str, list[Found]] = {way: [] for way in WAYS}
    for number in range(options.runs(3) + 1):
        for way in WAYS:
            figures = _probe(way, large)
            if number:
                found[way].append(figures)
    # pandas takes minutes for it: once is enough to see by how much.
    framed = _probe("pandas", large)
    doubled = {way: _probe(way, twice) for way in WAYS}
    first = [_probe("understood", small) for _ in range(options.runs(5))]
    broken = [f"{figures['items']:.0f} items of {rows}" for figures in found["understood"] if figures["items"] != rows]
    large_table, aims = _large(found, rows * COLUMNS)
    seconds = {name: median(figures[name] for figures in first) for name in ("seconds", "again")}
    small_table = Table(
        "A list of 20 rows after start",
        ("when", "median ms"),
        (("first file of a process", 1000 * seconds["seconds"]), ("the same once more", 1000 * seconds["again"])),
    )
    small_aim = Aim("20 rows understood, first file of a process", "ms", 300.0, 1000 * seconds["seconds"])
    if doubled["understood"]["items"] != 2 * rows:
        broken.append(f"{doubled['understood']['items']:.0f} items of {2 * rows}")
    return Report((large_table, _wider(found, framed, doubled, rows), small_table), (*aims, small_aim), tuple(broken))


def _wider(found: dict[str, list[Found]], framed: Found, doubled: dict[str, Found], rows: int) -> Table:
    """What pandas takes for the same file, and what twice as many rows take."""
    ours, alone = (median(one["seconds"] for one in found[way]) for way in ("understood", "calamine"))
    lines = (
        (
            f"pandas.read_excel, {rows:,} rows, first row for header",
            framed["seconds"],
            framed["seconds"] / alone,
            framed["peak_mib"],
        ),
        (f"read_list, {rows:,} rows", ours, ours / alone, median(one["peak_mib"] for one in found["understood"])),
        *(
            (
                f"{name}, {2 * rows:,} rows",
                doubled[way]["seconds"],
                doubled[way]["seconds"] / doubled["calamine"]["seconds"],
                doubled[way]["peak_mib"],
            )
            for way, name in (("calamine", "python-calamine"), ("understood", "read_list"))
        ),
    )
    return Table("Beside pandas, and twice as long", ("how", "s", "x calamine", "peak growth MiB"), lines)


def _probe(way: str, file: Path) -> Found:
    printed = run([sys.executable, "-m", "tests.benchmarks.reading_probe", way, str(file)]).output
    figures: Found = orjson.loads(printed)
    return figures


def _large(found: dict[str, list[Found]], cells: int) -> tuple[Table, tuple[Aim, ...]]:
    middle = {way: {name: median(one[name] for one in found[way]) for name in found[way][0]} for way in WAYS}
    alone, ours = (middle[way] for way in WAYS)
    # Ratios are taken run by run and not of medians, since both of a pair met the same moment of the machine.
    pairs = list(zip(found["understood"], found["calamine"], strict=True))
    slower = median(mine["seconds"] / theirs["seconds"] for mine, theirs in pairs)
    heavier = median(mine["peak_mib"] / theirs["peak_mib"] for mine, theirs in pairs)
    rows = (
        ("python-calamine, cells handed over", alone["seconds"], 1.0, alone["peak_mib"], 1.0, alone["kept_mib"]),
        ("read_list, understood", ours["seconds"], slower, ours["peak_mib"], heavier, ours["kept_mib"]),
    )
    columns = ("how", "median s", "x calamine", "peak growth MiB", "x calamine", "kept growth MiB")
    note = "Growth is resident memory above what the process held when it had the bytes of the file in memory."
    aims = (
        Aim(f"xlsx of {cells:,} cells understood", "s", 10.0 * cells / 1_000_000, ours["seconds"]),
        Aim("the same beside calamine alone", "x", 8.0, slower),
        Aim("growth of resident memory beside calamine's", "x", 3.0, heavier),
    )
    return Table(f"A plain xlsx of {cells:,} cells", columns, rows, (note,)), aims
