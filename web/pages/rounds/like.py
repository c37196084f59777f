"""What a unit that was not awarded could go on with: the open needs that its own profile answers."""

from sqlmodel import Session

from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileRecord
from web.dependencies import Desk
from web.pages.matches import openings
from web.pages.matches.answers import Answer

TOP = 3


async def needs(desk: Desk, organisation_id: str, *, without: str | None) -> tuple[Answer, ...]:
    """Up to three open needs that the profile of a unit answers, best first; `without`: the need of the round itself."""
    record = await desk.read(lambda session: _record(session, organisation_id))
    found = await openings.of_record(desk, record, top=TOP + 1)
    return tuple(one.answer for one in found.rows if one.card.id != without and not one.answer.is_blocked)[:TOP]


def _record(session: Session, organisation_id: str) -> ProfileRecord | None:
    profile_id = profiles.find(session, organisation_id)
    return None if profile_id is None else next(iter(profiles.documents(session, [profile_id])), None)
