"""Rounds as the public reads them: what is shown when, questions without names, following, a notice as it was."""

from datetime import timedelta
from pathlib import Path

from marketplace.kernel.db import Store
from marketplace.rounds import questions
from marketplace.rounds.making import addenda, beginnings, stopping, texts
from marketplace.rounds.words import RoundState
from tests.marketplace import round_market as rounds
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT, Scene
from tests.web.round_stage import open_scene, playing

DURING = PUBLISH_AT + timedelta(days=1)
SECRETS = ("用图像识别巡查", "病害识别率", "90 万元", "12月9日", "周敏", "来自需求", "注册地在福建省内")
"""What a notice says and an announcement does not."""


def amend(store: Store, scene: Scene, **fields: str) -> None:
    """An addendum that changes some fields."""
    with store.writing() as session:
        addenda.begin(session, scene.issuer, scene.round_id, now=DURING, new_id=NEW_ID)
    rounds.write(store, scene.issuer, scene.round_id, fields, now=DURING)
    with store.writing() as session:
        version = texts.get(session, scene.issuer, scene.round_id).version
        addenda.publish(
            session, scene.issuer, scene.round_id, version=version, reason="按提问补充", now=DURING, new_id=NEW_ID
        )


def test_an_empty_list_says_what_would_be_there(store: Store, tmp_path: Path) -> None:
    with playing(store, tmp_path) as stage:
        assert "还没有公开的活动" in stage.page("/rounds")
        assert "没有符合条件的活动" in stage.page("/rounds?q=无人机")
        assert "这个月没有活动发布或截止" in stage.page("/rounds/calendar?month=2026-12")


def test_a_draft_is_nobodys_but_those_who_make_it(store: Store, tmp_path: Path) -> None:
    scene = rounds.make_draft_round(store, tmp_path)
    with playing(store, tmp_path) as stage:
        stage.now = NOW
        path = f"/rounds/{scene.round_id}"
        bidder = rounds.make_bidder(store, "青木识别科技有限公司", email="qm@example.com")
        for who in (None, bidder):
            for address in (path, f"{path}/notice", f"{path}/notice.pdf", f"{path}/versions/1", f"{path}/manifest"):
                assert stage.get(address, who).status_code == 404, address
            assert "行道树健康巡查揭榜挂帅" not in stage.page("/rounds", who)
        assert stage.post(f"{path}/follow", bidder).status_code == 404
        assert stage.post(f"{path}/questions", bidder, question="什么时候发布？").status_code == 404
        assert "起草中" in stage.page(path, scene.issuer)


def test_an_announcement_says_who_what_kind_and_when_and_nothing_else(store: Store, tmp_path: Path) -> None:
    scene = rounds.make_draft_round(store, tmp_path)
    rounds.schedule(store, scene)
    bidder = rounds.make_bidder(store, "青木识别科技有限公司", email="qm@example.com")
    with playing(store, tmp_path) as stage:
        stage.now = NOW
        path = f"/rounds/{scene.round_id}"
        for who in (None, bidder):
            for address in (path, "/rounds", "/rounds/calendar?month=2026-11", "/rounds/calendar?month=2026-12"):
                page = stage.page(address, who)
                assert [word for word in SECRETS if word in page.split("<main", 1)[1].split("</main>")[0]] == [], (
                    address
                )
            assert "2026年11月23日（周一）09:00" in stage.page(path, who)
            assert "临川市园林管理中心" in stage.page(path, who)
            assert stage.get(f"{path}/notice", who).status_code == 404
            assert stage.get(f"{path}/versions/1", who).status_code == 404
        assert "预告发布" in stage.page("/rounds/calendar?month=2026-11")
        assert "这个月没有活动发布或截止" in stage.page("/rounds/calendar?month=2026-12")
        assert stage.post(f"{path}/follow", bidder).status_code == 303
        assert "取消关注" in stage.page(path, bidder)
        # Whoever makes it reads it whole.
        assert "注册地在福建省内" in stage.page(path, scene.issuer)


