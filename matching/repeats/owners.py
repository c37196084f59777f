"""Whether two names are one owner's: 禾阳中院立案庭 and 禾阳市中级人民法院, 岚钢公司运输部 and 岚江钢铁有限公司.

A short name keeps letters of the long one in their order, and departments are said after it. Letters that most names
have (公司, 局, 中心) tell little.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_FORMS = re.compile(r"股份有限公司|有限责任公司|有限公司|集团|控股|总公司|分公司|公司")
_REGION = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:自治区|自治州|新区|省|市|县|(?<![园发城采厂片社景校])区|旗)")
_IN_REGION = re.compile(r"([\u4e00-\u9fff]{2,6}?)(自治区|自治州|新区|省|市|县|区|州|旗|街道|镇|乡|/|$)")
_LEVELS = {
    "省": 1,
    "自治区": 1,
    "市": 2,
    "州": 2,
    "自治州": 2,
    "县": 3,
    "区": 3,
    "新区": 3,
    "旗": 3,
    "街道": 4,
    "镇": 4,
    "乡": 4,
}
_DEPARTMENT = re.compile(r"(?:部|科|处|室|车间|中心|庭|队|组|局)$")
_NOWHERE = re.compile(r"[全本我各多]|市辖|市区|城区|辖区|不限")
_COMMON = frozenset("市县区省局委厅院校馆所站部科处室队组中心厂社园司公分总人民第国有务管理办")
_COMMON_WEIGHT = 0.3
_LONGEST_DEPARTMENT = 6
_SHORTEST = 2
_DOUBT = 0.55
_OTHER_HEAD = 0.5
"""What likeness is worth of a name whose first letter, where the firm's own name begins, the other does not have."""
_AUTHORITY = re.compile(r"局|委员会|政府|厅|集团|控股|办公室|协会|联合会|管委会")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who states a need: the name as it is compared, the places it lies in, and whether it may speak for others.

    `places` are pairs of a level (1 a province, 2 a city, 3 a county, 0 where it is not said) and a name without it.
    """

    name: str
    places: frozenset[tuple[int, str]]
    authority: bool

    @property
    def stems(self) -> frozenset[str]:
        """The names of the places."""
        return frozenset(stem for _, stem in self.places)


@lru_cache(maxsize=1 << 14)
def read(issuer: str, region: str) -> Owner:
    """The owner from the issuer and region of an item, both as `spelling.bare` gives them; empty where not stated."""
    named, rest = list[tuple[str, str]](), issuer
    while found := _REGION.match(rest):
        named += _IN_REGION.findall(found[0])
        rest = rest[found.end() :]
    named += _IN_REGION.findall(region)
    places = frozenset((_LEVELS.get(level, 0), stem) for stem, level in named if not _NOWHERE.match(stem))
    return Owner(issuer, places, bool(_AUTHORITY.search(issuer)))


@lru_cache(maxsize=1 << 16)
def likeness(one: Owner, other: Owner) -> float:
    """How surely two owners are one, 0 to 1; 0 where a name is missing."""
    if not one.name or not other.name:
        return 0.0
    if one.name == other.name:
        return 1.0
    stems = one.stems | other.stems
    a, b = _core(one.name, stems), _core(other.name, stems)
    found = max(_covered(a, b), _covered(b, a))
    placed = [any(each.name.startswith(stem) for stem in stems) for each in (one, other)]
    if placed[0] != placed[1]:
        # One of them says the place within its name (石垟矿, 禾博), so it must not be taken from the other.
        a, b = _FORMS.sub("", one.name), _FORMS.sub("", other.name)
        found = max(found, _covered(a, b), _covered(b, a))
    return found


@lru_cache(maxsize=1 << 14)
def _core(name: str, stems: frozenset[str]) -> str:
    """A name without the places both items lie in and without the form of company."""
    rest = name
    for stem in sorted(stems, key=lambda stem: (-len(stem), stem)):
        rest = re.sub(rf"^{re.escape(stem)}(?:自治区|自治州|新区|省|市|县|区|州|旗)?", "", rest)
    return _FORMS.sub("", re.sub(r"^(?:市|县|区|省)", "", rest)) or name


def _covered(short: str, long: str) -> float:
    """The share of a name, with or without a department at its end, that stands in the other in order."""
    longest_cut = _LONGEST_DEPARTMENT if _DEPARTMENT.search(short) else 0
    total = best = 0.0
    for length, (letter, common) in enumerate(zip(short, _common(short, long), strict=True), 1):
        total += _weight(letter)
        if length >= max(_SHORTEST, len(short) - longest_cut):
            best = max(best, common / total * (1 - _DOUBT**total))
    return best if short[:1] in long else best * _OTHER_HEAD


def _weight(letter: str) -> float:
    return _COMMON_WEIGHT if letter in _COMMON else 1.0


def _common(one: str, other: str) -> Iterator[float]:
    """The weight of the longest common subsequence of the other name and each beginning of one."""
    row = [0.0] * (len(other) + 1)
    for letter in one:
        weight, diagonal = _weight(letter), 0.0
        for at, against in enumerate(other, 1):
            diagonal, row[at] = row[at], max(row[at], row[at - 1], diagonal + weight if letter == against else 0.0)
        yield row[-1]
