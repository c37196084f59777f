"""Experts and bids as somebody writes them down, a label and a colon before each fact, read for the check of conflicts.

姓名：陈果                      a block for each expert, an empty line between two
任职：临川大学，2019-09 至今     ties: 任职 取酬 董事 股东 法定代表人 顾问; the unit, its code if known, from when to when
亲属：何木，绿林科技有限公司      relations: 亲属 导师 学生 合作 朋友; the person, the unit, when last

名称：绿林科技有限公司           a block for each unit of a bid; 联合体成员 instead of 名称 joins it to the bid before
股东：何木、临川创投有限公司      several, with 、 between them
"""

import calendar
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Final, TypeVar

from marketplace.experts.rules.facts import Expert, Named, Relation, RelationKind, Team, Tie, TieKind, Unit

MOST_BLOCKS: Final = 200
MOST_SIGNS: Final = 60_000
TIES: Final[Mapping[str, TieKind]] = {
    "任职": TieKind.EMPLOYED,
    "工作单位": TieKind.EMPLOYED,
    "曾任职": TieKind.EMPLOYED,
    "取酬": TieKind.PAID,
    "董事": TieKind.DIRECTOR,
    "股东": TieKind.SHAREHOLDER,
    "法定代表人": TieKind.LEGAL_REPRESENTATIVE,
    "顾问": TieKind.ADVISER,
}
RELATIONS: Final[Mapping[str, RelationKind]] = {
    "亲属": RelationKind.RELATIVE,
    "导师": RelationKind.SUPERVISOR,
    "学生": RelationKind.STUDENT,
    "合作": RelationKind.JOINT_WORK,
    "朋友": RelationKind.FRIEND,
}
OF_EXPERT: Final[Mapping[str, str]] = {"姓名": "name", "电话": "phone", "邮箱": "email", "银行账号": "bank_account"}
OF_UNIT: Final[Mapping[str, str]] = {
    "名称": "name",
    "联合体成员": "name",
    "代码": "uscc",
    "统一社会信用代码": "uscc",
    "曾用名": "former_names",
    "上级单位": "parents",
    "法定代表人": "legal_representative",
    "股东": "shareholders",
    "董事": "directors",
    "团队成员": "people",
    "电话": "phones",
    "邮箱": "emails",
    "银行账号": "bank_accounts",
}
_SINGLE: Final = frozenset({"name", "uscc", "legal_representative"})
_LABELLED: Final = re.compile(r"\s*([^:：]{1,10}?)\s*[:：]\s*(.*?)\s*")
_PARTS: Final = re.compile(r"\s*[，,;；|\t]\s*")
_SEVERAL: Final = re.compile(r"\s*[、，,;；|\t]\s*")
_CODE: Final = re.compile(r"[0-9A-Za-z]{18}")
_DAY: Final = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2}))?\s*[日月]?")
_TO: Final = re.compile(r"\s*(?:至|到|—+|–|~|～)\s*")
_ENDED: Final = re.compile(r"(?:止|离职|退休|截止|结束|离任|辞去).*$")


@dataclass(frozen=True, slots=True)
class Stated:
    """What was written, as far as it could be read; `faults` say what could not, by the line's number from 1."""

    experts: tuple[Expert, ...] = ()
    teams: tuple[Team, ...] = ()
    faults: Mapping[int, str] = field(default_factory=dict)


One = TypeVar("One", Expert, Unit)


class _UnreadableError(ValueError):
    """A line that cannot be read; the message says what to do."""


def experts(text: str) -> Stated:
    """The experts of a text."""
    found: list[Expert] = []
    faults: dict[int, str] = {}
    for block in _blocks(text):
        one = Expert(name="")
        for number, label, said in block:
            one = _tried(faults, number, one, partial(_expert, one, label, said))
        if not one.name and not any(number in faults for number, *_ in block):
            faults[block[0][0]] = "这一段没有写“姓名：”，请补上专家的姓名。"
        found.append(one)
    return Stated(experts=tuple(found), faults=_few(faults, found, "专家"))


def teams(text: str) -> Stated:
    """The bids of a text."""
    found: list[Team] = []
    faults: dict[int, str] = {}
    for block in _blocks(text):
        one = Unit(name="")
        for number, label, said in block:
            one = _tried(faults, number, one, partial(_unit, one, label, said))
        joins = any(label == "联合体成员" for _, label, _ in block)
        if not one.name and not any(number in faults for number, *_ in block):
            faults[block[0][0]] = "这一段没有写“名称：”，请补上单位的名称。"
        elif joins and not found:
            faults[block[0][0]] = "联合体成员前面要先写牵头单位（“名称：”）。"
        elif joins:
            found[-1] = replace(found[-1], partners=(*found[-1].partners, one))
        else:
            found.append(Team(one))
    return Stated(teams=tuple(found), faults=_few(faults, found, "申报"))


