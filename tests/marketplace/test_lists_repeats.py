"""Likely repeats: what waits, what people decide, what a merge hides, and how everything comes back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlmodel import Session, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role, Standing, TakedownScope
from marketplace.dealings import dealings, openings
from marketplace.dealings.teams import teams
from marketplace.invariants import check
from marketplace.kernel import audit, jobs
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.tables import Job
from marketplace.lists import items, takedowns, walking
from marketplace.lists.editions import items as entries_of
from marketplace.lists.facets import facets
from marketplace.lists.needs import needs
from marketplace.lists.repeats import deciding, findings, repeats
from marketplace.lists.repeats.findings import Found
from marketplace.lists.rules.repeats import lead, pair_of
from marketplace.lists.views import ItemFilter
from marketplace.lists.words import ItemState, Relation
from tests.marketplace.market import NEW_ID, NOW, make_capability, make_person, publish, tamper
from tests.marketplace.people import make_account
from tests.marketplace.repeat_market import (
    ELSEWHERE,
    HERE_TITLES,
    REASON,
    THERE_TITLES,
    Follower,
    Market,
    make_market,
)
from tests.marketplace.test_lists_needs import make_editor, make_unit, post

TREES, LAMPS, DRAINS = HERE_TITLES
TREES_THERE, LAMPS_THERE, DRAINS_THERE = THERE_TITLES
EVERYTHING = {*HERE_TITLES, *THERE_TITLES}
LATER = NOW + timedelta(days=30)


def shown_ids(session: Session) -> dict[str, set[str]]:
    """What each way of reading lists shows."""
    walked, _more = walking.items(session, ItemFilter(), after=None, limit=100)
    every = tuple(session.exec(select(items.Item.id)))
    return {
        "search": {card.id for card in items.search(session, ItemFilter(), size=100).rows},
        "any state": {card.id for card in items.search(session, ItemFilter(state=None), size=100).rows},
        "given ids": {card.id for card in items.search(session, ItemFilter(ids=every), size=100).rows},
        "walked": {card.id for card in walked},
        "newest": {card.id for card in items.newest(session, limit=100)},
        "matching": {record.id for record in items.documents(session)},
        "matching by id": {record.id for record in items.documents(session, every)},
        "shown": {card.id for card, _record in items.shown(session, every)},
    }


# ---- what a merge does --------------------------------------------------------------------------------------------


def test_a_merge_leaves_the_item_out_everywhere_and_its_page_says_where_to_go(store: Store) -> None:
    market = make_market(store)
    market.decide(market.here, TREES, TREES_THERE, Relation.MERGED, main=TREES_THERE)
    away, main = market.id(TREES), market.id(TREES_THERE)
    expected = {market.id(title) for title in EVERYTHING - {TREES}}
    with store.reading() as session:
        ways = shown_ids(session)
        counted = items.counts(session)
        regions = dict(facets(session, ItemFilter()).sectors)
        page, other = items.get(session, away), items.get(session, main)
        beside = repeats.of_item(session, main)
        faults = list(check(session))

    assert ways == dict.fromkeys(ways, expected)
    assert (counted["demand"], regions) == (5, {"智慧园林": 5})
    assert page.main is not None
    assert (page.main.id, page.main.title, page.card.state, page.document) == (main, TREES_THERE, ItemState.OPEN, None)
    assert (other.main, other.document is not None) == (None, True)
    assert [(one.id, one.publisher, one.list_title, one.edition_number) for one in beside.sources] == [
        (away, "福建省临川市", "临川市三张清单", 1)
    ]
    assert faults == []


def test_a_merged_item_stays_in_its_edition(store: Store) -> None:
    market = make_market(store)
    market.decide(market.here, TREES, TREES_THERE, Relation.MERGED, main=TREES_THERE)
    with store.reading() as session:
        edition_id = items.get(session, market.id(TREES)).card.edition_id
        assert edition_id is not None
        listed = [line.card.title for line in entries_of(session, edition_id)]

    assert listed == list(HERE_TITLES)


def test_nothing_new_begins_on_a_merged_item(store: Store) -> None:
    market = make_market(store)
    publish(store, market.here, [make_capability()], series_title="能力清单")
    with store.reading() as session:
        capability = session.exec(select(items.Item).where(items.Item.kind == "capability")).one()
        profile_id, unit = str(capability.profile_id), capability.organisation_id
    opc = make_person(store, role=Role.OPC, organisation_id=unit, email="muyu@example.com", name="周一人")
    market.decide(market.here, TREES, TREES_THERE, Relation.MERGED, main=TREES_THERE)
    merged, main = market.id(TREES), market.id(TREES_THERE)

    def begin(item_id: str) -> None:
        with store.writing() as session:
            dealings.express(session, opc, item_id=item_id, profile_id=profile_id, now=NOW, new_id=NEW_ID)

    def found_team(item_id: str) -> None:
        with store.writing() as session:
            teams.found(session, opc, name="联合体", purpose="一起做", item_id=item_id, now=NOW, new_id=NEW_ID)

    for begins in (begin, found_team):
        with pytest.raises(Conflict) as refused:
            begins(merged)
        assert (refused.value.code, refused.value.message) == (
            "need_merged",
            f"这条需求已并入《{TREES_THERE}》，请到那一条上办理。",
        )
        begins(main)
    with store.reading() as session:
        offered = openings.prepare(session, market.here, item_id=None, profile_id=profile_id).needs
    assert {card.title for card in offered} == {LAMPS, DRAINS}


@pytest.mark.parametrize("ending", ["closed", "paused", "taken down"])
def test_a_main_item_that_goes_gives_back_what_was_merged_into_it(store: Store, ending: str) -> None:
    market = make_market(store)
    owner = make_editor(store, make_unit(store), email="a@example.com", standing=Standing.OWNER)
    posted = post(store, owner, title="全市行道树病害巡查和处置")
    market.items["posted"] = posted
    follower = Follower()
    market.decide(market.here, TREES, "posted", Relation.MERGED, main="posted")
    with store.reading() as session:
        before = follower.follow(session) & {market.id(TREES), posted}
    with store.writing() as session:
        if ending == "paused":
            needs.pause(session, owner, posted, now=LATER)
        elif ending == "closed":
            needs.close(session, owner, posted, needs.Ending(needs.outcomes.Deal.NONE, reason="不做了"), now=LATER)
        else:
            asked = takedowns.ask(
                session,
                owner,
                posted,
                scope=TakedownScope.LINE,
                reason="内容与事实不符，请撤下",
                now=LATER,
                new_id=NEW_ID,
            )
            takedowns.decide(session, market.here, asked, approves=True, reason="", now=LATER, new_id=NEW_ID)
    with store.reading() as session:
        page, beside = items.get(session, market.id(TREES)), repeats.of_item(session, posted)
        after = follower.follow(session) & {market.id(TREES), posted}
        faults = list(check(session))

    assert (before, after) == ({posted}, {market.id(TREES)})
    assert (market.shown(), page.main, beside.sources) == (EVERYTHING, None, ())
    assert faults == []


def test_a_main_item_that_returns_takes_it_in_again(store: Store) -> None:
    market = make_market(store)
    follower = Follower()
    market.decide(market.here, TREES, TREES_THERE, Relation.MERGED, main=TREES_THERE)
    market.issue("there", (LAMPS_THERE, DRAINS_THERE), now=LATER)
    alone = market.shown()
    market.issue("there", THERE_TITLES, now=LATER + timedelta(days=30))
    with store.reading() as session:
        held = follower.follow(session)

    assert alone == EVERYTHING - {TREES_THERE}
    assert market.shown() == EVERYTHING - {TREES}
    assert held == {market.id(title) for title in EVERYTHING - {TREES}}


def test_a_source_that_closes_or_is_taken_down_is_no_longer_named(store: Store) -> None:
    market = make_market(store)
    market.decide(market.here, TREES, TREES_THERE, Relation.MERGED, main=TREES_THERE)
    market.decide(market.here, LAMPS, TREES_THERE, Relation.SAME)
    market.issue("here", (DRAINS,), now=LATER)
    with store.reading() as session:
        beside = repeats.of_item(session, market.id(TREES_THERE))

    assert not beside


def test_merges_lead_to_the_one_that_stays_and_back_again(store: Store) -> None:
    market = make_market(store)
    market.decide(market.here, TREES, LAMPS, Relation.MERGED, main=LAMPS)
    market.decide(market.here, LAMPS, TREES_THERE, Relation.MERGED, main=TREES_THERE)
    market.decide(market.here, DRAINS, LAMPS, Relation.MERGED, main=LAMPS)
    with store.reading() as session:
        through = [items.get(session, market.id(title)).main for title in HERE_TITLES]
        sources = {one.title for one in repeats.of_item(session, market.id(TREES_THERE)).sources}
        faults = list(check(session))
    market.take_back(market.here, LAMPS, TREES_THERE)
    with store.reading() as session:
        back = [items.get(session, market.id(title)).main for title in HERE_TITLES]
        faults += list(check(session))

    assert [one.title if one else None for one in through] == [TREES_THERE] * 3
    assert sources == set(HERE_TITLES)
    assert [one.title if one else None for one in back] == [LAMPS, None, LAMPS]
    assert market.shown() == {LAMPS, *THERE_TITLES}
    assert faults == []


def test_merges_go_in_no_circle_and_not_twice(store: Store) -> None:
    market = make_market(store)
    market.decide(market.here, TREES, LAMPS, Relation.MERGED, main=LAMPS)
    market.decide(market.here, LAMPS, DRAINS, Relation.MERGED, main=DRAINS)
    refusals = []
    for a, b, main in ((DRAINS, TREES, TREES), (TREES, DRAINS, DRAINS), (LAMPS, TREES, TREES)):
        with pytest.raises(Conflict) as refused:
            market.decide(market.here, a, b, Relation.MERGED, main=main)
        refusals.append(refused.value.code)

    assert refusals == ["merged_in_circle", "merged_already", "pair_decided"]


def test_nothing_is_merged_into_what_leads_to_an_item_that_is_not_open(store: Store) -> None:
    market = make_market(store)
    market.decide(market.here, TREES, TREES_THERE, Relation.MERGED, main=TREES_THERE)
    market.issue("there", (LAMPS_THERE, DRAINS_THERE), now=LATER)
    with pytest.raises(Conflict) as refused:
        market.decide(market.here, LAMPS, TREES, Relation.MERGED, main=TREES)

    assert refused.value.code == "main_not_open"
    with pytest.raises(Conflict) as refused:
        market.decide(market.here, LAMPS, TREES_THERE, Relation.SAME)
    assert refused.value.code == "not_open"


# ---- same, distinct, and taking back ------------------------------------------------------------------------------


def test_items_linked_as_one_need_lead_to_each_other_and_both_are_shown(store: Store) -> None:
    market = make_market(store)
    market.found((TREES, TREES_THERE), (LAMPS, LAMPS_THERE))
    market.decide(market.there, TREES, TREES_THERE, Relation.SAME)
    with store.reading() as session:
        here = repeats.of_item(session, market.id(TREES))
        there = repeats.of_item(session, market.id(TREES_THERE))
        left = repeats.waiting(session, market.here).rows

    assert [(one.title, one.list_title) for one in here.same] == [(TREES_THERE, "盐城清单")]
    assert [(one.title, one.edition_number) for one in there.same] == [(TREES, 1)]
    assert market.shown() == EVERYTHING
    assert [{one.a.card.title, one.b.card.title} for one in left] == [{LAMPS, LAMPS_THERE}]


def test_what_was_told_apart_is_never_suggested_again(store: Store) -> None:
    market = make_market(store)
    market.found((TREES, TREES_THERE))
    market.decide(market.here, TREES, TREES_THERE, Relation.DISTINCT, reason="一个巡查，一个处置")
    with store.writing() as session:
        found = [Found(market.id(TREES), market.id(TREES_THERE), 0.99, REASON)]
        findings.record(session, {market.id(TREES): 1}, found, now=LATER)
    with store.reading() as session:
        waits = repeats.waiting(session, market.here).total, repeats.count(session, market.here)
        beside = repeats.of_item(session, market.id(TREES))

    assert waits == (0, (0, None))
    assert not beside
    assert market.shown() == EVERYTHING


def test_a_decision_taken_back_stays_on_record_and_may_be_decided_anew(store: Store) -> None:
    market = make_market(store)
    market.found((TREES, TREES_THERE))
    market.decide(market.here, TREES, TREES_THERE, Relation.MERGED, main=TREES_THERE, reason="同一个项目")
    market.take_back(market.there, TREES, TREES_THERE)
    with store.reading() as session:
        waits = repeats.waiting(session, market.here).total
        shown_ids_now = market.shown()
    market.decide(market.here, TREES, TREES_THERE, Relation.SAME)
    with store.reading() as session:
        page = repeats.get(session, market.here, market.id(TREES_THERE), market.id(TREES))
        actions = [
            [entry.action for entry in audit.history(session, "item", market.id(title)) if "repeat" in entry.action]
            for title in (TREES, TREES_THERE)
        ]
        said = [
            dict(entry.payload or {})
            for entry in audit.history(session, "item", market.id(TREES))
            if entry.action == "item.repeat_merged"
        ]

    assert (waits, shown_ids_now) == (1, EVERYTHING)
    assert page.standing is not None
    assert (page.standing.relation, page.standing.number, page.version) == (Relation.SAME, 2, 2)
    assert [(one.relation, one.reason, one.decided_by, one.ended_by) for one in page.past] == [
        (Relation.MERGED, "同一个项目", "陈科长", "盐城科长")
    ]
    assert actions == [["item.repeat_merged", "item.repeat_taken_back", "item.repeat_linked"]] * 2
    assert said == [
        {
            "other_item": market.id(TREES_THERE),
            "relation": "merged",
            "merged_item": market.id(TREES),
            "reason": "同一个项目",
        }
    ]


def test_two_who_decide_at_once_do_not_overwrite_each_other(store: Store) -> None:
    market = make_market(store)
    market.decide(market.here, TREES, TREES_THERE, Relation.SAME)
    with pytest.raises(Conflict) as late:
        market.decide(market.there, TREES, TREES_THERE, Relation.DISTINCT, version=0)
    with pytest.raises(Conflict) as again:
        market.decide(market.there, TREES, TREES_THERE, Relation.DISTINCT)
    market.take_back(market.here, TREES, TREES_THERE)
    with pytest.raises(Conflict) as nothing:
        market.take_back(market.here, TREES, TREES_THERE)

    assert [one.value.code for one in (late, again, nothing)] == ["pair_moved_on", "pair_decided", "pair_moved_on"]


@pytest.mark.parametrize(
    ("main", "reason", "field"), [(None, "", "main"), (LAMPS, "", "main"), (TREES_THERE, "长" * 401, "reason")]
)
def test_what_is_wrong_is_said_by_field(store: Store, main: str | None, reason: str, field: str) -> None:
    market = make_market(store)
    with pytest.raises(Invalid) as refused:
        market.decide(market.here, TREES, TREES_THERE, Relation.MERGED, main=main, reason=reason)

    assert set(refused.value.fields) == {field}


# ---- who may ------------------------------------------------------------------------------------------------------


def test_who_runs_the_list_of_the_item_merged_away_decides_and_the_other_side_is_told(store: Store) -> None:
    market = make_market(store)
    with pytest.raises(NotAllowed) as refused:
        market.decide(market.here, TREES, TREES_THERE, Relation.MERGED, main=TREES)
    market.decide(market.there, TREES, TREES_THERE, Relation.MERGED, main=TREES)
    with store.reading() as session:
        told = [one.subject for one in messages.inbox(session, market.here)[0]]
        own = [one.subject for one in messages.inbox(session, market.there)[0]]
        link = messages.inbox(session, market.here)[0][0].link
    market.take_back(market.here, TREES, TREES_THERE)
    with store.reading() as session:
        told_back = [one.subject for one in messages.inbox(session, market.there)[0]]

    assert refused.value.code == "not_your_line"
    assert (told, own, told_back) == (["一条需求已并入另一条"], [], ["并入已撤回"])
    assert link == "/repeats/" + "/".join(pair_of(market.id(TREES), market.id(TREES_THERE)))


def test_the_unit_of_an_item_merged_away_is_told(store: Store) -> None:
    market = make_market(store)
    owner = make_editor(store, make_unit(store), email="a@example.com", standing=Standing.OWNER)
    market.items["posted"] = post(store, owner)
    market.decide(market.here, "posted", LAMPS, Relation.MERGED, main=LAMPS)
    with store.reading() as session:
        told = messages.inbox(session, owner)[0]

    assert [(one.subject, one.link) for one in told] == [("一条需求已并入另一条", f"/items/{market.id('posted')}")]


def test_supervisors_look_and_everybody_else_knows_of_no_pair(store: Store) -> None:
    market = make_market(store)
    market.found((TREES, TREES_THERE))
    stranger = make_account(store)
    far = make_person(store, region="浙江省", email="zhejiang@example.com", name="浙江科长")
    a, b = market.id(TREES), market.id(TREES_THERE)

    def tries(actor: Actor) -> list[str]:
        found = []
        for verb in (
            lambda session: repeats.get(session, actor, a, b),
            lambda session: deciding.decide(
                session, actor, a, b, relation=Relation.DISTINCT, version=0, now=NOW, new_id=NEW_ID
            ),
            lambda session: deciding.take_back(session, actor, a, b, version=0, now=NOW, new_id=NEW_ID),
        ):
            try:
                with store.writing() as session:
                    verb(session)
                found.append("done")
            except (NotFound, NotAllowed, Conflict) as refusal:
                found.append(refusal.code)
        return found

    outcomes = {
        name: tries(actor) for name, actor in (("supervisor", market.supervisor), ("stranger", stranger), ("far", far))
    }
    with store.reading() as session:
        seen = repeats.waiting(session, market.supervisor).total, repeats.waiting(session, far).total
        page = repeats.get(session, market.supervisor, a, b)
        with pytest.raises(NotAllowed):
            repeats.waiting(session, stranger)

    assert outcomes == {
        "supervisor": ["done", "organisers_act", "organisers_act"],
        "stranger": ["pair_missing"] * 3,
        "far": ["pair_missing"] * 3,
    }
    assert seen == (1, 0)
    assert (page.may_decide, page.may_merge, page.may_take_back) == (False, frozenset(), False)


def test_capabilities_anonymous_needs_and_one_item_alone_make_no_pair(store: Store) -> None:
    market = make_market(store)
    owner = make_editor(store, make_unit(store), email="a@example.com", standing=Standing.OWNER)
    hidden = post(store, owner, anonymous="yes")
    publish(store, market.here, [make_capability()], series_title="能力清单")
    with store.reading() as session:
        capability = session.exec(select(items.Item.id).where(items.Item.kind == "capability")).one()
        trees = market.id(TREES)
        for a, b in ((hidden, trees), (trees, capability), (trees, trees), (trees, "nobody")):
            with pytest.raises(NotFound):
                repeats.get(session, market.here, a, b)
        compared = findings.known(session)

    assert hidden not in compared
    assert set(compared) == {market.id(title) for title in EVERYTHING}


# ---- finding ------------------------------------------------------------------------------------------------------


def test_what_was_found_is_read_surest_first_with_contacts_masked(store: Store) -> None:
    market = make_market(store)
    market.found((LAMPS, LAMPS_THERE), (TREES, TREES_THERE))
    with store.reading() as session:
        page = repeats.waiting(session, market.there, size=1)
        second = repeats.waiting(session, market.there, page=2, size=1).rows[0]
        count = repeats.count(session, market.there)
        pair = repeats.get(session, market.there, market.id(LAMPS), market.id(LAMPS_THERE))

    assert (page.total, page.rows[0].score, page.rows[0].reason) == (2, 0.9, f"{REASON}，电话 139****1234")
    assert {second.a.list_title, second.b.list_title} == {"临川市三张清单", "盐城清单"}
    assert {second.a.region, second.b.region} == {"福建省/临川市", ELSEWHERE}
    assert count == (2, NOW)
    assert (pair.score, pair.reason, pair.may_merge) == (
        0.9,
        f"{REASON}，电话 139****1234",
        frozenset({market.id(LAMPS_THERE)}),
    )
    assert {page.card.title for page in pair.pages} == {LAMPS, LAMPS_THERE}


def test_each_version_is_compared_once_and_a_changed_one_again(store: Store) -> None:
    market = make_market(store)
    with store.reading() as session:
        first = findings.unseen(session, limit=4)
        left = findings.count_unseen(session)
    market.found((TREES, TREES_THERE))
    market.found()
    market.found()
    with store.reading() as session:
        then = findings.unseen(session)
        kept = repeats.waiting(session, market.here).total
    market.issue("here", (f"{TREES}和处置", LAMPS, DRAINS), now=LATER)
    with store.reading() as session:
        changed = findings.unseen(session)
        known = findings.known(session, besides=changed.drafts, series_id=market.series["there"])
    with store.writing() as session:
        findings.record(session, changed.numbers, [], now=LATER)
    with store.reading() as session:
        after = repeats.waiting(session, market.here).total, findings.count_unseen(session)

    assert (len(first.drafts), left) == (4, 6)
    assert (then.drafts, kept) == ({}, 1)
    assert [draft.title for draft in changed.drafts.values()] == [f"{TREES}和处置"]
    assert {draft.title for draft in known.values()} == {LAMPS, DRAINS}
    assert after == (0, 0)


def test_publishing_asks_for_the_comparison(store: Store) -> None:
    make_market(store)
    with store.reading() as session:
        asked = session.exec(select(Job).where(Job.kind == findings.JOB)).all()
    with store.writing() as session:
        taken = jobs.take(session, worker="w", now=NOW, kinds={findings.JOB})

    assert len(asked) == 2
    assert taken is not None


def test_pairs_of_what_is_merged_or_gone_wait_no_longer(store: Store) -> None:
    market = make_market(store)
    market.found((TREES, TREES_THERE), (TREES, LAMPS_THERE), (DRAINS, DRAINS_THERE))
    market.decide(market.here, TREES, TREES_THERE, Relation.MERGED, main=TREES_THERE)
    market.issue("there", (TREES_THERE, LAMPS_THERE), now=LATER)
    with store.reading() as session:
        merged = repeats.waiting(session, market.here).total
    market.take_back(market.here, TREES, TREES_THERE)
    with store.reading() as session:
        back = repeats.waiting(session, market.here).total

    assert (merged, back) == (0, 2)


# ---- rules --------------------------------------------------------------------------------------------------------


def test_lead_follows_merges_to_their_end_and_refuses_a_circle() -> None:
    assert lead({"a": "b", "b": "c", "d": "c", "e": "f"}) == {"a": "c", "b": "c", "d": "c", "e": "f"}
    with pytest.raises(ValueError, match="circle"):
        lead({"a": "b", "b": "c", "c": "a"})


# ---- a walk -------------------------------------------------------------------------------------------------------


class Walk:
    """Acts at random on two lists, beside a model that knows what must be shown."""

    def __init__(self, market: Market, random: Random) -> None:
        self.market, self.random = market, random
        self.into: dict[str, str] = {}
        self.others: set[tuple[str, str]] = set()
        self.listed = {"here": set(HERE_TITLES), "there": set(THERE_TITLES)}
        self.follower, self.day, self.done = Follower(), NOW, 0

    def step(self) -> None:
        """Do one act, allowed or not; the model says what becomes of it."""
        self.random.choice([self.merge, self.merge, self.relate, self.take_back, self.reissue])()

    def merge(self) -> None:
        away, main = self.random.sample(sorted(EVERYTHING), 2)
        actor = self.market.here if away in HERE_TITLES else self.market.there
        root = lead(self.into).get(main, main)
        allowed = {away, main, root} <= self.open and self.is_undecided(away, main)
        allowed = allowed and away not in self.into and root != away
        if self.tried(lambda: self.decide(actor, away, main, Relation.MERGED, main=main), allowed=allowed):
            self.into[away] = main

    def relate(self) -> None:
        a, b = self.random.sample(sorted(EVERYTHING), 2)
        relation = self.random.choice([Relation.SAME, Relation.DISTINCT])
        allowed = self.is_undecided(a, b) and (relation is Relation.DISTINCT or {a, b} <= self.open)
        actor = self.market.here if a in HERE_TITLES else self.market.there
        if self.tried(lambda: self.decide(actor, a, b, relation), allowed=allowed):
            self.others.add(pair_of(a, b))

    def take_back(self) -> None:
        pairs = [*self.into.items(), *sorted(self.others)]
        if not pairs:
            return
        a, b = self.random.choice(pairs)
        actor = self.market.there if b in THERE_TITLES else self.market.here
        self.tried(lambda: self.back(actor, a, b), allowed=True)
        if self.into.get(a) == b:
            del self.into[a]
        else:
            self.others.remove(pair_of(a, b))

    def reissue(self) -> None:
        place, every = self.random.choice([("here", HERE_TITLES), ("there", THERE_TITLES)])
        kept = tuple(title for title in every if self.random.random() < 0.7) or every
        self.day += timedelta(days=1)
        self.market.issue(place, kept, now=self.day)
        self.listed[place] = set(kept)

    def decide(self, actor: Actor, a: str, b: str, relation: Relation, *, main: str | None = None) -> None:
        reader = replace(self.market, here=actor)
        reader.decide(actor, a, b, relation, main=main)

    def back(self, actor: Actor, a: str, b: str) -> None:
        replace(self.market, here=actor).take_back(actor, a, b)

    def tried(self, act: Callable[[], None], *, allowed: bool) -> bool:
        try:
            act()
            was_done = True
        except Conflict:
            was_done = False
        assert was_done is allowed
        self.done += was_done
        return was_done

    def is_undecided(self, a: str, b: str) -> bool:
        merged = self.into.get(a) == b or self.into.get(b) == a
        return not merged and pair_of(a, b) not in self.others

    @property
    def open(self) -> set[str]:
        return self.listed["here"] | self.listed["there"]

    @property
    def shown(self) -> set[str]:
        leads = lead(self.into)
        return {title for title in self.open if leads.get(title) not in self.open}

    def must_hold(self) -> None:
        """What is shown and found is what the model says, and doctor finds nothing."""
        with self.market.store.reading() as session:
            held = self.follower.follow(session)
            faults = list(check(session))
        assert (self.market.shown(), faults) == (self.shown, [])
        assert held == {self.market.id(title) for title in self.shown}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_no_need_is_lost(store: Store, seed: int) -> None:
    walk = Walk(make_market(store), Random(seed))
    for _step in range(30):
        walk.step()
        walk.must_hold()

    assert walk.done > 5


CIRCLE = """
UPDATE repeat_decision SET relation = 'merged', low_id = '{low}', high_id = '{high}',
    merged_id = '{trees_there}', main_id = '{trees}' WHERE relation = 'same'
