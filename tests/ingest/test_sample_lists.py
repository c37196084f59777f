"""The sample lists of the market against what a person read in them, field by field (lists.md, section 6)."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from ingest.pipeline import read_list
from ingest.rendering import item_as_json

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "web" / "samples"
GOLD = ROOT / "tests" / "samples"
FLOOR = 0.97
UNSCORED = {"file", "sheet", "page", "row", "raw", "inherited", "title", "id"}
LISTS = (
    ("临川市人工智能OPC三张清单（2026年第3期）.xlsx", "issue3.gold.jsonl"),
    ("临川市人工智能OPC三张清单（2026年第4期）.xlsx", "issue4.gold.jsonl"),
    ("临港集团需求征集表.csv", "group.gold.jsonl"),
)

Item = Mapping[str, Any]


def plain(words: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words))


def stated(item: Item) -> Counter[tuple[str, str]]:
    """Every value of an item, requirements one by one; null, false and empty lists are no values."""
    found: Counter[tuple[str, str]] = Counter()
    for field, value in item.items():
        if field in UNSCORED or value in (None, False, []):
            continue
        values = value if isinstance(value, list) else [value]
        found.update((field, plain(str(one))) for one in values)
    return found


def paired(found: list[Item], gold: list[Item]) -> Iterator[tuple[Item | None, Item | None]]:
    """Items of one file with the most similar title, 0.9 at least, each once; None for what has no partner."""
    scores = sorted(
        (
            (fuzz.ratio(plain(a["title"]), plain(b["title"])), i, j)
            for i, a in enumerate(found)
            for j, b in enumerate(gold)
        ),
        key=lambda entry: (-entry[0], entry[1], entry[2]),
    )
    left, right = set(range(len(found))), set(range(len(gold)))
    for score, i, j in scores:
        if score >= 90 and i in left and j in right:
            left.discard(i)
            right.discard(j)
            yield found[i], gold[j]
    yield from ((found[i], None) for i in sorted(left))
    yield from ((None, gold[j]) for j in sorted(right))


def read(name: str) -> list[Item]:
    return [item_as_json(draft) for draft in read_list((SAMPLES / name).read_bytes(), name=name).drafts]


def gold_of(name: str) -> list[Item]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def f1(found: list[Item], gold: list[Item]) -> float:
    hits = told = true = 0
    for mine, theirs in paired(found, gold):
        mine_values, their_values = stated(mine or {}), stated(theirs or {})
        hits += (mine_values & their_values).total()
        told += mine_values.total()
        true += their_values.total()
    return 2 * hits / (told + true)


@pytest.mark.parametrize(("file", "gold"), LISTS)
def test_read_list_reads_a_sample_list_as_a_person_does(file: str, gold: str) -> None:
    assert f1(read(file), gold_of(gold)) >= FLOOR


@pytest.mark.parametrize(("file", "gold"), LISTS)
def test_read_list_finds_every_item_of_a_sample_list_and_invents_none(file: str, gold: str) -> None:
    assert [pair for pair in paired(read(file), gold_of(gold)) if None in pair] == []
