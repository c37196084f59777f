"""What readers see of joint releases and of what is kept with an edition."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.lists.publishing.views import ReleaseLine
from marketplace.lists.release_words import PublisherRole, ReleaseState


@dataclass(frozen=True, slots=True)
class PublisherView:
    """One of the names over a release; `is_current` says that it confirmed what the release holds now."""

    organisation_id: str
    name: str
    role: PublisherRole
    asked_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    declined_at: datetime | None
    is_current: bool

    @property
    def waits(self) -> bool:
        """Whether this publisher still has to answer."""
        return not self.is_current and self.declined_at is None


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """A release in a list of many, with who must act next."""

    id: str
    title: str
    region: str
    state: ReleaseState
    version: int
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None
    edition_id: str | None
    publishers: tuple[PublisherView, ...]

    @property
    def waits_for(self) -> tuple[PublisherView, ...]:
        """The publishers that have not confirmed what it holds now."""
        return tuple(one for one in self.publishers if one.waits)

    @property
    def is_ready(self) -> bool:
        """Whether every publisher has confirmed what it holds now."""
        return all(one.is_current for one in self.publishers)


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """A release with every line it will hold, and the digest that its publishers confirm."""

    card: ReleaseCard
    series_id: str | None
    intake_id: str | None
    intake_name: str | None
    intake_sound: int
    lines: tuple[ReleaseLine, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that may be asked to publish with others, and why it is offered."""

    organisation_id: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class AppendixView:
    """A file kept with an edition, such as its stamped scan."""

    id: str
    name: str
    media_type: str
    file_digest: str
    size_bytes: int
    attached_by: str
    attached_at: datetime
