"""The form of a notice: what it says comes back as it was said, and whatever is wrong is told at its field."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.rounds.rules import notice_forms, notice_reading, notices
from marketplace.rounds.rules.notice_changes import changes, said
from marketplace.rounds.rules.notices import Condition, Notice, Paper, Person, Track, Weighed
from tests.marketplace.round_bodies import COMPLETE, NOTICES, make_notice

WORDS = st.text(max_size=30)
BODIES = st.dictionaries(st.sampled_from(sorted(notice_forms.FIELDS)), WORDS, max_size=30)


def faults_of(change: Mapping[str, str], *, has_tracks: bool = False) -> Mapping[str, str]:
    """What is wrong once some fields are written otherwise."""
    return notice_reading.read({**COMPLETE, **change}, has_tracks=has_tracks).faults


def test_a_complete_body_is_a_notice() -> None:
    found = notice_reading.read(COMPLETE, has_tracks=False)

    assert found.faults == {}
    assert found.notice is not None
    assert found.notice.conditions == (
        Condition("c1", "注册地在福建省内", True, "营业执照载明的住所"),
        Condition("c3", "有同类项目经验", False, ""),
    )
    assert found.notice.papers == (Paper("p1", "实施方案", True), Paper("p2", "演示视频", False))
    assert found.notice.tracks[0].indicators == ("病害识别率不低于 88%", "倾斜超限 10 分钟内预警")
    assert (found.notice.funds_fen, found.notice.price_ceiling_fen) == (90_000_000, 12_500_000)
    assert found.notice.deadline == datetime(2026, 12, 9, 9, 30, tzinfo=UTC)


@given(NOTICES)
def test_a_notice_comes_back_from_its_form_and_from_its_record(notice: Notice) -> None:
    body = notice_forms.body_of(notice)

    assert set(body) <= notice_forms.FIELDS
    assert notice_reading.read(body, has_tracks=True).faults == {}
    assert notice_reading.read(body, has_tracks=True).notice == notice
    assert notices.of_record(notices.as_record(notice)) == notice
    assert notices.of_record(notices.as_record(notice)).digest == notice.digest
    assert changes(notice, notice) == ()


@given(BODIES, st.booleans())
def test_no_body_is_too_odd_to_be_read(body: Mapping[str, str], has_tracks: bool) -> None:
    found = notice_reading.read(body, has_tracks=has_tracks)

    assert (found.notice is None) == bool(found.faults)
    assert set(found.faults) <= notice_forms.FIELDS
    assert all(message.endswith("。") for message in found.faults.values())


LONG = "长"
FAULTY = [
    *[({name: "  "}, name) for name in notice_forms.REQUIRED],
    *[({name: LONG * (most + 1)}, name) for name, (_, most) in notice_forms.REQUIRED.items()],
    *[({name: LONG * (most + 1)}, name) for name, most in notice_forms.OPTIONAL.items()],
    ({"summary": "九个字的摘要不够长"}, "summary"),
    ({"track-1-title": "", "track-1-question": "", "track-1-indicators": ""}, "track-1-question"),
    ({"track-1-question": ""}, "track-1-question"),
    ({"track-1-question": LONG * 4001}, "track-1-question"),
    ({"track-1-title": LONG * 61}, "track-1-title"),
    ({"track-1-indicators": " \n "}, "track-1-indicators"),
    ({"track-1-indicators": LONG * 301}, "track-1-indicators"),
    ({"track-1-indicators": "\n".join("一二三四五六七八九十" * 2) + "\n多"}, "track-1-indicators"),
    ({"track-2-question": "另一道", "track-2-indicators": "覆盖全市"}, "track-2-question"),
    ({"condition-1-proof": ""}, "condition-1-proof"),
    ({"condition-1-text": ""}, "condition-1-text"),
    ({"condition-1-text": LONG * 301}, "condition-1-text"),
    ({"condition-3-proof": LONG * 301}, "condition-3-proof"),
    ({f"condition-{row}-{part}": "" for row in (1, 3) for part in ("text", "proof")}, "condition-1-text"),
    ({"paper-2-title": LONG * 61}, "paper-2-title"),
    ({"criterion-1-title": ""}, "criterion-1-title"),
    ({"criterion-1-title": LONG * 61}, "criterion-1-title"),
    *[
        ({"criterion-1-weight": weight}, "criterion-1-weight")
        for weight in ("", "0", "101", "-40", "4.5", "４０", "无")
    ],
    *[({"criterion-1-minimum": least}, "criterion-1-minimum") for least in ("0", "61", "-1", "二", "1.5")],
    ({"criterion-2-weight": "41"}, "criterion-1-weight"),
    ({"criterion-2-weight": "39"}, "criterion-1-weight"),
    ({f"criterion-{row}-{part}": "" for row in (1, 2) for part in ("title", "weight", "minimum")}, "criterion-1-title"),
    *[({"funds_amount": amount}, "funds_amount") for amount in ("九十", "-1", "0", "0.0000001", "1e3", "1.2.3", ".5")],
    ({"price_ceiling": "0.00"}, "price_ceiling"),
    ({"price_ceiling": "1234567890"}, "price_ceiling"),
    *[({f"{who}_name": name}, f"{who}_name") for who in ("contact", "objection") for name in ("", LONG * 61)],
    *[({f"{who}_phone": "", f"{who}_email": ""}, f"{who}_phone") for who in ("contact", "objection")],
    ({"contact_phone": "打给我"}, "contact_phone"),
    ({"contact_phone": "1" * 41}, "contact_phone"),
    ({"objection_email": "yiyi@"}, "objection_email"),
    ({"objection_email": "yi yi@example.com"}, "objection_email"),
    *[
        ({"publish_at": at}, "publish_at")
        for at in ("", "明天", "2026-13-01T09:00", "2026-11-23 09:00", "9999-12-31T09:00")
    ],
    *[({"deadline": at}, "deadline") for at in ("", "2026-02-30T09:00", "0001-01-01T00:00", "9999-12-31T23:59")],
    ({"deadline": "2026-11-23T09:00"}, "deadline"),
    ({"deadline": "2026-11-23T08:59"}, "deadline"),
]


@pytest.mark.parametrize(("change", "field"), FAULTY)
def test_each_fault_is_told_at_its_field_and_nowhere_else(change: Mapping[str, str], field: str) -> None:
    found = faults_of(change)

    assert field in found
    # Weights that do not sum up are told at the first of them.
    assert set(found) - {"criterion-1-weight"} <= {field}


def test_every_field_that_may_be_wrong_is_tried() -> None:
    asked = {field for _, field in FAULTY}
    singles = set(notice_forms.SINGLE) - {"asks_price", "contact_email", "objection_phone"}
    assert singles <= asked | {"objection_phone"}


def test_tracks_are_named_apart_where_a_procedure_has_them() -> None:
    second = {"track-2-title": "巡检", "track-2-question": "巡检路灯。", "track-2-indicators": "覆盖全市"}

    assert faults_of(second, has_tracks=True) == {}
    assert set(faults_of({**second, "track-2-title": ""}, has_tracks=True)) == {"track-2-title"}
    assert set(faults_of({**second, "track-2-title": "养护"}, has_tracks=True)) == {"track-2-title"}
    assert set(faults_of(second, has_tracks=False)) == {"track-2-question"}


def test_a_weight_that_is_wrong_says_nothing_of_a_minimum_that_nobody_set() -> None:
    assert set(faults_of({"criterion-2-weight": ""})) == {"criterion-2-weight", "criterion-1-weight"}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("90", 90_000_000),
        (" 12.5 ", 12_500_000),
        ("0.000001", 1),
        ("1,234.56", 1_234_560_000),
        ("1，234", 1_234_000_000),
        ("0", 0),
        ("999999999.999999", 999_999_999_999_999),
        ("1.0000001", None),
        ("90.", None),
        ("+90", None),
        ("九十", None),
        ("", None),
    ],
)
def test_amounts_are_exact(text: str, amount: int | None) -> None:
    assert notice_forms.fen(text) == amount


@given(st.integers(0, 10**15 - 1))
def test_an_amount_comes_back_from_its_words(amount: int) -> None:
    assert notice_forms.fen(notice_forms.wan(amount)) == amount


def test_a_ceiling_is_none_where_no_price_is_asked() -> None:
    found = notice_reading.read({**COMPLETE, "asks_price": ""}, has_tracks=False).notice

    assert found is not None
    assert (found.asks_price, found.price_ceiling_fen) == (False, None)


def test_rows_keep_their_keys_through_addenda() -> None:
    notice = notice_reading.read(COMPLETE, has_tracks=False).notice
    assert notice is not None
    body = notice_forms.body_of(notice)
    body |= {"condition-1-text": "", "condition-1-hard": "", "condition-1-proof": "", "paper-1-title": ""}
    body |= {"condition-7-text": "有固定办公场所", "condition-3-text": "有两个同类项目经验"}

    amended = notice_reading.read(body, has_tracks=False).notice

    assert amended is not None
    assert [one.key for one in amended.conditions] == ["c3", "c7"]
    assert [one.key for one in amended.papers] == ["p2"]
    assert [(one.field, one.old is None, one.new is None) for one in changes(notice, amended)] == [
        ("c3", False, False),
        ("c7", True, False),
        ("c1", False, True),
        ("p1", False, True),
    ]


def others() -> dict[str, object]:
    """For each field of a notice another value."""
    notice = make_notice()
    day = timedelta(days=1)
    return {
        **dict.fromkeys((*notice_forms.REQUIRED, *notice_forms.OPTIONAL), "别的说法"),
        "tracks": (replace(notice.tracks[0], key="t2"),),
        "conditions": notice.conditions[:1],
        "papers": (),
        "criteria": (Weighed("方案", 60, None), notice.criteria[1]),
        "funds_fen": None,
        "asks_price": False,
        "price_ceiling_fen": 1,
        "contact": replace(notice.contact, phone="110"),
        "objections": replace(notice.objections, name="别人"),
        "publish_at": notice.publish_at - day,
        "deadline": notice.deadline + day,
    }


def test_the_digest_changes_with_every_field_and_with_every_part_of_one() -> None:
    notice = make_notice()
    tries = [replace(notice, **{name: value}) for name, value in others().items()]
    track, condition, paper = notice.tracks[0], notice.conditions[0], notice.papers[0]
    tries += [
        replace(notice, tracks=(replace(track, **{name: value}),))
        for name, value in (("title", "x"), ("question", "x"), ("indicators", ("x",)))
    ]
    tries += [
        replace(notice, conditions=(replace(condition, **{name: value}), *notice.conditions[1:]))
        for name, value in (("key", "c9"), ("text", "x"), ("is_hard", False), ("proof", "x"))
    ]
    tries += [
        replace(notice, papers=(replace(paper, **{name: value}), *notice.papers[1:]))
        for name, value in (("key", "p9"), ("title", "x"), ("is_required", False))
    ]
    tries.append(replace(notice, criteria=tuple(reversed(notice.criteria))))
    tries.append(replace(notice, tracks=(replace(track, indicators=tuple(reversed(track.indicators))),)))

    assert set(others()) == {field.name for field in fields(Notice)}
    digests = [one.digest for one in tries]
    assert len({notice.digest, *digests}) == len(tries) + 1


def test_the_digest_is_the_same_today_and_tomorrow_and_in_any_zone() -> None:
    notice = make_notice()

    assert notice.digest == make_notice().digest
    assert replace(notice, deadline=notice.deadline.astimezone(UTC)).digest == notice.digest
    assert notice.digest == "9a9f572cd13b1c02f26646199a5c335af4e7c2d15ab22f61cfac103a5af41a25"


@pytest.mark.parametrize("name", sorted(set(others()) - {"publish_at"}))
def test_whatever_changes_is_told_in_the_diff(name: str) -> None:
    notice = make_notice()

    found = changes(notice, replace(notice, **{name: others()[name]}))

    assert found
    assert all(one.old != one.new for one in found)


def test_what_a_notice_says_is_said_once_each() -> None:
    told = [one.field for one in said(make_notice())]

    assert len(told) == len(set(told))
    assert Person("周敏", "0591-12345678", "").name in {one.value.split("　")[0] for one in said(make_notice())}
    assert isinstance(make_notice().tracks[0], Track)
