"""How well introductions were read: field-level F1 against gold, values compared without white space and end marks.

Cases are paired by what they say most alike; a wrong value costs precision and recall, a missed one recall, an invented one
precision. `python -m tests.ingest.introductions.scoring [FOLDER]`: the project's own documents, or a folder that holds
`NAME.gold.json` (the keys of `documents.Document.gold`) beside `NAME.<suffix>`.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rapidfuzz import fuzz

from ingest.brochures.pipeline import read_brochure
from ingest.brochures.values import Brochure
from ingest.errors import Refused
from ingest.values.words import compact
from tests.ingest.introductions.build import build
from tests.ingest.introductions.documents import DOCUMENTS

SINGLE: Final = ("name", "headline", "team_size", "region", "founded_year")
SEVERAL: Final = ("description", "statements", "offers", "skills", "sectors", "prices", "filings", "not_offered")
PARTS: Final = ("title", "client", "year", "done", "result")
FIELDS: Final = (*SINGLE, *SEVERAL, *(f"case {part}" for part in PARTS))
_LEAST: Final = 60


class Score:
    """Values hit, given and wanted, by field, and what was wrong."""

    def __init__(self) -> None:
        self.hit: Counter[str] = Counter()
        self.given: Counter[str] = Counter()
        self.wanted: Counter[str] = Counter()
        self.wrong: list[str] = []

    def add(self, other: "Score") -> None:
        """Count another document in."""
        self.hit += other.hit
        self.given += other.given
        self.wanted += other.wanted
        self.wrong += other.wrong

    def f1(self, *names: str) -> float:
        """The F1 over some fields, or over all."""
        chosen = names or FIELDS
        hit, given, wanted = (sum(counts[name] for name in chosen) for counts in (self.hit, self.given, self.wanted))
        return 2 * hit / (given + wanted) if given + wanted else 1.0

    def note(self, where: str, name: str, given: Counter[str], wanted: Counter[str]) -> None:
        """Compare the values of one field."""
        self.hit[name] += (given & wanted).total()
        self.given[name] += given.total()
        self.wanted[name] += wanted.total()
        self.wrong += [f"{where} {name} missed: {one}" for one in (wanted - given).elements()]
        self.wrong += [f"{where} {name} invented: {one}" for one in (given - wanted).elements()]


def plain(value: object) -> str:
    """A value for comparing."""
    return compact("" if value is None else str(value)).strip("。；;，,、：:.")


def score(brochure: Brochure | None, gold: Mapping[str, Any], where: str) -> Score:
    """Compare what was read with the gold; None for a document that was refused."""
    found = Score()
    for name in SINGLE:
        found.note(where, name, _one(_single(brochure, name)), _one(gold.get(name)))
    for name in SEVERAL:
        given = Counter(plain(one) for one in _several(brochure, name))
        found.note(where, name, given, Counter(plain(one) for one in gold.get(name, ())))
    cases = [] if brochure is None else [{part: getattr(one, part) for part in PARTS} for one in brochure.cases]
    for given_case, wanted_case in _paired(cases, list(gold.get("cases", ()))):
        for part in PARTS:
            found.note(where, f"case {part}", _one(given_case.get(part)), _one(wanted_case.get(part)))
    return found


def _one(value: object) -> Counter[str]:
    said = plain(value)
    return Counter([said] if said else [])


def _single(brochure: Brochure | None, name: str) -> object:
    stated = None if brochure is None else getattr(brochure, name)
    if stated is None:
        return None
    return stated.number if name in {"team_size", "founded_year"} else stated.text


def _several(brochure: Brochure | None, name: str) -> list[str]:
    if brochure is None:
        return []
    return [one.what if name == "offers" else one.text for one in getattr(brochure, name)]


def _paired(
    given: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Cases by likeness, the likest first; what is left over stands alone."""
    likeness = sorted(
        (
            (fuzz.ratio(_told(one), _told(other)), at, to)
            for at, one in enumerate(given)
            for to, other in enumerate(wanted)
        ),
        reverse=True,
    )
    left, right = set(range(len(given))), set(range(len(wanted)))
    for like, at, to in likeness:
        if at in left and to in right and like >= _LEAST:
            left.discard(at)
            right.discard(to)
            yield given[at], wanted[to]
    yield from ((given[at], {}) for at in sorted(left))
    yield from (({}, wanted[to]) for to in sorted(right))


def _told(one: Mapping[str, Any]) -> str:
    return plain("".join(str(one.get(part) or "") for part in ("title", "done", "result")))


def _read(data: bytes, name: str) -> Brochure | None:
    try:
        return read_brochure(data, name=name)
    except Refused as refused:
        print(f"{name}: refused, {refused.problem.message}")
        return None


def own() -> Iterator[tuple[str, Score]]:
    """The scores of the project's own documents."""
    for document in DOCUMENTS:
        for kind in document.formats:
            name = f"{document.name}.{kind}"
            yield name, score(_read(build(document, kind), name), document.gold, name)


def of_folder(folder: Path) -> Iterator[tuple[str, Score]]:
    """The scores of the documents in a folder."""
    for gold in sorted(folder.glob("*.gold.json")):
        stem = gold.name.removesuffix(".gold.json")
        for path in sorted(each for each in folder.glob(f"{stem}.*") if each != gold):
            yield path.name, score(_read(path.read_bytes(), path.name), json.loads(gold.read_text("utf-8")), path.name)


def main() -> None:
    """Print the figures by document and by field, then what is wrong."""
    total = Score()
    for name, one in of_folder(Path(sys.argv[1])) if len(sys.argv) > 1 else own():
        print(f"{name:28} F1 {one.f1():.3f}  ({one.wanted.total()} values)")
        total.add(one)
    print()
    for name in FIELDS:
        print(f"{name:14} {total.wanted[name]:4} wanted {total.given[name]:4} given  F1 {total.f1(name):.3f}")
    print(f"{'all':14} {total.wanted.total():4} wanted {total.given.total():4} given  F1 {total.f1():.4f}\n")
    print("\n".join(total.wrong))


if __name__ == "__main__":
    main()
