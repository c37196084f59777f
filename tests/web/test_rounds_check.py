"""The formal check on pages: condition by condition, two checkers alike, correction, objection, files, the way on."""

from datetime import timedelta
from html import unescape

from sqlmodel import select

from marketplace.accounts.joining import memberships
from marketplace.accounts.words import Role, Standing
from marketplace.kernel.tables import AuditEvent
from marketplace.rounds import opening
from marketplace.rounds.seal_tables import RoundSeal
from marketplace.rounds.sealing import age
from marketplace.rounds.words import BidState, Post, RoundState
from tests.marketplace import round_market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_market import DEADLINE
from tests.web.bid_stage import FIELDS, PDF, PLAN, Person, Stage, stage  # noqa: F401 - a fixture

HOUR = timedelta(hours=1)
REJECTED = {"verdict": "no", "condition": "c1", "reason": "注册地不在福建省"}


def open_bids(stage: Stage) -> None:  # noqa: F811
    """The deadline passes and two holders open."""
    stage.clock.now = DEADLINE
    round_market.tick(stage.store, stage.scene, now=DEADLINE)
    stage.clock.now = DEADLINE + HOUR
    for post in (Post.OPENER_A, Post.KEEPER):
        with stage.store.writing() as session:
            opening.turn(
                session,
                stage.scene.posts[post],
                stage.round_id,
                stage.scene.identities[post],
                files=stage.installation.files,
                now=stage.clock.now,
                new_id=NEW_ID,
            )


def checkers(stage: Stage) -> tuple[Person, Person]:  # noqa: F811
    """Both checkers at their browsers."""
    first, second = stage.scene.checkers
    return stage.enter(first), stage.enter(second)


def at(stage: Stage, bid_id: str = "") -> str:  # noqa: F811
    """The address of the check, or of a bid in it."""
    return f"/rounds/{stage.round_id}/check" + (f"/{bid_id}" if bid_id else "")


def test_two_checkers_alike_and_the_round_goes_on(stage: Stage) -> None:  # noqa: F811
    _actor, _person, bid_id = stage.hand_in()
    open_bids(stage)
    first, second = checkers(stage)
    page = first.read(at(stage, bid_id))
    blocked = first.read(at(stage))
    found = first.post(
        f"{at(stage, bid_id)}/findings",
        {"met-c1": "yes", "evidence-c1": "营业执照在列", "met-c2": "no", "evidence-c2": ""},
    )
    kept = first.post(
        f"{at(stage, bid_id)}/findings", {"met-c1": "yes", "evidence-c1": "营业执照在列", "met-c2": "yes"}
    )
    states = []
    for checker in (first, second):
        assert checker.post(f"{at(stage, bid_id)}/verdict", {"verdict": "yes"}).status_code == 303
        states.append(stage.row(bid_id).state)
    seen = second.read(at(stage, bid_id))
    own = first.read(at(stage, bid_id))
    sent = second.post(f"{at(stage)}/review")

    assert PLAN in page
    assert "86.5 万元" in page
    assert "还不能转入" in blocked
    assert found.status_code == 422
    assert 'id="evidence-c2-error"' in found.text
    assert "营业执照在列" in unescape(found.text)
    assert kept.status_code == 303
    assert "营业执照在列" in seen
    # One's own finding stands there too once the form is gone.
    assert "（您）" in own
    assert "营业执照在列" in own
    assert states == [BidState.OPENED, BidState.ELIGIBLE]
    assert sent.headers["location"] == f"{at(stage)}?done=review"
    assert round_market.row_of(stage.store, stage.scene).state is RoundState.REVIEW


def test_a_bidder_puts_right_what_was_asked_for(stage: Stage) -> None:  # noqa: F811
    actor, _person, bid_id = stage.hand_in()
    open_bids(stage)
    first, second = checkers(stage)
    short = first.post(f"{at(stage, bid_id)}/correction", {"item": "c1", "wanted": "执照不清晰", "hours": "1"})
    wrong = first.post(f"{at(stage, bid_id)}/correction", {"item": "", "wanted": "执照不清晰", "hours": "一天"})
    asked = first.post(f"{at(stage, bid_id)}/correction", {"item": "c1", "wanted": "执照不清晰", "hours": "24"})
    bidder = stage.enter(actor)
    page = bidder.read(f"/bids/{bid_id}")
    empty = bidder.post(f"/bids/{bid_id}/correction", {"text": ""})
    done = bidder.post(
        f"/bids/{bid_id}/correction", {"text": "已重传清晰的执照"}, files={"files": ("执照.pdf", b"%PDF-1.7 licence")}
    )
    seen = second.read(at(stage, bid_id))
    link = next(one for one in seen.split('href="') if "执照.pdf" in one).split('"')[0]

    assert short.status_code == 409
    assert wrong.status_code == 422
    assert "执照不清晰" in unescape(wrong.text)
    assert asked.status_code == 303
    for said in ("请补正", "注册地在福建省内", "执照不清晰", "还有 1 天 0 小时"):
        assert said in page, said
    assert empty.status_code == 422
    assert done.headers["location"] == f"/bids/{bid_id}?done=corrected"
    assert "已重传清晰的执照" in seen
    assert second.get(link).content == b"%PDF-1.7 licence"
    assert all(b"licence" not in path.read_bytes() for path in stage.installation.files.folder.glob("??/*"))
    late = bidder.post(f"/bids/{bid_id}/correction", {"text": "再来一次"})
    assert late.status_code == 409


