"""Who fits a round among the experts of its pool: in which order they are shown, by which words, to whom, and to what end."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Final

from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.experts.rules.drawing import Wanted
from marketplace.experts.rules.facts import TieKind
from marketplace.experts.tables import PoolExpert
from marketplace.experts.words import ExpertState
from marketplace.kernel.db import Store
from marketplace.rounds.panels import draws, members
from marketplace.rounds.rules import draw_records
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID, make_person
from tests.marketplace.review_market import REVIEW, SEED
from tests.marketplace.round_market import Scene
from tests.web.round_stage import playing

TREES: Final = "园林病虫害防治三十年，行道树健康巡查、古树名木复壮、虫情测报。"
SAID: Final[Mapping[str, tuple[str, str]]] = {
    "丁仲衡": ("注册会计师", "政府投资项目审计、软件成本度量和预算评审。"),
    "沈知秋": ("副教授", "研究计算机视觉，做过道路病害识别、表面缺陷检测。"),
    "韩立群": ("园林绿化正高级工程师", TREES),
    "陆云舟": ("律师", "为行道树健康巡查、病虫害识别项目起草采购合同，处理知识产权纠纷。"),
    "顾明远": ("主任医师", "老年医学和慢病管理。"),
}


def write(store: Store, who: Actor, title: str, specialities: str) -> None:
    """Let somebody's entry say what it knows."""
    with store.writing() as session:
        row = session.exec(select(PoolExpert).where(PoolExpert.account_id == who.account_id)).one()
        row.title, row.specialities = title, specialities
        session.add(row)


def filled(store: Store, folder: Path) -> tuple[Scene, list[Actor], dict[str, Actor]]:
    """A round about trees in its review, its bidders, and a pool of several trades."""
    scene, bidders, _bids = market.in_review(store, folder, "木语视觉", "接线员工作室")
    people = {name: market.make_expert(store, name, email=f"z{n}@pingshen.cn") for n, name in enumerate(SAID)}
    for name, said in SAID.items():
        write(store, people[name], *said)
    return scene, bidders, people


def address(scene: Scene) -> str:
    return f"/rounds/{scene.round_id}/panel/candidates?track=t1"


def rows(page: str) -> list[tuple[str, str]]:
    """The names of the candidates who may be drawn, in the order of the page, each with how well it fits."""
    table = page.split('aria-label="可以抽取的专家"')[1].split("</table>", maxsplit=1)[0]
    found = re.findall(r'row-title">([^<]+)<.*?data-label="对口程度">(.*?)</td>', table, flags=re.DOTALL)
    return [(name, re.sub(r"<[^>]+>", "", badge).strip()) for name, badge in found]


def test_candidates_stand_by_how_well_they_fit_with_the_words_that_say_so(store: Store, tmp_path: Path) -> None:
    scene, _bidders, _people = filled(store, tmp_path)
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        page = stage.page(address(scene), scene.issuer)
        overseen = stage.page(address(scene), scene.table.organiser)

    assert rows(page)[0] == ("韩立群", "对口")
    # Whoever has nothing near stands last, by name and not by a score that says nothing.
    assert rows(page)[-2:] == [("丁仲衡", "无相近专长"), ("顾明远", "无相近专长")]
    assert rows(overseen) == rows(page)
    first = page.split('row-title">韩立群<')[1].split("</tr>")[0]
    assert "公告：<mark>行道树健康巡查</mark>揭榜挂帅" in first
    assert "专长：「园林病虫害防治三十年，<mark>行道树健康巡查</mark>、古树名木复壮、虫情测报」" in first
    assert re.search(r"回应公告 \d 处：[^<]*行道树", first)
    last = page.split('row-title">顾明远<')[1].split("</tr>")[0]
    assert "<mark>" not in last
    assert "回应公告" not in last
    assert "不影响谁列入抽取名单，也不影响抽取结果" in page


def test_an_entry_that_changed_is_ranked_by_its_new_words_at_once(store: Store, tmp_path: Path) -> None:
    scene, _bidders, people = filled(store, tmp_path)
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        before = dict(rows(stage.page(address(scene), scene.issuer)))
        write(store, people["顾明远"], "园艺师", TREES)
        write(store, people["韩立群"], "主任医师", "老年医学和慢病管理。")
        after = dict(rows(stage.page(address(scene), scene.issuer)))
        with store.writing() as session:
            gone = session.exec(select(PoolExpert).where(PoolExpert.account_id == people["顾明远"].account_id)).one()
            gone.state = ExpertState.PAUSED
            session.add(gone)
        later = dict(rows(stage.page(address(scene), scene.issuer)))

    assert (before["韩立群"], before["顾明远"]) == ("对口", "无相近专长")
    assert (after["韩立群"], after["顾明远"]) == ("无相近专长", "对口")
    assert later == {name: fit for name, fit in after.items() if name != "顾明远"}


