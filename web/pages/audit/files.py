"""The log as files that anybody can check without the product; docs/audit.md describes them."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from ingest.neutralise import neutralise
from marketplace.kernel import canonical
from marketplace.kernel.events import Event
from marketplace.kernel.seals import Seal
from web.pages import exports, wording
from web.pages.audit import words as audit_words
from web.pages.audit.lines import Line

TABLE: Final = ("时间", "谁", "代表单位", "做了什么", "类别", "名称", "内容", "这件事的第几条", "校验值")
FORMAT: Final = "jiebang-audit/1"


def lines(
    found: Sequence[tuple[Event, bool, bool]], seals: Sequence[Seal], *, now: datetime, after: int, is_last: bool
) -> bytes:
    """JSON lines: a head, the events in order of position, the daily heads that end among them.

    Each event comes with whether it may be seen and whether what it says may. One that is withheld is reduced to
    its position and its hash, which is all that the daily heads are made of.
    """
    return "".join(f"{canonical.text(line)}\n" for line in _lines(found, seals, now, after, is_last)).encode()


def _lines(
    found: Sequence[tuple[Event, bool, bool]], seals: Sequence[Seal], now: datetime, after: int, is_last: bool
) -> Iterator[dict[str, Any]]:
    last = found[-1][0].position if found else after
    yield {
        "type": "head",
        "format": FORMAT,
        "exported_at": canonical.moment(now),
        "after": after,
        "last": last,
        "complete": is_last,
    }
    for event, is_seen, is_open in found:
        yield (
            _event(event, is_open) if is_seen else {"type": "withheld", "position": event.position, "hash": event.hash}
        )
    for seal in sorted(seals, key=lambda one: one.number):
        # A head is told where all of its events stand in this file.
        if (after == 0 or seal.first > after) and (is_last or seal.before <= last + 1):
            yield {"type": "seal", **of_seal(seal)}


def table(lines: Sequence[Line]) -> exports.Table:
    """Events as a table that a person reads: newest first, in Chinese, each with the value that proves it."""
    rows = tuple(tuple(neutralise(cell) for cell in _row(one)) for one in lines)
    return exports.Table("留痕", TABLE, rows)


def _row(one: Line) -> tuple[str, ...]:
    said = "；".join(f"{name}：{value}" for name, value in one.says)
    if one.is_withheld or one.is_erased:
        said = "不在查阅范围内" if one.is_withheld else "附注已依程序删除"
    number = f"第 {one.event.number} 条"
    return (wording.moment(one.event.at), one.who, one.unit, one.act, one.kind, one.title, said, number, one.event.hash)


def of_seal(seal: Seal) -> dict[str, Any]:
    """A daily head as JSON."""
    return {
        "day": seal.day.isoformat(),
        "number": seal.number,
        "first": seal.first,
        "before": seal.before,
        "events": seal.events,
        "previous_head": seal.previous_head,
        "head": seal.head,
        "sealed_at": canonical.moment(seal.sealed_at),
    }


def seal_json(seal: Seal) -> bytes:
    """A daily head as a JSON file."""
    return (json.dumps({"format": FORMAT, **of_seal(seal)}, ensure_ascii=False, indent=2) + "\n").encode()


def seal_text(seal: Seal, *, platform: str) -> bytes:
    """A daily head as a plain text to be printed, mailed or filed."""
    said = (
        f"{platform} 留痕每日封存值",
        "",
        f"日期：{wording.day(seal.day)}（{seal.day.isoformat()}，北京时间）",
        f"封存序号：第 {seal.number} 个",
        f"留痕条数：{seal.events} 条",
        f"封存时间：{wording.moment(seal.sealed_at)}",
        "",
        "封存值（摘要算法 SHA-256）：",
        audit_words.groups(seal.head),
        "",
        "上一个封存值：",
        audit_words.groups(seal.previous_head),
        "",
        "校验方法：从平台导出留痕，按顺序把上一个封存值与其后每条留痕的校验值首尾相接，",
        "整体计算 SHA-256，结果应与上面的封存值完全一致。",
        "",
    )
    return "\r\n".join(said).encode("utf-8-sig")


def _event(event: Event, is_open: bool) -> dict[str, Any]:
    line: dict[str, Any] = {
        "type": "event",
        "position": event.position,
        "aggregate": event.aggregate,
        "aggregate_id": event.aggregate_id,
        "number": event.number,
        "action": event.action,
        "actor_id": event.actor_id,
        "at": canonical.moment(event.at),
        "request_id": event.request_id,
        "payload_digest": event.payload_digest,
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }
    if is_open and event.payload is not None and event.salt is not None:
        line |= {"payload": dict(event.payload), "salt": event.salt.hex()}
    return line
