"""What units state about who stands behind them: who writes and reads it, what of it is kept, what the check finds by it."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import memberships
from marketplace.accounts.words import Role, Standing
from marketplace.experts import backgrounds
from marketplace.experts.rules.background_forms import LISTS, MOST_PARENTS, Background
from marketplace.experts.rules.facts import Named
from marketplace.experts.unit_tables import UnitBackground
from marketplace.kernel import events
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.rounds import held
from marketplace.rounds.panels import backgrounds as of_panels
from marketplace.rounds.panels import candidates
from tests.marketplace import review_market
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person
from tests.marketplace.people import OTHER_CODE, make_account, make_owner
from tests.marketplace.review_market import REVIEW
from web import departures

SAID: Final = Background(
    legal_representative="何木",
    shareholders=("何木", "临川创投有限公司"),
    directors=("陈果",),
    people=("林溪",),
    parents=(Named("临川实业集团有限公司", OTHER_CODE),),
    former_names=("木语图像工作室",),
    phones=("138 2468 1357",),
    bank_accounts=("6222 0214 0200 8864 213",),
)


def state(
    store: Store, actor: Actor, unit: str, given: Background = SAID, *, version: int = 0, now: datetime = NOW
) -> int:
    """State who stands behind a unit."""
    with store.writing() as session:
        return backgrounds.state(session, actor, unit, given, version=version, now=now)


def seen(store: Store, actor: Actor, unit: str) -> backgrounds.Stated:
    """What a unit states, as one of its people sees it."""
    with store.reading() as session:
        return backgrounds.get(session, actor, unit)


def against(store: Store, scene: market.Scene, *names: str) -> list[str]:
    """What stands against drawing some people for the only track."""
    with store.reading() as session:
        found = candidates.of(session, held.get(session, scene.round_id), "t1", now=REVIEW)
    said = {one.expert.name: one.against for one in found}
    return [said[name] for name in names]


def test_every_statement_is_a_version_and_the_log_names_the_fields_alone(store: Store) -> None:
    owner, unit = make_owner(store)
    first = state(store, owner, unit)
    second = state(store, owner, unit, replace(SAID, shareholders=("陈果",), phones=()), version=1)
    same = state(store, owner, unit, replace(SAID, shareholders=("陈果",), phones=()), version=2)
    with store.reading() as session:
        told = [one for one in events.of_chain(session, "organisation", unit) if "background" in one.action]

    assert (first, second, same) == (1, 2, 2)
    assert [(one.number, one.content.shareholders) for one in seen(store, owner, unit).versions] == [
        (2, ("陈果",)),
        (1, ("何木", "临川创投有限公司")),
    ]
    assert [(one.action, one.payload) for one in told] == [
        (
            "organisation.background_stated",
            {"parts": sorted([*LISTS, "legal_representative", "parents"]), "version": 1},
        ),
        ("organisation.background_stated", {"parts": ["phones", "shareholders"], "version": 2}),
    ]


def test_a_stale_version_is_refused(store: Store) -> None:
    owner, unit = make_owner(store)
    state(store, owner, unit)
    for version in (0, 2):
        with pytest.raises(Conflict, match="您填的还在"):
            state(store, owner, unit, replace(SAID, people=()), version=version)

    assert seen(store, owner, unit).version == 1


def test_owners_and_editors_state_readers_read_and_nobody_else_knows_of_it(store: Store) -> None:
    owner, unit = make_owner(store)
    inside = [
        make_person(store, role=Role.OPC, organisation_id=unit, standing=standing, email=f"{standing}@example.com")
        for standing in (Standing.EDITOR, Standing.READER)
    ]
    other, _ = make_owner(store, email="b@example.com", code=OTHER_CODE, organisation="接线员工作室")
    strangers = [
        other,
        make_account(store, email="n@example.com"),
        replace(owner, organisation_id=None, grants=()),  # the owner in its own seat
        *(
            make_person(store, role=role, region=region, email=f"{role}@example.com")
            for role, region in ((Role.ORGANISER, REGION), (Role.SUPERVISOR, REGION), (Role.ADMINISTRATOR, ""))
        ),
    ]
    state(store, owner, unit)
    state(store, inside[0], unit, replace(SAID, people=()), version=1)
    with pytest.raises(NotAllowed, match="负责人或经办人"):
        state(store, inside[1], unit, version=2)
    for stranger in strangers:
        with pytest.raises(NotFound):
            seen(store, stranger, unit)
        with pytest.raises(NotFound):
            state(store, stranger, unit, version=2)

    assert [seen(store, one, unit).may_state for one in (owner, *inside)] == [True, True, False]
    assert seen(store, inside[1], unit).current == replace(SAID, people=())


def test_lines_are_tidied(store: Store) -> None:
    owner, unit = make_owner(store)
    untidy = Background(
        legal_representative="  何 木 ",
        shareholders=("", " 临川创投  有限公司", "临川创投 有限公司", "何木"),
        parents=(Named(" 临川实业集团有限公司 ", "12100000 400000624d"), Named("", "")),
    )
    state(store, owner, unit, untidy)

    assert seen(store, owner, unit).current == Background(
        legal_representative="何 木",
        shareholders=("临川创投 有限公司", "何木"),
        parents=(Named("临川实业集团有限公司", OTHER_CODE),),
    )


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (Background(), {"legal_representative"}),
        (Background(legal_representative="何木（董事长）：陈果"), {"legal_representative"}),
        (Background(legal_representative="何" * 61, directors=("陈" * 61,)), {"legal_representative", "directors"}),
        (Background(shareholders=("何木 60%",), directors=("董事长：何木",)), {"shareholders", "directors"}),
        (Background(people=("何木 陈果",), directors=("何木、陈果",)), {"people", "directors"}),
        (Background(shareholders=("何木、陈果",)), {"shareholders"}),
        (Background(phones=tuple(map(str, range(21)))), {"phones"}),
        (Background(bank_accounts=("6" * 61,), former_names=("旧" * 201,)), {"bank_accounts", "former_names"}),
        (Background(parents=(Named("", OTHER_CODE), Named("甲", "9135"))), {"parent-0-name", "parent-1-uscc"}),
        (Background(parents=tuple(Named(f"上级{at}") for at in range(MOST_PARENTS + 1))), {"parents"}),
    ],
)
def test_what_could_not_be_found_by_the_check_is_refused(given: Background, fields: set[str], store: Store) -> None:
    owner, unit = make_owner(store)
    with pytest.raises(Invalid) as wrong:
        state(store, owner, unit, given)

    assert set(wrong.value.fields) == fields


@pytest.mark.parametrize("name", ["何 木", "欧阳修", "John Smith", "买买提·艾力", "何木（香港）"])
def test_names_that_look_odd_are_names(name: str, store: Store) -> None:
    owner, unit = make_owner(store)

    assert state(store, owner, unit, Background(directors=(name,), people=(name,))) == 1


def test_the_relative_of_a_shareholder_is_left_out_of_the_candidates(store: Store, tmp_path: Path) -> None:
    scene, bidders, _ = review_market.in_review(store, tmp_path, "木语视觉科技有限公司", "接线员工作室")
    review_market.make_expert(store, "沈知秋", email="e1@example.com", relatives=["何木"])
    review_market.make_expert(store, "韩立群", email="e2@example.com", phone="13824681357")
    review_market.make_expert(store, "顾明远", email="e3@example.com", relatives=["苏见山"])
    before = against(store, scene, "沈知秋", "韩立群", "顾明远")
    state(store, bidders[0], bidders[0].organisation_id or "")
    after = against(store, scene, "沈知秋", "韩立群", "顾明远")

    assert before == ["", "", ""]
    assert after[0].startswith("应当回避：专家申报的亲属关系")
    assert after[1].startswith("应当回避：")
    assert after[2] == ""


def test_stating_less_after_the_bid_was_handed_in_gets_rid_of_no_conflict(store: Store, tmp_path: Path) -> None:
    scene, bidders, _ = review_market.in_review(store, tmp_path, "木语视觉科技有限公司", "接线员工作室")
    review_market.make_expert(store, "沈知秋", email="e1@example.com", relatives=["何木"])
    unit = bidders[0].organisation_id or ""
    state(store, bidders[0], unit)
    state(store, bidders[0], unit, Background(legal_representative="周新"), version=1, now=REVIEW)

    (found,) = against(store, scene, "沈知秋")
    assert found.startswith("应当回避：专家申报的亲属关系")


def test_the_office_and_supervisors_read_it_once_the_bids_are_opened(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="m@example.com")
    market.make_bid(store, scene, bidder)
    unit = bidder.organisation_id or ""
    state(store, bidder, unit)
    supervisor = make_person(store, role=Role.SUPERVISOR, region=REGION, email="s9@example.com")
    readers = [scene.issuer, scene.table.organiser, supervisor]
    for reader in readers:
        with pytest.raises(NotFound), store.reading() as session:
            of_panels.of_round(session, reader, scene.round_id)


def test_after_the_opening_bank_accounts_are_tails_and_earlier_versions_show(store: Store, tmp_path: Path) -> None:
    scene, bidders, bids = review_market.in_review(store, tmp_path, "木语视觉", "接线员工作室")
    unit = bidders[0].organisation_id or ""
    state(store, bidders[0], unit)
    state(store, bidders[0], unit, replace(SAID, shareholders=()), version=1)
    supervisor = make_person(store, role=Role.SUPERVISOR, region=REGION, email="s9@example.com")
    found = []
    for reader in (scene.issuer, scene.table.organiser, supervisor):
        with store.reading() as session:
            found.append(of_panels.of_round(session, reader, scene.round_id))
    strangers = [
        *bidders,
        review_market.make_expert(store, "沈知秋", email="e1@example.com"),
        make_person(store, role=Role.SUPERVISOR, region="江西省/抚州市", email="s8@example.com"),
        make_person(store, role=Role.ADMINISTRATOR, region="", email="a@example.com"),
    ]
    for stranger in strangers:
        with pytest.raises(NotFound), store.reading() as session:
            of_panels.of_round(session, stranger, scene.round_id)
    one, other = (found[0][bid][0] for bid in bids)

    assert found[1] == found[2] == found[0]
    assert [(version.number, version.content.shareholders) for version in one.versions] == [
        (2, ()),
        (1, SAID.shareholders),
    ]
    assert {version.content.bank_accounts for version in one.versions} == {("尾号 4213",)}
    assert (other.name, other.versions) == ("接线员工作室", ())


def test_it_stays_when_its_writer_leaves_and_goes_with_the_unit(store: Store) -> None:
    owner, unit = make_owner(store)
    editor = make_person(store, role=Role.OPC, organisation_id=unit, standing=Standing.EDITOR, email="e@example.com")
    state(store, editor, unit)
    with store.writing() as session:
        own = departures.own_data(session, editor)["unit_backgrounds_stated"]
        departures.erase_account(session, editor, editor.account_id, now=NOW)
    kept = seen(store, owner, unit)
    with store.writing() as session:
        departures.close_organisation(session, owner, unit, now=NOW, new_id=NEW_ID)
    with store.reading() as session:
        rows = session.exec(select(UnitBackground)).all()
        told = [one.action for one in events.of_chain(session, "organisation", unit) if "background" in one.action]

    assert isinstance(own, list)
    assert (own[0]["organisation"], own[0]["version"], "何木" in str(own)) == ("木语视觉科技有限公司", 1, True)
    assert (kept.current, kept.versions[0].stated_by) == (SAID, "已注销用户")
    assert (list(rows), told) == ([], ["organisation.background_stated", "organisation.background_erased"])


def test_who_has_left_a_unit_takes_none_of_its_words_along(store: Store) -> None:
    _, unit = make_owner(store)
    editor = make_person(store, role=Role.OPC, organisation_id=unit, standing=Standing.EDITOR, email="e@example.com")
    state(store, editor, unit)
    with store.writing() as session:
        memberships.leave(session, editor, unit, now=NOW)
    with store.reading() as session:
        own = departures.own_data(session, editor)["unit_backgrounds_stated"]

    assert isinstance(own, list)
    assert [set(one) for one in own] == [{"organisation", "version", "stated_at"}]
