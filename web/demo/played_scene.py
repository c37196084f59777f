"""A sample round while it is played: its people, its bids, and the hour of each act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sqlmodel import Session

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.experts import pool
from marketplace.kernel.calendar import Calendar, add_workdays
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.files import FileStore
from marketplace.rounds import clock, held
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.words import RoundState


@dataclass(frozen=True, slots=True)
class Staff:
    """The people of the demo who have something to do in a round."""

    enterprise: Actor
    opc: Actor
    organiser: Actor
    supervisor: Actor
    approver: Actor
    opener: Actor
    checker: Actor

    @property
    def all(self) -> tuple[Actor, ...]:
        """Everybody."""
        return tuple(getattr(self, name) for name in self.__slots__)


@dataclass(slots=True)
class Scene:
    """A round with its people. Its acts are dated by working days after its deadline, on Beijing's clock.

    `bids` are the ids of the bids by their units, in the order of the sample; `identities` the keys of those who open, by
    their accounts.
    """

    session: Session
    files: FileStore
    said: Mapping[str, Any]
    staff: Staff
    bidders: Mapping[str, Actor]
    publish_at: datetime
    calendar: Calendar
    new_id: Callable[[], str]
    round_id: str = ""
    bids: dict[str, str] = field(default_factory=dict)
    identities: dict[str, str] = field(default_factory=dict)

    @property
    def office(self) -> Actor:
        """Who drafts the round and looks after it."""
        return self.staff.enterprise if self.said["drafter"] == "enterprise" else self.staff.organiser

    @property
    def deadline(self) -> datetime:
        """When its bids close."""
        found = held.get(self.session, self.round_id).deadline
        assert found is not None
        return found

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """A moment of the so manieth working day after the deadline."""
        on = add_workdays(self.deadline.astimezone(BEIJING).date(), day, self.calendar)
        return datetime.combine(on, time(hour, minute), tzinfo=BEIJING)

    def tick(self, now: datetime) -> RoundState:
        """Let the clock look at the round."""
        return clock.tick(self.session, self.round_id, now=now, new_id=self.new_id)

    def expert(self, member: PanelMember) -> Actor:
        """The account of a member of the panel."""
        return accounts.actor(self.session, pool.row(self.session, member.expert_id).account_id)
