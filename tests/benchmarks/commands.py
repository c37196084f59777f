"""How soon a command answers, whole process, and what it imports on the way."""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import sheets
from tests.benchmarks.figures import Aim, Report, Spread, Table
from tests.benchmarks.options import Options
from tests.benchmarks.processes import JIEBANG, run

ROWS = 20
HEAVY = (
    "torch",
    "sentence_transformers",
    "faiss",
    "tantivy",
    "model2vec",
    "sqlalchemy",
    "fastapi",
    "numpy",
    "openpyxl",
)
"""Parts whose import is worth telling; of these torch alone is forbidden."""
FORBIDDEN = "torch"


def measure(options: Options) -> Report:
    """Time `--help` and a dry run over twenty rows beside an interpreter that does nothing."""
    file = options.scratch / "需求清单.xlsx"
    sheets.write(file, rows=ROWS)
    dry_run = ["ingest", "--dry-run", "--format", "jsonl", str(file)]
    printed = run([JIEBANG, *dry_run]).output.splitlines()
    broken = [] if len(printed) == ROWS else [f"ingest printed {len(printed)} items of {ROWS}"]
    asked = {"jiebang --help": ["--help"], f"jiebang ingest --dry-run, {ROWS} rows": dry_run}
    commands = {"python -c pass": [sys.executable, "-c", "pass"]} | {
        name: [JIEBANG, *arguments] for name, arguments in asked.items()
    }
    spreads = _interleaved(commands, options.runs(10))
    imported = {name: _imports(arguments) for name, arguments in asked.items()}
    broken += [f"{name} imports {FORBIDDEN}" for name, found in imported.items() if FORBIDDEN in found]
    bare = spreads["python -c pass"].p50
    rows = tuple(
        (name, spread.p50, spread.most, spread.p50 / bare, _heavy(imported.get(name)))
        for name, spread in spreads.items()
    )
    columns = ("command, whole process", "median s", "slowest s", "x python", "heavy parts imported")
    limits = zip(asked, (0.4, 1.0), strict=True)
    aims = tuple(Aim(f"{name}, median", "s", limit, spreads[name].p50) for name, limit in limits)
    return Report((Table("Commands", columns, rows),), aims, tuple(broken))


def _interleaved(commands: dict[str, list[str]], runs: int) -> dict[str, Spread]:
    """Time the commands in turn, so that a busy moment falls on all of them; the first round warms up."""
    found: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, arguments in commands.items():
            seconds = run(arguments).seconds
            if number:
                found[name].append(seconds)
    return {name: Spread(tuple(values)) for name, values in found.items()}


def _imports(arguments: Sequence[str]) -> frozenset[str]:
    """The packages that the interpreter itself says it imported for a command."""
    lines = run([sys.executable, "-X", "importtime", str(Path(JIEBANG)), *arguments]).errors.splitlines()
    names = (line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:"))
    return frozenset(name.partition(".")[0] for name in names)


def _heavy(imported: frozenset[str] | None) -> str:
    if imported is None:
        return "-"
    return ", ".join(name for name in HEAVY if name in imported) or "none"
