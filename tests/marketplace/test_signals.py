"""Shown matches and what came of them, in small markets whose outcomes are written down by hand."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, select

from marketplace.accounts.words import Role
from marketplace.dealings import contacts, dealings, looks, shown
from marketplace.dealings.dealings import Said
from marketplace.dealings.match_tables import ShownMatch, ShownNone
from marketplace.dealings.shown import Made, Showing, Unanswered
from marketplace.dealings.views import GivenContact
from marketplace.dealings.words import Event, ShownOn, ShownVerdict
from marketplace.figures.rules.periods import Period
from marketplace.kernel.db import Store
from marketplace.kernel.words import SubjectKind
from marketplace.lists import items
from marketplace.profiles import profiles
from marketplace.rounds.words import RoundState
from marketplace.signals import quality, trained
from marketplace.signals.rules.tallies import Group, Happened, Shown, band, furthest, rank_group
from marketplace.signals.views import Quality
from marketplace.signals.words import Dimension, Signal
from tests.marketplace import outcome_acts, review_market, round_acts, round_market
from tests.marketplace.dealing_market import Table, make_supplier, make_table
from tests.marketplace.market import NEW_ID, NOW, REGION, make_draft, make_person, publish
from tests.marketplace.test_rounds_outcomes import ENDS

MADE = Made("1" * 64, "2" * 64, "3" * 64)
DAY = timedelta(days=1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
DECEMBER = Period(date(2026, 12, 1), date(2027, 1, 1))
EVER = Period(date(2026, 1, 1), date(2028, 1, 1))
SHOWN_AT = NOW + 5 * DAY
SHOWN_ON = date(2026, 11, 25)
WORDS = "想了解现场网络和检修记录的情况。"
CONTACT = GivenContact("何一人", "13800005678", "opc@example.com")


def make_showing(
    item_id: str,
    profile_id: str,
    *,
    page: ShownOn = ShownOn.ITEM,
    day: date = SHOWN_ON,
    rank: int = 1,
    score: float = 92.0,
    verdict: ShownVerdict = ShownVerdict.STRONG,
    times: int = 1,
    side_times: int = 0,
) -> Showing:
    """One showing, everything stated."""
    return Showing(item_id, profile_id, page, day, rank, score, verdict, times, side_times)


def note(store: Store, *showings: Showing, without: tuple[Unanswered, ...] = (), made: Made = MADE) -> None:
    """Note showings in a transaction of their own."""
    with store.writing() as session:
        shown.note(session, made, showings, without, now=SHOWN_AT)


def measured(store: Store, period: Period = NOVEMBER, *, region: str = REGION) -> Quality:
    """The quality of a region and a period."""
    with store.reading() as session:
        return quality.measure(session, region, period)


def rows(session: Session) -> list[tuple[object, ...]]:
    """What stands of showings, in the order of their keys."""
    found = session.exec(select(ShownMatch)).all()
    told = [
        (
            row.profile_id,
            row.page.value,
            row.month,
            row.rank,
            row.score,
            row.first_day,
            row.last_day,
            row.times,
            row.side_times,
        )
        for row in found
    ]
    return sorted(told, key=str)


def sign(store: Store, table: Table, dealing_id: str, *, on: datetime) -> None:
    """Let the enterprise state a signing and the supplier confirm it, both on one day."""
    for who, event, said in (
        (table.enterprise, Event.SIGN, Said("合同已盖章。", 4_800_000, on.date())),
        (table.opc, Event.CONFIRM, None),
    ):
        with store.writing() as session:
            version = dealings.get(session, who, dealing_id, now=on).card.version
            dealings.move(session, who, dealing_id, event, version=version, said=said, now=on, new_id=NEW_ID)


def test_note_adds_up_by_month_and_keeps_what_was_said_first(store: Store) -> None:
    table = make_table(store)
    pair = table.item_id, table.profile_id
    note(store, make_showing(*pair, rank=3, score=80.0, times=2, side_times=1))
    note(
        store,
        make_showing(*pair, day=SHOWN_ON + DAY, rank=2, score=95.0, verdict=ShownVerdict.POSSIBLE),
        make_showing(*pair, day=SHOWN_ON - DAY, rank=4, score=70.0),
        make_showing(*pair, day=date(2026, 12, 1), rank=6),
        make_showing(*pair, page=ShownOn.DESK),
        make_showing("gone", table.profile_id),
    )
    with store.reading() as session:
        found = rows(session)
        verdicts = {row.verdict for row in session.exec(select(ShownMatch))}

    own, november, december = table.profile_id, date(2026, 11, 1), date(2026, 12, 1)
    assert found == [
        (own, "desk", november, 1, 92.0, SHOWN_ON, SHOWN_ON, 1, 0),
        (own, "item", november, 2, 80.0, SHOWN_ON - DAY, SHOWN_ON + DAY, 4, 1),
        (own, "item", december, 6, 92.0, december, december, 1, 0),
    ]
    assert verdicts == {ShownVerdict.STRONG}


def test_of_sides_knows_whose_a_pair_is(store: Store) -> None:
    table = make_table(store)
    other, other_unit, _ = make_supplier(store, "临川算力工作室", email="qi@example.com")
    pairs = [(table.item_id, table.profile_id), (table.item_id, other)]
    with store.reading() as session:
        found = [shown.of_sides(session, unit, pairs) for unit in (table.need_unit, table.opc_unit, other_unit)]
        stranger = shown.of_sides(session, str(make_person(store, email="x@example.com").account_id), pairs)

    assert found == [frozenset(pairs), frozenset(pairs[:1]), frozenset(pairs[1:])]
    assert stranger == frozenset()


def test_sweep_keeps_two_years_of_whole_months(store: Store) -> None:
    table = make_table(store)
    pair = table.item_id, table.profile_id
    days = [date(2024, 10, 31), date(2024, 11, 1), date(2026, 11, 20)]
    without = tuple(Unanswered(table.item_id, day) for day in days)
    note(store, *(make_showing(*pair, day=day) for day in days), without=without)
    with store.writing() as session:
        shown.sweep(session, now=NOW)
    with store.reading() as session:
        left = sorted(row.first_day for row in session.exec(select(ShownMatch)))
        empty = sorted(row.first_day for row in session.exec(select(ShownNone)))

    assert left == empty == days[1:]
    assert shown.oldest_kept(date(2026, 1, 31)) == date(2024, 1, 1)


def test_what_was_shown_goes_with_the_profile_and_follows_it(store: Store) -> None:
    table = make_table(store)
    other, _, _ = make_supplier(store, "临川算力工作室", email="qi@example.com")
    note(store, make_showing(table.item_id, table.profile_id), make_showing(table.item_id, other, rank=2))
    note(store, make_showing(table.item_id, table.profile_id, page=ShownOn.DESK))
    with store.writing() as session:
        shown.hand_over(session, other, table.profile_id)
    with store.reading() as session:
        moved = [(row[0], row[1], row[3]) for row in rows(session)]
    with store.writing() as session:
        shown.forget_profile(session, other)
    with store.reading() as session:
        left = rows(session)

    assert moved == [(other, "desk", 1), (other, "item", 2)]
    assert left == []


def test_measure_counts_how_far_each_pair_came(store: Store) -> None:
    """First: signed. Second: looked at. Third: asked before it was shown, so that nothing came of the showing."""
    table = make_table(store)
    second, _, _ = make_supplier(store, "临川算力工作室", email="qi@example.com")
    third, _, asker = make_supplier(store, "听涛软件工作室", email="ba@example.com")
    item = table.item_id
    with store.writing() as session:
        early = {"item_id": item, "profile_id": third, "message": WORDS, "contact": CONTACT}
        contacts.ask(session, asker, **early, now=SHOWN_AT - DAY, new_id=NEW_ID)
    note(
        store,
        make_showing(item, table.profile_id),
        make_showing(item, table.profile_id, page=ShownOn.OPPORTUNITIES, rank=9, side_times=1),
        make_showing(item, second, rank=4, score=74.5, verdict=ShownVerdict.POSSIBLE),
        make_showing(item, third, rank=5, score=79.9, verdict=ShownVerdict.POSSIBLE),
    )
    with store.writing() as session:
        profile = SubjectKind.PROFILE
        looks.note(session, table.enterprise, kind=profile, subject_id=second, now=SHOWN_AT)
        looks.note(session, table.enterprise, kind=profile, subject_id=third, now=SHOWN_AT - DAY)
        looks.note(session, asker, kind=profile, subject_id=second, now=SHOWN_AT)
        dealing_id = contacts.ask(
            session, table.opc, item_id=item, profile_id=table.profile_id, message=WORDS, contact=CONTACT,
            now=SHOWN_AT + DAY, new_id=NEW_ID,
        )  # fmt: skip
    asked = measured(store)
    with store.writing() as session:
        answer = {"grants": True, "contact": CONTACT, "now": SHOWN_AT + 2 * DAY, "new_id": NEW_ID}
        contacts.answer(session, table.enterprise, dealing_id, **answer)
    sign(store, table, dealing_id, on=SHOWN_AT + 3 * DAY)
    found = measured(store)

    assert asked.whole == Group("", (3, 2, 2, 1, 0, 0, 0))
    assert found.whole == Group("", (3, 2, 2, 1, 1, 1, 1))
    assert found.parts[Dimension.VERDICT] == (
        Group("strong", (1, 1, 1, 1, 1, 1, 1)),
        Group("possible", (2, 1, 1, 0, 0, 0, 0)),
    )
    assert found.parts[Dimension.BAND] == (
        Group("90", (1, 1, 1, 1, 1, 1, 1)),
        Group("70", (2, 1, 1, 0, 0, 0, 0)),
    )
    assert [(one.key, one.reached[0]) for one in found.parts[Dimension.RANK]] == [("1", 1), ("4-5", 2)]
    assert [(one.key, one.reached[0]) for one in found.parts[Dimension.SECTOR]] == [("智慧园林", 3)]
    assert [(one.key, one.reached[0]) for one in found.parts[Dimension.PAGE]] == [("item", 3)]
    assert [(one.key, one.reached[6]) for one in found.parts[Dimension.MATCHER]] == [(MADE.id, 1)]
    assert (found.needs, found.won, found.missed, found.unanswered) == (1, 1, (), ())
    assert (found.noted_since, found.matchers) == (SHOWN_ON, {MADE.id: SHOWN_ON})


def test_measure_keeps_to_its_period_and_its_region(store: Store) -> None:
    table = make_table(store)
    note(store, make_showing(table.item_id, table.profile_id), without=(Unanswered(table.item_id, SHOWN_ON),))

    assert measured(store).needs_without == 1
    for other in (measured(store, DECEMBER), measured(store, region="江苏省/盐城市")):
        assert other.whole.reached == (0,) * 7
        assert (other.needs, other.needs_without) == (0, 0)
    assert measured(store, region="").whole.reached[0] == 1


def test_measure_tells_what_was_signed_without_having_been_shown(store: Store) -> None:
    """The need's page said that nobody fits; a supplier that it never named signed, and was shown a day too late."""
    table = make_table(store)
    dealing = {"item_id": table.item_id, "profile_id": table.profile_id, "new_id": NEW_ID}
    with store.writing() as session:
        dealing_id = dealings.introduce(session, table.organiser, **dealing, now=SHOWN_AT)
    note(store, without=(Unanswered(table.item_id, SHOWN_ON),))
    sign(store, table, dealing_id, on=SHOWN_AT + DAY)
    note(store, make_showing(table.item_id, table.profile_id, day=SHOWN_ON + 2 * DAY))
    found = measured(store)

    (missed,) = found.missed
    told = (missed.item_id, missed.title, missed.profile_id, missed.name, missed.signal, missed.on)
    signed_on = SHOWN_ON + DAY
    assert told == (
        table.item_id, "行道树健康巡查", table.profile_id, "木语视觉科技有限公司", Signal.SIGNED, signed_on
    )  # fmt: skip
    assert [(one.item_id, one.unanswered_on) for one in found.unanswered] == [(table.item_id, SHOWN_ON)]
    # What was signed before the first showing in the period did not come of it.
    assert found.whole.reached == (1, 0, 0, 0, 0, 0, 0)
    assert measured(store, DECEMBER).missed == ()


