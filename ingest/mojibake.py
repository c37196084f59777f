"""Text that was decoded with the wrong encoding, and how to get it back."""

import re

SUSPICIOUS = re.compile(
    "[锛銆鈥\ufffd]|锟斤拷|烫烫烫|屯屯屯|[ÃÂåæçèéäïã][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[\xa1-\xff]{4,}"
)
"""What hardly ever stands in Chinese text unless it was decoded wrongly."""

_LOST = re.compile("\ufffd|锟斤拷|烫烫烫|屯屯屯")
_HAN = re.compile("[\u4e00-\u9fff]")
_CP1252 = {
    character: byte for byte in range(256) for character in [bytes([byte]).decode("cp1252", "ignore") or chr(byte)]
}


def is_lost(text: str) -> bool:
    """Whether characters were destroyed for good (a replacement character stands in their place)."""
    return _LOST.search(text) is not None


def repair(text: str) -> str | None:
    """The text as it was meant, or None where no repair gives clean Chinese.

    Tried: UTF-8 read as GB18030, UTF-8 read as Windows-1252, GB18030 read as Windows-1252.
    """
    for meant in (_redecode(text, "gb18030", "utf-8"), _from_western(text, "utf-8"), _from_western(text, "gb18030")):
        if meant and _HAN.search(meant) and not SUSPICIOUS.search(meant):
            return meant
    return None


def _redecode(text: str, wrong: str, right: str) -> str | None:
    try:
        return text.encode(wrong).decode(right)
    except UnicodeError:
        return None


def _from_western(text: str, right: str) -> str | None:
    codes = [_CP1252.get(character) for character in text]
    if any(code is None for code in codes):
        return None
    try:
        return bytes(code for code in codes if code is not None).decode(right)
    except UnicodeError:
        return None
