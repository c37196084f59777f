"""Two markets that differ in one thing: whether the bids that are closed to somebody have been reviewed.

Three rounds stand in their review, in their consensus and before their decision. In each the first bid is closed to two
of the panel: to its chair, and to an expert who is an organiser and a supervisor of the region besides. In the market
where that bid was reviewed the others have marked it, spoken of it and corrected a mark; in its twin nobody has. Later
there is nothing to compare: what is made public is read by everybody.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import orjson
from sqlmodel import col, select
from starlette.testclient import TestClient

from marketplace.accounts import accounts, grants
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import sessions
from marketplace.accounts.words import Role
from marketplace.kernel import events
from marketplace.kernel.db import Store
from marketplace.kernel.events import Event
from marketplace.rounds import daily, held
from marketplace.rounds.panels import inviting, members
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing import consensus, desks, sheets
from marketplace.rounds.rules import score_tables
from marketplace.rounds.sheet_tables import ScoreTable, Sheet
from marketplace.rounds.words import RoundState
from tests.marketplace import review_market, review_seats
from tests.marketplace import round_acts as acts
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID, NOW, REGION, make_ids, tamper
from tests.marketplace.review_market import marks
from tests.marketplace.round_market import Scene
from tests.web.matrix.outcome_things import CLOSED, EARLY, JUDGED
from tests.web.matrix.round_things import BID_AT, open_one
from tests.web.matrix.world import World
from web.app import create_app
from web.installation import Installation
from web.settings import Settings

STATES: Final = ("review", "consensus", "decision")
BIDS: Final = 3
CLOSED_BID: Final = 0
PANEL: Final = ("同组长", "同代组长", "同主办", "同监督", "同专家")
GAPS: Final = ("同补一", "同补二")
"""Who judges the closed bid in the place of the two who must not."""
CONFLICTED: Final = {"the chair": "同组长", "one in office": "同主办"}
OTHERS: Final = {"the deputy": "同代组长", "another in office": "同监督"}
IN_OFFICE: Final = ("同主办", "同监督")
SAID: Final = "与该单位有往来。"
REMARK: Final = "夜间没有实测数据。"
DATABASE: Final = "jiebang.sqlite3"
FRESH: Final = 10**9
"""Ids that nothing has yet begin here."""


@dataclass
class Round:
    """A round of the twins."""

    scene: Scene
    bids: list[str]

    @property
    def closed(self) -> str:
        """The bid that is closed to two of the panel."""
        return self.bids[CLOSED_BID]


@dataclass
class Market:
    """The rounds by their state, and the experts by name."""

    world: World
    rounds: dict[str, Round] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)


def fill(world: World) -> Market:
    """Make what both twins have in common."""
    made = Market(world)
    for number, name in enumerate((*PANEL, *GAPS)):
        made.people[name] = review_market.make_expert(
            world.store, name, email=f"tong-{number}@zhuanjia-tong{number}.cn", most_at_once=9
        )
    for state in STATES:
        made.rounds[state] = _seated(made, state)
    for state in STATES[1:]:
        one = made.rounds[state]
        judge_closed(world.store, made, one)
        assert market.tick(world.store, one.scene, now=JUDGED) is RoundState.CONSENSUS
        speak(world.store, made, one)
    for name in ("同组长", "同代组长"):
        with world.store.writing() as session:
            who, round_id = made.people[name], made.rounds["decision"].scene.round_id
            state_now = consensus.confirm(session, who, round_id, now=JUDGED, new_id=NEW_ID)
    assert state_now is RoundState.DECISION
    for name in IN_OFFICE:
        for role in (Role.ORGANISER, Role.SUPERVISOR):
            with world.store.writing() as session:
                account = made.people[name].account_id
                grants.give(
                    session,
                    account_id=account,
                    role=role,
                    region=REGION,
                    organisation_id=None,
                    now=NOW,
                    new_id=NEW_ID,
                )
    for who in made.people.values():
        with world.store.writing() as session:
            sessions.start(session, accounts.actor(session, who.account_id), token=token_of(who), now=NOW)
    return made


def token_of(who: Actor) -> str:
    """The secret of somebody's sign-in."""
    return f"session-twin-{who.account_id}".ljust(43, "x")


