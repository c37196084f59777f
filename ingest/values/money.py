"""Sums of money in yuan, with the bounds that the words around them set (lists.md, section 3)."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from ingest.values import numerals
from ingest.values.words import compact, is_nothing

ABSURD = Decimal(10) ** 13
_CENTS = Decimal("0.01")


class Bound(Enum):
    """Which side of a sum is stated."""

    EXACT = "exact"
    AT_MOST = "at most"
    AT_LEAST = "at least"


@dataclass(frozen=True, slots=True)
class Money:
    """A stated range in yuan; `warning` is a code of WARNINGS, or None."""

    lowest: Decimal | None = None
    highest: Decimal | None = None
    negotiable: bool = False
    warning: str | None = None


WARNINGS = {
    "money_not_positive": "金额为零或负数，未采用。请填写大于零的金额，没有确定的填“面议”或“待定”。",
    "money_absurd": "金额超过十万亿元，未采用。请检查数字和单位（元、万元、亿元）。",
    "money_swapped": "金额范围前大后小，已按从小到大读取。请核对。",
    "money_unread": "金额看不懂，未采用。请写成“50”“30-50”或“不超过50万元”的样子。",
    "money_several": "一格中有几笔金额而没有写总额，未采用。请只填写总额。",
    "money_no_unit": "金额没有写单位，表头和表上方也没有，已按元读取。请注明“元”或“万元”。",
    "money_about": "金额写的是约数，又没有写单位，已按表头的单位和所写的数字读取。请核对，或写明金额和单位。",
    "money_foreign": "金额不是人民币，未采用。请折算成人民币填写。",
}

_UNITS = {
    "万亿": Decimal(10) ** 12, "千亿": Decimal(10) ** 11, "百亿": Decimal(10) ** 10, "亿": Decimal(10) ** 8, "千万": Decimal(10) ** 7,
    "百万": Decimal(10) ** 6, "十万": Decimal(10) ** 5, "万": Decimal(10) ** 4, "w": Decimal(10) ** 4, "千": Decimal(1000), "k": Decimal(1000), "百": Decimal(100),
    "元": Decimal(1), "圆": Decimal(1), "块": Decimal(1), "": Decimal(1),
}  # fmt: skip
_UNIT = r"(?:(万亿|千亿|百亿|亿|千万|百万|十万|万|[wWkK]|千|百)?(?:多|余|来)?(人民币|元|圆|块)?)"
_NUMBER = r"(\d+(?:\.\d+)?(?:[eE]\+?\d{1,2})?|\.\d+)"
_AMOUNT = re.compile(rf"(?<![\d.])(-|负)?{_NUMBER}(?:多|余|几)?{_UNIT}")
_HAN_AMOUNT = re.compile(
    r"[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億]{2,}|[一二两三四五六七八九壹贰叁肆伍陆柒捌玖](?=元)"
)
_SCALES = {"万": "万", "萬": "万", "亿": "亿"}
_HEADER_UNIT = re.compile(r"(万亿|千万|百万|十万|亿|万|千)?元|(?<=[（(：:/])(亿|万)(?=[）)]|$)")
_SQUARED = re.compile(r"(?<=/)(k?m)[23]")
_COUNTED = re.compile(r"[台套个人年月天日次项期家名辆吨亩件条班户座]")
_BRACKETED_UNIT = re.compile(r"\(((?:亿|千万|百万|万|千)?元|亿|万)\)")
_PART = re.compile(
    r"[，,；;。(（]?\s*(?:其中|其他|包括|包含|含有?(?!税)|分别为|另(?:有|配)|首期|首付|一期|二期).*|[(（][^()（）]*(?:补助|补贴|自筹|配套|财政)[^()（）]*[)）]"
)
_RANGE = re.compile(r"^(?:元|人民币)?(?:-|~|—+|–|～|至|到|―)+(?:人民币)?$")
_MOST = re.compile(r"不超过|不超出|不高于|不大于|不多于|不突破|≤|<=?|＜|上限|最高|最多|至多|封顶|控制在|小于|低于")
_LEAST = re.compile(r"不低于|不少于|不小于|≥|>=?|＞|下限|最低|最少|至少|起步价|高于|大于|超过")
_MOST_AFTER = re.compile(r"^(?:人民币)?(?:/[^\d]{1,4})?[)）]?(?:\(含\))?(?:以内|之内|以下|内|封顶|上限|为上限|为限)")
_LEAST_AFTER = re.compile(r"^(?:人民币)?(?:/[^\d]{1,4})?[)）]?(?:\(含\))?(?:以上|起(?!止)|及以上|之上|为起)")
_NEGOTIABLE = re.compile(r"面议|面谈|协商|洽谈|商议|议价|可谈|商谈|另议|双方议定|详谈")
_FOREIGN = re.compile(r"美元|美金|欧元|港币|港元|日元|英镑|usd|eur|hkd|[$€£]", re.IGNORECASE)
_TOTAL = re.compile(r"(?:总(?:投资|预算|额|金额|价|投入|经费|计|规模)|合计|共计?|总共)[^\d]{0,6}$")
_ABOUT = re.compile(r"(?<![合预节契签制])约|大概|估计|左右|上下")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")


def header_unit(words: str) -> Decimal | None:
    """The unit that a header or a line above the table names ("预算（万元）", "单位：亿元"), as yuan."""
    found = _HEADER_UNIT.search(compact(words))
    return _UNITS[found[1] or found[2] or "元"] if found else None


def header_bound(words: str) -> Bound:
    """The bound that a header sets for plain numbers below it ("最高限价" → at most)."""
    plain = compact(words)
    if re.search(r"限价|上限|最高|不超过|控制价|封顶", plain):
        return Bound.AT_MOST
    return Bound.AT_LEAST if re.search(r"下限|最低|不低于|起步价|起价|≥", plain) else Bound.EXACT


@lru_cache(maxsize=16384)
def read(words: str, unit: Decimal | None = None, bound: Bound = Bound.EXACT) -> Money:
    """What a cell says about money; `unit` (yuan) and `bound` hold where the cell itself is silent."""
    plain = numerals.ungrouped(compact(words)).replace("，", ",")
    if _PLAIN.fullmatch(plain):
        return _bounded(Decimal(plain) * (unit or 1), bound, warning=None if unit else "money_no_unit")
    if plain.startswith("="):
        return Money(warning="money_unread")
    if is_nothing(plain):
        return Money(warning="money_unread" if plain.lower() in {"nan", "inf"} else None)
    negotiable = _NEGOTIABLE.search(plain) is not None
    money = _stated(plain, unit, bound)
    if negotiable and money.lowest is None and money.highest is None:
        return Money(negotiable=True, warning=money.warning if money.warning != "money_unread" else None)
    return replace(money, negotiable=negotiable)


@dataclass(frozen=True, slots=True)
class _Amount:
    value: Decimal
    unit: Decimal | None
    start: int
    end: int
    named: bool


def _stated(plain: str, unit: Decimal | None, bound: Bound) -> Money:
    if _FOREIGN.search(plain):
        return Money(warning="money_foreign")
    plain = _SQUARED.sub(r"\1", plain)
    plain = _BRACKETED_UNIT.sub(r"\1", plain)
    plain = _PART.sub("", _arabic(plain)) or plain
    plain = plain.replace("¥", "").replace("RMB", "").replace("rmb", "").replace("CNY", "")
    amounts = _amounts(plain)
    if not amounts or "%" in plain:
        return Money(warning="money_unread")
    money = _combined(plain, amounts, unit, bound)
    is_vague = _ABOUT.search(plain) is not None and not any(amount.unit for amount in amounts)
    return replace(money, warning=money.warning or "money_about") if is_vague else money


def _arabic(plain: str) -> str:
    """Chinese numerals in Arabic digits; "3千万" keeps its unit word, and so does 五十万, whose 万 a range shares."""

    def digits(found: re.Match[str]) -> str:
        words, unit = found[0], ""
        if words[-1] in _SCALES and not set(words[:-1]) & set(_SCALES):
            words, unit = words[:-1], _SCALES[words[-1]]
        number = numerals.chinese(words)
        followed = plain[: found.start()][-1:].isdigit()
        return found[0] if number is None or followed else format(number.normalize(), "f") + unit

    return _HAN_AMOUNT.sub(digits, plain)


def _amounts(plain: str) -> list[_Amount]:
    """Every sum in the text; "1亿2000万元" is one."""
    found: list[_Amount] = []
    for match in _AMOUNT.finditer(plain):
        scale = _UNITS[(match[3] or "").lower()] if match[3] else (Decimal(1) if match[4] else None)
        if scale is None and _COUNTED.match(plain, match.end()):
            continue
        value = Decimal(match[2]) * (-1 if match[1] and not _follows_number(plain, match.start()) else 1)
        last = found[-1] if found else None
        if last and last.unit and scale and last.end == match.start() and not last.named and scale < last.unit:
            total = last.value * last.unit + value * scale
            found[-1] = _Amount(total, Decimal(1), last.start, match.end(), named=bool(match[4]))
            continue
        start = match.start(2) if match[1] and value >= 0 else match.start()
        found.append(_Amount(value, scale, start, match.end(), named=bool(match[4])))
    return found


def _follows_number(plain: str, at: int) -> bool:
    return bool(re.search(r"[\d元万亿千百]$", plain[:at]))


def _combined(plain: str, amounts: list[_Amount], unit: Decimal | None, bound: Bound) -> Money:
    if len(amounts) > 1 and _RANGE.match(plain[amounts[0].end : amounts[1].start]):
        return _range(amounts[0], amounts[1], unit)
    sides = [_side(plain, amounts, index) for index in range(len(amounts))]
    if len(amounts) == 1:
        return _single(amounts[0], sides[0] or bound, unit)
    stated = {side: amount for amount, side in zip(amounts, sides, strict=True) if side is not None}
    if len(stated) == 2 and len(amounts) == 2:  # noqa: PLR2004 - "50万元以上，100万元以下"
        low, high = (_yuan(stated[side], unit) for side in (Bound.AT_LEAST, Bound.AT_MOST))
        return _ordered(low, high, None)
    totals = [index for index, amount in enumerate(amounts) if _TOTAL.search(plain[: amount.start])]
    if len(totals) == 1:
        return _single(amounts[totals[0]], sides[totals[0]] or bound, unit)
    return Money(warning="money_several")


def _side(plain: str, amounts: list[_Amount], index: int) -> Bound | None:
    before = plain[amounts[index - 1].end if index else 0 : amounts[index].start]
    after = plain[amounts[index].end :]
    if _MOST_AFTER.match(after):
        return Bound.AT_MOST
    if _LEAST_AFTER.match(after):
        return Bound.AT_LEAST
    # "不超过" and "不高于" hold "超过" and "高于", so that the upper bound is asked for first, and "不低于" holds "低于".
    if _LEAST.search(before) and not re.search(r"不(?:超过|高于|大于)", before):
        return Bound.AT_LEAST
    return Bound.AT_MOST if _MOST.search(before) else None


def _yuan(amount: _Amount, unit: Decimal | None) -> Decimal:
    return amount.value * (amount.unit or unit or 1)


def _single(amount: _Amount, bound: Bound, unit: Decimal | None) -> Money:
    return _bounded(_yuan(amount, unit), bound, None if amount.unit or unit else "money_no_unit")


def _bounded(value: Decimal, bound: Bound, warning: str | None) -> Money:
    if value <= 0:
        return Money(warning="money_not_positive")
    if value > ABSURD:
        return Money(warning="money_absurd")
    value = value.quantize(_CENTS)
    lowest = None if bound is Bound.AT_MOST else value
    return Money(lowest, None if bound is Bound.AT_LEAST else value, warning=warning)


def _range(first: _Amount, second: _Amount, unit: Decimal | None) -> Money:
    if first.unit is None or (first.unit == 1 and not first.named):
        first = replace(first, unit=second.unit)
    warning = None if second.unit or unit else "money_no_unit"
    return _ordered(_yuan(first, unit), _yuan(second, unit), warning)


def _ordered(low: Decimal, high: Decimal, warning: str | None) -> Money:
    if low <= 0 or high <= 0:
        return (
            _bounded(high, Bound.AT_MOST, "money_not_positive")
            if high > 0 and low == 0
            else Money(warning="money_not_positive")
        )
    if max(low, high) > ABSURD:
        return Money(warning="money_absurd")
    if low > high:
        low, high, warning = high, low, "money_swapped"
    return Money(low.quantize(_CENTS), high.quantize(_CENTS), warning=warning)
