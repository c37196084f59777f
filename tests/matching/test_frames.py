"""Kinds of work: what a need names, what a profile leads with, and how foreign the two are."""

from dataclasses import replace

import numpy as np
import pytest

from matching import frames
from matching.concepts import Concept, Kind, check, read
from matching.documents import Profile
from matching.frames import WIDTH, Frames, foreign

TEACHES = Concept(("培训", "讲师"), Kind.DELIVERABLE, lookalikes=("培训机构",))
SELLS = Concept(("供货", "现货"), Kind.DELIVERABLE)
KINDS = Frames([TEACHES, SELLS])
MAKER = Profile("m", "", "停车场车位识别", "用摄像头认出空车位。", skills=("目标检测",))


def test_a_need_names_a_kind_once_however_often_it_says_so() -> None:
    assert KINDS.wanted("采购设备，现货供货，供货期一周")[:2].tolist() == [0, 1]
    assert KINDS.wanted("空车位识别").sum() == 0


def test_a_longer_word_that_holds_a_kinds_name_names_no_kind() -> None:
    assert KINDS.wanted("排查培训机构").sum() == 0


def test_a_headline_counts_three_times_and_a_skill_once() -> None:
    teacher = replace(MAKER, headline="停车场运营培训", skills=("讲师", "目标检测"))
    # The headline is read twice and once more as part of the lead: 3 mentions; one skill: 1.
    assert KINDS.led(teacher)[:2].tolist() == [4, 0]


def test_what_stands_far_behind_in_a_description_leads_nobody() -> None:
    assert KINDS.led(replace(MAKER, description="。" * 60 + "培训")).sum() == 0


@pytest.mark.parametrize(
    ("need", "headline", "expected"),
    [
        ("空车位识别", "停车场运营培训", 0.75),
        ("停车场运营培训", "停车场运营培训", 0.0),
        ("空车位识别", "空车位识别", 0.0),
        ("停车场运营培训", "道闸现货供货，讲师到场", 1.0),
    ],
)
def test_foreign_is_what_leads_and_is_not_asked_for(need: str, headline: str, expected: float) -> None:
    led = KINDS.led(replace(MAKER, headline=headline))
    assert float(foreign(KINDS.wanted(need), led, 4)) == expected


def test_rows_of_either_side_are_compared_at_once() -> None:
    wanted = np.stack([KINDS.wanted("供货"), KINDS.wanted("培训")])
    led = KINDS.led(replace(MAKER, headline="现货"))
    assert foreign(wanted, led, 4).tolist() == [0.0, 0.75]
    assert foreign(wanted, led, 0).tolist() == [0.0, 0.0]


def test_there_is_room_for_no_more_kinds_than_an_index_keeps() -> None:
    with pytest.raises(ValueError, match="at most"):
        Frames([Concept((f"做法{number}",), Kind.DELIVERABLE) for number in range(WIDTH + 1)])


def test_the_shipped_kinds_are_sound_and_one_can_be_left_out() -> None:
    assert check(read(frames.FILE)) == []
    assert "培训" in frames.load().names
    assert "培训" not in frames.without("培训").names
    assert frames.without("培训").digest != frames.load().digest
