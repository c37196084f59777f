"""Shown pairs with what came of them, as training reads them: of bids only what a publicity has told everybody."""

from collections.abc import Iterator

from sqlmodel import Session

from marketplace.figures.rules.periods import Period
from marketplace.signals import happened, shown_pairs
from marketplace.signals.rules.tallies import furthest
from marketplace.signals.views import Trained


def of_period(session: Session, period: Period) -> Iterator[Trained]:
    """The pairs shown in a period (whole months), each once with the furthest that came of it."""
    came = happened.by_pair(happened.of_market(session, published=True))
    looked = happened.by_pair(happened.looks(session, period.start, period.end))
    for shown in shown_pairs.of_period(session, period.start, period.end):
        pair = (shown.item_id, shown.profile_id)
        reached = furthest(shown, (*came.get(pair, ()), *looked.get(pair, ())))
        yield Trained(
            item_id=shown.item_id,
            profile_id=shown.profile_id,
            signal=reached.signal,
            on=reached.on,
            verdict=shown.verdict.value,
            score=shown.score,
            rank=shown.rank,
        )
