"""Objections on pages: filed by real name, handled with reasons and deadlines, appealed; read by those concerned alone."""

from collections.abc import Callable
from dataclasses import asdict

from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.rounds import waiting
from marketplace.rounds.deciding import reading
from marketplace.rounds.outcome_tables import Objection
from marketplace.rounds.outcome_words import ObjectionState, Remedy
from marketplace.rounds.waiting import Wait
from marketplace.rounds.words import RoundState
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.marketplace.outcome_acts import DECIDED, TOLD
from tests.marketplace.round_acts import DAY
from tests.web.outcome_stage import (  # noqa: F401 - fixtures
    ENDS,
    Make,
    Play,
    begin,
    decided,
    outcome_copies,
    published,
)
from tests.web.pages import said

Begin = Callable[[Make], Play]
ANSWER = "经核查营业执照原件，住所在福建省福州市。"


def filed(play: Play, who: Actor) -> str:
    """File an objection on its page; gives the address of its page."""
    answer = play.stage.post(f"{play.made.base}/objections", who, **asdict(TOLD))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).removesuffix("?done=filed")


def state(play: Play) -> ObjectionState:
    """Where the one objection stands."""
    with play.store.reading() as session:
        return session.exec(select(Objection)).one().state


def waits(play: Play, who: Actor) -> tuple[Wait, ...]:
    """What waits for somebody."""
    with play.store.reading() as session:
        return waiting.of(session, who, [play.panel.scene.round_id]).get(play.panel.scene.round_id, ())


