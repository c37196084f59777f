"""One table of figures: words alone, averaged word vectors and the model, on the same held-out tests."""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]  # scipy carries no types

from matching.training import held_out
from matching.training.composition import Floats
from matching.training.ragged import pack
from matching.training.texts import fold, runs
from matching.training.vocabulary import bigrams, tokenize

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Scores = NDArray[np.float64]
Encode = Callable[[Sequence[str]], Floats]
Figures = dict[str, dict[str, float]]
"""Test to column to figure."""

WORDS, BM25 = "bigram tf-idf", "bigram BM25"
_DEPTH = 10
_K1, _B = 1.2, 0.75


def measure(data: Path, encoders: dict[str, Encode]) -> Figures:
    """Measure words alone and every encoder on each test that the data folder holds."""
    figures: Figures = {}
    for pairs in held_out.sentence_pairs(data):
        row = {WORDS: _pair_figure(pairs, tf_idf_likeness(pairs.first, pairs.second))}
        for name, encode in encoders.items():
            likeness = (encode(pairs.first) * encode(pairs.second)).sum(axis=1)
            row[name] = _pair_figure(pairs, likeness.astype(np.float64))
        figures[f"{pairs.name} ({_pair_kind(pairs)})"] = row
    for retrieval in held_out.retrievals(data):
        for kind, judge in (("MRR@10", reciprocal_rank), ("recall@10", recall)):
            figures[f"{retrieval.name} ({kind})"] = _retrieval_row(retrieval, encoders, judge)
    for retrieval in held_out.matches(data):
        figures[f"{retrieval.name} (nDCG@10)"] = _retrieval_row(retrieval, encoders, gain)
    return figures


def averaging(vectors: Floats, tokenizer: "Tokenizer") -> Encode:
    """Make an encoder that averages token rows."""

    def encode(texts: Sequence[str]) -> Floats:
        packed = pack(tokenize(tokenizer, texts))
        ones = np.ones(len(packed.numbers), dtype=np.float32)
        sums = sparse.csr_array((ones, packed.numbers, packed.starts), shape=(len(packed), len(vectors))) @ vectors
        rows: Floats = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        return rows

    return encode


def _retrieval_row(
    retrieval: held_out.Retrieval, encoders: dict[str, Encode], judge: Callable[[Scores, list[dict[int, int]]], float]
) -> dict[str, float]:
    row = {
        WORDS: judge(tf_idf_table(retrieval), retrieval.answers),
        BM25: judge(bm25_table(retrieval), retrieval.answers),
    }
    for name, encode in encoders.items():
        scores = encode(retrieval.queries) @ encode(retrieval.documents).T
        row[name] = judge(scores.astype(np.float64), retrieval.answers)
    return row


def _pair_kind(pairs: held_out.SentencePairs) -> str:
    return "AUC" if set(pairs.grades) <= {0.0, 1.0} else "Spearman"


def _pair_figure(pairs: held_out.SentencePairs, likeness: Scores) -> float:
    grades = np.array(pairs.grades)
    return area(likeness, grades > 0) if _pair_kind(pairs) == "AUC" else spearman(likeness, grades)


def _ranks(values: Scores) -> Scores:
    from scipy.stats import rankdata  # type: ignore[import-untyped]  # scipy carries no types

    return np.asarray(rankdata(values), dtype=np.float64)


def area(likeness: Scores, same: NDArray[np.bool_]) -> float:
    """Area under the ROC curve: how often a pair that says the same scores above one that does not; ties count half."""
    positive = int(same.sum())
    negative = len(same) - positive
    return float((_ranks(likeness)[same].sum() - positive * (positive + 1) / 2) / (positive * negative))


def spearman(likeness: Scores, grades: Scores) -> float:
    """Correlation of ranks, ties at their mean rank."""
    return float(np.corrcoef(_ranks(likeness), _ranks(grades))[0, 1])


def _best(scores: Scores) -> NDArray[np.int64]:
    """Rank the documents of each query, ties by number."""
    return np.argsort(-scores, axis=1, kind="stable")[:, :_DEPTH]


def reciprocal_rank(scores: Scores, answers: list[dict[int, int]]) -> float:
    """MRR@10."""
    found = []
    for ranked, right in zip(_best(scores), answers, strict=True):
        places = [place for place, number in enumerate(ranked, start=1) if int(number) in right]
        found.append(1.0 / places[0] if places else 0.0)
    return float(np.mean(found))


