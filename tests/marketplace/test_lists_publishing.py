"""From an intake to an edition, and to the next one."""

from datetime import timedelta
from decimal import Decimal

import pytest

from ingest.fields import ListKind, Problem, Severity
from marketplace import invariants
from marketplace.accounts import organisations
from marketplace.accounts.words import OrganisationKind
from marketplace.kernel import audit, changes
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid
from marketplace.lists import editions, items, series
from marketplace.lists.intakes import intakes
from marketplace.lists.intakes.views import GoneItem
from marketplace.lists.views import FieldChange, ItemFilter
from marketplace.lists.words import IntakeState, ItemState, Outcome
from marketplace.profiles import profiles
from tests.marketplace.market import (
    NEW_ID,
    NOW,
    REGION,
    make_capability,
    make_draft,
    make_intake,
    make_person,
    publish,
)

LATER = NOW + timedelta(days=30)
TREE = make_draft("行道树健康巡查", row=4)
LAMP = make_draft("智慧路灯节能改造", row=5, description="单灯控制，节能三成。", issuer="临川市城管局")
ARCHIVE = make_draft("档案数字化", row=6, description="扫描并著录纸质档案。", issuer="临川市档案馆")


def titles(store: Store, state: ItemState = ItemState.OPEN) -> dict[str, str]:
    with store.reading() as session:
        return {card.title: card.id for card in items.search(session, ItemFilter(state=state)).rows}


def changed_since(store: Store, after: int) -> list[tuple[str, str, str]]:
    with store.reading() as session:
        return [(c.kind, c.subject_id, c.operation) for c in changes.since(session, after, limit=100)]


def head(store: Store) -> int:
    with store.reading() as session:
        return changes.head(session)


def test_open_keeps_what_was_read_and_publishes_nothing(store: Store) -> None:
    organiser = make_person(store)
    problem = Problem("三张清单.xlsx", Severity.REJECT, "no_title", "第5行没有名称。", sheet="需求清单", row=5)

    page = make_intake(store, organiser, [TREE, LAMP], problems=(problem,))

    card = page.card
    assert (card.state, card.version, card.sound, card.refused, card.problems) == (IntakeState.OPEN, 1, 1, 1, 1)
    assert (list(page.reading.drafts), page.reading.problems, page.suggestions) == ([TREE, LAMP], (problem,), ())
    assert titles(store) == {}


def test_confirm_publishes_the_sound_rows_and_leaves_the_rest(store: Store) -> None:
    organiser = make_person(store)
    problem = Problem("三张清单.xlsx", Severity.REJECT, "no_title", "第5行没有名称。", sheet="需求清单", row=5)

    edition = publish(store, organiser, [TREE, LAMP, ARCHIVE], problems=(problem,))

    card = edition.card
    assert (card.number, card.title, card.published_by) == (1, "临川市三张清单（第1期）", "陈科长")
    assert (card.total, card.unchanged, card.changed, card.added, card.gone) == (2, 0, 0, 2, 0)
    assert sorted(titles(store)) == ["档案数字化", "行道树健康巡查"]


def test_confirm_numbers_a_list_on_from_where_it_stood_elsewhere(store: Store) -> None:
    organiser = make_person(store)

    first = publish(store, organiser, [TREE], first_number=3)
    second = publish(store, organiser, [TREE, ARCHIVE], series_id=first.card.series_id, first_number=1, now=LATER)

    assert [first.card.number, second.card.number] == [3, 4]
    assert second.previous_id == first.card.id
    with store.reading() as session:
        assert list(invariants.check(session)) == []


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_confirm_refuses_a_number_that_is_none(store: Store, number: int) -> None:
    with pytest.raises(Invalid, match="期号应为 1 至 9999 之间的整数。"):
        publish(store, make_person(store), [TREE], first_number=number)


def test_confirm_tells_the_index_and_the_auditor(store: Store) -> None:
    organiser = make_person(store)
    before = head(store)

    edition = publish(store, organiser, [TREE, make_capability()])

    with store.reading() as session:
        (profile,) = profiles.documents(session)
        told = [entry.action for entry in audit.history(session, "intake", edition.intake_id)]
        (published,) = audit.history(session, "edition", edition.card.id)
    assert sorted(changed_since(store, before)) == sorted(
        [("item", titles(store)["行道树健康巡查"], "put"), ("profile", profile.id, "put")]
    )
    assert told == ["intake.opened", "intake.confirmed"]
    assert (published.action, published.actor_id) == ("edition.published", organiser.account_id)