def test_an_objection_is_filed_taken_looked_into_and_answered(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    stage, filer, handler = play.stage, play.panel.bidders[1], play.made.handler
    form = stage.page(f"{play.made.base}/objections/new", filer)
    for told in ("谁可以提出", "2026年12月18日（周五）24:00", "匿名的不受理", 'value="何一人"'):
        assert told in form, told
    at = filed(play, filer)
    own = stage.page(at, filer)
    assert "2026年12月16日（周三）24:00" in own
    assert "已提交，待受理" in own
    assert Wait.RESULT_OBJECTION in waits(play, handler)
    assert "第 1 号：拟中选方不满足注册地条件。" in stage.page(f"{play.made.base}/objections", handler)
    assert stage.post(f"{at}/take", handler).headers["location"] == f"{at}?done=taken"
    assert "2026年12月22日（周二）24:00" in stage.page(at, filer)
    assert stage.post(f"{at}/investigate", handler).status_code == 303
    assert stage.post(f"{at}/extend", handler, reason="").status_code == 422
    assert stage.post(f"{at}/extend", handler, reason="需要调档。").status_code == 303
    assert "需要调档。" in stage.page(at, filer)
    assert stage.post(f"{at}/extend", handler, reason="再延。").status_code == 409
    silent = stage.post(f"{at}/decide", handler, event="", answer=ANSWER)
    assert silent.status_code == 422
    assert ANSWER in silent.text
    bare = stage.post(f"{at}/decide", handler, event="uphold", answer=ANSWER)
    assert 'id="remedy-error"' in bare.text
    none = stage.post(f"{at}/decide", handler, event="uphold", answer=ANSWER, remedy="review_again")
    assert 'id="bids-error"' in none.text
    decided_now = stage.post(f"{at}/decide", handler, event="dismiss", answer=ANSWER)
    assert decided_now.headers["location"] == f"{at}?done=decided"
    page = stage.page(at, filer)
    assert "异议不成立。" in page
    assert ANSWER in page
    assert "2026年12月18日（周五）24:00（北京时间）前向监督部门申诉" in page
    assert waits(play, handler) == ()


def test_what_is_missing_is_named_and_what_was_typed_comes_back(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    answer = play.stage.post(f"{play.made.base}/objections", play.panel.bidders[1], what="注册地不符")
    assert answer.status_code == 422
    for name in ("name", "phone", "rule", "evidence", "wanted"):
        assert f'id="{name}-error"' in answer.text
    assert "注册地不符" in answer.text
    filed(play, play.panel.bidders[1])
    twice = play.stage.post(f"{play.made.base}/objections", play.panel.bidders[1], **asdict(TOLD))
    assert (twice.status_code, "您已有一项异议正在办理" in twice.text) == (409, True)
    play.stage.now = ENDS
    late = play.stage.post(f"{play.made.base}/objections", play.panel.bidders[2], **asdict(TOLD))
    assert (late.status_code, "公示期已满" in late.text) == (409, True)


def test_an_objection_that_is_not_taken_names_its_ground_and_may_be_appealed(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    stage, filer, handler, supervisor = play.stage, play.panel.bidders[1], play.made.handler, play.made.supervisor
    at = filed(play, filer)
    assert 'id="ground-error"' in stage.post(f"{at}/refuse", handler, refusal="没有证据。").text
    assert 'id="refusal-error"' in stage.post(f"{at}/refuse", handler, ground="no_evidence").text
    assert stage.post(f"{at}/refuse", handler, ground="no_evidence", refusal="没有证据。").status_code == 303
    page = stage.page(at, filer)
    assert "不予受理：没有提供事实依据。" in page
    assert stage.get(f"{at}/acknowledgement", filer).status_code == 404
    assert stage.post(f"{at}/appeal", filer, text=" ").status_code == 422
    assert stage.post(f"{at}/appeal", filer, text="证据来源已经说明。").status_code == 303
    assert waits(play, supervisor) == (Wait.APPEAL,)
    assert "证据来源已经说明。" in stage.page(at, supervisor)
    assert stage.post(f"{at}/decide", handler, event="confirm", answer="维持。").status_code == 422
    assert stage.post(f"{at}/decide", supervisor, event="dismiss", answer="维持。").status_code == 422
    assert stage.post(f"{at}/decide", supervisor, event="confirm", answer="维持原答复。").status_code == 303
    assert state(play) is ObjectionState.FINAL
    assert "维持原答复" in said(stage.get(f"{at}/answer.docx", filer))


def test_an_upheld_objection_is_brought_about_by_the_supervisor_who_sees_what_that_does(
    begin: Begin,  # noqa: F811
) -> None:
    play = begin(published)
    stage, handler, supervisor, bids = play.stage, play.made.handler, play.made.supervisor, play.panel.bids
    at = filed(play, play.panel.bidders[1])
    stage.post(f"{at}/take", handler)
    upheld = {"event": "uphold", "answer": ANSWER, "remedy": Remedy.REVIEW_AGAIN.value, "bids": bids[0]}
    assert stage.post(f"{at}/decide", handler, **upheld).status_code == 303
    assert waits(play, supervisor) == (Wait.REMEDY,)
    page = stage.page(f"{play.made.base}/remedy", supervisor)
    for told in ("第 1 次结果公示撤回", "由没有评审过它们的专家重新评审：木语视觉", "能否撤回"):
        assert told in page, told
    assert "何一人" not in page.split("<main")[1]
    for person in (handler, play.panel.scene.issuer):
        assert stage.get(f"{play.made.base}/remedy", person).status_code == 403
        assert stage.post(f"{play.made.base}/remedy", person, reason="落实。").status_code == 403
    assert stage.post(f"{play.made.base}/remedy", supervisor, reason="").status_code == 422
    done = stage.post(f"{play.made.base}/remedy", supervisor, reason="第 1 号异议成立，另请专家评审。")
    assert done.headers["location"] == f"{play.made.base}/objections?done=review"
    assert (play.state(), state(play)) == (RoundState.REVIEW, ObjectionState.IMPLEMENTED)
    assert stage.post(f"{play.made.base}/remedy", supervisor, reason="再来。").status_code == 409


def test_the_papers_say_the_same_in_every_form_and_go_to_filer_handler_and_supervisor(
    begin: Begin,  # noqa: F811
) -> None:
    play = begin(published)
    stage, filer = play.stage, play.panel.bidders[1]
    at = filed(play, filer)
    stage.post(f"{at}/take", play.made.handler)
    stage.post(f"{at}/decide", play.made.handler, event="dismiss", answer=ANSWER)
    wanted = {
        "acknowledgement": ("异议受理通知书", "现予受理", TOLD.what, TOLD.evidence, "2026年12月22日（周二）24:00"),
        "answer": ("异议答复书", "异议不成立", ANSWER, "2026年12月18日（周五）24:00"),
    }
    for name, told in wanted.items():
        for who in (filer, play.made.handler, play.made.supervisor):
            page = stage.page(f"{at}/{name}", who)
            assert all(one in page for one in told), name
        for suffix in ("docx", "pdf"):
            text = "".join(said(stage.get(f"{at}/{name}.{suffix}", filer)).split())
            assert all("".join(one.split()) in text for one in told), (name, suffix)
        # The office reads the objection and its answer on the page; the papers are not its own.
        assert stage.get(f"{at}/{name}", play.panel.scene.table.organiser).status_code == 404
    assert stage.get(f"{at}/anything", filer).status_code == 404


def test_nobody_but_those_concerned_reads_an_objection(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    stage, filer = play.stage, play.panel.bidders[1]
    at = filed(play, filer)
    for person in (filer, play.made.handler, play.made.supervisor, play.panel.scene.table.organiser):
        assert TOLD.evidence in stage.page(at, person)
    outside = (play.panel.bidders[0], play.panel.bidders[2], play.panel.expert(0), play.panel.scene.issuer)
    for person in outside:
        assert stage.get(at, person).status_code == 404, person.name
        assert stage.get(f"{play.made.base}/objections", person).status_code == 404, person.name
        for act in ("take", "refuse", "investigate", "extend", "decide", "withdraw", "appeal"):
            assert stage.post(f"{at}/{act}", person).status_code == 404, (person.name, act)
        assert TOLD.evidence not in stage.page(f"{play.made.base}/result", person)
    assert stage.get(at).headers["location"].startswith("/sign-in")
    assert stage.get(at.replace(play.panel.scene.round_id, "k1bxpryac8tts623"), filer).status_code == 404
    assert "何一人" not in stage.page(f"{play.made.base}/result")


def test_the_filer_withdraws_and_the_award_is_no_longer_blocked(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    at = filed(play, play.panel.bidders[1])
    assert market.tick(play.store, play.panel, now=ENDS) is RoundState.PUBLICITY
    assert play.stage.post(f"{at}/withdraw", play.made.handler).status_code == 404
    assert play.stage.post(f"{at}/withdraw", play.panel.bidders[1]).status_code == 303
    assert market.tick(play.store, play.panel, now=ENDS) is RoundState.AWARDED


def test_a_handler_keeps_out_of_its_own_objection_and_late_ones_are_marked(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    stage, handler = play.stage, play.made.handler
    at = filed(play, handler)
    assert "您应当回避" in stage.page(at, handler)
    refused = stage.post(f"{at}/take", handler)
    assert (refused.status_code, "自己提出这项异议" in refused.text) == (409, True)
    stage.now = DECIDED + 5 * DAY
    assert "已逾期" in stage.page(f"{play.made.base}/objections", play.made.supervisor)


def test_the_numbers_count_each_objection_once(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    ids = [acts.object_to(play.store, play.panel, who) for who in play.panel.bidders]
    acts.take(play.store, play.panel, ids[0])
    with play.store.reading() as session:
        found = reading.statistics(session, play.panel.scene.round_id)
    assert (found.filed, found.is_open, found.refused, found.upheld, found.dismissed) == (3, 3, 0, 0, 0)


PDF = b"%PDF-1.4\n% evidence"


def test_evidence_is_handed_in_with_an_objection_and_read_by_those_who_read_it(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    stage, filer, handler = play.stage, play.panel.bidders[1], play.made.handler
    files = [("files", ("营业执照.pdf", PDF)), ("files", ("现场.png", b"\x89PNG\r\n\x1a\n"))]
    answer = stage.upload(f"{play.made.base}/objections", filer, files, **asdict(TOLD))
    assert answer.status_code == 303, answer.text
    at = str(answer.headers["location"]).removesuffix("?done=filed")
    for reader in (filer, handler, play.made.supervisor):
        page = stage.page(at, reader)
        assert "营业执照.pdf" in page
        taken = stage.get(f"{at}/files/1", reader)
        assert (taken.content, taken.headers["content-type"]) == (PDF, "application/pdf")
        assert taken.headers["content-disposition"].startswith("attachment")
    for stranger in (play.panel.bidders[2], play.panel.expert(0)):
        assert stage.get(f"{at}/files/1", stranger).status_code == 404
    assert [stage.get(f"{at}/files/{number}", filer).status_code for number in ("0", "3", "x")] == [404] * 3
    stage.post(f"{at}/take", handler)
    assert "营业执照.pdf；现场.png" in stage.page(f"{at}/acknowledgement", filer)


def test_evidence_that_is_not_sound_is_refused_and_nothing_is_filed(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    stage, filer = play.stage, play.panel.bidders[1]
    said = asdict(TOLD)
    wrong = stage.upload(f"{play.made.base}/objections", filer, [("files", ("录音.mp3", b"ID3"))], **said)
    many = stage.upload(
        f"{play.made.base}/objections", filer, [("files", (f"{n}.pdf", PDF + bytes([n]))) for n in range(6)], **said
    )
    for answer in (wrong, many):
        assert answer.status_code == 422
        assert 'id="files-error"' in answer.text
        assert said["what"] in answer.text
    with play.store.reading() as session:
        assert session.exec(select(Objection)).all() == []
