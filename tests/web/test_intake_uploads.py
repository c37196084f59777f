"""Uploading: documents of any format and several files at once, each with its own fate; where a row stands is said."""

from pathlib import Path

from tests.web.conftest import Market
from tests.web.test_path import confirm, upload

LISTS = Path(__file__).parents[1] / "ingest" / "lists"
HERE = {"region": "福建省/临川市", "kind": ""}


def test_files_are_taken_in_each_by_itself(market: Market) -> None:
    names = ["16_hospital_need_cards.docx", "33_farm_forest_bids.pdf", "hostile/25_docx_table_0_rows.docx"]
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        sent = [("file", (Path(name).name, (LISTS / name).read_bytes())) for name in names]
        page = client.post("/intakes", data={"csrf_token": token, **HERE}, files=sent)

        assert page.status_code == 200
        assert "已收到 2 个文件" in page.text
        assert "16_hospital_need_cards.docx</a>：可发布 7 行" in page.text
        assert "1 个文件没有导入" in page.text
        assert "25_docx_table_0_rows.docx：" in page.text
        assert client.get("/intakes").text.count("等待确认</span>") >= 2


def test_files_of_which_none_is_a_list_leave_nothing(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        before = client.get("/intakes").text.count("/intakes/")
        sent = [("file", (f"{number}.xlsx", b"nothing")) for number in range(2)]
        page = client.post("/intakes", data={"csrf_token": token, **HERE}, files=sent)

        assert page.status_code == 422
        assert "没有导入" in page.text
        assert client.get("/intakes").text.count("/intakes/") == before


def test_cards_and_paragraphs_are_told_apart_by_where_they_stand(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        cards = client.get(upload(client, token, LISTS / "16_hospital_need_cards.docx")).text
        paragraphs = upload(client, token, LISTS / "36_culture_scene_paragraphs.pdf")
        page = client.get(paragraphs).text

        assert cards.count("消毒供应中心器械包追溯与清洗质量判读</strong>") == 1
        assert "表 2 第 1 行" in cards
        assert "表 8 第 1 行" in cards
        assert "正文中的条目" in page
        assert "第 1 页 第 " in page
        edition = confirm(client, token, paragraphs)
        item = client.get(edition).text.split('href="/items/')[1].split('"')[0]
        shown = client.get(f"/items/{item}").text
        assert "原文见第1页第8段" in shown
        assert "第 1 页，第 5 段" in shown
        assert "单元格 第" not in shown
