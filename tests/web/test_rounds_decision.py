"""The decision on pages: the ranking, the form that begins with it, what would follow, two who agree or differ."""

from collections.abc import Callable, Mapping

from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.rounds import waiting
from marketplace.rounds.deciding import decisions
from marketplace.rounds.deciding.decisions import Deciding
from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.rules.deciding import Pick
from marketplace.rounds.sheet_tables import ScoreTable
from marketplace.rounds.waiting import Wait
from marketplace.rounds.words import RoundState
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.web.outcome_stage import Make, Play, awarded, begin, decided, outcome_copies  # noqa: F401 - fixtures
from tests.web.pages import said
from web.pages.rounds import decision_form

NOTE = "12月12日集体研究，五人参加，一致同意。"
Begin = Callable[[Make], Play]


def page_of(play: Play, who: Actor) -> Deciding:
    """The decision as somebody finds it."""
    with play.store.reading() as session:
        return decisions.get(session, who, play.panel.scene.round_id)


def form_of(play: Play, picks: Mapping[str, Pick] | None = None, *, note: str = NOTE) -> dict[str, str]:
    """The form of a decision; without picks as the ranking says."""
    page = page_of(play, play.made.deciders[0])
    filled = decision_form.filled(page.proposed if picks is None else picks, note=note)
    return {**filled, "kind": "picks", "scores": page.ranking.digest}


def swapped(play: Play, reason: str) -> dict[str, Pick]:
    """The second wins, with a reason or without."""
    first, third, second = play.panel.bids
    return {
        first: Pick(Outcome.RESERVE, 1),
        second: Pick(Outcome.PROPOSE, 1, reason),
        third: Pick(Outcome.RESERVE, 2),
    }


def test_the_form_begins_with_the_ranking_and_two_alike_make_it_public(begin: Begin) -> None:  # noqa: F811
    play = begin(decided)
    one, other = play.made.deciders
    at, stage = f"{play.made.base}/decision", play.stage
    page = stage.page(at, one)
    for told in ("木语视觉", "83.00", "78.33", "75.00", "86.5 万元", "最多 1 家中选、2 家候补"):
        assert told in page, told
    assert f'id="pick-{play.panel.bids[0]}-propose" name="pick-{play.panel.bids[0]}"' in " ".join(page.split())
    shown = stage.post(f"{at}/check", one, **form_of(play))
    assert shown.status_code == 200
    assert "2026年12月18日（周五）24:00" in shown.text
    assert "3 份申报的单位" in shown.text
    assert play.state() is RoundState.DECISION
    first = stage.post(at, one, **form_of(play))
    assert first.headers["location"] == f"{at}?done=decided"
    assert "等待另一名决定人" in stage.page(at, one)
    second = stage.post(at, other, **form_of(play))
    assert second.headers["location"] == f"{play.made.base}/result?done=published"
    assert play.state() is RoundState.PUBLICITY


def test_what_one_decided_is_not_told_to_the_other_before_that_one_decides(begin: Begin) -> None:  # noqa: F811
    play = begin(decided)
    one, other = play.made.deciders
    at, stage = f"{play.made.base}/decision", play.stage
    acts.decide(play.store, play.panel, one, swapped(play, "第一名的维护条件不可接受。"))
    assert "决定一已作出决定" in stage.page(at, other)
    assert "维护条件" not in stage.page(at, other)
    office = stage.page(at, play.panel.scene.table.organiser)
    assert "候补 1：木语视觉" in office
    stage.post(at, other, **form_of(play))
    for who in (one, other):
        differing = stage.page(at, who)
        assert "两名决定人的决定不一致" in differing
        assert "决定一：候补第 1" in differing
        assert "决定二：拟中选第 1" in differing
        # The third is decided alike by both, and is not among what they have to talk about.
        assert differing.count("决定二：候补第 2") == 0
    assert play.state() is RoundState.DECISION


def test_what_is_wrong_is_named_at_its_field_and_what_was_typed_comes_back(begin: Begin) -> None:  # noqa: F811
    play = begin(decided)
    (one, _other), stage, (first, third, second) = play.made.deciders, play.stage, play.panel.bids
    at = f"{play.made.base}/decision"
    unexplained = stage.post(f"{at}/check", one, **form_of(play, swapped(play, ""), note=" "))
    assert unexplained.status_code == 422
    for told in (f'id="reason-{second}-error"', 'id="note-error"', "云上园林：没有按排名", "须写明理由"):
        assert told in unexplained.text, told
    two = {**swapped(play, "经研究。"), first: Pick(Outcome.PROPOSE, 2)}
    many = stage.post(at, one, **form_of(play, two))
    assert many.status_code == 422
    assert "拟中选最多 1 家，现在有 2 家。" in many.text
    assert "经研究。" in many.text
    blank = {**form_of(play), f"pick-{third}": "", f"order-{first}": "一"}
    unread = stage.post(at, one, **blank)
    assert unread.status_code == 422
    assert f'id="pick-{third}-error"' in unread.text
    assert f'id="pick-{first}-error"' in unread.text
    assert NOTE in unread.text
    stale = stage.post(at, one, **{**form_of(play), "scores": "0" * 64})
    assert stale.status_code == 409
    assert "得分有变化" in stale.text
    assert NOTE in stale.text
    assert page_of(play, one).made == ()