def test_the_list_and_the_draw_know_nothing_of_who_fits(store: Store, tmp_path: Path) -> None:
    scene, _bidders, people = filled(store, tmp_path)
    fix = (scene.issuer, scene.round_id, "t1", [Wanted("", 3, 1)])
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        with store.writing() as session:
            first = draws.fix(session, *fix, seed=SEED, now=REVIEW, new_id=NEW_ID)
        stage.page(address(scene), scene.issuer)
        with store.writing() as session:
            draws.drop(session, scene.issuer, scene.round_id, first, reason="重来", now=REVIEW)
        for name, who in people.items():
            write(store, who, "园艺师" if name != "韩立群" else "律师", TREES if name != "韩立群" else "合同审查。")
        stage.page(address(scene), scene.issuer)
        with store.writing() as session:
            second = draws.fix(session, *fix, seed=SEED, now=REVIEW, new_id=NEW_ID)
        drawn = stage.post(
            f"/rounds/{scene.round_id}/panel/draws/{second}/draw", scene.table.organiser, words="3 5 6 1"
        )
        write(store, people["韩立群"], "园艺师", TREES)
        record = stage.get(f"/rounds/{scene.round_id}/panel/draws/{second}.json", scene.issuer).json()

    assert drawn.status_code == 303
    with store.reading() as session:
        one, other = (draws.get(session, scene.round_id, id_) for id_ in (first, second))
    assert (one.eligible, one.excluded, one.list_digest) == (other.eligible, other.excluded, other.list_digest)
    assert set(record["eligible"]) == set(one.eligible)
    assert draw_records.faults(record) == ()
    assert len(record["drawn"][0]["experts"]) == 3


def test_the_name_of_an_expert_says_nothing_of_what_it_knows(store: Store, tmp_path: Path) -> None:
    scene, _bidders, _people = filled(store, tmp_path)
    market.make_expert(store, "行道树健康巡查", email="z9@pingshen.cn")
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        page = stage.page(address(scene), scene.issuer)
    assert dict(rows(page))["行道树健康巡查"] == "无相近专长"
    assert "没有填写专长" in page


def test_who_fits_is_for_the_office_alone_and_rests_on_no_bid_and_no_contact(store: Store, tmp_path: Path) -> None:
    scene, bidders, people = filled(store, tmp_path)
    stranger = make_person(store, role=Role.ORGANISER, region="福建省/澄江市", email="waidi@example.com")
    hidden = market.make_expert(
        store,
        "葛树声",
        email="z8@pingshen.cn",
        ties=[(TieKind.EMPLOYED, "行道树健康巡查研究院")],
        phone="0591-88776655",
    )
    write(store, hidden, "主任医师", "老年医学和慢病管理。")
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        refused = [stage.get(address(scene), who).status_code for who in (*bidders, *people.values(), stranger, hidden)]
        page = stage.page(address(scene), scene.issuer)
        record = stage.page(f"/rounds/{scene.round_id}", bidders[0])

    assert set(refused) == {404}
    assert dict(rows(page))["葛树声"] == "无相近专长"
    assert "0591-88776655" not in page
    assert "行道树健康巡查研究院" not in page
    assert "对口" not in record


def test_who_is_named_by_hand_is_chosen_from_a_list_in_that_order(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path, pool=market.NAMES[:7], reserves=0)
    taken = {one.account_id for one in panel.experts.values()}
    with store.reading() as session:
        spare = [one for one in session.exec(select(PoolExpert)) if one.account_id not in taken]
    with store.writing() as session:
        row = session.get_one(PoolExpert, max(one.id for one in spare))
        row.title, row.specialities = "园艺师", TREES
        session.add(row)
    with store.writing() as session:
        members.decline(session, panel.expert(0), panel.scene.round_id, reason="出差", now=REVIEW, new_id=NEW_ID)
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        page = stage.page(address(panel.scene), panel.scene.issuer)
    options = re.findall(r"<option[^>]*>([^<]+)</option>", page.split('id="expert"')[1].split("</select>")[0])
    assert [one.split("（")[1] for one in map(unescape, options[1:])] == ["对口）", "无相近专长）"]
