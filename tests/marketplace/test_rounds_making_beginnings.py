"""Beginning a round, and writing its notice: from a need, from nothing, again; by several people at once."""

from pathlib import Path

import pytest
from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role, Standing
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists import items
from marketplace.lists.item_tables import Item
from marketplace.lists.words import ItemState
from marketplace.rounds import procedures
from marketplace.rounds.making import beginnings, stopping, texts
from marketplace.rounds.round_tables import Round, RoundText
from marketplace.rounds.words import RoundState
from tests.marketplace import round_market as market
from tests.marketplace.dealing_market import Table, make_supplier, make_table
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person
from tests.marketplace.round_acts import done, refused
from tests.marketplace.round_market import Scene

ONE, TWO = "a" * 16, "b" * 16


def begin(store: Store, table: Table, actor: Actor | None = None, *, item: bool = True) -> str:
    """Begin a round from the table's need, or from the procedure alone."""
    with store.writing() as session:
        item_id = table.item_id if item else None
        who = actor or table.enterprise
        return beginnings.begin(session, who, "challenge", item_id=item_id, now=NOW, new_id=NEW_ID)


def test_a_round_begins_from_an_open_need_of_ones_own_and_from_no_other(store: Store) -> None:
    table = make_table(store)
    _profile, _unit, stranger = make_supplier(store, "别家", email="bie@example.com")
    elsewhere = make_person(store, region="江苏省", email="waidi@example.com")
    with store.writing() as session:
        procedures.load(session, now=NOW)
        owner = session.get_one(Item, table.item_id).organisation_id
    assert owner is not None
    reader = make_person(
        store, role=Role.ENTERPRISE, organisation_id=owner, email="kan@example.com", standing=Standing.READER
    )

    round_id = begin(store, table)

    with store.reading() as session:
        row = session.get_one(Round, round_id)
        body = texts.get(session, table.enterprise, round_id).body
        assert (row.state, row.organisation_id, row.item_id, row.region) == (
            RoundState.DRAFT,
            table.need_unit,
            table.item_id,
            items.home(session, table.item_id),
        )
        assert body["title"] == "行道树健康巡查"
        assert (body["track-1-indicators"], body["funds_amount"], body["price_ceiling"]) == (
            "病害识别率不低于88%",
            "90",
            "90",
        )
        assert done(session, "round", round_id) == ["begun"]
        assert beginnings.may_begin_from(session, table.enterprise, table.item_id)
        assert not beginnings.may_begin_from(session, stranger, table.item_id)
    for foreign in (stranger, elsewhere, reader, table.organiser):
        with pytest.raises(NotAllowed):
            begin(store, table, foreign)
    with store.writing() as session:
        session.get_one(Item, table.item_id).state = ItemState.PAUSED
    with refused("need_not_open"):
        begin(store, table)
    other = begin(store, table, item=False)
    with store.reading() as session:
        assert session.get_one(Round, other).item_id is None
        assert len(session.exec(select(Round)).all()) == 2
        for outsider in (stranger, elsewhere, table.opc):
            with refused("round_missing", NotFound):
                texts.get(session, outsider, round_id)


def test_an_organiser_at_an_office_begins_one_from_any_need_of_its_region(store: Store) -> None:
    table = make_table(store)
    with store.writing() as session:
        procedures.load(session, now=NOW)
    office = make_person(store, organisation_id=table.opc_unit, email="bangongshi@example.com", region=REGION)
    far_office = make_person(store, organisation_id=table.opc_unit, email="yuan@example.com", region="江苏省")

    round_id = begin(store, table, office)

    with store.reading() as session:
        assert session.get_one(Round, round_id).organisation_id == table.opc_unit
    with pytest.raises(NotAllowed):
        begin(store, table, far_office)


