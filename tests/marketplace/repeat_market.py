"""Two offices whose lists state some needs twice, for tests of repeats."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from ingest.fields import Draft
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel import changes
from marketplace.kernel.db import Store
from marketplace.lists import items
from marketplace.lists.item_tables import Item
from marketplace.lists.repeats import deciding, findings, repeats
from marketplace.lists.repeats.findings import Found
from marketplace.lists.views import ItemFilter
from marketplace.lists.words import Relation
from tests.marketplace.market import NEW_ID, NOW, REGION, make_draft, make_person, publish

ELSEWHERE = "江苏省/盐城市"
HERE_TITLES = ("行道树健康巡查", "智慧路灯", "排水管道缺陷识别")
THERE_TITLES = ("全市行道树病害巡查", "路灯节能改造", "管网内窥检测")
REASON = "名称相近，说明有三处相同"


@dataclass(frozen=True)
class Market:
    """Who acts, the two series, and the items by title."""

    store: Store
    here: Actor
    there: Actor
    supervisor: Actor
    series: dict[str, str]
    items: dict[str, str]

    def id(self, title: str) -> str:
        """The id of an item."""
        return self.items[title]

    def decide(
        self,
        actor: Actor,
        a: str,
        b: str,
        relation: Relation,
        *,
        main: str | None = None,
        version: int | None = None,
        reason: str = "",
    ) -> None:
        """Decide about two items, named by title, as they stand now or at a version."""
        with self.store.writing() as session:
            seen = self.version(session, a, b) if version is None else version
            deciding.decide(
                session,
                actor,
                self.id(a),
                self.id(b),
                relation=relation,
                main=None if main is None else self.id(main),
                version=seen,
                reason=reason,
                now=NOW,
                new_id=NEW_ID,
            )

    def take_back(self, actor: Actor, a: str, b: str) -> None:
        """Take back what stands about two items, named by title."""
        with self.store.writing() as session:
            seen = self.version(session, a, b)
            deciding.take_back(session, actor, self.id(a), self.id(b), version=seen, now=NOW, new_id=NEW_ID)

    def version(self, session: Session, a: str, b: str) -> int:
        """The version of a pair, as somebody reads it who may."""
        return repeats.get(session, self.here, self.id(a), self.id(b)).version

    def issue(self, place: str, titles: tuple[str, ...], *, now: datetime = NOW) -> None:
        """Publish the next edition of the list of a place."""
        actor, region = (self.here, REGION) if place == "here" else (self.there, ELSEWHERE)
        publish(self.store, actor, drafts(titles, region), series_id=self.series[place], region=region, now=now)

    def shown(self) -> set[str]:
        """The titles that the lists show."""
        with self.store.reading() as session:
            return {card.title for card in items.search(session, ItemFilter(), size=100).rows}

    def found(self, *pairs: tuple[str, str]) -> None:
        """Let pairs, named by title, be found alike, and everything be compared."""
        with self.store.writing() as session:
            unseen = findings.unseen(session)
            rows = [
                Found(self.id(a), self.id(b), 0.9 - place / 10, f"{REASON}，电话 13912341234")
                for place, (a, b) in enumerate(pairs)
            ]
            findings.record(session, unseen.numbers, rows, now=NOW)


def drafts(titles: tuple[str, ...], region: str) -> list[Draft]:
    """The rows of a list: every title by a unit of its own."""
    return [
        make_draft(title, row=row, issuer=f"{title}办公室", region=region, description=f"{title}的说明。")
        for row, title in enumerate(titles, start=4)
    ]


def make_market(store: Store) -> Market:
    """Two lists of three needs each, published by two offices."""
    here = make_person(store)
    there = make_person(store, region=ELSEWHERE, email="yancheng@example.com", name="盐城科长")
    supervisor = make_person(store, role=Role.SUPERVISOR, email="jiandu@example.com", name="监督员")
    first = publish(store, here, drafts(HERE_TITLES, REGION))
    second = publish(store, there, drafts(THERE_TITLES, ELSEWHERE), series_title="盐城清单", region=ELSEWHERE)
    with store.reading() as session:
        known = {item.title: item.id for item in session.exec(select(Item))}
    return Market(store, here, there, supervisor, {"here": first.card.series_id, "there": second.card.series_id}, known)


class Follower:
    """An index in small: it holds the needs that it would find, and learns of changes by the record alone."""

    def __init__(self) -> None:
        self.position = 0
        self.held: set[str] = set()

    def follow(self, session: Session) -> set[str]:
        """Read what has changed, as the real one does; gives what is held."""
        while found := changes.since(session, self.position, limit=100):
            ids = [one.subject_id for one in found if one.kind == "item"]
            self.held -= set(ids)
            self.held |= {record.id for record in items.documents(session, ids)}
            self.position = found[-1].seq
        return self.held
