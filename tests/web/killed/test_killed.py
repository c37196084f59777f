"""kill -9: the server dies at a random moment while bids are written, handed in, amended and opened; nothing is lost.

Short form: a few kills on one database. Long form (`make proofs`): two hundred on SQLite and some on PostgreSQL, on
fresh data every so often, so that the deadline passes and the bids are opened many times.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import RoundState
from tests import proofs
from tests.conftest import make_database
from tests.marketplace.market import REGION
from tests.web.killed import checks
from tests.web.killed.people import Bidder, Issuer, Opener, Person, Told
from tests.web.killed.scene import Life, Prepared, prepare
from web.settings import Settings

KILLS = int(os.environ.get("JIEBANG_KILLS", "200"))
"""How many the long form asks for."""
PER_LIFE = 4
"""So many kills while bids come in; then the deadline passes, and the bids are opened."""
SEED = int(os.environ.get("JIEBANG_KILLS_SEED", "20261130"))
WRITING_SECONDS, DEADLINE_SECONDS, OPENING_SECONDS = (0.1, 1.5), (0.1, 4.0), (0.1, 4.0)
MOST_OPENINGS = 6
LATE_OPENINGS, LONGEST_TURN = 0.7, 30.0
"""So often the server is left alone until the first key is turned; at most so many seconds."""
BEFORE_SECONDS = (4.0, 7.0)
"""How long before the deadline the server is started again: it takes some of that to start."""
JOIN_SECONDS = 30
SHORT_KILLS, SHORT_PER_LIFE, POSTGRESQL_KILLS = 4, 2, 12
S = RoundState


class Killer:
    """Kills the server of one life again and again; `wrong` is what it found."""

    def __init__(self, life: Life, chance: random.Random, counted: Counter[str]) -> None:
        self.life, self.chance, self.counted = life, chance, counted
        self.told = [Told(bid_id, account_id) for account_id, bid_id in life.prepared.bids]
        self.notices, self.is_opened = 1, False
        self.turned: set[str] = set()
        self.wrong: list[str] = []
        self._check("prepared", (RoundState.OPEN,))

    @property
    def state(self) -> RoundState:
        """Where the round stands."""
        with self.life.store.reading() as session:
            return session.get_one(Round, self.life.prepared.round_id).state

    def write(self) -> None:
        """Kill it while bids come in and the notice is amended."""
        self._kill("writing", lambda port: [*self._bidders(port), self._issuer(port)], WRITING_SECONDS, (S.OPEN,))

    def pass_deadline(self) -> None:
        """Kill it around the deadline."""
        self.life.put_clock(self.life.deadline() - timedelta(seconds=self.chance.uniform(*BEFORE_SECONDS)))
        allowed = (S.OPEN, S.SEALED, S.FAILED)
        self._kill("deadline", lambda port: self._bidders(port, steady=2), DEADLINE_SECONDS, allowed)

    def open(self) -> None:
        """Kill it while the keys are turned."""
        self.life.forget_tries()
        is_late = self.chance.random() < LATE_OPENINGS
        self._kill("opening", self._openers, OPENING_SECONDS, (S.SEALED, S.ELIGIBILITY), after_turn=is_late)

    def _bidders(self, port: int, *, steady: int = 0) -> list[Person]:
        # Without a bid that stands at the deadline there is nothing to open.
        return [
            Bidder(one, *self._given(port, one.account_id), is_steady=number < steady)
            for number, one in enumerate(self.told)
        ]

    def _issuer(self, port: int) -> Person:
        return Issuer(*self._given(port, self.life.prepared.issuer))

    def _openers(self, port: int) -> list[Person]:
        return [Opener(said, *self._given(port, who)) for who, said in self.life.prepared.openers]

    def _given(self, port: int, account_id: str) -> tuple[Any, ...]:
        return self.life, port, self.life.sit(account_id), random.Random(self.chance.random()), self.counted

    def _kill(
        self,
        what: str,
        make: Callable[[int], list[Person]],
        within: tuple[float, float],
        allowed: tuple[RoundState, ...],
        *,
        after_turn: bool = False,
    ) -> None:
        server = self.life.serve()
        people = make(server.port)
        for one in people:
            one.start()
        if after_turn:
            _wait_for_turn(people)
        sleep(self.chance.uniform(*within))
        server.kill()
        for one in people:
            one.stopping.set()
            one.join(JOIN_SECONDS)
            self.wrong += [f"{what}: {fault}" for fault in one.faults]
            if isinstance(one, Issuer):
                self.notices += one.published
            if isinstance(one, Opener):
                self.turned |= {one.passphrase} if one.turned else set()
                self.is_opened |= one.opened
        self.counted[f"kills while {what}"] += 1
        self.counted["in flight when killed"] += sum(bool(one.flying) for one in self.told)
        if found := self.life.examined():
            self.wrong.append(f"{what}: doctor: {found}")
        self._check(what, (S.ELIGIBILITY,) if self.is_opened else allowed)

    def _check(self, what: str, allowed: tuple[RoundState, ...]) -> None:
        found, swept = checks.of_keys(self.life)
        self.counted["keys swept"] += swept
        with self.life.store.reading() as session:
            for one in self.told:
                found += checks.of_bid(self.life, session, one)
            found += checks.of_round(session, self.life.prepared.round_id, allowed, turned=len(self.turned))
            number = session.get_one(Round, self.life.prepared.round_id).notice_number
        if number < self.notices:
            found.append(f"{self.notices} notices were published, the round has {number}")
        self.notices = number
        self.wrong += [f"{what}: {one}" for one in found]


def _wait_for_turn(people: list[Person]) -> None:
    """Wait until a key is turned: stretching a passphrase takes long, and the opening comes right after the second."""
    until = monotonic() + LONGEST_TURN
    while monotonic() < until and not any(isinstance(one, Opener) and one.turned for one in people):
        sleep(0.01)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A round with its bidders on SQLite, to be copied."""
    return prepare(Settings(data_dir=tmp_path_factory.mktemp("killed") / "prepared", region=REGION, sandbox=True))


