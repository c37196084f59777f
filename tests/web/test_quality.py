"""Which matches pages note as shown, and what organisers and administrators get to see of them."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import and_
from sqlmodel import Session, col, select

from marketplace.dealings import shown
from marketplace.dealings.match_tables import Matcher, ShownMatch, ShownNone
from marketplace.dealings.shown import Made, Showing, Unanswered
from marketplace.dealings.tables import Dealing
from marketplace.dealings.words import ShownOn, ShownVerdict, Stage
from marketplace.figures.rules.periods import Period
from marketplace.kernel.db import Store
from marketplace.kernel.tables import AuditEvent
from marketplace.lists import items
from marketplace.profiles import profiles
from marketplace.profiles.tables import Profile
from marketplace.signals import exporting
from matching.training import sources
from tests.marketplace.dealing_market import make_table
from tests.web.conftest import Market
from web import departures
from web.pages.quality import periods
from web.showings import BATCH, WAITS_SECONDS, Showings

SQLITE = pytest.mark.parametrize("market", ["sqlite"], indirect=True)
DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
OF_UNIT = and_(col(ShownMatch.page) == ShownOn.ITEM, col(ShownMatch.side_times) > 0)
ON_LIST = col(ShownMatch.page) == ShownOn.OPPORTUNITIES
SIGNALS = {"shown", "looked", "contact", "intent", "bid", "signed", "award"}


def make_showing(item_id: str = "i", *, rank: int = 3, score: float = 80.0, side_times: int = 0) -> Showing:
    """One showing of a pair on a need's page."""
    return Showing(item_id, "p", ShownOn.ITEM, DAY, rank, score, ShownVerdict.STRONG, 1, side_times)


def clear(market: Market) -> None:
    """Forget what the sample market's visitors have been shown."""
    with market.installation.store.writing() as session:
        for table in (ShownMatch, ShownNone):
            for row in session.exec(select(table)).all():
                session.delete(row)


def noted(session: Session) -> dict[tuple[str, str, str], tuple[int, int, int]]:
    """By need, supplier and page: the place, and how often it was shown, to anybody and to a side."""
    rows = session.exec(select(ShownMatch)).all()
    return {(row.item_id, row.profile_id, row.page.value): (row.rank, row.times, row.side_times) for row in rows}


def answers_of(text: str, kind: str) -> list[str]:
    """The ids of the answers of a page, in their order."""
    heads = re.findall(rf'class="(?:hit-name">|opening hit-).*?href="/{kind}/([a-z0-9]{{16}})"', text, re.DOTALL)
    return list(dict.fromkeys(heads))


def test_showings_wait_for_others_and_are_counted_once() -> None:
    clock = [0.0]
    counted = Showings(lambda: clock[0])
    assert not counted.is_due
    counted.add([make_showing(side_times=1), make_showing("j")], [Unanswered("k", DAY)])
    counted.add([make_showing(rank=2, score=95.0)], [Unanswered("k", DAY)])
    clock[0] = WAITS_SECONDS - 0.1
    early = counted.is_due
    clock[0] = WAITS_SECONDS
    assert (early, counted.is_due) == (False, True)
    found = counted.take()

    assert found.shown == (
        Showing("i", "p", ShownOn.ITEM, DAY, 2, 80.0, ShownVerdict.STRONG, 2, 1),
        make_showing("j"),
    )
    assert found.unanswered == (Unanswered("k", DAY, 2),)
    assert counted.take().is_empty
    assert not counted.is_due


def test_a_batch_waits_no_longer() -> None:
    counted = Showings(lambda: 0.0)
    counted.add(make_showing(f"i{number}") for number in range(BATCH - 1))
    almost = counted.is_due
    counted.add([make_showing("last")])
    assert (almost, counted.is_due) == (False, True)


