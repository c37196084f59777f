"""Procedure types: the shipped ones, changing them in versions, what is refused, and the timetable that they give."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

import orjson
import pytest
from sqlmodel import select

from marketplace import invariants
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel import workdays
from marketplace.kernel.calendar import Calendar
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.tables import AuditEvent
from marketplace.rounds import procedures
from marketplace.rounds.rules import procedures as rules
from marketplace.rounds.rules.procedures import Criterion, Limit, Procedure, Stage, Unit
from marketplace.rounds.rules.timetable import as_far_as_known, earliest_deadline, timetable
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person, tamper

NUMBERS = count()
BEIJING = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar({2026: {one.day: one.kind for one in workdays.proposed(2026)}})


def beijing(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of 2026 on Beijing's clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


@pytest.fixture
def loaded(store: Store) -> Store:
    """A store with the shipped procedure types."""
    with store.writing() as session:
        assert procedures.load(session, now=NOW) == 6
    return store


def person(store: Store, role: Role) -> Actor:
    """Somebody new with a staff role."""
    region = "" if role is Role.ADMINISTRATOR else REGION
    return make_person(store, role=role, region=region, email=f"person{next(NUMBERS)}@example.com")


def standing(store: Store, key: str = "challenge") -> Procedure:
    with store.reading() as session:
        return procedures.get(session, key).procedure


def change(
    store: Store,
    wanted: Procedure,
    *,
    version: int = 1,
    reason: str = "依本市办法修改",
    role: Role = Role.ADMINISTRATOR,
) -> int:
    actor = person(store, role)
    with store.writing() as session:
        return procedures.change(session, actor, wanted, version=version, reason=reason, now=NOW).number


def test_the_shipped_types_are_those_that_policies_speak_of_each_with_its_clause() -> None:
    shipped = procedures.shipped()
    assert [one.title for one in shipped] == [
        *("揭榜挂帅", "揭榜挂帅（赛马）", "OPC 场景专项赛", "示范场景遴选", "补贴评审", "OPC 社区认定")
    ]
    assert all(one.basis and all(basis.quote and basis.clause for basis in one.basis) for one in shipped)
    assert [one.has_tracks for one in shipped] == [False, False, True, False, False, False]


def test_no_shipped_number_claims_to_be_the_law() -> None:
    for one in procedures.shipped():
        sources = {stage.source for stage in one.stages}
        sources |= {limit.source for limit in one.limits.values()}
        sources |= {criterion.source for criterion in one.criteria}
        assert sources == {rules.PROPOSED}, one.key


def test_loading_again_adds_nothing_and_never_undoes_a_change(loaded: Store) -> None:
    changed = replace(standing(loaded), summary="发榜方出题，揭榜方应答。")
    assert change(loaded, changed) == 2
    with loaded.writing() as session:
        assert procedures.load(session, now=NOW) == 0
    assert standing(loaded) == changed


def test_a_change_is_a_version_with_its_reason_and_its_writer(loaded: Store) -> None:
    before = standing(loaded)
    longer = tuple(
        replace(one, length=20, source="临川市揭榜挂帅办法第八条") if one.key == "open" else one
        for one in before.stages
    )
    assert change(loaded, replace(before, stages=longer)) == 2
    with loaded.reading() as session:
        newest, first = procedures.history(session, "challenge")
        events = session.exec(
            select(AuditEvent.action).where(AuditEvent.aggregate == "procedure", AuditEvent.aggregate_id == "challenge")
        ).all()
    assert (newest.number, newest.reason, newest.is_proposal, first.is_proposal) == (2, "依本市办法修改", False, True)
    assert (newest.procedure.stages[0].length, first.procedure.stages[0].length) == (20, 15)
    assert sorted(events) == ["procedure.changed", "procedure.loaded"]


def test_the_same_again_writes_nothing(loaded: Store) -> None:
    assert change(loaded, standing(loaded)) == 1


def test_a_change_of_an_older_version_is_a_conflict(loaded: Store) -> None:
    assert change(loaded, replace(standing(loaded), summary="第一次修改。")) == 2
    with pytest.raises(Conflict, match="第 2 版"):
        change(loaded, replace(standing(loaded), summary="另一人的修改。"), version=1)


def test_the_basis_cannot_be_changed_with_the_numbers(loaded: Store) -> None:
    before = standing(loaded)
    change(loaded, replace(before, summary="换一句说明。", basis=()))
    assert standing(loaded).basis == before.basis


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.SUPERVISOR])
def test_administrators_alone_change_and_copy(loaded: Store, role: Role) -> None:
    with pytest.raises(NotAllowed):
        change(loaded, replace(standing(loaded), summary="换一句说明。"), role=role)
    actor = person(loaded, role)
    with loaded.writing() as session, pytest.raises(NotAllowed):
        procedures.copy(session, actor, "challenge", title="本市揭榜", now=NOW, new_id=NEW_ID)


def test_a_copy_goes_its_own_way(loaded: Store) -> None:
    actor = person(loaded, Role.ADMINISTRATOR)
    with loaded.writing() as session:
        made = procedures.copy(session, actor, "challenge", title=" 本市揭榜 ", now=NOW, new_id=NEW_ID)
    assert (made.procedure.title, made.number, made.is_proposal) == ("本市揭榜", 1, False)
    change(loaded, replace(made.procedure, summary="本市自己的程序。"))
    assert standing(loaded).summary != "本市自己的程序。"
    with loaded.writing() as session, pytest.raises(Invalid) as refusal:
        procedures.copy(session, actor, "contest", title="本市揭榜", now=NOW, new_id=NEW_ID)
    assert "title" in refusal.value.fields


def test_an_unknown_type_is_not_found(loaded: Store) -> None:
    with loaded.reading() as session, pytest.raises(NotFound):
        procedures.get(session, "lottery")
    with loaded.reading() as session, pytest.raises(NotFound):
        procedures.get(session, "challenge", number=2)


STAGE = Stage("open", "公告与申报", 15, Unit.DAYS)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 41}, "title"),
        ({"summary": ""}, "summary"),
        ({"stages": ()}, "stages"),
        ({"stages": (STAGE, STAGE)}, "stages"),
        ({"criteria": ()}, "criteria"),
        ({"criteria": (Criterion("方案", 60), Criterion("报价", 39))}, "criteria"),
        ({"criteria": (Criterion("方案", 60), Criterion("报价", 41))}, "criteria"),
        ({"criteria": (Criterion("方案", 100, minimum=101),)}, "criterion-1-minimum"),
        ({"criteria": (Criterion("方案", 100, minimum=0),)}, "criterion-1-minimum"),
        ({"criteria": (Criterion("", 100),)}, "criterion-1-title"),
        ({"criteria": (Criterion("方案", 110), Criterion("报价", -10))}, "criterion-2-weight"),
        ({"criteria": (Criterion("方案", 100, source=" "),)}, "criterion-1-source"),
        ({"limits": {}}, "limit-least_bids-value"),
    ],
)
def test_an_unsound_type_is_refused_by_field(changed: Mapping[str, object], field: str) -> None:
    procedure = procedures.shipped()[0]
    assert rules.faults(procedure) == {}
    assert field in rules.faults(replace(procedure, **changed))


@pytest.mark.parametrize(
    ("name", "value", "is_sound"),
    [
        ("panel", 5, True),
        ("panel", 4, False),
        ("panel", 1, False),
        ("least_bids", 0, False),
        ("most_partners", 0, True),
        ("most_partners", 21, False),
        ("correction_hours", 721, False),
    ],
)
def test_limits_keep_their_bounds_and_a_panel_is_odd(name: str, value: int, *, is_sound: bool) -> None:
    procedure = procedures.shipped()[0]
    wrong = rules.faults(replace(procedure, limits={**procedure.limits, name: Limit(value)}))
    assert (wrong == {}) is is_sound


@pytest.mark.parametrize(("length", "is_sound"), [(0, False), (1, True), (400, True), (401, False)])
def test_a_stage_has_a_length(length: int, *, is_sound: bool) -> None:
    procedure = procedures.shipped()[0]
    stages = (replace(procedure.stages[0], length=length), *procedure.stages[1:])
    assert (rules.faults(replace(procedure, stages=stages)) == {}) is is_sound


@pytest.mark.parametrize("reason", ["", "改", "长" * 301])
def test_a_change_needs_a_reason(loaded: Store, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        change(loaded, replace(standing(loaded), summary="换一句说明。"), reason=reason)
    assert set(refusal.value.fields) == {"reason"}


def test_a_record_is_read_back_as_it_was() -> None:
    for one in procedures.shipped():
        assert rules.of_record(rules.as_record(one)) == one


def test_the_timetable_counts_over_the_holidays_of_autumn() -> None:
    # By hand from the notice for 2026: 9月25日至27日中秋, 10月1日至7日国庆 off; 9月20日 and 10月10日 worked.
    challenge = procedures.shipped()[0]
    steps = timetable(challenge.stages, beijing(9, 18, 10), CALENDAR)
    assert [(one.stage.key, one.starts, one.ends) for one in steps] == [
        ("open", beijing(9, 18, 10), beijing(10, 8, 17, 30)),
        ("opening", beijing(10, 8, 17, 30), beijing(10, 10)),
        ("eligibility", beijing(10, 10), beijing(10, 16)),
        ("review", beijing(10, 16), beijing(10, 30)),
        ("decision", beijing(10, 30), beijing(11, 4)),
        ("publicity", beijing(11, 4), beijing(11, 11)),
    ]


def test_the_earliest_deadline_leaves_every_day_of_the_period() -> None:
    stage = Stage("open", "公告与申报", 15, Unit.DAYS)
    # The 27th does not count: the 28th is the first day and the 12th the last.
    assert earliest_deadline(beijing(11, 27, 0, 1), stage, CALENDAR) == beijing(12, 13)
    assert earliest_deadline(beijing(11, 27, 23, 59), stage, CALENDAR) == beijing(12, 13)
    assert earliest_deadline(datetime(2026, 11, 26, 16, 0, tzinfo=UTC), stage, CALENDAR) == beijing(12, 13)


def test_a_timetable_that_reaches_an_unconfirmed_year_is_refused() -> None:
    with pytest.raises(Conflict, match="2027"):
        timetable(procedures.shipped()[0].stages, beijing(12, 10, 9), CALENDAR)


def test_a_timetable_is_shown_as_far_as_its_years_are_confirmed() -> None:
    stages = procedures.shipped()[0].stages
    steps, lacking = as_far_as_known(stages, beijing(12, 10, 9), CALENDAR)
    # 15 days end with the 25th; the 26th is a Saturday. The check would need days of January.
    assert [(one.stage.key, one.ends) for one in steps] == [
        ("open", beijing(12, 28, 17, 30)),
        ("opening", beijing(12, 30)),
    ]
    assert "2027" in lacking
    assert as_far_as_known(stages, beijing(9, 18, 10), CALENDAR)[1] == ""
    assert as_far_as_known(stages, beijing(9, 18, 10), Calendar({}))[0] == ()


def write_past_the_rules(store: Store, content: Mapping[str, object]) -> None:
    """Put content into the first version of a type, as somebody with the database could."""
    tamper(store, f"UPDATE procedure_version SET content = '{orjson.dumps(content).decode()}' WHERE key = 'challenge'")


def test_doctor_finds_a_type_that_was_written_past_its_rules(loaded: Store) -> None:
    def codes() -> set[str]:
        with loaded.reading() as session:
            return {fault.code for fault in invariants.check(session)}

    assert codes() == set()
    whole = rules.as_record(standing(loaded))
    write_past_the_rules(loaded, {**whole, "criterion": []})
    assert "procedure_unsound" in codes()
    write_past_the_rules(loaded, {"key": "challenge"})
    assert "procedure_unreadable" in codes()
    tamper(loaded, "UPDATE procedure_type SET current_number = 2 WHERE key = 'contest'")
    assert "procedure_versions_broken" in codes()
