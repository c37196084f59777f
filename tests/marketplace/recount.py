"""Recompute what a publicity says from its export and the exported score tables: an own program, with nothing of the product's.

    python -m tests.marketplace.recount publicity.json scores-1.json scores-2.json ...

It knows the two formats and the rule as the page says it: points add up, each bid's highest and lowest sheet fall (or none do),
the mean is rounded to hundredths with halves up, tracks rank by themselves, equal scores share a place.
"""

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any


def recount(publicity: dict[str, Any], tables: list[dict[str, Any]]) -> list[str]:
    """Every number of a publicity that does not follow from the tables, as sentences."""
    final, *earlier = sorted(tables, key=lambda one: -len(one["bids"]))[::-1]
    wrong: list[str] = []
    scores = {bid: score for table in [*earlier, final] for bid, score in _scores(table).items()}
    through = {one["bid"] for one in final["bids"]}
    for track in publicity["tracks"]:
        of_track = [one["bid"] for table in tables for one in table["bids"] if one["track"] == track["key"]]
        if track["judged"] != len(set(of_track)):
            wrong.append(f"{track['key']}: judged {track['judged']}, counted {len(set(of_track))}")
        first = [scores[bid] for bid in set(of_track) if bid in through]
        rest = [scores[bid] for bid in set(of_track) if bid not in through]
        for entry in track["entries"]:
            score = scores[entry["bid"]]
            if _shown(score) != entry["score"]:
                wrong.append(f"{entry['code']}: score {entry['score']}, counted {_shown(score)}")
            above = sum(_hundredths(one) > _hundredths(score) for one in (first if entry["bid"] in through else rest))
            place = 1 + above + (0 if entry["bid"] in through else len(first))
            if place != entry["place"]:
                wrong.append(f"{entry['code']}: place {entry['place']}, counted {place}")
    return wrong


def _scores(table: dict[str, Any]) -> dict[str, Fraction]:
    most = sum(one["most"] for one in table["criteria"])
    sheets: dict[str, list[Fraction]] = {}
    for one in table["sheets"]:
        total = sum((Fraction(mark) for mark in one["marks"].values()), Fraction(0)) * 100 / most
        sheets.setdefault(one["bid"], []).append(total)
    trims = table["method"] == "trimmed"
    counted = {bid: sorted(found)[1:-1] if trims else found for bid, found in sheets.items()}
    return {bid: sum(found, Fraction(0)) / len(found) for bid, found in counted.items()}


def _hundredths(score: Fraction) -> int:
    return (score * 200 + 1).__floor__() // 2


def _shown(score: Fraction) -> str:
    whole = _hundredths(score)
    return f"{whole // 100}.{whole % 100:02d}"


if __name__ == "__main__":
    given = [json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:]]
    found = recount(given[0], given[1:])
    print("\n".join(found) or "every number follows")
    sys.exit(bool(found))