def test_periods_are_years_and_quarters_as_far_back_as_showings_are_held() -> None:
    offered = [key for key, _ in periods.offered(NOW)]
    assert offered == [
        "2026", "2025", "2024", "2026-4", "2026-3", "2026-2", "2026-1", "2025-4", "2025-3", "2025-2", "2025-1", "2024-4"
    ]  # fmt: skip
    assert periods.chosen("2026-4", NOW) == ("2026-4", Period(date(2026, 10, 1), date(2027, 1, 1)))
    assert periods.chosen("2025-1", NOW) == ("2025-1", Period(date(2025, 1, 1), date(2025, 4, 1)))
    for wrong in ("", "2026-5", "26", "二〇二六", "2026-4-1"):
        assert periods.chosen(wrong, NOW) == ("2026", Period(date(2026, 1, 1), date(2027, 1, 1)))
    assert periods.said("2026-4") == "2026 年第 4 季度"
    assert exporting.held(datetime(2026, 12, 31, 17, 0, tzinfo=UTC)) == Period(date(2025, 1, 1), date(2027, 2, 1))


@SQLITE
def test_pages_note_what_they_showed_and_to_whom(market: Market) -> None:
    """A visitor, the unit of the need and the supplier count; staff do not, and no page writes anything itself."""
    installation = market.installation
    with installation.store.reading() as session:
        need = session.exec(select(ShownMatch.item_id).where(OF_UNIT).order_by(ShownMatch.item_id)).first() or ""
        supplier = session.exec(select(ShownMatch.profile_id).where(ON_LIST)).first()
    clear(market)
    with market.client() as visitor:
        page = visitor.get(f"/items/{need}")
        listed = answers_of(page.text, "opcs")
        other = visitor.get(f"/opcs/{listed[-1]}").text
        with installation.store.reading() as session:
            before = noted(session)
        assert installation.note_shown() == len(listed) + len(answers_of(other, "items"))
    with installation.store.reading() as session:
        by_visitor = noted(session)
        assert len(session.exec(select(Matcher)).all()) == 1
    with market.client() as client:
        market.signed_in(client, "主办方")
        client.get(f"/items/{need}")
        assert installation.note_shown() == 0
    with market.client() as client:
        market.signed_in(client, "需求方")
        client.get(f"/items/{need}")
        assert installation.note_shown() == len(listed)
    with market.client() as client:
        market.signed_in(client, "OPC")
        shown_on_list = answers_of(client.get("/opportunities").text, "items")
        assert installation.note_shown() >= len(shown_on_list) > 0
    with installation.store.reading() as session:
        after = noted(session)

    assert page.status_code == 200
    assert before == {}
    assert {key: found for key, found in by_visitor.items() if key[2] == "item"} == {
        (need, profile_id, "item"): (place, 1, 0) for place, profile_id in enumerate(listed, start=1)
    }
    assert {after[need, profile_id, "item"][1:] for profile_id in listed} == {(2, 1)}
    of_list = {key: found for key, found in after.items() if key[2] == "opportunities"}
    assert {key[1] for key in of_list} == {supplier}
    assert {found[1:] for found in of_list.values()} == {(1, 1)}


@SQLITE
def test_organisers_see_how_far_matches_came_and_others_do_not(market: Market) -> None:
    with market.installation.store.reading() as session:
        dealing = session.exec(select(Dealing).where(Dealing.stage == Stage.SIGNED)).one()
        title = items.get(session, dealing.item_id).card.title
        signed = title, profiles.get(session, dealing.profile_id, None).organisation.name
    with market.client() as client:
        market.signed_in(client, "主办方")
        page = client.get("/quality?region=福建省/临川市")
        table = client.get("/quality/groups.csv")
        missed = client.get("/quality/missed.csv")
        wrong = client.get("/quality/groups.pdf")
        foreign = client.get("/quality?region=江苏省/盐城市")
    with market.client() as client:
        market.signed_in(client, "OPC")
        refused = [client.get(path).status_code for path in ("/quality", "/quality/groups.csv", "/quality/training")]

    whole = next(csv.reader(io.StringIO(table.content.decode("utf-8-sig").split("\n", 1)[1])))
    assert page.status_code == 200
    assert "不影响任何排序" in page.text
    assert f"展示过 {whole[2]} 对" in page.text
    assert [int(number) for number in whole[2:9]] == sorted((int(number) for number in whole[2:9]), reverse=True)
    # The one signing of the sample market is of a pair that the matcher never showed.
    assert whole[8] == "0"
    assert [row[:4] for row in csv.reader(io.StringIO(missed.content.decode("utf-8-sig")))][1:] == [
        ["没有展示过而成交", *signed, "签约"]
    ]
    assert (wrong.status_code, foreign.status_code) == (404, 403)
    assert refused == [403] * 3


