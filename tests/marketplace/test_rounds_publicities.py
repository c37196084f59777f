"""What a publicity says: who is named and in which order, what is withheld and why. Pure."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.rules import publicities
from marketplace.rounds.rules.publicities import Entry, Published

STARTS = datetime(2026, 12, 12, 10, 30, tzinfo=UTC)
ENDS = datetime(2026, 12, 18, 16, 0, tzinfo=UTC)


def make_entry(bid: str, place: int, outcome: Outcome, *, order: int = 0, track: str = "t1") -> Entry:
    """A bid of a unit that is called after it."""
    return Entry(
        bid=bid,
        code=f"申报{place}",
        track=track,
        names=(f"{bid}公司",),
        place=place,
        score=f"{90 - place}.00",
        outcome=outcome,
        order=order,
        reason="得分如上。",
    )


ENTRIES = (
    make_entry("d", 4, Outcome.LEAVE_OUT),
    make_entry("c", 3, Outcome.RESERVE, order=1),
    make_entry("a", 1, Outcome.RESERVE, order=2),
    make_entry("b", 2, Outcome.PROPOSE, order=1),
    make_entry("x", 1, Outcome.PROPOSE, order=1, track="t2"),
)
GIVEN = Published(
    round_id="r",
    title="行道树健康巡查",
    number=1,
    starts_at=STARTS,
    ends_at=ENDS,
    length="5 个工作日",
    method="trimmed",
    entries=ENTRIES,
    tracks={"t1": "巡查", "t2": "养护"},
    experts=("顾明远", "沈知秋"),
    shows_scores=True,
    contact={"name": "林正", "phone": "", "email": "yiyi@example.com"},
    note="",
    scores_digest="a" * 64,
    judged={"t1": 4, "t2": 1},
)


def named(record: dict[str, object], track: int) -> list[str]:
    """The bids that a track of a publicity names, in its order."""
    tracks = record["tracks"]
    assert isinstance(tracks, list)
    return [one["bid"] for one in tracks[track]["entries"]]


def test_winners_come_first_then_reserves_in_their_order_then_the_rest_by_place() -> None:
    record = publicities.as_record(GIVEN)
    assert named(record, 0) == ["b", "c", "a", "d"]
    assert named(record, 1) == ["x"]
    assert [(one["title"], one["judged"]) for one in record["tracks"]] == [("巡查", 4), ("养护", 1)]
    assert (record["starts_at"], record["ends_at"]) == (
        "2026-12-12T10:30:00.000000+00:00",
        "2026-12-18T16:00:00.000000+00:00",
    )
    assert record["experts"] == ["顾明远", "沈知秋"]
    assert record["tracks"][0]["entries"][0] == {
        "bid": "b",
        "code": "申报2",
        "names": ["b公司"],
        "place": 2,
        "score": "88.00",
        "outcome": "propose",
        "order": 1,
        "reason": "得分如上。",
    }


def test_without_scores_who_was_left_out_is_counted_and_not_named() -> None:
    record = publicities.as_record(replace(GIVEN, shows_scores=False))
    assert named(record, 0) == ["b", "c", "a"]
    assert record["tracks"][0]["judged"] == 4
    assert "d公司" not in json.dumps(record, ensure_ascii=False)
    assert any("未入选申报的名称、名次和得分不公开" in one for one in record["withheld"])


@pytest.mark.parametrize(
    ("changed", "reasons"), [({}, 1), ({"shows_scores": False}, 2), ({"experts": None}, 2), ({"experts": ()}, 1)]
)
def test_each_thing_that_is_withheld_has_its_reason(changed: dict[str, object], reasons: int) -> None:
    found = publicities.withheld(replace(GIVEN, **changed))  # type: ignore[arg-type]
    assert len(found) == reasons
    assert all(one.endswith("。") and "：" in one for one in found)


def test_a_publicity_has_one_spelling_and_so_one_digest() -> None:
    record = publicities.as_record(GIVEN)
    spelled = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert publicities.digest(record) == hashlib.sha256(spelled.encode()).hexdigest()
    assert publicities.digest(publicities.as_record(replace(GIVEN, number=2))) != publicities.digest(record)
