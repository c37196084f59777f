"""Two wordings of one field as one text: what went is struck out, what came is underlined."""

import re
from difflib import SequenceMatcher
from typing import Final

from markupsafe import Markup

SHORTEST: Final = 12
"""Shorter texts are clearer when shown one after the other."""
ALIKE: Final = 0.5
"""Texts that share less than this are shown one after the other."""
SHORTEST_SHARED: Final = 2
"""A shared piece shorter than this, between two changes, is told as part of the change."""
_PIECES: Final = re.compile(r"[0-9.,%％]+|[A-Za-z]+|.", re.DOTALL)

Step = tuple[str, str]
"""What went and what came in its place; equal where nothing changed."""


def compared(old: str, new: str) -> Markup | None:
    """Mark up the change from `old` to `new` within the text; None where they are better shown one after the other."""
    if min(len(old), len(new)) < SHORTEST:
        return None
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return None
    steps = [("".join(before[i:j]), "".join(after[k:m])) for _, i, j, k, m in matcher.get_opcodes()]
    return Markup().join(_said(step) for step in _joined(steps))


def _joined(steps: list[Step]) -> list[Step]:
    # Single characters shared by chance would chop a change into crumbs.
    joined: list[Step] = []
    for place, (gone, come) in enumerate(steps):
        is_crumb = gone == come and len(gone) < SHORTEST_SHARED and 0 < place < len(steps) - 1
        if joined and joined[-1][0] != joined[-1][1] and (is_crumb or gone != come):
            joined[-1] = (joined[-1][0] + gone, joined[-1][1] + come)
        else:
            joined.append((gone, come))
    return joined


def _said(step: Step) -> Markup:
    gone, come = step
    if gone == come:
        return Markup("{}").format(gone)
    went = Markup('<del><span class="unseen">删去：</span>{}</del>').format(gone) if gone else Markup()
    came = Markup('<ins><span class="unseen">改为：</span>{}</ins>').format(come) if come else Markup()
    return went + came