@SQLITE
def test_an_administrator_takes_lines_for_training_and_the_log_says_so(market: Market) -> None:
    installation = market.installation
    with installation.store.writing() as session:
        dealing = session.exec(select(Dealing).where(Dealing.stage == Stage.SIGNED)).one()
        first_day = shown.day_of(dealing.opened_at)
        pair = dealing.item_id, dealing.profile_id
        one = Showing(*pair, ShownOn.DESK, first_day, 1, 71.5, ShownVerdict.POSSIBLE)
        shown.note(session, Made("1", "2", "3"), [one], [], now=installation.clock())
    with market.client() as client:
        token = market.signed_in(client, "管理员")
        asked = client.get("/quality/training")
        first = client.post("/quality/training", data={"csrf_token": token})
        second = client.post("/quality/training", data={"csrf_token": token})
    rows = [json.loads(line) for line in first.text.splitlines()]
    again = [json.loads(line) for line in second.text.splitlines()]
    with installation.store.reading() as session:
        written = session.exec(select(AuditEvent).where(AuditEvent.action == "matcher.exported")).all()
        ids = {record.id for record in items.documents(session)} | set(session.exec(select(Profile.id)))

    assert (asked.status_code, first.status_code) == (200, 200)
    assert len(rows) > 10
    assert set(rows[0]) == {"need_id", "profile_id", "need", "profile", "signal", "verdict", "score", "rank", "day"}
    assert {row["signal"] for row in rows} <= SIGNALS
    (signed,) = (row for row in rows if row["signal"] == "signed")
    assert (signed["verdict"], signed["score"], signed["rank"]) == ("possible", 71.5, 1)
    assert {row["signal"] for row in rows} >= {"shown", "signed"}
    assert not ids & {row[name] for row in rows for name in ("need_id", "profile_id")}
    assert {row["need_id"] for row in rows}.isdisjoint(row["need_id"] for row in again)
    # Among the hexadecimal digits of a key those of a telephone may happen to stand.
    without_keys = re.sub(r'"[0-9a-f]{16}"', "", first.text)
    assert not re.search(r"1[3-9]\d{9}|[\w.]+@\w+\.\w+", without_keys)
    assert len(written) == 2
    folder = installation.settings.data_dir / "datasets" / "signals"
    folder.mkdir(parents=True)
    (folder / "market.jsonl").write_bytes(first.content)
    pairs = list(sources.signal_pairs(installation.settings.data_dir))
    acted = [row for row in rows if row["signal"] not in {"shown", "looked"}]
    assert pairs == [(row["need"], row["profile"], None) for row in acted]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_shown_of_a_profile_is_erased_with_it(store: Store) -> None:
    table = make_table(store)
    with store.writing() as session:
        one = Showing(table.item_id, table.profile_id, ShownOn.ITEM, DAY, 1, 90.0, ShownVerdict.STRONG)
        shown.note(session, Made("1", "2", "3"), [one], [Unanswered(table.item_id, DAY)], now=NOW)
    with store.writing() as session:
        departures.erase_profile(session, table.opc, organisation_id=table.opc_unit, now=NOW)
    with store.reading() as session:
        left = [len(session.exec(select(kind)).all()) for kind in (ShownMatch, ShownNone)]

    assert left == [0, 1]
