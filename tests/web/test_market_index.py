"""The index follows the lexicon: made anew beside the one that serves, in every process, and never to and fro."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel.db import Store
from marketplace.lexicon import entries
from marketplace.lexicon.rules.contents import Content
from marketplace.lexicon.words import Act, ConceptKind
from matching import store as saved
from matching.concepts import Concept, Kind, Lexicon
from matching.documents import Need
from matching.pace import Pause, Stopped
from matching.refresh import compare
from tests.marketplace.market import NEW_ID, NOW, make_capability, make_draft, make_person, publish
from tests.matching.hashed_encoder import HashedEncoder
from web.market_index import MarketIndex

SHIPPED = Lexicon([Concept(("质量管理",), Kind.OBJECT), Concept(("排产", "生产排程"), Kind.TASK)])
ENCODER = HashedEncoder()
GRADING = Content(
    Act.NEW, "", names=("腐竹挑晾", "豆皮揭晾"), kind=ConceptKind.TASK, gloss="按嫩度分开青叶。", parents=("质量管理",)
)
NEED = Need("ask", "春茶的豆皮揭晾")
SUPPLIER = make_capability("腐竹挑晾设备", row=6)
SECONDS = 20.0


class Gate:
    """Lets a making go on when it is told to, and tells when it has begun."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def pace(self, is_over: Callable[[], bool]) -> Pause:
        """What waits between two steps."""

        def pause() -> None:
            self.reached.set()
            self.opened.wait(SECONDS)
            if is_over():
                raise Stopped

        return pause


def sound(_standing: Sequence[object]) -> tuple[str, ...]:
    """A check that finds nothing."""
    return ()


@pytest.fixture
def boss(store: Store) -> Actor:
    """Who decides."""
    return make_person(store, role=Role.ADMINISTRATOR, region="", name="王管理", email="gl@example.com")


@pytest.fixture
def organiser(store: Store) -> Actor:
    """Who proposes and publishes."""
    return make_person(store)


def make_index(store: Store, folder: Path, gate: Gate | None = None) -> MarketIndex:
    """An index that is open."""
    quick: Callable[[Callable[[], bool]], Pause] = lambda _is_over: lambda: None  # noqa: E731
    index = MarketIndex(store, folder, lambda: (ENCODER, SHIPPED), pace=gate.pace if gate else quick)
    index.open()
    return index


def put_in_force(store: Store, organiser: Actor, boss: Actor, content: Content = GRADING) -> str:
    """Propose an entry and approve it; gives its id."""
    with store.writing() as session:
        entry_id = entries.propose(session, organiser, content, reason="常这样写", now=NOW, new_id=NEW_ID)
    decide(
        store,
        lambda session: entries.approve(
            session, boss, entry_id, version=1, note="", check=sound, now=NOW, new_id=NEW_ID
        ),
    )
    return entry_id


def decide(store: Store, verb: Callable[[Session], None]) -> None:
    """Decide in a transaction of its own."""
    with store.writing() as session:
        verb(session)


def shared(index: MarketIndex) -> tuple[str, ...]:
    """What the need and its best supplier have in common in the words of the need, by the engine that answers."""
    hits = index.engine.rank_profiles(NEED, blockers=False).hits
    return hits[0].shared if hits else ()


def test_a_need_that_shared_nothing_shares_the_concept_after_approval_without_a_restart(
    store: Store, organiser: Actor, boss: Actor, tmp_path: Path
) -> None:
    publish(store, organiser, [SUPPLIER])
    index = make_index(store, tmp_path)
    before = shared(index)
    entry_id = put_in_force(store, organiser, boss)
    index.follow()
    assert index.wait(SECONDS)
    assert "豆皮揭晾" not in before
    assert "豆皮揭晾" in shared(index)
    decide(
        store,
        lambda session: entries.withdraw(
            session, boss, entry_id, version=1, reason="认错的多", check=sound, now=NOW, new_id=NEW_ID
        ),
    )
    index.follow()
    assert index.wait(SECONDS)
    assert shared(index) == before
    assert index.engine.lexicon.digest == SHIPPED.digest


