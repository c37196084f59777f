"""JSON lines in, rankings out, exactly as the command's contract has it."""

import io
from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from matching.documents import Need, Profile
from matching.files import UnreadableLineError, match_files, read_needs, read_profiles
from tests.matching.small_market import NEEDS, PROFILES, open_engine


def write(path: Path, *records: object) -> Path:
    """A file of JSON lines."""
    path.write_bytes(b"\n".join(orjson.dumps(record) for record in records))
    return path


def test_read_needs_takes_known_keys_and_ignores_others(tmp_path: Path) -> None:
    path = write(
        tmp_path / "d.jsonl",
        {
            "id": "D1",
            "title": "排产",
            "description": "插单。",
            "requirements": ["三分钟重排"],
            "budget_max": "600000.00",
            "grounded": True,
        },
    )
    assert read_needs(path) == [
        Need("D1", "排产", "插单。", ("三分钟重排",), budget_max=Decimal("600000.00")),
    ]


def test_read_needs_takes_lines_of_ingest(tmp_path: Path) -> None:
    path = write(
        tmp_path / "d.jsonl",
        {
            "file": "清单.xlsx",
            "sheet": "需求",
            "row": 3,
            "title": "排产",
            "issuer": "某厂",
            "requirements": [],
            "description": None,
        },
    )
    assert read_needs(path) == [Need("清单.xlsx#需求!3", "排产", issuer="某厂")]


def test_read_profiles_takes_capability_lines_of_ingest(tmp_path: Path) -> None:
    path = write(
        tmp_path / "c.jsonl",
        {
            "file": "能力.csv",
            "sheet": None,
            "row": 2,
            "title": "自动排产",
            "issuer": "排得快",
            "description": "插单重排",
            "sector": "制造",
        },
    )
    assert read_profiles(path) == [Profile("能力.csv#!2", "排得快", "自动排产", "插单重排", sectors=("制造",))]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"id": "1", "title": "a"}\n{"id": ', "d.jsonl 第 2 行不是有效的 JSON，请每行写一个对象。"),
        (b"[1]", 'd.jsonl 第 1 行不是对象，请写成 {"id": …, "title": …} 的形式。'),
        (b'{"title": "a"}', "d.jsonl 第 1 行：没有编号，请写明 id。"),
        (b'{"id": "1"}', "d.jsonl 第 1 行：没有标题、说明和要点，无法匹配，请至少写明标题（title）。"),
        (b'{"id": "1", "title": {"a": 1}}', "d.jsonl 第 1 行：“title”应为一段文字。"),
        (
            b'{"id": "1", "title": "a", "budget_max": "x"}',
            "d.jsonl 第 1 行：“budget_max”应为以元为单位的数字，现为“x”。",
        ),
        (
            b'\n{"id": 1, "title": "a"}\n{"id": "1", "title": "b"}',
            "d.jsonl 第 3 行：编号“1”与前面的行重复，请改成不同的编号。",
        ),
    ],
)
def test_read_needs_says_which_line_is_wrong_and_what_to_do(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(content)
    with pytest.raises(UnreadableLineError) as refused:
        read_needs(path)
    assert str(refused.value) == message


def files(folder: Path) -> tuple[Path, Path]:
    """The small market as files."""
    needs = [{"id": need.id, "title": need.title, "description": need.description} for need in NEEDS]
    profiles = [
        {
            "id": each.id,
            "name": each.name,
            "headline": each.headline,
            "description": each.description,
            "skills": list(each.skills),
        }
        for each in PROFILES
    ]
    return write(folder / "d.jsonl", *needs), write(folder / "c.jsonl", *profiles)


def test_match_files_writes_one_object_a_query_with_the_contract_keys(tmp_path: Path) -> None:
    demands, capabilities = files(tmp_path)
    out = io.StringIO()
    match_files(demands, capabilities, top=3, format="jsonl", out=out, engine=open_engine(filled=False))
    answers = [orjson.loads(line) for line in out.getvalue().splitlines()]
    assert [answer["query"] for answer in answers] == ["N1", "N2", "N3", "N4"]
    assert {tuple(answer) for answer in answers} == {("query", "verdict", "hits")}
    assert {len(answer["hits"]) for answer in answers} == {3}
    hit = answers[0]["hits"][0]
    assert (hit["id"], tuple(hit)) == ("P1", ("id", "score", "verdict", "evidence", "gaps", "blockers"))
    assert {tuple(each) for each in hit["evidence"]} == {("requirement", "statement", "source", "start", "end")}


def test_match_files_gives_the_same_bytes_twice(tmp_path: Path) -> None:
    demands, capabilities = files(tmp_path)
    outs = [io.StringIO(), io.StringIO()]
    for out in outs:
        match_files(demands, capabilities, format="jsonl", out=out, engine=open_engine(filled=False))
    assert outs[0].getvalue() == outs[1].getvalue()


def test_match_files_ranks_needs_for_each_supplier_the_other_way(tmp_path: Path) -> None:
    demands, capabilities = files(tmp_path)
    out = io.StringIO()
    match_files(
        demands,
        capabilities,
        direction="opc-to-demand",
        top=1,
        format="trec",
        out=out,
        engine=open_engine(filled=False),
    )
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert [line[0] for line in lines] == [each.id for each in PROFILES]
    assert [line[2] for line in lines[:2]] == ["N1", "N2"]
    assert {(line[1], line[3], line[5]) for line in lines} == {("Q0", "1", "jiebang")}


def test_match_files_table_hides_what_does_not_fit(tmp_path: Path) -> None:
    _, capabilities = files(tmp_path)
    demands = write(tmp_path / "x.jsonl", {"id": "X", "title": "蘯髎鼟"})
    out = io.StringIO()
    match_files(demands, capabilities, out=out, engine=open_engine(filled=False))
    assert out.getvalue() == "X  蘯髎鼟\n    暂无合适的匹配\n"
