"""What the units of opened bids state about who stands behind them, for those who look after conflicts in a round."""

from dataclasses import replace
from typing import Final

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.experts import backgrounds
from marketplace.experts.backgrounds import Stated
from marketplace.experts.rules.background_forms import Background
from marketplace.kernel.errors import NotFound
from marketplace.rounds import held, parts
from marketplace.rounds.bid_tables import Bid, BidOpening
from marketplace.rounds.panels import offices, teams
from marketplace.rounds.words import Part

READERS: Final = (*offices.OFFICE, Part.SUPERVISOR)
_TAIL: Final = 4


def of_round(session: Session, actor: Actor, round_id: str) -> dict[str, tuple[Stated, ...]]:
    """What the units of each opened bid state, earlier versions too, by bid: its lead first, then its partners.

    For the office and supervisors, once the bids are opened: before, who bids is known to nobody. Of bank accounts they
    read the tails, as they do of experts'. Raises NotFound for everybody else.
    """
    row = held.get(session, round_id)
    if row.opened_at is None or not parts.of(session, actor, row) & {*READERS}:
        message = "申报开启以后，由本活动的办理人员和监督人员查看。"
        raise NotFound(message, code="no_backgrounds")
    opened = select(Bid).join(BidOpening, col(BidOpening.bid_id) == col(Bid.id)).where(Bid.round_id == round_id)
    bids = session.exec(opened.order_by(col(Bid.track), col(Bid.id))).all()
    partners = teams.partners_of(session, [one.id for one in bids])
    return {
        bid.id: tuple(_masked(backgrounds.of(session, unit)) for unit in (bid.organisation_id, *partners[bid.id]))
        for bid in bids
    }


def _masked(stated: Stated) -> Stated:
    return replace(
        stated, versions=tuple(replace(one, content=_without_accounts(one.content)) for one in stated.versions)
    )


def _without_accounts(content: Background) -> Background:
    return replace(content, bank_accounts=tuple(_tail(one) for one in content.bank_accounts))


def _tail(account: str) -> str:
    digits = [sign for sign in account if sign.isdigit()]
    return f"尾号 {''.join(digits[-_TAIL:])}"
