"""The moves of a dealing, cell by cell: what is written here by hand is all that is possible."""

import itertools

import pytest

from marketplace.dealings.rules import places, stages
from marketplace.dealings.rules.contacts import faults_of_contact, faults_of_message
from marketplace.dealings.words import Event, Party, Place, Stage

LIVE = {
    "ask": "need opc",
    "grant": "need opc organiser",
    "decline": "need opc organiser",
    "withdraw": "need opc",
    "end": "need opc organiser",
    "note": "need opc organiser",
}
ACQUAINTED = {**LIVE, "intend": "need opc organiser", "sign": "need opc organiser"}
POSSIBLE: dict[str | None, dict[str, str]] = {
    None: {"express": "need opc", "introduce": "organiser"},
    "interest": {**LIVE, "introduce": "organiser"},
    "introduced": {**ACQUAINTED, "meet": "need opc organiser"},
    "contact": {**ACQUAINTED, "meet": "need opc organiser"},
    "met": ACQUAINTED,
    "intent": ACQUAINTED,
    "claimed": {
        "confirm": "need opc organiser",
        "dispute": "need opc organiser",
        "retract": "need opc organiser",
        "note": "need opc organiser",
    },
    "signed": {"note": "need opc organiser"},
    "ended": {"reopen": "need opc", "introduce": "organiser", "note": "need opc organiser"},
}
LEADS = {
    (None, "express"): "interest",
    (None, "introduce"): "introduced",
    ("interest", "introduce"): "introduced",
    ("interest", "grant"): "contact",
    ("introduced", "grant"): "contact",
    ("introduced", "meet"): "met",
    ("contact", "meet"): "met",
    ("introduced", "intend"): "intent",
    ("contact", "intend"): "intent",
    ("met", "intend"): "intent",
    ("claimed", "confirm"): "signed",
    ("claimed", "dispute"): "intent",
    ("claimed", "retract"): "intent",
    ("ended", "reopen"): "interest",
    ("ended", "introduce"): "introduced",
}
"""Where an event leads elsewhere than to the stage it comes from; `sign` leads to claimed and `end` to ended."""

CELLS = list(itertools.product([None, *Stage], Event))


@pytest.mark.parametrize(("stage", "event"), CELLS)
def test_every_cell_of_the_table(stage: Stage | None, event: Event) -> None:
    from_ = None if stage is None else stage.value
    who = set(POSSIBLE[from_].get(event.value, "").split())
    otherwise = {"sign": "claimed", "end": "ended"}.get(event.value, from_)

    found = stages.move(stage, event)

    assert {party.value for party in (found.who if found else ())} == who
    assert (found.to.value if found else None) == (LEADS.get((from_, event.value), otherwise) if who else None)


@pytest.mark.parametrize("party", Party)
@pytest.mark.parametrize("event", [Event.CONFIRM, Event.DISPUTE])
def test_nobody_confirms_or_disputes_its_own_claim(event: Event, party: Party) -> None:
    assert (
        stages.may(Stage.CLAIMED, event, party, is_mover=True),
        stages.may(Stage.CLAIMED, event, party, is_mover=False),
    ) == (False, True)


@pytest.mark.parametrize("party", Party)
def test_only_the_claimant_retracts(party: Party) -> None:
    assert (
        stages.may(Stage.CLAIMED, Event.RETRACT, party, is_mover=True),
        stages.may(Stage.CLAIMED, Event.RETRACT, party, is_mover=False),
    ) == (True, False)


def test_a_second_organiser_is_another_pair_of_eyes() -> None:
    told = {
        (claimed, party, same): stages.is_claimant(claimed_by=claimed, party=party, is_same_account=same)
        for claimed, party, same in (
            (Party.ORGANISER, Party.ORGANISER, True),
            (Party.ORGANISER, Party.ORGANISER, False),
            (Party.OPC, Party.OPC, False),
            (Party.OPC, Party.NEED, False),
            (None, Party.OPC, True),
        )
    }

    assert told == {
        (Party.ORGANISER, Party.ORGANISER, True): True,
        (Party.ORGANISER, Party.ORGANISER, False): False,
        (Party.OPC, Party.OPC, False): True,
        (Party.OPC, Party.NEED, False): False,
        (None, Party.OPC, True): False,
    }


@pytest.mark.parametrize(
    ("stage", "opened_by", "claimed_by", "asked_by", "expected"),
    [
        (Stage.INTEREST, Party.OPC, None, None, {Party.NEED}),
        (Stage.INTEREST, Party.NEED, None, None, {Party.OPC}),
        (Stage.INTEREST, Party.OPC, None, Party.NEED, {Party.OPC}),
        (Stage.INTRODUCED, Party.ORGANISER, None, None, set()),
        (Stage.INTRODUCED, Party.ORGANISER, None, Party.OPC, {Party.NEED}),
        (Stage.CONTACT, Party.OPC, None, None, set()),
        (Stage.CLAIMED, Party.OPC, Party.OPC, None, {Party.NEED}),
        (Stage.CLAIMED, Party.OPC, Party.NEED, None, {Party.OPC}),
        (Stage.CLAIMED, Party.OPC, Party.ORGANISER, None, {Party.NEED, Party.OPC}),
        (Stage.SIGNED, Party.OPC, Party.OPC, None, set()),
        (Stage.ENDED, Party.OPC, None, None, set()),
    ],
)
def test_who_is_waited_for(
    stage: Stage, opened_by: Party, claimed_by: Party | None, asked_by: Party | None, expected: set[Party]
) -> None:
    assert stages.waits_for(stage, opened_by=opened_by, claimed_by=claimed_by, asked_by=asked_by) == expected


PLACES = {
    ("invited", "joined"): (False, True),
    ("invited", "declined"): (False, True),
    ("joined", "left"): (False, True),
    ("invited", "removed"): (True, False),
    ("joined", "removed"): (True, False),
    ("declined", "invited"): (True, False),
    ("left", "invited"): (True, False),
    ("removed", "invited"): (True, False),
}


@pytest.mark.parametrize(("from_", "to"), list(itertools.product(Place, Place)))
def test_every_change_of_place(from_: Place, to: Place) -> None:
    lead = places.may(from_, to, is_lead=True, is_member=False)
    member = places.may(from_, to, is_lead=False, is_member=True)

    assert (lead, member) == PLACES.get((from_.value, to.value), (False, False))


@pytest.mark.parametrize(
    ("name", "phone", "email", "expected"),
    [
        ("周敏", "13912341234", "", []),
        ("周敏", "", "zhoumin@example.com", []),
        ("周敏", "0599-8001234 转 12", "zhoumin@example.com", []),
        ("", "13912341234", "", ["name"]),
        ("周" * 61, "13912341234", "", ["name"]),
        ("周敏", "", "", ["phone"]),
        ("周敏", "打我电话", "", ["phone"]),
        ("周敏", "<script>alert(1)</script>", "", ["phone"]),
        ("周敏", "", "zhoumin", ["email"]),
        ("周敏", "", "a b@example.com", ["email"]),
    ],
)
def test_what_a_contact_must_say(name: str, phone: str, email: str, expected: list[str]) -> None:
    assert list(faults_of_contact(name, phone, email)) == expected


@pytest.mark.parametrize(
    ("message", "is_sound"), [("想谈", True), ("  ", False), ("长" * 500, True), ("长" * 501, False)]
)
def test_what_a_message_must_say(message: str, is_sound: bool) -> None:
    assert (not faults_of_message(message)) == is_sound