def test_the_old_engine_serves_and_follows_while_the_new_one_is_made(
    store: Store, organiser: Actor, boss: Actor, tmp_path: Path
) -> None:
    publish(store, organiser, [SUPPLIER])
    gate = Gate()
    index = make_index(store, tmp_path, gate)
    old, specialists = index.engine, index.specialists
    put_in_force(store, organiser, boss)
    index.follow()
    assert gate.reached.wait(SECONDS)
    publish(store, organiser, [SUPPLIER, make_draft("路灯故障识别", row=5, requirements=())])
    index.follow()
    assert (index.is_making, index.engine is old, "豆皮揭晾" in shared(index)) == (True, True, False)
    assert len(index.engine.search_needs("路灯故障")) == 1
    gate.opened.set()
    assert index.wait(SECONDS)
    assert (index.engine is old, index.specialists is specialists, "豆皮揭晾" in shared(index)) == (False, False, True)
    assert len(index.engine.search_needs("路灯故障")) == 1
    assert not compare(index.engine, store)


def test_two_processes_follow_and_an_outdated_one_does_not_take_the_newer_index_away(
    store: Store, organiser: Actor, boss: Actor, tmp_path: Path
) -> None:
    publish(store, organiser, [SUPPLIER])
    gate = Gate()
    first, second = make_index(store, tmp_path), make_index(store, tmp_path, gate)
    first.save()
    put_in_force(store, organiser, boss)
    first.follow()
    assert first.wait(SECONDS)
    kept = saved.manifest(tmp_path)
    second.engine.apply([Need("extra", "有变化")])
    second.save()
    assert saved.manifest(tmp_path) == kept
    assert kept is not None
    assert kept["lexicon"] == first.engine.lexicon.digest
    gate.opened.set()
    second.follow()
    assert second.wait(SECONDS)
    assert "豆皮揭晾" in shared(second)
    assert saved.manifest(tmp_path) == kept
    third = make_index(store, tmp_path)
    assert (third.engine.position, "豆皮揭晾" in shared(third)) == (first.engine.position, True)


def test_closing_gives_up_a_making(store: Store, organiser: Actor, boss: Actor, tmp_path: Path) -> None:
    publish(store, organiser, [SUPPLIER])
    gate = Gate()
    index = make_index(store, tmp_path, gate)
    put_in_force(store, organiser, boss)
    index.follow()
    assert gate.reached.wait(SECONDS)
    threading.Timer(0.1, gate.opened.set).start()
    index.close()
    # A making that had come to its end would have been kept.
    assert (index.is_making, index.is_ready, saved.manifest(tmp_path)) == (False, False, None)
    assert index.follow() == 0


@pytest.mark.parametrize("name", ["columns.npz", "terms.npy", "labels.json", "points.faiss", "wholes.faiss"])
def test_a_damaged_index_is_made_anew_and_says_so(
    store: Store, organiser: Actor, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    publish(store, organiser, [SUPPLIER])
    index = make_index(store, tmp_path)
    index.save()
    kept = saved.manifest(tmp_path)
    assert kept is not None
    damaged = tmp_path / kept["generation"] / "profiles" / name
    damaged.write_bytes(damaged.read_bytes()[: damaged.stat().st_size // 2])
    again = make_index(store, tmp_path)
    assert not compare(again.engine, store)
    assert len(again.engine.profiles) == 1
    assert "is damaged: it is built anew" in caplog.text


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 4}'])
def test_a_damaged_manifest_is_no_manifest(store: Store, organiser: Actor, tmp_path: Path, text: str) -> None:
    publish(store, organiser, [SUPPLIER])
    index = make_index(store, tmp_path)
    index.save()
    (tmp_path / "manifest.json").write_text(text)
    assert not compare(make_index(store, tmp_path).engine, store)
