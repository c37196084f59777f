"""An expert's sheet: the bid beside the criteria, saved field by field and as a whole, handed in, taken back; its files."""

import hashlib
import json
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pypdfium2
import pytest
import typst

from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.rounds.panel_words import SheetState
from marketplace.rounds.seal_tables import RoundSeal
from marketplace.rounds.sealing import seals
from marketplace.rounds.sheet_tables import Sheet
from tests.marketplace import review_market as market
from tests.marketplace.market import tamper
from tests.marketplace.review_market import FULL, Panel
from tests.marketplace.round_market import BID
from tests.web.review_stage import MARKS, NAMES, at, close, judging, own_sheets, went
from tests.web.round_stage import Stage

AUTHOR = "木语视觉何一人"


def sheet(store: Store, address: str) -> Sheet:
    """The row of a sheet by its address."""
    with store.reading() as session:
        return session.get_one(Sheet, address.rsplit("/", maxsplit=1)[1])


def version(store: Store, address: str) -> str:
    """The version that an open page of a sheet holds."""
    return str(sheet(store, address).version)


def send(stage: Stage, panel: Panel, address: str, fields: dict[str, str], *, number: int = 0, **more: str) -> object:
    """Send the whole form as the page stands."""
    return stage.post(address, panel.expert(number), _version=version(stage.store, address), **fields, **more)


