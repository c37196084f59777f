"""What stands round every page besides the page itself: the platform's name, its announcements, unread messages."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts import messages
from marketplace.accounts.office import announcements
from marketplace.accounts.office.announcements import AnnouncementView
from marketplace.accounts.views import SignedIn
from marketplace.kernel import platform_settings
from marketplace.kernel.platform_settings import PlatformSettings
from marketplace.lists.releases import releases


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the frame shows that is read from rows, each with one query."""

    platform: PlatformSettings = field(default_factory=PlatformSettings)
    announcements: tuple[AnnouncementView, ...] = ()
    unread: int = 0
    releases_asked: int = 0
    """How many lists wait that one's organisation is asked to publish with others."""


NOTHING_KNOWN = Surroundings()
"""What a page shows where nobody could look, as on a page that says the database is busy."""


def gather(session: Session, signed_in: SignedIn | None, *, now: datetime) -> Surroundings:
    """Look at what the frame shows to somebody, or to a visitor."""
    actor = None if signed_in is None else signed_in.actor
    return Surroundings(
        platform=platform_settings.get(session),
        announcements=announcements.current(session, actor, now=now),
        unread=0 if actor is None else messages.unread(session, actor.account_id),
        releases_asked=0 if actor is None else releases.count_asked(session, actor),
    )
