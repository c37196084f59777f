"""Taking down what a list says of a firm: asked by the firm, decided by the list's organiser."""

from dataclasses import replace

import pytest
from sqlmodel import select

from ingest.fields import Draft
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import takedowns as requests
from marketplace.accounts.words import RequestState, Role, TakedownScope
from marketplace.invariants import check
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists import editions, takedowns
from marketplace.lists.edition_views import EditionPage
from marketplace.lists.intakes import intakes
from marketplace.lists.intakes.views import Preview
from marketplace.lists.item_tables import Item, ItemPrivate
from marketplace.lists.publishing import barring
from marketplace.lists.tables import Series
from marketplace.lists.words import ItemState, Outcome
from marketplace.profiles import profiles
from tests.marketplace.market import NEW_ID, NOW, make_capability, make_intake, make_person, publish
from tests.marketplace.people import make_account


def make_market(store: Store) -> tuple[Actor, Actor, str]:
    """An organiser, a firm that its list speaks of, and the line."""
    organiser = make_person(store)
    publish(store, organiser, [make_capability()])
    with store.reading() as session:
        item = session.exec(select(Item)).one()
    firm = make_person(
        store, role=Role.OPC, organisation_id=item.organisation_id, email="muyu@example.com", name="周一人"
    )
    return organiser, firm, item.id


def ask(store: Store, actor: Actor, item_id: str, scope: TakedownScope = TakedownScope.LINE) -> str:
    with store.writing() as session:
        return takedowns.ask(session, actor, item_id, scope=scope, reason="内容与事实不符", now=NOW, new_id=NEW_ID)


def decide(store: Store, actor: Actor, takedown_id: str, *, approves: bool = True, reason: str = "") -> None:
    with store.writing() as session:
        takedowns.decide(session, actor, takedown_id, approves=approves, reason=reason, now=NOW, new_id=NEW_ID)


def state(store: Store, item_id: str) -> tuple[ItemState, int, bool]:
    """The line's state, how many of its personal data rows are left, and whether a profile still says it."""
    with store.reading() as session:
        item = session.get_one(Item, item_id)
        assert item.profile_id is not None
        private = session.exec(select(ItemPrivate).where(ItemPrivate.item_id == item_id)).all()
        return item.state, len(private), bool(profiles.get(session, item.profile_id).notes)


def test_approval_closes_the_line_and_erases_its_personal_data(store: Store) -> None:
    organiser, firm, item_id = make_market(store)
    decide(store, organiser, ask(store, firm, item_id))
    with store.reading() as session:
        faults = list(check(session))

    assert (state(store, item_id), faults) == ((ItemState.CLOSED, 0, False), [])


def test_only_the_contact_may_be_erased(store: Store) -> None:
    organiser, firm, item_id = make_market(store)
    decide(store, organiser, ask(store, firm, item_id, TakedownScope.CONTACT))

    assert state(store, item_id) == (ItemState.OPEN, 0, True)


def test_a_refusal_has_a_reason_and_changes_nothing(store: Store) -> None:
    organiser, firm, item_id = make_market(store)
    takedown_id = ask(store, firm, item_id)
    with pytest.raises(Invalid):
        decide(store, organiser, takedown_id, approves=False)
    decide(store, organiser, takedown_id, approves=False, reason="内容来自公开公告")
    with store.reading() as session:
        told = requests.get(session, firm, takedown_id)

    assert (told.state, told.decision) == (RequestState.REJECTED, "内容来自公开公告")
    assert state(store, item_id) == (ItemState.OPEN, 1, True)


def test_nobody_else_asks_or_decides(store: Store) -> None:
    _organiser, firm, item_id = make_market(store)
    stranger = make_account(store, email="li@example.com")
    elsewhere = make_person(store, region="江苏省/盐城市", email="far@example.com")
    with pytest.raises(NotAllowed):
        ask(store, stranger, item_id)
    takedown_id = ask(store, firm, item_id)
    for who in (stranger, elsewhere, firm):
        with pytest.raises(NotFound):
            decide(store, who, takedown_id)
    with pytest.raises(NotFound), store.reading() as session:
        requests.get(session, stranger, takedown_id)

    assert state(store, item_id) == (ItemState.OPEN, 1, True)


