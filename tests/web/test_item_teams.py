"""A need that nobody answers alone: who answers it together, and from there into a team or to its members."""

import pytest
from sqlmodel import select

from marketplace.dealings.tables import Dealing
from marketplace.dealings.team_tables import Team, TeamMember
from marketplace.dealings.words import Party, Place
from marketplace.lists.item_tables import CURRENT_VERSION, Item, ItemVersion
from tests.web import team_scene as scene
from tests.web.conftest import Market
from web.demo.needs import TOGETHER

PART = {"hx-request": "true"}
SQLITE = pytest.mark.parametrize("market", ["sqlite"], indirect=True)


def publish(market: Market, *points: str) -> str:
    return scene.publish(market.installation, market.sign_ins["需求方"].email, *points)


def ids(market: Market) -> tuple[str, str]:
    """The profiles of the two that answer the need together."""
    with market.installation.store.reading() as session:
        return scene.profile_of(session, scene.LEAD), scene.profile_of(session, scene.HELPER)


def test_teams_name_who_answers_which_requirement_with_which_words(market: Market) -> None:
    with market.client() as client:
        item = publish(market, scene.FILMS, scene.REQUESTS)
        lead, helper = ids(market)
        page = client.get(f"/items/{item}").text
        whole = client.get(f"/items/{item}/teams").text
        part = client.get(f"/items/{item}/teams", headers=PART).text
        told = client.get(f"/api/v1/items/{item}/teams").json()

    assert f'hx-get="/items/{item}/teams"' in page
    assert f'<a href="/items/{item}/teams">' in page
    first = part.split('<li class="hit">')[1].split('<li class="hit">')[0]
    assert "<html" not in part
    assert first.count('<li class="proof ') == 2
    assert first.index(scene.LEAD) < first.index(scene.HELPER)
    films, requests = first.split('<li class="proof ')[1:]
    assert (f"/opcs/{lead}" in films, f"/opcs/{helper}" in requests) == (True, True)
    assert (f"/opcs/{helper}" in films, f"/opcs/{lead}" in requests) == (False, False)
    assert "91.4%" in films
    assert "历史派单记录" in requests
    assert "<strong>2</strong> / 2 条要点有人承接" in first
    assert "<html" in whole
    assert first.split("</h3>")[1].split("</details>")[0] in whole.replace("<h2", "<h3")
    # A visitor reads; who may ask whom is for those signed in.
    assert "邀请组成联合体" not in whole + part
    assert "请这几家组队" not in whole + part
    assert told["query"] == item
    assert told["teams"][0] == {
        "members": [lead, helper],
        "covers": {scene.FILMS: lead, scene.REQUESTS: helper},
        "open": [],
    }


@SQLITE
def test_the_sample_market_has_a_need_that_takes_a_team(market: Market) -> None:
    with market.installation.store.reading() as session:
        item = session.exec(
            select(Item.id).join(ItemVersion, CURRENT_VERSION).where(ItemVersion.title == TOGETHER["title"])
        ).one()
    with market.client() as client:
        whole = client.get(f"/items/{item}/teams").text

    points = TOGETHER["requirements"].splitlines()
    first = whole.split('<li class="hit">')[1]
    answers = first.split('<li class="proof ')[1:]
    assert f"<strong>{len(points)}</strong> / {len(points)} 条要点有人承接" in first
    # Whoever answers calls, reads films of sewers and asks people by telephone are three.
    assert [name in answer for name, answer in zip(("衡听智能语音", "管探士", "知否问卷"), answers, strict=True)] == [
        True
    ] * 3


@SQLITE
def test_a_partner_that_speaks_of_a_point_without_its_figure_is_offered_as_such(market: Market) -> None:
    with market.client() as client:
        item = publish(market, "40 公里排水管道内窥检测录像判读缺陷并按规程定级", scene.REQUESTS)
        market.signed_in(client, "OPC")
        page = client.get(f"/teams/new?item={item}").text

    first = page.split('<li class="proof ')[1]
    assert "管探士" in first
    assert "提到相关能力，未写指标" in first
    assert "还没有哪一家的画像写到这一条" not in first


@SQLITE
def test_no_teams_where_one_answers_everything_or_there_is_one_requirement(market: Market) -> None:
    with market.client() as client:
        alone = publish(market, scene.FILMS, "行车记录视频识别晒衣挂绳")
        single = publish(market, scene.REQUESTS)
        pages = [client.get(f"/items/{one}").text for one in (alone, single)]
        parts = [client.get(f"/items/{one}/teams", headers=PART) for one in (alone, single)]
        whole = client.get(f"/items/{single}/teams").text
        told = client.get(f"/api/v1/items/{single}/teams").json()
        missing = client.get(f"/items/{'x' * 16}/teams")

    assert ["hx-get" in page for page in pages] == [False, False]
    assert [(part.status_code, part.text.strip()) for part in parts] == [(200, ""), (200, "")]
    assert "没有可以推荐的组合" in whole
    assert told == {"query": single, "teams": []}
    assert missing.status_code == 404


@SQLITE
def test_teams_are_remembered_until_the_market_moves(market: Market) -> None:
    asked = []
    with market.client() as client:
        item = publish(market, scene.FILMS, scene.REQUESTS)
        engine = market.installation.engine
        compose = engine.teams
        engine.teams = lambda need, **more: asked.append(need.id) or compose(need, **more)
        for _ in range(3):
            client.get(f"/items/{item}/teams", headers=PART)
        before = len(asked)
        other = publish(market, scene.FILMS, scene.REQUESTS)
        again = client.get(f"/items/{item}/teams", headers=PART).text
    assert other != item
    assert (before, len(asked)) == (1, 2)
    assert scene.HELPER in again


