"""Lists with gold typed by hand: some by somebody who had not seen the program (lists/README.md), and the samples."""

import json
from pathlib import Path

import pytest

from ingest.errors import Refused
from ingest.pipeline import read_list
from tests.ingest.scoring import Score, score_file

LISTS = Path(__file__).parent / "lists"
SAMPLES = Path(__file__).parents[1] / "samples"
SHIPPED = Path(__file__).parents[2] / "web" / "samples"
HOSTILE = LISTS / "hostile"
EXPECTED = json.loads((HOSTILE / "expected.json").read_text("utf-8"))
GOLD = {
    path: LISTS / path.name.replace(path.suffix, ".gold.jsonl")
    for path in sorted(LISTS.iterdir())
    if path.suffix in {".xlsx", ".csv"}
} | {
    SHIPPED / "临川市人工智能OPC三张清单（2026年第3期）.xlsx": SAMPLES / "issue3.gold.jsonl",
    SHIPPED / "临港集团需求征集表.csv": SAMPLES / "group.gold.jsonl",
    SHIPPED / "临川市人工智能OPC三张清单（2026年第4期）.xlsx": SAMPLES / "issue4.gold.jsonl",
}


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem[:24])
def test_read_list_finds_every_item_and_invents_none(path: Path) -> None:
    score = score_file(path, GOLD[path])

    assert (score.missed, score.invented) == (0, 0)
    assert score.f1() >= 0.97, score.wrong


def test_read_list_reads_values_as_people_do() -> None:
    total = Score()
    for path, gold in GOLD.items():
        total.add(score_file(path, gold))

    assert total.f1() >= 0.97, total.wrong


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_read_list_survives_hostile_files(name: str) -> None:
    expected = EXPECTED[name]
    allowed = {expected["expect"], expected.get("or")}
    outcome, items = _outcome(HOSTILE / name)

    assert outcome in allowed
    assert items == (expected["items"] if outcome != "refused" else None)


def _outcome(path: Path) -> tuple[str, int | None]:
    try:
        reading = read_list(path.read_bytes(), name=path.name)
    except Refused:
        return "refused", None
    return "read_with_warning" if reading.problems else "read", len(list(reading.drafts))
