"""What a round's page offers each of its people: the acts of the state, each with its page or what stands against it."""

import re
from dataclasses import dataclass
from html import unescape

import pytest

from marketplace.rounds import rounds
from marketplace.rounds.making import stopping
from tests.web.conftest import Market
from tests.web.round_office import Office, appoint, begin, hand_in, make_office, open_round
from web.pages import render


@dataclass(frozen=True)
class FrameOfTest:
    """As much of a frame as the fragment asks for."""

    csrf: str = "token"


def shown(office: Office, title: str) -> tuple[set[str], str]:
    """The pages that the fragment leads somebody to, and its text."""
    page = office.read(lambda session: rounds.get(session, office.actors[title], office.round_id, now=office.now))
    source = '{% from "rounds/_desk.html" import desk %}{{ desk(page, frame) }}'
    html = unescape(render.environment().from_string(source).render(page=page, frame=FrameOfTest()))
    found = re.findall(rf'(?:href|action)="/rounds/{office.round_id}/([a-z]+)', html)
    return set(found), html


def test_each_is_offered_what_it_may_do(market: Market) -> None:
    office = appoint(begin(make_office(market)))
    drafted = {title: shown(office, title)[0] for title in ("需求方", "审批甲", "开启甲", "监督", "主办方")}
    hand_in(office)
    waiting = {title: shown(office, title) for title in ("需求方", "审批甲", "开启甲", "监督")}
    assert drafted == {
        "需求方": {"draft", "approval", "review", "people"},
        "审批甲": {"draft", "people"},
        "开启甲": {"draft", "key", "people"},
        "监督": {"draft", "file", "people"},
        "主办方": {"draft", "people"},
    }
    assert {title: pages for title, (pages, _) in waiting.items()} == {
        "需求方": {"approval", "review", "people", "preview", "waiting"},
        "审批甲": {"approval", "stop", "people", "preview", "waiting"},
        "开启甲": {"key", "people", "preview", "waiting"},
        "监督": {"file", "people", "preview", "waiting"},
    }
    assert "公平竞争审查还没有通过" in waiting["审批甲"][1]


def test_an_ended_round_may_be_begun_again_by_its_issuer(market: Market) -> None:
    office = open_round(appoint(begin(make_office(market))))
    running = {title: shown(office, title)[0] for title in ("需求方", "审批甲", "监督", "OPC")}
    for title in ("审批甲", "审批乙"):
        office.write(
            lambda session, title=title: stopping.cancel(
                session, office.actors[title], office.round_id, reason="重复", now=office.now, new_id=office.new_id
            )
        )
    assert running == {
        "需求方": {"addendum", "people"},
        "审批甲": {"stop", "people"},
        "监督": {"file", "stop", "people"},
        "OPC": set(),
    }
    assert shown(office, "需求方")[0] == {"again"}
    assert shown(office, "审批甲")[1].strip() == ""


@pytest.mark.parametrize("title", ["OPC", "专家"])
def test_outsiders_of_a_public_round_are_offered_nothing(market: Market, title: str) -> None:
    office = open_round(appoint(begin(make_office(market))))
    assert shown(office, title)[1].strip() == ""