def test_an_opc_founds_a_team_with_the_proposed_partner_asked_at_once(market: Market) -> None:
    with market.client() as client:
        item = publish(market, scene.FILMS, scene.REQUESTS)
        _lead, helper = ids(market)
        token = market.signed_in(client, "OPC")
        teams = client.get(f"/items/{item}/teams").text
        bare = client.get("/teams/new", params={"item": item}).text
        form = client.get("/teams/new", params={"item": item, "with": helper}).text
        sent = {
            "csrf_token": token,
            "item": item,
            "with": helper,
            f"ask-{helper}": "yes",
            f"work-{helper}": f"要点 2：{scene.REQUESTS}",
            "work": f"要点 1：{scene.FILMS}",
            "name": "街面联合体",
            "purpose": "合起来承接",
        }
        wrong = client.post("/teams/new", data={**sent, "name": "", f"work-{helper}": "长" * 201})
        founded = client.post("/teams/new", data=sent)
        team = client.get(founded.headers["location"]).text
        after = client.get(f"/items/{item}/teams").text

    address = f'href="/teams/new?item={item}&amp;with={helper}"'
    assert (address in teams, address in bare) == (True, True)
    assert "还缺哪几条要点" not in bare
    proposed, own = form.split('aria-labelledby="own"')
    assert (scene.HELPERS_WORDS in _plain(proposed), "91.4%" in own) == (True, True)
    assert "checked" in proposed.split(f'id="ask-{helper}"')[1].split(">")[0]
    assert f"要点 2：{scene.REQUESTS}" in proposed
    assert f"要点 1：{scene.FILMS}" in own
    assert wrong.status_code == 422
    assert f'href="#work-{helper}"' in wrong.text
    assert "长" * 201 in wrong.text
    assert founded.headers["location"].endswith("?done=asked")
    assert "邀请已发出" in team
    assert "2 / 2 条有人承接" in team
    assert "由您牵头" not in after
    assert "您的单位已为这条需求牵头联合体" in after
    with market.installation.store.reading() as session:
        (founding,) = session.exec(select(Team).where(Team.item_id == item)).all()
        places = session.exec(select(TeamMember).where(TeamMember.team_id == founding.id)).all()
    assert {(one.profile_id == helper, one.place, one.work) for one in places} == {
        (False, Place.LEAD, f"要点 1：{scene.FILMS}"),
        (True, Place.INVITED, f"要点 2：{scene.REQUESTS}"),
    }


@SQLITE
def test_the_invited_read_which_of_their_words_answer_which_requirement(market: Market) -> None:
    with market.client() as client:
        item = publish(market, scene.FILMS, scene.REQUESTS)
        lead, helper = ids(market)
        asked = scene.invite(market.installation, helper, lead, item, work=f"要点 1：{scene.FILMS}")
        market.signed_in(client, "OPC")
        page = client.get(f"/teams/{asked}").text
        messages = client.get("/messages").text

    reasons = page.split("这份邀请等您答复")[1].split("加入联合体")[0]
    assert f"请您的单位承担：要点 1：{scene.FILMS}" in reasons
    assert "91.4%" in reasons
    assert scene.HELPERS_WORDS not in _plain(reasons)
    assert scene.HELPERS_WORDS in _plain(page)
    assert "请查看分工和邀请的依据后决定是否加入" in messages
    assert scene.FILMS not in messages


def test_a_needs_unit_asks_a_team_and_each_member_is_told(market: Market) -> None:
    with market.client() as client:
        item = publish(market, scene.FILMS, scene.REQUESTS)
        lead, helper = ids(market)
        token = market.signed_in(client, "需求方")
        teams = client.get(f"/items/{item}/teams").text
        form = client.get(f"/items/{item}/teams/ask?opc={lead}&opc={helper}").text
        sent = {"csrf_token": token, "offered": [lead, helper], "opc": [lead, helper], "message": "请组成联合体来谈"}
        one = client.post(f"/items/{item}/teams/ask", data={**sent, "opc": [lead], "message": ""})
        done = client.post(f"/items/{item}/teams/ask", data=sent)
        again = client.post(f"/items/{item}/teams/ask", data=sent)

    assert f'/items/{item}/teams/ask?opc={lead}&amp;opc={helper}"' in teams
    assert "邀请组成联合体" not in teams
    assert f"{scene.LEAD}（要点 1）、{scene.HELPER}（要点 2）" in form
    assert one.status_code == 422
    assert ("请至少勾选两家" in one.text, "请写明想请几家怎样合作" in one.text) == (True, True)
    assert [answer.headers["location"] for answer in (done, again)] == [f"/items/{item}?done=teamed"] * 2
    with market.installation.store.reading() as session:
        found = session.exec(select(Dealing).where(Dealing.item_id == item)).all()
    assert {(dealing.profile_id, dealing.opened_by) for dealing in found} == {(lead, Party.NEED), (helper, Party.NEED)}
    assert len(found) == 2


@SQLITE
def test_only_the_needs_own_people_ask_a_team(market: Market) -> None:
    with market.client() as client:
        item = publish(market, scene.FILMS, scene.REQUESTS)
        visitor = client.get(f"/items/{item}/teams/ask")
        market.signed_in(client, "OPC")
        foreign = client.get(f"/items/{item}/teams/ask")
    assert (visitor.status_code, foreign.status_code) == (303, 403)


def _plain(html: str) -> str:
    return html.replace("<mark>", "").replace("</mark>", "")
