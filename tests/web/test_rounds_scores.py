"""Frozen scores on pages and by the command: shown, recomputed, exported, void; records that were changed are told."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from marketplace.kernel.db import Store
from marketplace.rounds.reviewing import consensus
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.review_market import REVIEW, Panel
from tests.marketplace.round_market import Scene
from tests.web.round_stage import playing
from web.cli import app

MARKS = {0: (34, 28, 30), 1: (36, 27, 31), 2: (35, 26, 29), 3: (33, 28, 32), 4: (37, 25, 30)}
LATER = REVIEW + timedelta(hours=1)


def at(scene: Scene, *parts: str) -> str:
    """An address under the panels of a round."""
    return "/".join((f"/rounds/{scene.round_id}/panel", *parts))


def first(pattern: str, page: str) -> str:
    """What the first match of a pattern holds."""
    found = re.search(pattern, page)
    assert found is not None, pattern
    return found[1]


def judged(store: Store, folder: Path) -> Panel:
    """A panel whose sheets are all in, confirmed by its chair."""
    panel = market.drawn_panel(store, folder)
    market.declare_all(store, panel)
    market.mark_all(store, panel, MARKS)
    assert market.tick(store, panel) is RoundState.CONSENSUS
    with store.writing() as session:
        consensus.confirm(session, panel.expert(0), panel.scene.round_id, now=LATER, new_id=NEW_ID)
    return panel


def test_frozen_scores_are_shown_recomputed_and_exported(store: Store, tmp_path: Path) -> None:
    panel = judged(store, tmp_path)
    base = f"/rounds/{panel.scene.round_id}/scores"
    with playing(store, tmp_path) as stage:
        stage.now = LATER
        page = stage.page(base, panel.scene.issuer)
        again = stage.page(f"{base}/1?recompute=1", panel.scene.posts[Post.KEEPER])
        own = stage.page(base, panel.expert(1))
        refused = [stage.get(f"{base}{end}", panel.bidders[0]).status_code for end in ("", "/1", "/1.json")]
        visitor = stage.get(base).headers["location"]
        public = stage.page(f"/rounds/{panel.scene.round_id}")
        record = stage.get(f"{base}/1.json", panel.scene.issuer).content

    for said in ("83.00", "去高去低分（决定名次）", "平均分", "校正分", "木语视觉", "可以入选"):
        assert said in page, said
    assert len(set(re.findall(r"<td>(专家 \d)</td>", page))) == 5
    assert not any(name in page for name in market.NAMES)
    assert "重新计算的结果与记录一致" in again
    assert "83.00" in own
    assert refused == [404, 404, 404]
    assert visitor.startswith("/sign-in")
    assert "83.00" not in public
    assert "集体研究中" in public
    assert said_by(tmp_path, record) == (0, True)


def said_by(folder: Path, record: bytes) -> tuple[int, bool]:
    """What the command says of a record: its exit status, and whether it follows from its sheets."""
    path = folder / "record.json"
    path.write_bytes(record)
    answer = CliRunner().invoke(app, ["recompute", str(path)])
    return answer.exit_code, "与重新计算的结果一致" in answer.output


def test_what_experts_wrote_stands_beside_the_frozen_scores(store: Store, tmp_path: Path) -> None:
    """For the office, supervisors and the panel, under the names of the table; void and closed bids say nothing."""
    panel = market.drawn_panel(store, tmp_path)
    market.declare_all(store, panel)
    for number, points in MARKS.items():
        for bid_id, c1 in zip(panel.bids, points, strict=True):
            why = f"{number}号对{panel.bids.index(bid_id)}号的看法。"
            market.mark(store, panel, panel.expert(number), bid_id, market.marks(c1, why=why))
    assert market.tick(store, panel) is RoundState.CONSENSUS
    ask = {"now": LATER, "new_id": NEW_ID}
    with store.writing() as session:
        consensus.remark(
            session, panel.expert(2), panel.scene.round_id, panel.bids[1], text="演示时有一处误报。", **ask
        )
    with store.writing() as session:
        consensus.confirm(session, panel.expert(0), panel.scene.round_id, **ask)
    base = f"/rounds/{panel.scene.round_id}/scores"
    readers = [panel.scene.issuer, panel.scene.table.organiser, panel.scene.posts[Post.KEEPER], panel.expert(1)]
    with playing(store, tmp_path) as stage:
        stage.now = LATER
        pages = [stage.page(base, reader) for reader in readers]
        public = [stage.page(f"/rounds/{panel.scene.round_id}", one) for one in (None, panel.bidders[0])]
        stage.post(
            at(panel.scene, "members", panel.drawn[4], "bids"),
            panel.scene.posts[Post.KEEPER],
            bid=panel.bids[0],
            reason="查实为亲属",
        )
        void = stage.page(f"{base}/1", panel.scene.issuer)

    for page in pages:
        assert {(n, bid) for n in range(5) for bid in range(3) if f"{n}号对{bid}号的看法。" in page} == {
            (n, bid) for n in range(5) for bid in range(3)
        }
        assert "演示时有一处误报。" in page
    assert not any(name in page for page in pages[:3] for name in market.NAMES)
    for page in (*public, void):
        assert "号的看法" not in page
        assert "一处误报" not in page


@pytest.mark.parametrize("kind", ["scores", "draw"])
def test_a_record_that_was_changed_is_told_by_the_command(store: Store, tmp_path: Path, kind: str) -> None:
    panel = judged(store, tmp_path)
    with playing(store, tmp_path) as stage:
        stage.now = LATER
        board = stage.page(at(panel.scene), panel.scene.issuer)
        draw = first(r"/panel/draws/([a-z0-9]{16})", board)
        address = (
            f"/rounds/{panel.scene.round_id}/scores/1.json" if kind == "scores" else at(panel.scene, "draws", draw)
        )
        record = stage.get(address if kind == "scores" else f"{address}.json", panel.scene.issuer).json()
    changed = changes(record, kind)

    assert said_by(tmp_path, json.dumps(record).encode()) == (0, True)
    assert said_by(tmp_path, json.dumps(changed).encode()) == (1, False)


def changes(record: Mapping[str, object], kind: str) -> dict[str, object]:
    """The same record with one thing changed."""
    changed = json.loads(json.dumps(record))
    if kind == "scores":
        changed["ranking"][0]["score"] = "99.00"
    else:
        changed["words"] = "6 6 6 6"
    return dict(changed)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "找不到文件"),
        (b"\xff\xfe", "不是得分表或抽取记录"),
        (b"[1, 2]", "不是得分表或抽取记录"),
        (b'{"format": "other"}', "不是得分表或抽取记录"),
        (b'{"format": "jiebang-scores-1"}', "文件不完整或被改动过"),
        (b'{"format": "jiebang-draw-1", "seed": 5}', "文件不完整或被改动过"),
    ],
)
def test_what_is_no_record_is_refused_in_words(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "record.json"
    if content is not None:
        path.write_bytes(content)
    answer = CliRunner().invoke(app, ["recompute", str(path)])

    assert answer.exit_code == 2
    assert told in answer.output


def test_void_scores_say_why_and_a_recusal_leads_back_to_the_review(store: Store, tmp_path: Path) -> None:
    panel = judged(store, tmp_path)
    with playing(store, tmp_path) as stage:
        stage.now = LATER
        done = stage.post(
            at(panel.scene, "members", panel.drawn[4], "bids"),
            panel.scene.posts[Post.KEEPER],
            bid=panel.bids[0],
            reason="查实为亲属",
        )
        scores = stage.page(f"/rounds/{panel.scene.round_id}/scores", panel.scene.issuer)
        void = stage.page(f"/rounds/{panel.scene.round_id}/scores/1", panel.scene.issuer)
        board = stage.page(at(panel.scene), panel.scene.issuer)

    assert done.status_code == 303
    assert "现在没有有效的得分" in scores
    assert "有评审专家应当回避" in scores
    assert "查实为亲属" not in scores + void
    assert "这份得分已作废" in void
    assert "有申报的评分表不够，需要再请一名专家" in board
