"""A round before its experts: a pool, a panel that was drawn, and what each of them does, one line each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, select

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.experts.rules.drawing import Wanted
from marketplace.experts.rules.facts import RelationKind, TieKind
from marketplace.experts.tables import ExpertRelation, ExpertTie, PoolExpert
from marketplace.experts.words import ExpertField, ExpertState
from marketplace.kernel.db import Store
from marketplace.rounds import facts, held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.checking import verdicts
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import MemberState
from marketplace.rounds.panels import draws, members
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing import desks, sheets
from marketplace.rounds.rules.procedures import Limit, Procedure, Stage, Unit, as_record
from marketplace.rounds.rules.scores import Method
from marketplace.rounds.words import RoundState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person
from tests.marketplace.round_acts import OPENS, judge, opened_round
from tests.marketplace.round_market import Scene

SEED = bytes(range(32))
REVIEW = OPENS + timedelta(days=1)
NAMES = ("顾明远", "沈知秋", "韩立群", "苏见山", "贺维中", "陆云舟", "丁仲衡", "白若川", "纪长青", "葛树声")
FULL: Mapping[str, str] = {
    "mark-c1": "32",
    "mark-c2": "24",
    "mark-c3": "12",
    "mark-c4": "11.5",
}
"""79.5 of 40 + 30 + 15 + 15 points; nothing of it asks for a comment."""


@dataclass(frozen=True)
class Panel:
    """A round in its review: the experts who were drawn by the id of their place, in the order of the draw, then reserves."""

    scene: Scene
    bidders: tuple[Actor, ...]
    bids: tuple[str, ...]
    experts: Mapping[str, Actor]
    drawn: tuple[str, ...]
    reserves: tuple[str, ...]

    def expert(self, number: int) -> Actor:
        """The account of one who was drawn."""
        return self.experts[self.drawn[number]]

    def reserve(self, number: int) -> Actor:
        """The account of one who stands by."""
        return self.experts[self.reserves[number]]


def make_expert(
    store: Store,
    name: str,
    *,
    email: str,
    fields: Sequence[ExpertField] = (ExpertField.TECHNOLOGY,),
    ties: Sequence[tuple[TieKind, str]] = (),
    relatives: Sequence[str] = (),
    phone: str = "",
    most_at_once: int = 3,
    state: ExpertState = ExpertState.LISTED,
) -> Actor:
    """An expert in the pool of the region; its ties are to units by name and last, its relatives are people."""
    actor = make_person(store, role=Role.EXPERT, region=REGION, email=email, name=name)
    with store.writing() as session:
        expert = PoolExpert(
            id=NEW_ID(),
            account_id=actor.account_id,
            region=REGION,
            state=state,
            fields=[one.value for one in fields],
            terms=[],
            phone=phone,
            most_at_once=most_at_once,
            created_by=actor.account_id,
            created_at=NOW,
            listed_at=NOW,
            updated_at=NOW,
        )
        session.add(expert)
        session.flush()
        for kind, unit in ties:
            session.add(
                ExpertTie(
                    id=NEW_ID(),
                    expert_id=expert.id,
                    kind=kind,
                    unit_name=unit,
                    added_by=actor.account_id,
                    added_at=NOW,
                )
            )
        for person in relatives:
            session.add(
                ExpertRelation(
                    id=NEW_ID(),
                    expert_id=expert.id,
                    kind=RelationKind.RELATIVE,
                    person=person,
                    added_by=actor.account_id,
                    added_at=NOW,
                )
            )
    return actor


@contextmanager
def alone_in_the_pool(store: Store, people: Sequence[Actor]) -> Iterator[None]:
    """Let nobody but some people be drawn meanwhile, whoever else a market has in its pool."""
    keep = {one.account_id for one in people}
    with store.writing() as session:
        listed = session.exec(select(PoolExpert).where(PoolExpert.state == ExpertState.LISTED)).all()
        others = [one.id for one in listed if one.account_id not in keep]
        _put_into(session, others, ExpertState.PAUSED)
    yield
    with store.writing() as session:
        _put_into(session, others, ExpertState.LISTED)


def _put_into(session: Session, expert_ids: Sequence[str], state: ExpertState) -> None:
    for one in expert_ids:
        entry = session.get_one(PoolExpert, one)
        entry.state = state
        session.add(entry)


def expert_id(session: Session, actor: Actor) -> str:
    """The entry of somebody in the pool."""
    return session.exec(select(PoolExpert.id).where(PoolExpert.account_id == actor.account_id)).one()


def in_review(
    store: Store, folder: Path, *names: str, procedure: str = "challenge", price: str = market.BID["price_amount"]
) -> tuple[Scene, list[Actor], list[str]]:
    """A round whose bids were all found eligible and sent to the experts; gives it, its bidders and the bids."""
    scene, bidders, handed = opened_round(store, folder, *names, procedure=procedure, price=price)
    for one in handed:
        judge(store, scene, one.bid_id)
    with store.writing() as session:
        verdicts.send_to_review(session, scene.checkers[0], scene.round_id, now=REVIEW)
    return scene, bidders, [one.bid_id for one in handed]


def drawn_panel(
    store: Store,
    folder: Path,
    *names: str,
    pool: Sequence[str] = NAMES,
    experts: int = 5,
    reserves: int = 3,
    procedure: str = "challenge",
    price: str = market.BID["price_amount"],
) -> Panel:
    """A round in its review with a pool of experts, from which a panel was drawn and invited."""
    scene, bidders, bids = in_review(
        store, folder, *(names or ("木语视觉", "接线员工作室", "云上园林")), procedure=procedure, price=price
    )
    people = [make_expert(store, name, email=f"zhuanjia-{n}@pingshen.cn") for n, name in enumerate(pool)]
    with store.writing() as session:
        draw = draws.fix(
            session,
            scene.issuer,
            scene.round_id,
            "t1",
            [Wanted("", experts, reserves)],
            seed=SEED,
            now=REVIEW,
            new_id=NEW_ID,
        )
    with store.writing() as session:
        draws.draw(session, scene.table.organiser, scene.round_id, draw, words="3 5 6 1", now=REVIEW, new_id=NEW_ID)
    return seated(store, scene, bidders, bids, people)


def seated(store: Store, scene: Scene, bidders: Sequence[Actor], bids: Sequence[str], people: Sequence[Actor]) -> Panel:
    """The panel of a round as its rows say it."""
    with store.reading() as session:
        found = session.exec(select(PanelMember).where(PanelMember.round_id == scene.round_id)).all()
        entries = {one.id: one.account_id for one in session.exec(select(PoolExpert))}
    accounts = {one.account_id: one for one in people}
    experts = {one.id: accounts[entries[one.expert_id]] for one in found}
    return Panel(
        scene=scene,
        bidders=tuple(bidders),
        bids=tuple(bids),
        experts=experts,
        drawn=tuple(one.id for one in found if one.state is not MemberState.DRAWN),
        reserves=tuple(one.id for one in sorted(found, key=lambda one: one.place) if one.state is MemberState.DRAWN),
    )


def declare(
    store: Store,
    panel: Panel,
    expert: Actor,
    said: Mapping[str, Said] | None = None,
    *,
    agrees: bool = True,
    now: datetime = REVIEW,
) -> MemberState:
    """Let an expert declare on every bid: nothing to say, but for what is given."""
    answers = {**{one: Said(Answer.NONE) for one in panel.bids}, **(said or {})}
    with store.writing() as session:
        return members.declare(session, expert, panel.scene.round_id, answers, agrees=agrees, now=now, new_id=NEW_ID)


def declare_all(store: Store, panel: Panel, *, now: datetime = REVIEW) -> None:
    """Let everybody who was drawn declare that there is nothing, and make the first one the chair, the second its deputy."""
    for number in range(len(panel.drawn)):
        assert declare(store, panel, panel.expert(number), now=now) is MemberState.ACCEPTED
    lead(store, panel, now=now)


def lead(store: Store, panel: Panel, *, chair: int = 0, deputy: int = 1, now: datetime = REVIEW) -> None:
    """Name a chair and a deputy."""
    for number, as_deputy in ((chair, False), (deputy, True)):
        with store.writing() as session:
            members.lead(
                session,
                panel.scene.issuer,
                panel.scene.round_id,
                panel.drawn[number],
                as_deputy=as_deputy,
                now=now,
            )


def sheet_of(store: Store, panel: Panel, expert: Actor, bid_id: str) -> str:
    """The id of somebody's sheet for a bid."""
    with store.reading() as session:
        found = {one.bid_id: one.sheet_id for one in desks.lines(session, expert, panel.scene.round_id)}
    return found[bid_id]


