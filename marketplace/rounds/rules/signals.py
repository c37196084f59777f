"""Integrity signals: what somebody might look at once more, each with its evidence and an innocent explanation.

None of them is a verdict, none enters a score or a decision, and none is public.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from statistics import mean, pstdev
from typing import Final

from marketplace.experts.rules.facts import Team, Unit
from marketplace.experts.rules.identities import accounts, mail_domain, person_key, phones
from marketplace.kernel.text import folded

SHINGLE: Final = 8
"""Signs of one piece of a text; pieces are compared, wherever they stand."""
ALIKE: Final = 0.35
"""From this part of their pieces in common two bids are told as near-identical."""
LEAST_PIECES: Final = 40
"""Shorter texts have too much in common by chance."""
AGAIN: Final = 3
"""So many wins of one unit with one issuer are told."""
FAR: Final = 25
"""Points by which one sheet lies above or below the mean of the others."""
LAST: Final = timedelta(minutes=30)
"""Before the end of something: what changes then is told."""
OTHERS: Final = 2
"""Fewer other sheets make no mean to be far from."""
MOBILE_SIGNS: Final = 11
LEAST_BIDS: Final = 4
"""With fewer bids an expert's pattern says nothing."""


class Kind(StrEnum):
    """What a signal is about."""

    ALIKE_TEXTS = "alike_texts"
    SAME_FILES = "same_files"
    SHARED_CONTACTS = "shared_contacts"
    SHARED_PEOPLE = "shared_people"
    SAME_WINNER = "same_winner"
    FAR_SHEET = "far_sheet"
    FLAT_SHEETS = "flat_sheets"
    SAME_SHEETS = "same_sheets"
    LATE_EDIT = "late_edit"


INNOCENT: Final[Mapping[Kind, str]] = {
    Kind.ALIKE_TEXTS: "可能都引用了公开资料、同一份模板或同一家供应商的说明；公告原文已从比对中去掉。",
    Kind.SAME_FILES: "可能都附了同一份公开文件，例如标准、产品手册或主办方发的表格。",
    Kind.SHARED_CONTACTS: "可能在同一社区、园区或代办机构登记，留了同一个电话、邮箱或账号。",
    Kind.SHARED_PEOPLE: "可能只是同名，或同一人合法地在两家单位任职。",
    Kind.SAME_WINNER: "可能这家单位确实最合适，或这类需求的供给很少。",
    Kind.FAR_SHEET: "专家可以有不同看法；请先看评语是否说明了理由。",
    Kind.FLAT_SHEETS: "可能这些申报水平确实接近，或专家习惯给整数。",
    Kind.SAME_SHEETS: "申报少、指标少时，两位专家的打分可能碰巧相同。",
    Kind.LATE_EDIT: "赶在截止前修改很常见；更正分数须有理由，理由在记录里。",
}


@dataclass(frozen=True, slots=True)
class Signal:
    """Something to look at: about which bids or members (ids), the facts as sentences."""

    kind: Kind
    subjects: tuple[str, ...]
    evidence: tuple[str, ...]

    @property
    def innocent(self) -> str:
        """An innocent explanation to consider first."""
        return INNOCENT[self.kind]


@dataclass(frozen=True, slots=True)
class Paper:
    """What a bid says, and the digests of its files, by their names."""

    bid: str
    name: str
    text: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Marked:
    """A sheet: by whom (an alias), of which bid, its points by criterion, its total."""

    expert: str
    bid: str
    code: str
    marks: tuple[Fraction, ...]
    total: Fraction


@dataclass(frozen=True, slots=True)
class Edit:
    """Something that was changed: what, when, and when the time for it ended."""

    subject: str
    said: str
    at: datetime
    ended: datetime


def alike_texts(papers: Sequence[Paper], notice: str) -> Iterator[Signal]:
    """Bids whose texts share many pieces; what the notice says itself does not count."""
    common = _pieces(notice)
    pieces = {one.bid: _pieces(one.text) - common for one in papers}
    for one, other in combinations(papers, 2):
        a, b = pieces[one.bid], pieces[other.bid]
        if min(len(a), len(b)) < LEAST_PIECES:
            continue
        share = len(a & b) / len(a | b)
        if share >= ALIKE:
            longest = _longest(one.text, other.text, common)
            said = f"“{one.name}”与“{other.name}”的申报文字有 {share:.0%} 相同；最长的相同段落：“{longest[:80]}”。"
            yield Signal(Kind.ALIKE_TEXTS, (one.bid, other.bid), (said,))


def same_files(papers: Sequence[Paper]) -> Iterator[Signal]:
    """The very same file in bids of different units."""
    found: dict[str, list[tuple[Paper, str]]] = defaultdict(list)
    for one in papers:
        for name, digest in one.files.items():
            found[digest].append((one, name))
    for digest in sorted(found):
        holders = {one.bid: (one, name) for one, name in found[digest]}
        if len(holders) > 1:
            said = "、".join(f"“{one.name}”的《{name}》" for one, name in holders.values())
            yield Signal(Kind.SAME_FILES, tuple(sorted(holders)), (f"内容完全相同的附件：{said}。",))


