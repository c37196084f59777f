"""The machine of the stateful proof: everybody tries everything, and the round does what its model says, or refuses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, ClassVar, Final, TypeVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import Session, SQLModel, select

from marketplace import invariants
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Refusal
from marketplace.rounds import manifests
from marketplace.rounds.bid_tables import Bid, BidDraft, BidOpening, BidVersion
from marketplace.rounds.bidding import keyring
from marketplace.rounds.round_tables import Round
from marketplace.rounds.seal_tables import RoundMinutes, RoundSeal
from tests.marketplace import round_market as market
from tests.marketplace.market import NOW
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT
from tests.marketplace.round_model import LIVE, BidModel, RoundModel
from tests.marketplace.round_worlds import BIDDERS, Try, World

PEOPLE = (
    *("issuer", "organiser", "approver0", "approver1", "checker0", "checker1"),
    *("opener_a", "opener_b", "keeper", "objections", *BIDDERS),
)
INSTANT = timedelta(milliseconds=1)
PLACES = range(12)
TOUCHED = tuple(
    table
    for table in SQLModel.metadata.sorted_tables
    if table.name.partition("_")[0] in {"round", "bid", "audit", "message", "job", "outbox"}
)
Method = TypeVar("Method", bound=Callable[..., None])

SUITS: Final[Mapping[str, Callable[[BidModel], bool]]] = {
    "write": lambda bid: bid.draft is not None,
    "submit": lambda bid: bool(bid.draft),
    "withdraw": lambda bid: bid.state in {"submitted", "needs_reconfirm"},
    "take_up": lambda bid: bid.state in {"submitted", "needs_reconfirm", "withdrawn"} and bid.draft is None,
    "reconfirm": lambda bid: bid.state == "needs_reconfirm",
    "discard": lambda bid: bid.draft is not None,
    "judge": lambda bid: bid.state == "opened",
    "ask_correction": lambda bid: bid.state == "opened" and len(bid.asked) < 2,
    "correct": lambda bid: bid.state == "correction_requested",
    "object_to": lambda bid: bid.state == "ineligible" and not bid.objection,
    "decide": lambda bid: bid.objection,
}
"""Which bids an act is meant for; it is tried on others as well."""
OWNER = (*([None] * 2 * len(PEOPLE)), *PEOPLE)
"""Mostly whose bid it is."""


def anybody(*likely: str) -> Sequence[str]:
    """Mostly somebody whose act it is, at times somebody else."""
    return (*(likely * (2 * len(PEOPLE) // len(likely))), *PEOPLE)


@dataclass(frozen=True)
class Act:
    """An act, in which states it is tried, for which bids it is meant, and with what."""

    states: frozenset[str]
    suits: Callable[[BidModel], bool] | None
    hands: Mapping[str, Sequence[Any]]


ACTS: Final[dict[str, Act]] = {}


def act(
    *states: str, suits: Callable[[BidModel], bool] | None = None, **hands: Sequence[Any]
) -> Callable[[Method], Method]:
    """Make a method an act that is tried where it may happen and in the states next to those; in all where none is named.

    One rule chooses among the acts: of many rules, the library would switch some off in each story.
    """

    def register(method: Method) -> Method:
        ACTS[method.__name__] = Act(frozenset(states), suits, hands)
        return method

    return register


class Base(RuleBasedStateMachine):
    """A round, its model, and what must hold after every step; the acts stand in the classes that follow."""

    world: ClassVar[World]
    acts: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.tried: Try | None = None
        self.steps = self.chance = 0
        self.store: Store
        self.model: RoundModel

    @initialize(chance=st.integers(0, 2**32 - 1))
    def begin(self, chance: int) -> None:
        """Begin with a copy of one of the stages."""
        self.chance = chance
        stage = Random(chance).choice(("draft", "open", "open", "open", "sealed", "eligibility"))
        self.tried = self.world.try_on(stage)
        self.store = self.tried.connect()
        now = {"draft": NOW, "open": PUBLISH_AT}.get(stage, DEADLINE)
        self.model = RoundModel(stage, now, PUBLISH_AT, DEADLINE, number=0 if stage == "draft" else 1)
        for owner, handed in zip(BIDDERS, self.stage.handed, strict=False):
            state = "opened" if stage == "eligibility" else "submitted"
            bid = BidModel(handed.bid_id, owner, state, 1, None, last_arrival=PUBLISH_AT)
            self.model.bids[bid.id] = bid
            self.remember(bid)
        if stage == "eligibility":
            self.model.turned = {"opener_a", "opener_b"}
        if stage in {"sealed", "eligibility"}:
            self.model.manifest = {(bid.id, 1): "live" for bid in self.model.bids.values()}

    @property
    def stage(self) -> Any:
        """Who and what the copy holds."""
        assert self.tried is not None
        return self.tried.stage

    @property
    def round_id(self) -> str:
        """The round."""
        return str(self.stage.scene.round_id)

    @rule(chance=st.integers(0, 2**32 - 1))
    def somebody_does_something(self, chance: int) -> None:
        """Choose an act, and do it. The library likes small numbers and repeats itself: chance is dealt out evenly."""
        self.steps += 1
        dice = Random(f"{self.chance} {self.steps} {chance}")
        name = dice.choice([name for name, one in ACTS.items() if self.is_tried(one)])
        hands = {word: dice.choice(options) for word, options in ACTS[name].hands.items()}
        note(f"{name} {hands}")
        getattr(self, name)(**hands)

    def is_tried(self, one: Act) -> bool:
        """Whether an act is tried now; where no bid suits it, now and then only."""
        if one.states and self.model.state not in one.states:
            return False
        return one.suits is None or any(map(one.suits, self.model.bids.values())) or self.steps % 5 == 0

    def pick(self, act: str, place: int | BidModel) -> BidModel | None:
        """A bid to act on: mostly one that suits, at times any; None while there is none."""
        if isinstance(place, BidModel):
            return place
        bids = list(self.model.bids.values())
        suited = list(filter(SUITS[act], bids)) if place % 4 else []
        return (suited or bids)[place % len(suited or bids)] if bids else None

    def attempt(self, do: Callable[[Session], Any], *, is_allowed: bool, durable: bool = False) -> Any:
        """Do something: it must come about where the model allows it, and be refused where it does not."""
        type(self).acts += 1
        result, code = None, ""
        try:
            with self.store.writing(durable=durable) as session:
                result = do(session)
        except Refusal as refusal:
            code = refusal.code
        assert is_allowed == (not code), code or "should have been refused"
        return result

    def remember(self, bid: BidModel) -> None:
        """Keep the receipt that was just given, as its unit does."""
        with self.store.reading() as session:
            row = session.get_one(BidVersion, (bid.id, bid.version))
            self.model.receipts[bid.id, bid.version] = row.receipt

    # Time, and what the clock does.

    @act(
        step=["publication", "deadline", "deadline", "window", "hour", "day", "three days"],
        nudge=[-INSTANT, timedelta(), INSTANT],
    )
    def advance(self, step: str, nudge: timedelta) -> None:
        """Let time go by, often to the edge of something."""
        model = self.model
        windows = [bid.window_ends for bid in model.bids.values() if bid.window_ends is not None]
        to = {
            "publication": model.publish_at,
            "deadline": model.deadline,
            "window": min(windows, default=model.now),
            "hour": model.now + timedelta(hours=1),
            "day": model.now + timedelta(days=1),
            "three days": model.now + timedelta(days=3),
        }[step]
        model.now = max(model.now, to + nudge)

    @act()
    def tick(self) -> None:
        """Let the clock look twice: the second time changes nothing."""
        type(self).acts += 1
        self.model.tick()
        market.tick(self.store, self.stage.scene, now=self.model.now)
        before = self.everything()
        market.tick(self.store, self.stage.scene, now=self.model.now)
        assert self.everything() == before

    @act("open")
    def wait_for_those_under_way(self) -> None:
        """While a submission that arrived in time is being written down, nothing is sealed."""
        if self.model.state == "open":
            market.tick(self.store, self.stage.scene, now=self.model.now, being_admitted=1)

    @act()
    def restart(self) -> None:
        """End the process and start another one on the same database."""
        assert self.tried is not None
        self.store.close()
        self.store = self.tried.connect()

    # What must hold.

    def everything(self) -> dict[str, list[Any]]:
        """Every row that a tick could touch, but when the clock looks next."""
        found: dict[str, list[Any]] = {}
        with self.store.reading() as session:
            for table in TOUCHED:
                rows = [dict(row) for row in session.execute(select(table)).mappings()]
                for row in rows:
                    row.pop("next_check", None)
                found[table.name] = sorted(map(repr, rows))
        return found

    @invariant()
    def holds(self) -> None:
        """Everything that must hold after each step, over one state of the database."""
        with self.store.reading() as session:
            row = session.get_one(Round, self.round_id)
            self.stands_where_the_model_stands(session, row)
            self.honours_every_receipt(session)
            self.keeps_every_bid_sealed_until_two_open(session, row)

    def stands_where_the_model_stands(self, session: Session, row: Round) -> None:
        """The round and its bids stand where the model says; a unit has one live bid at most."""
        bids = {bid.id: bid for bid in session.exec(select(Bid))}
        keys = {one.bid_id: one.key_id for one in session.exec(select(BidDraft))}
        model = self.model
        assert (row.state, row.suspended_at is not None) == (model.state, model.suspended_at is not None)
        if model.number:
            assert (row.notice_number, row.deadline) == (model.number, model.deadline)
        told = {one.id: (one.state, one.version, one.draft is not None) for one in model.bids.values()}
        assert {one.id: (one.state.value, one.version, one.id in keys) for one in bids.values()} == told
        live = [(bid.organisation_id, bid.track) for bid in bids.values() if bid.state.value in LIVE]
        assert len(live) == len(set(live))
        assert self.tried is not None
        # Every draft has its key, and no key is left of a draft that is gone.
        assert set(keyring.Keyring(self.tried.folder / "draft-keys").ids()) == set(keys.values())

    def honours_every_receipt(self, session: Session) -> None:
        """Every receipt that was ever given is there unchanged, and there is no other; the manifest names each."""
        held = {(one.bid_id, one.number): one.receipt for one in session.exec(select(BidVersion))}
        assert held == self.model.receipts
        if self.model.manifest is not None:
            manifest, _ = manifests.get(session, self.round_id)
            assert {(one.bid_id, one.version): one.fate.value for one in manifest.entries} == self.model.manifest

    def keeps_every_bid_sealed_until_two_open(self, session: Session, row: Round) -> None:
        """Before the opening there is nothing to read and nothing to read it with."""
        is_open = row.opened_at is not None
        seal = session.get(RoundSeal, self.round_id)
        assert is_open == (len(self.model.turned) == 2)
        assert (seal is not None and seal.identity is not None) == is_open
        assert (session.get(RoundMinutes, self.round_id) is not None) == is_open
        opened = {one.bid_id: one.failure for one in session.exec(select(BidOpening))}
        assert set(opened.values()) <= {""}
        live = {bid_id for (bid_id, _), fate in (self.model.manifest or {}).items() if fate == "live"}
        assert set(opened) == (live if is_open else set())

    def teardown(self) -> None:
        """At the end the log is whole and nothing is out of order."""
        if self.tried is None:
            return
        try:
            with self.store.reading() as session:
                assert audit.verify(session) == []
                assert list(invariants.check(session)) == []
        finally:
            self.store.close()
            self.world.drop(self.tried)
