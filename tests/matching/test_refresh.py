"""The index follows the market, and the doctor sees where it does not."""

from pathlib import Path

from marketplace.kernel.db import Store
from matching.refresh import Difference, compare, refresh
from matching.store import manifest
from tests.marketplace.market import make_capability, make_draft, make_person, publish
from tests.matching.small_market import open_engine

TREES = make_draft("行道树健康巡查", row=4)
LIGHTS = make_draft("路灯故障识别", row=5, description="识别坏灯并派单。", requirements=())
LEAVES = make_capability("树木病害识别", row=6)


def test_refresh_builds_an_empty_index_from_all_documents(store: Store) -> None:
    publish(store, make_person(store), [TREES, LIGHTS, LEAVES])
    engine = open_engine(filled=False)
    assert refresh(engine, store) == 3
    assert (len(engine.needs), len(engine.profiles)) == (2, 1)
    assert not compare(engine, store)
    assert refresh(engine, store) == 0


def test_refresh_applies_what_came_and_went(store: Store) -> None:
    actor = make_person(store)
    first = publish(store, actor, [TREES, LIGHTS, LEAVES])
    engine = open_engine(filled=False)
    refresh(engine, store)
    bridges = make_draft("桥梁裂缝巡检", row=5, issuer="临川市公路中心", description="拍照识别裂缝。", requirements=())
    publish(store, actor, [TREES, bridges], series_id=first.card.series_id)
    assert compare(engine, store)
    while refresh(engine, store, limit=1):
        pass
    assert not compare(engine, store)
    assert [len(engine.search_needs(words)) for words in ("行道树", "路灯故障", "裂缝")] == [1, 0, 1]


def test_compare_names_what_differs(store: Store) -> None:
    publish(store, make_person(store), [TREES])
    engine = open_engine(filled=False)
    with_nothing = compare(engine, store)
    refresh(engine, store)
    (held,) = engine.keys()
    assert with_nothing == Difference(missing=(held,), extra=(), stale=())
    engine.apply([], [("need", held)])
    assert compare(engine, store) == Difference(missing=(held,), extra=(), stale=())


def test_refresh_goes_on_from_a_saved_position(store: Store, tmp_path: Path) -> None:
    actor = make_person(store)
    first = publish(store, actor, [TREES])
    engine = open_engine(tmp_path, filled=False)
    refresh(engine, store)
    engine.save()
    publish(store, actor, [TREES, LIGHTS], series_id=first.card.series_id)
    opened = open_engine(tmp_path, filled=False)
    assert opened.position == engine.position
    assert refresh(opened, store) >= 1
    assert not compare(opened, store)


def test_refresh_builds_anew_what_a_restored_backup_left_ahead(store: Store) -> None:
    actor = make_person(store)
    publish(store, actor, [TREES])
    engine = open_engine()
    engine.apply([], position=2**62)
    assert refresh(engine, store) == 1
    assert not compare(engine, store)


def test_open_builds_anew_what_is_damaged_on_disk(store: Store, tmp_path: Path) -> None:
    publish(store, make_person(store), [TREES, LIGHTS])
    engine = open_engine(tmp_path, filled=False)
    refresh(engine, store)
    engine.save()
    for path in (tmp_path / str(manifest(tmp_path)["generation"])).rglob("*.npy"):
        path.write_bytes(path.read_bytes()[:20])
    opened = open_engine(tmp_path, filled=False)
    assert opened.position == 0
    assert refresh(opened, store) == 2
    assert not compare(opened, store)
