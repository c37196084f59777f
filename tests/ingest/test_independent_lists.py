"""Lists with gold typed by hand: by people who had not seen the program (lists/README.md), and the samples.

Recognising a page takes seconds: of the scans the short form reads one with a seal, one photo and one of a plain page.
"""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from ingest import guarded
from ingest.errors import Refused
from ingest.pipeline import read_list
from tests.ingest.scoring import score_file, squeeze

LISTS = Path(__file__).parent / "lists"
HELD_OUT = [Path(__file__).parent / name for name in ("lists_second", "lists_third")]
SAMPLES = Path(__file__).parents[1] / "samples"
SHIPPED = Path(__file__).parents[2] / "web" / "samples"
HOSTILE = LISTS / "hostile"
EXPECTED = json.loads((HOSTILE / "expected.json").read_text("utf-8"))
GOLD = {
    path: gold
    for gold in sorted(gold for folder in (LISTS, *HELD_OUT) for gold in folder.glob("*.gold.jsonl"))
    for path in gold.parent.glob(f"{gold.name.removesuffix('.gold.jsonl')}.*")
    if path != gold
} | {
    SHIPPED / "临川市人工智能OPC三张清单（2026年第3期）.xlsx": SAMPLES / "issue3.gold.jsonl",
    SHIPPED / "临港集团需求征集表.csv": SAMPLES / "group.gold.jsonl",
    SHIPPED / "临川市人工智能OPC三张清单（2026年第4期）.xlsx": SAMPLES / "issue4.gold.jsonl",
}
SCANS = {"13_farm_machinery_table_scan", "14_court_prison_notice_scan", "14_street_services_scan", "15_mine_problem_cards_scan", "39_court_scenes_scan", "40_metro_needs_scan", "41_county_scenes_red_seal", "42_grain_food_needs_scan", "43_need_cards_photo"}  # fmt: skip
SCANS_OF_SHORT = {"39_court_scenes_scan", "41_county_scenes_red_seal", "43_need_cards_photo"}
LEAST, LEAST_OF_SCANS = 0.965, 0.95


def listed(path: Path) -> Any:
    """A list as a parameter, most scans in the long form alone."""
    marks = [pytest.mark.long_form] if path.stem in SCANS - SCANS_OF_SHORT else []
    return pytest.param(path, id=path.stem[:24], marks=marks)


@pytest.mark.parametrize("path", [listed(path) for path in GOLD])
def test_read_list_finds_every_item_and_reads_it_as_people_do(path: Path) -> None:
    score = score_file(path, GOLD[path])

    assert (score.missed, score.invented) == (0, 0), score.wrong
    assert score.f1() >= (LEAST_OF_SCANS if path.stem in SCANS else LEAST), score.wrong


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_read_list_survives_hostile_files(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # What never ends need not be waited for as long here as a slow machine may take for a page.
    monkeypatch.setattr(guarded, "SECONDS", 8.0)
    expected = EXPECTED[name]
    outcome, titles = _outcome(HOSTILE / name)

    assert outcome in {expected["expect"], expected.get("or"), *expected.get("also", ())}
    if outcome != "refused":
        assert expected["items"] is None or len(titles) == expected["items"]
        assert [_plain(title) for title in titles] == [_plain(one) for one in expected.get("titles", titles)]


def _outcome(path: Path) -> tuple[str, list[str]]:
    try:
        reading = read_list(path.read_bytes(), name=path.name)
    except Refused:
        return "refused", []
    return "read_with_warning" if reading.problems else "read", [draft.title for draft in reading.drafts]


def _plain(title: str) -> str:
    """A title without what nobody sees: format characters and marks piled on a letter."""
    return squeeze("".join(one for one in title if unicodedata.category(one) not in {"Cf", "Mn"}))
