"""What a profile must not say to everybody: telephone numbers, addresses of mails and messengers, numbers of papers."""

import re
from typing import Final

_PRIVATE: Final = re.compile(
    r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"
    r"|(?<!\d)[(（]?0\d{2,3}[)）]?\s?[-—–]?\s?[2-9]\d{6,7}(?!\d)"
    r"|(?<!\d)[(（]?0\d{2,3}[)）]?[\s\-—–]{0,3}\d{3,4}[\s\-]\d{4}(?!\d)"
    r"|(?<!\d)[48]00[\s-]?\d{3,4}[\s-]?\d{3,4}(?!\d)"
    r"|[A-Za-z0-9][\w.+\-]*\s?[@＠]\s?[\w\-]+(?:\.[\w\-]+)+"
    r"|(?:微信号?|公众号|QQ|qq|V信|vx)\s*(?:[:：]|号?为|是)?\s*[A-Za-z0-9_\-]{5,}"
    r"|(?<!\d)\d{17}[\dXx](?!\d)"
    r"|(?:(?<![\u4e00-\u9fff])|(?<=联系)|(?<=办公)|(?<=固定)|(?<=咨询)|(?<=客服)|(?<=商务)|(?<=合作)|(?<=加我))(?:电话|手机|邮箱|微信|联系人|QQ|传真)\s*[:：]",
    re.ASCII,
)

_IMPRINT: Final = re.compile(
    r"©|copyright|all rights reserved|版权所有|保留(?:一切|所有)权利|最终解释权|不构成[^，。]{2,8}(?:意见|建议|承诺)"
    r"|未经[^，。]{1,16}(?:请勿|不得|禁止|严禁)|(?:本|此)(?:资料|材料|文件|文稿|文档|手册|演示文稿|网站|宣传册)[^。]{0,24}(?:版权|仅供|保密)",
    re.IGNORECASE,
)


def is_imprint(words: str) -> bool:
    """Whether a line tells whose the paper is and what may not be done with it, as its foot does."""
    return _IMPRINT.search(words) is not None


def is_private(words: str) -> bool:
    """Whether a text tells how somebody can be reached, or a number of somebody's papers."""
    return _PRIVATE.search(words) is not None