def test_a_line_is_asked_for_once_and_decided_once(store: Store) -> None:
    organiser, firm, item_id = make_market(store)
    takedown_id = ask(store, firm, item_id)
    with pytest.raises(Conflict):
        ask(store, firm, item_id, TakedownScope.CONTACT)
    decide(store, organiser, takedown_id)
    with pytest.raises(Conflict):
        decide(store, organiser, takedown_id)
    with pytest.raises(Conflict):
        ask(store, firm, item_id)


# ---- re-issues ----------------------------------------------------------------------------------------------------

OTHER = make_capability("短视频制作", row=9, issuer="临川市青禾工作室")


def reissue(store: Store, organiser: Actor, rows: list[Draft]) -> tuple[Preview, EditionPage]:
    """The same list once more: what its preview said, and the edition."""
    with store.reading() as session:
        series_id = session.exec(select(Series.id)).one()
    intake = make_intake(store, organiser, rows, now=NOW)
    with store.reading() as session:
        preview = intakes.preview(session, organiser, intake.card.id, series_id=series_id)
    with store.writing() as session:
        edition = intakes.confirm(
            session, organiser, intake.card.id, version=1, series_id=series_id, now=NOW, new_id=NEW_ID
        )
    return preview, edition


def omitted(store: Store, edition_id: str) -> list[tuple[int, str, TakedownScope, str]]:
    with store.reading() as session:
        return [(one.row, one.title, one.scope, one.reason) for one in barring.of_edition(session, edition_id)]


def test_a_line_taken_down_stays_out_when_its_list_is_issued_again(store: Store) -> None:
    organiser, firm, item_id = make_market(store)
    title = make_capability().title
    decide(store, organiser, ask(store, firm, item_id))
    preview, edition = reissue(store, organiser, [make_capability(), make_capability(row=8), OTHER])
    with store.reading() as session:
        lines = [(line.number, line.card.title) for line in editions.items(session, edition.card.id)]
        faults = list(check(session))

    why = "已应单位申请撤下，不再列入（理由：内容与事实不符）。"
    assert [(row.outcome, row.refusal) for row in preview.rows] == [(None, why), (None, why), (Outcome.ADDED, None)]
    assert ([row.reason for row in preview.left], preview.gone) == ([why, why], ())
    assert (lines, faults) == ([(1, "短视频制作")], [])
    assert state(store, item_id) == (ItemState.CLOSED, 0, False)
    line = (title, TakedownScope.LINE, "内容与事实不符")
    assert omitted(store, edition.card.id) == [(make_capability().row, *line), (8, *line)]


def test_a_file_of_nothing_but_lines_taken_down_publishes_nothing(store: Store) -> None:
    organiser, firm, item_id = make_market(store)
    decide(store, organiser, ask(store, firm, item_id))

    with pytest.raises(Invalid) as refusal:
        reissue(store, organiser, [make_capability()])
    assert refusal.value.code == "nothing_to_publish"


def test_an_erased_contact_stays_erased_when_the_list_is_issued_again(store: Store) -> None:
    organiser, firm, item_id = make_market(store)
    decide(store, organiser, ask(store, firm, item_id, TakedownScope.CONTACT))
    again = replace(make_capability(), contact_phone="13800138000", raw={"联系电话": "13800138000"})
    preview, edition = reissue(store, organiser, [again])
    renamed = replace(again, description="另一种说法，同一家单位的同一项能力。")
    _preview, third = reissue(store, organiser, [renamed])
    with store.reading() as session:
        kept = session.exec(select(ItemPrivate).where(ItemPrivate.item_id == item_id)).all()
        assert list(check(session)) == []

    why = "联系方式已应单位申请删除，这一期也不收录（理由：内容与事实不符）。"
    assert [(row.outcome, row.refusal, row.remark) for row in preview.rows] == [(Outcome.UNCHANGED, None, why)]
    assert [(one.contact_name, one.contact_phone, one.contact_email, one.raw) for one in kept] == [
        (None, None, None, {})
    ]
    bared = [(again.row, again.title, TakedownScope.CONTACT, "内容与事实不符")]
    assert [omitted(store, one.card.id) for one in (edition, third)] == [bared, bared]
