"""The first whole path over HTTP: a spreadsheet becomes ranked, explained matches on a page."""

import csv
import io
import re
import threading
from pathlib import Path

import openpyxl
from starlette.testclient import TestClient

from marketplace.accounts import accounts, grants
from marketplace.accounts.words import Role
from tests.web.conftest import Market
from web.demo.loading import REGION

LIST = Path(__file__).parents[1] / "ingest" / "lists" / "01_qingya_scene_chances.xlsx"
TITLE = "雨污混接点识别"


def upload(client: TestClient, token: str, path: Path, *, data: bytes | None = None) -> str:
    """Send a file as the organiser; gives the address of its intake."""
    answer = client.post(
        "/intakes",
        data={"csrf_token": token, "region": "福建省/临川市", "kind": ""},
        files={"file": (path.name, path.read_bytes() if data is None else data)},
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def confirm(client: TestClient, token: str, intake: str) -> str:
    """Publish an intake as a new list; gives the address of its edition."""
    data = {"csrf_token": token, "version": version_of(client, intake), "series": "new", "title": "青崖市场景机会清单"}
    data["checked"] = "yes"  # the rows still to be checked were looked at
    answer = client.post(f"{intake}/confirm", data=data)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def version_of(client: TestClient, intake: str) -> str:
    page = client.get(f"{intake}/confirm", params={"series": "new", "title": "青崖市场景机会清单"}).text
    return page.split('name="version" value="')[1].split('"')[0]


def test_upload_shows_what_was_read_and_publishes_nothing(market: Market) -> None:
    with market.client() as client:
        intake = upload(client, market.signed_in(client, "主办方"), LIST)

        page = client.get(intake)

        assert page.status_code == 200
        assert TITLE in page.text
        assert "这一行是填写示例" in page.text
        assert TITLE not in client.get("/lists/scenario", params={"q": TITLE}).text.split("<main")[1].split("value=")[0]
        assert client.get("/search", params={"q": "登瀛不存在的词"}).status_code == 200


def test_confirm_publishes_items_that_are_found_at_once_with_their_matches(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        edition = confirm(client, token, upload(client, token, LIST))

        listed = client.get("/lists/scenario", params={"q": TITLE}).text
        item = re.search(rf'href="(/items/\w+)"[^>]*>\s*{TITLE}', listed)
        assert item is not None
        page = client.get(item[1]).text

        assert TITLE in client.get(edition).text
        assert LIST.name in page
        assert "第 8 行" in page
        assert any(verdict in page for verdict in ("正合适", "可承接", "暂无合适供给"))


def appoint(market: Market, title: str) -> None:
    """Make somebody an organiser of the demo's region too."""
    installation = market.installation
    with installation.store.writing() as session:
        account_id = accounts.find_by_email(session, market.sign_ins[title].email)
        assert account_id is not None
        now, new_id = installation.clock(), installation.new_id
        grants.give(session, account_id=account_id, role=Role.ORGANISER, region=REGION, now=now, new_id=new_id)


def test_confirm_by_two_people_lets_one_win_and_tells_the_other(market: Market) -> None:
    appoint(market, "监督")
    with market.client() as first, market.client() as second:
        tokens = market.signed_in(first, "主办方"), market.signed_in(second, "监督")
        intake = upload(first, tokens[0], LIST)
        version = version_of(first, intake)
        answers: list[tuple[int, str]] = []

        def press(client: TestClient, token: str) -> None:
            data = {"csrf_token": token, "version": version, "series": "new", "title": "青崖市场景机会清单"}
            data["checked"] = "yes"
            answer = client.post(f"{intake}/confirm", data=data)
            answers.append((answer.status_code, answer.text))

        threads = [threading.Thread(target=press, args=each) for each in zip((first, second), tokens, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(status for status, _ in answers) == [303, 409]
        told = next(text for status, text in answers if status == 409)
        assert "确认发布了这份导入，您的操作没有生效" in told
        assert client_count(first) == 1


def client_count(client: TestClient) -> int:
    return client.get("/editions").text.count("青崖市场景机会清单")


def test_refuse_an_unreadable_file_and_write_nothing(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        before = client.get("/intakes").text.count("/intakes/")

        answer = client.post(
            "/intakes",
            data={"csrf_token": token, "region": "福建省/临川市", "kind": ""},
            files={"file": ("清单.xlsx", b"not a workbook")},
        )

        assert answer.status_code == 422
        assert "清单.xlsx：" in answer.text
        assert client.get("/intakes").text.count("/intakes/") == before
        assert list(market.installation.files.digests()) == sorted(market.installation.files.digests())


def test_refuse_an_oversized_file_with_a_page(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        big = b"0" * (market.installation.settings.upload_limit_bytes + 100_000)

        answer = client.post(
            "/intakes", data={"csrf_token": token, "region": "福建省/临川市"}, files={"file": ("大.xlsx", big)}
        )

        assert answer.status_code == 413
        assert "文件太大，最多 20 MB" in answer.text


def test_download_a_list_as_csv_and_xlsx(market: Market) -> None:
    with market.client() as client:
        raw = client.get("/lists/demand.csv").content
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
        book = openpyxl.load_workbook(io.BytesIO(client.get("/lists/demand.xlsx").content))

        assert raw.startswith(b"\xef\xbb\xbf")
        assert len(rows) == 1 + 43 + 2  # the header, the lists' needs, and two that were posted by form
        assert len({len(row) for row in rows}) == 1
        assert sum(1 for row in book.active.iter_rows() if any(cell.value for cell in row)) >= 1 + 43


def test_show_an_opc_with_the_needs_it_answers(market: Market) -> None:
    with market.client() as client:
        listed = client.get("/lists/capability", params={"q": "排水管道 CCTV 检测 缺陷 判读"}).text
        found = re.search(r'href="(/opcs/\w+)"[^>]*>\s*管探士', listed)
        assert found is not None

        page = client.get(found[1]).text

        assert "排水管道CCTV检测视频缺陷自动判读" in page
        assert "<mark>" in page


def test_mask_a_contact_until_the_organiser_asks_and_remember_it(market: Market) -> None:
    with market.client() as client:
        listed = client.get("/lists/scenario", params={"q": "12345热线工单"}).text
        item = re.search(r'href="(/items/\w+)"', listed)
        assert item is not None
        hidden = client.get(item[1]).text
        token = market.signed_in(client, "主办方")

        asked = client.post(f"{item[1]}/contact", data={"csrf_token": token})

        assert "13900001102" not in hidden
        assert "139****1102" in hidden
        # A whole contact is shown for a stated purpose alone (test_unmasking).
        assert (asked.status_code, asked.headers["location"]) == (303, f"/unmaskings{item[1]}")


def test_search_offers_what_is_near_and_says_so(market: Market) -> None:
    with market.client() as client:
        near = client.get("/search", params={"q": "行道树病虫害识别"}).text
        nothing = client.get("/search", params={"q": "量子引力波探测"}).text

        assert "没有找到包含“行道树病虫害识别”的内容" in near
        assert "古树名木" in near
        assert "没有找到与“量子引力波探测”有关的内容" in nothing


MARKED = "需求名称,需求单位,统一社会信用代码,需求描述\n泵站巡检,澄江水务集团有限公司,91350100M000100Y4X,巡检三十座泵站\n管网测漏,澄江水务集团有限公司,,三百公里管网\n"
"""A list of two rows; the code of the first has a wrong check digit."""


def test_rows_that_are_to_be_checked_are_named_and_published_on_a_word_alone(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        intake = upload(client, token, Path("需求清单.csv"), data=MARKED.encode())
        form = {"series": "new", "title": "待核对清单", "publisher": "临川市数据局", "number": "1"}
        asked = client.get(f"{intake}/confirm", params=form).text
        data = {**form, "csrf_token": token, "version": version_of(client, intake)}
        silent = client.post(f"{intake}/confirm", data=data)
        before = client.get(intake).text
        done = client.post(f"{intake}/confirm", data={**data, "checked": "yes"})

    assert "有 1 处标着“需要核对”" in asked
    assert "第 2 行“泵站巡检”" in asked
    assert "管网测漏”：" not in asked
    assert (silent.status_code, "逐行核对后勾选，再发布" in silent.text) == (422, True)
    assert "已经发布" not in before.split("<main")[1]
    assert (done.status_code, done.headers["location"].startswith("/editions/")) == (303, True)
