"""Who may see, confirm and discard an intake, and what happens when two do."""

import threading
from datetime import timedelta

import pytest

from ingest.fields import Problem, Severity
from marketplace.accounts.words import Role
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists import items
from marketplace.lists.intakes import intakes
from marketplace.lists.intakes.views import IntakePage
from marketplace.lists.rules.publishing import LeftRow
from marketplace.lists.views import ItemFilter
from marketplace.lists.words import IntakeState, ItemState
from tests.marketplace.market import (
    NEW_ID,
    NOW,
    REGION,
    make_capability,
    make_draft,
    make_intake,
    make_person,
)

LATER = NOW + timedelta(days=30)
TREE = make_draft("行道树健康巡查", row=4)
LAMP = make_draft("智慧路灯节能改造", row=5, description="单灯控制，节能三成。", issuer="临川市城管局")
ARCHIVE = make_draft("档案数字化", row=6, description="扫描并著录纸质档案。", issuer="临川市档案馆")


def titles(store: Store, state: ItemState = ItemState.OPEN) -> dict[str, str]:
    with store.reading() as session:
        return {card.title: card.id for card in items.search(session, ItemFilter(state=state)).rows}


def test_two_people_confirm_one_intake_and_one_wins(store: Store) -> None:
    organiser = make_person(store)
    other = make_person(store, email="lin@example.com", name="林主任")
    intake = make_intake(store, organiser, [TREE])
    together = threading.Barrier(2)
    told: list[str] = []

    def confirm(actor: object) -> None:
        together.wait()
        try:
            with store.writing() as session:
                edition = intakes.confirm(
                    session,
                    actor,  # type: ignore[arg-type]
                    intake.card.id,
                    version=1,
                    series_title="临川市三张清单",
                    now=NOW,
                    new_id=NEW_ID,
                )
            told.append(f"published {edition.card.number}")
        except Conflict as refusal:
            told.append(refusal.message)

    threads = [threading.Thread(target=confirm, args=(actor,)) for actor in (organiser, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winner = "陈科长" if "陈科长" in "".join(told) else "林主任"
    assert sorted(told) == sorted(
        ["published 1", f"{winner}已于2026年11月20日 10:00确认发布了这份导入，您的操作没有生效。"]
    )
    assert list(titles(store)) == ["行道树健康巡查"]


def test_two_people_publish_into_one_new_series_one_after_the_other(store: Store) -> None:
    organiser = make_person(store)
    waiting = [make_intake(store, organiser, [TREE]), make_intake(store, organiser, [LAMP])]
    together = threading.Barrier(2)
    published: list[tuple[str, int]] = []

    def confirm(intake: IntakePage, title: str) -> None:
        together.wait()
        with store.writing() as session:
            card = intakes.confirm(
                session, organiser, intake.card.id, version=1, series_title=title, now=NOW, new_id=NEW_ID
            ).card
        published.append((card.series_id, card.number))

    threads = [
        threading.Thread(target=confirm, args=pair) for pair in zip(waiting, ("三张清单", " 三张 清单"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len({series_id for series_id, _ in published}), sorted(number for _, number in published)) == (1, [1, 2])


def test_confirm_refuses_an_older_version(store: Store) -> None:
    organiser = make_person(store)
    intake = make_intake(store, organiser, [TREE])

    with pytest.raises(Conflict) as refusal, store.writing() as session:
        intakes.confirm(session, organiser, intake.card.id, version=7, series_title="清单", now=NOW, new_id=NEW_ID)

    assert refusal.value.code == "intake_moved_on"


def test_a_discarded_intake_is_not_confirmed_and_stays_to_be_seen(store: Store) -> None:
    organiser = make_person(store)
    intake = make_intake(store, organiser, [TREE])
    with store.writing() as session:
        intakes.discard(session, organiser, intake.card.id, version=1, now=NOW)

    with pytest.raises(Conflict) as refusal, store.writing() as session:
        intakes.confirm(session, organiser, intake.card.id, version=2, series_title="清单", now=NOW, new_id=NEW_ID)
    with store.reading() as session:
        (card,) = intakes.visible_to(session, organiser)

    assert (refusal.value.code, "放弃" in refusal.value.message) == ("intake_discarded", True)
    assert (card.state, card.closed_by, card.closed_at) == (IntakeState.DISCARDED, "陈科长", NOW)


def test_confirm_refuses_a_file_with_nothing_sound_and_a_series_without_a_title(store: Store) -> None:
    organiser = make_person(store)
    empty = make_intake(store, organiser, [make_capability(issuer="")])
    untitled = make_intake(store, organiser, [TREE])

    codes = []
    for intake, title in ((empty, "清单"), (untitled, " ")):
        with pytest.raises(Invalid) as refusal, store.writing() as session:
            intakes.confirm(session, organiser, intake.card.id, version=1, series_title=title, now=NOW, new_id=NEW_ID)
        codes.append(refusal.value.code)

    assert codes == ["nothing_to_publish", "bad_title"]
    assert titles(store) == {}


def test_intakes_are_seen_within_ones_region_and_nowhere_else(store: Store) -> None:
    organiser = make_person(store)
    make_intake(store, organiser, [TREE])
    people = {
        "same": make_person(store, email="a@example.com"),
        "above": make_person(store, email="b@example.com", region="福建省"),
        "below": make_person(store, email="c@example.com", region=f"{REGION}/澄江区"),
        "elsewhere": make_person(store, email="d@example.com", region="江苏省"),
        "supervisor": make_person(store, email="e@example.com", role=Role.SUPERVISOR),
        "expert": make_person(store, email="f@example.com", role=Role.EXPERT),
        "administrator": make_person(store, email="g@example.com", role=Role.ADMINISTRATOR, region=""),
    }

    with store.reading() as session:
        seeing = [who for who, person in people.items() if intakes.visible_to(session, person)]

    assert seeing == ["same", "above", "supervisor"]


def test_an_intake_of_another_region_is_not_there(store: Store) -> None:
    intake = make_intake(store, make_person(store), [TREE])
    stranger = make_person(store, email="d@example.com", region="江苏省")

    with pytest.raises(NotFound), store.reading() as session:
        intakes.get(session, stranger, intake.card.id)


def test_a_supervisor_reads_and_may_not_confirm(store: Store) -> None:
    intake = make_intake(store, make_person(store), [TREE])
    supervisor = make_person(store, email="e@example.com", role=Role.SUPERVISOR)

    with store.reading() as session:
        seen = intakes.get(session, supervisor, intake.card.id).card.id
    with pytest.raises(NotAllowed), store.writing() as session:
        intakes.confirm(session, supervisor, seen, version=1, series_title="清单", now=NOW, new_id=NEW_ID)

    assert seen == intake.card.id


def test_open_is_refused_outside_ones_region(store: Store) -> None:
    with pytest.raises(NotAllowed):
        make_intake(store, make_person(store, region="江苏省"), [TREE])


def test_file_digests_names_every_file_that_was_taken_in(store: Store) -> None:
    make_intake(store, make_person(store), [TREE])

    with store.reading() as session:
        assert intakes.file_digests(session) == ["a" * 64]


def test_preview_counts_a_row_without_a_name_among_those_that_stay(store: Store) -> None:
    organiser = make_person(store)
    nameless = Problem("三张清单.xlsx", Severity.REJECT, "no_title", "这一行没有名称。", sheet="需求清单", row=7)
    intake = make_intake(store, organiser, [TREE], problems=(nameless,))

    with store.reading() as session:
        preview = intakes.preview(session, organiser, intake.card.id)

    assert (intake.card.sound, intake.card.refused, len(preview.rows)) == (1, 1, 1)
    assert preview.left == (LeftRow(("需求清单", None, None, 7), "这一行没有名称。"),)


def test_get_names_the_newest_twin_that_the_reader_may_see(store: Store) -> None:
    organiser = make_person(store)
    stranger = make_person(store, email="wai@example.com", region="江苏省")
    first = make_intake(store, organiser, [TREE])
    make_intake(store, stranger, [TREE], region="江苏省", now=LATER)

    second = make_intake(store, organiser, [TREE], now=NOW + timedelta(days=1))

    assert (first.twin, second.twin and second.twin.id) == (None, first.card.id)
