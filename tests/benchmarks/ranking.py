"""The ranker by itself on its own made-up market, at growing sizes: `rank.py`, in a process of its own."""

import sys
from pathlib import Path

from tests.benchmarks.figures import Report
from tests.benchmarks.options import Options
from tests.benchmarks.processes import run

SCRIPT = Path(__file__).with_name("rank.py")
SIZES, QUICK_SIZES = (1_000, 3_000, 10_000), (200, 600)


def measure(options: Options) -> Report:
    """Run the script and keep what it prints."""
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    printed = run([sys.executable, str(SCRIPT), *map(str, sizes)]).output
    return Report(captured={"ranking alone": printed})