def test_what_was_signed_before_anything_was_noted_is_no_miss(store: Store) -> None:
    table = make_table(store)
    dealing = {"item_id": table.item_id, "profile_id": table.profile_id, "new_id": NEW_ID}
    with store.writing() as session:
        dealing_id = dealings.introduce(session, table.organiser, **dealing, now=NOW)
    sign(store, table, dealing_id, on=SHOWN_AT - DAY)

    assert measured(store).noted_since is None
    note(store, without=(Unanswered(table.item_id, SHOWN_ON),))
    found = measured(store)
    assert (found.won, found.missed, found.unanswered) == (0, (), ())


def test_no_sealed_bid_is_counted_before_its_opening(store: Store, tmp_path: Path) -> None:
    scene = round_market.open_round(store, tmp_path)
    bidder = round_market.make_bidder(store, "临川算力工作室", email="shenbao@example.com")
    with store.reading() as session:
        profile_id = profiles.find(session, bidder.organisation_id or "")
    assert profile_id is not None
    note(store, make_showing(scene.table.item_id, profile_id, day=date(2026, 11, 21)))
    round_market.make_bid(store, scene, bidder)
    found = [measured(store)]
    round_acts.seal(store, scene)
    found.append(measured(store))
    with store.reading() as session:
        exported = [list(trained.of_period(session, EVER))]
    round_acts.open_bids(store, scene)
    opened = measured(store)
    with store.reading() as session:
        exported.append(list(trained.of_period(session, EVER)))

    assert [one.whole.reached for one in found] == [(1, 0, 0, 0, 0, 0, 0)] * 2
    assert opened.whole.reached == (1, 1, 1, 1, 1, 1, 0)
    # Who had bid is told to nobody outside before the result is public.
    assert [[one.signal for one in each] for each in exported] == [[Signal.SHOWN]] * 2


