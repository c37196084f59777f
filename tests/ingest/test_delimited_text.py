"""Encodings and separators of text lists."""

import pytest

from ingest.errors import Refused
from ingest.pipeline import read_list
from tests.ingest.lists_in_memory import HEADER, ROWS, TITLES, as_csv

LIST = as_csv([HEADER, *ROWS])


def titles_of(data: bytes, *, name: str = "需求清单.csv") -> list[str]:
    return [draft.title for draft in read_list(data, name=name).drafts]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "big5"]
)
def test_read_list_reads_every_encoding(encoding: str) -> None:
    traditional = {
        "big5": (
            "需求名稱,需求單位,聯繫電話\n智能巡檢設備,東湖物流公司,13800001234\n庫位推薦系統,東湖物流公司,13900001234\n",
            ["智能巡檢設備", "庫位推薦系統"],
        )
    }
    text, expected = traditional.get(encoding, (LIST, TITLES))
    assert titles_of(text.encode(encoding)) == expected


@pytest.mark.parametrize("separator", [",", "\t", ";", "；", "|"])
def test_read_list_finds_the_separator(separator: str) -> None:
    assert titles_of(as_csv([HEADER, *ROWS], separator=separator).encode()) == TITLES


def test_read_list_reads_quoted_line_breaks_and_quotes() -> None:
    text = '需求名称,需求单位,需求简介\r\n"智能\r\n巡检",东湖物流,"所谓""夜巡"",指无人值守"\r\n'
    draft = next(read_list(text.encode(), name="a.csv").drafts)
    assert (draft.title, draft.description, draft.row) == ("智能巡检", '所谓"夜巡",指无人值守', 2)


def test_read_list_reads_old_line_ends() -> None:
    assert titles_of(LIST.replace("\r\n", "\r").encode()) == TITLES


def test_read_list_obeys_a_separator_line() -> None:
    assert titles_of(("sep=;\r\n" + as_csv([HEADER, *ROWS], separator=";")).encode()) == TITLES


def test_read_list_reads_on_where_a_quote_is_never_closed() -> None:
    text = '需求名称,需求单位\n智能巡检,"东湖物流\n库位推荐,临川仓储\n'
    reading = read_list(text.encode(), name="a.csv")
    assert [(draft.title, draft.issuer) for draft in reading.drafts] == [
        ("智能巡检", "东湖物流"),
        ("库位推荐", "临川仓储"),
    ]
    assert "open_quote" in {problem.code for problem in reading.problems}


def as_western(data: bytes) -> str:
    """Bytes as a program sees them that takes them for Windows-1252; the five undefined ones stay as they are."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


TEXT = "场景名称,业主单位,联系电话\n智能巡检设备,东湖物流公司,13800001234\n"


@pytest.mark.parametrize(
    "garbled",
    [
        TEXT.encode().decode("gb18030"),
        TEXT.encode().decode("latin-1"),
        as_western(TEXT.encode()),
        TEXT.encode("gb18030").decode("latin-1"),
        as_western(TEXT.encode("gb18030")),
    ],
)
def test_read_list_repairs_a_file_that_was_decoded_wrongly(garbled: str) -> None:
    reading = read_list(garbled.encode(), name="a.csv")
    assert [(draft.title, draft.issuer) for draft in reading.drafts] == [("智能巡检设备", "东湖物流公司")]
    assert "mojibake_repaired" in {problem.code for problem in reading.problems}


def test_read_list_refuses_text_whose_characters_are_lost() -> None:
    lost = LIST.encode("gb18030").decode("utf-8", "replace").encode()
    with pytest.raises(Refused) as refused:
        read_list(lost, name="a.csv")
    assert refused.value.problem.code == "garbled"


def test_read_list_never_stores_lost_characters_silently() -> None:
    text = (
        "需求名称,需求单位,需求简介\n智能巡检,东湖\ufffd物流,夜间巡检\n库\ufffd位推荐,临川仓储,少找货\n"
        + "无人机巡线,临川电力,巡线\n" * 20
    )
    reading = read_list(text.encode(), name="a.csv")
    assert [(draft.title, draft.issuer) for draft in list(reading.drafts)[:2]] == [
        ("智能巡检", None),
        ("无人机巡线", "临川电力"),
    ]
    assert [(problem.code, problem.row, problem.column) for problem in reading.problems[:3]] == [
        ("mojibake", 2, "B"), ("mojibake", 3, "A"), ("no_title", 3, "A"),
    ]  # fmt: skip


def test_read_list_repairs_a_garbled_cell_and_keeps_the_original() -> None:
    garbled = "智能巡检设备".encode().decode("gb18030")
    text = f"需求名称,需求单位\n{garbled},东湖物流\n" + "无人机巡线,临川电力\n" * 20
    reading = read_list(text.encode(), name="a.csv")
    draft = next(reading.drafts)
    assert (draft.title, draft.raw["需求名称"]) == ("智能巡检设备", garbled)


def test_read_list_keeps_traditional_characters() -> None:
    text = "需求名稱,需求單位,聯繫電話\n智能巡檢設備,東湖物流公司,13800001234\n"
    draft = next(read_list(text.encode(), name="a.csv").drafts)
    assert (draft.title, draft.issuer, draft.contact_phone) == ("智能巡檢設備", "東湖物流公司", "13800001234")
