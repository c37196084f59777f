"""Suppliers side by side, and how one's own profile stands with a need."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlmodel import select

from marketplace.lists import items
from marketplace.lists.item_tables import Item
from marketplace.lists.views import ItemRecord
from marketplace.lists.words import ItemState
from matching import corpus
from tests.web.conftest import Market
from web.pages.matches import abreast

SQLITE = pytest.mark.parametrize("market", ["sqlite"], indirect=True)


def needs(market: Market) -> list[ItemRecord]:
    """The open needs with requirements of their own."""
    with market.installation.store.reading() as session:
        ids = session.exec(select(Item.id).where(Item.state == ItemState.OPEN).order_by(Item.id)).all()
        return [one for one in items.documents(session, ids) if one.requirements]


def answering(market: Market, least: int) -> tuple[ItemRecord, list[str]]:
    """A need that so many suppliers answer, and who they are."""
    for record in needs(market):
        hits = market.installation.engine.rank_profiles(corpus.need(record), top=10).hits
        found = [hit.id for hit in hits if hit.verdict.value != "none"]
        if len(found) >= least:
            return record, found
    raise AssertionError(f"no need of the sample market has {least} suppliers")


def chosen(ids: Sequence[str]) -> str:
    """The choice as a browser without JavaScript sends it."""
    return "&".join(f"opc={one}" for one in ids)


def test_compare_has_a_row_for_each_requirement_and_a_column_for_each_supplier(market: Market) -> None:
    with market.client() as client:
        record, ids = answering(market, 2)
        item = client.get(f"/items/{record.id}").text
        page = client.get(f"/items/{record.id}/compare?{chosen(ids[:2])}")

    table = page.text.split("<table")[1].split("</table>")[0]
    assert page.status_code == 200
    assert table.split("</thead>")[0].count('href="/opcs/') == 2
    for requirement in record.requirements:
        assert requirement in table
    assert table.count('class="grade') >= 2 * len(record.requirements)
    for word in ("结论", "人数", "地区", "参考报价", "案例"):
        assert f'<th scope="row">{word}</th>' in table
    for one in ids[:2]:
        assert f'value="{one}"' in item.split("/compare")[1]


@SQLITE
def test_compare_says_how_many_to_choose_and_leaves_out_who_does_not_answer(market: Market) -> None:
    with market.client() as client:
        record, ids = answering(market, 2)
        every = market.installation.engine.rank_profiles(corpus.need(record), top=100).hits
        below = next(hit.id for hit in every if hit.verdict.value == "none")
        none = client.get(f"/items/{record.id}/compare")
        one = client.get(f"/items/{record.id}/compare?{chosen([*ids[:1], *ids[:1]])}")
        many = client.get(f"/items/{record.id}/compare?{chosen(['a', 'b', 'c', 'd', 'e'])}")
        mixed = client.get(f"/items/{record.id}/compare?{chosen([ids[0], below, 'x' * 16])}")

    assert [page.status_code for page in (none, one, many, mixed)] == [422, 422, 422, 200]
    assert "您还没有选" in none.text
    assert "您选了 1 家" in one.text
    assert "您选了 5 家" in many.text
    assert "2 家没有列出" in mixed.text
    assert below not in mixed.text


def test_problem_takes_two_to_four() -> None:
    assert [bool(abreast.problem(["x"] * count)) for count in range(6)] == [True, True, False, False, False, True]


def test_an_opc_sees_why_it_does_not_score_higher_and_what_would_follow(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")
        home = client.get("/opportunities").text
        listed = home.split('<a href="/items/')[1].split('"')[0]
        pages = [client.get(f"/opportunities/{record.id}").text for record in needs(market)[:6]]
        shown = client.get(f"/opportunities/{listed}").text
        item = client.get(f"/items/{listed}").text

    assert "为什么不更高" in home
    assert "现在的比对" in shown
    assert "没有达到可以推荐的程度" not in shown.split("补上什么")[0]
    assert "补上什么会更合适" in shown  # it is a match already
    assert any("补上什么就能承接" in page for page in pages)
    assert "您的画像与这条需求" in item
    for page in pages:
        assert page.count("<tr>") <= 1 + 1 + 3  # the head, what is now, and at most three suppositions
        assert "请只写做过的事" in page or "没有需要补的要点" in page or "不会改变结论" in page


@SQLITE
def test_what_is_shown_of_an_opc_is_for_itself_alone(market: Market) -> None:
    record = needs(market)[0]
    with market.client() as client:
        visitor = client.get(f"/opportunities/{record.id}")
        item = client.get(f"/items/{record.id}").text
        market.signed_in(client, "需求方")
        enterprise = client.get(f"/opportunities/{record.id}")
    assert visitor.status_code == 303
    assert "您的画像与这条需求" not in item
    assert "现在的比对" not in enterprise.text


@SQLITE
def test_a_need_that_is_not_matched_has_nothing_to_compare(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")
        found = [client.get(f"/items/{'x' * 16}/compare"), client.get(f"/opportunities/{'x' * 16}")]
    assert [page.status_code for page in found] == [404, 404]


def test_rows_stand_in_the_order_of_the_requirements() -> None:
    point = abreast.Point("标题", is_core=True, statement="做过", source="headline")
    first, second = abreast.Point("其一", 1), abreast.Point("其二", 2)
    blank = abreast.Answer("甲", "/opcs/a", "", 60.0, "strong", (second, first), (), (), unfolded=True, asked=2)
    rows = abreast._rows([blank, replace(blank, points=(point, first, second))])
    assert [(row.requirement, row.cells) for row in rows] == [
        ("标题", (None, point)),
        ("其一", (first, first)),
        ("其二", (second, second)),
    ]
