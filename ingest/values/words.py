"""Cells of words: full-width letters, white space and line breaks, and what stands for "nothing"."""

import re
import unicodedata
from functools import lru_cache

_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ．％＋－＠＃＆＊／＝＜＞～￥　]")
_WIDE_LETTERS = (*range(ord("０"), ord("９") + 1), *range(ord("Ａ"), ord("Ｚ") + 1), *range(ord("ａ"), ord("ｚ") + 1))
_NARROW: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in _WIDE_LETTERS},
    **str.maketrans(dict(zip("．％＋－＠＃＆＊／＝＜＞～￥　", ".%+-@#&*/=<>~¥ ", strict=True))),
}
_TRADITIONAL = str.maketrans(
    "稱單聯繫電話間說備註標題簡術詳領類業資額預費報價應實設質個規劃團隊數據項內容開結終點區縣鄉鎮時圍範問決關鍵難標準驗條參與對場總產務證號碼員負責發機構類別級編號選擇長獎懸賞榮譽聯絡郵經濟動態創優當廣東務農醫療圖紙圓萬億",
    "称单联系电话间说备注标题简术详领类业资额预费报价应实设质个规划团队数据项内容开结终点区县乡镇时围范问决关键难标准验条参与对场总产务证号码员负责发机构类别级编号选择长奖悬赏荣誉联络邮经济动态创优当广东务农医疗图纸圆万亿",
)
_SPACE = re.compile(r"\s+")
_INNER = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\x00-\x08\x0b\x0c\x0e-\x1f]"
)
_NOTHING = re.compile(
    r"[/\\—\-–_、.。·…*?？无]*|(?:暂)?(?:无|未定|待定|未确定|不详|未明确|没有|不限定)|暂未(?:确定|明确|定)|待(?:确定|明确|补充|填|商定)|"
    r"另行(?:确定|通知|商定)|(?:尚)?未(?:明确|填写?|填报|提供)|null|none|nan|n/?a|tbd|#n/a|#ref!|#value!|#name\?|#div/0!",
    re.IGNORECASE,
)


def half_width(words: str) -> str:
    """Full-width letters, digits and signs as half-width ones; Chinese punctuation stays."""
    return words.translate(_NARROW) if _WIDE.search(words) else words


def line(words: str) -> str:
    """One line: line breaks and runs of white space collapse, and vanish beside a Chinese character."""
    if words.isprintable() and " " not in words and not _WIDE.search(words):
        return words
    flat = _SPACE.sub(" ", _INVISIBLE.sub("", half_width(words))).strip()
    return _INNER.sub("", flat) if " " in flat else flat


def paragraphs(words: str) -> str:
    """Half-width text without invisible characters, its line breaks kept as line feeds."""
    return _INVISIBLE.sub("", half_width(words.replace("\r\n", "\n").replace("\r", "\n")))


@lru_cache(maxsize=4096)
def is_nothing(words: str) -> bool:
    """Whether a cell says that there is nothing to say: blank, "/", "—", "无", "待定", "暂未确定"."""
    return _NOTHING.fullmatch(compact(words)) is not None


def compact(words: str) -> str:
    """NFKC without any white space, for comparing."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", words))


def cell_line(words: str) -> str | None:
    """A cell of words as one line, or None where it states nothing."""
    if len(words) < 10 and is_nothing(words):  # noqa: PLR2004 - every way of saying nothing is shorter
        return None
    return line(words) or None


def simplified(words: str) -> str:
    """The characters of headers and titles in simplified form, for comparing only; cells keep their own."""
    return words.translate(_TRADITIONAL)