def test_two_decide_that_nobody_wins_and_the_page_says_why_afterwards(begin: Begin) -> None:  # noqa: F811
    play = begin(decided)
    at, stage = f"{play.made.base}/decision", play.stage
    empty = stage.post(f"{at}/check", play.made.deciders[0], kind="nobody", nobody="")
    assert empty.status_code == 422
    assert 'id="nobody-error"' in empty.text
    form = {"kind": "nobody", "nobody": "三份方案均未解决夜间识别。"}
    shown = stage.post(f"{at}/check", play.made.deciders[0], **form)
    assert "提交流榜决定" in shown.text
    for person in play.made.deciders:
        answer = stage.post(at, person, **form)
    assert answer.headers["location"] == f"{at}?done=failed"
    assert play.state() is RoundState.FAILED
    assert "三份方案均未解决夜间识别。" in stage.page(at, play.made.supervisor)
    public = stage.page(play.made.base)
    assert "三份方案均未解决夜间识别。" in public
    assert "没有开启" not in public
    own = stage.page(f"/bids/{play.panel.bids[0]}", play.panel.bidders[0])
    assert "流榜，没有申报入选" in own
    assert "三份方案均未解决夜间识别。" in own


def test_others_look_or_are_kept_out(begin: Begin) -> None:  # noqa: F811
    play = begin(decided)
    at, stage = f"{play.made.base}/decision", play.stage
    for person in (play.panel.scene.table.organiser, play.panel.scene.issuer, play.made.supervisor):
        assert "核对后提交" not in stage.page(at, person)
        assert stage.post(at, person, **form_of(play)).status_code == 403
    for person in (play.panel.bidders[0], play.panel.expert(0)):
        assert stage.get(at, person).status_code == 404
        assert stage.post(at, person, **form_of(play)).status_code == 404
        assert stage.post(f"{at}/check", person, **form_of(play)).status_code == 404
    assert stage.get(at).headers["location"].startswith("/sign-in")


def test_the_ranking_is_whole_after_the_award_as_well(begin: Begin) -> None:  # noqa: F811
    play = begin(awarded)
    page = page_of(play, play.made.deciders[0])
    assert [(one.place, one.score) for one in page.ranking.standings] == [(1, "83.00"), (2, "78.33"), (3, "75.00")]
    assert len([one for one in page.made if len(one.picks) == len(page.ranking.standings)]) == len(play.made.deciders)


def test_a_decision_waits_for_each_decider_until_both_agree(begin: Begin) -> None:  # noqa: F811
    play = begin(decided)
    one, other = play.made.deciders

    def waits(who: Actor) -> bool:
        with play.store.reading() as session:
            found = waiting.of(session, who, [play.panel.scene.round_id])
        return Wait.DECIDE in found.get(play.panel.scene.round_id, ())

    assert (waits(one), waits(other), waits(play.made.handler)) == (True, True, False)
    assert "等您集体研究后决定" in play.stage.page("/rounds/mine", one)
    acts.decide(play.store, play.panel, one)
    assert (waits(one), waits(other)) == (False, True)
    acts.decide(play.store, play.panel, other, swapped(play, "第一名的维护条件不可接受。"))
    assert (waits(one), waits(other)) == (True, True)
    acts.decide(play.store, play.panel, other)
    assert (waits(one), waits(other)) == (False, False)


def test_scores_that_changed_void_what_was_looked_at(begin: Begin) -> None:  # noqa: F811
    play = begin(decided)
    form = form_of(play)
    with play.store.writing() as session:
        table = session.exec(select(ScoreTable)).one()
        table.digest = "f" * 64
        session.add(table)
    answer = play.stage.post(f"{play.made.base}/decision", play.made.deciders[0], **form)
    assert (answer.status_code, "得分有变化" in answer.text) == (409, True)
    assert market.bid_states(play.store, play.panel) == ["scored"] * 3
    assert said(answer).count("得分有变化") == 1