def _seated(made: Market, state: str) -> Round:
    """A round in its review: everybody has declared, and has marked the bids that are open to all."""
    store = made.world.store
    scene = open_one(made.world, f"twin {state}", EARLY)
    bids = []
    for number in range(BIDS):
        bidder = market.make_bidder(store, f"{state}第{number}号", email=f"{state}-{number}@opc-{state}{number}.cn")
        bids.append(market.make_bid(store, scene, bidder, at=BID_AT).bid_id)
    acts.seal(store, scene, at=CLOSED)
    acts.open_bids(store, scene, now=JUDGED)
    review_seats.begin(store, scene, bids, now=JUDGED)
    one = Round(scene, bids)
    for name in PANEL:
        _come(made, one, name)
    for name in PANEL:
        said = {one.closed: Said(Answer.CONFLICT, SAID)} if name in CONFLICTED.values() else {}
        _declare(made, one, name, said)
    for name in GAPS:
        _come(made, one, name)
        _declare(made, one, name)
    review_seats.lead(store, scene, made.people["同组长"], made.people["同代组长"], now=JUDGED)
    for place, name in enumerate(PANEL):
        for bid_id in bids[CLOSED_BID + 1 :]:
            mark(store, one, made.people[name], bid_id, 30 + place)
    return one


def _come(made: Market, one: Round, name: str) -> None:
    with made.world.store.writing() as session:
        expert = review_market.expert_id(session, made.people[name])
        inviting.name(
            session,
            one.scene.issuer,
            one.scene.round_id,
            "t1",
            expert,
            reason="专家库人数不足，无法抽取。",
            now=JUDGED,
            new_id=NEW_ID,
        )


def _declare(made: Market, one: Round, name: str, said: Mapping[str, Said] | None = None) -> None:
    answers = {**{bid: Said(Answer.NONE) for bid in one.bids}, **(said or {})}
    with made.world.store.writing() as session:
        members.declare(session, made.people[name], one.scene.round_id, answers, agrees=True, now=JUDGED, new_id=NEW_ID)


def mark(store: Store, one: Round, who: Actor, bid_id: str, points: float, *, hands_in: bool = True) -> None:
    """Fill in somebody's sheet for a bid."""
    with store.reading() as session:
        own = {line.bid_id: line.sheet_id for line in desks.lines(session, who, one.scene.round_id)}
    with store.writing() as session:
        sheets.save(session, who, own[bid_id], marks(points), now=JUDGED)
    if hands_in:
        with store.writing() as session:
            sheets.submit(session, who, own[bid_id], now=JUDGED)


def judge_closed(store: Store, made: Market, one: Round, *, still_at_it: Sequence[str] = ()) -> None:
    """Let everybody else judge the closed bid, about which they differ; some have only begun."""
    judging = [name for name in (*PANEL, *GAPS) if name not in CONFLICTED.values()]
    for place, name in enumerate(judging):
        mark(store, one, made.people[name], one.closed, 10 + 6 * place, hands_in=name not in still_at_it)


def speak(store: Store, made: Market, one: Round) -> None:
    """Somebody speaks of the closed bid, and corrects a mark of it."""
    who, round_id = made.people["同专家"], one.scene.round_id
    with store.reading() as session:
        own = {line.bid_id: line.sheet_id for line in desks.lines(session, who, round_id)}
    with store.writing() as session:
        consensus.remark(session, who, round_id, one.closed, text=REMARK, now=JUDGED, new_id=NEW_ID)
        consensus.correct(
            session, who, round_id, own[one.closed], "c1", points="9", reason="误写。", now=JUDGED, new_id=NEW_ID
        )


