"""Envelopes: any two of three holders open, one alone does not, whatever is stored."""

from dataclasses import replace
from itertools import permutations, product

import pytest

from marketplace.kernel.errors import Invalid
from marketplace.rounds.sealing import age, envelopes, seals
from marketplace.rounds.sealing.envelopes import RoundKey
from marketplace.rounds.words import Pair, Slot

IDENTITIES = {slot: age.new_identity() for slot in Slot}
RECIPIENTS = {slot: age.recipient_of(identity) for slot, identity in IDENTITIES.items()}
BID = b"the price is 1,280,000 yuan"


@pytest.fixture(scope="module")
def key() -> RoundKey:
    """The key of one round."""
    return envelopes.make(RECIPIENTS)


def left(first: Slot, second: Slot) -> bytes:
    """What one holder leaves for another."""
    return envelopes.hand_over(IDENTITIES[first], RECIPIENTS[second])


def refused(envelope: bytes, *, identity: str, hand_over: bytes, recipient: str) -> str:
    """The code of the refusal to open."""
    with pytest.raises(Invalid) as refusal:
        envelopes.unwrap(envelope, identity=identity, hand_over=hand_over, recipient=recipient)
    assert refusal.value.__cause__ is None
    return refusal.value.code


@pytest.mark.parametrize(("first", "second"), list(permutations(Slot, 2)))
def test_any_two_holders_open_a_bid_whoever_comes_first(key: RoundKey, first: Slot, second: Slot) -> None:
    sealed = seals.seal(BID, [key.recipient])
    (pair,) = [pair for pair in Pair if set(pair.slots) == {first, second}]

    secret = envelopes.unwrap(
        key.envelopes[pair], identity=IDENTITIES[second], hand_over=left(first, second), recipient=key.recipient
    )

    assert envelopes.own_check(secret, key.recipient)
    assert seals.unseal(sealed.data, secret) == BID


@pytest.mark.parametrize("alone", list(Slot))
def test_one_holder_alone_opens_nothing_with_any_stored_piece(key: RoundKey, alone: Slot) -> None:
    """Everything stored is tried with one identity, and what it opens is tried again, layer by layer."""
    identity = IDENTITIES[alone]
    sealed = seals.seal(BID, [key.recipient])
    # What the first opener left before the second came: for the others, never for itself.
    stored = [sealed.data, *key.envelopes.values(), *(left(alone, other) for other in Slot if other is not alone)]
    opened: list[bytes] = []
    while stored:
        piece = stored.pop()
        try:
            found = age.decrypt(piece, [identity])
        except ValueError:
            continue
        opened.append(found)
        stored.append(found)

    layers = sum(pair.slots[0] is alone for pair in Pair)
    assert len(opened) == layers
    assert not any(b"AGE-SECRET-KEY" in found or BID in found for found in opened)
    for pair, other in product(Pair, Slot):
        if other is not alone:
            assert (
                refused(key.envelopes[pair], identity=identity, hand_over=left(alone, other), recipient=key.recipient)
                == "wrong_hand_over"
            )


def test_unwrap_refuses_the_envelope_of_another_pair(key: RoundKey) -> None:
    for pair in Pair:
        first, second = pair.slots
        for other in set(Pair) - {pair}:
            assert (
                refused(
                    key.envelopes[other],
                    identity=IDENTITIES[second],
                    hand_over=left(first, second),
                    recipient=key.recipient,
                )
                == "wrong_envelope"
            )


def test_unwrap_refuses_the_envelope_of_another_round(key: RoundKey) -> None:
    other = envelopes.make(RECIPIENTS)

    code = refused(
        other.envelopes[Pair.AB],
        identity=IDENTITIES[Slot.B],
        hand_over=left(Slot.A, Slot.B),
        recipient=key.recipient,
    )

    assert code == "wrong_envelope"


