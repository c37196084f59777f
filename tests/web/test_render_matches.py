"""The pages about matches rendered with hostile words in every place: none comes out as mark-up, each state says what it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from marketplace.dealings.teams.views import MemberView, TeamCard, TeamPage
from marketplace.dealings.words import Place
from marketplace.kernel.paging import Page
from marketplace.lists.supplying import Scope
from marketplace.rounds.joint import JointRound
from tests.web.test_render_pages import HOSTILE, SIGNED_IN, make_card, make_frame, make_item
from web.pages import render
from web.pages.dealings import words as dealing_words
from web.pages.matches.abreast import Abreast, Column, Row
from web.pages.matches.answers import Answer, Point
from web.pages.matches.asking import Asked, Asking
from web.pages.matches.partners import Gap, Invitee, Proposal
from web.pages.matches.raising import Standing, Supposed
from web.pages.matches.teaming import Reader
from web.pages.matches.together import Member, Share, Together
from web.pages.matches.trying import Asks, Tried
from web.pages.supply import tables
from web.supply import Best, Line, Matrix, Progress

POINT = Point(HOSTILE, 1, HOSTILE, "skills[0]", (HOSTILE,))
ANSWER = Answer(
    HOSTILE, "/opcs/p1", HOSTILE, 71.0, "strong", (POINT,), (), (HOSTILE,), unfolded=True, remarks=(HOSTILE,)
)
BARRED = replace(ANSWER, verdict="blocked", blockers=(HOSTILE,), team_lifts=True)
BEST = Best("p1", 99.9, "strong", 1, 2, HOSTILE)
LINES = (Line("k1", HOSTILE, (BEST, replace(BEST, verdict="blocked"))), Line("k2", "", ()))
STANDING = Standing(ANSWER, (HOSTILE,), (Supposed((HOSTILE,), 80.0, "strong"), Supposed((HOSTILE, "二"), 81.0, "none")))
TRIED = {"compared": 75, "most_title": 100, "most_text": 4000, "errors": {}, "reads_lexicon": True}


def shown(made: Matrix | None, **more: Any) -> dict[str, Any]:
    """What the page of a matrix is given."""
    rows = [
        tables.Row(make_card(title=HOSTILE), "strong", (tables.Named(HOSTILE, BEST),)),
        tables.Row(make_card(title=HOSTILE), "none", ()),
    ]
    said: dict[str, Any] = {
        "scope": Scope("福建省/临川市", "e3"),
        "address": "/editions/e3/supply",
        "title": HOSTILE,
        "made": made,
        "found": Page(rows if made else [], 2, 1, 50),
        "is_stale": True,
        "is_asked": False,
        "progress": None,
        "counts": tables.counts(LINES),
        "sectors": tables.sectors(LINES),
        "verdicts": tables.VERDICTS,
        "asked": tables.Asked(),
        "query": {"verdict": "", "sector": HOSTILE},
        "size": 50,
    }
    return {**said, **more}


MATRIX = Matrix(datetime(2026, 12, 1, tzinfo=UTC), 1, LINES)
COMPARED = Abreast(
    (Column(ANSWER, HOSTILE, HOSTILE, HOSTILE, HOSTILE), Column(BARRED, HOSTILE, HOSTILE, HOSTILE, HOSTILE)),
    (
        Row(HOSTILE, 1, is_core=False, cells=(POINT, None)),
        Row(HOSTILE, None, is_core=True, cells=(Point(HOSTILE), POINT)),
    ),
    1,
)
OWN, OTHER = (Member(key, HOSTILE, f"/opcs/{key}", HOSTILE, (HOSTILE,), is_own=key == "p1") for key in ("p1", "p2"))
TEAM = Together(
    (OWN, OTHER), (Share(POINT, OWN), Share(replace(POINT, number=2), OTHER), Share(Point(HOSTILE, 3), None))
)
ROUND = JointRound("r1", HOSTILE, datetime(2026, 12, 9, tzinfo=UTC), 3, None)
CARD = TeamCard(
    "t1", HOSTILE, "p1", HOSTILE, "i1", HOSTILE, 1, 1, datetime(2026, 12, 1, tzinfo=UTC), None, Place.INVITED
)
READER = Reader("i1", "p1", may_found=True, rounds=(ROUND, replace(ROUND, draft_id="b1")))
UNIT = Reader("i1", may_ask_all=True)
SUPPOSED = Proposal(
    (Invitee(OTHER, TEAM.shares[1:2], HOSTILE), Invitee(OTHER, (), "")), TEAM.shares[:1], HOSTILE, TEAM.open
)
FOUNDING = {
    "item": make_card(title=HOSTILE),
    "reader": READER,
    "found": (),
    "gaps": None,
    "proposal": None,
    "filled": None,
    "errors": {},
}
GAPS = (Gap(1, HOSTILE, ANSWER, POINT), Gap(2, HOSTILE, None, None))
SEAT = MemberView("p1", HOSTILE, HOSTILE, Place.INVITED, HOSTILE, datetime(2026, 12, 1, tzinfo=UTC), None)
IN_TEAM = TeamPage(CARD, HOSTILE, 1, (SEAT,), "p1", may_lead=False, may_answer=True, most_partners=3)
TEAMS = {"item": make_item(), "found": (TEAM, TEAM, TEAM), "reader": READER, "unfolded": 2}
ASK = {"item": make_item(), "ticked": ["p1"], "text": HOSTILE, "errors": {}}
PAGES: dict[str, tuple[str, Mapping[str, Any], str]] = {
    "try": ("trying/show.html", {**TRIED, "tried": Tried(Asks.NEED, HOSTILE, HOSTILE), "answers": (ANSWER, BARRED)}, "匹配的 OPC"),
    "try-none": ("trying/show.html", {**TRIED, "tried": Tried(Asks.ABILITY), "answers": ()}, "暂无合适需求"),
    "try-wrong": ("trying/show.html", {**TRIED, "tried": Tried(), "answers": None, "errors": {"text": HOSTILE}}, "不保存"),
    "compare": ("items/compare.html", {"item": make_item(), "problem": "", "found": COMPARED, "most": 4}, "1 家没有列出"),
    "compare-wrong": ("items/compare.html", {"item": make_item(), "problem": HOSTILE, "found": None, "most": 4}, "还不能比较"),
    "one": ("opportunities/one.html", {"item": make_item(), "standing": STANDING}, "请只写做过的事"),
    "one-blocked": ("opportunities/one.html", {"item": make_item(), "standing": Standing(BARRED, (HOSTILE,), ())}, "不会改变结论"),
    "one-none": ("opportunities/one.html", {"item": make_item(), "standing": None}, "还没有可以比对的能力画像"),
    "teams": ("items/teams.html", TEAMS, "其余 1 个组合"),
    "teams-part": ("items/_teams.html", TEAMS, "3 个组合"),
    "teams-rounds": ("items/teams.html", TEAMS, "到您的申报里邀请成员"),
    "teams-led": ("items/teams.html", {**TEAMS, "reader": replace(READER, led=CARD)}, "请到那里邀请伙伴"),
    "teams-unit": ("items/teams.html", {**TEAMS, "reader": UNIT}, "请这几家组队"),
    "teams-none": ("items/teams.html", {**TEAMS, "found": ()}, "没有可以推荐的组合"),
    "ask": ("items/ask_team.html", {**ASK, "found": Asking((Asked(OWN, TEAM.shares[:1], None),), TEAM, "")}, "请哪几家"),
    "ask-wrong": ("items/ask_team.html", {**ASK, "found": Asking((Asked(OTHER, (), None),), TEAM, ""), "errors": {"opc": HOSTILE, "message": HOSTILE}}, "附言"),
    "ask-none": ("items/ask_team.html", {**ASK, "found": Asking((), TEAM, "")}, "还没有选定要请的几家"),
    "team-new": ("teams/new.html", {**FOUNDING, "proposal": SUPPOSED}, "仍有 1 条要点没有人承接"),
    "team-new-wrong": ("teams/new.html", {**FOUNDING, "proposal": SUPPOSED, "filled": {"ask-p2": "yes", "work-p2": HOSTILE, "name": HOSTILE}, "errors": {"work-p2": HOSTILE, "name": HOSTILE}}, "重新选择伙伴"),
    "team-new-teams": ("teams/new.html", {**FOUNDING, "found": (TEAM,)}, "可以和谁一起承接"),
    "team-new-gaps": ("teams/new.html", {**FOUNDING, "gaps": GAPS}, "邀请这一家"),
    "team": ("teams/show.html", {"team": IN_TEAM, "dealings": (), "shares": TEAM, "words": dealing_words, "filled": {}, "errors": {}}, "2 / 3 条有人承接"),
    "supply": ("supply/show.html", shown(MATRIX), "比对之后市场有变化"),
    "supply-blank": ("supply/show.html", shown(None), "还没有比对过"),
    "supply-asked": ("supply/show.html", shown(None, is_asked=True, progress=Progress(20, 1000)), "已比对 20 条，共 1000 条"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("signed_in", [None, SIGNED_IN])
def test_render_page_shows_nothing_untrusted_as_mark_up(name: str, signed_in: Any) -> None:
    template, context, said = PAGES[name]
    html = render.environment().get_template(template).render(frame=make_frame(signed_in=signed_in), **context)
    assert (HOSTILE in html, " style=" in html, " onclick" in html) == (False, False, False)
    assert said in html


def test_render_one_says_when_even_everything_would_not_do() -> None:
    nothing = replace(STANDING, supposed=(Supposed(("甲",), 3.0, "none"),))
    template = render.environment().get_template("opportunities/one.html")
    pages = [template.render(frame=make_frame(), item=make_item(), standing=one) for one in (STANDING, nothing)]
    assert ["仍达不到可以推荐的程度" in page for page in pages] == [False, True]


def test_render_shows_no_certain_score() -> None:
    html = render.environment().get_template("supply/show.html").render(frame=make_frame(), **shown(MATRIX))
    assert "99 分" in html
    assert "100 分" not in html