def test_an_open_round_says_everything_and_how_long_is_left(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    bidder = rounds.make_bidder(store, "青木识别科技有限公司", email="qm@example.com")
    rounds.make_bid(store, scene, bidder)
    other = rounds.make_bidder(store, "海风一人工作室", email="hf@example.com")
    with playing(store, tmp_path) as stage:
        stage.now = DEADLINE - timedelta(days=3, hours=2)
        path = f"/rounds/{scene.round_id}"
        page = stage.page(path)
        assert all(word in page for word in SECRETS)
        assert "还有 3 天 2 小时" in page
        assert f'data-seconds-left="{(3 * 24 + 2) * 3600}"' in page
        assert "登录</a>并代表您的单位" in page
        # How many bids there are is no business of anybody's before the close.
        for who in (None, other, scene.issuer, scene.checkers[0]):
            assert "<dt>申报</dt>" not in stage.page(path, who)
            assert "青木识别科技有限公司" not in stage.page(path, who)
        own = stage.page(path, other)
        assert f'action="{path}/bids"' in own
        assert 'name="track" value="t1"' in own
        assert f'action="{path}/bids"' not in stage.page(path, scene.issuer)
        assert "申报中" in stage.page("/rounds?state=open&q=行道树&region=临川")
        assert "没有符合条件的活动" in stage.page("/rounds?state=sealed")
        assert "17:30 截止" in stage.page("/rounds/calendar?month=2026-12")
        assert "正在申报的活动" in stage.page("/")
        stage.now = DEADLINE
        assert "已到截止时间" in stage.page(path)
        assert f'action="{path}/bids"' not in stage.page(path, other)


def test_the_count_is_shown_where_the_procedure_says_so_and_after_the_close(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    rounds.make_bid(store, scene, rounds.make_bidder(store, "青木识别科技有限公司", email="qm@example.com"))
    rounds.begin_bid(store, scene, rounds.make_bidder(store, "海风一人工作室", email="hf@example.com"))
    assert rounds.tick(store, scene, now=DEADLINE) is RoundState.SEALED
    with playing(store, tmp_path) as stage:
        stage.now = DEADLINE + timedelta(minutes=5)
        page = stage.page(f"/rounds/{scene.round_id}")
    assert "截止时共 1 份有效" in page
    assert "等待开启" in page
    assert "青木识别科技有限公司" not in page


def test_questions_are_answered_for_everybody_without_who_asked(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    asker = rounds.make_bidder(store, "青木识别科技有限公司", email="qm@example.com")
    other = rounds.make_bidder(store, "海风一人工作室", email="hf@example.com")
    path = f"/rounds/{scene.round_id}"
    with playing(store, tmp_path) as stage:
        stage.now = DURING
        assert stage.post(f"{path}/questions", None, question="谁问的？").headers["location"].startswith("/sign-in")
        wrong = stage.post(f"{path}/questions", asker, question="   ")
        assert (wrong.status_code, "请写下问题" in wrong.text) == (422, True)
        assert stage.post(f"{path}/questions", asker, question="按株还是按照片计算？").status_code == 303
        assert "您提的问题，答复后公开" in stage.page(path, asker)
        for who in (None, other, scene.checkers[0]):
            assert "按株还是按照片计算" not in stage.page(path, who)
        with store.reading() as session:
            (waiting,) = questions.of(session, scene.issuer, rounds.row_of(store, scene))
        assert "按株还是按照片计算" in stage.page(path, scene.issuer)
        assert stage.post(f"{path}/questions/{waiting.id}", other, answer="按照片").status_code == 403
        long = stage.post(f"{path}/questions/{waiting.id}", scene.issuer, answer="株" * 4_001)
        assert long.status_code == 422
        assert "株" * 4_001 in long.text
        assert stage.post(f"{path}/questions/{waiting.id}", scene.issuer, answer="按株计算。").status_code == 303
        again = stage.post(f"{path}/questions/{waiting.id}", scene.issuer, answer="按照片计算。")
        assert again.status_code == 409
        assert "按照片计算。" in again.text
        for who in (None, other, scene.checkers[0]):
            page = stage.page(path, who)
            assert "按株计算。" in page
            assert asker.name not in page.split("</header>", 1)[1] or who is other  # both are called alike
            assert "青木识别科技有限公司" not in page
        stage.now = DEADLINE
        late = stage.post(f"{path}/questions", asker, question="还能问吗？")
        assert late.status_code == 409
        assert "还能问吗？" in late.text


def test_following_is_taken_back(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    person = rounds.make_bidder(store, "青木识别科技有限公司", email="qm@example.com")
    path = f"/rounds/{scene.round_id}"
    with playing(store, tmp_path) as stage:
        stage.now = DURING
        assert stage.post(f"{path}/follow").headers["location"].startswith("/sign-in")
        assert "已关注" in stage.page(stage.post(f"{path}/follow", person).headers["location"], person)
        stage.post(f"{path}/follow", person)
        assert "已取消关注" in stage.page(stage.post(f"{path}/unfollow", person).headers["location"], person)
        assert "登录后关注" in stage.page(path)


def test_an_addendum_shows_what_changed_and_the_notice_before_stays(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    amend(store, scene, price_ceiling="88", terms="分两期付款。")
    path = f"/rounds/{scene.round_id}"
    with playing(store, tmp_path) as stage:
        stage.now = DURING
        page = stage.page(f"{path}/versions/2")
        assert "按提问补充" in page
        assert "90</del>" in page
        assert "88</ins>" in page
        assert "新增" in page or "未写明" in page
        assert "分两期付款。" in page
        old = stage.page(f"{path}/versions/1")
        assert "这是以前的版本" in old
        assert "分两期付款" not in old
        assert stage.get(f"{path}/versions/3").status_code == 404
        assert stage.get(f"{path}/versions/1.pdf").status_code == 404
        whole = stage.page(path)
        assert f"{path}/versions/2" in whole
        assert "分两期付款。" in whole


def test_a_suspended_round_says_why_and_what_is_kept(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    with store.writing() as session:
        stopping.suspend(session, scene.approvers[0], scene.round_id, reason="核实举报", now=DURING, new_id=NEW_ID)
    bidder = rounds.make_bidder(store, "青木识别科技有限公司", email="qm@example.com")
    with playing(store, tmp_path) as stage:
        stage.now = DURING + timedelta(days=30)
        page = stage.page(f"/rounds/{scene.round_id}", bidder)
        assert "活动已中止" in page
        assert "核实举报" in page
        assert "恢复后还剩 15 天 8 小时 30 分" in page
        assert f'action="/rounds/{scene.round_id}/bids"' not in page
        assert "data-seconds-left" not in page
        assert "时间暂停计算" in stage.page("/rounds")


def test_a_failed_round_and_the_one_after_it_lead_to_each_other(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    assert rounds.tick(store, scene, now=DEADLINE) is RoundState.FAILED
    later = DEADLINE + timedelta(days=1)
    with store.writing() as session:
        again = beginnings.again(session, scene.issuer, scene.round_id, now=later, new_id=NEW_ID)
    path = f"/rounds/{scene.round_id}"
    with playing(store, tmp_path) as stage:
        stage.now = later
        page = stage.page(path)
        assert "流榜" in page
        assert "有效申报 0 份，少于公告规定的 1 份" in page
        # The next one is a draft: not even that it exists is told.
        assert again not in page
        assert "重新组织自" in stage.page(f"/rounds/{again}", scene.issuer)
        assert "清单是空的" in stage.page(f"{path}/manifest")
