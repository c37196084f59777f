"""When two spellings name one organisation."""

import re

from marketplace.kernel.text import folded

_BRACKETS = str.maketrans({"[": "(", "]": ")", "【": "(", "】": ")", "〔": "(", "〕": ")", "「": "(", "」": ")"})
_POINTS = re.compile(r"[·•・‧∙.,，。、;；:：'\"“”‘’《》<>_\-—–]")
_FORMS = (
    ("有限责任公司", "有限公司"),
    ("有限公司(自然人独资)", "有限公司"),
    ("有限公司(一人有限公司)", "有限公司"),
    ("股份有限公司", "股份公司"),
)


def name_key(name: str) -> str:
    """The key of an organisation's name: width, brackets, spaces, points and variants of 有限公司 do not count."""
    key = folded(_POINTS.sub("", folded(name).translate(_BRACKETS)))
    for variant, form in _FORMS:
        key = key.replace(variant, form)
    return key
