"""Characters as PDF fonts name them: some give the sign of a radical (⽔) or a compatibility form for the character (水)."""

import unicodedata

_RANGES = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
_SUPPLEMENT = {0x2EA0: "民", 0x2EC5: "见", 0x2ED3: "长", 0x2EDA: "页", 0x2EE2: "马", 0x2EE5: "鱼", 0x2EE6: "鸟", 0x2EEC: "齐", 0x2EF0: "龙", 0x2ED4: "门", 0x2EC8: "言", 0x2EE9: "黄"}  # fmt: skip


def character(code: int) -> str:
    """The character that a reader sees for a code point."""
    if code < _RANGES[0][0] or not any(low <= code <= high for low, high in _RANGES):
        return chr(code)
    return _SUPPLEMENT.get(code) or unicodedata.normalize("NFKC", chr(code))
