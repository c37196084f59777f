"""`jiebang diff`: what it prints is what a person says of two issues, and applied to the old issue it gives the new one."""

import json
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fields import Draft
from ingest.pipeline import read_list
from ingest.rendering import item_as_json
from tests.web.test_commands import ROOT, jiebang
from web.commands import comparing

ISSUES = [ROOT / "web" / "samples" / f"临川市人工智能OPC三张清单（2026年第{number}期）.xlsx" for number in (3, 4)]
GOLD = json.loads((ROOT / "tests" / "samples" / "issue3_to_issue4.gold.json").read_text("utf-8"))


def test_diff_says_what_a_person_says_of_the_two_issues() -> None:
    done = jiebang("diff", *ISSUES, "--format", "json")
    said = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert {name: sorted(said[name]) for name in ("unchanged", "added", "removed")} == {
        name: sorted(GOLD[name]) for name in ("unchanged", "added", "removed")
    }
    assert sorted(
        (one["title"], one["old_title"], one["list_kind"], sorted(one["fields"])) for one in said["changed"]
    ) == sorted((one["title"], one["old_title"], one["list_kind"], sorted(one["fields"])) for one in GOLD["changed"])
    (budget,) = (one["fields"] for one in said["changed"] if one["title"].startswith("车载巡查视频"))
    assert budget == {"budget_max": {"old": "350000.00", "new": "420000.00"}}


def test_diff_reads_any_format_and_says_what_it_cannot_read(tmp_path: Path) -> None:
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(b"%PDF-1.7 nothing")
    table = jiebang("diff", *ISSUES)

    assert table.stdout.splitlines()[-1] == "未变 47 条，有变化 15 条，新增 7 条，不再列入 5 条。"
    assert (
        jiebang("diff", ISSUES[0], bad).returncode,
        jiebang("diff", ISSUES[0], tmp_path / "无.xlsx").returncode,
    ) == (3, 2)


SAMPLE = list(read_list(ISSUES[0].read_bytes(), name="a.xlsx").drafts)
EDITS = ("budget_max", "description", "requirements", "region", "period_end", "title")


def edited(draft: Draft, field: str, number: int) -> Draft:
    """A draft with one field written anew."""
    value: Any = {
        "budget_max": Decimal(number * 1000 + 17),
        "description": f"{draft.description}（第{number}次补充）",
        "requirements": (*draft.requirements, f"另加第{number}条"),
        "region": f"第{number}街道",
        "period_end": draft.period_end.replace(day=1 + number % 27) if draft.period_end else None,
        "title": f"{draft.title}（二）",
    }[field]
    return replace(draft, **{field: value})


def applied(old: list[Draft], said: dict[str, Any], added: dict[str, Draft]) -> list[dict[str, Any]]:
    """The old issue with everything done to it that a diff says."""
    kept = {draft.title: item_as_json(draft) for draft in old if draft.title not in said["removed"]}
    for change in said["changed"]:
        facts = kept.pop(change["old_title"])
        assert all(facts.get(name) == values["old"] for name, values in change["fields"].items())
        kept[change["title"]] = {**facts, **{name: values["new"] for name, values in change["fields"].items()}}
    return [*kept.values(), *(item_as_json(added[title]) for title in said["added"])]


@given(st.randoms(use_true_random=False))
def test_a_diff_applied_to_the_old_issue_gives_the_new_one(chance: random.Random) -> None:
    with pytest.MonkeyPatch.context() as patch:
        old = chance.sample(SAMPLE, 24)
        leave = set(chance.sample(range(24), chance.randrange(5)))
        new = [draft for place, draft in enumerate(old) if place not in leave]
        for place in chance.sample(range(len(new)), chance.randrange(8)):
            new[place] = edited(new[place], chance.choice(EDITS), chance.randrange(1, 90))
        titles = {draft.title for draft in old}
        more = {draft.title: draft for draft in chance.sample(SAMPLE, 6) if draft.title not in titles}
        new += more.values()
        chance.shuffle(new)
        printed: list[str] = []
        issues = iter((old, new))
        patch.setattr(comparing, "_drafts", lambda _path: next(issues))
        patch.setattr("sys.stdout.write", printed.append)
        comparing.diff(Path("a"), Path("b"), as_json=True)
    said = orjson.loads("".join(printed))

    facts = ("title", "description", "issuer", "budget_max", "requirements", "region", "period_end")
    assert sorted(str([one[name] for name in facts]) for one in applied(old, said, more)) == sorted(
        str([item_as_json(draft)[name] for name in facts]) for draft in new
    )
