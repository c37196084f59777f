"""Holders: an identity exists only under its passphrase, in a file that age's own tools read."""

import pytest

from marketplace.kernel.errors import Invalid
from marketplace.rounds.sealing import age, envelopes, holders
from marketplace.rounds.sealing.holders import Holder
from marketplace.rounds.words import Pair, Slot

PASSPHRASE = "K7QM-3XTP-9HWD-2NRC"
OTHER = "K7QM-3XTP-9HWD-2NRD"


@pytest.fixture(scope="module")
def holder() -> Holder:
    """One holder for all tests: each scrypt takes more than a second."""
    return holders.make(PASSPHRASE)


@pytest.fixture(scope="module")
def identity(holder: Holder) -> str:
    """The identity of the holder, unlocked with the passphrase as somebody might type it."""
    return holders.unlock(holder.wrapped, " k7qm3xtp 9hwd—2nrc")


def test_unlock_gives_the_identity_that_belongs_to_the_recipient(holder: Holder, identity: str) -> None:
    assert identity.startswith("AGE-SECRET-KEY-1")
    assert envelopes.own_check(identity, holder.recipient)


def test_what_is_stored_holds_no_secret(holder: Holder, identity: str) -> None:
    assert holder.wrapped.startswith(b"age-encryption.org/v1\n-> scrypt ")
    stored = repr(holder)
    assert identity not in stored
    assert PASSPHRASE not in stored
    assert b"AGE-SECRET-KEY" not in holder.wrapped


def test_unlock_refuses_a_wrong_passphrase(holder: Holder) -> None:
    with pytest.raises(Invalid) as refusal:
        holders.unlock(holder.wrapped, OTHER)

    assert refusal.value.code == "wrong_passphrase"
    assert OTHER not in refusal.value.message
    assert refusal.value.__cause__ is None


def test_unlock_refuses_what_was_altered(holder: Holder) -> None:
    altered = holder.wrapped[:-1] + bytes([holder.wrapped[-1] ^ 1])

    with pytest.raises(Invalid) as refusal:
        holders.unlock(altered, PASSPHRASE)

    assert refusal.value.code == "wrong_passphrase"


def test_unlock_does_not_blame_the_passphrase_for_a_slow_machine(holder: Holder) -> None:
    head, stanza, rest = holder.wrapped.split(b"\n", 2)
    harder = b"\n".join((head, stanza.rpartition(b" ")[0] + b" 40", rest))

    with pytest.raises(Invalid) as refusal:
        holders.unlock(harder, PASSPHRASE)

    assert refusal.value.code == "too_much_work"


def test_a_passphrase_of_ones_own_is_refused_before_any_work(holder: Holder) -> None:
    for refuse in (lambda: holders.make("123456"), lambda: holders.unlock(holder.wrapped, "123456")):
        with pytest.raises(Invalid) as refusal:
            refuse()
        assert refusal.value.code == "bad_passphrase"


def test_unlock_refuses_a_file_that_is_not_under_a_passphrase() -> None:
    identity = age.new_identity()
    sealed = age.encrypt(identity.encode(), [age.recipient_of(identity)])

    with pytest.raises(Invalid) as refusal:
        holders.unlock(sealed, PASSPHRASE)

    assert refusal.value.code == "wrong_passphrase"


def test_every_holder_has_a_name_and_the_pairs_are_all_pairs() -> None:
    assert set(holders.NAMES) == set(Slot)
    assert {frozenset(pair.slots) for pair in Pair} == {
        frozenset({Slot.A, Slot.B}),
        frozenset({Slot.A, Slot.S}),
        frozenset({Slot.B, Slot.S}),
    }