def test_unwrap_refuses_what_was_left_by_somebody_from_outside(key: RoundKey) -> None:
    stranger = envelopes.hand_over(age.new_identity(), RECIPIENTS[Slot.B])
    nonsense = age.encrypt(b"\xff\x00 no identity", [RECIPIENTS[Slot.B]])
    sentence = age.encrypt(b"no identity", [RECIPIENTS[Slot.B]])

    codes = [
        refused(key.envelopes[Pair.AB], identity=IDENTITIES[Slot.B], hand_over=one, recipient=key.recipient)
        for one in (stranger, nonsense, sentence, b"")
    ]

    assert codes == ["wrong_envelope", "wrong_hand_over", "wrong_envelope", "wrong_hand_over"]


def test_unwrap_refuses_an_altered_envelope_and_an_altered_hand_over(key: RoundKey) -> None:
    envelope, given = key.envelopes[Pair.AB], left(Slot.A, Slot.B)

    for place in range(0, len(envelope), 41):
        altered = envelope[:place] + bytes([envelope[place] ^ 4]) + envelope[place + 1 :]
        assert (
            refused(altered, identity=IDENTITIES[Slot.B], hand_over=given, recipient=key.recipient) == "wrong_envelope"
        )
    for place in range(0, len(given), 41):
        altered = given[:place] + bytes([given[place] ^ 4]) + given[place + 1 :]
        assert (
            refused(envelope, identity=IDENTITIES[Slot.B], hand_over=altered, recipient=key.recipient)
            == "wrong_hand_over"
        )


def test_make_gives_every_round_a_secret_of_its_own_and_keeps_none(key: RoundKey) -> None:
    assert envelopes.make(RECIPIENTS).recipient != key.recipient
    assert set(key.envelopes) == set(Pair)
    assert "AGE-SECRET-KEY" not in repr(key)


def test_make_refuses_two_holders_that_are_one() -> None:
    with pytest.raises(Invalid) as refusal:
        envelopes.make(RECIPIENTS | {Slot.S: RECIPIENTS[Slot.A]})

    assert refusal.value.code == "same_holder"


def test_make_refuses_a_missing_holder_and_a_recipient_that_is_none() -> None:
    with pytest.raises(ValueError, match="3 holders, not 2"):
        envelopes.make({Slot.A: RECIPIENTS[Slot.A], Slot.B: RECIPIENTS[Slot.B]})
    with pytest.raises(ValueError, match="Bech32"):
        envelopes.make(RECIPIENTS | {Slot.S: "age1nobody"})


def test_hand_over_is_for_somebody_else() -> None:
    with pytest.raises(ValueError, match="themselves"):
        envelopes.hand_over(IDENTITIES[Slot.A], RECIPIENTS[Slot.A])


def test_own_check_tells_whose_an_identity_is() -> None:
    table = [
        [envelopes.own_check(identity, recipient) for recipient in RECIPIENTS.values()]
        for identity in IDENTITIES.values()
    ]

    assert table == [[row == column for column in range(3)] for row in range(3)]
    assert not envelopes.own_check("no identity", RECIPIENTS[Slot.A])


def test_check_pairs_passes_what_make_made(key: RoundKey) -> None:
    envelopes.check_pairs(key, IDENTITIES)


def test_check_pairs_finds_an_envelope_that_is_another_pairs(key: RoundKey) -> None:
    swapped = replace(key, envelopes={**key.envelopes, Pair.AS: key.envelopes[Pair.AB]})

    with pytest.raises(RuntimeError, match="pair as does not open"):
        envelopes.check_pairs(swapped, IDENTITIES)


def test_check_pairs_finds_an_envelope_that_one_holder_opens_alone(key: RoundKey) -> None:
    secret = envelopes.unwrap(
        key.envelopes[Pair.AB],
        identity=IDENTITIES[Slot.B],
        hand_over=left(Slot.A, Slot.B),
        recipient=key.recipient,
    )
    both = [RECIPIENTS[Slot.A], RECIPIENTS[Slot.B]]
    weak = age.encrypt(age.encrypt(secret.encode(), both), both)

    with pytest.raises(RuntimeError, match="one holder alone opens the envelope ab"):
        envelopes.check_pairs(replace(key, envelopes={**key.envelopes, Pair.AB: weak}), IDENTITIES)