def test_a_rejected_bidder_reads_why_and_objects(stage: Stage) -> None:  # noqa: F811
    actor, _person, bid_id = stage.hand_in()
    open_bids(stage)
    bare = checkers(stage)[0].post(f"{at(stage, bid_id)}/verdict", {"verdict": "no"})
    for checker in checkers(stage):
        checker.post(f"{at(stage, bid_id)}/verdict", REJECTED)
    bidder = stage.enter(actor)
    page = bidder.read(f"/bids/{bid_id}")
    objected = bidder.post(f"/bids/{bid_id}/objection", {"objection": "执照载明福州"})
    taker, judge = stage.enter(stage.scene.posts[Post.OBJECTIONS]), checkers(stage)[0]
    waiting = judge.read(at(stage))
    refused = judge.post(f"{at(stage, bid_id)}/objection", {"upheld": "yes", "answer": "属实"})
    unsaid = taker.post(f"{at(stage, bid_id)}/objection", {"upheld": "", "answer": "属实"})
    decided = taker.post(f"{at(stage, bid_id)}/objection", {"upheld": "yes", "answer": "属实"})

    assert bare.status_code == 422
    assert 'id="reason-error"' in bare.text
    for said in ("未通过资格审查", "注册地在福建省内", "注册地不在福建省", "对审查结果提出异议"):
        assert said in page, said
    assert objected.headers["location"] == f"/bids/{bid_id}?done=objected"
    assert "有异议待处理" in waiting
    assert refused.status_code == 403
    assert unsaid.status_code == 422
    assert "属实" in unsaid.text
    assert decided.status_code == 303
    assert stage.row(bid_id).state is BidState.OPENED
    assert "成立，重新审查" in bidder.read(f"/bids/{bid_id}")


def test_a_file_is_unsealed_for_checkers_alone_and_each_reading_is_logged(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    stage.fill(person, actor, bid_id)
    with stage.store.reading() as session:
        recipient = session.get_one(RoundSeal, stage.round_id).recipient
    twice = age.encrypt(b"%PDF-1.7 secret", [recipient])
    foreign = age.encrypt(b"%PDF-1.7 lost", [age.recipient_of(age.new_identity())])
    version = stage.draft_version(actor, bid_id)
    files = [("file-", ("另附.pdf.age", twice)), ("file-", ("打不开.pdf.age", foreign))]
    assert person.post(f"/bids/{bid_id}/files", {**FIELDS, "_version": version}, files=files).status_code == 303
    assert stage.submit(person, actor, bid_id).status_code == 303
    open_bids(stage)
    checker = checkers(stage)[0]
    page = checker.read(at(stage, bid_id))
    links = {
        name: next(one for one in page.split('href="') if name in one).split('"')[0]
        for name in ("实施方案", "另附", "打不开")
    }
    taken = {name: checker.get(link) for name, link in links.items()}
    outside = stage.enter(stage.supplier("路人公司", "lu@example.com"))

    assert taken["实施方案"].content == PDF
    assert taken["实施方案"].headers["content-disposition"].startswith("attachment;")
    assert taken["另附"].content == b"%PDF-1.7 secret"
    assert ".age" not in taken["另附"].headers["content-disposition"]
    assert taken["打不开"].content == foreign
    assert checker.get(f"{at(stage, bid_id)}/files/{'ab' * 32}").status_code == 404
    assert outside.get(links["实施方案"]).status_code == 404
    with stage.store.reading() as session:
        noted = session.exec(select(AuditEvent.actor_id).where(AuditEvent.action == "bid.file_read")).all()
    assert noted == [stage.scene.checkers[0].account_id] * 3


def test_whoever_belongs_to_the_bidders_unit_stays_away(stage: Stage) -> None:  # noqa: F811
    actor, _person, bid_id = stage.hand_in()
    _other, _rival, second = stage.hand_in("云图巡检", "yuntu@example.com")
    checker = stage.scene.checkers[0]
    assert actor.organisation_id is not None
    with stage.store.writing() as session:
        memberships.add(
            session,
            organisation_id=actor.organisation_id,
            account_id=checker.account_id,
            standing=Standing.READER,
            now=stage.clock.now,
            new_id=NEW_ID,
        )
    open_bids(stage)
    person = stage.enter(checker)
    with stage.store.writing() as session:
        from marketplace.accounts.signing_in import sessions

        sessions.take_seat(session, person.token, None, now=stage.clock.now)
    listed = person.read(at(stage))

    assert "应当回避" in listed
    assert person.get(at(stage, bid_id)).status_code == 403
    assert person.post(f"{at(stage, bid_id)}/verdict", {"verdict": "yes"}).status_code == 403
    assert person.get(at(stage, second)).status_code == 200


def test_others_are_not_let_in(stage: Stage) -> None:  # noqa: F811
    actor, _person, bid_id = stage.hand_in()
    early = checkers(stage)[0].get(at(stage)).status_code
    open_bids(stage)
    admin = stage.staff(Role.ADMINISTRATOR, "guan@example.com", region="")
    approver = stage.scene.posts[Post.OPENER_B]
    for other in (actor, admin, stage.supplier("路人公司", "lu@example.com")):
        for path in (at(stage), at(stage, bid_id)):
            assert stage.enter(other).get(path).status_code == 404, path
    for path in ("/findings", "/verdict", "/correction"):
        sent = {"met-c1": "yes", "verdict": "yes", "item": "c1", "wanted": "x", "hours": "24"}
        assert stage.enter(stage.scene.issuer).post(f"{at(stage, bid_id)}{path}", sent).status_code == 403, path
    assert stage.enter(stage.scene.issuer).post(f"{at(stage)}/review").status_code == 403
    assert stage.enter(approver).get(at(stage)).status_code in {200, 404}
    assert early == 404
    assert checkers(stage)[0].get("/rounds/k1bxpryac8tts623/check/" + bid_id).status_code == 404
