"""`python -m tests.ingest.repeats_scoring DIR`: how many of a judged folder's repeats are found, and how many found are none.

The folder is laid out as `matching.repeats.fitting` says. The shipped weights and threshold are used as they are.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from matching.repeats import fitting
from matching.repeats.finding import within


def report(folder: Path) -> Iterator[str]:
    """Precision, recall and F1 at the shipped threshold, recall by level, then every pair told wrongly and every one missed."""
    judged = fitting.read(folder)
    found = {(repeat.a, repeat.b): repeat for repeat in within(judged.drafts)}
    yield from fitting.report(judged, list(found))
    for pair, repeat in found.items():
        if pair not in judged.levels:
            yield f"wrong  {repeat.score:.2f} {_titles(judged, pair)}"
    for pair, level in judged.levels.items():
        if pair not in found:
            yield f"missed {level} {_titles(judged, pair)}"


def _titles(judged: fitting.Judged, pair: tuple[str, str]) -> str:
    return " / ".join(judged.drafts[key].title for key in pair)


if __name__ == "__main__":
    sys.stdout.write("\n".join(report(Path(sys.argv[1]))) + "\n")