def mark(
    store: Store,
    panel: Panel,
    expert: Actor,
    bid_id: str,
    fields: Mapping[str, str] = FULL,
    *,
    now: datetime = REVIEW,
) -> str:
    """Fill a sheet in and hand it in; gives its id."""
    sheet_id = sheet_of(store, panel, expert, bid_id)
    with store.writing() as session:
        sheets.save(session, expert, sheet_id, fields, now=now)
    with store.writing() as session:
        sheets.submit(session, expert, sheet_id, now=now)
    return sheet_id


def marks(c1: float, c2: float = 24, c3: float = 12, c4: float = 12, *, why: str = "理由见方案。") -> dict[str, str]:
    """Points for the four criteria, each with a comment."""
    given = {f"mark-c{number}": f"{points:g}" for number, points in enumerate((c1, c2, c3, c4), start=1)}
    return given | {f"comment-c{number}": why for number in range(1, 5)}


def mark_all(store: Store, panel: Panel, given: Mapping[int, Sequence[float]], *, now: datetime = REVIEW) -> None:
    """Let everybody who was drawn hand in everything: points of the first criterion by expert, bid by bid."""
    for number, points in given.items():
        for bid_id, c1 in zip(panel.bids, points, strict=True):
            mark(store, panel, panel.expert(number), bid_id, marks(c1), now=now)