def test_a_re_issue_keeps_changes_adds_and_closes(store: Store) -> None:
    organiser = make_person(store)
    first = publish(store, organiser, [TREE, LAMP])
    before, ids = head(store), titles(store)
    retitled = make_draft("行道树健康巡查与倒伏预警", row=9, budget_max=Decimal("1200000.00"))

    second = publish(store, organiser, [ARCHIVE, retitled], series_id=first.card.series_id, now=LATER)

    with store.reading() as session:
        lines = editions.items(session, second.card.id)
        page = items.get(session, ids["行道树健康巡查"])
        closed = items.get(session, ids["智慧路灯节能改造"])
    assert [(line.number, line.outcome, line.card.title) for line in lines] == [
        (1, Outcome.ADDED, "档案数字化"),
        (2, Outcome.CHANGED, "行道树健康巡查与倒伏预警"),
        (None, Outcome.GONE, "智慧路灯节能改造"),
    ]
    assert lines[1].changes == (
        FieldChange("title", "行道树健康巡查", "行道树健康巡查与倒伏预警"),
        FieldChange("budget_max", "900000.00", "1200000.00"),
    )
    assert [(v.number, v.edition_number, len(v.changes)) for v in page.versions] == [(2, 2, 2), (1, 1, 0)]
    assert (closed.card.state, closed.closed_at) == (ItemState.CLOSED, LATER)
    assert sorted(changed_since(store, before)) == sorted(
        [
            ("item", ids["行道树健康巡查"], "put"),
            ("item", titles(store)["档案数字化"], "put"),
            ("item", ids["智慧路灯节能改造"], "gone"),
        ]
    )


def test_an_edition_stays_as_it_was_published(store: Store) -> None:
    organiser = make_person(store)
    first = publish(store, organiser, [TREE])
    publish(store, organiser, [make_draft(budget_max=None)], series_id=first.card.series_id, now=LATER)

    with store.reading() as session:
        (line,) = editions.items(session, first.card.id)
        page = editions.get(session, first.card.id)
        paged = editions.items_page(session, first.card.id, page=1, size=10)

    assert (line.card.budget_max, line.card.edition_number) == (Decimal("900000.00"), 1)
    assert (page.previous_id, page.next_id is not None, list(paged.rows), paged.total) == (None, True, [line], 1)


def test_a_list_issued_again_in_another_order_changes_nothing(store: Store) -> None:
    organiser = make_person(store)
    first = publish(store, organiser, [TREE, LAMP, make_capability()])
    before, ids = head(store), titles(store)

    again = publish(store, organiser, [make_capability(row=40), LAMP, TREE], series_id=first.card.series_id, now=LATER)

    assert (again.card.unchanged, again.card.changed, again.card.added, again.card.gone) == (3, 0, 0, 0)
    assert (titles(store), changed_since(store, before)) == (ids, [])


def test_a_capability_row_becomes_a_note_of_its_suppliers_one_profile(store: Store) -> None:
    organiser = make_person(store)

    publish(store, organiser, [make_capability("树木病害识别"), make_capability("倒伏预警", row=5)])

    with store.reading() as session:
        (record,) = profiles.documents(session)
        page = profiles.get(session, record.id)
        card = next(iter(items.search(session, ItemFilter()).rows))
    assert (record.name, record.headline, page.organisation.claimed) == ("木语视觉科技有限公司", "树木病害识别", False)
    assert [(note.headline, note.file_name, note.sheet, note.row) for note in page.notes] == [
        ("树木病害识别", "三张清单.xlsx", "能力清单", 4),
        ("倒伏预警", "三张清单.xlsx", "能力清单", 5),
    ]
    assert card.profile_id == record.id


def test_a_capability_that_left_its_list_leaves_the_profile(store: Store) -> None:
    organiser = make_person(store)
    rows = [make_capability("树木病害识别"), make_capability("倒伏预警", row=5, description="倾角贴片越限推送。")]
    first = publish(store, organiser, rows)

    publish(store, organiser, rows[:1], series_id=first.card.series_id, now=LATER)
    with store.reading() as session:
        left = [[note.headline for note in profiles.get(session, r.id).notes] for r in profiles.documents(session)]
    publish(store, organiser, [TREE], series_id=first.card.series_id, now=LATER)

    assert left == [["树木病害识别"]]
    with store.reading() as session:
        assert (list(profiles.documents(session)), profiles.count(session)) == ([], 0)