@pytest.mark.proof
def test_nothing_is_lost_to_a_kill(prepared: Prepared, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    counted: Counter[str] = Counter()
    wrong: list[str] = []
    wanted = KILLS if proofs.IS_LONG else SHORT_KILLS
    chance = random.Random(SEED)
    number = 0
    while kills(counted) < wanted:
        life = Life(prepared, tmp_path / f"life-{number}")
        wrong += live(life, chance, counted, wanted, per_life=PER_LIFE if proofs.IS_LONG else SHORT_PER_LIFE)
        life.close()
        number += 1

    for what, times in sorted(counted.items()):
        proofs.count(request, f"killed servers: {what}", times)
    assert wrong == []
    # In a few kills chance decides what was done meanwhile; in many it does not.
    assert min(counted["save"], counted["submit"]) > 0 or not proofs.IS_LONG
    assert counted["save"] + counted["submit"] + counted["upload"] > 0


@pytest.mark.proof
@pytest.mark.postgresql
@pytest.mark.long_form
def test_nothing_is_lost_to_a_kill_on_postgresql(tmp_path: Path, postgresql_server: str) -> None:
    url = make_database(postgresql_server, "jiebang_killed", template=None)
    settings = Settings(data_dir=tmp_path / "life", database_url=url, region=REGION, sandbox=True)
    counted: Counter[str] = Counter()
    life = Life(prepare(settings), settings.data_dir)

    wrong = live(life, random.Random(SEED), counted, POSTGRESQL_KILLS, per_life=PER_LIFE)
    life.close()

    assert wrong == []


def kills(counted: Counter[str]) -> int:
    """How many servers were killed."""
    return sum(times for what, times in counted.items() if what.startswith("kills"))


def live(life: Life, chance: random.Random, counted: Counter[str], wanted: int, *, per_life: int) -> list[str]:
    """Kill the server of one life while bids come in, around the deadline, and while they are opened."""
    killer = Killer(life, chance, counted)
    for _ in range(per_life):
        if kills(counted) < wanted:
            killer.write()
    while kills(counted) < wanted and killer.state is S.OPEN:
        killer.pass_deadline()
    for _ in range(MOST_OPENINGS):
        if kills(counted) < wanted and killer.state is S.SEALED:
            killer.open()
    counted["rounds opened"] += killer.state is S.ELIGIBILITY
    counted["rounds sealed"] += killer.state is not S.OPEN
    return killer.wrong
