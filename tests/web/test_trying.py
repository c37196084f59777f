"""Trying the matcher: anybody may paste a need or an ability, and nothing of it is kept."""

import logging

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from tests.web.conftest import Market
from web.app import create_app
from web.pages.matches import trying
from web.pages.matches.trying import Asks, Tried

SQLITE = pytest.mark.parametrize("market", ["sqlite"], indirect=True)
TREES = "巡查行道树，识别病虫害\n树冠病虫害识别准确率不低于 85%\n发现倾斜十分钟内预警"
OLD = "巡查行道樹，識別病蟲害\n樹冠病蟲害識別準確率不低於 85%\n發現傾斜十分鐘內預警"
BY_PHOTO = (
    "算法从照片估树干偏离垂直的角度（平均误差1.6°）、死枝占冠比和空洞口径，输出绿黄红分级。"
    "支持与绿化台账按位置和树种双重比对。"
)
STRANGE = "囍囍专用暗号词"


def tried(client: TestClient, **form: str) -> tuple[int, str]:
    """The status and the page of one try."""
    answer = client.post("/try", data=form)
    return answer.status_code, answer.text


def rows(market: Market) -> dict[str, int]:
    """How many rows each table holds."""
    with market.installation.store.reading() as session:
        names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return {name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}


def test_both_directions_answer_with_the_sentences_that_prove_it(market: Market) -> None:
    with market.client() as client:
        status, suppliers = tried(client, asks="need", text=TREES)
        other, needs = tried(client, asks="ability", title="行道树体检：照片测斜、测枯、建档", text=BY_PHOTO)

    assert (status, other) == (200, 200)
    assert "匹配的 OPC" in suppliers
    assert 'href="/opcs/' in suppliers
    assert "<blockquote>" in suppliers
    assert "能争取的需求" in needs
    assert 'href="/items/' in needs
    assert "行道树" in needs
    assert "不保存" in suppliers
    assert 'value="ability" checked' in needs.replace("\n", " ").replace("  ", "")


def test_traditional_characters_find_the_same_and_are_marked(market: Market) -> None:
    with market.client() as client:
        _, simple = tried(client, asks="need", text=TREES)
        _, old = tried(client, asks="need", text=OLD)

    def found(page: str) -> list[str]:
        return [part.split('"')[0] for part in page.split('<a href="/opcs/')[1:]]

    assert found(simple)
    assert found(simple)[0] == found(old)[0]
    assert "<mark>行道樹</mark>" in old


@SQLITE
def test_what_cannot_be_matched_is_told_and_kept(market: Market) -> None:
    with market.client() as client:
        cases = {
            "": "还没有内容",
            "树": "只有 1 个字",
            "🌲🌲🌲": "只有表情或符号时无法比对",
            "树" * 400_000: "您粘贴了 400,000 个字",
        }
        told = {words[:3]: tried(client, asks="need", text=words) for words in cases}

    for words, said in cases.items():
        status, page = told[words[:3]]
        assert (status, said in page) == (422, True), words[:3]
        assert words[:3] in page.split("<textarea")[1].split("</textarea>")[0]
    assert "树" * trying.MOST_TEXT in told["树树树"][1]
    assert "树" * (trying.MOST_TEXT + 1) not in told["树树树"][1]


def test_english_and_mixed_text_are_matched_or_refused_in_words(market: Market) -> None:
    with market.client() as client:
        english = tried(client, asks="need", text="Tree disease recognition from mobile photos, accuracy at least 85%")
        mixed = tried(client, asks="ability", text="OCR 发票识别 + RAG 知识库问答，Excel 导出")
    for status, page in (english, mixed):
        assert status == 200
        assert "匹配分是系统估计" in page or "暂无合适" in page


@SQLITE
def test_nothing_of_it_is_stored_or_logged(market: Market, caplog: pytest.LogCaptureFixture) -> None:
    before = rows(market)
    with market.client() as client, caplog.at_level(logging.DEBUG):
        status, _ = tried(client, asks="need", title=STRANGE, text=TREES)
        after = rows(market)
    assert status == 200
    assert after == before
    assert STRANGE not in caplog.text


@SQLITE
def test_visitors_who_try_without_end_are_asked_to_wait(market: Market) -> None:
    installation = market.installation
    installation.settings = installation.settings.model_copy(update={"pages_per_address": 2})
    with TestClient(create_app(installation, with_worker=False), follow_redirects=False) as client:
        found = [tried(client, asks="need", text=TREES)[0] for _ in range(3)]
        empty = client.get("/try").status_code
    assert found == [200, 200, 429]
    assert empty == 200


@pytest.mark.parametrize(
    ("given", "title", "requirements"),
    [
        (Tried(title="巡树", text="1. 识别\n2. 预警"), "巡树", ("识别", "预警")),
        (Tried(text="巡查行道树\n识别病害\n倾斜预警"), "巡查行道树", ("识别病害", "倾斜预警")),
        (Tried(text="巡查行道树。识别病害；倾斜预警。"), "巡查行道树", ("识别病害", "倾斜预警")),
        (Tried(text="只有一句"), "只有一句", ()),
        (Tried(text="前" * 50 + "，" + "后" * 30), "前" * 50, ("后" * 30,)),
        (Tried(text="长" * 70), "长" * 60, ("长" * 10,)),
    ],
)
def test_need_is_called_by_its_title_or_its_first_sentence(
    given: Tried, title: str, requirements: tuple[str, ...]
) -> None:
    record = trying.need(given)
    assert (record.title, record.requirements) == (title, requirements)


def test_profile_is_headed_by_its_title_or_its_first_sentence() -> None:
    named = trying.profile(Tried(Asks.ABILITY, "识别病害", "准确率 91%。"))
    nameless = trying.profile(Tried(Asks.ABILITY, "", "识别病害。准确率 91%。"))
    assert (
        (named.headline, named.description) == (nameless.headline, nameless.description) == ("识别病害", "准确率 91%。")
    )
