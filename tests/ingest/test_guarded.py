"""Reading in a process of its own: what it gives, what it tells, and what becomes of one that runs wild."""

import sys
from pathlib import Path

import pytest

from ingest import guarded
from ingest.errors import Refused
from ingest.limits import DEFAULT
from ingest.pipeline import read_list
from ingest.records import reading_to_record

LISTS = Path(__file__).parent / "lists"


def test_a_guarded_reading_is_the_same_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    path = LISTS / "16_hospital_need_cards.docx"
    apart = read_list(path.read_bytes(), name=path.name)
    monkeypatch.setenv("JIEBANG_GUARDED", "1")
    here = read_list(path.read_bytes(), name=path.name)

    assert reading_to_record(apart) == reading_to_record(here)
    assert len(list(apart.drafts)) == 7


def test_whoever_waits_is_told_page_by_page() -> None:
    told: list[tuple[int, int]] = []
    path = LISTS / "32_water_scenes.pdf"
    read_list(path.read_bytes(), name=path.name, told=lambda done, of: told.append((done, of)))

    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    "wild",
    [
        "import time; time.sleep(60)",
        "x = bytearray(3 * 1024**3); x[::4096] = b'x' * len(x[::4096])",
        "import os; os.abort()",
        "raise SystemExit(3)",
        "print('nonsense')",
    ],
)
def test_a_reading_that_runs_wild_is_ended_and_refused(wild: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code = f"import sys; sys.stdin.buffer.read(); from ingest import guarded; guarded._bound(guarded.BYTES)\n{wild}"
    monkeypatch.setattr(guarded, "COMMAND", (sys.executable, "-c", code))
    monkeypatch.setattr(guarded, "SECONDS", 3.0)
    with pytest.raises(Refused, match="时间或内存超过了上限") as refused:
        guarded.ask("list", b"x", name="a.pdf", limits=DEFAULT, asked={"kind": None})

    assert refused.value.problem.code == "too_costly"


def test_what_was_refused_inside_is_refused_outside_with_the_same_words() -> None:
    path = LISTS / "hostile" / "48_pdf_user_password.pdf"
    with pytest.raises(Refused, match="加了密码") as refused:
        read_list(path.read_bytes(), name=path.name)

    assert (refused.value.problem.code, refused.value.problem.file) == ("encrypted", "48_pdf_user_password.pdf")