def test_an_award_counts_when_it_is_public(store: Store, tmp_path: Path) -> None:
    panel, _, _ = outcome_acts.published(store, tmp_path)
    item_id = outcome_acts.row_of(store, panel).item_id or ""
    with store.reading() as session:
        ids = [profiles.find(session, one.organisation_id or "") or "" for one in panel.bidders]
    day = date(2026, 11, 21)
    note(store, make_showing(item_id, ids[1], day=day), without=(Unanswered(item_id, day),))
    before = measured(store, EVER)
    with store.reading() as session:
        told = [(one.profile_id, one.signal) for one in trained.of_period(session, EVER)]
    assert review_market.tick(store, panel, now=ENDS) is RoundState.AWARDED
    after = measured(store, EVER)

    assert (before.won, before.missed) == (0, ())
    assert told == [(ids[1], Signal.BID)]
    assert [(one.profile_id, one.signal) for one in after.missed] == [(ids[0], Signal.AWARD)]
    assert [(one.profile_id, one.unanswered_on) for one in after.unanswered] == [(ids[0], day)]
    assert after.whole.reached == (1, 1, 1, 1, 1, 1, 0)


def test_a_need_of_another_sector_is_counted_apart(store: Store) -> None:
    organiser = make_person(store, role=Role.ORGANISER)
    publish(store, organiser, [make_draft(), make_draft("泵站声纹监测", row=5, sector=None)])
    supplier, _, _ = make_supplier(store, "临川算力工作室", email="qi@example.com")
    with store.reading() as session:
        ids = [record.id for record in items.documents(session)]
    note(store, *(make_showing(item_id, supplier) for item_id in ids))

    found = measured(store).parts[Dimension.SECTOR]
    assert sorted((one.key, one.reached[0]) for one in found) == [("", 1), ("智慧园林", 1)]