def test_a_changed_capability_replaces_its_note(store: Store) -> None:
    organiser = make_person(store)
    first = publish(store, organiser, [make_capability(description="识别46种病虫害。")])
    publish(
        store, organiser, [make_capability(description="识别52种病虫害。")], series_id=first.card.series_id, now=LATER
    )

    with store.reading() as session:
        assert [record.notes for record in profiles.documents(session)] == [("识别52种病虫害。",)]


def test_preview_says_row_by_row_what_confirming_does_and_writes_nothing(store: Store) -> None:
    organiser = make_person(store)
    first = publish(store, organiser, [TREE, LAMP])
    problem = Problem("三张清单.xlsx", Severity.REJECT, "no_title", "第6行没有名称。", sheet="需求清单", row=6)
    cheaper = make_draft("行道树健康巡查", row=4, budget_max=Decimal("800000.00"))
    intake = make_intake(store, organiser, [cheaper, ARCHIVE], problems=(problem,), now=LATER)

    with store.reading() as session:
        preview = intakes.preview(session, organiser, intake.card.id, series_id=first.card.series_id)
        fresh = intakes.preview(session, organiser, intake.card.id)

    assert [(row.outcome, row.refusal, row.changes) for row in preview.rows] == [
        (Outcome.CHANGED, None, (FieldChange("budget_max", "900000.00", "800000.00"),)),
        (None, "第6行没有名称。", ()),
    ]
    assert preview.gone == (GoneItem(titles(store)["智慧路灯节能改造"], "智慧路灯节能改造", "临川市城管局"),)
    assert (fresh.series, fresh.count(Outcome.ADDED), fresh.count(Outcome.GONE)) == (None, 1, 0)
    assert sorted(titles(store)) == ["智慧路灯节能改造", "行道树健康巡查"]


def test_an_intake_suggests_the_series_it_most_likely_continues(store: Store) -> None:
    organiser = make_person(store)
    first = publish(store, organiser, [TREE, LAMP])
    publish(store, organiser, [ARCHIVE], series_title="档案需求")

    page = make_intake(store, organiser, [TREE, make_draft("全新的需求", row=8)], now=LATER)

    assert [(s.id, s.newest_number, s.overlap) for s in page.suggestions][:1] == [(first.card.series_id, 1, 0.5)]


def test_a_list_of_new_needs_alone_is_offered_the_series_of_its_region_and_kind_the_newest_first(store: Store) -> None:
    organiser = make_person(store)
    older = publish(store, organiser, [TREE], series_title="甲 园林需求")
    newer = publish(store, organiser, [ARCHIVE], series_title="乙 档案需求", now=LATER)
    publish(store, organiser, [make_capability()], series_title="能力清单", now=LATER)
    far = make_person(store, region="江西省/抚州市", email="fuzhou@example.com")
    publish(store, far, [make_draft("抚州需求")], series_title="抚州需求", region="江西省/抚州市")

    page = make_intake(store, organiser, [make_draft("全新的需求", row=8)], now=LATER)
    with store.reading() as session:
        gathered = series.of_region(session, REGION, kinds=[ListKind.SCENARIO, ListKind.DEMAND])

    expected = [
        (newer.card.series_id, newer.card.title, 0.0),
        (older.card.series_id, older.card.title, 0.0),
    ]
    assert [(one.id, one.newest_title, one.overlap) for one in page.suggestions] == expected
    assert [one.id for one in gathered] == [newer.card.series_id, older.card.series_id]


def test_the_publisher_is_the_unit_for_which_somebody_organises(store: Store) -> None:
    with store.writing() as session:
        unit = organisations.find_or_create(
            session,
            name="临川市场景办",
            uscc=None,
            region=REGION,
            kind=OrganisationKind.GOVERNMENT,
            now=NOW,
            new_id=NEW_ID,
        )

    with_unit = publish(store, make_person(store, organisation_id=unit.id), [TREE])
    without = publish(store, make_person(store, email="b@example.com"), [TREE], series_title="另一份")

    assert (with_unit.card.publisher, without.card.publisher) == ("临川市场景办", "福建省临川市")


def test_newest_gives_the_latest_editions_first(store: Store) -> None:
    organiser = make_person(store)
    first = publish(store, organiser, [TREE])
    second = publish(store, organiser, [TREE, LAMP], series_id=first.card.series_id, now=LATER)

    with store.reading() as session:
        newest = [card.id for card in editions.newest(session, limit=5)]
        of_series = [card.number for card in editions.of_series(session, first.card.series_id)]

    assert (newest, of_series) == ([second.card.id, first.card.id], [2, 1])
