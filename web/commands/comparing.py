"""`jiebang diff`: what a re-issue changes against the issue before, with no database."""

import sys
from pathlib import Path
from typing import Any

from ingest.errors import Refused
from ingest.fields import Draft

EXIT_REFUSED = 3
EXIT_USAGE = 2
PRICE_WORDS = "extras.price_text"


def diff(old: Path, new: Path, *, as_json: bool) -> int:
    """Print what is unchanged, changed field by field, added and gone; returns the exit code."""
    from marketplace.lists.rules.comparison import compare

    issues: list[list[Draft]] = []
    for path in (old, new):
        found = _drafts(path)
        if isinstance(found, int):
            return found
        issues.append(found)
    before = {str(place): draft for place, draft in enumerate(issues[0])}
    comparison = compare(before, issues[1])
    said: dict[str, Any] = {"unchanged": [], "changed": [], "added": []}
    for row in comparison.rows:
        if row.item_id is None:
            said["added"].append(row.draft.title)
        elif row.changes:
            said["changed"].append(_changed(before[row.item_id], row.draft, [one.field for one in row.changes]))
        else:
            said["unchanged"].append(row.draft.title)
    said["removed"] = [before[item_id].title for item_id in comparison.gone]
    _print_json(said) if as_json else _print_table(said)
    return 0


def _drafts(path: Path) -> list[Draft] | int:
    """The items of a file, or the exit code where there are none to be had."""
    from ingest.pipeline import read_list

    if not path.is_file():
        sys.stderr.write(f"找不到文件：{path}。请检查路径。\n")
        return EXIT_USAGE
    try:
        return list(read_list(path.read_bytes(), name=path.name).drafts)
    except Refused as refused:
        sys.stderr.write(f"{path.name}：{refused.problem.message}\n")
        return EXIT_REFUSED


def _changed(old: Draft, new: Draft, fields: list[str]) -> dict[str, Any]:
    """A changed item, its fields as `ingest` prints them; the words of a price go with its sums and are not said twice."""
    before, after = _facts(old), _facts(new)
    return {
        "title": new.title,
        "old_title": old.title,
        "list_kind": new.list_kind.value,
        "fields": {name: {"old": before.get(name), "new": after.get(name)} for name in fields if name != PRICE_WORDS},
    }


def _facts(draft: Draft) -> dict[str, Any]:
    from ingest.rendering import item_as_json

    return {**item_as_json(draft), **{f"extras.{key}": value for key, value in draft.extras.items()}}


def _print_json(said: dict[str, Any]) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(said).decode() + "\n")


def _print_table(said: dict[str, Any]) -> None:
    from web.pages import wording

    for mark, titles in (("＋ 新增", said["added"]), ("－ 不再列入", said["removed"])):
        for title in titles:
            sys.stdout.write(f"{mark}\t{title}\n")
    for item in said["changed"]:
        renamed = f"（原名：{item['old_title']}）" if item["old_title"] != item["title"] else ""
        sys.stdout.write(f"～ 有变化\t{item['title']}{renamed}\n")
        for name, values in item["fields"].items():
            sys.stdout.write(f"\t{wording.field(name)}：{_said(values['old'])} → {_said(values['new'])}\n")
    sys.stdout.write(
        f"未变 {len(said['unchanged'])} 条，有变化 {len(said['changed'])} 条，新增 {len(said['added'])} 条，不再列入 {len(said['removed'])} 条。\n"
    )


def _said(value: object) -> str:
    if value is None or value in ("", [], False):
        return "未写明"
    if value is True:
        return "是"
    return "；".join(map(str, value)) if isinstance(value, list) else str(value)
