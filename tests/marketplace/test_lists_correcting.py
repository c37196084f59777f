"""Putting right what was read of a file: who may, what is kept, what is remembered for the publisher's next file."""

import pytest

from ingest.corrections import Part
from ingest.fields import Reading
from ingest.pipeline import read_list
from ingest.records import reading_to_record
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.files import StoredFile
from marketplace.lists import editions, items
from marketplace.lists.intakes import correcting, intakes, mappings, waiting
from marketplace.lists.intakes.mappings import Remembered
from marketplace.lists.intakes.views import IntakePage
from marketplace.lists.views import ItemFilter
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person

LIST = (
    "某市需求清单,,,\n填报单位：临川市数据局,单位：万元,,\n需求名称,需求单位,预算,具体情况\n"
    "泵站异响识别,排水公司,三百,听声辨障\n,公交集团,200,识别疲劳驾驶\n"
)
FILE = StoredFile("b" * 64, 123)


def read(text: str = LIST, *, known: Remembered | None = None) -> Reading:
    """A file as the platform reads it, with what is remembered of its publisher's columns."""
    reading = read_list(text.encode(), name="需求.csv")
    said = {} if known is None else known.about(reading)
    return read_list(text.encode(), name="需求.csv", mappings=said)


def take_in(store: Store, actor: Actor, text: str = LIST) -> IntakePage:
    with store.writing() as session:
        known = mappings.of_region(session, REGION)
        record = reading_to_record(read(text, known=known))
        return intakes.open(
            session, actor, file=FILE, reading=record, name="需求.csv", region=REGION, now=NOW, new_id=NEW_ID
        )


def correct(
    store: Store, actor: Actor, intake: IntakePage, number: int, was: dict[Part, str] | None = None, **words: str
) -> tuple[Part, ...]:
    with store.writing() as session:
        said = {Part(part): text for part, text in words.items()}
        return correcting.correct(session, actor, intake.card.id, number=number, words=said, was=was or {}, now=NOW)


def page(store: Store, actor: Actor, intake: IntakePage) -> IntakePage:
    with store.reading() as session:
        return intakes.get(session, actor, intake.card.id)


def test_a_corrected_file_is_published_as_it_was_put_right(store: Store) -> None:
    organiser = make_person(store)
    intake = take_in(store, organiser)
    assert (intake.card.sound, intake.card.refused) == (1, 1)

    assert correct(store, organiser, intake, 2, title="疲劳驾驶识别", sector="交通") == (Part.TITLE, Part.SECTOR)
    now = page(store, organiser, intake)
    assert (now.card.sound, now.card.refused, now.card.problems, now.version) == (2, 0, 0, 2)
    with store.writing() as session:
        intakes.confirm(session, organiser, intake.card.id, version=2, series_title="需求清单", now=NOW, new_id=NEW_ID)

    with store.reading() as session:
        cards = {card.title: card for card in items.search(session, ItemFilter()).rows}
        item = items.get(session, cards["疲劳驾驶识别"].id)
    assert set(cards) == {"泵站异响识别", "疲劳驾驶识别"}
    assert item.card.sector == "交通"
    assert item.source.places["title"] == "（人工更正）"


def test_a_row_leads_to_the_next_one_with_something_to_put_right(store: Store) -> None:
    organiser = make_person(store)
    intake = take_in(store, organiser, LIST + "古树巡查,园林中心,120-80,每月巡查\n")
    with store.reading() as session:
        rows = [correcting.row(session, organiser, intake.card.id, number) for number in (1, 2, 3)]
    assert [row.next_number for row in rows] == [2, 3, 2]
    assert [[problem.code for problem in row.problems] for row in rows] == [[], ["no_title"], ["money_swapped"]]

    correct(store, organiser, intake, 3, budget="80-120")
    with store.reading() as session:
        row = correcting.row(session, organiser, intake.card.id, 2)
    assert row.next_number is None


def test_words_that_were_not_touched_change_nothing(store: Store) -> None:
    organiser = make_person(store)
    intake = take_in(store, organiser)
    with store.reading() as session:
        row = correcting.row(session, organiser, intake.card.id, 1)

    # The whole form comes back as it was offered, with the line ends of a browser.
    with store.writing() as session:
        changed = correcting.correct(
            session,
            organiser,
            intake.card.id,
            number=1,
            words={part: text.replace("\n", "\r\n") + " " for part, text in row.words.items()},
            was=row.words,
            now=NOW,
        )

    assert changed == ()
    assert page(store, organiser, intake).version == 1


