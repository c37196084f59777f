"""How well a file was read: items found and invented, and field-level F1 against hand-made gold.

Items of one file are paired by title similarity of at least 0.9 after NFKC and removal of white space. A field counts
where it holds a value; a wrong value costs precision and recall, a missed item recall, an invented item precision;
requirements are compared point by point, order aside.
"""

import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from ingest.errors import Refused
from ingest.pipeline import read_list
from ingest.rendering import item_as_json

FIELDS = (
    "sheet",
    "page",
    "row",
    "list_kind",
    "need_type",
    "title",
    "description",
    "issuer",
    "issuer_type",
    "sector",
    "region",
    "budget_min",
    "budget_max",
    "budget_negotiable",
    "period_start",
    "period_end",
    "duration_months",
    "requirements",
    "contact_name",
    "contact_phone",
    "contact_email",
)
LEAST_SIMILARITY = 90


@dataclass
class Score:
    """Counts of one file or of many: items, and values hit, given and wanted by field."""

    found: int = 0
    missed: int = 0
    invented: int = 0
    hit: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        """Count another file in."""
        self.found += other.found
        self.missed += other.missed
        self.invented += other.invented
        self.hit += other.hit
        self.given += other.given
        self.wanted += other.wanted
        self.wrong += other.wrong

    def f1(self, *names: str) -> float:
        """The F1 over some fields, or over all."""
        chosen = names or FIELDS
        hit, given, wanted = (sum(counts[name] for name in chosen) for counts in (self.hit, self.given, self.wanted))
        return 2 * hit / (given + wanted) if given + wanted else 1.0


def score_file(path: Path, gold: Path) -> Score:
    """Read a file and compare it with its gold."""
    items = [item_as_json(draft) for draft in read_list(path.read_bytes(), name=path.name).drafts]
    return compare(items, [json.loads(line) for line in gold.read_text("utf-8").splitlines()], name=path.name)


def compare(items: Iterable[Mapping[str, Any]], gold: Iterable[Mapping[str, Any]], *, name: str) -> Score:
    """Pair items with gold one to one, best title first, and count values."""
    given, wanted = list(items), list(gold)
    pairs = sorted(
        (
            (-fuzz.ratio(squeeze(mine["title"]), squeeze(theirs["title"])), mine.get("row") != theirs.get("row"), i, j)
            for i, mine in enumerate(given)
            for j, theirs in enumerate(wanted)
        ),
    )
    mine_of: dict[int, int] = {}
    used: set[int] = set()
    for distance, _, i, j in pairs:
        if -distance >= LEAST_SIMILARITY and j not in mine_of and i not in used:
            mine_of[j] = i
            used.add(i)
    result = Score(found=len(mine_of), missed=len(wanted) - len(mine_of), invented=len(given) - len(used))
    for j, theirs in enumerate(wanted):
        _count(
            result,
            given[mine_of[j]] if j in mine_of else {},
            theirs,
            where=f"{name} {theirs['sheet']}!{theirs.get('row') or theirs['title']}",
        )
    for i, mine in enumerate(given):
        if i not in used:
            result.wrong.append(f"{name} invented {mine['sheet']}!{mine['row']} {mine['title']!r}")
            _count(result, mine, {}, where=None)
    return result


def _count(result: Score, mine: Mapping[str, Any], theirs: Mapping[str, Any], *, where: str | None) -> None:
    # In running text and on pages a row has no number that two people would give alike: such gold does not name one.
    for name in FIELDS if "row" in theirs or where is None else (name for name in FIELDS if name != "row"):
        have, want = _values(mine.get(name)), _values(theirs.get(name))
        result.given[name] += sum(have.values())
        result.wanted[name] += sum(want.values())
        result.hit[name] += sum((have & want).values())
        if where and have != want:
            result.wrong.append(f"{where} {name}: {mine.get(name)!r} instead of {theirs.get(name)!r}")


def _values(value: Any) -> Counter[str]:
    if value is None or value is False or value in ("", [], ()):
        return Counter()
    if isinstance(value, list | tuple):
        return Counter(squeeze(str(each)) for each in value)
    return Counter([squeeze(str(value))])


def report(folder: Path) -> Iterator[str]:
    """A line for each file of a folder that has gold beside it, one for each field, and one for all."""
    total = Score()
    for gold in sorted(folder.glob("*.gold.jsonl")):
        path = next(one for one in sorted(folder.glob(f"{gold.name.removesuffix('.gold.jsonl')}.*")) if one != gold)
        try:
            score = score_file(path, gold)
        except Refused as refused:
            lines = [json.loads(line) for line in gold.read_text("utf-8").splitlines()]
            score = compare([], lines, name=path.name)
            score.wrong.insert(0, f"{path.name} refused: {refused}")
        total.add(score)
        yield f"{path.name:44} {score.found:4} found {score.missed:3} missed {score.invented:3} invented  F1 {score.f1():.3f}"
    for name in FIELDS:
        yield f"{name:44} {total.wanted[name]:4} wanted  F1 {total.f1(name):.3f}"
    yield f"{'all':44} {total.found:4} found {total.missed:3} missed {total.invented:3} invented  F1 {total.f1():.4f}"
    yield from total.wrong


def squeeze(text: str) -> str:
    """Fold what does not count: width and white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


if __name__ == "__main__":
    sys.stdout.write("\n".join(report(Path(sys.argv[1]))) + "\n")
