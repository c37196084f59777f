"""Bids on pages: begun, written, handed in against a receipt, confirmed again, withdrawn; and nobody else reads them."""

import json
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import select
from starlette.datastructures import UploadFile

from marketplace.accounts.message_tables import Message
from marketplace.accounts.words import Role, Standing
from marketplace.kernel.outbox_tables import OutboxMail
from marketplace.rounds.bid_tables import Bid, BidDraft, BidVersion
from marketplace.rounds.making import addenda, stopping
from marketplace.rounds.sealing import age, receipts
from marketplace.rounds.words import BidState, Post
from tests.marketplace import round_market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT
from tests.web.bid_stage import FIELDS, PDF, PLAN, Stage, stage  # noqa: F401 - a fixture

BEFORE = timedelta(milliseconds=1)


def test_a_bid_is_begun_once_and_gone_on_with(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    first, again = stage.begin(person), stage.begin(person)
    page = person.read(f"/bids/{first}")

    assert first == again
    for said in ("方案概述", "病害识别率不低于 88%", "必须满足", "实施方案", "报价", "自留公钥", "还有 16 天"):
        assert said in page, said
    assert 'value="何一人"' in page


def test_a_draft_whose_key_no_backup_brought_back_begins_anew(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    stage.fill(person, actor, bid_id)
    for key in stage.installation.settings.draft_keys_dir.iterdir():
        key.unlink()
    lost = person.get(f"/bids/{bid_id}")
    again = stage.begin(person)
    page = person.read(f"/bids/{again}")

    assert lost.status_code == 409
    assert "请从公告页面重新开始申报" in lost.text
    assert again == bid_id
    assert PLAN not in page
    stage.fill(person, actor, again)
    assert stage.submit(person, actor, again).status_code == 303


def test_what_is_typed_is_saved_and_what_lacks_is_said_at_its_field(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    sent = {"_version": "1", "_changed": ["plan", "price_amount"], "plan": PLAN, "price_amount": "一百"}
    saved = person.post(f"/bids/{bid_id}/autosave", sent)
    checked = person.post(f"/bids/{bid_id}", {"_version": "2", "plan": PLAN, "then": "preview"})
    page = person.read(checked.headers["location"].split("#")[0])

    assert saved.json()["version"] == 2
    assert list(saved.json()["errors"]) == ["price_amount"]
    assert checked.headers["location"].startswith(f"/bids/{bid_id}?check=1")
    for field in ("schedule", "indicator-1", "condition-c1-met", "price_amount"):
        assert f'id="{field}-error"' in page, field
    assert PLAN in page


def test_two_people_of_a_unit_see_both_texts_and_lose_none(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    first, second = stage.enter(actor), stage.enter(stage.member(actor, "tong@example.com"))
    bid_id = stage.begin(first)
    first.post(f"/bids/{bid_id}/autosave", {"_version": "1", "_changed": ["plan"], "plan": "甲写的方案"})
    sent = {"_version": "1", "_changed": ["plan"], "plan": "乙写的方案"}
    auto = second.post(f"/bids/{bid_id}/autosave", sent)
    whole = second.post(f"/bids/{bid_id}", {"_version": "1", "plan": "乙写的方案", "schedule": "三个月"})
    page = unescape(whole.text)
    kept = {"_version": "2", "plan": "乙写的方案", "schedule": "三个月", "keep-plan": "theirs"}
    chosen = second.post(f"/bids/{bid_id}", kept)

    assert (auto.status_code, auto.json()) == (409, {"code": "draft_changed"})
    assert whole.status_code == 409
    assert "甲写的方案" in page
    assert "乙写的方案" in page
    assert 'name="keep-plan"' in page
    assert 'name="_version" value="2"' in page
    assert chosen.headers["location"] == f"/bids/{bid_id}?done=chosen"
    after = second.read(f"/bids/{bid_id}")
    assert "甲写的方案" in after
    assert "三个月" in after


def test_a_file_is_told_by_its_content_and_never_stored_in_plain(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    fake = {"file-p1": ("方案.pdf", b"MZ\x90\x00 not a document", "application/pdf")}
    refused = person.post(f"/bids/{bid_id}/files", {"_version": "1", "plan": PLAN}, files=fake)
    version = stage.draft_version(actor, bid_id)
    kept = person.post(
        f"/bids/{bid_id}/files", {"_version": version}, files={"file-p1": ("方案.pdf", PDF, "application/pdf")}
    )
    page = person.read(f"/bids/{bid_id}")
    stored = [path.read_bytes() for path in stage.installation.files.folder.glob("??/*")]

    assert refused.status_code == 422
    assert "不在可接收的类型内" in refused.text
    assert PLAN in unescape(refused.text)
    assert kept.headers["location"].endswith("#papers")
    assert "方案.pdf" in page
    assert "已加密" in page
    assert stored
    assert all(PDF not in data for data in stored)


def test_a_large_file_of_a_bid_is_never_in_a_temporary_file(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    rolled: list[bool] = []
    read = UploadFile.read

    async def noting(self: UploadFile, size: int = -1) -> bytes:
        rolled.append(not self._in_memory)
        return await read(self, size)

    monkeypatch.setattr(UploadFile, "read", noting)
    large = PDF + b"0" * (3 * 1024 * 1024)
    answer = person.post(f"/bids/{bid_id}/files", {"_version": "1"}, files={"file-p1": ("方案.pdf", large)})

    assert answer.status_code == 303
    assert rolled == [False]


def test_the_operators_scanner_stops_a_file(stage: Stage) -> None:  # noqa: F811
    stage.installation.settings = stage.installation.settings.model_copy(update={"scan_command": "/bin/false"})
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    answer = person.post(f"/bids/{bid_id}/files", {"_version": "1"}, files={"file-p1": ("方案.pdf", PDF)})

    assert answer.status_code == 422
    assert "病毒检查没有通过" in answer.text
    assert not list(stage.installation.files.folder.glob("??/*"))


def test_a_secret_key_is_never_kept(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    secret = age.new_identity()
    auto = person.post(
        f"/bids/{bid_id}/autosave", {"_version": "1", "_changed": ["own_key"], "own_key": secret.lower()}
    )
    whole = person.post(f"/bids/{bid_id}", {"_version": stage.draft_version(actor, bid_id), "own_key": secret})

    assert "own_key" in auto.json()["errors"]
    assert whole.status_code == 422
    assert "您填写的是私钥" in whole.text
    assert secret not in person.read(f"/bids/{bid_id}")


def test_a_bid_is_handed_in_against_a_receipt_and_its_draft_is_gone(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    own = age.new_identity()
    stage.fill(person, actor, bid_id, {**FIELDS, "own_key": age.recipient_of(own)})
    preview = person.read(f"/bids/{bid_id}/preview")
    copy = person.get(f"/bids/{bid_id}/copy.json").json()
    done = stage.submit(person, actor, bid_id)
    again = person.post(f"/bids/{bid_id}/submit", {"_version": "9"})
    page = person.read(done.headers["location"])
    kept = person.get(f"/bids/{bid_id}/receipts/1.json")
    sealed = person.get(f"/bids/{bid_id}/versions/1.age").content
    status = person.read(f"/bids/{bid_id}")

    assert PLAN in preview
    assert preview.index("报价（单独封存）") > preview.index(PLAN)
    assert (copy["format"], copy["fields"]["plan"]) == ("jiebang-draft-1", PLAN)
    assert done.headers["location"] == f"/bids/{bid_id}/receipts/1?done=submitted"
    assert again.headers["location"] == f"/bids/{bid_id}/receipts/1"
    given = receipts.of_json(kept.content)
    assert (given.version, given.organisation, given.received_at) == (1, "木语视觉", PUBLISH_AT)
    assert " ".join(given.sha256[at : at + 4] for at in range(0, 64, 4)) in page
    with stage.store.reading() as session:
        assert kept.text == session.get_one(BidVersion, (bid_id, 1)).receipt
        assert session.get(BidDraft, bid_id) is None
    assert PLAN.encode() in age.decrypt(sealed, [own])
    assert PLAN not in status
    assert "已提交，已封存" in status
    assert "/receipts/1" in status


def test_a_receipt_is_a_pdf_too(stage: Stage) -> None:  # noqa: F811
    _actor, person, bid_id = stage.hand_in()
    answer = person.get(f"/bids/{bid_id}/receipts/1.pdf")
    if answer.status_code == 409:
        pytest.skip("没有中文字体")

    assert answer.content.startswith(b"%PDF-")
    assert person.get(f"/bids/{bid_id}/receipts/1.exe").status_code == 404
    assert person.get(f"/bids/{bid_id}/receipts/2.pdf").status_code == 404


def test_a_new_version_begins_from_ones_own_copy(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    stage.fill(person, actor, bid_id)
    copy = person.get(f"/bids/{bid_id}/copy.json").content
    stage.submit(person, actor, bid_id)
    said = json.loads(copy)
    stolen = {**said["files"][0], "sealed_digest": "ab" * 32, "id": "x"}
    broken = person.post(f"/bids/{bid_id}/take-up", files={"copy": ("副本.json", b"{}")})
    foreign = json.dumps({**said, "round_id": "k1bxpryac8tts623"}).encode()
    other = person.post(f"/bids/{bid_id}/take-up", files={"copy": ("副本.json", foreign)})
    mixed = json.dumps({**said, "files": [*said["files"], stolen]}).encode()
    taken = person.post(f"/bids/{bid_id}/take-up", files={"copy": ("副本.json", mixed)})
    page = person.read(f"/bids/{bid_id}")

    assert (broken.status_code, other.status_code, taken.status_code) == (422, 422, 303)
    assert "另一个活动" in other.text
    assert PLAN in page
    assert page.count("实施方案.pdf") == 2
    assert stage.submit(person, actor, bid_id).headers["location"].startswith(f"/bids/{bid_id}/receipts/2")


def test_an_addendum_asks_for_confirming_again(stage: Stage) -> None:  # noqa: F811
    _actor, person, bid_id = stage.hand_in()
    later = stage.clock.now = PUBLISH_AT + timedelta(days=1)
    person = stage.enter(_actor)
    amend(stage, later)
    page = person.read(f"/bids/{bid_id}")
    stale = person.post(f"/bids/{bid_id}/reconfirm", {"number": "1"})
    done = person.post(f"/bids/{bid_id}/reconfirm", {"number": "2"})

    assert "请重新确认" in page
    assert "有两个同类项目经验" in page
    assert "条件不明确" in page
    assert stale.status_code == 409
    assert done.headers["location"] == f"/bids/{bid_id}?done=reconfirmed"
    assert stage.row(bid_id).state is BidState.SUBMITTED


def test_a_bid_is_withdrawn_after_asking(stage: Stage) -> None:  # noqa: F811
    actor, person, bid_id = stage.hand_in()
    asked = person.read(f"/bids/{bid_id}/withdraw")
    done = person.post(f"/bids/{bid_id}/withdraw")
    page = person.read(f"/bids/{bid_id}")
    again = person.post(f"/bids/{bid_id}/take-up")

    assert "能否撤回" in asked
    assert done.headers["location"] == f"/bids/{bid_id}?done=withdrawn"
    assert "已撤回" in page
    assert again.status_code == 303
    assert stage.row(bid_id).state is BidState.DRAFT
    assert stage.draft_version(actor, bid_id) == 1


def test_a_draft_is_erased_and_a_lapsed_one_says_so(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    gone = stage.begin(person)
    asked = person.read(f"/bids/{gone}/discard")
    done = person.post(f"/bids/{gone}/discard")
    left = stage.begin(person)
    stage.clock.now = DEADLINE
    round_market.tick(stage.store, stage.scene, now=DEADLINE)
    person = stage.enter(actor)
    late = person.post(f"/bids/{left}/submit", {"_version": "1"})

    assert "不能恢复" in asked
    assert done.headers["location"] == "/bids?done=discarded"
    assert person.get(f"/bids/{gone}").status_code == 404
    assert late.status_code == 409
    assert "申报已经截止" in late.text
    assert "已失效" in person.read(f"/bids/{left}")


def test_a_partner_confirms_and_sees_nothing_of_the_content(stage: Stage) -> None:  # noqa: F811
    lead, other = stage.supplier("木语视觉", "muyu@example.com"), stage.supplier("云图巡检科技", "er@example.com")
    stage.supplier("云图巡检福州分公司", "san@example.com")
    person, partner = stage.enter(lead), stage.enter(other)
    bid_id = stage.begin(person)
    stage.fill(person, lead, bid_id)
    asking = {"_version": stage.draft_version(lead, bid_id)}
    several = person.post(f"/bids/{bid_id}/partners", {**asking, "partner": "云图"})
    nobody = person.post(f"/bids/{bid_id}/partners", {**asking, "partner": "没有这家"})
    one = person.post(f"/bids/{bid_id}/partners", {**asking, "partner": "云图巡检科技"})
    refused = stage.submit(person, lead, bid_id)
    asked = partner.read(f"/bids/{bid_id}/membership")
    listed = partner.read("/bids")
    tried = [
        partner.get(f"/bids/{bid_id}{rest}").status_code
        for rest in ("", "/preview", "/copy.json", "/receipts/1", "/versions/1.age", "/withdraw")
    ]
    done = partner.post(f"/bids/{bid_id}/membership", {"answer": "confirm"})
    sent = stage.submit(person, lead, bid_id)
    tried += [partner.get(f"/bids/{bid_id}/receipts/1{one}").status_code for one in ("", ".json", ".pdf")]
    after = partner.read(f"/bids/{bid_id}/membership")

    assert several.status_code == 422
    assert "邀请云图巡检福州分公司" in several.text
    assert nobody.status_code == 422
    assert one.headers["location"] == f"/bids/{bid_id}?done=asked#partners"
    assert refused.status_code == 409
    assert "以下成员还没有确认参加" in refused.text
    assert "木语视觉" in asked
    assert "请答复是否参加" in listed
    assert (done.status_code, sent.status_code) == (303, 303)
    assert tried == [404] * 9
    for page in (asked, listed, after):
        assert PLAN not in page
        assert "86.5" not in page
        assert "实施方案.pdf" not in page
    assert (
        stage.enter(stage.supplier("路人公司", "lu@example.com")).get(f"/bids/{bid_id}/membership").status_code == 404
    )


def test_the_list_says_what_comes_next_and_by_when(stage: Stage) -> None:  # noqa: F811
    _actor, person, _bid_id = stage.hand_in()
    nobody = stage.enter(stage.supplier("云图巡检", "er@example.com"))

    page = person.read("/bids")
    assert "等待截止；截止前可以修改或撤回" in page
    assert "2026年12月9日（周三）17:30" in page
    assert "还没有申报" in nobody.read("/bids")
    assert 'href="/bids"' in person.read("/opportunities")


def test_a_reader_looks_and_changes_nothing(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    stage.fill(person, actor, bid_id)
    reader = stage.enter(stage.member(actor, "kan@example.com", standing=Standing.READER))
    version = stage.draft_version(actor, bid_id)

    assert PLAN in reader.read(f"/bids/{bid_id}")
    for path in ("", "/autosave", "/files", "/partners", "/submit", "/discard"):
        answer = reader.post(f"/bids/{bid_id}{path}", {"_version": version, "plan": "改", "_changed": "plan"})
        assert answer.status_code == 403, path
    assert stage.draft_version(actor, bid_id) == version


def test_nobody_else_gets_anything_of_a_bid_before_the_opening(stage: Stage) -> None:  # noqa: F811
    actor, person, bid_id = stage.hand_in()
    draft = stage.begin(stage.enter(stage.supplier("云图巡检", "er@example.com")))
    others = {
        "发布单位": stage.scene.issuer,
        "审批人": stage.scene.posts[Post.APPROVER],
        "开启人": stage.scene.posts[Post.OPENER_A],
        "保管人": stage.scene.posts[Post.KEEPER],
        "审查人": stage.scene.checkers[0],
        "主办方": stage.staff(Role.ORGANISER, "qita@example.com"),
        "监督": stage.staff(Role.SUPERVISOR, "jiandu@example.com"),
        "全国监督": stage.staff(Role.SUPERVISOR, "quanguo@example.com", region=""),
        "管理员": stage.staff(Role.ADMINISTRATOR, "guan@example.com", region=""),
        "别的申报单位": stage.supplier("路人公司", "lu@example.com"),
    }
    hidden = [PLAN, "木语视觉", bid_id, "云图巡检", draft, "muyu@example.com", "er@example.com"]
    own = ["", "/preview", "/copy.json", "/membership", "/withdraw", "/discard", "/receipts/1", "/receipts/1.json"]
    own += ["/receipts/1.pdf", "/versions/1.age"]
    for name, other in others.items():
        one = stage.enter(other)
        for rest in own:
            if name != "别的申报单位" or rest:
                assert one.get(f"/bids/{bid_id}{rest}").status_code == 404, (name, rest)
        for rest in ("/autosave", "", "/files", "/submit", "/withdraw", "/reconfirm", "/take-up", "/ticks"):
            answer = one.post(f"/bids/{bid_id}{rest}", {"_version": "1", "number": "1"})
            assert answer.status_code in {403, 404}, (name, rest)
        for path in (
            "/",
            "/bids",
            "/messages",
            "/search?q=木语",
            f"/rounds/{stage.round_id}/opening",
            f"/rounds/{stage.round_id}/check",
            f"/rounds/{stage.round_id}/check/{bid_id}",
        ):
            answer = one.get(path)
            said = unescape(answer.text)
            # Who a supplier is stands in the public search; that it bids stands nowhere.
            words = [PLAN, bid_id, draft] if path.startswith(("/search", "/messages")) or path == "/" else hidden
            assert not [word for word in words if word in said], (name, path)
    visitor = stage.enter(None)
    for rest in own:
        answer = visitor.get(f"/bids/{bid_id}{rest}")
        assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in"), rest
    assert person.get(f"/bids/{bid_id}/receipts/1").status_code == 200
    assert actor.organisation_id == stage.row(bid_id).organisation_id


def test_neither_the_outbox_nor_the_log_tells_who_bids(stage: Stage) -> None:  # noqa: F811
    # With a mail server, so that mails are really written down.
    stage.store._info["sends_mail"] = True
    _actor, _person, bid_id = stage.hand_in()
    amend(stage, PUBLISH_AT + timedelta(days=1))
    round_market.tick(stage.store, stage.scene, now=DEADLINE - timedelta(hours=2))
    admin = stage.enter(stage.staff(Role.ADMINISTRATOR, "guan@example.com", region=""))
    watch = stage.enter(stage.staff(Role.SUPERVISOR, "quanguo@example.com", region=""))
    with stage.store.reading() as session:
        mails = session.exec(select(OutboxMail).where(OutboxMail.recipient == "muyu@example.com")).all()
        told = session.exec(select(Message.subject).where(Message.link.startswith(f"/bids/{bid_id}"))).all()  # type: ignore[attr-defined]

    assert mails
    assert all(one.is_private for one in mails)
    assert told == ["已收到“行道树健康巡查揭榜挂帅”的申报（第 1 版）"]
    listed = unescape(admin.get("/outbox").text)
    assert "muyu@example.com" not in listed
    assert "已收到" not in listed
    assert [admin.get(f"/outbox/{one.id}").status_code for one in mails] == [404] * len(mails)
    assert [admin.post(f"/outbox/{one.id}/resend").status_code for one in mails] == [409] * len(mails)
    for path in (
        "/audit",
        "/audit?aggregate=bid",
        f"/audit?id={bid_id}",
        "/audit?who=muyu@example.com",
        "/audit/export.csv",
        "/audit/export.jsonl",
    ):
        said = unescape(watch.get(path).text)
        assert bid_id not in said.replace(f"id={bid_id}", "").replace(f'value="{bid_id}"', ""), path
        assert '"bid.' not in said.replace('value="bid.', ""), path
        assert "unsettled" not in said.replace('value="bid.unsettled', ""), path
    # Who knows an id reads the chain's proof there, and nothing of what happened.
    life = unescape(watch.get(f"/audit/bid/{bid_id}").text)
    assert "有人（开启前不公开）" in life
    assert "木语" not in life


def test_the_log_tells_of_bids_once_they_are_opened(stage: Stage) -> None:  # noqa: F811
    _actor, _person, bid_id = stage.hand_in()
    with stage.store.writing() as session:
        row = round_market.row_of(stage.store, stage.scene)
        row.sealed_at = row.opened_at = DEADLINE
        session.merge(row)
    watch = stage.enter(stage.staff(Role.SUPERVISOR, "jiandu@example.com"))

    assert watch.get(f"/audit/bid/{bid_id}").status_code == 200


def test_only_a_supplier_that_is_no_issuer_begins(stage: Stage) -> None:  # noqa: F811
    path = f"/rounds/{stage.round_id}/bids"
    for other in (stage.scene.issuer, stage.scene.checkers[0], stage.staff(Role.ADMINISTRATOR, "g@example.com", "")):
        assert stage.enter(other).post(path, {"track": "t1"}).status_code == 403
    person = stage.enter(stage.supplier("木语视觉", "muyu@example.com"))
    assert person.post(path, {"track": "t9"}).status_code == 404
    assert person.post("/rounds/k1bxpryac8tts623/bids", {"track": "t1"}).status_code == 404
    with stage.store.reading() as session:
        assert session.exec(select(Bid)).all() == []


def amend(stage: Stage, now: object) -> None:  # noqa: F811
    """Publish an addendum, with what the worker does after it."""
    from datetime import datetime

    from marketplace.rounds import occasions

    assert isinstance(now, datetime)
    with stage.store.writing() as session:
        addenda.begin(session, stage.scene.issuer, stage.round_id, now=now, new_id=NEW_ID)
    round_market.write(
        stage.store, stage.scene.issuer, stage.round_id, {"condition-2-text": "有两个同类项目经验"}, now=now
    )
    with stage.store.writing() as session:
        version = addenda.get(session, stage.scene.issuer, stage.round_id, now=now).text.version
        addenda.publish(
            session,
            stage.scene.issuer,
            stage.round_id,
            version=version,
            reason="条件不明确",
            now=now,
            new_id=NEW_ID,
        )
    with stage.store.writing() as session:
        occasions.tell(session, stage.round_id, "addendum-2", set(), now=now, new_id=NEW_ID)


def test_what_is_typed_while_the_round_stands_still_is_not_lost(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    with stage.store.writing() as session:
        stopping.suspend(
            session, stage.scene.approvers[0], stage.round_id, reason="核实投诉", now=stage.clock.now, new_id=NEW_ID
        )
    auto = person.post(f"/bids/{bid_id}/autosave", {"_version": "1", "_changed": ["plan"], "plan": PLAN})
    whole = person.post(f"/bids/{bid_id}", {"_version": "1", "plan": PLAN})
    page = unescape(whole.text)

    assert (auto.status_code, whole.status_code) == (422, 409)
    assert "活动已中止" in auto.json()["message"]
    assert PLAN in page
    assert "活动已中止" in page