def _few(faults: dict[int, str], found: Sequence[object], what: str) -> dict[int, str]:
    return (
        {1: f"一次最多检查 {MOST_BLOCKS} 名专家或 {MOST_BLOCKS} 份{what}，请分几次检查。"}
        if len(found) > MOST_BLOCKS
        else faults
    )


def _tried(faults: dict[int, str], number: int, standing: One, read: Callable[[], One]) -> One:
    try:
        return read()
    except _UnreadableError as fault:
        faults[number] = str(fault)
        return standing


def _blocks(text: str) -> Iterator[list[tuple[int, str, str]]]:
    """The blocks of a text: of each line its number, label and words ("" and the line where it has no label)."""
    block: list[tuple[int, str, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            if block:
                yield block
            block = []
            continue
        labelled = _LABELLED.fullmatch(line)
        block.append((number, labelled[1], labelled[2]) if labelled else (number, "", line.strip()))
    if block:
        yield block


def _expert(one: Expert, label: str, said: str) -> Expert:
    if label in OF_EXPERT:
        stated: dict[str, Any] = {OF_EXPERT[label]: said}
        return replace(one, **stated)
    if label in TIES:
        return replace(one, ties=(*one.ties, _tie(label, said))) if said else one
    if label in RELATIONS:
        return replace(one, relations=(*one.relations, _relation(label, said))) if said else one
    raise _UnreadableError(_unknown(label, (*OF_EXPERT, *TIES, *RELATIONS)))


def _unit(one: Unit, label: str, said: str) -> Unit:
    name = OF_UNIT.get(label)
    if name is None:
        raise _UnreadableError(_unknown(label, tuple(OF_UNIT)))
    if name in _SINGLE:
        stated: dict[str, Any] = {name: said}
        return replace(one, **stated)
    several = tuple(part for part in _SEVERAL.split(said) if part)
    if name == "parents":
        return replace(one, parents=(*one.parents, *(Named(part) for part in several)))
    listed: dict[str, Any] = {name: (*getattr(one, name), *several)}
    return replace(one, **listed)


def _unknown(label: str, known: Sequence[str]) -> str:
    which = f"“{label}”不是可用的项目" if label else "这一行没有写明是什么（项目和冒号）"
    return f"{which}。可用：{'、'.join(dict.fromkeys(known))}。"


def _tie(label: str, said: str) -> Tie:
    unit, *rest = _PARTS.split(said)
    code, since, until = "", None, None
    for part in filter(None, rest):
        if _CODE.fullmatch(part):
            code = part
        else:
            since, until = _span(part)
    if label == "曾任职" and until is None:
        raise _UnreadableError("“曾任职”要写明到什么时候为止，例如：曾任职：绿林科技有限公司，2020-01 至 2024-06。")
    return Tie(TIES[label], Named(unit, code), since, until)


def _span(said: str) -> tuple[date | None, date | None]:
    """From when to when: "2019-09 至 2024-06-30", "2019-09 至今", "2019年9月起", "2024年6月止"."""
    parts = _TO.split(said.replace("至今", "至"), maxsplit=1)
    if len(parts) == _BOTH:
        return _first(parts[0]), _last(parts[1])
    if _ENDED.search(said):
        return None, _last(_ENDED.sub("", said))
    return _first(said.removesuffix("起").removesuffix("以来")), None


_BOTH: Final = 2


def _relation(label: str, said: str) -> Relation:
    parts = [part for part in _PARTS.split(said) if part]
    until = next((_last(part) for part in parts if _DAY.fullmatch(part)), None)
    names = [part for part in parts if not _DAY.fullmatch(part)]
    if not names:
        raise _UnreadableError("请写明是谁或哪个单位，例如：亲属：何木，绿林科技有限公司。")
    if len(names) > _BOTH:
        raise _UnreadableError("关系一行写一个：姓名，单位，最后合作日期。多个请分行写。")
    if len(names) == _BOTH:
        return Relation(RELATIONS[label], names[0], names[1], until)
    # One name alone is looked for among the units and among the people.
    return Relation(RELATIONS[label], names[0], names[0], until)


def _first(said: str) -> date | None:
    return _day(said, last=False)


def _last(said: str) -> date | None:
    return _day(said, last=True)


def _day(said: str, *, last: bool) -> date | None:
    """A day; of a month alone its first or its last one. None for nothing."""
    if not said.strip() or said.strip() in {"今", "现在", "目前"}:
        return None
    found = _DAY.fullmatch(said.strip())
    unreadable = _UnreadableError(f"看不懂日期“{said.strip()}”，请写作 2024-06-30 或 2024年6月。")
    if found is None:
        raise unreadable
    year, month = int(found[1]), int(found[2])
    try:
        day = int(found[3]) if found[3] else calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, day)
    except ValueError:
        raise unreadable from None
