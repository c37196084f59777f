"""Every number that shapes the model, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to build. The defaults make the shipped model; tests use smaller ones."""

    seed: int = 20261120
    threads: int = 1
    """One: sums then have one order on every machine, and a busy machine does not stall the other thread."""

    dimension: int = 256
    vocabulary: int = 110_000
    """Most tokens the tokenizer may hold."""
    minimum_count: int = 5
    """A word of two characters needs this many occurrences to be a token on the corpus's word alone."""
    minimum_count_long: int = 12
    """A longer word needs more: below this its parts tell more than it does."""

    contexts: int = 30_000
    """Columns of the co-occurrence table: the commonest tokens."""
    window: int = 5
    keep_frequent: float = 1e-4
    """Tokens commoner than this share of the text are thinned out before windows are drawn (word2vec's `sample`)."""
    smoothing: float = 0.75
    """Exponent on context counts (Levy, Goldberg, Dagan 2015)."""
    common_share: float = 1e-3
    """`a` of the a / (a + p) token weight (Arora, Liang, Ma 2017)."""

    sentences_share: float = 8.0
    """The project's own sentences are drawn as often as so many sets of pairs."""
    batch: int = 1024
    steps: int = 2000
    learning_rate: float = 3e-3
    temperature: float = 0.05
    dropout: float = 0.15
    """Share of the tokens of an anchor that are hidden in a step."""
    longest: int = 96
    """Tokens of a text that a step looks at."""
    number_weight: float = 0.5
    """Most a number may weigh, in median token weights."""


FULL = Recipe()