def recall(scores: Scores, answers: list[dict[int, int]]) -> float:
    """Share of the answers that stand among the first ten."""
    ranked = [set(row.tolist()) for row in _best(scores)]
    return float(np.mean([len(right.keys() & row) / len(right) for row, right in zip(ranked, answers, strict=True)]))


def gain(scores: Scores, answers: list[dict[int, int]]) -> float:
    """nDCG@10 with gain 2^g - 1 (Burges et al. 2005)."""
    discount = 1.0 / np.log2(np.arange(2, _DEPTH + 2))
    found = []
    for ranked, right in zip(_best(scores), answers, strict=True):
        gains = np.array([2.0 ** right.get(int(number), 0) - 1 for number in ranked])
        ideal = sorted((2.0**grade - 1 for grade in right.values()), reverse=True)[:_DEPTH]
        found.append((gains * discount[: len(gains)]).sum() / (np.array(ideal) * discount[: len(ideal)]).sum())
    return float(np.mean(found))


def _counts(texts: Sequence[str]) -> sparse.csr_array:
    """Count character bigrams (Latin runs as whole words too) of each text."""
    numbers: dict[str, int] = {}
    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        grams = Counter(gram for run in runs(fold(text)) for gram in (bigrams(run) if len(run) > 1 else [run]))
        for gram, count in grams.items():
            rows.append(row)
            columns.append(numbers.setdefault(gram, len(numbers)))
            values.append(float(count))
    return sparse.coo_array((values, (rows, columns)), shape=(len(texts), max(1, len(numbers)))).tocsr()


def _tf_idf(texts: Sequence[str]) -> sparse.csr_array:
    counts = _counts(texts)
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    weighted = counts.multiply((np.log((1 + len(texts)) / (1 + documents)) + 1)[None, :]).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return weighted.multiply((1 / np.maximum(lengths, 1e-12))[:, None]).tocsr()


def tf_idf_likeness(first: Sequence[str], second: Sequence[str]) -> Scores:
    """Cosine of character-bigram tf-idf, pair by pair; idf over all texts of the test."""
    rows = _tf_idf([*first, *second])
    return np.asarray(rows[: len(first)].multiply(rows[len(first) :]).sum(axis=1)).ravel()


def tf_idf_table(retrieval: held_out.Retrieval) -> Scores:
    """Cosine of character-bigram tf-idf, every query with every document."""
    rows = _tf_idf([*retrieval.documents, *retrieval.queries])
    size = len(retrieval.documents)
    return np.asarray((rows[size:] @ rows[:size].T).todense())


def bm25_table(retrieval: held_out.Retrieval) -> Scores:
    """BM25 (Robertson and Zaragoza 2009) over character bigrams, every query with every document."""
    size = len(retrieval.documents)
    counts = _counts([*retrieval.documents, *retrieval.queries])
    documents, queries = counts[:size], counts[size:]
    holding = np.bincount(documents.indices, minlength=counts.shape[1])
    rarity = np.log(1 + (size - holding + 0.5) / (holding + 0.5))
    lengths = np.asarray(documents.sum(axis=1)).ravel()
    table = documents.tocoo()
    flatness = _K1 * (1 - _B + _B * lengths / lengths.mean())
    values = rarity[table.col] * table.data * (_K1 + 1) / (table.data + flatness[table.row])
    weights = sparse.coo_array((values, (table.row, table.col)), shape=table.shape).tocsr()
    return np.asarray((queries @ weights.T).todense())


def as_table(figures: Figures) -> str:
    """Write the figures as a Markdown table, one test a line."""
    columns = list(dict.fromkeys(name for row in figures.values() for name in row))
    columns.sort(key=lambda name: name not in (WORDS, BM25))
    lines = ["| test | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
    for test, row in figures.items():
        cells = [f"{row[name]:.3f}" if name in row else "" for name in columns]
        lines.append(f"| {test} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Print the table for a data folder and model folders."""
    from matching import encoder

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("models", nargs="*", help="folders or names; the shipped model by default")
    wanted = parser.parse_args()
    encoders: dict[str, Encode] = {name: encoder.load(name).encode for name in wanted.models or ["jiebang-static"]}
    print(as_table(measure(wanted.data, encoders)))


if __name__ == "__main__":
    main()
