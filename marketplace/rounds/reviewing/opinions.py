"""What experts wrote about bids: the comments of their sheets, and what was said at the consensus.

Who reads it, and what the experts are called there, is for `reading` and `together` to say; here are the words alone. Beside
a frozen table they stand under its own names (专家 1), never a person's.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.rounds.panel_words import SheetState
from marketplace.rounds.panels import rows
from marketplace.rounds.reviewing import tables
from marketplace.rounds.sheet_tables import PanelRemark, ScoreTable


@dataclass(frozen=True, slots=True)
class Comments:
    """What one expert wrote on its sheet, by criterion; "all" is about the whole bid."""

    expert: str
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Remark:
    """What one expert said at the consensus, where the panel differed."""

    expert: str
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was written about one bid: sheets in the order of their experts, remarks in time order."""

    comments: tuple[Comments, ...]
    remarks: tuple[Remark, ...]


def remarks_on(session: Session, bid_id: str, *, stage: str, called: Mapping[str, str]) -> tuple[Remark, ...]:
    """What was said of a bid in a stage, oldest first; `called` says what each member is called."""
    live = (PanelRemark.bid_id == bid_id, PanelRemark.stage == stage, col(PanelRemark.void_at).is_(None))
    query = select(PanelRemark).where(*live).order_by(col(PanelRemark.written_at), col(PanelRemark.id))
    return tuple(Remark(called[one.member_id], one.text, one.written_at) for one in session.exec(query))


def of_table(session: Session, table: ScoreTable, *, bid_ids: Collection[str]) -> dict[str, Opinion]:
    """What was written about some bids of a table, by bid; nothing of a void table, whose sheets may be void."""
    if table.void_at is not None:
        return {}
    called = tables.names(session, table.round_id)
    locked = [
        one
        for one in rows.sheets(session, bid_ids=bid_ids, stage=table.stage)
        if one.state is SheetState.LOCKED and any(one.comments.values())
    ]
    locked.sort(key=lambda one: (len(called[one.member_id]), called[one.member_id]))
    found = {
        bid: Opinion(
            comments=tuple(
                Comments(called[one.member_id], {key: said for key, said in one.comments.items() if said})
                for one in locked
                if one.bid_id == bid
            ),
            remarks=remarks_on(session, bid, stage=table.stage, called=called),
        )
        for bid in bid_ids
    }
    return {bid: one for bid, one in found.items() if one.comments or one.remarks}