def test_furthest_is_the_last_step_that_came_after_the_showing() -> None:
    pair = Shown("i", "p", ShownVerdict.STRONG, 90.0, 1, ShownOn.ITEM, "m", SHOWN_ON, is_seen=False)

    def came(signal: Signal, days: int) -> Happened:
        return Happened("i", "p", signal, SHOWN_ON + days * DAY)

    assert furthest(pair, ()).signal is Signal.SHOWN
    assert furthest(pair, [came(Signal.SIGNED, -1), came(Signal.LOOKED, 0)]).signal is Signal.LOOKED
    late = furthest(pair, [came(Signal.BID, 9), came(Signal.BID, 3), came(Signal.INTENT, 1)])
    assert (late.signal, late.on) == (Signal.BID, SHOWN_ON + 3 * DAY)


def test_bands_and_places() -> None:
    assert [band(score) for score in (0.0, 9.9, 10.0, 89.99, 99.0, 100.0)] == ["0", "0", "10", "80", "90", "90"]
    assert [rank_group(rank) for rank in (1, 2, 3, 4, 5, 6, 10, 11, 50)] == [
        "1", "2", "3", "4-5", "4-5", "6-10", "6-10", "11-", "11-"
    ]  # fmt: skip


def test_a_day_is_one_in_beijing() -> None:
    assert shown.day_of(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == date(2026, 12, 1)
