"""The whole way from the data folder to the model folder, step by step."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it carries no types

from matching.training import (
    card,
    contrastive,
    export,
    lexicon,
    lexicon_pairs,
    measure,
    pretraining,
    sentences,
    sources,
    vocabulary,
)
from matching.training.composition import Floats, parts
from matching.training.held_out import Overlap
from matching.training.pairs import Crops, Pairs, Supply, group_numbers
from matching.training.ragged import Ragged, pack
from matching.training.recipe import Recipe

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_CROPS_SHARE = 5.0
"""Running text is drawn as often as five of the sets of pairs."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Text in token numbers, with what made it so."""

    tokens: list[str]
    tokenizer: "Tokenizer"
    text: Ragged
    documents: Ragged
    """The paragraph numbers of each document."""


def build(
    data: Path,
    output: Path,
    recipe: Recipe,
    *,
    concepts: Path = lexicon.FOLDER,
    own: Path = sentences.FOLDER,
    tell: Callable[[str], None] | None = None,
) -> None:
    """Train, write the model folder and its card.

    Raises ValueError where the data folder has no running text.
    """
    say = tell or _clock()
    overlap = Overlap(data)
    meanings = lexicon.read(concepts)
    prepared = _prepare(data, overlap, meanings, recipe, say)
    with threadpool_limits(recipe.threads):
        averaged = _pretrain(prepared, recipe)
    say("word vectors are there")
    supplies = [*_supplies(data, overlap, meanings, prepared, recipe.seed), *_own(own, overlap, prepared, recipe)]
    tuned = _tune(prepared, averaged, supplies, recipe, say)
    vectors = export.calm_numbers(tuned, prepared.tokens, recipe.number_weight)
    export.write(output, vectors, prepared.tokenizer, recipe)
    say("written; measuring")
    before = export.calm_numbers(averaged, prepared.tokens, recipe.number_weight)
    figures = measure.measure(data, _encoders(output, before, prepared))
    digests = card.Digests(lexicon.digest(concepts), sentences.digest(own))
    card.write(output, data, recipe, figures, digests, tokens=len(prepared.tokens))
    say(measure.as_table(figures))


def _clock() -> Callable[[str], None]:
    begun = time.monotonic()
    return lambda message: print(f"{time.monotonic() - begun:5.0f} s  {message}", flush=True)


def _prepare(
    data: Path, overlap: Overlap, concepts: list[lexicon.Concept], recipe: Recipe, say: Callable[[str], None]
) -> Prepared:
    """Read running text without what the tests hold, make the tokenizer, and turn the text into token numbers."""
    kept = [[line for line in document if not overlap.repeats(line)] for document in sources.documents(data)]
    paragraphs = [line for document in kept for line in document]
    if not paragraphs:
        raise ValueError(f"no running text under {data}: textcorpus/*.jsonl.zst is missing")
    say(f"{len(kept)} documents, {len(paragraphs)} paragraphs")
    wanted = [name for concept in concepts for name in (*concept.names, *concept.lookalikes)]
    counts = vocabulary.count(paragraphs, wanted=wanted, listed=sources.words(data))
    tokens = vocabulary.choose(counts, recipe)
    tokenizer = vocabulary.build(tokens, counts)
    text = pack(vocabulary.tokenize(tokenizer, paragraphs))
    say(f"{len(tokens)} tokens in the vocabulary, {len(text.numbers)} in the text")
    lengths = [len(document) for document in kept]
    documents = Ragged(np.arange(len(paragraphs), dtype=np.int32), np.concatenate([[0], np.cumsum(lengths)]))
    return Prepared([vocabulary.UNKNOWN, *tokens], tokenizer, text, documents)


def _pretrain(prepared: Prepared, recipe: Recipe) -> Floats:
    """Make word vectors whose lengths are the tokens' weights."""
    counts = pretraining.token_counts(prepared.text, len(prepared.tokens))
    table = pretraining.informative(pretraining.co_occurrences(prepared.text, counts, recipe), recipe.smoothing)
    vectors = pretraining.factorise(table, recipe.dimension, recipe.seed)
    drawn = pretraining.with_parts(vectors, counts, parts(prepared.tokens), recipe.seed)
    weighted: Floats = drawn * pretraining.token_weights(counts, recipe.common_share)[:, None]
    return weighted


def _tune(
    prepared: Prepared,
    vectors: Floats,
    supplies: list[Supply],
    recipe: Recipe,
    say: Callable[[str], None],
) -> Floats:
    """Tune on everything that supplies texts that belong together."""
    counts = pretraining.token_counts(prepared.text, len(prepared.tokens))
    importance = np.log1p(counts).astype(np.float32)
    return contrastive.tune(vectors, parts(prepared.tokens), importance, supplies, recipe, tell=say)


def _supplies(
    data: Path, overlap: Overlap, concepts: list[lexicon.Concept], prepared: Prepared, seed: int
) -> list[Supply]:
    """Gather the pairs of data sets, crops of running text, and the lexicon."""
    supplies: list[Supply] = [*_data_pairs(data, overlap, prepared.tokenizer)]
    supplies.append(Crops("crops", _CROPS_SHARE, prepared.text, prepared.documents.owners()))
    meanings = lexicon_pairs.read_meanings(concepts, lambda texts: vocabulary.tokenize(prepared.tokenizer, list(texts)))
    if meanings.names:
        supplies.extend(lexicon_pairs.supplies(meanings, prepared.text, np.random.default_rng(seed)))
    return supplies


def _own(folder: Path, overlap: Overlap, prepared: Prepared, recipe: Recipe) -> list[Supply]:
    """Gather the project's own sentences, those that a test holds left out."""
    blocks = [sentences.outside(block, overlap.is_one) for block in sentences.read(folder)]
    if not blocks:
        return []
    share = recipe.sentences_share
    return [sentences.supply(blocks, lambda texts: vocabulary.tokenize(prepared.tokenizer, list(texts)), share=share)]


def _data_pairs(data: Path, overlap: Overlap, tokenizer: "Tokenizer") -> list[Pairs]:
    """Read every set of pairs that is there, without pairs that a test holds."""
    found = []
    for name, read in sources.PAIRS.items():
        rows = [row for row in read(data) if not any(text and overlap.is_one(text) for text in row)]
        if rows:
            sides = [pack(vocabulary.tokenize(tokenizer, [row[side] or "" for row in rows])) for side in range(3)]
            found.append(Pairs(name, 1.0, sides[0], sides[1], sides[2], group_numbers([row[0] for row in rows])))
    return found


def _encoders(output: Path, before: Floats, prepared: Prepared) -> dict[str, measure.Encode]:
    from matching import encoder

    shipped = encoder.load(output)
    return {"averaged word vectors": measure.averaging(before, prepared.tokenizer), "this model": shipped.encode}