def test_it_begins_again_only_after_it_ended_with_the_same_words_and_new_times(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    with refused("not_ended"), store.writing() as session:
        beginnings.again(session, scene.issuer, scene.round_id, now=NOW, new_id=NEW_ID)
    for approver in scene.approvers:
        with store.writing() as session:
            stopping.cancel(session, approver, scene.round_id, reason="预算取消", now=market.PUBLISH_AT, new_id=NEW_ID)
    with refused("not_the_issuer", NotAllowed), store.writing() as session:
        beginnings.again(session, scene.approvers[0], scene.round_id, now=NOW, new_id=NEW_ID)
    with store.writing() as session:
        again = beginnings.again(session, scene.issuer, scene.round_id, now=NOW, new_id=NEW_ID)

    with store.reading() as session:
        row = session.get_one(Round, again)
        text = texts.get(session, scene.issuer, again)
        assert (row.rerun_of, row.state, row.notice_number) == (scene.round_id, RoundState.DRAFT, 0)
        assert text.body["condition-1-text"] == market.NOTICE["condition-1-text"]
        assert (text.body["publish_at"], text.body["deadline"]) == ("", "")
        assert list(text.faults) == ["publish_at", "deadline"]
        assert session.get_one(Round, scene.round_id).state is RoundState.CANCELLED


def save(
    store: Store, scene: Scene, fields: dict[str, str], *, version: int, page: str = ONE, actor: Actor | None = None
) -> texts.Saved:
    """Save fields from an open page."""
    with store.writing() as session:
        who = actor or scene.issuer
        return texts.save(session, who, scene.round_id, fields, version=version, page=page, now=NOW)


def test_several_people_write_at_once_and_nothing_is_lost(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    colleague = make_person(
        store, role=Role.ENTERPRISE, organisation_id=scene.table.need_unit, email="tongshi@example.com", name="同事"
    )
    with store.reading() as session:
        first = texts.get(session, scene.issuer, scene.round_id).version

    mine = save(store, scene, {"title": "甲的标题", "terms": "甲的约定"}, version=first)
    merged = save(store, scene, {"title": market.NOTICE["title"], "ownership": "归乙方"}, version=first, page=TWO)
    clashing = save(store, scene, {"terms": "乙的约定"}, version=first, page=TWO, actor=colleague)
    again = save(store, scene, {"terms": "乙的约定"}, version=first, page=TWO, actor=colleague)

    assert mine.version == first + 1
    assert merged.version == first  # this page has not seen what the other one wrote
    assert clashing.clashing == ("terms",)
    assert again.version == first
    with store.reading() as session:
        text = texts.get(session, scene.issuer, scene.round_id)
        assert (text.body["title"], text.body["ownership"], text.body["terms"]) == ("甲的标题", "归乙方", "甲的约定")
        assert [one.value for one in text.clashes["terms"]] == ["甲的约定", "乙的约定"]
        assert session.get_one(Round, scene.round_id).title == "甲的标题"
    with pytest.raises(Invalid), store.writing() as session:
        texts.choose(session, scene.issuer, scene.round_id, {"terms": 2}, page=ONE, now=NOW)
    with store.writing() as session:
        texts.choose(session, scene.issuer, scene.round_id, {"terms": 1}, page=ONE, now=NOW)
    with refused("clash_decided"), store.writing() as session:
        texts.choose(session, scene.issuer, scene.round_id, {"terms": 0}, page=ONE, now=NOW)
    with store.reading() as session:
        chosen = texts.get(session, scene.issuer, scene.round_id)
        authors = texts.authors(session, session.get_one(Round, scene.round_id))
    assert chosen.body["terms"] == "乙的约定"
    assert not chosen.clashes
    assert set(authors) == {scene.issuer.account_id, colleague.account_id}


def test_who_may_not_write_writes_nothing(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    reader = make_person(
        store,
        role=Role.ENTERPRISE,
        organisation_id=scene.table.need_unit,
        email="kan@example.com",
        standing=Standing.READER,
    )
    with store.reading() as session:
        version = texts.get(session, reader, scene.round_id).version
    for watching in (reader, scene.approvers[0], scene.table.organiser):
        with refused("not_the_issuer", NotAllowed):
            save(store, scene, {"title": "改名"}, version=version, actor=watching)
    with refused("round_missing", NotFound):
        save(store, scene, {"title": "改名"}, version=version, actor=scene.table.opc)
    with refused("too_long", Invalid):
        save(store, scene, {"terms": "长" * 6001}, version=version)
    ignored = save(store, scene, {"state": "open", "published_at": "now", "track-99-title": "x"}, version=version)
    market.hand_in(store, scene)
    with pytest.raises(Conflict):
        save(store, scene, {"title": "改名"}, version=version)
    with store.reading() as session:
        assert ignored.version == version
        assert {"state", "published_at", "track-99-title"}.isdisjoint(session.exec(select(RoundText)).one().body)


def test_the_deadline_is_computed_from_the_procedure_or_told_to_be_too_early(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)

    def text() -> texts.TextPage:
        with store.reading() as session:
            return texts.get(session, scene.issuer, scene.round_id)

    page = text()
    assert page.computed_deadline == "2026-12-09T17:30"
    assert page.notice is not None
    assert page.notice.deadline == market.DEADLINE
    # Fifteen days after the day of publication end with 8 December, at its 24:00.
    for deadline, faults in (
        ("2026-12-09T00:00", []),
        ("2026-12-08T23:59", ["deadline"]),
        ("2026-11-23T08:00", ["deadline"]),
    ):
        market.write(store, scene.issuer, scene.round_id, {"deadline": deadline})
        assert list(text().faults) == faults, deadline
    # A weekend follows the fifteen days: bids close on the Monday after it.
    market.write(store, scene.issuer, scene.round_id, {"deadline": "", "publish_at": "2026-11-27T09:00"})
    assert text().computed_deadline == "2026-12-14T17:30"
    # The working days of 2028 are not confirmed: nothing is guessed.
    market.write(store, scene.issuer, scene.round_id, {"publish_at": "2028-03-01T09:00"})
    assert text().computed_deadline == ""
    assert list(text().faults) == ["deadline"]
    for at in ("9999-12-31T09:00", "0001-01-01T00:00", "2026-11-23 09:00"):
        market.write(store, scene.issuer, scene.round_id, {"publish_at": at, "deadline": at})
        assert "publish_at" in text().faults
