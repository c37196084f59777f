"""`python -m matching.ablation FOLDER…`: what each part of the matcher is worth on judged folders, and what more lexicon brings.

Each line is fitted anew by five folds over needs, so that what is left may make up for what is gone. The encoder stays as
it is shipped: it was trained with the whole lexicon, so smaller lexicons look better here than they were by themselves.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np

from matching import concepts, evaluation, frames, judged, settings
from matching.calibrate import FEATURES
from matching.concepts import Lexicon
from matching.encoder import Encoder
from matching.encoder import load as load_encoder
from matching.evaluation import Row
from matching.judged import Judged
from matching.settings import Settings

SEED = 20261201
SHARES = (0.0, 0.125, 0.25, 0.5, 0.75, 1.0)
"""Of the lexicon, in its learning curve."""

Change = Callable[[Judged], Judged]


@dataclass(frozen=True, slots=True)
class Line:
    """One way to change the matcher, and its figures on each wording, in the order of the folders."""

    name: str
    rows: tuple[Row, ...]


def lines(folders: Sequence[Path]) -> Iterator[Line]:
    """Measure the whole and everything that is taken from it in turn."""
    encoder, lexicon, numbers = load_encoder(), concepts.load(), settings.load()
    whole = _read(folders, lexicon, numbers, encoder)
    yield Line("全部", _judge(whole))
    for feature in FEATURES:
        yield Line(f"去掉 {feature}", _judge(whole, _without(feature)))
    for kind in frames.load().names:
        narrower = frames.without(kind)
        yield Line(f"不看“{kind}”", _judge(_read(folders, lexicon, numbers, encoder, narrower)))
    exact = replace(numbers, meaning=replace(numbers.meaning, least_cosine=1.0 - 1e-6))
    yield Line("只按相同的词对齐", _judge(_read(folders, lexicon, exact, encoder)))
    yield Line("名称打乱到别的概念", _judge(_read(folders, shuffled(lexicon), numbers, encoder)))
    for share in SHARES:
        smaller = subset(lexicon, share)
        yield Line(f"词库 {len(smaller)} 个概念", _judge(_read(folders, smaller, numbers, encoder)))


def _read(
    folders: Sequence[Path],
    lexicon: Lexicon,
    numbers: Settings,
    encoder: Encoder,
    kinds: frames.Frames | None = None,
) -> list[list[Judged]]:
    return [judged.read(folder, encoder=encoder, lexicon=lexicon, settings=numbers, kinds=kinds) for folder in folders]


def _judge(read: Sequence[Sequence[Judged]], change: Change | None = None) -> tuple[Row, ...]:
    changed = [[change(each) if change else each for each in wordings] for wordings in read]
    return tuple(evaluation.held_out(changed))


def _without(feature: str) -> Change:
    at = FEATURES.index(feature)

    def change(each: Judged) -> Judged:
        features = each.features.copy()
        features[:, :, at] = 0.0
        return replace(each, features=features)

    return change


def shuffled(lexicon: Lexicon) -> Lexicon:
    """Return the lexicon with every concept's names handed out at random: as many concepts of as many names, without sense."""
    names = [name for concept in lexicon.concepts for name in concept.names]
    order = iter(np.random.default_rng(SEED).permutation(len(names)).tolist())
    return Lexicon(
        [
            replace(concept, names=tuple(names[next(order)] for _ in concept.names), parents=(), context={})
            for concept in lexicon.concepts
        ]
    )


def subset(lexicon: Lexicon, share: float) -> Lexicon:
    """Return a share of the concepts, chosen at random; a smaller share is part of every larger one."""
    order = np.random.default_rng(SEED).permutation(len(lexicon))
    chosen = set(order[: round(share * len(lexicon))].tolist())
    return Lexicon([concept for number, concept in enumerate(lexicon.concepts) if number in chosen])


def table(found: Sequence[Line]) -> str:
    """Return the lines as a table in Markdown: nDCG@10 and top-1 of each wording, and the mean nDCG@10."""
    names = [row.wording for row in found[0].rows]
    head = ["", *names, "平均"]
    rows = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for line in found:
        cells = [f"{row.ndcg:.3f} ({row.first:.2f})" for row in line.rows]
        rows.append("| " + " | ".join([line.name, *cells, f"{fmean(row.ndcg for row in line.rows):.3f}"]) + " |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(table(list(lines([Path(folder) for folder in sys.argv[1:]]))) + "\n")
