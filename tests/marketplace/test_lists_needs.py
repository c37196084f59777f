"""Needs written by form: merging, publishing once, and what a re-issue does to an owner's words."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from sqlmodel import select

from ingest.fields import Draft
from marketplace.accounts.actors import Actor
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists import editions, invariants, items
from marketplace.lists.intakes import intakes
from marketplace.lists.intakes.pages import CLOSED
from marketplace.lists.item_tables import Item
from marketplace.lists.needs import draft_saves, drafts, needs
from marketplace.lists.needs.outcomes import Ending, in_period
from marketplace.lists.publishing import disputes
from marketplace.lists.rules import completeness, merging, need_forms, reissues
from marketplace.lists.rules.merging import Change, Merged, Save
from marketplace.lists.rules.need_forms import Owner
from marketplace.lists.views import ItemFilter
from marketplace.lists.words import Deal, ItemState, Outcome
from tests.marketplace.market import NEW_ID, NOW, REGION, make_draft, make_intake, make_person, publish

LATER = NOW + timedelta(days=1)
BODY = {
    "need_type": "采购需求",
    "title": "泵站振动听诊",
    "situation": "三十座泵站靠人听。",
    "requirements": "提前 72 小时预警\n误报每月不超过 2 次",
    "budget_max": "60",
    "contact_phone": "13912345678",
}


def make_unit(store: Store, *, name: str = "澄江水务集团有限公司", verified: bool = True) -> str:
    """An organisation that may post needs."""
    from marketplace.accounts import organisations

    with store.writing() as session:
        unit = organisations.find_or_create(
            session, name=name, uscc=None, region=REGION, kind=OrganisationKind.SOE, now=NOW, new_id=NEW_ID
        )
        row = session.get_one(Organisation, unit.id)
        row.claimed_at, row.posts_needs, row.verified_at = NOW, True, NOW if verified else None
        session.add(row)
        return unit.id


def make_editor(store: Store, unit_id: str, *, email: str, standing: Standing = Standing.EDITOR) -> Actor:
    return make_person(
        store, role=Role.ENTERPRISE, organisation_id=unit_id, email=email, name=email[0], standing=standing
    )


def make_need_draft(store: Store, actor: Actor, **changed: str) -> tuple[str, int]:
    with store.writing() as session:
        draft_id = drafts.open_new(session, actor, str(actor.organisation_id), now=NOW, new_id=NEW_ID)
        given = {**BODY, **changed}
        saved = draft_saves.save(session, actor, draft_id, given, version=1, page="a", now=NOW)
        return draft_id, saved.version


def post(store: Store, actor: Actor, **changed: str) -> str:
    draft_id, version = make_need_draft(store, actor, **changed)
    with store.writing() as session:
        return needs.publish(session, actor, draft_id, version=version, now=NOW, new_id=NEW_ID).item_id


def amend(store: Store, actor: Actor, item_id: str, **changed: str) -> None:
    with store.writing() as session:
        draft_id = drafts.open_amendment(session, actor, item_id, now=NOW, new_id=NEW_ID)
        given = {"contact_phone": "13912345678", **changed}
        if "need_type" not in given:
            given["need_type"] = "采购需求"
        saved = draft_saves.save(session, actor, draft_id, given, version=1, page="a", now=NOW)
        needs.publish(session, actor, draft_id, version=saved.version, now=NOW, new_id=NEW_ID)


# ---- merging ------------------------------------------------------------------------------------------------------


def test_merge_takes_what_only_one_changed_and_stops_where_both_did() -> None:
    theirs = Save("b", (Change("title", "旧", "乙"), Change("sector", "", "水务")))

    merged = merging.merge(
        {"title": "乙", "sector": "水务", "region": ""},
        [theirs],
        {"title": "甲", "sector": "", "region": "临川"},
        page="a",
    )

    assert merged == Merged({"region": "临川"}, {"title": "甲"})


def test_merge_knows_what_a_page_has_saved_itself() -> None:
    own = Save("a", (Change("title", "旧", "甲一"),))

    assert merging.merge({"title": "甲一"}, [own], {"title": "甲二"}, page="a") == Merged({"title": "甲二"}, {})


def test_merge_keeps_a_decision_against_a_page_that_has_not_seen_it() -> None:
    clash = Save("b", (Change("title", "甲", "乙", kept=False),))
    decision = Save("c", (Change("title", "甲", "甲"),))

    assert merging.merge({"title": "甲"}, [clash, decision], {"title": "乙"}, page="b") == Merged({}, {})


def test_saves_of_two_people_lose_nothing(store: Store) -> None:
    unit_id = make_unit(store)
    one, two = (make_editor(store, unit_id, email=f"{name}@example.com") for name in "ab")
    draft_id, version = make_need_draft(store, one)
    with store.writing() as session:
        first = draft_saves.save(session, one, draft_id, {"title": "甲"}, version=version, page="a", now=NOW)
        second = draft_saves.save(
            session, two, draft_id, {"title": "乙", "sector": "水务"}, version=version, page="b", now=LATER
        )
        page = drafts.get(session, two, draft_id)
        with pytest.raises(Conflict):
            needs.publish(session, one, draft_id, version=page.version, now=NOW, new_id=NEW_ID)
        draft_saves.choose(session, one, draft_id, {"title": 1}, page="a", now=LATER)
        chosen = drafts.get(session, one, draft_id)
        said = [change[2] for save in drafts.history(session, one, draft_id) for change in save.changes]

    assert (first.clashing, second.clashing) == ((), ("title",))
    assert (page.body["title"], page.body["sector"], [c.value for c in page.clashes["title"]]) == (
        *("甲", "水务"),
        ["甲", "乙"],
    )
    assert (chosen.body["title"], chosen.clashes, {"甲", "乙"} <= set(said)) == ("乙", {}, True)


# ---- publishing ---------------------------------------------------------------------------------------------------


def test_publish_needs_a_verified_unit_and_somebody_who_may_write(store: Store) -> None:
    unit_id = make_unit(store, verified=False)
    editor = make_editor(store, unit_id, email="a@example.com")
    reader = make_editor(store, unit_id, email="r@example.com", standing=Standing.READER)
    stranger = make_editor(store, make_unit(store, name="别家有限公司"), email="s@example.com")
    draft_id, version = make_need_draft(store, editor)

    with store.writing() as session:
        with pytest.raises(NotAllowed, match="核验"):
            needs.publish(session, editor, draft_id, version=version, now=NOW, new_id=NEW_ID)
        with pytest.raises(NotAllowed, match="只能查看"):
            draft_saves.save(session, reader, draft_id, {"title": "x"}, version=version, page="r", now=NOW)
        with pytest.raises(NotFound):
            drafts.get(session, stranger, draft_id)
        assert drafts.get(session, reader, draft_id).may_write is False


def test_publish_says_by_field_what_is_wrong(store: Store) -> None:
    editor = make_editor(store, make_unit(store), email="a@example.com")
    draft_id, version = make_need_draft(
        store, editor, title="长" * 500, requirements="", budget_max="很多", contact_phone="12"
    )

    with store.writing() as session, pytest.raises(Invalid) as refused:
        needs.publish(session, editor, draft_id, version=version, now=NOW, new_id=NEW_ID)

    assert sorted(refused.value.fields) == ["budget_max", "contact_phone", "requirements", "title"]


def test_two_who_publish_one_draft_at_once_publish_it_once(store: Store) -> None:
    editor = make_editor(store, make_unit(store), email="a@example.com")
    draft_id, version = make_need_draft(store, editor)
    together, ended = Barrier(2), []

    def press() -> None:
        together.wait()
        try:
            with store.writing() as session:
                ended.append(needs.publish(session, editor, draft_id, version=version, now=NOW, new_id=NEW_ID).is_new)
        except Conflict as refused:
            ended.append(refused.code)

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.reading() as session:
        assert (sorted(map(str, ended)), len(session.exec(select(Item.id)).all())) == (["True", "draft_published"], 1)
        assert list(invariants.check(session)) == []


def test_an_anonymous_need_is_found_by_nobody_who_knows_the_name(store: Store) -> None:
    unit_id = make_unit(store)
    editor = make_editor(store, unit_id, email="a@example.com")
    item_id = post(store, editor, anonymous="yes", contact_name="陈工")

    with store.reading() as session:
        page = items.get(session, item_id)
        record = next(items.documents(session, [item_id]))
        found = items.search(session, ItemFilter(organisation_id=unit_id)).total
        whole = items.contact_for(session, item_id)
        own = [card.id for card in items.of_organisation(session, unit_id)]

    assert (page.card.issuer, page.card.organisation_id, record.issuer) == (
        "某国有企业（临川市）",
        None,
        "某国有企业（临川市）",
    )
    assert (page.contact.name, page.source.written_by, page.versions[0].written_by, found) == (None, "", "", 0)
    assert (whole.organisation, whole.name, own) == ("澄江水务集团有限公司", "陈工", [item_id])


def test_a_name_once_published_is_not_taken_back(store: Store) -> None:
    editor = make_editor(store, make_unit(store), email="a@example.com")
    item_id = post(store, editor)

    with pytest.raises(Invalid) as refused:
        amend(store, editor, item_id, anonymous="yes")

    assert refused.value.fields == {"anonymous": "这条需求已经用单位名称发布过，不能再改为匿名。"}


def test_pause_resume_and_close(store: Store) -> None:
    editor = make_editor(store, make_unit(store), email="a@example.com")
    item_id = post(store, editor)
    states = []
    with store.writing() as session:
        needs.pause(session, editor, item_id, now=LATER)
        states.append((items.get(session, item_id).card.state, len(list(items.documents(session)))))
        needs.resume(session, editor, item_id, now=LATER)
        states.append((items.get(session, item_id).card.state, len(list(items.documents(session)))))
        ending = Ending(Deal.OTHER, supplier_name="外地公司", amount=Decimal(580000), signed_on=NOW.date())
        needs.close(session, editor, item_id, ending, now=LATER)
        with pytest.raises(Conflict):
            needs.close(session, editor, item_id, ending, now=LATER)
        deals = in_period(session, "福建省", NOW.date(), NOW.date())
        elsewhere = in_period(session, "江苏省", NOW.date(), NOW.date())

    assert states == [(ItemState.PAUSED, 0), (ItemState.OPEN, 1)]
    assert ([(deal.supplier, deal.amount) for deal in deals], elsewhere) == ([("外地公司", Decimal("580000.00"))], [])


# ---- re-issues ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "owned", "stands", "disputed"),
    [
        ("旧", "旧", "旧", ()),
        ("新", "旧", "新", ()),
        ("旧", "我", "我", ()),
        ("新", "新", "新", ()),
        ("新", "我", "我", ("description",)),
    ],
)
def test_three_way_never_overwrites_an_owner(listed: str, owned: str, stands: str, disputed: tuple[str, ...]) -> None:
    def said(words: str) -> Draft:
        return make_draft(description=words)

    found = reissues.three_way(said("旧"), said(listed), said(owned))

    assert (found.draft.description, found.disputed) == (stands, disputed)


def test_a_reissue_keeps_the_owners_words_and_asks_where_both_changed(store: Store) -> None:
    organiser = make_person(store)
    unit_id = make_unit(store, name="临川市园林管理中心")
    first = publish(store, organiser, [make_draft()])
    editor = make_editor(store, unit_id, email="a@example.com")
    with store.writing() as session:
        row = session.exec(select(Item)).one()
        row.organisation_id = unit_id
        session.add(row)
        item_id = row.id
    amend(store, editor, item_id, title="行道树健康巡查（二期）", budget_max="80")
    again = make_draft(budget_max=Decimal("700000.00"), sector="城市管理")
    second = publish(store, organiser, [again], series_id=first.card.series_id, now=LATER)

    with store.writing() as session:
        page = items.get(session, item_id)
        entry = editions.items(session, second.card.id)[0]
        open_ones = disputes.of_item(session, editor, item_id)
        stood = (page.card.title, page.card.budget_max, page.card.sector)
        disputes.decide(session, editor, item_id, takes={open_ones[0].id: True}, now=LATER)
        decided = items.get(session, item_id)
        left = disputes.of_item(session, editor, item_id)
        faults = list(invariants.check(session))

    assert stood == ("行道树健康巡查（二期）", Decimal("800000.00"), "城市管理")
    assert (entry.outcome, entry.card.title, entry.card.budget_max) == (
        *(Outcome.CHANGED, "行道树健康巡查"),
        Decimal("700000.00"),
    )
    assert [(one.field, one.owned, one.listed) for one in open_ones] == [("budget_max", "800000.00", "700000.00")]
    assert (decided.card.budget_max, decided.card.title, left, faults) == (
        *(Decimal("700000.00"), "行道树健康巡查（二期）"),
        *((), []),
    )


def test_a_reissue_that_says_the_same_again_leaves_the_owners_version(store: Store) -> None:
    organiser = make_person(store)
    unit_id = make_unit(store, name="临川市园林管理中心")
    first = publish(store, organiser, [make_draft()])
    editor = make_editor(store, unit_id, email="a@example.com")
    with store.writing() as session:
        row = session.exec(select(Item)).one()
        row.organisation_id = unit_id
        session.add(row)
        item_id = row.id
    amend(store, editor, item_id, title="行道树健康巡查（二期）")
    with store.writing() as session:
        needs.pause(session, editor, item_id, now=NOW)
    second = publish(store, organiser, [make_draft()], series_id=first.card.series_id, now=LATER)

    with store.reading() as session:
        page = items.get(session, item_id)
        lines = [(line.outcome, line.card.title) for line in editions.items(session, second.card.id)]
        assert list(invariants.check(session)) == []

    assert (page.card.title, page.card.state, page.version) == ("行道树健康巡查（二期）", ItemState.PAUSED, 2)
    assert lines == [(Outcome.UNCHANGED, "行道树健康巡查")]


def test_a_need_that_its_owner_closed_stays_closed_through_every_reissue(store: Store) -> None:
    organiser = make_person(store)
    unit_id = make_unit(store, name="临川市园林管理中心")
    first = publish(store, organiser, [make_draft()])
    editor = make_editor(store, unit_id, email="a@example.com")
    with store.writing() as session:
        row = session.exec(select(Item)).one()
        row.organisation_id = unit_id
        session.add(row)
        item_id = row.id
    with store.writing() as session:
        needs.close(session, editor, item_id, Ending(Deal.NONE, reason="预算取消"), now=NOW)
    series_id = first.card.series_id
    other = make_draft("智慧路灯节能改造", row=5, description="单灯控制，节能三成。", issuer="临川市城管局")
    dropped = publish(store, organiser, [other], series_id=series_id, now=LATER)
    intake = make_intake(store, organiser, [make_draft(), other], now=LATER)
    with store.writing() as session:
        preview = intakes.preview(session, organiser, intake.card.id, series_id=series_id)
        intakes.confirm(session, organiser, intake.card.id, version=1, series_id=series_id, now=LATER, new_id=NEW_ID)
        standing = session.exec(select(Item).where(Item.title == "行道树健康巡查")).all()
        assert list(invariants.check(session)) == []

    said = [(row.outcome, row.item_id == item_id, row.remark) for row in preview.rows]
    assert said == [(Outcome.UNCHANGED, True, CLOSED), (Outcome.UNCHANGED, False, None)]
    assert [(item.id, item.state) for item in standing] == [(item_id, ItemState.CLOSED)]
    assert (dropped.card.gone, preview.gone) == (1, ())


# ---- completeness -------------------------------------------------------------------------------------------------


def test_completeness_quotes_vague_words_and_counts_measures() -> None:
    checked = completeness.check(make_draft("巡查智能化", requirements=("提升效率", "识别率不低于88%")))

    assert [question.phrase for question in checked.questions] == ["智能化", "提升效率"]
    assert [one.code for one in checked.findings if one.done] == ["indicators", "budget", "period", "contact"]


@pytest.mark.parametrize(
    ("line", "measured"), [("10 分钟内预警", True), ("误报不超过两次", True), ("提升效率", False), ("2.0 版", False)]
)
def test_is_measurable_asks_for_a_number_with_its_unit(line: str, measured: bool) -> None:
    assert completeness.is_measurable(line) is measured


def test_a_form_says_again_what_it_was_made_from() -> None:
    owner = need_forms.Owner("临川市园林管理中心", OrganisationKind.INSTITUTION, REGION)
    before = make_draft(description="现状。" + need_forms.PROBLEM + "问题。", extras={"remarks": "备注"})

    again = need_forms.stated(need_forms.body(before), owner, before=before).draft

    same = ("title", "description", "requirements", "budget_max", "period_end", "sector", "region", "extras")
    assert {name: getattr(again, name) for name in same} == {name: getattr(before, name) for name in same}


def test_every_vague_word_is_asked_about_and_those_of_one_kind_together() -> None:
    checked = completeness.check(
        make_draft(
            "智能化、数字化提升", requirements=("识别率不低于88%",), description="要先进、稳定、好用，提升效率。"
        )
    )

    assert [(one.field, one.phrase) for one in checked.questions] == [
        ("title", "智能化”“数字化"),
        ("title", "提升"),
        ("situation", "先进"),
        ("situation", "稳定"),
        ("situation", "好用"),
    ]
    assert len({one.ask for one in checked.questions}) == 5


@pytest.mark.parametrize("typed", ["30万", "30 万元", "３０", "300000元"])
def test_a_budget_is_read_with_the_unit_written_beside_it(typed: str) -> None:
    body = {**BODY, "budget_max": typed, "budget_max_unit": "wan"}
    said = need_forms.stated(body, Owner("甲", OrganisationKind.SOE, REGION))
    assert (said.draft.budget_max, "budget_max" in said.errors) == (Decimal("300000.00"), False)