def test_a_correction_is_taken_back_and_both_are_told(store: Store) -> None:
    organiser = make_person(store)
    intake = take_in(store, organiser)
    correct(store, organiser, intake, 1, budget="面议")
    with store.writing() as session:
        taken_back = frozenset({Part.BUDGET})
        correcting.correct(
            session, organiser, intake.card.id, number=1, words={}, was={}, taken_back=taken_back, now=NOW
        )

    with store.reading() as session:
        row = correcting.row(session, organiser, intake.card.id, 1)
        actions = [event.action for event in audit.history(session, "intake", intake.card.id)]
    assert (row.words[Part.BUDGET], row.stated[Part.BUDGET], row.corrected) == ("三百", "三百", frozenset())
    assert [(change.part, change.words, change.made_by) for change in row.history] == [
        (Part.BUDGET, None, "陈科长"),
        (Part.BUDGET, "面议", "陈科长"),
    ]
    assert str(row.draft.budget_max) == "3000000.00"
    assert actions == ["intake.opened", "intake.corrected", "intake.corrected"]


def test_who_was_slower_at_the_same_part_is_told_and_nothing_is_written(store: Store) -> None:
    organiser = make_person(store)
    intake = take_in(store, organiser)
    correct(store, organiser, intake, 1, budget="面议")

    with pytest.raises(Conflict, match="“金额”刚刚由别人改为“面议”"):
        correct(store, organiser, intake, 1, {Part.BUDGET: "三百"}, budget="10万元", sector="水务")
    # Another part, another row, and what somebody else has written alike are no clash.
    assert correct(store, organiser, intake, 1, {Part.BUDGET: "三百"}, budget="三百", sector="水务") == (Part.SECTOR,)
    assert correct(store, organiser, intake, 1, {Part.BUDGET: "三百"}, budget="面议") == ()
    assert correct(store, organiser, intake, 2, title="疲劳驾驶识别") == (Part.TITLE,)
    with store.writing() as session:
        intakes.discard(session, organiser, intake.card.id, version=page(store, organiser, intake).version, now=NOW)
    with pytest.raises(Conflict, match="放弃"):
        correct(store, organiser, intake, 1, budget="10万元")


def test_words_that_the_file_says_take_a_correction_back(store: Store) -> None:
    organiser = make_person(store)
    intake = take_in(store, organiser)
    correct(store, organiser, intake, 1, title="别的", budget="面议")

    assert correct(store, organiser, intake, 1, title=" 泵站异响识别 ", budget="三百") == (Part.TITLE, Part.BUDGET)
    with store.reading() as session:
        row = correcting.row(session, organiser, intake.card.id, 1)
    assert (row.corrected, row.draft.corrected, row.draft.places["title"]) == (frozenset(), (), "A4")


def test_several_cells_are_offered_as_what_was_understood_of_them(store: Store) -> None:
    organiser = make_person(store)
    text = "需求名称,需求单位,预算（万元）,预算下限（万元）,预算上限（万元）\n泵站异响识别,排水公司,30,20,30\n"
    intake = take_in(store, organiser, text)
    with store.reading() as session:
        row = correcting.row(session, organiser, intake.card.id, 1)
    offered = row.words[Part.BUDGET]
    assert "\n" not in offered

    # The form comes back with another part changed: the money stays what it was.
    typed = {**row.words, Part.SECTOR: "水务"}
    with store.writing() as session:
        changed = correcting.correct(session, organiser, intake.card.id, number=1, words=typed, was=row.words, now=NOW)
    assert changed == (Part.SECTOR,)
    assert correct(store, organiser, intake, 1, {Part.BUDGET: "1"}, budget=offered) == ()
    (draft,) = page(store, organiser, intake).reading.drafts
    assert (str(draft.budget_min), str(draft.budget_max)) == (str(row.draft.budget_min), str(row.draft.budget_max))


def test_only_who_runs_the_list_corrects_it(store: Store) -> None:
    organiser = make_person(store)
    supervisor = make_person(store, role=Role.SUPERVISOR, email="s@example.com", name="监督")
    elsewhere = make_person(store, region="浙江省/他市", email="e@example.com", name="别处")
    intake = take_in(store, organiser)

    with pytest.raises(NotAllowed):
        correct(store, supervisor, intake, 1, budget="面议")
    with pytest.raises(NotFound):
        correct(store, elsewhere, intake, 1, budget="面议")
    with store.reading() as session, pytest.raises(NotAllowed):
        correcting.row(session, supervisor, intake.card.id, 1)


