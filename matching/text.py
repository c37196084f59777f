"""Text as the matcher reads it: normal form, words, character pairs and the numbers they are filed under.

Words come from jieba's algorithm and dictionary, run by rjieba where it is installed and by jieba itself where it is not.
"""

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

TERM_BITS = 22
"""Words and character pairs are filed under 22-bit hashes: no vocabulary has to be kept or agreed upon between processes."""
WORDS, BIGRAMS, CONCEPTS = 0, 1, 2
"""The legs; a term's leg stands above its hash, and concepts, which need none, come last."""

_SPACE = re.compile(r"\s+")
_RUN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\uf900-\ufaff]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HAN_CODES = range(0x3400, 0xA000)
_FUNCTION_WORDS = (
    "的 了 和 与 及 或 在 对 为 将 把 由 从 向 等 以 其 并 而 也 都 就 可 能 会 要 需 应 须 不 无 有 是 各 该 "
    "本 某 之 于 至 到 后 前 中 内 上 下 时 让 给 用 被 按 个 种 项 类 套 家 条 人 天 年 月 日 次 已 还 又 很 "
    "更 最 才 再 仍 但 且 如 若 则 所 这 那 他 她 它 我 你 们 可以 能够 进行 实现 通过 以及 或者 并且 包括 相关 "
    "有关 以上 以下 不少 不低 高于 低于 左右 其中 需要 要求 希望 提供 支持 具备 开展 我们 如何 怎么 什么 想要 一个 一种 "
    "以内 之内 不得 不超 已有 现有 能 "
)
_STOP = frozenset(_FUNCTION_WORDS.split())

Numbers = NDArray[np.uint32]


@lru_cache(maxsize=1 << 12)
def normalise(text: str) -> str:
    """Return `text` in NFKC, lower case, simplified characters, with every run of white space as one space."""
    return _SPACE.sub(" ", simplified(unicodedata.normalize("NFKC", text).lower())).strip()


def simplified(text: str) -> str:
    """Return `text` with traditional characters written as simplified ones, one for one, so that places stay as they are.

    Only a text that holds a character which GB 2312 lacks and which has a simpler form is a traditional one; every other
    comes back as it is, also where it holds one of the few that stand in both scripts (乾, 後, 於).
    """
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        certain, every = _simpler()
        return text.translate(every) if text.translate(certain) != text else text
    return text


@cache
def _simpler() -> tuple[Mapping[int, str], Mapping[int, str]]:
    """Which characters are written simpler, as OpenCC has it: those of traditional texts alone, and all of them."""
    from opencc import OpenCC

    old = [chr(code) for code in _HAN_CODES]
    new = OpenCC("t2s").convert("\n".join(old)).split("\n")
    every = {ord(one): other for one, other in zip(old, new, strict=True) if one != other and len(other) == 1}
    return {code: other for code, other in every.items() if not _is_in_use(chr(code))}, every


def _is_in_use(character: str) -> bool:
    """Whether a character stands in the set that simplified Chinese is written with."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def is_content(word: str) -> bool:
    """Tell whether a word says something: it is no function word, no punctuation and no bare number."""
    return word not in _STOP and not word.isdigit() and bool(_RUN.search(word))


def _is_word(name: str) -> bool:
    """Whether a name is one for the dictionary: Chinese, and without a space."""
    return " " not in name and bool(_HAN.search(name))


class Segmenter:
    """Cuts text into words; `names` are words of the trade that the general dictionary does not have."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._cut = _cutter(sorted(filter(_is_word, set(names))))

    def words(self, normal: str) -> list[str]:
        """Return the content words of a normalised text, in order, repeats kept."""
        return [word for word in self._cut(normal) if is_content(word)]

    def pieces(self, name: str) -> list[str]:
        """Return the pieces into which a normalised name is cut: one, where the dictionary keeps it whole."""
        return self._cut(name) if _is_word(name) else [name]


def _cutter(names: list[str]) -> Callable[[str], list[str]]:
    try:
        import rjieba
    except ImportError:
        return _reference_cutter(names)
    jieba = rjieba.Jieba()
    for name in names:
        jieba.add_word(name, None, None)
    cut: Callable[[str], list[str]] = jieba.cut
    return cut


def _reference_cutter(names: list[str]) -> Callable[[str], list[str]]:
    import jieba

    jieba.setLogLevel(40)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for name in names:
        tokenizer.add_word(name)
    cut: Callable[[str], list[str]] = tokenizer.lcut
    return cut


def bigrams(normal: str) -> list[str]:
    """Return the character pairs of every Chinese run of a normalised text, and its Latin words and numbers whole."""
    pairs: list[str] = []
    for run in _RUN.findall(normal):
        if run[0] < "\u3400" or len(run) == 1:
            pairs.append(run)
        else:
            pairs += [run[at : at + 2] for at in range(len(run) - 1)]
    return pairs


@lru_cache(maxsize=1 << 18)
def term_number(term: str, leg: int) -> int:
    """Return the number a word or a pair is filed under; few terms share one, which BM25 does not notice."""
    return (leg << TERM_BITS) | (zlib.crc32(term.encode()) >> (32 - TERM_BITS))


def concept_number(concept: int) -> int:
    """Return the number a concept is filed under."""
    return (CONCEPTS << TERM_BITS) + concept


def concepts_of(terms: Numbers) -> list[int]:
    """Return the concepts among ascending term numbers."""
    first = CONCEPTS << TERM_BITS
    found: list[int] = (terms[np.searchsorted(terms, first) :].astype(np.int64) - first).tolist()
    return found


def legs_of(terms: Numbers) -> NDArray[np.intp]:
    """Return the leg of each term number."""
    return np.asarray(np.minimum(terms >> TERM_BITS, CONCEPTS), dtype=np.intp)
