"""Filling in a profile from an introduction, in a browser: uploaded, looked through, ticked, edited, published as always."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from marketplace.profiles import brochures, profiles
from marketplace.profiles.rules.evidence import safe_name
from tests.ingest.introductions.build import build
from tests.ingest.introductions.documents import DOCUMENTS
from tests.web.conftest import Market
from tests.web.test_profile_desk import carried, client_of, join, sign_in

LABELS = next(build(one, "md") for one in DOCUMENTS if one.name == "labels")
ADDRESS = "/profile/brochures"


def upload(client: TestClient, hidden: dict[str, str], data: bytes = LABELS, name: str = "禾声语音.md") -> str:
    """Send a file; gives the address of its review."""
    answer = client.post(
        ADDRESS, data={"csrf_token": hidden["csrf_token"]}, files={"file": (name, data, "application/octet-stream")}
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def ticked(page: str) -> dict[str, list[str] | str]:
    """The form of a review as its page fills it in: what is ticked, and every text."""
    found: dict[str, list[str] | str] = {
        "take": re.findall(r'name="take"\s+type="checkbox"\s+value="([^"]+)"\s*checked', page),
        **carried(page),
    }
    for name, value in re.findall(r'name="([a-z_]+-\d+-\w+)"\s+type="text"\s+value="([^"]*)"', page):
        found[name] = unescape(value)
    for name, value in re.findall(r'<textarea[^>]*?name="([a-z_]+-\d+-\w+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        found[name] = unescape(value)
    for name, options in re.findall(r'<select[^>]*?name="([a-z_]+-\d+-kind)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="(\w+)"\s*selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


@pytest.fixture
def client(market: Market) -> Iterator[TestClient]:
    """A browser."""
    with market.client() as client:
        yield client


@pytest.fixture
def hidden(market: Market, client: TestClient) -> dict[str, str]:
    """Somebody of a new unit, signed in there."""
    join(market, "新手", name="禾声语音工作室")
    return sign_in(market, client, "新手")


def test_what_is_ticked_goes_into_the_draft_and_is_marked(
    market: Market, client: TestClient, hidden: dict[str, str]
) -> None:
    where = upload(client, hidden)
    page = client.get(where).text
    done = client.post(where, data=ticked(page))

    assert (done.status_code, done.headers["location"]) == (303, "/profile/edit?done=taken")
    editor = client.get("/profile/edit").text
    for words in (
        "方言语音转写，听得懂田间地头",
        "涪江村务公开录音整理",
        "涪江镇政府",
        "说话人分离",
        "按时长计费，每小时 20 元",
    ):
        assert words in editor
    assert "来自《禾声语音.md》第 3 行" in editor
    assert "其中 3 项来自《禾声语音.md》第 13 行" in editor
    with market.installation.store.reading() as session:
        assert [card for card in profiles.documents(session) if card.headline.startswith("方言")] == []


def test_the_review_shows_the_passage_its_place_and_the_field(client: TestClient, hidden: dict[str, str]) -> None:
    page = client.get(upload(client, hidden)).text

    assert re.search(r"一句话介绍：方言语音转写.{0,200}第 3 行", page, re.DOTALL)
    assert page.count('type="checkbox"') == page.count('class="reading"') > 8
    # The unit's registered region stands in its draft already: nothing is replaced unless somebody says so.
    assert re.search(r"草稿里写的是“福建省临川市”，勾选后会替换", page)
    assert not re.search(r'value="region-\d+"\s*checked', page)


def test_what_was_edited_is_taken_as_edited_and_what_is_left_out_stays_out(
    client: TestClient, hidden: dict[str, str]
) -> None:
    where = upload(client, hidden)
    form = ticked(client.get(where).text)
    team = next(key for key in form["take"] if key.startswith("team_size"))
    form["take"] = [team]
    client.post(where, data={**form, f"{team}-text": "5人"})

    editor = client.get("/profile/edit").text
    assert re.search(r'name="team_size"[^>]*value="5"', editor)
    assert "方言语音转写" not in editor


def test_nothing_ticked_and_a_bad_number_are_told_with_everything_still_typed(
    client: TestClient, hidden: dict[str, str]
) -> None:
    where = upload(client, hidden)
    form = ticked(client.get(where).text)
    none = client.post(where, data={**form, "take": []})
    team = next(key for key in form["take"] if key.startswith("team_size"))
    wrong = client.post(where, data={**form, f"{team}-text": "好几个"})

    assert (none.status_code, "还没有勾选要加入画像的内容" in none.text) == (422, True)
    assert (wrong.status_code, wrong.text.count("请填写整数")) == (422, 2)
    assert 'value="好几个"' in wrong.text
    assert ticked(wrong.text)["take"] == form["take"]


def test_a_colleague_who_wrote_meanwhile_is_not_overwritten(client: TestClient, hidden: dict[str, str]) -> None:
    where = upload(client, hidden)
    form = ticked(client.get(where).text)
    client.post("/profile/edit", data={**hidden, "headline": "同事写的一句话"})
    torn = client.post(where, data=form)

    assert torn.status_code == 409
    assert "同事刚刚改了一句话介绍" in torn.text
    assert "草稿里写的是“同事写的一句话”" in torn.text
    again = client.post(where, data=ticked(torn.text))
    assert again.status_code == 303
    assert 'value="方言语音转写，听得懂田间地头"' in client.get("/profile/edit").text


def test_what_cannot_be_read_is_refused_and_leaves_nothing(client: TestClient, hidden: dict[str, str]) -> None:
    sent = {"csrf_token": hidden["csrf_token"]}
    answers = [
        client.post(ADDRESS, data=sent, files={"file": ("a.docx", data, "x/y")})
        for data in (b"", b"PK\x03\x04broken", "需求名称,预算\n管网,3\n".encode())
    ]
    no_file = client.post(ADDRESS, data=sent)

    assert [one.status_code for one in (*answers, no_file)] == [422] * 4
    assert "文件是空的" in answers[0].text
    assert "没有选择文件" in no_file.text
    assert "还没有上传过介绍文件" in client.get(ADDRESS).text


def test_the_original_comes_back_and_can_be_removed(market: Market, client: TestClient, hidden: dict[str, str]) -> None:
    where = upload(client, hidden)
    file = client.get(f"{where}/file")
    assert (file.content, "attachment" in file.headers["content-disposition"]) == (LABELS, True)
    assert "不能；需要时可以重新上传" in client.get(f"{where}/remove").text

    gone = client.post(f"{where}/remove", data={"csrf_token": hidden["csrf_token"]})

    assert (gone.status_code, gone.headers["location"]) == (303, f"{ADDRESS}?done=removed")
    assert [client.get(address).status_code for address in (where, f"{where}/file")] == [404, 404]
    assert list((market.installation.files.folder / "evidence").glob("??/*")) == []


def test_nobody_else_sees_a_file(market: Market, client: TestClient, hidden: dict[str, str]) -> None:
    where = upload(client, hidden)
    other = client_of(client)
    sign_in(market, other, "OPC")

    assert [other.get(f"{where}{rest}").status_code for rest in ("", "/file", "/remove")] == [404] * 3
    assert "禾声语音" not in other.get(ADDRESS).text


def test_a_file_of_somebody_else_is_questioned(client: TestClient, hidden: dict[str, str]) -> None:
    text = "公司名称：盐城木语视觉科技有限公司\n我们提供病虫害识别服务。\n团队规模：3人\n".encode()
    page = client.get(upload(client, hidden, text, "别家.txt")).text

    assert "文件介绍的是“盐城木语视觉科技有限公司”" in page


def test_the_archive_takes_files_along(client: TestClient, hidden: dict[str, str]) -> None:
    import io
    import zipfile

    upload(client, hidden)
    packed = zipfile.ZipFile(io.BytesIO(client.get("/profile/export").content))

    (name,) = [each for each in packed.namelist() if each.startswith("介绍文件/")]
    assert (packed.read(name), name.endswith(safe_name("禾声语音.md"))) == (LABELS, True)


def test_too_many_files_are_told(client: TestClient, hidden: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brochures, "MOST", 1)
    upload(client, hidden)
    answer = client.post(
        ADDRESS,
        data={"csrf_token": hidden["csrf_token"]},
        files={"file": ("b.md", LABELS + b"\n", "x/y")},
    )

    assert (answer.status_code, "请先删去不用的" in answer.text) == (409, True)