"""


# ---- doctor -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("repeat_chain", "UPDATE repeat_decision SET main_id = '{lamps}' WHERE merged_id = '{trees}'"),
        ("repeat_lead_stale", "UPDATE repeat_decision SET main_id = '{drains}' WHERE merged_id = '{lamps}'"),
        ("repeat_circle", CIRCLE),
        ("repeat_decisions_missing", "UPDATE repeat_decision SET number = 2 WHERE merged_id = '{trees}'"),
        ("repeat_of_unnamed", "UPDATE item SET kind = 'capability' WHERE id = '{trees}'"),
    ],
)
def test_doctor_finds_what_is_wrong_with_decisions(store: Store, code: str, statement: str) -> None:
    market = make_market(store)
    market.decide(market.here, TREES, LAMPS, Relation.MERGED, main=LAMPS)
    market.decide(market.here, LAMPS, TREES_THERE, Relation.MERGED, main=TREES_THERE)
    market.decide(market.here, DRAINS, LAMPS_THERE, Relation.SAME)
    names = {"trees": TREES, "lamps": LAMPS, "drains": DRAINS, "trees_there": TREES_THERE}
    with store.reading() as session:
        sound = [fault.code for fault in check(session)]
    low, high = pair_of(market.id(TREES), market.id(TREES_THERE))
    filled = statement.format(low=low, high=high, **{name: market.id(title) for name, title in names.items()})
    tamper(store, filled)
    with store.reading() as session:
        found = {fault.code for fault in check(session) if fault.code.startswith("repeat")}

    assert (sound, found) == ([], {code})
