"""Writes the model card: what the model was made from, how, what it can do and what it cannot."""

from dataclasses import dataclass
from pathlib import Path

from matching.training import sources
from matching.training.measure import Figures, as_table
from matching.training.recipe import Recipe

_HEAD = """---
language: zh
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [sentence-transformers, model2vec, static-embedding, chinese]
---
# jiebang-static

A static sentence encoder for Chinese needs and capability statements: {tokens:,} tokens, {dimension} numbers a vector, one
byte a number with one scale a token. It needs numpy and a tokenizer, no GPU and no network.

```python
from matching import encoder

vectors = encoder.load().encode(["群众诉求自动派单"])  # model2vec, no torch

from sentence_transformers import SentenceTransformer

SentenceTransformer("matching/models/jiebang-static").encode(["群众诉求自动派单"])  # the same vectors
```

## How it was made
`python -m matching.training --data DIR --output matching/models/jiebang-static`, seed {seed}, no pre-trained weights.

1. **Vocabulary.** Words counted with jieba's algorithm and dictionary (MIT), the lexicon's names and THUOCL's words known to
   it. Characters are always tokens; longer words only where text shows them often enough. The tokenizer is a Unigram model
   with log frequencies as scores, which is jieba's maximum-probability segmentation. Text is folded (NFKC, lower case).
2. **Word vectors.** Positive pointwise mutual information of tokens within {window} words, factorised: what skip-gram with
   negative sampling approximates, but the same for the same seed. Rare words are drawn towards what their characters and
   character bigrams say.
3. **Pairs.** {steps} steps of {batch} pairs, each text against all others of the step (InfoNCE, temperature {temperature}), on
   the pair sets below, on crops of one passage, and on the project's lexicon: names of one concept, names and glosses,
   sentences with a name replaced, made-up wants and offers; look-alikes and kin as negatives; and on its own sentences
   of needs and offers, written concept by concept without sight of any test, each with a rival.
4. **Weights.** A token's weight is the length of its row; numbers weigh at most {number_weight} of the median.

Paragraphs that share a stretch of 23 letters with a test below, and pairs with a text of a test, were left out.

## Data
SHA-256 over names and contents of each set's files. `textcorpus/ORIGINS.tsv` names the repositories, commits and licences
of the running text.

| set | licence | sha-256 |
|---|---|---|
{data}
| the project's lexicon | the project's | `{lexicon}` |
| the project's sentences of needs and offers | the project's | `{sentences}` |
| jieba's dictionary 0.42.1 (words and counts) | MIT | |

## Figures
Same tests for all columns. *Averaged word vectors* are step 2 with a / (a + p) weights. The sets of needs and profiles are
small, by one author and for development: they show the direction, not the quality in the market.

{figures}

## Limits
- A bag of words: order, negation and who does what to whom are lost, and on PAWS-X it is close to chance. Rankings need words
  and concepts beside it.
- Where a question repeats the passage's own rare names (CMRC), and on questions to a bank (BQ, AFQMC), compare the columns:
  words alone can be better.
- Settings were compared on these tests, and some pairs (ret_text2vec_bge_finetune) are of the kind STS-B is made of, so the
  figures lean to the good side.
- The running text is law, government, technology and business documentation; little colloquial, medical or cultural text.
- What the lexicon does not name is known from running text and characters alone.
- Simplified Chinese and common Latin terms; traditional characters are read but poorly placed.
"""


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 of what the project itself wrote to learn from."""

    lexicon: str
    sentences: str


def write(output: Path, data: Path, recipe: Recipe, figures: Figures, digests: Digests, *, tokens: int) -> None:
    """Write README.md into the model's folder."""
    rows = [
        f"| {source.name} | {source.licence} | `{source.digest(data)}` |"
        for source in sources.ALL
        if source.files(data)
    ]
    text = _HEAD.format(
        tokens=tokens,
        dimension=recipe.dimension,
        seed=recipe.seed,
        window=recipe.window,
        steps=recipe.steps,
        batch=recipe.batch,
        temperature=recipe.temperature,
        number_weight=recipe.number_weight,
        data="\n".join(rows),
        lexicon=digests.lexicon,
        sentences=digests.sentences,
        figures=as_table(figures),
    )
    (output / "README.md").write_text(text, encoding="utf-8")
