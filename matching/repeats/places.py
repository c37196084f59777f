"""What tells one place or part from its sister: names of places (青屿水库), numbers (二期, 3号线), sides (东采区)."""

import re
from functools import lru_cache

from ingest.values.numerals import decimal

Named = frozenset[tuple[str, str]]
"""Pairs of what a thing is and which one it is: (水库, 青屿), (期, 2), (side, 东)."""

_KINDS = (
    "水库|流域|溪|河|江|湖|岛|山|港|湾|片区|园区|采区|厂区|净水厂|水厂|变电站|泵站|电站|电厂|车辆段|隧道|古镇|古街|村|镇|街道|街|"
    "矿|林场|大桥|码头|学校|医院"
)
_ORDINARY = re.compile(
    r"[两三五多一全我本各]\S|集装|装箱|散货|客运|货运|内河|沿海|水源|自来|中小|大型|中型|小型|露天|天矿|石灰|市区|辖区|工业|化工|农业|现代|国有|新建|在建|老旧|沿岸|沿溪|上游|下游|中游|周边|附近|流域|资料|验证|试点|高校|医学|人民|中心|社区|城区|以及|所有|开放|覆盖|面向|依托|利用"
)
"""Letters before such a word that are no name."""
_LETTER = "(?![的个和与至自到从在及等按由为对把被有无是座条处所家各每])[\u4e00-\u9fff]"
_NAMED = re.compile(rf"((?:{_LETTER}){{2}})({_KINDS})(?![区市县镇乡])")
_NUMBERED = re.compile(
    r"((?<![一二三四五六七八九十])[一二三四五六七八九十]{1,3}|(?<!\d)\d{1,3})(期|号线|号楼|号炉|号机|号井|号|标段|标|炼钢|分厂|厂|车间|库|工区|批)"
)
_SIDE = re.compile(r"([东西南北])(?=厂|区|采区|线|岸|站|水厂|院|侧|部|门|岭|净水厂)")


@lru_cache(maxsize=1 << 14)
def named(text: str) -> Named:
    """The places a text names by two letters and what they are."""
    return frozenset((kind, which) for which, kind in _NAMED.findall(text) if not _ORDINARY.match(which))


@lru_cache(maxsize=1 << 14)
def numbered(text: str) -> Named:
    """The parts and sides a text names: phases, lines, lots, plants, east and west."""
    parts = {(kind, str(decimal(which))) for which, kind in _NUMBERED.findall(text)}
    return frozenset(parts | {("side", side) for side in _SIDE.findall(text)})


def shared(one: Named, other: Named, *, one_text: str, other_text: str) -> list[str]:
    """The places of either text that the other names too, even without what they are (苇塘 for 苇塘变电站), in order."""
    found = {which + kind for kind, which in one if which in other_text}
    found |= {which + kind for kind, which in other if which in one_text}
    return sorted(found)


def differ(one: Named, other: Named) -> bool:
    """Whether both name something of a kind and none of that kind is the same."""
    kinds = {kind for kind, _ in one} & {kind for kind, _ in other}
    return any(
        {which for each, which in one if each == kind}.isdisjoint({which for each, which in other if each == kind})
        for kind in kinds
    )
