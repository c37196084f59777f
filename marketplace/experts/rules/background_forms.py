"""What a unit states about who stands behind it: the fields, how they are tidied, and what is wrong with them.

The check of conflicts compares names: whatever stands beside one (a share, a post, a second name) keeps it from being
found. So such lines are refused instead of being kept.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from marketplace.accounts.rules import uscc
from marketplace.experts.rules.facts import Named
from marketplace.kernel.errors import Invalid
from marketplace.kernel.text import collapsed

MAX_PERSON: Final = 60
MAX_UNIT: Final = 200
MAX_CONTACT: Final = 60
LISTS: Final[Mapping[str, tuple[str, int, int]]] = {
    "shareholders": ("股东", 50, MAX_UNIT),
    "directors": ("董事和高管", 50, MAX_PERSON),
    "people": ("主要人员", 100, MAX_PERSON),
    "former_names": ("曾用名", 20, MAX_UNIT),
    "phones": ("电话", 20, MAX_CONTACT),
    "bank_accounts": ("银行账号", 20, MAX_CONTACT),
}
"""The lists: their name, how many lines at most, how long a line at most."""
MOST_PARENTS: Final = 10
NAMES: Final = frozenset({"shareholders", "directors", "people"})
FIELDS: Final = ("legal_representative", *LISTS, "parents")
_BESIDE: Final = re.compile(r"[:：%％]")
_SEVERAL: Final = re.compile(r"[㐀-鿿·]{2,4}(?:\s+[㐀-鿿·]{2,4})+|.*[、；;].*")
"""Two names of people on one line: 何木 陈果, 何木、陈果; 何 木 is one, written wide."""


@dataclass(frozen=True, slots=True)
class Background:
    """Who stands behind a unit; `shareholders` are people or units, `parents` the units above it."""

    legal_representative: str = ""
    shareholders: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    parents: tuple[Named, ...] = ()
    former_names: tuple[str, ...] = ()
    phones: tuple[str, ...] = field(default=(), repr=False)
    bank_accounts: tuple[str, ...] = field(default=(), repr=False)


def require_sound(given: Background) -> Background:
    """The background tidied: no blanks around, no empty lines, no line twice; Invalid says every field that is wrong."""
    tidy = Background(
        legal_representative=collapsed(given.legal_representative),
        parents=tuple(dict.fromkeys(_parents(given))),
        **{name: _lines(getattr(given, name)) for name in LISTS},
    )
    wrong = dict(_faults(tidy))
    if tidy == Background():
        wrong["legal_representative"] = "请至少填写一项。"
    if wrong:
        raise Invalid("有内容需要改正。", code="bad_background", fields=wrong)
    return tidy


def changed(before: Background, after: Background) -> list[str]:
    """The names of the fields in which two differ, sorted."""
    return sorted(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def _lines(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(collapsed, given))))


def _parents(given: Background) -> Iterator[Named]:
    for one in given.parents:
        tidy = Named(collapsed(one.name), uscc.clean(one.uscc))
        if tidy != Named(""):
            yield tidy


def _faults(tidy: Background) -> Iterator[tuple[str, str]]:
    representative = _fault_in_name(tidy.legal_representative, MAX_PERSON, is_person=True)
    if representative:
        yield "legal_representative", representative
    for name, (said, most, longest) in LISTS.items():
        lines: tuple[str, ...] = getattr(tidy, name)
        say: Callable[[str], str] = _sayer(name, longest)
        fault = next((f"第 {at} 行：{told}" for at, one in enumerate(lines, start=1) if (told := say(one))), "")
        if len(lines) > most:
            yield name, f"{said}最多填 {most} 行，现在有 {len(lines)} 行。"
        elif fault:
            yield name, fault
    yield from _faults_in_parents(tidy.parents)


def _sayer(name: str, longest: int) -> Callable[[str], str]:
    if name in NAMES:
        return lambda line: _fault_in_name(line, longest, is_person=name != "shareholders")
    return lambda line: "" if len(line) <= longest else f"不超过 {longest} 个字。"


def _fault_in_name(line: str, longest: int, *, is_person: bool) -> str:
    if len(line) > longest:
        return f"不超过 {longest} 个字。"
    if _BESIDE.search(line):
        return "只写姓名或名称，不写职务和比例，否则查不到。"
    if _SEVERAL.fullmatch(line) and (is_person or "、" in line):
        return "请一行只写一个，否则查不到。"
    return ""


def _faults_in_parents(parents: tuple[Named, ...]) -> Iterator[tuple[str, str]]:
    if len(parents) > MOST_PARENTS:
        yield "parents", f"上级单位最多填 {MOST_PARENTS} 个，现在有 {len(parents)} 个。"
    for at, one in enumerate(parents):
        if not 0 < len(one.name) <= MAX_UNIT:
            yield f"parent-{at}-name", f"请填写上级单位的全称，不超过 {MAX_UNIT} 个字。"
        fault = uscc.fault_in(one.uscc) if one.uscc else None
        if fault:
            yield f"parent-{at}-uscc", f"{fault}不清楚可以不填。"