def test_too_long_words_and_rows_that_are_not_there_are_refused(store: Store) -> None:
    organiser = make_person(store)
    intake = take_in(store, organiser)

    with pytest.raises(Invalid) as refused:
        correct(store, organiser, intake, 1, title="长" * 501)
    assert refused.value.fields == {"title": "太长，请不要超过 500 个字。"}
    with pytest.raises(NotFound):
        correct(store, organiser, intake, 3, title="第三行")


def test_what_was_not_adopted_and_whom_to_ask_is_not_published(store: Store) -> None:
    organiser = make_person(store)
    text = (
        "需求名称,需求单位,分管领导批示,经办人身份证号,联系人\n"
        "泵站异响识别13866660000,排水公司,同意，王某某,350721198001011234,张三\n"
    )
    intake = take_in(store, organiser, text)
    with store.writing() as session:
        edition = intakes.confirm(
            session, organiser, intake.card.id, version=1, series_title="需求清单", now=NOW, new_id=NEW_ID
        )
        (entry,) = editions.items(session, edition.card.id)
        item = items.get(session, entry.card.id)
    assert item.source.raw.keys() <= {"需求名称", "需求单位", "联系人"}
    assert entry.card.title == "泵站异响识别138****0000"


def remember(store: Store, actor: Actor, intake: IntakePage, **said: Part | None) -> None:
    layout = str(intake.reading.sheets[0].layout)
    with store.writing() as session:
        mappings.remember(session, actor, intake.card.id, version=intake.version, layout=layout, said=said, now=NOW)


def test_what_a_column_is_is_remembered_for_that_publisher_alone(store: Store) -> None:
    organiser = make_person(store)
    intake = take_in(store, organiser)
    assert next(intake.reading.drafts).description is None

    remember(store, organiser, intake, 具体情况=Part.DESCRIPTION)

    (draft,) = take_in(store, organiser).reading.drafts
    assert draft.description == "听声辨障"
    (other,) = take_in(store, organiser, LIST.replace("临川市数据局", "临川市工信局")).reading.drafts
    assert other.description is None
    remember(store, organiser, intake, 具体情况=None)
    (draft,) = take_in(store, organiser).reading.drafts
    assert draft.description is None


def test_corrections_outlive_a_reading_with_other_columns(store: Store) -> None:
    organiser = make_person(store)
    intake = take_in(store, organiser)
    correct(store, organiser, intake, 2, title="疲劳驾驶识别")
    remember(store, organiser, page(store, organiser, intake), 具体情况=Part.DESCRIPTION)
    with store.writing() as session:
        known = mappings.of_region(session, REGION)
        record = reading_to_record(read(known=known))
        waiting.replace_reading(session, organiser, intake.card.id, version=2, reading=record)

    now = page(store, organiser, intake)
    assert [(draft.title, draft.description) for draft in now.reading.drafts] == [
        ("泵站异响识别", "听声辨障"),
        ("疲劳驾驶识别", "识别疲劳驾驶"),
    ]
    assert (now.version, now.card.sound, now.card.refused) == (3, 2, 0)


def test_rows_that_stayed_behind_follow_in_the_next_edition(store: Store) -> None:
    organiser = make_person(store)
    intake = take_in(store, organiser)
    correct(store, organiser, intake, 1, sector="水务")
    with store.writing() as session:
        first = intakes.confirm(
            session, organiser, intake.card.id, version=2, series_title="需求清单", now=NOW, new_id=NEW_ID
        )
    with store.writing() as session:
        again = intakes.go_on(session, organiser, intake.card.id, now=NOW, new_id=NEW_ID)
    assert (again.card.sound, again.card.refused) == (1, 1)

    correct(store, organiser, again, 2, title="疲劳驾驶识别")
    with store.writing() as session:
        with pytest.raises(Conflict, match="还没有结束"):
            intakes.go_on(session, organiser, again.card.id, now=NOW, new_id=NEW_ID)
        second = intakes.confirm(
            session, organiser, again.card.id, version=2, series_id=first.card.series_id, now=NOW, new_id=NEW_ID
        )

    assert (second.card.number, second.card.unchanged, second.card.added, second.card.gone) == (2, 1, 1, 0)


def test_two_columns_cannot_be_what_one_alone_can_be(store: Store) -> None:
    organiser = make_person(store)
    intake = take_in(store, organiser)

    with pytest.raises(Invalid, match="只能有一列"):
        remember(store, organiser, intake, 需求名称=Part.TITLE, 具体情况=Part.TITLE)
    with pytest.raises(Invalid, match="没有这一列"):
        remember(store, organiser, intake, 别的=Part.TITLE)
