"""Joint bids: each partner confirms for itself, nobody stands in two bids of one track, and who is sealed in stays in."""

from pathlib import Path

import pytest

from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotFound, Refusal
from marketplace.rounds import opening
from marketplace.rounds.bid_tables import BidMember
from marketplace.rounds.bidding import drafts, members, submissions
from marketplace.rounds.words import BidState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_acts import DAY, amend, open_bids, refused, seal, state_of, told
from tests.marketplace.round_market import PUBLISH_AT, Scene

LATER = PUBLISH_AT + DAY


def ask(store: Store, lead: Actor, bid_id: str, partner: Actor | str) -> None:
    """Let the lead ask a unit to take part."""
    unit = partner if isinstance(partner, str) else partner.organisation_id
    assert unit is not None
    with store.writing() as session:
        members.ask(session, lead, bid_id, unit, now=LATER, new_id=NEW_ID)


def answer(store: Store, partner: Actor, bid_id: str, *, confirms: bool = True) -> None:
    """Let a partner confirm or decline."""
    with store.writing() as session:
        members.answer(session, partner, bid_id, confirms=confirms, now=LATER)


def remove(store: Store, lead: Actor, bid_id: str, partner: Actor) -> None:
    """Let the lead take a partner out."""
    assert partner.organisation_id is not None
    with store.writing() as session:
        members.remove(session, lead, bid_id, partner.organisation_id, now=LATER)


def submit(store: Store, scene: Scene, lead: Actor, bid_id: str) -> None:
    """Fill a bid and hand it in."""
    market.submit(store, scene, lead, bid_id, version=market.fill(store, scene, lead, bid_id), arrived=LATER)


def take_up(store: Store, bidder: Actor, bid_id: str) -> None:
    """Open a draft again."""
    with store.writing() as session:
        drafts.take_up(session, bidder, bid_id, now=LATER, new_id=NEW_ID)


def withdraw(store: Store, bidder: Actor, bid_id: str) -> None:
    """Take a bid back."""
    with store.writing() as session:
        submissions.withdraw(session, bidder, bid_id, arrived=LATER, now=LATER)


def units(store: Store, *names: str) -> list[Actor]:
    """A person of each of some OPCs."""
    return [market.make_bidder(store, f"联合单位{name}", email=f"{name}@example.com") for name in names]


