"""The sandbox: its clock, and that no database with bids ever becomes one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from marketplace.accounts.signing_in import sessions
from marketplace.accounts.words import Role
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from marketplace.kernel.jobs import TakenJob
from marketplace.rounds import sandbox
from marketplace.rounds.bidding import keyring
from marketplace.rounds.round_tables import SandboxClock
from tests.marketplace import round_market as market
from tests.marketplace.market import NOW, make_person
from web import jobs
from web.installation import Installation
from web.sandbox import NOT_A_SANDBOX, SandboxedClock, refusal
from web.settings import Settings

SECOND = timedelta(seconds=1)


class Real:
    """A real clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def real() -> Real:
    return Real()


@pytest.fixture
def clock(store: Store, real: Real) -> SandboxedClock:
    assert refusal(store, wanted=True, real=real.now) == ""
    return SandboxedClock(store, real)


def test_a_fast_clock_shows_fifteen_days_after_a_minute(store: Store, real: Real, clock: SandboxedClock) -> None:
    admin = make_person(store, role=Role.ADMINISTRATOR, region="", email="admin@example.com", name="管理")
    began = clock()
    with store.writing() as session:
        sandbox.set_speed(session, admin, 21600, real=real.now)
    clock.look_again()

    real.now += 60 * SECOND

    assert began == real.now - 60 * SECOND
    assert clock() == began + timedelta(days=15)


def test_a_clock_that_is_stopped_stands_and_one_that_is_put_forward_jumps(
    store: Store, real: Real, clock: SandboxedClock
) -> None:
    admin = make_person(store, role=Role.ADMINISTRATOR, region="", email="admin@example.com", name="管理")
    began = clock()
    with store.writing() as session:
        sandbox.set_speed(session, admin, 0, real=real.now)
    real.now += 60 * SECOND
    assert clock() == began
    with store.writing() as session:
        sandbox.jump(session, admin, 48, real=real.now)
    clock.look_again()

    assert clock() == began + timedelta(hours=48)


def test_a_clock_far_ahead_signs_nobody_out(tmp_path: Path, sqlite_template: Path) -> None:
    (tmp_path / "jiebang.sqlite3").write_bytes(sqlite_template.read_bytes())
    real = Real()
    real.now = datetime.now(UTC)
    installation = Installation(Settings(data_dir=tmp_path, sandbox=True), clock=real)
    store = installation.store
    assert refusal(store, wanted=True, real=real.now) == ""
    admin = make_person(store, role=Role.ADMINISTRATOR, region="", email="admin@example.com", name="管理")
    with store.writing() as session:
        sessions.start(session, admin, token="t" * 43, now=real.now)
        sandbox.jump(session, admin, 24 * 16, real=real.now)
        keyring.of(session).make("a" * 16)

    jobs.run(installation, TakenJob("a" * 16, "sweep_sessions", {}, 1, installation.clock()))

    with store.reading() as session:
        assert sessions.find(session, "t" * 43, now=real.now, staff_needs_second_factor=False) is not None
        # The key of a draft that is being begun just now: its row is not written yet.
        assert list(keyring.of(session).ids()) == ["a" * 16]
    installation.close()


def test_the_clock_never_goes_back(real: Real, clock: SandboxedClock) -> None:
    shown = clock()
    real.now -= timedelta(hours=1)

    assert clock() == shown


@pytest.mark.parametrize("hours", [0, -1, 8785])
def test_jump_refuses_what_is_no_number_of_hours(store: Store, real: Real, clock: SandboxedClock, hours: int) -> None:
    admin = make_person(store, role=Role.ADMINISTRATOR, region="", email="admin@example.com", name="管理")
    shown = clock()
    with pytest.raises(Invalid), store.writing() as session:
        sandbox.jump(session, admin, hours, real=real.now)
    clock.look_again()

    assert clock() == shown


def test_only_administrators_set_the_clock(store: Store, real: Real, clock: SandboxedClock) -> None:
    shown = clock()
    organiser = make_person(store)
    for act in (
        lambda session: sandbox.set_speed(session, organiser, 60, real=real.now),
        lambda session: sandbox.jump(session, organiser, 1, real=real.now),
    ):
        with pytest.raises(NotAllowed), store.writing() as session:
            act(session)
    clock.look_again()

    assert clock() == shown


def test_the_clock_of_a_real_installation_cannot_be_set(store: Store) -> None:
    admin = make_person(store, role=Role.ADMINISTRATOR, region="", email="admin@example.com", name="管理")
    with pytest.raises(Conflict, match="不是训练环境"), store.writing() as session:
        sandbox.jump(session, admin, 1, real=NOW)


def test_a_database_with_a_bid_never_becomes_a_sandbox(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    market.begin_bid(store, scene, market.make_bidder(store, "木语视觉", email="yi@example.com"))

    assert "已有真实的申报" in refusal(store, wanted=True, real=NOW)
    with store.reading() as session:
        assert sandbox.find(session) is None


def test_the_database_itself_refuses_a_sandbox_beside_a_bid(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    market.begin_bid(store, scene, market.make_bidder(store, "木语视觉", email="yi@example.com"))

    with pytest.raises(DBAPIError, match="never becomes a sandbox"), store.writing() as session:
        _insert(session)


def test_a_sandbox_stays_one(store: Store, real: Real, clock: SandboxedClock) -> None:
    shown = clock()
    assert refusal(store, wanted=False, real=real.now) == NOT_A_SANDBOX
    with pytest.raises(DBAPIError), store.writing() as session:
        _delete(session)

    assert clock() == shown


def test_an_ordinary_installation_starts(store: Store) -> None:
    assert refusal(store, wanted=False, real=NOW) == ""


def _insert(session: Session) -> None:
    session.add(SandboxClock(id=1, speed=1, real_at=NOW, shown_at=NOW))
    session.flush()


def _delete(session: Session) -> None:
    session.delete(session.get_one(SandboxClock, 1))
    session.flush()


def test_putting_the_clock_forward_signs_nobody_out(database_url: str, tmp_path: Path, real: Real) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url=database_url, sandbox=True)
    installation = Installation(settings, clock=real)
    store = installation.store
    assert refusal(store, wanted=True, real=real.now) == ""
    admin = make_person(store, role=Role.ADMINISTRATOR, region="", email="admin@example.com", name="管理")
    with store.writing() as session:
        sessions.start(session, admin, token="a" * 43, now=real.now)
        sandbox.jump(session, admin, 24 * 30, real=real.now)

    jobs.run(installation, TakenJob("j", "sweep_sessions", {}, 1, real.now))

    with store.reading() as session:
        found = sessions.find(session, "a" * 43, now=installation.real_clock(), staff_needs_second_factor=False)
    assert installation.clock() == real.now + timedelta(days=30)
    assert found is not None
    installation.close()
