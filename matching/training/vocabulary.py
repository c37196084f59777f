"""The tokenizer: jieba's maximum-probability segmentation, written as a plain Unigram `tokenizer.json`.

A Unigram model takes the segmentation with the highest sum of log frequencies, which is what jieba does on its
dictionary. So one file, which every loader reads from raw text, holds normalisation, segmentation and vocabulary.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from matching.training.recipe import Recipe
from matching.training.texts import RUN, fold, is_han, runs

if TYPE_CHECKING:
    from tokenizers import Tokenizer

UNKNOWN = "[UNK]"
_LONGEST_WORD = 5
_CHUNK = 2000
_DICTIONARY_FLOOR = 100
"""A word that the text lacks is kept when jieba's dictionary counted it this often."""
_PERSON = ("nr", "nrt", "nrfg")


@dataclass(frozen=True, slots=True)
class WordCounts:
    """How often each word stands in the text, how often jieba's dictionary saw it, what the lexicon and word lists name."""

    seen: Counter[str]
    dictionary: dict[str, int]
    wanted: frozenset[str]
    listed: frozenset[str]

    def frequency(self, word: str) -> float:
        """Count in the text and, at half weight, in the dictionary's own corpus; never zero."""
        return self.seen[word] + 0.5 * self.dictionary.get(word, 0) + 0.5


def count(paragraphs: Iterable[str], *, wanted: Iterable[str], listed: Iterable[str]) -> WordCounts:
    """Segment text with jieba's algorithm, told the words of the lexicon (wanted) and of word lists (listed), and count."""
    import rjieba

    told = [{piece for word in words for piece in runs(fold(word))} for words in (wanted, listed)]
    segmenter = rjieba.Jieba()
    for piece in sorted(piece for piece in told[0] | told[1] if is_han(piece) and 1 < len(piece) <= _LONGEST_WORD):
        segmenter.add_word(piece, None, None)
    seen: Counter[str] = Counter()
    for paragraph in paragraphs:
        for run in runs(fold(paragraph)):
            seen.update(segmenter.cut(run) if is_han(run) else (run,))
    return WordCounts(seen=seen, dictionary=_dictionary(), wanted=frozenset(told[0]), listed=frozenset(told[1]))


@cache
def _dictionary() -> dict[str, int]:
    """Read the words of jieba's dictionary (MIT) with their counts, without names of persons."""
    import jieba

    entries: dict[str, int] = {}
    path = Path(jieba.__file__).with_name("dict.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        word, frequency, tag = line.split(" ")
        if tag not in _PERSON:
            entries[fold(word)] = int(frequency)
    return entries


def choose(counts: WordCounts, recipe: Recipe) -> list[str]:
    """Choose the tokens: every character, the wanted words, and the words that are common enough, commonest first."""
    characters = {letter for word in counts.seen for letter in word}
    characters |= {word for word in counts.dictionary if len(word) == 1 and is_han(word)}
    characters |= set("abcdefghijklmnopqrstuvwxyz0123456789")
    words = {
        word for word in counts.seen.keys() | counts.dictionary.keys() | counts.wanted if _earns(word, counts, recipe)
    }
    ranked = sorted(words - characters, key=lambda word: (-counts.frequency(word) * _must(word, counts), word))
    return sorted(characters) + ranked[: max(0, recipe.vocabulary - len(characters) - 1)]


def _must(word: str, counts: WordCounts) -> float:
    return 1e6 if word in counts.wanted else 1.0


def _earns(word: str, counts: WordCounts, recipe: Recipe) -> bool:
    """Tell whether a word deserves a token: wanted and short, or seen often enough for its length."""
    seen = counts.seen[word]
    if len(word) > 2 and not (seen or word in counts.wanted):  # noqa: PLR2004
        return False
    if len(runs(word)) != 1:
        return False
    if not is_han(word):
        return seen >= recipe.minimum_count_long or (word in counts.wanted and not word.isdigit())
    if word in counts.wanted and len(word) <= 3:  # noqa: PLR2004 -- longer names are read by their parts
        return True
    known = word in counts.dictionary or word in counts.wanted or word in counts.listed
    if len(word) == 2:  # noqa: PLR2004
        common = counts.dictionary.get(word, 0) >= _DICTIONARY_FLOOR
        return common or seen >= (recipe.minimum_count if known else 4 * recipe.minimum_count)
    floor = recipe.minimum_count_long if known else 3 * recipe.minimum_count_long
    return len(word) <= _LONGEST_WORD and seen >= floor


def build(tokens: Sequence[str], counts: WordCounts) -> "Tokenizer":
    """Make the tokenizer; a token's score is its log frequency, raised where its parts would win against it."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    total = sum(counts.frequency(token) for token in tokens)
    scores = {token: math.log(counts.frequency(token) / total) for token in tokens}
    for word in sorted(token for token in tokens if token in counts.wanted and len(token) > 1):
        scores[word] = max(scores[word], _best_split(word, scores) + 1e-3)
    vocabulary = [(UNKNOWN, min(scores.values())), *((token, round(scores[token], 4)) for token in tokens)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(RUN), behavior="removed", invert=True)
    return tokenizer


def _best_split(word: str, scores: dict[str, float]) -> float:
    """Score the best way to write the word as two or more other tokens."""
    best = [0.0] + [-math.inf] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            if (start, end) != (0, len(word)) and word[start:end] in scores:
                best[end] = max(best[end], best[start] + scores[word[start:end]])
    return best[-1]


def bigrams(word: str) -> list[str]:
    """List the pairs of neighbouring characters."""
    return [first + second for first, second in pairwise(word)]


def tokenize(tokenizer: "Tokenizer", texts: Sequence[str]) -> list[list[int]]:
    """Turn texts into token numbers, without unknown ones."""
    found: list[list[int]] = []
    for start in range(0, len(texts), _CHUNK):
        encodings = tokenizer.encode_batch_fast(list(texts[start : start + _CHUNK]), add_special_tokens=False)
        found.extend([number for number in encoding.ids if number] for encoding in encodings)
    return found