def test_the_bid_stands_beside_what_the_notice_asks(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        first = own_sheets(stage, panel, panel.expert(0))[0]
        page = stage.page(first, panel.expert(0))
    for said in (BID["plan"], BID["schedule"], BID["team"], BID["indicator-1"], BID["condition-c1-answer"]):
        assert said in page
    assert "巡查全市三万株行道树，识别病害，预警倒伏。" in page
    assert "病害识别率不低于 88%" in page
    assert "86.5 万元" in page
    assert "满分 40 分，最低分 24 分；低于 24 分或高于 36 分的，请写明理由。" in page
    assert "第 1 份，共 3 份" in page
    assert BID["contact_name"] not in page
    assert BID["contact_phone"] not in page


def test_a_field_is_saved_by_itself_and_says_what_is_wrong_with_it(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        expert = panel.expert(0)
        address = own_sheets(stage, panel, expert)[0]
        saved = [
            stage.post(f"{address}/autosave", expert, _version="0", _changed=name, **{name: value}).json()
            for name, value in (("mark-c1", "23.5"), ("mark-c2", "31"), ("comment-c1", "没有说明夜间怎样识别。"))
        ]
        again = stage.post(f"{address}/autosave", expert, _version="0", _changed="mark-c2", **{"mark-c2": "31"}).json()
        foreign = stage.post(f"{address}/autosave", expert, _version="3", _changed="mark-c9", **{"mark-c9": "1"})
    assert [one["version"] for one in saved] == [1, 2, 3]
    assert saved[0]["errors"] == {"comment-c1": "“方案与指标响应”的得分偏低，请写明理由。"}
    assert set(saved[1]["errors"]) == {"comment-c1", "mark-c2"}
    assert set(saved[2]["errors"]) == {"mark-c2"}
    assert again["version"] == 3  # a line that came back sends once more what had arrived
    assert foreign.status_code == 422
    row = sheet(store, address)
    assert (row.marks, row.comments) == ({"mark-c1"[5:]: "23.5", "c2": "31"}, {"c1": "没有说明夜间怎样识别。"})


def test_the_whole_form_is_kept_without_scripts_and_handed_in_when_it_is_complete(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        expert = panel.expert(0)
        address = own_sheets(stage, panel, expert)[0]
        kept = send(stage, panel, address, {"mark-c1": "20", "comment-all": "一行\r\n两行"})
        early = send(stage, panel, address, {"mark-c1": "20", "mark-c2": "24"}, then="submit")
        page = unescape(early.text)  # type: ignore[attr-defined]
        handed_in = send(stage, panel, address, dict(FULL), then="submit")
        shown = stage.page(address, expert)
        locked = send(stage, panel, address, {"mark-c1": "1"})
        back = went(stage.post(f"{address}/take-back", expert))
        again = stage.post(f"{address}/take-back", expert)
        open_again = stage.page(back, expert)
    assert went(kept) == f"{address}?done=saved"  # type: ignore[arg-type]
    assert early.status_code == 422  # type: ignore[attr-defined]
    for name in ("comment-c1", "mark-c3", "mark-c4"):
        assert f'href="#{name}"' in page
        assert f'id="{name}"' in page
    assert went(handed_in) == at(panel, "?done=submitted")  # type: ignore[arg-type]
    assert "合计 <strong>79.50</strong> 分" in shown
    assert "取回修改" in shown
    assert "一行\n两行" in shown
    assert locked.status_code == 409  # type: ignore[attr-defined]
    assert again.status_code == 409
    assert 'value="32"' in open_again
    assert sheet(store, address).state is SheetState.DRAFT


def test_what_another_window_has_saved_is_not_overwritten_unseen(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        expert = panel.expert(0)
        address = own_sheets(stage, panel, expert)[0]
        fields = {"mark-c1": "30", "comment-c1": "甲"}
        assert send(stage, panel, address, fields)
        clash = stage.post(address, expert, _version="0", **{"mark-c1": "31", "comment-c1": "甲"})
        page = unescape(clash.text)
        same = stage.post(address, expert, _version="0", **fields)  # it had arrived, its answer had not
        settled = stage.post(address, expert, _version="1", **{"mark-c1": "31", "comment-c1": "甲"})
    assert clash.status_code == 409
    assert "有 1 处不一样" in page
    assert "“方案与指标响应”的分数</a>：已保存的是“30”，您这里是“31”" in page
    assert 'value="31"' in page
    assert went(same) == went(settled) == f"{address}?done=saved"
    assert sheet(store, address).marks["c1"] == "31"


def test_a_sheet_is_its_experts_alone(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        address = own_sheets(stage, panel, panel.expert(0))[0]
        market.mark(store, panel, panel.expert(0), panel.bids[0], {**FULL, "comment-all": "暗语：只有本人看得到"})
        others = (panel.expert(1), panel.reserve(0), panel.bidders[0], panel.scene.issuer, panel.scene.table.organiser)
        asked = [
            (stage.get(address + end, who).status_code, stage.post(address + sent, who, _version="1").status_code)
            for who in others
            for end, sent in (("", ""), ("/files/1", "/autosave"), ("/recusal", "/take-back"), ("/recusal", "/recusal"))
        ]
        pages = [stage.page(one, panel.expert(1)) for one in (at(panel), *own_sheets(stage, panel, panel.expert(1)))]
    assert asked == [(404, 404)] * len(asked)
    assert not any("暗语" in page for page in pages)


def test_a_conflict_found_late_closes_the_bid_at_once(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        expert = panel.expert(0)
        address = own_sheets(stage, panel, expert)[0]
        name = stage.page(address, expert).partition("<h1>")[2].partition("</h1>")[0]
        asked, bare = stage.page(f"{address}/recusal", expert), stage.post(f"{address}/recusal", expert)
        to = went(stage.post(f"{address}/recusal", expert, reason="其股东是我的学生。"))
        page = stage.page(to, expert)
        closed = [stage.get(address + end, expert).status_code for end in ("", "/recusal", "/files/1")]
        saved = stage.post(f"{address}/autosave", expert, _version="0", _changed="mark-c1", **{"mark-c1": "3"})
        left = own_sheets(stage, panel, expert)
    assert "立即对您关闭" in asked
    assert bare.status_code == 422
    assert "这份申报对您关闭" in page
    assert name in page
    assert "其股东是我的学生。" in page
    assert closed == [403, 403, 403]
    assert saved.status_code == 422
    assert saved.json()["message"] == "未保存：您已回避这份申报，不能再查看。"
    assert len(left) == 2


def test_the_review_being_over_locks_the_sheet_and_leads_to_the_consensus(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        close(store, panel, MARKS)
        address = own_sheets(stage, panel, panel.expert(0))[0]
        page = stage.page(address, panel.expert(0))
        saved = stage.post(f"{address}/autosave", panel.expert(0), _version="9", _changed="mark-c1", **{"mark-c1": "3"})
    assert "评分表已锁定" in page
    assert f'href="{at(panel, "/together")}"' in page
    assert "取回修改" not in page
    assert saved.status_code == 422
    assert saved.json()["message"].startswith("未保存：评审已经结束")


def plant(store: Store, panel: Panel, data: bytes, name: str = f"{AUTHOR}方案.pdf") -> None:
    """Put another file in the place of the one of every bid, sealed as theirs are."""
    with store.reading() as session:
        recipient = session.get_one(RoundSeal, panel.scene.round_id).recipient
    sealed = seals.seal(data, [recipient])
    panel.scene.files.put(sealed.data, limit_bytes=len(sealed.data))
    label = {
        "name": name,
        "kind": "实施方案",
        "size_bytes": len(data),
        "digest": hashlib.sha256(data).hexdigest(),
        "sealed_digest": sealed.digest,
    }
    tamper(store, f"UPDATE bid_opening SET attachments = '{json.dumps([label], ensure_ascii=False)}'")


@pytest.mark.parametrize("hides", [False, True])
def test_a_file_comes_as_it_was_or_without_its_makers_name(store: Store, tmp_path: Path, hides: bool) -> None:
    made = typst.compile(f'#set document(title: "方案", author: "{AUTHOR}")\n= Plan'.encode())
    with judging(store, tmp_path, hides=hides) as (stage, panel):
        plant(store, panel, made)
        expert = panel.expert(0)
        address = own_sheets(stage, panel, expert)[0]
        page = stage.page(address, expert)
        taken, viewed = (stage.get(f"{address}/files/1{end}", expert) for end in ("", "?view=1"))
        none = [stage.get(f"{address}/files/{number}", expert).status_code for number in ("0", "2", "x")]
        with store.reading() as session:
            bid_id = session.get_one(Sheet, address.rsplit("/", maxsplit=1)[1]).bid_id
            reads = [one.actor_id for one in audit.history(session, "bid", bid_id) if one.action == "bid.file_read"]
    name = "附件1（实施方案）.pdf" if hides else f"{AUTHOR}方案.pdf"
    assert name in page
    assert (AUTHOR in page) is not hides
    assert any(one in page for one in NAMES) is not hides
    assert taken.headers["content-disposition"].endswith(quote(name))
    assert taken.headers["content-disposition"].startswith("attachment")
    assert viewed.headers["content-disposition"].startswith("inline")
    assert viewed.headers["content-type"] == "application/pdf"
    assert pypdfium2.PdfDocument(taken.content).get_metadata_dict()["Author"] == ("" if hides else AUTHOR)
    assert (taken.content == made) is not hides
    assert none == [404, 404, 404]
    assert reads == [expert.account_id] * 2


def test_where_names_are_hidden_a_file_that_cannot_be_cleaned_is_not_given(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path, hides=True) as (stage, panel):
        plant(store, panel, b"%PDF-1.7 broken")
        address = own_sheets(stage, panel, panel.expert(0))[0]
        answer = stage.get(f"{address}/files/1", panel.expert(0))
    assert answer.status_code == 409
    assert "无法清除其中的单位名称" in unescape(answer.text)