def judged_by(store: Store, panel: Panel, method: Method) -> None:
    """Have the round's own copy of its procedure say by which method sheets become a score."""
    _proceed(store, panel, lambda one: replace(one, judging=replace(one.judging, method=method)))


def with_final(store: Store, panel: Panel) -> None:
    """Have a final follow the review in the round's own copy of its procedure."""
    final = Stage("final", "决赛路演", 3, Unit.WORKDAYS)

    def longer(one: Procedure) -> Procedure:
        at = [stage.key for stage in one.stages].index("review") + 1
        return replace(one, stages=(*one.stages[:at], final, *one.stages[at:]))

    _proceed(store, panel, longer)


def winning(store: Store, panel: Panel, *, winners: int) -> None:
    """Have several win in the round's own copy of its procedure."""
    _proceed(store, panel, lambda one: replace(one, limits={**one.limits, "winners": Limit(winners)}))


def _proceed(store: Store, panel: Panel, change: Callable[[Procedure], Procedure]) -> None:
    with store.writing() as session:
        row = held.hold(session, panel.scene.round_id)
        row.procedure = as_record(change(facts.procedure_of(row)))
        session.add(row)


def tick(store: Store, panel: Panel, *, now: datetime = REVIEW) -> RoundState:
    """Let the clock look at the round."""
    return market.tick(store, panel.scene, now=now)


def state_of(store: Store, member_id: str) -> MemberState:
    """Where a member stands."""
    with store.reading() as session:
        return session.get_one(PanelMember, member_id).state


def bid_states(store: Store, panel: Panel) -> list[str]:
    """Where the bids stand."""
    with store.reading() as session:
        return [session.get_one(Bid, one).state.value for one in panel.bids]
