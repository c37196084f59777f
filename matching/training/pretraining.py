"""Word vectors from running text: positive pointwise mutual information, factorised.

Levy and Goldberg (2014) showed that skip-gram with negative sampling factorises this very table; done directly it gives
the same bytes for the same seed, which several training threads of skip-gram cannot.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]  # scipy carries no types

from matching.training.composition import Floats, Parts, fit
from matching.training.ragged import Ragged
from matching.training.recipe import Recipe

_CHUNK = 1_500_000
_LEAST = 0.35
"""Co-occurrences of less weight than this (once, far apart) are noise and are dropped."""
_POWER_ROUNDS = 3
_EXTRA = 16
_TRUST = 20.0
"""Occurrences at which a word's own contexts count as much as its parts."""


def token_counts(text: Ragged, size: int) -> NDArray[np.float64]:
    """Count every token of the text."""
    return np.bincount(text.numbers, minlength=size).astype(np.float64)


def co_occurrences(text: Ragged, counts: NDArray[np.float64], recipe: Recipe) -> sparse.csr_array:
    """Count which tokens stand near which common ones, weighted by 1 / distance, within a paragraph."""
    rng = np.random.default_rng(recipe.seed)
    share = counts / max(counts.sum(), 1.0)
    keep = np.minimum(1.0, np.sqrt(recipe.keep_frequent / np.maximum(share, 1e-12)))
    kept = rng.random(len(text.numbers)) < keep[text.numbers]
    numbers, owners = text.numbers[kept], text.owners()[kept]
    column = np.full(len(counts), -1, dtype=np.int32)
    common = np.argsort(-counts, kind="stable")[: recipe.contexts]
    column[common] = np.arange(len(common), dtype=np.int32)
    table = sparse.csr_array((len(counts), len(common)), dtype=np.float32)
    for start in range(0, len(numbers), _CHUNK):
        stop = min(start + _CHUNK + recipe.window, len(numbers))
        table = table + _windows(numbers[start:stop], owners[start:stop], column, table.shape, recipe.window)
    table.data[table.data < _LEAST] = 0
    table.eliminate_zeros()
    return table


def _windows(
    numbers: NDArray[np.int32],
    owners: NDArray[np.int64],
    column: NDArray[np.int32],
    shape: tuple[int, int],
    window: int,
) -> sparse.csr_array:
    """Count the pairs of one stretch; each pair counts in both directions."""
    rows, columns, values = [], [], []
    for distance in range(1, window + 1):
        left, right = numbers[:-distance], numbers[distance:]
        near = owners[:-distance] == owners[distance:]
        for word, context in ((left[near], right[near]), (right[near], left[near])):
            listed = column[context] >= 0
            rows.append(word[listed])
            columns.append(column[context][listed])
            values.append(np.full(int(listed.sum()), 1.0 / distance, dtype=np.float32))
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.coo_array(entries, shape=shape, dtype=np.float32).tocsr()


def informative(table: sparse.csr_array, smoothing: float) -> sparse.csr_array:
    """Turn counts into positive pointwise mutual information, context counts raised to `smoothing`."""
    coordinates = table.tocoo()
    rows = np.asarray(table.sum(axis=1)).ravel()
    columns = np.asarray(table.sum(axis=0)).ravel() ** smoothing
    ratio = coordinates.data * (columns.sum() / (rows[coordinates.row] * columns[coordinates.col]))
    values = np.maximum(np.log(ratio), 0.0).astype(np.float32)
    found = sparse.coo_array((values, (coordinates.row, coordinates.col)), shape=table.shape).tocsr()
    found.eliminate_zeros()
    return found


def factorise(table: sparse.csr_array, dimension: int, seed: int) -> Floats:
    """Find the best vectors of a table by randomised singular values (Halko, Martinsson, Tropp 2011), U · sqrt(S)."""
    rng = np.random.default_rng(seed)
    width = min(dimension + _EXTRA, *table.shape)
    basis = rng.standard_normal((table.shape[1], width)).astype(np.float32)
    turned = table.T.tocsr()
    for _ in range(_POWER_ROUNDS):
        basis, _triangle = np.linalg.qr(table @ basis)
        basis, _triangle = np.linalg.qr(turned @ basis)
    tall, triangle = np.linalg.qr(table @ basis)
    left, sizes, _right = np.linalg.svd(triangle)
    vectors = (tall @ left[:, :dimension]) * np.sqrt(sizes[:dimension])
    return np.pad(vectors, ((0, 0), (0, max(0, dimension - vectors.shape[1])))).astype(np.float32)


def with_parts(vectors: Floats, counts: NDArray[np.float64], known: Parts, seed: int) -> Floats:
    """Draw every word towards what its parts say, the more the rarer it is; unit rows around a mean of zero.

    A character that neither text nor another word knows gets a direction of its own, so that it still equals itself.
    """
    vectors = _unit(vectors)
    vectors -= (vectors * counts[:, None]).sum(axis=0) / max(counts.sum(), 1.0)
    importance = np.log1p(counts).astype(np.float32)
    composed = known.mean() @ fit(known, _unit(vectors), importance, penalty=3.0)
    trust = (counts / (counts + _TRUST)).astype(np.float32)[:, None]
    drawn: Floats = trust * _unit(vectors) + (1 - trust) * composed
    unheard = np.linalg.norm(drawn, axis=1) == 0
    drawn[unheard] = np.random.default_rng(seed).standard_normal((int(unheard.sum()), drawn.shape[1]))
    return _unit(drawn)


def token_weights(counts: NDArray[np.float64], common_share: float) -> Floats:
    """Give common tokens less weight: a / (a + p) (Arora, Liang, Ma 2017)."""
    share = counts / max(counts.sum(), 1.0)
    weights: Floats = (common_share / (common_share + share)).astype(np.float32)
    return weights


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Floats = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled
