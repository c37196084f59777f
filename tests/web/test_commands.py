"""The commands as others call them: whole processes, their output and their exit codes."""

import contextlib
import json
import math
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from matching.encoder import DEFAULT, MODELS

ROOT = Path(__file__).parents[2]
LISTS = ROOT / "tests" / "ingest" / "lists"
SAMPLE = ROOT / "web" / "samples" / "临港集团需求征集表.csv"
JUDGED = ROOT / "tests" / "matching" / "judged"
ITEM_KEYS = [
    "file",
    "sheet",
    "page",
    "row",
    "list_kind",
    "need_type",
    "title",
    "description",
    "issuer",
    "issuer_type",
    "sector",
    "region",
    "budget_min",
    "budget_max",
    "budget_negotiable",
    "period_start",
    "period_end",
    "duration_months",
    "requirements",
    "contact_name",
    "contact_phone",
    "contact_email",
    "inherited",
    "raw",
]


def jiebang(
    *arguments: str | Path, data: Path | None = None, given: str = "", settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    environment = os.environ | {"JIEBANG_DATA_DIR": str(data or "/nonexistent"), **(settings or {})}
    command = [str(Path(sys.executable).with_name("jiebang")), *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a real installation with its first administrator."""
    data = tmp_path_factory.mktemp("installed") / "market"
    done = jiebang(*INIT, data=data, given="correct horse battery\n")
    assert done.returncode == 0, done.stderr
    return data


INIT = (
    *("init", "--email", "guanli@example.com", "--name", "王管理", "--organisation", "临川市数据局"),
    *("--region", "福建省/临川市", "--password-stdin"),
)


def test_ingest_prints_one_object_for_each_item_and_nothing_else() -> None:
    done = jiebang("ingest", SAMPLE, "--dry-run", "--format", "jsonl")

    items = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(items) == 16
    assert all(list(item) == ITEM_KEYS for item in items)
    assert items[0]["file"] == SAMPLE.name


def test_ingest_tells_a_refused_file_and_still_prints_the_others(tmp_path: Path) -> None:
    problems = tmp_path / "problems.jsonl"
    refused = LISTS / "hostile" / "01_zero_bytes.xlsx"

    done = jiebang("ingest", refused, SAMPLE, "--dry-run", "--format", "jsonl", "--problems", problems)

    told = [json.loads(line) for line in problems.read_text("utf-8").splitlines()]
    assert done.returncode == 3
    assert len(done.stdout.splitlines()) == 16
    assert [(row["file"], row["severity"]) for row in told if row["severity"] == "reject"] == [(refused.name, "reject")]
    assert set(told[0]) == {"file", "sheet", "page", "row", "column", "severity", "code", "message"}
    assert "01_zero_bytes.xlsx" in done.stderr


def test_ingest_takes_a_kind_that_the_file_does_not_state() -> None:
    done = jiebang("ingest", SAMPLE, "--dry-run", "--format", "jsonl", "--kind", "scenario")

    assert {json.loads(line)["list_kind"] for line in done.stdout.splitlines()} == {"scenario"}


@pytest.mark.parametrize("arguments", [("ingest",), ("ingest", "/no/such/file.csv", "--dry-run"), ("unheard-of",)])
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert jiebang(*arguments).returncode == 2


def test_match_prints_a_ranking_for_each_need() -> None:
    done = jiebang(
        *("match", "--demands", JUDGED / "demands.jsonl", "--capabilities", JUDGED / "capabilities.jsonl"),
        *("--top", "3", "--format", "jsonl"),
    )

    rankings = [json.loads(line) for line in done.stdout.splitlines()]
    profiles = {
        row["id"]: row for row in map(json.loads, (JUDGED / "capabilities.jsonl").read_text("utf-8").splitlines())
    }
    assert done.returncode == 0, done.stderr
    assert len(rankings) == 68
    assert all(list(ranking) == ["query", "verdict", "hits"] for ranking in rankings)
    for ranking in rankings:
        shown = [hit for hit in ranking["hits"] if hit["verdict"] != "none"]
        assert len(ranking["hits"]) == 3
        assert ranking["verdict"] == ("match" if shown else "none")
        for hit in ranking["hits"]:
            assert list(hit) == ["id", "score", "verdict", "evidence", "gaps", "blockers"]
            assert 0 <= hit["score"] <= 100
            for evidence in hit["evidence"]:
                assert list(evidence) == ["requirement", "statement", "source", "start", "end"]
                field = text_of(profiles[hit["id"]], evidence["source"])
                assert field[evidence["start"] : evidence["end"]] == evidence["statement"]


def text_of(profile: dict[str, object], source: str) -> str:
    """The text of a field such as "description" or "cases[0]"."""
    name, _, rest = source.partition("[")
    value = profile[name]
    return str(value[int(rest[:-1])]) if rest and isinstance(value, list) else str(value)


def test_match_asks_in_the_other_direction_and_prints_trec() -> None:
    done = jiebang(
        *("match", "--demands", JUDGED / "demands.jsonl", "--capabilities", JUDGED / "capabilities.jsonl"),
        *("--direction", "opc-to-demand", "--top", "2", "--format", "trec"),
    )

    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == 82 * 2
    assert {len(line) for line in lines} == {6}
    assert lines[0][0].startswith("P")
    assert lines[0][2].startswith("N")
    assert [line[3] for line in lines[:2]] == ["1", "2"]


def test_match_reads_the_lines_of_ingest_as_they_are(tmp_path: Path) -> None:
    demands, capabilities = tmp_path / "d.jsonl", tmp_path / "c.jsonl"
    workbook = ROOT / "web" / "samples" / "临川市人工智能OPC三张清单（2026年第3期）.xlsx"
    lines = jiebang("ingest", workbook, "--dry-run", "--format", "jsonl").stdout.splitlines()
    demands.write_text("\n".join(line for line in lines if '"list_kind":"demand"' in line), "utf-8")
    capabilities.write_text("\n".join(line for line in lines if '"list_kind":"capability"' in line), "utf-8")

    done = jiebang("match", "--demands", demands, "--capabilities", capabilities, "--format", "jsonl")

    first = json.loads(done.stdout.splitlines()[0])
    assert done.returncode == 0, done.stderr
    assert first["query"].startswith(f"{workbook.name}#需求清单!")


def test_match_names_the_line_that_is_no_json(tmp_path: Path) -> None:
    broken = tmp_path / "d.jsonl"
    broken.write_text('{"id": "D1", "title": "巡查"}\nnot json\n', "utf-8")

    done = jiebang("match", "--demands", broken, "--capabilities", JUDGED / "capabilities.jsonl")

    assert done.returncode == 2
    assert "2" in done.stderr
    assert "Traceback" not in done.stderr


def test_encode_gives_a_unit_vector_for_each_line() -> None:
    done = jiebang("encode", given="排水管道缺陷识别\n合同审查\n")

    vectors = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(vectors) == 2
    assert all(math.isclose(math.hypot(*vector), 1, abs_tol=1e-4) for vector in vectors)


def test_evaluate_prints_words_meaning_concepts_and_the_whole() -> None:
    done = jiebang("evaluate", JUDGED)

    assert done.returncode == 0, done.stderr
    assert [name in done.stdout for name in ("字面", "语义", "概念", "全部")] == [True] * 4


def test_init_sets_up_once_and_doctor_finds_nothing(installed: Path) -> None:
    again = jiebang(*INIT, data=installed, given="another password\n")
    checked = jiebang("doctor", data=installed)

    assert again.returncode == 1
    assert "已经有账号" in again.stderr
    assert (checked.returncode, "检查通过" in checked.stdout) == (0, True)


def test_init_refuses_a_weak_password(tmp_path: Path) -> None:
    done = jiebang(*INIT, data=tmp_path / "market", given="short\n")

    assert done.returncode == 1
    assert "密码长度" in done.stderr


def test_ingest_keeps_an_intake_for_an_account(installed: Path) -> None:
    done = jiebang("ingest", SAMPLE, "--as", "guanli@example.com", data=installed)

    assert done.returncode == 0, done.stderr
    assert "16 条可发布" in done.stderr


def test_serve_and_worker_ask_for_init_first(tmp_path: Path) -> None:
    for command in ("serve", "worker"):
        done = jiebang(command, data=tmp_path / "empty")

        assert done.returncode == 1
        assert "jiebang init" in done.stderr


def test_doctor_catches_a_changed_file(tmp_path: Path) -> None:
    data = tmp_path / "market"
    jiebang(*INIT, data=data, given="correct horse battery\n")
    jiebang("ingest", SAMPLE, "--as", "guanli@example.com", data=data)
    (kept,) = (data / "files").glob("*/*")
    kept.write_bytes(kept.read_bytes() + b"x")

    done = jiebang("doctor", data=data)

    assert done.returncode == 1
    assert "file_damaged" in done.stdout


def test_upgrade_brings_what_ships_and_changes_nothing_twice(tmp_path: Path) -> None:
    data = tmp_path / "market"
    jiebang(*INIT, data=data, given="correct horse battery\n")
    with contextlib.closing(sqlite3.connect(data / "jiebang.sqlite3")) as database, database:
        database.execute("DELETE FROM target WHERE id = (SELECT min(id) FROM target)")

    done, again = (jiebang("init", "--upgrade", data=data) for _time in range(2))

    assert (done.returncode, "更新了 1 项" in done.stdout) == (0, True)
    assert (again.returncode, "更新了 0 项" in again.stdout) == (0, True)


def test_commands_import_no_torch() -> None:
    check = "import sys, web.cli, ingest.pipeline, matching.files, web.app; print('torch' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, cwd=ROOT, check=True)

    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        *((command, "bare") for command in ("serve", "match", "evaluate", "encode")),
        ("serve", "torn"),
        ("match", "nowhere"),
    ],
)
def test_a_model_that_cannot_be_read_is_refused_in_a_sentence(
    installed: Path, tmp_path: Path, command: str, setting: str
) -> None:
    folder = tmp_path / setting
    if setting != "nowhere":
        folder.mkdir()
    if setting == "torn":
        for name in ("config.json", "tokenizer.json", "model.safetensors"):
            content = (MODELS / DEFAULT / name).read_bytes()
            (folder / name).write_bytes(content[:1000] if name == "model.safetensors" else content)
    listed = tmp_path / "empty.jsonl"
    listed.write_text("")
    arguments: dict[str, tuple[str | Path, ...]] = {
        "serve": ("serve", "--port", "1"),
        "match": ("match", "--demands", listed, "--capabilities", listed),
        "evaluate": ("evaluate", JUDGED),
        "encode": ("encode",),
    }
    done = jiebang(*arguments[command], data=installed, settings={"JIEBANG_ENCODER": str(folder)})
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert str(folder) in done.stderr
    assert "请把 JIEBANG_ENCODER 改为完整的模型文件夹" in done.stderr
