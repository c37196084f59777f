"""`jiebang duplicates`: each likely pair once, by what two issues really share; refused files are named and the rest is read."""

import csv
import json
import subprocess
import sys
from pathlib import Path

from tests.web.test_commands import ROOT, jiebang
from tests.web.test_comparing_issues import GOLD, ISSUES

HEADER = ("需求名称", "需求描述", "需求单位", "所在地")
TUNNEL = (
    "鹿鸣山隧道群异常事件识别",
    "隧道群视频412路，人工轮巡难以发现停车、逆行和烟雾。",
    "岚江高速公路有限公司",
    "岚州市",
)
AGAIN = ("鹿鳴山隧道群異常事件智能識別", "現有視頻412路，人工輪巡難以發現停車、逆行和煙霧。", "岚江高速", "岚州市")
SISTER = (
    "石垟岭隧道群异常事件识别",
    "隧道群视频236路，人工轮巡难以发现停车、逆行和烟雾。",
    "岚江高速公路有限公司",
    "石垟县",
)
OTHER = ("后厨违规行为识别", "218所学校食堂的视频，识别未戴口罩、吸烟、鼠患。", "禾阳市教育局", "禾阳市")


def list_of(path: Path, *rows: tuple[str, ...]) -> Path:
    """A list file with some demands."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("序号", *HEADER), *((number, *row) for number, row in enumerate(rows, 1))])
    return path


def test_duplicates_of_two_issues_are_what_a_person_says_goes_on() -> None:
    done = jiebang("duplicates", *ISSUES, "--format", "json")
    said = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert [set(one) for one in said] == [{"a", "b", "score", "reason"}] * len(said)
    assert {(one["a"]["file"], one["b"]["file"]) for one in said} == {(ISSUES[0].name, ISSUES[1].name)}
    assert sorted((one["a"]["title"], one["b"]["title"]) for one in said) == sorted(
        [(title, title) for title in GOLD["unchanged"]] + [(one["old_title"], one["title"]) for one in GOLD["changed"]]
    )
    assert [one["score"] for one in said] == sorted((one["score"] for one in said), reverse=True)


def test_duplicates_within_one_file_are_told_once_with_the_reason(tmp_path: Path) -> None:
    path = list_of(tmp_path / "清单.csv", OTHER, TUNNEL, SISTER, AGAIN)
    (one,) = json.loads(jiebang("duplicates", path, path, "--format", "json").stdout)

    assert one.pop("score") >= 0.9
    assert one == {
        "a": {"file": "清单.csv", "title": TUNNEL[0]},
        "b": {"file": "清单.csv", "title": AGAIN[0]},
        "reason": "名称几乎相同，单位名称相近；数字一致：412 路；地点一致：鹿鸣山、岚州",
    }


def test_duplicates_of_files_with_one_name_are_told_by_their_paths(tmp_path: Path) -> None:
    paths = []
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        paths.append(list_of(tmp_path / folder / "清单.csv", TUNNEL, OTHER))
    said = json.loads(jiebang("duplicates", *paths, "--format", "json").stdout)

    assert sorted((one["a"]["title"], one["b"]["title"]) for one in said) == [
        (row[0], row[0]) for row in (OTHER, TUNNEL)
    ]
    assert {(one["a"]["file"], one["b"]["file"]) for one in said} == {(str(paths[0]), str(paths[1]))}


def test_duplicates_reads_on_where_a_file_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(b"%PDF-1.7 nothing")
    done = jiebang("duplicates", bad, list_of(tmp_path / "清单.csv", TUNNEL, AGAIN))

    assert done.returncode == 3
    assert done.stderr.startswith("坏.pdf：")
    assert done.stdout.splitlines()[-1] == "疑似重复 1 对。"


def test_duplicates_says_that_there_are_none(tmp_path: Path) -> None:
    done = jiebang("duplicates", list_of(tmp_path / "清单.csv", TUNNEL, OTHER))

    assert (done.returncode, done.stdout) == (0, "没有发现疑似重复的条目。\n")


def test_duplicates_wants_files_that_are_there(tmp_path: Path) -> None:
    missing = jiebang("duplicates", ISSUES[0], tmp_path / "无.xlsx")

    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == f"找不到文件：{tmp_path / '无.xlsx'}。请检查路径。\n"
    assert (jiebang("duplicates").returncode, jiebang("duplicates", ISSUES[0], "--format", "tsv").returncode) == (2, 2)


def test_duplicates_loads_neither_torch_nor_the_index() -> None:
    check = (
        "import sys; from pathlib import Path; from web.commands import repeating;"
        f"repeating.duplicates([Path({str(ISSUES[0])!r})], as_json=True);"
        "sys.stderr.write(str([name for name in ('torch', 'faiss', 'tantivy', 'fastapi') if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stderr == "[]"
