"""Putting a file right on its page, long files read in the background, and an edition undone: as a person does it."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Market
from tests.web.test_path import confirm
from web.worker import SlowWorker

SCAN = Path(__file__).parents[1] / "ingest" / "lists" / "39_court_scenes_scan.png"
HERE = {"region": "福建省/临川市", "kind": ""}
LIST = (
    "临川市需求清单,,,,\n填报单位：临川市数据局,单位：万元,,,\n需求名称,需求单位,预算,完成时限,具体情况\n"
    "泵站异响识别,临川市排水有限公司,三百,2023117日,听声辨障\n,临川市公交集团有限公司,200,2026年6月底前,识别疲劳驾驶\n"
)


def send(client: TestClient, token: str, name: str, data: bytes) -> str:
    answer = client.post("/intakes", data={"csrf_token": token, **HERE}, files=[("file", (name, data))])
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def put_right(client: TestClient, token: str, address: str, **words: str) -> str:
    form = {f"words.{part}": text for part, text in words.items()}
    sent = {"csrf_token": token, **form}
    answer = client.post(address, data=sent)
    assert answer.status_code == 303, answer.text
    return client.get(str(answer.headers["location"])).text


def test_a_messy_file_is_put_right_published_and_undone(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        intake = send(client, token, "需求.csv", LIST.encode())
        page = client.get(intake).text
        assert "不能发布" in page
        assert f'href="{intake}/rows/2">更正' in page

        row = put_right(client, token, f"{intake}/rows/1", period="2026年11月7日前")
        assert "已更正" in row
        assert '读作：<span class="prewrap">2026年11月7日前' in row
        assert "原文“2023117日”" in row
        put_right(client, token, f"{intake}/rows/2", title="疲劳驾驶识别")
        columns = re.search(r'name="layout" value="(\w+)"', client.get(intake).text)
        assert columns is not None
        sent = {
            "csrf_token": token,
            "version": version(client.get(intake).text),
            "layout": columns[1],
            "header": ["具体情况", "预算"],
            "part": ["description", ""],
        }
        answer = client.post(f"{intake}/columns", data=sent)
        assert answer.headers["location"] == f"{intake}?mapped=1"
        page = client.get(f"{intake}?mapped=1&open=all").text
        assert "以后这个单位同样表头的文件，都照此读" in page
        assert "听声辨障" in page
        assert "没有发现问题" in page

        edition = confirm(client, token, intake)
        assert "疲劳驾驶识别" in client.get(edition).text
        # The same list again, with one line fewer: read as was said before.
        again = send(client, token, "需求2.csv", LIST.replace("2023117日", "2027年").encode())
        page = client.get(again).text
        assert "由人指定" in page
        second = confirm(client, token, again)
        assert "1</dd>" in re.sub(r"\s+", "", client.get(second).text)

        assert "恢复上一期内容" in client.get(second).text
        assert client.post(f"{second.split('?')[0]}/undo", data={"csrf_token": token}).status_code == 422
        sent = {"csrf_token": token, "reason": "漏了一行"}
        third = client.post(f"{second.split('?')[0]}/undo", data=sent).headers["location"]
        page = client.get(third).text
        assert "疲劳驾驶识别" in page
        assert "漏了一行" in page
        assert "这一期已被第 3 期替换" in client.get(second).text


def test_what_was_typed_is_kept_where_somebody_was_faster(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        intake = send(client, token, "需求.csv", LIST.encode())
        put_right(client, token, f"{intake}/rows/1", sector="水务")

        begun = {"csrf_token": token, "was.sector": "", "words.sector": "排水", "was.region": "", "words.region": ""}
        answer = client.post(f"{intake}/rows/1", data=begun)

        assert answer.status_code == 409
        assert 'value="排水"' in answer.text
        assert "刚刚由别人改为“水务”" in answer.text
        assert 'name="was.sector" value="水务"' in answer.text
        # Saved again, knowing of the other's words.
        assert client.post(f"{intake}/rows/1", data={**begun, "was.sector": "水务"}).status_code == 303
        answer = client.post(f"{intake}/rows/1", data={"csrf_token": token, "words.title": "长" * 501})
        assert answer.status_code == 422
        assert "请不要超过 500 个字" in answer.text
        same = client.post(f"{intake}/rows/1", data={"csrf_token": token, "was.sector": "排水", "words.sector": "排水"})
        assert "没有改动" in client.get(same.headers["location"]).text


def test_return_in_a_field_saves_and_takes_nothing_back(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        intake = send(client, token, "需求.csv", LIST.encode())
        page = put_right(client, token, f"{intake}/rows/1", sector="水务")

        # A browser presses the first button of a form; those that take back belong to another one.
        form = page.split(f'action="{intake}/rows/1"')[1].split("</form>")[0]
        buttons = [tag for tag in re.findall(r"<button[^>]*>", form, re.DOTALL) if 'form="take-back"' not in tag]
        assert len(buttons) == 1
        assert "name=" not in buttons[0]


def test_columns_that_make_no_list_leave_the_file_as_it_was(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        intake = send(client, token, "需求.csv", LIST.encode())
        layout = re.search(r'name="layout" value="(\w+)"', client.get(intake).text)
        assert layout is not None
        sent = {
            "csrf_token": token,
            "version": "1",
            "layout": layout[1],
            "header": ["需求名称", "需求单位"],
            "part": ["title", "title"],
        }

        answer = client.post(f"{intake}/columns", data=sent)

        assert answer.status_code == 422
        assert "只能有一列读作“名称”" in answer.text
        assert version(client.get(intake).text) == "1"


def test_a_file_without_a_column_of_names_is_helped_by_a_person(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        text = "预算,需求单位,完成时限\n30万元,临川市排水有限公司,2026年6月底前\n"
        intake = send(client, token, "难认.csv", text.encode())
        page = client.get(intake).text
        assert "表头中没有名称一列" in page
        layout = re.search(r'name="layout" value="(\w+)"', page)
        assert layout is not None

        sent = {"csrf_token": token, "version": "1", "layout": layout[1], "header": "需求单位", "part": "title"}
        assert client.post(f"{intake}/columns", data=sent).status_code == 303

        assert "可以发布" in client.get(intake).text
        assert "临川市排水有限公司</strong>" in client.get(intake).text


def test_a_scan_is_read_while_nobody_waits(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = market.installation.settings.model_copy(update={"reading_wait_seconds": 0.01})
    monkeypatch.setattr(market.installation, "settings", slow)
    reader = SlowWorker(market.installation)
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        intake = send(client, token, "扫描件.png", SCAN.read_bytes())
        page = client.get(intake).text
        assert "正在读取" in page
        assert 'data-reload="3"' in page
        assert "正在读取</span>" in client.get("/intakes").text

        while reader.step():
            pass

        page = client.get(intake).text
        assert "可以发布" in page
        assert "data-reload" not in page
        assert f'src="{intake}/pages/1.png"' in client.get(f"{intake}/rows/1").text
        picture = client.get(f"{intake}/pages/1.png")
        assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
        broken = send(client, token, "坏的.pdf", b"%PDF-1.7\n" + b"x" * 200)
        while reader.step():
            pass
        page = client.get(broken).text
        assert "没有读成" in page
        assert "重新上传" in page
        assert "没有读成</span>" in client.get("/intakes").text