def test_a_joint_bid_waits_for_everybody_who_was_asked_and_has_not_declined(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    lead, first, second, stranger = units(store, "tou", "yi", "er", "lu")
    bid_id = market.begin_bid(store, scene, lead)

    ask(store, lead, bid_id, first)
    ask(store, lead, bid_id, first)
    ask(store, lead, bid_id, second)
    for wrong in (lead, scene.table.need_unit):
        with refused("not_a_supplier", Invalid):
            ask(store, lead, bid_id, wrong)
    with refused("bid_missing", NotFound):
        ask(store, stranger, bid_id, first)
    with refused("not_asked", NotFound):
        answer(store, stranger, bid_id)
    with refused("partners_unconfirmed"):
        submit(store, scene, lead, bid_id)
    with store.reading() as session:
        assert told(session, first.account_id, "邀请您的单位联合申报") == 1
        asked = members.asked(session, first, bid_id)
        assert (asked.lead, asked.member.confirmed_at) == ("联合单位tou", None)
        # A partner learns that it is asked, and nothing of what the bid says.
        with refused("bid_missing", NotFound):
            drafts.get(session, first, bid_id)
    answer(store, first, bid_id)
    answer(store, second, bid_id, confirms=False)
    submit(store, scene, lead, bid_id)

    with refused("handed_in_together"):
        answer(store, first, bid_id, confirms=False)
    with refused("handed_in_together"):
        remove(store, lead, bid_id, first)
    with refused("partner_elsewhere"):
        market.begin_bid(store, scene, first)
    assert market.begin_bid(store, scene, second)  # who declined is free
    seal(store, scene)
    open_bids(store, scene)
    with store.reading() as session:
        said, _ = opening.minutes(session, scene.round_id)
        assert [(one["organisation"], one["partners"]) for one in said["bids"]] == [("联合单位tou", ["联合单位yi"])]
    for late in (lambda: ask(store, lead, bid_id, second), lambda: answer(store, second, bid_id)):
        with pytest.raises(Refusal):
            late()


def test_nobody_stands_in_two_bids_of_one_track_by_whatever_way(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    lead, partner, other = units(store, "tou", "yi", "er")
    joint = market.begin_bid(store, scene, lead)
    alone = market.begin_bid(store, scene, partner)
    ask(store, lead, joint, partner)
    with refused("bids_alone_besides"):
        answer(store, partner, joint)
    submit(store, scene, partner, alone)
    with refused("bids_alone_besides"):
        answer(store, partner, joint)
    withdraw(store, partner, alone)
    answer(store, partner, joint)
    with refused("partner_elsewhere"):
        take_up(store, partner, alone)  # not by the way of an older bid either
    assert state_of(store, alone) is BidState.WITHDRAWN

    # In two teams at once: the second team is not handed in.
    second = market.begin_bid(store, scene, other)
    ask(store, other, second, partner)
    answer(store, partner, second)
    with refused("bids_alone_besides"):
        submit(store, scene, other, second)
    remove(store, other, second, partner)
    submit(store, scene, other, second)
    submit(store, scene, lead, joint)

    # Once the joint bid is withdrawn, its partner bids alone again.
    withdraw(store, lead, joint)
    take_up(store, partner, alone)
    submit(store, scene, partner, alone)
    take_up(store, lead, joint)
    with refused("bids_alone_besides"):
        submit(store, scene, lead, joint)


def test_a_lead_that_is_a_partner_elsewhere_hands_nothing_in(store: Store, tmp_path: Path) -> None:
    """Two acts at the same moment could bring both about, each unseen by the other: then none is handed in."""
    scene = market.open_round(store, tmp_path)
    lead, partner = units(store, "tou", "yi")
    joint = market.begin_bid(store, scene, lead)
    ask(store, lead, joint, partner)
    with store.writing() as session:
        row = session.get_one(BidMember, (joint, partner.organisation_id))
        alone = drafts.begin(session, partner, scene.round_id, "t1", now=LATER, new_id=NEW_ID)
        row.confirmed_at, row.confirmed_by = LATER, partner.account_id

    with refused("another_live_bid"):
        submit(store, scene, partner, alone)
    with refused("bids_alone_besides"):
        submit(store, scene, lead, joint)
    answer(store, partner, joint, confirms=False)
    submit(store, scene, partner, alone)
    submit(store, scene, lead, joint)


def test_a_team_has_as_many_partners_as_the_procedure_allows(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    lead, *partners = units(store, "tou", "yi", "er", "san", "si", "wu")
    bid_id = market.begin_bid(store, scene, lead)
    for one in partners[:4]:
        ask(store, lead, bid_id, one)
    with refused("too_many_partners"):
        ask(store, lead, bid_id, partners[4])
    answer(store, partners[0], bid_id, confirms=False)
    ask(store, lead, bid_id, partners[4])
    with refused("too_many_partners"):
        ask(store, lead, bid_id, partners[0])
    remove(store, lead, bid_id, partners[1])
    ask(store, lead, bid_id, partners[0])  # who declined may be asked again
    answer(store, partners[0], bid_id)
    answer(store, partners[0], bid_id, confirms=False)  # and leave again, until it is handed in
    with refused("partners_unconfirmed"):
        submit(store, scene, lead, bid_id)
    for one in partners[2:]:
        answer(store, one, bid_id)
    submit(store, scene, lead, bid_id)
    with store.reading() as session:
        told_of = members.of(session, bid_id)
        assert {one.name for one in told_of if one.confirmed_at} == {f"联合单位{name}" for name in ("san", "si", "wu")}


def test_a_procedure_may_allow_no_partners_at_all(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path, procedure="subsidy")
    lead, partner = units(store, "tou", "yi")
    bid_id = market.begin_bid(store, scene, lead)
    with refused("too_many_partners"):
        ask(store, lead, bid_id, partner)


def test_who_is_asked_after_an_addendum_must_confirm_before_it_is_confirmed(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    lead, partner = units(store, "tou", "yi")
    bid_id = market.begin_bid(store, scene, lead)
    submit(store, scene, lead, bid_id)
    amend(store, scene, {"terms": "补充"}, now=LATER)
    ask(store, lead, bid_id, partner)

    def confirm() -> None:
        with store.writing(durable=True) as session:
            submissions.reconfirm(session, lead, bid_id, number=2, arrived=LATER, now=LATER)

    with refused("partners_unconfirmed"):
        confirm()
    answer(store, partner, bid_id)
    confirm()
    seal(store, scene)
    open_bids(store, scene)
    with store.reading() as session:
        said, _ = opening.minutes(session, scene.round_id)
        # What was sealed names no partner: the minutes say what was sealed.
        assert [one["partners"] for one in said["bids"]] == [[]]


def test_who_declined_may_think_again_and_learns_nothing_of_what_was_handed_in(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    lead, declining, partner = units(store, "tou", "yi", "er")
    bid_id = market.begin_bid(store, scene, lead)
    ask(store, lead, bid_id, declining)
    answer(store, declining, bid_id, confirms=False)
    with store.reading() as session:
        assert members.asked(session, declining, bid_id).member.declined_at == LATER
    ask(store, lead, bid_id, partner)
    answer(store, partner, bid_id)
    submit(store, scene, lead, bid_id)

    with store.reading() as session:
        assert members.asked(session, partner, bid_id).state is BidState.SUBMITTED
        with refused("not_asked", NotFound):
            members.asked(session, declining, bid_id)
    with refused("not_asked", NotFound):
        answer(store, declining, bid_id)
    withdraw(store, lead, bid_id)
    take_up(store, lead, bid_id)
    answer(store, declining, bid_id)
