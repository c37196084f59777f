"""When two spellings name one organisation."""

import re
import unicodedata

from marketplace.kernel.text import collapsed, folded

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


MAX_NAME = 120
_STRANGE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "So", "Sk"})
"""Unicode categories that no name is written with: controls, private use, pictures."""
_UNIT_WORDS = ("公司", "集团", "局", "委员会", "政府", "银行", "医院", "学校", "大学", "学院", "管委会", "中心")
"""How names of legal persons end, which a person without a company may not take."""


def fault_in(name: str, *, what: str) -> str | None:
    """What is wrong with a typed name, as a sentence, or None; `what` is how the form calls it (姓名, 单位名称)."""
    tidy = collapsed(name)
    if not tidy:
        return f"请填写{what}。"
    if len(tidy) > MAX_NAME:
        return f"{what}最多 {MAX_NAME} 个字，现在是 {len(tidy)} 个字，请用规范全称。"
    if any(unicodedata.category(sign) in _STRANGE for sign in tidy) or set(tidy) & set("<>{}\\"):
        return f"{what}里有表情、尖括号等不能用的符号，请删去后再提交。"
    if not any(sign.isalpha() for sign in tidy):
        return f"{what}里没有文字，请重新填写。"
    return None


def names_a_unit(name: str) -> bool:
    """Whether a name ends as those of legal persons do."""
    return collapsed(name).rstrip(")） ").endswith(_UNIT_WORDS)
