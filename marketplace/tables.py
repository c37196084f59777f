"""Every table of the marketplace, gathered for migrations and tests."""

from marketplace.accounts import message_tables as _messages
from marketplace.accounts import tables as _accounts
from marketplace.accounts.communities import tables as _communities
from marketplace.accounts.joining import tables as _requests
from marketplace.accounts.office import announcement_tables as _announcements
from marketplace.accounts.signing_in import tables as _sign_ins
from marketplace.accounts.signing_in import token_tables as _tokens
from marketplace.dealings import attention_tables as _attention
from marketplace.dealings import match_tables as _matches
from marketplace.dealings import tables as _dealings
from marketplace.dealings import team_tables as _teams
from marketplace.experts import tables as _experts
from marketplace.experts import unit_tables as _units
from marketplace.figures import tables as _figures
from marketplace.kernel import idempotency_tables as _idempotency
from marketplace.kernel import office_tables as _office
from marketplace.kernel import outbox_tables as _outbox
from marketplace.kernel import tables as _kernel
from marketplace.kernel.rows import Row
from marketplace.lexicon import tables as _lexicon
from marketplace.lists import item_tables as _items
from marketplace.lists import need_tables as _needs
from marketplace.lists import release_tables as _releases
from marketplace.lists import repeat_tables as _repeats
from marketplace.lists import tables as _lists
from marketplace.policies import tables as _policies
from marketplace.profiles import draft_tables as _profile_drafts
from marketplace.profiles import move_tables as _profile_moves
from marketplace.profiles import tables as _profiles
from marketplace.rounds import bid_tables as _bids
from marketplace.rounds import check_tables as _checks
from marketplace.rounds import outcome_tables as _outcomes
from marketplace.rounds import panel_tables as _panels
from marketplace.rounds import procedure_tables as _procedures
from marketplace.rounds import round_tables as _rounds
from marketplace.rounds import seal_tables as _round_seals
from marketplace.rounds import sheet_tables as _sheets

AREAS = (
    _kernel,
    _outbox,
    _policies,
    _accounts,
    _sign_ins,
    _requests,
    _messages,
    _profiles,
    _profile_drafts,
    _profile_moves,
    _lexicon,
    _lists,
    _items,
    _needs,
    _repeats,
    _announcements,
    _office,
    _teams,
    _dealings,
    _attention,
    _matches,
    _experts,
    _units,
    _procedures,
    _rounds,
    _checks,
    _round_seals,
    _bids,
    _panels,
    _sheets,
    _outcomes,
    _communities,
    _releases,
    _figures,
    _tokens,
    _idempotency,
)
METADATA = Row.metadata

__all__ = ["AREAS", "METADATA"]
