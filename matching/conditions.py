"""Hard conditions that a need states, and the suppliers that do not meet them.

Only what is stated as a condition counts, and only against what the profile itself says: silence blocks nobody.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from matching.documents import Blocker, Need, Profile
from matching.text import normalise

_PLACE = r"[\u4e00-\u9fff]{2,8}?"
_REGIONS = (
    re.compile(
        rf"(?:仅限|限|须在|必须在|应在|要求在|注册地(?:须|应|必须)?(?:为|在|于))(?P<place>{_PLACE})(?:区域|范围|境|市域)?(?:内)?(?:注册|登记|落户)"
    ),
    re.compile(rf"(?:仅限|只面向|限)(?P<place>{_PLACE})(?:本地)?(?:的)?(?:企业|单位|机构|团队|供应商|服务商)"),
    re.compile(rf"注册地(?:须|应|必须|要求)?(?:为|在|于)(?P<place>{_PLACE})(?:[,;。,，；、\s]|$)"),
)
_LEAST = (
    re.compile(
        r"(?:团队|人员|项目组|技术人员|从业人员)(?:人数|规模)?(?:须|应|需)?(?:不少于|不低于|至少|达到)(?P<count>\d+)(?:名|人|个人)"
    ),
    re.compile(
        r"(?:不少于|不低于|至少)(?P<count>\d+)(?:名|人)(?:以上)?的?(?:专职|驻场|技术|研发|项目|服务)?(?:团队|人员|工程师|技术人员)"
    ),
)
_MOST = re.compile(
    r"(?:团队|人员|从业人员|员工)(?:人数|规模)?(?:须|应|需)?(?:不超过|不多于|不得超过)(?P<count>\d+)(?:名|人)"
)
_FILING = re.compile(
    r"(?:须|应|必须|需|要求)(?:具备|具有|取得|持有|完成|通过|提供)(?:有效的?)?"
    r"(?P<filing>[\u4e00-\u9fffa-z0-9]{0,16}?(?:备案|许可证|资质证书|资质|认证|等保[二三]级|算法登记))"
)
_CEILING = re.compile(r"不超过|不高于|不得超过|以内|以下|上限|最高限价|限价|控制价|之内|封顶")
_MONEY = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>亿|万|千)?\s*(?:元|块)?")
_PER = re.compile(r"/|每|按(?:次|页|条|月|年|天|小时)")
_UNITS = {"亿": Decimal(100_000_000), "万": Decimal(10_000), "千": Decimal(1_000), None: Decimal(1), "": Decimal(1)}


def blockers(need: Need, profile: Profile) -> tuple[Blocker, ...]:
    """Return the hard conditions of `need` that `profile` says it does not meet, each with a sentence that names both."""
    return tuple(found for check in _CHECKS for found in check(need, profile))


def states_any(need: Need) -> bool:
    """Tell whether a need states a hard condition at all, so that other needs cost nothing."""
    text = _text(need)
    patterns = (*_REGIONS, *_LEAST, _MOST, _FILING)
    return ceiling(need) is not None or any(pattern.search(text) for pattern in patterns)


def _text(need: Need) -> str:
    return normalise("。".join([need.title, need.description, *need.requirements]))


def _region(need: Need, profile: Profile) -> Iterator[Blocker]:
    if not profile.region:
        return
    for pattern in _REGIONS:
        for found in pattern.finditer(_text(need)):
            place = found["place"]
            if _bare(place) and _bare(place) not in normalise(profile.region):
                yield Blocker("region", f"需求限定在{place}，该供给方所在地为{profile.region}。")
                return


def _bare(place: str) -> str:
    local = {"本地", "本市", "本省", "本区", "本县", "国内", "境内", "中国", "我国"}
    return "" if place in local else re.sub(r"(?:省|市|区|县|自治区)$", "", place)


def least_people(need: Need) -> int | None:
    """Return how many people a need wants at least; None where it says nothing of it."""
    text = _text(need)
    return max((int(found["count"]) for pattern in _LEAST for found in pattern.finditer(text)), default=None)


def _head_count(need: Need, profile: Profile) -> Iterator[Blocker]:
    if profile.team_size is None:
        return
    text, least = _text(need), least_people(need)
    if least is not None and profile.team_size < least:
        yield Blocker("team_size", f"需求要求团队不少于{least}人，该供给方为{profile.team_size}人。")
    most = min((int(found["count"]) for found in _MOST.finditer(text)), default=None)
    if most is not None and profile.team_size > most:
        yield Blocker("team_size", f"需求要求团队不超过{most}人，该供给方为{profile.team_size}人。")


def _filing(need: Need, profile: Profile) -> Iterator[Blocker]:
    if not profile.filings:
        return
    said = normalise(
        " ".join(
            [*profile.filings, profile.headline, profile.description, *profile.skills, *profile.cases, *profile.offers]
        )
    )
    for found in _FILING.finditer(_text(need)):
        if found["filing"] not in said:
            yield Blocker(
                "filing", f"需求要求{found['filing']}，该供给方登记的备案与资质为{'、'.join(profile.filings)}。"
            )


def _price(need: Need, profile: Profile) -> Iterator[Blocker]:
    most, least = ceiling(need), lowest_price(profile)
    if most is not None and least is not None and least > most:
        yield Blocker("price", f"需求最高限价{_yuan(most)}，该供给方报价为{profile.price_text}。")


def ceiling(need: Need) -> Decimal | None:
    """Return the highest price a need accepts, in yuan, where it states one as a limit."""
    if need.budget_text and _CEILING.search(need.budget_text):
        return max(_amounts(need.budget_text), default=need.budget_max)
    return None


def lowest_price(profile: Profile) -> Decimal | None:
    """Return the least a supplier charges for a whole piece of work, in yuan; a price by the page or month says nothing."""
    if not profile.price_text or _PER.search(profile.price_text):
        return None
    return min(_amounts(profile.price_text), default=None)


def _amounts(text: str) -> list[Decimal]:
    """Return the amounts of a text in yuan; in "15-30万元" the first takes the unit of the second."""
    found = [(Decimal(match["number"]), match["unit"]) for match in _MONEY.finditer(normalise(text))]
    amounts: list[Decimal] = []
    unit: str | None = None
    for number, own in reversed(found):
        unit = own or unit
        amounts.append(number * _UNITS[unit])
    return [amount for amount in amounts if amount >= _UNITS["千"]]


def _yuan(amount: Decimal) -> str:
    wan = amount / _UNITS["万"]
    return f"{wan.normalize():f}万元" if wan >= 1 else f"{amount.normalize():f}元"


_CHECKS: tuple[Callable[[Need, Profile], Iterator[Blocker]], ...] = (_region, _head_count, _filing, _price)