@dataclass(frozen=True)
class Twin:
    """One of the two markets behind the running application."""

    store: Store
    client: TestClient


def copied(world: World, folder: Path) -> World:
    """The matrix's market once more in a folder of its own, where nobody needs a second factor."""
    source = world.installation.settings
    shutil.copytree(source.data_dir, folder, ignore=shutil.ignore_patterns("*.sqlite3*"))
    with (
        closing(sqlite3.connect(source.data_dir / DATABASE)) as here,
        closing(sqlite3.connect(folder / DATABASE)) as there,
    ):
        here.backup(there)
    settings = source.model_copy(update={"data_dir": folder, "second_factor": "optional"})
    return replace(world, installation=Installation(settings, clock=lambda: NOW))


@contextmanager
def twins(made: Market, folder: Path) -> Iterator[tuple[Twin, Twin]]:
    """The market in which the closed bids were reviewed, and the one in which nobody ever has."""
    source = made.world.installation.settings
    made.world.installation.close()
    for name in ("judged", "never"):
        shutil.copytree(source.data_dir, folder / name)
    with _opened(source, folder / "judged") as judged, _opened(source, folder / "never") as never:
        one = made.rounds["review"]
        before = len(_log(judged.store, one))
        judge_closed(judged.store, made, one, still_at_it=GAPS)
        _say(never.store, made, one, _log(judged.store, one)[before:])
        _take_out(never.store, made)
        for twin in (judged, never):
            with twin.store.writing() as session:
                daily.send(session, now=NOW, new_id=make_ids(FRESH))
        yield judged, never


def _log(store: Store, one: Round) -> list[Event]:
    with store.reading() as session:
        return events.of_chain(session, "round", one.scene.round_id)


def _say(store: Store, made: Market, one: Round, acts_of_others: Sequence[Event]) -> None:
    """Make the log of the twin as long: how many lines it has says of no bid that it was reviewed; what they say does."""
    people = {who.account_id: who for who in made.people.values()}
    with store.reading() as session:
        (sheet_id, *_) = session.exec(select(Sheet.id).where(Sheet.bid_id == one.bids[-1]).order_by(col(Sheet.id)))
    for event in acts_of_others:
        with store.writing() as session:
            row, action = held.hold(session, one.scene.round_id), event.action.partition(".")[2]
            held.log(session, row, action, actor=people[str(event.actor_id)], now=JUDGED, sheet=sheet_id)


def _take_out(store: Store, made: Market) -> None:
    """Where the review is over it is taken out: no sheet, no mark, no word; a frozen table that never held the bid."""
    for state in STATES[1:]:
        one = made.rounds[state]
        of_bid = f"SELECT id FROM sheet WHERE bid_id = '{one.closed}'"
        tamper(
            store,
            f"DELETE FROM sheet_correction WHERE sheet_id IN ({of_bid})",
            f"DELETE FROM panel_remark WHERE bid_id = '{one.closed}'",
            f"DELETE FROM confirmation WHERE bid_id = '{one.closed}'",
            # That somebody is excused is no review.
            f"DELETE FROM sheet WHERE bid_id = '{one.closed}' AND state <> 'excused'",
        )
        with store.reading() as session:
            tables = session.exec(select(ScoreTable).where(ScoreTable.round_id == one.scene.round_id)).all()
        for table in tables:
            given = score_tables.without(score_tables.of_record(table.record), [one.closed])
            record = score_tables.as_record(given, score_tables.ranking(given))
            said = orjson.dumps(record).decode().replace("'", "''")
            where = f"round_id = '{table.round_id}' AND number = {table.number}"
            digest = score_tables.digest(record)
            tamper(store, f"UPDATE score_table SET record = '{said}', digest = '{digest}' WHERE {where}")


@contextmanager
def _opened(source: Settings, folder: Path) -> Iterator[Twin]:
    installation = Installation(source.model_copy(update={"data_dir": folder}), clock=lambda: NOW)
    app = create_app(installation, with_worker=False)
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield Twin(installation.store, client)
