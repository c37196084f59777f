"""Tunes the vectors on texts that belong together: each must find its partner among all others of the step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matching.training.composition import Floats, Parts, fit
from matching.training.pairs import Batch, Indexes, Supply
from matching.training.ragged import Numbers, Ragged, pack
from matching.training.recipe import Recipe

if TYPE_CHECKING:
    import torch

_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8
_WARM_UP = 0.05


@dataclass(slots=True)
class Table:
    """Rows that learn, with the running moments of Adam for each row; only rows that a step touches change."""

    rows: "torch.Tensor"
    mean: "torch.Tensor"
    square: "torch.Tensor"

    @classmethod
    def of(cls, values: Floats) -> "Table":
        """Start from given rows."""
        import torch

        rows = torch.from_numpy(values.copy())
        return cls(rows, torch.zeros_like(rows), torch.zeros_like(rows))

    def learn(self, places: "torch.Tensor", gradient: "torch.Tensor", *, rate: float, step: int) -> None:
        """Take one step of Adam (Kingma and Ba 2015) on the touched rows."""
        mean = self.mean[places].mul_(_FIRST).add_(gradient, alpha=1 - _FIRST)
        square = self.square[places].mul_(_SECOND).addcmul_(gradient, gradient, value=1 - _SECOND)
        self.mean[places], self.square[places] = mean, square
        change = (mean / (1 - _FIRST**step)) / ((square / (1 - _SECOND**step)).sqrt_() + _TINY)
        self.rows[places] -= rate * change


def tune(
    vectors: Floats,
    parts: Parts,
    importance: Floats,
    supplies: Sequence[Supply],
    recipe: Recipe,
    *,
    tell: Callable[[str], None],
) -> Floats:
    """Train and give one row per token; the rows' lengths are the tokens' weights."""
    import torch

    torch.set_num_threads(recipe.threads)
    torch.use_deterministic_algorithms(True)
    shared_values = fit(parts, vectors, importance, penalty=3.0)
    own, shared = Table.of(vectors - parts.mean() @ shared_values), Table.of(shared_values)
    rng = np.random.default_rng(recipe.seed)
    shares = np.array([supply.share for supply in supplies])
    losses: dict[str, list[float]] = {}
    for step in range(1, recipe.steps + 1):
        supply = supplies[int(rng.choice(len(supplies), p=shares / shares.sum()))]
        batch = supply.draw(rng, recipe.batch)
        loss = _step(batch, own, shared, parts, recipe, rng=rng, rate=_rate(step, recipe), step=step)
        losses.setdefault(supply.name, []).append(loss)
        if step % 200 == 0:
            recent = ", ".join(f"{name} {np.mean(values[-20:]):.2f}" for name, values in sorted(losses.items()))
            tell(f"step {step}: loss {recent}")
    tuned: Floats = own.rows.numpy() + parts.mean() @ shared.rows.numpy()
    return tuned.astype(np.float32)


def _rate(step: int, recipe: Recipe) -> float:
    """Warm up, then fall in a straight line to zero."""
    warm = max(1.0, _WARM_UP * recipe.steps)
    return recipe.learning_rate * min(step / warm, (recipe.steps - step) / max(1.0, recipe.steps - warm))


def _step(
    batch: Batch,
    own: Table,
    shared: Table,
    parts: Parts,
    recipe: Recipe,
    *,
    rng: np.random.Generator,
    rate: float,
    step: int,
) -> float:
    import torch
    from torch.nn.functional import embedding_bag, normalize

    texts, groups, negatives = _texts(batch, recipe, rng)
    places, inverse = np.unique(texts.numbers, return_inverse=True)
    part_texts = pack([parts.of[int(place)] for place in places])
    part_places, part_inverse = np.unique(part_texts.numbers, return_inverse=True)
    own_places, shared_places = (
        torch.from_numpy(places.astype(np.int64)),
        torch.from_numpy(part_places.astype(np.int64)),
    )
    own_rows = own.rows[own_places].requires_grad_()
    shared_rows = shared.rows[shared_places].requires_grad_()
    composed = own_rows
    if len(part_places):
        composed = own_rows + embedding_bag(
            torch.from_numpy(part_inverse), shared_rows, torch.from_numpy(part_texts.starts[:-1]), mode="mean"
        )
    found = normalize(
        embedding_bag(torch.from_numpy(inverse), composed, torch.from_numpy(texts.starts[:-1]), mode="sum")
    )
    loss = _loss(found, torch.from_numpy(groups), negatives, recipe.temperature)
    torch.autograd.backward(loss)
    if own_rows.grad is not None:
        own.learn(own_places, own_rows.grad, rate=rate, step=step)
    if shared_rows.grad is not None:
        shared.learn(shared_places, shared_rows.grad, rate=rate, step=step)
    return float(loss.detach())


def _texts(batch: Batch, recipe: Recipe, rng: np.random.Generator) -> tuple[Ragged, Indexes, int]:
    """Put anchors, positives and negatives of the pairs that have two sides into one row of texts."""
    anchors = [_hide(text[: recipe.longest], recipe.dropout, rng) for text in batch.anchors]
    positives = [text[: recipe.longest] for text in batch.positives]
    whole = [bool(len(a) and len(b)) for a, b in zip(anchors, positives, strict=True)]
    negatives = [text[: recipe.longest] for text in batch.negatives if len(text)]
    kept = [[text for text, usable in zip(side, whole, strict=True) if usable] for side in (anchors, positives)]
    return pack([*kept[0], *kept[1], *negatives]), batch.groups[np.array(whole, dtype=bool)], len(negatives)


def _hide(text: Numbers, share: float, rng: np.random.Generator) -> Numbers:
    kept = text[rng.random(len(text)) >= share]
    return kept if len(kept) else text


def _loss(found: "torch.Tensor", groups: "torch.Tensor", negatives: int, temperature: float) -> "torch.Tensor":
    """InfoNCE in both directions (van den Oord et al. 2018); negatives stand against the anchors only."""
    import torch
    from torch.nn.functional import cross_entropy

    size = len(groups)
    anchors, positives, rivals = found[:size], found[size : 2 * size], found[2 * size : 2 * size + negatives]
    scores = anchors @ positives.T / temperature
    same = (groups[:, None] == groups[None, :]) & ~torch.eye(size, dtype=torch.bool)
    scores = scores.masked_fill(same, -1e4)
    target = torch.arange(size)
    forward = torch.cat([scores, anchors @ rivals.T / temperature], dim=1) if negatives else scores
    return (cross_entropy(forward, target) + cross_entropy(scores.T, target)) / 2
