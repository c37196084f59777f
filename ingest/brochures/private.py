"""What a profile must not say to everybody: telephone numbers, addresses of mails and messengers, numbers of papers."""

import re
from typing import Final

_PRIVATE: Final = re.compile(
    r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"
    r"|(?<!\d)[(（]?0\d{2,3}[)）]?\s?[-—–]?\s?[2-9]\d{6,7}(?!\d)"
    r"|(?<!\d)[48]00[\s-]?\d{3,4}[\s-]?\d{3,4}(?!\d)"
    r"|[A-Za-z0-9][\w.+\-]*\s?[@＠]\s?[\w\-]+(?:\.[\w\-]+)+"
    r"|(?:微信号?|公众号|QQ|qq|V信|vx)\s*(?:[:：]|号?为|是)?\s*[A-Za-z0-9_\-]{5,}"
    r"|(?<!\d)\d{17}[\dXx](?!\d)"
    r"|(?:电话|手机|邮箱|微信|联系人|QQ|传真)\s*[:：]",
    re.ASCII,
)


def is_private(words: str) -> bool:
    """Whether a text tells how somebody can be reached, or a number of somebody's papers."""
    return _PRIVATE.search(words) is not None