def shared(teams: Mapping[str, Team]) -> Iterator[Signal]:
    """Phones, accounts, addresses of one company, and people that bids of different units share."""
    for (bid, team), (other_bid, other) in combinations(sorted(teams.items()), 2):
        for one, two in ((a, b) for a in team.units for b in other.units if a.name != b.name):
            contacts = _contacts(one, two)
            if contacts:
                yield Signal(Kind.SHARED_CONTACTS, (bid, other_bid), tuple(contacts))
            people = sorted(_people(one) & _people(two))
            if people:
                said = f"“{one.name}”与“{two.name}”登记的人员有同名：{'、'.join(people)}。"
                yield Signal(Kind.SHARED_PEOPLE, (bid, other_bid), (said,))


def same_winner(bid: str, unit: str, issuer: str, titles: Sequence[str]) -> Iterator[Signal]:
    """A unit that has won with the same issuer before; `titles` are the rounds, this one with them."""
    if len(titles) >= AGAIN:
        said = f"“{unit}”在“{issuer}”的活动中已 {len(titles)} 次中选：{'、'.join(titles)}。"
        yield Signal(Kind.SAME_WINNER, (bid,), (said,))


def sheet_patterns(sheets: Sequence[Marked]) -> Iterator[Signal]:
    """Sheets far from all others of the same bid, experts who hardly tell bids apart, pairs who mark alike throughout."""
    of_bid: dict[str, list[Marked]] = defaultdict(list)
    of_expert: dict[str, list[Marked]] = defaultdict(list)
    for one in sheets:
        of_bid[one.bid].append(one)
        of_expert[one.expert].append(one)
    for bid in sorted(of_bid):
        yield from _far(of_bid[bid])
    for expert in sorted(of_expert):
        own = of_expert[expert]
        if len(own) >= LEAST_BIDS and pstdev([float(one.total) for one in own]) < 1:
            low, high = min(one.total for one in own), max(one.total for one in own)
            said = f"{expert}给 {len(own)} 份申报的总分都在 {float(low):g} 到 {float(high):g} 之间，几乎没有区分。"
            yield Signal(Kind.FLAT_SHEETS, (expert,), (said,))
    yield from _same(of_expert)


def late_edits(edits: Iterable[Edit]) -> Iterator[Signal]:
    """What was changed shortly before its time ended, or after it."""
    for one in edits:
        if one.at >= one.ended - LAST:
            yield Signal(Kind.LATE_EDIT, (one.subject,), (one.said,))


def _far(of_bid: Sequence[Marked]) -> Iterator[Signal]:
    """The sheet farthest from the mean of the others, where it lies far: what it does to the others' is no signal."""
    if len(of_bid) <= OTHERS:
        return
    distances = {one.expert: _distance(one, of_bid) for one in of_bid}
    farthest = max(of_bid, key=lambda one: (distances[one.expert], one.expert))
    if distances[farthest.expert] >= FAR:
        others = mean(float(one.total) for one in of_bid if one is not farthest)
        said = (
            f"{farthest.expert}给 {farthest.code} 号申报 {float(farthest.total):g} 分，其他专家平均 {others:.1f} 分，"
            f"相差 {distances[farthest.expert]:.1f} 分。"
        )
        yield Signal(Kind.FAR_SHEET, (farthest.bid, farthest.expert), (said,))


def _distance(one: Marked, of_bid: Sequence[Marked]) -> float:
    return abs(float(one.total) - mean(float(other.total) for other in of_bid if other is not one))


def _same(of_expert: Mapping[str, Sequence[Marked]]) -> Iterator[Signal]:
    for one, other in combinations(sorted(of_expert), 2):
        a = {sheet.bid: sheet.marks for sheet in of_expert[one]}
        b = {sheet.bid: sheet.marks for sheet in of_expert[other]}
        both = a.keys() & b.keys()
        if len(both) >= LEAST_BIDS and all(a[bid] == b[bid] for bid in both):
            said = f"{one}与{other}对 {len(both)} 份申报的每一项打分都相同。"
            yield Signal(Kind.SAME_SHEETS, (one, other), (said,))


def _contacts(one: Unit, two: Unit) -> list[str]:
    found = []
    same_phones = _all(phones, one.phones) & _all(phones, two.phones)
    if same_phones:
        found.append(
            f"“{one.name}”与“{two.name}”登记的电话相同：{'、'.join(_masked(p) for p in sorted(same_phones))}。"
        )
    if _all(accounts, one.bank_accounts) & _all(accounts, two.bank_accounts):
        found.append(f"“{one.name}”与“{two.name}”登记的银行账号相同。")
    domains = {mail_domain(address) for address in one.emails} & {mail_domain(address) for address in two.emails}
    named = sorted(domain for domain in domains if domain)
    if named:
        found.append(f"“{one.name}”与“{two.name}”的单位邮箱域名相同：{'、'.join(named)}。")
    return found


def _all(keys: Callable[[str], Collection[str]], written: Iterable[str]) -> set[str]:
    return {key for one in written for key in keys(one)}


def _people(unit: Unit) -> set[str]:
    named = (unit.legal_representative, *unit.shareholders, *unit.directors, *unit.people)
    return {key for one in named if (key := person_key(one))}


def _masked(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= MOBILE_SIGNS else phone


def _pieces(text: str) -> set[str]:
    signs = "".join(folded(text).split())
    return {signs[at : at + SHINGLE] for at in range(len(signs) - SHINGLE + 1)}


def _longest(one: str, other: str, common: set[str]) -> str:
    """The longest passage that two texts share and the notice does not hold, in its own spelling."""
    a, b = "".join(one.split()), "".join(other.split())
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    passages = (a[block.a : block.a + block.size] for block in blocks)
    return max((one for one in passages if not _pieces(one) <= common), key=len, default="")
