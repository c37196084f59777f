"""The consensus on pages: sheets side by side, what the panel differs about, corrections, one more expert, the confirmation."""

import re
from html import unescape
from pathlib import Path

import pytest
from sqlmodel import select

from marketplace.kernel.db import Store
from marketplace.rounds.panels import inviting
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing import consensus
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sheet_tables import ReviewedBid
from marketplace.rounds.words import RoundState
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID, tamper
from tests.marketplace.review_market import REVIEW, Panel, marks
from tests.web.matrix import routes as route_table
from tests.web.review_stage import APART, MARKS, at, close, drawn, judging, own_sheets, went
from tests.web.round_stage import Stage


def code(store: Store, bid_id: str) -> str:
    """What a bid is called in the review."""
    with store.reading() as session:
        return session.get_one(ReviewedBid, bid_id).code


def state(store: Store, panel: Panel) -> RoundState:
    """Where the round stands."""
    with store.reading() as session:
        return session.get_one(Round, panel.scene.round_id).state


def section(page: str, number: str) -> str:
    """What a page says of one bid."""
    return page.partition(f'id="bid-{number}"')[2].partition("</section>")[0]


def test_before_the_review_is_over_nobody_sees_the_table(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        early = stage.get(at(panel, "/together"), panel.expert(0))
        close(store, panel, MARKS)
        people = (panel.reserve(0), panel.bidders[0], panel.scene.issuer, panel.scene.table.organiser)
        others = [
            stage.get(at(panel, f"/together{end}"), who).status_code for who in people for end in ("", "/confirm")
        ]
        away = stage.get(at(panel, "/together"))
    assert early.status_code == 403
    assert "各专家的评分表互不可见" in unescape(early.text)
    assert others == [404] * 8
    assert went(away).startswith("/sign-in?next=")


def test_every_sheet_stands_beside_the_others_with_what_came_of_them(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        close(store, panel, APART)
        number = code(store, panel.bids[0])
        said = section(stage.page(at(panel, "/together"), panel.expert(4)), number)
        plain = section(stage.page(at(panel, "/together"), panel.expert(4)), code(store, panel.bids[1]))
    # 34, 36, 35, 33, 10 and 48 more: mean 77.6; without the highest and the lowest (33 + 34 + 35) / 3 + 48 = 82.
    values = re.findall(r"<dd[^>]*>\s*([^<]+?)\s*</dd>", said)
    assert values[:4] == ["第 1 名", "82.00", "77.60", "82.00"]
    assert values[5] == "26.00"
    assert "分歧较大，请说明" in said
    assert said.count("<tr>") == 6
    assert "理由见方案。" in said
    assert "分歧较大" not in plain
    assert "更正我的分数" in said
    assert "/expert" not in said  # its chair leads


def test_a_difference_asks_for_a_word_before_the_chair_confirms(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        close(store, panel, APART)
        chair, number = panel.expert(0), code(store, panel.bids[0])
        asked = stage.page(at(panel, "/together/confirm"), chair)
        early = stage.post(at(panel, "/together/confirm"), chair)
        bare = stage.post(at(panel, f"/together/{number}/remarks"), panel.expert(4))
        text = {f"remark-{number}": "没有夜间的实测数据。"}
        to = went(stage.post(at(panel, f"/together/{number}/remarks"), panel.expert(4), **text))
        page, ready = stage.page(at(panel, "/together"), chair), stage.page(at(panel, "/together/confirm"), chair)
        others = [stage.get(at(panel, "/together/confirm"), panel.expert(2)).status_code]
        others += [stage.post(at(panel, "/together/confirm"), panel.expert(2)).status_code]
        done = went(stage.post(at(panel, "/together/confirm"), chair))
        over = stage.page(at(panel, "/together"), chair)
        late = stage.post(at(panel, f"/together/{number}/remarks"), chair, **text)
    assert "现在还不能确认" in asked
    assert early.status_code == 409
    assert bare.status_code == 422
    assert f'href="#remark-{number}"' in bare.text
    assert to == at(panel, f"/together?done=remarked#bid-{number}")
    assert "没有夜间的实测数据。" in section(page, number)
    assert "得分和名次固定成得分表" in ready
    assert others == [403, 403]
    assert done == at(panel, "?done=frozen")
    assert state(store, panel) is RoundState.DECISION
    assert "合议已经结束" in over
    assert "更正我的分数" not in over
    assert late.status_code == 409


def test_a_mark_is_corrected_by_its_own_expert_and_both_values_stay(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        close(store, panel, MARKS)
        number = code(store, panel.bids[0])
        path = at(panel, f"/together/{number}/corrections")
        bare = stage.post(path, panel.expert(1), **{f"criterion-{number}": "c1", f"points-{number}": "35"})
        wrong = stage.post(
            path, panel.expert(1), **{f"criterion-{number}": "c1", f"points-{number}": "41", f"why-{number}": "误写"}
        )
        given = {f"criterion-{number}": "c1", f"points-{number}": "35.5", f"why-{number}": "误写。"}
        to = went(stage.post(path, panel.expert(1), **given))
        said = section(stage.page(to, panel.expert(0)), number)
    assert (bare.status_code, wrong.status_code) == (422, 422)
    assert f'href="#why-{number}"' in bare.text
    assert f'href="#points-{number}"' in wrong.text
    assert '<del><span class="unseen">原为：</span>36</del>' in said
    assert '<ins><span class="unseen">改为：</span>35.5</ins>' in said
    assert "误写。" in said


def test_one_more_expert_is_asked_for_with_a_reason_by_who_leads(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        close(store, panel, APART)
        path = at(panel, f"/together/{code(store, panel.bids[0])}/expert")
        others = [stage.get(path, panel.expert(2)).status_code, stage.post(path, panel.expert(2)).status_code]
        asked, bare = stage.page(path, panel.expert(0)), stage.post(path, panel.expert(0))
        to = went(stage.post(path, panel.expert(0), reason="分歧太大。"))
        page = stage.page(to, panel.expert(0))
        none = stage.get(at(panel, "/together/99/expert"), panel.expert(0)).status_code
    assert others[0] == 403
    assert others[1] in {403, 422}
    assert "活动回到专家评审" in asked
    assert bare.status_code == 422
    assert "已提请增加一名专家" in page
    assert state(store, panel) is RoundState.REVIEW
    assert none == 403  # the table is closed again


def seated_apart(store: Store, panel: Panel) -> None:
    """Everybody declares; the chair has a conflict with the first bid, which the deputy leads."""
    for number in range(len(panel.drawn)):
        said = {panel.bids[0]: Said(Answer.CONFLICT, "曾任其顾问。")} if number == 0 else {}
        market.declare(store, panel, panel.expert(number), said)
    market.lead(store, panel)


def fill_the_gap(store: Store, panel: Panel) -> None:
    """A reserve judges the bid that the chair must not."""
    with store.writing() as session:
        inviting.call_reserve(
            session, panel.scene.issuer, panel.scene.round_id, panel.reserves[0], now=REVIEW, new_id=NEW_ID
        )
    market.declare(store, panel, panel.reserve(0))
    market.mark(store, panel, panel.reserve(0), panel.bids[0], marks(33))


def test_the_deputy_confirms_what_is_closed_to_the_chair(store: Store, tmp_path: Path) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        seated_apart(store, panel)
        mark_apart(store, panel)
        assert market.tick(store, panel) is RoundState.CONSENSUS
        chair, deputy, closed = panel.expert(0), panel.expert(1), code(store, panel.bids[0])
        page = stage.page(at(panel, "/together"), chair)
        gone = [stage.get(at(panel, f"/together/{closed}/expert"), chair).status_code]
        gone += [
            stage.post(at(panel, f"/together/{closed}/{end}"), chair).status_code for end in ("remarks", "corrections")
        ]
        first = went(stage.post(at(panel, "/together/confirm"), chair))
        speak(store, panel, panel.bids[0])
        own = stage.page(at(panel, "/together/confirm"), deputy)
        second = went(stage.post(at(panel, "/together/confirm"), deputy))
    assert f'id="bid-{closed}"' not in page
    assert gone == [404, 404, 404]
    assert first == at(panel, "/together?done=confirmed")
    assert own.count('class="row-title"') == 1
    assert second == at(panel, "?done=frozen")


def mark_apart(store: Store, panel: Panel) -> None:
    """Everybody hands in what is theirs; about the closed bid the panel differs."""
    for number in range(len(panel.drawn)):
        for at_bid, bid_id in enumerate(panel.bids):
            if (number, at_bid) != (0, 0):
                market.mark(store, panel, panel.expert(number), bid_id, marks(APART[number][at_bid]))
    fill_the_gap(store, panel)


def reading(stage: Stage, panel: Panel, who: object) -> dict[str, str]:
    """What every page of the review and the round answers to somebody, without what differs at each asking."""
    from marketplace.accounts.actors import Actor

    assert isinstance(who, Actor)
    every = [name.split(" ", 1) for name in route_table.table(stage.client.app)]
    paths = [path for method, path in every if method == "GET" and path.startswith(("/review", "/rounds/{round_id}"))]
    with stage.store.reading() as session:
        codes = list(session.exec(select(ReviewedBid.code).where(ReviewedBid.round_id == panel.scene.round_id)))
    own = [one.rsplit("/", maxsplit=1)[1] for one in own_sheets(stage, panel, who)]
    fills = {"{sheet_id}": own, "{code}": sorted(codes), "{bid_id}": list(panel.bids), "{number}": ["1"]}
    fills |= {"{suffix}": ["pdf"], "{round_id}": [panel.scene.round_id]}
    found: dict[str, str] = {}
    for path in paths:
        filled = [path]
        for name, values in fills.items():
            filled = [one.replace(name, value) for one in filled for value in (values if name in one else [""])]
        for one in filled:
            if "{" not in one:
                answer = stage.get(one, who)
                found[one] = f"{answer.status_code} {bare(answer.text)}"
    for one in ("/review", "/", "/messages", "/bids"):
        found[one] = bare(stage.get(one, who).text)
    return found


def bare(text: str) -> str:
    """An answer without its token and the number of its request."""
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", text)
    return re.sub(r'class="figures">[0-9a-f]{16}<', "", text)


@pytest.mark.parametrize("is_over", [False, True])
def test_to_a_chair_an_excused_bid_is_as_if_it_had_no_sheets(store: Store, tmp_path: Path, is_over: bool) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        seated_apart(store, panel)
        mark_apart(store, panel)
        closed, chair, number = panel.bids[0], panel.expert(0), code(store, panel.bids[0])
        if is_over:
            assert market.tick(store, panel) is RoundState.CONSENSUS
            speak(store, panel, closed)
        with_sheets = reading(stage, panel, chair)
        others = reading(stage, panel, panel.expert(1))
        never_judged(store, closed)
        without = reading(stage, panel, chair)
    assert len(with_sheets) > 15
    assert {one for one in with_sheets if with_sheets[one] != without.get(one)} == set()
    assert with_sheets == without
    assert (f'id="bid-{number}"' in others.get(at(panel, "/together"), "")) is is_over


def never_judged(store: Store, bid_id: str) -> None:
    """Make the twin: everything as it is, but that nobody has ever had a sheet for the bid."""
    of_bid = f"SELECT id FROM sheet WHERE bid_id = '{bid_id}'"
    tamper(
        store,
        f"DELETE FROM sheet_correction WHERE sheet_id IN ({of_bid})",
        f"DELETE FROM panel_remark WHERE bid_id = '{bid_id}'",
        f"DELETE FROM sheet WHERE bid_id = '{bid_id}'",
    )


def speak(store: Store, panel: Panel, bid_id: str) -> None:
    """Let somebody remark on a bid and correct a mark of it."""
    expert, round_id = panel.expert(4), panel.scene.round_id
    sheet_id = market.sheet_of(store, panel, expert, bid_id)
    with store.writing() as session:
        consensus.remark(session, expert, round_id, bid_id, text="没有实测数据。", now=REVIEW, new_id=NEW_ID)
        consensus.correct(
            session, expert, round_id, sheet_id, "c1", points="9", reason="误写。", now=REVIEW, new_id=NEW_ID
        )
