"""`jiebang recompute`: a frozen score table, or a draw of experts, computed once more; needs no database and no settings."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from marketplace.kernel.errors import Invalid
from marketplace.rounds.rules import draw_records, score_tables
from marketplace.rounds.rules.scores import UnscorableError

EXIT_WRONG = 1
EXIT_UNREADABLE = 2
LIMIT_BYTES: Final = 64 * 2**20
SAID: Final[Mapping[str, tuple[str, str]]] = {
    score_tables.FORMAT: ("得分表", "名次和各项得分都由评分表得出。"),
    draw_records.FORMAT: ("抽取记录", "抽取结果由名单、种子和现场输入得出。"),
}
"""What each kind of record is called, and what is right about a right one."""


def recompute(path: Path) -> int:
    """Print whether a record follows from its own inputs; 0 where it does, 1 where not, 2 where it cannot be read."""
    try:
        record = _record(path)
        wrong = _faults(record)
    except Invalid as refusal:
        sys.stderr.write(f"{refusal.message}\n")
        return EXIT_UNREADABLE
    name, right = SAID[record["format"]]
    sys.stdout.write(f"{name}：{record.get('title') or record.get('round')}\n")
    for one in wrong:
        sys.stdout.write(f"✗ {one}\n")
    sys.stdout.write(
        f"与重新计算的结果不一致，共 {len(wrong)} 处。\n" if wrong else f"✓ 与重新计算的结果一致：{right}\n"
    )
    if record["format"] == score_tables.FORMAT:
        sys.stdout.write(f"记录的校验值（请与平台上的对照）：{score_tables.digest(record)}\n")
    return EXIT_WRONG if wrong else 0


def _faults(record: Mapping[str, Any]) -> tuple[str, ...]:
    find = score_tables.differences if record["format"] == score_tables.FORMAT else draw_records.faults
    try:
        return find(record)
    except UnscorableError as refusal:
        return (str(refusal),)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid("文件不完整或被改动过，不能重新计算。请重新下载记录。", code="record_broken") from None


def _record(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as opened:
            data = opened.read(LIMIT_BYTES + 1)
    except OSError:
        raise Invalid(f"找不到文件，或无法读取：{path}。请检查路径。", code="file_missing") from None
    wrong = Invalid(f"不是得分表或抽取记录：{path}。请用评审得分或抽取记录页面下载的 JSON 文件。", code="not_a_record")
    if len(data) > LIMIT_BYTES:
        raise wrong
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(found, dict) or found.get("format") not in SAID:
        raise wrong
    return found
