"""Whom to ask, in a file on its way in: masked for its supervisor until it has said what for, and that is logged."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from ingest.fields import ColumnReading, Problem, Reading, Severity
from ingest.records import reading_to_record
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.kernel.files import StoredFile
from marketplace.lists import unmasking as item_unmasking
from marketplace.lists.intakes import intakes, unmasking
from marketplace.lists.intakes.views import RowContact
from marketplace.lists.rules import intake_masks
from marketplace.lists.views import FieldChange
from tests.marketplace.market import NEW_ID, NOW, REGION, make_draft, make_person, make_reading

PURPOSE = "核实 9 月 3 日投诉所述金额"
RAW = {
    "需求名称": "管网检测",
    "需求描述": "请致电 13912341234，预算 1200000 元",
    "对接": "园林科周敏 13912341234",
    "联系人": "周敏",
    "联系电话": "13912341234",
    "电子邮箱": "zhoumin@example.com",
}


def make_file() -> Reading:
    """A file of one row whose cells hold its contact, in a column that says so and in others."""
    draft = make_draft(raw=RAW, description=RAW["需求描述"], extras={"remarks": "微信同 13912341234"})
    read = make_reading(
        [draft], problems=(Problem("三张清单.xlsx", Severity.TODO, "x", "看不懂 13912341234。", "需求清单", row=4),)
    )
    columns = (ColumnReading("C", "对接", "contact", 0.9, "表头"),)
    return replace(read, sheets=(replace(read.sheets[0], columns=columns),))


def take_in(store: Store, actor: Actor) -> str:
    """The file taken in by an organiser."""
    with store.writing() as session:
        page = intakes.open(
            session,
            actor,
            file=StoredFile("a" * 64, 10),
            reading=reading_to_record(make_file()),
            name="三张清单.xlsx",
            region=REGION,
            now=NOW,
            new_id=NEW_ID,
        )
    return page.card.id


def make_supervisor(store: Store, region: str = REGION, name: str = "郑监督") -> Actor:
    """A supervisor of a region."""
    return make_person(store, role=Role.SUPERVISOR, region=region, name=name, email=f"{len(region)}@example.com")


def test_every_cell_that_tells_whom_to_ask_is_masked() -> None:
    row = next(intake_masks.of_reading(make_file()).drafts)

    assert (row.contact_name, row.contact_phone, row.contact_email) == ("周**", "139****1234", "z***@example.com")
    assert dict(row.raw) == {
        "需求名称": "管网检测",
        "需求描述": "请致电 139****1234，预算 1200000 元",
        "对接": "园** 139****1234",
        "联系人": "周**",
        "联系电话": "139****1234",
        "电子邮箱": "z***@example.com",
    }
    assert (row.description, row.extras) == ("请致电 139****1234，预算 1200000 元", {"remarks": "微信同 139****1234"})
    assert [one.message for one in intake_masks.of_reading(make_file()).problems] == ["看不懂 139****1234。"]


def test_a_changed_name_is_masked_on_both_sides() -> None:
    assert intake_masks.of_change(FieldChange("contact_name", "周敏", None)) == FieldChange(
        "contact_name", "周**", None
    )


def test_the_organiser_reads_in_full_what_the_supervisor_reads_masked(store: Store) -> None:
    organiser, supervisor = make_person(store), make_supervisor(store)
    intake_id = take_in(store, organiser)

    with store.reading() as session:
        full, masked = (intakes.get(session, one, intake_id) for one in (organiser, supervisor))
        previews = [intakes.preview(session, one, intake_id).rows[0].draft for one in (organiser, supervisor)]
    assert (full.is_masked, full.reading) == (False, make_file())
    assert (masked.is_masked, masked.reading) == (True, intake_masks.of_reading(make_file()))
    assert previews == [next(full.reading.drafts), next(masked.reading.drafts)]


def test_a_purpose_shows_the_contacts_for_minutes_and_is_logged_and_listed(store: Store) -> None:
    organiser, supervisor = make_person(store), make_supervisor(store)
    other = make_supervisor(store, "福建省", name="省监督")
    intake_id = take_in(store, organiser)

    with store.writing() as session:
        assert not unmasking.may_read_original(session, supervisor, intake_id, now=NOW)
        unmasking.reveal(session, supervisor, intake_id, ground="supervising", purpose=PURPOSE, now=NOW)
    with store.reading() as session:
        shown = unmasking.shown_lately(session, supervisor, intake_id, now=NOW)
        late = unmasking.shown_lately(session, supervisor, intake_id, now=NOW + item_unmasking.LASTS)
        nothing = unmasking.shown_lately(session, other, intake_id, now=NOW)
        originals = [
            unmasking.may_read_original(session, one, intake_id, now=NOW) for one in (organiser, supervisor, other)
        ]
        entry = audit.history(session, "intake", intake_id)[-1]
        listed = item_unmasking.of_region(session, supervisor)

    assert shown is not None
    assert shown.rows == (
        RowContact(("需求清单", None, None, 4), make_draft().title, "周敏", "13912341234", "zhoumin@example.com"),
    )
    assert (late, nothing, originals) == (None, None, [True, True, False])
    assert (entry.action, entry.actor_id, entry.payload) == (
        "intake.contacts_revealed",
        supervisor.account_id,
        {"ground": "supervising", "purpose": PURPOSE},
    )
    assert [(one.kind, one.subject_id, one.title, one.by, one.purpose) for one in listed] == [
        ("intake", intake_id, "三张清单.xlsx", "郑监督", PURPOSE)
    ]


def test_a_unit_of_the_list_reads_who_looked_into_its_file(store: Store) -> None:
    organiser, supervisor = make_person(store), make_supervisor(store)
    intake_id = take_in(store, organiser)
    with store.writing() as session:
        intakes.confirm(session, organiser, intake_id, version=1, series_title="三张清单", now=NOW, new_id=NEW_ID)
        unmasking.reveal(session, supervisor, intake_id, ground="supervising", purpose=PURPOSE, now=NOW)
    unit = owner_of(store)
    member = make_person(store, role=Role.ENTERPRISE, organisation_id=unit, email="owner@example.com", name="周敏")

    with store.reading() as session:
        mine = item_unmasking.of_organisation(session, member, unit)
    assert [(one.kind, one.by, one.purpose) for one in mine] == [("intake", "郑监督", PURPOSE)]


def owner_of(store: Store) -> str:
    """The unit of the one item that was published."""
    from sqlmodel import select

    from marketplace.lists.item_tables import Item

    with store.reading() as session:
        return str(session.exec(select(Item.organisation_id)).one())


@pytest.mark.parametrize(("ground", "purpose"), [("", PURPOSE), ("supervising", "看一看")])
def test_reveal_asks_for_a_ground_and_a_purpose(store: Store, ground: str, purpose: str) -> None:
    organiser, supervisor = make_person(store), make_supervisor(store)
    intake_id = take_in(store, organiser)

    with pytest.raises(Invalid), store.writing() as session:
        unmasking.reveal(session, supervisor, intake_id, ground=ground, purpose=purpose, now=NOW)
    with store.reading() as session:
        assert "intake.contacts_revealed" not in actions(session, intake_id)


def test_who_may_not_know_of_an_intake_finds_none(store: Store) -> None:
    intake_id = take_in(store, make_person(store))
    stranger = make_supervisor(store, "福建省/榕城市")

    with pytest.raises(NotFound), store.writing() as session:
        unmasking.reveal(session, stranger, intake_id, ground="supervising", purpose=PURPOSE, now=NOW)


def actions(session: Session, intake_id: str) -> list[str]:
    """What was done to an intake."""
    return [one.action for one in audit.history(session, "intake", intake_id)]
