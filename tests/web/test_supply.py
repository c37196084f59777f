"""The organiser's matrix: whole lists held against the whole supply by a job, counted, narrowed, downloaded."""

import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook
from sqlmodel import select
from starlette.testclient import TestClient

from marketplace.kernel import changes
from marketplace.kernel.words import SubjectKind
from marketplace.lists import items
from marketplace.lists.tables import Edition
from matching import corpus
from tests.web.conftest import Market
from tests.web.test_render_pages import make_card
from web.pages.supply import tables
from web.pages.supply.tables import Asked
from web.supply import Best, Line, Matrix
from web.worker import SlowWorker

SQLITE = pytest.mark.parametrize("market", ["sqlite"], indirect=True)
GOOD = Best("p1", 80.0, "strong", 2, 3, "接入平台")
FAIR = Best("p2", 40.0, "possible", 1, 3, "")
BARRED = Best("p3", 90.0, "blocked", 3, 3, "需求限定在临川市，该供给方所在地为江苏苏州。")
LINES = (
    Line("i1", "林业", (GOOD, FAIR)),
    Line("i2", "林业", ()),
    Line("i3", "水务", (BARRED,)),
    Line("i4", "", (FAIR, BARRED)),
    Line("i5", "水务", ()),
)


def newest(market: Market) -> str:
    """The edition published last."""
    with market.installation.store.reading() as session:
        return session.exec(select(Edition.id).order_by(Edition.published_at.desc())).first()


def matched(client: TestClient, market: Market, address: str, token: str, **form: str) -> None:
    """Ask for a matrix and let the worker make it."""
    asked = client.post(address, data={"csrf_token": token, **form})
    assert asked.status_code == 303
    assert "正在比对" in client.get(asked.headers["location"]).text
    worker = SlowWorker(market.installation)
    while worker.step():  # other work that takes long may come first
        pass


def test_the_matrix_of_an_edition_counts_what_nobody_answers(market: Market) -> None:
    edition = newest(market)
    address = f"/editions/{edition}/supply"
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        before = client.get(address).text
        matched(client, market, address, token)
        page = client.get(address).text
        lacking = client.get(address, params={"verdict": "none"}).text
        data = client.get(f"{address}.xlsx")
        text = client.get(f"{address}.csv", params={"verdict": "none"}).content.decode("utf-8-sig")
        engine = market.installation.engine
        with market.installation.store.reading() as session:
            shown = {card.id: record for card, record in items.shown(session, sorted(engine.needs.ids))}

    none = [
        one.title
        for one in shown.values()
        if engine.rank_profiles(corpus.need(one), top=3).verdict == "none" and f'/items/{one.id}"' in page
    ]
    assert "还没有比对过" in before
    assert "正在比对" not in page
    assert none
    assert f'verdict=none">{len(none)}</a>' in page
    assert lacking.count('class="row-title"') == len(none)
    assert len(text.splitlines()) == 1 + len(none)
    sheet = load_workbook(io.BytesIO(data.content)).active
    titles = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert set(none) < set(titles)


@SQLITE
def test_the_matrix_is_for_organisers_and_supervisors_of_the_region(market: Market) -> None:
    address = f"/editions/{newest(market)}/supply"
    answers = {}
    for title in ("主办方", "监督", "OPC", "需求方", ""):
        with market.client() as client:
            if title:
                market.signed_in(client, title)
            answers[title] = [client.get(path).status_code for path in (address, "/supply", f"{address}.csv")]
    assert answers == {
        "主办方": [200, 200, 404],
        "监督": [200, 200, 404],
        "OPC": [403, 403, 403],
        "需求方": [403, 403, 403],
        "": [303, 303, 303],
    }


@SQLITE
def test_the_matrix_of_a_region_says_when_the_market_has_moved_on(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        matched(client, market, "/supply", token)
        fresh = client.get("/supply").text
        with market.installation.store.writing() as session:
            changes.put(session, SubjectKind.ITEM, [newest(market)])
        stale = client.get("/supply").text
    assert "比对之后市场有变化" not in fresh
    assert "比对之后市场有变化" in stale
    assert "重新比对" in stale


def test_counts_tells_every_verdict_those_without_supply_first() -> None:
    assert [(code, number) for code, _name, number in tables.counts(LINES)] == [
        ("none", 2),
        ("blocked", 1),
        ("possible", 1),
        ("strong", 1),
    ]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (Asked(), ["i1", "i2", "i3", "i4", "i5"]),
        (Asked(verdict="none"), ["i2", "i5"]),
        (Asked(sector="水务"), ["i3", "i5"]),
        (Asked(verdict="none", sector="林业"), ["i2"]),
        (Asked(verdict="nonsense"), []),
    ],
)
def test_narrowed_keeps_what_is_asked_for_in_order(asked: Asked, kept: list[str]) -> None:
    assert [line.item_id for line in tables.narrowed(LINES, asked)] == kept


def test_sectors_are_offered_with_their_numbers() -> None:
    assert tables.sectors(LINES) == (("林业", "林业（2）"), ("水务", "水务（2）"))


def test_table_neutralises_formulas_and_fills_three_places() -> None:
    card = make_card(title="=HYPERLINK(1)")
    table = tables.table([tables.Row(card, "strong", (tables.Named("+cmd", GOOD),)), tables.Row(card, "none", ())])
    first, second = table.rows
    assert first[0] == second[0] == "'=HYPERLINK(1)"
    assert first[5:11] == ("'+cmd", 80, "正合适", 2, 3, "接入平台")
    assert second[4:] == ("暂无合适供给", *([None] * 18))
    assert len(table.columns) == len(first) == len(second) == 23


def test_matrix_line_takes_its_verdict_from_the_best() -> None:
    made = Matrix(datetime(2026, 12, 1, tzinfo=UTC), 1, LINES)
    assert [line.verdict for line in made.lines] == ["strong", "none", "blocked", "possible", "none"]
