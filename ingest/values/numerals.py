"""Numbers as lists write them: 1,200.50, ３００, 三百二十, 伍拾, 一年半's one and a half."""

import re
from decimal import Decimal, InvalidOperation

CHINESE = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億貳參陸"
_FORMAL = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟萬億貳參陸", "零二一二三四五六七八九十百千万亿二三六")
_GROUPED = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")


def ungrouped(words: str) -> str:
    """Text without thousands separators inside its numbers."""
    return _GROUPED.sub("", words)


def decimal(words: str) -> Decimal | None:
    """A number in Arabic or Chinese digits, or None."""
    words = ungrouped(words.strip())
    try:
        number = Decimal(words)
    except InvalidOperation:
        return chinese(words)
    return number if number.is_finite() else None


def chinese(words: str) -> Decimal | None:
    """A number in plain or formal Chinese numerals ("三百二十", "伍拾万"), or None."""
    plain = words.translate(_FORMAL)
    if not plain or any(character not in CHINESE for character in plain):
        return None
    from cn2an import cn2an

    try:
        return Decimal(str(cn2an(plain, "smart")))
    except (ValueError, TypeError, InvalidOperation, LookupError):
        # It looks up places that a wrongly made number ("八千十八十一") does not have.
        return None
