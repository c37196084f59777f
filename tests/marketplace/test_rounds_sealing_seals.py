"""Sealed files: opened by their keys alone, by none after a single bit was altered; keys of bidders."""

import hashlib
import io
from typing import TYPE_CHECKING

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.errors import Invalid
from marketplace.rounds.sealing import age, seals
from marketplace.rounds.sealing.seals import Measure

if TYPE_CHECKING:
    from typing_extensions import Buffer

ROUND, BIDDER, STRANGER = (age.new_identity() for _ in range(3))
TO_ROUND, TO_BIDDER = age.recipient_of(ROUND), age.recipient_of(BIDDER)
PLAIN = "报价一百二十八万元".encode() * 20
SEALED = seals.seal(PLAIN, [TO_ROUND]).data
LOW_ORDER = "age1qy" + "q" * 50 + "j7vrya"
"""Well written, but a point of low order: who encrypts to it encrypts to everybody."""


class Full(io.BytesIO):
    """A disk with room for a few bytes."""

    def write(self, _piece: object) -> int:
        """Refuse as a full disk does."""
        raise OSError(28, "No space left on device")


class Stuck(io.BytesIO):
    """A file that takes nothing and says nothing."""

    def write(self, _piece: object) -> int:
        """Take nothing."""
        return 0


class Slow(io.BytesIO):
    """A file that takes a hundred bytes at a time."""

    def write(self, piece: "Buffer") -> int:
        """Take a beginning only."""
        return super().write(bytes(piece)[:100])


class Limited(io.BytesIO):
    """An upload that turns out to be too big."""

    def read(self, _limit: int | None = -1) -> bytes:
        """Refuse as an upload does."""
        raise Invalid("文件太大。", code="file_too_large")


def measure(data: bytes) -> Measure:
    """What a stream of these bytes measures."""
    return Measure(hashlib.sha256(data).hexdigest(), len(data))


def refused(data: bytes, identity: str) -> str:
    """The code of the refusal to open."""
    with pytest.raises(Invalid) as refusal:
        seals.unseal(data, identity)
    assert refusal.value.__cause__ is None
    return refusal.value.code


@given(st.binary(max_size=2000))
def test_a_sealed_file_opens_with_each_of_its_keys_and_no_other(plain: bytes) -> None:
    sealed = seals.seal(plain, [TO_ROUND, TO_BIDDER])

    assert (sealed.digest, sealed.size_bytes) == (hashlib.sha256(sealed.data).hexdigest(), len(sealed.data))
    assert seals.unseal(sealed.data, ROUND) == plain
    assert seals.unseal(sealed.data, BIDDER) == plain
    assert refused(sealed.data, STRANGER) == "cannot_open"


def test_the_same_bytes_are_never_sealed_into_the_same_file() -> None:
    assert seals.seal(PLAIN, [TO_ROUND]).digest != seals.seal(PLAIN, [TO_ROUND]).digest


def test_a_bidders_key_is_no_key_to_a_file_sealed_without_it() -> None:
    assert refused(SEALED, BIDDER) == "cannot_open"


@given(st.integers(0, len(SEALED) - 1), st.integers(0, 7))
def test_a_single_altered_bit_keeps_a_file_shut(place: int, bit: int) -> None:
    altered = bytearray(SEALED)
    altered[place] ^= 1 << bit

    assert refused(bytes(altered), ROUND) == "cannot_open"


@given(st.integers(0, len(SEALED) - 1))
def test_a_file_that_was_cut_off_or_added_to_does_not_open(length: int) -> None:
    assert refused(SEALED[:length], ROUND) == "cannot_open"
    assert refused(SEALED + SEALED[:length] + b"\0", ROUND) == "cannot_open"


def test_seal_refuses_nobody_and_what_is_no_recipient() -> None:
    with pytest.raises(ValueError, match="Missing recipients"):
        seals.seal(PLAIN, [])
    with pytest.raises(ValueError, match="Bech32"):
        seals.seal(PLAIN, [TO_ROUND, "somebody"])


@pytest.mark.parametrize("size_bytes", [0, 1, 65_536, 200_000])
def test_seal_file_measures_what_went_in_and_what_came_out(size_bytes: int) -> None:
    plain = bytes(range(256)) * (size_bytes // 256 + 1)
    plain = plain[:size_bytes]
    target = io.BytesIO()

    told = seals.seal_file(io.BytesIO(plain), target, [TO_ROUND, TO_BIDDER])

    opened = io.BytesIO()
    assert (told.plain, told.sealed) == (measure(plain), measure(target.getvalue()))
    assert seals.unseal(target.getvalue(), BIDDER) == plain
    assert seals.unseal_file(io.BytesIO(target.getvalue()), opened, ROUND) == measure(plain)
    assert opened.getvalue() == plain


def test_seal_file_measures_rightly_where_a_file_takes_little_at_a_time() -> None:
    target = Slow()

    told = seals.seal_file(io.BytesIO(PLAIN * 50), target, [TO_ROUND])

    assert told.sealed == measure(target.getvalue())
    assert seals.unseal(target.getvalue(), ROUND) == PLAIN * 50


def test_what_a_stream_raises_comes_out_as_it_was_raised() -> None:
    # The library keeps what is left in a buffer, and passes over a fault that comes as it empties it.
    for target, said in ((Full(), "No space left"), (Stuck(), "takes no more")):
        for plain in (b"", PLAIN, PLAIN * 200):
            with pytest.raises(OSError, match=said):
                seals.seal_file(io.BytesIO(plain), target, [TO_ROUND])
        with pytest.raises(OSError, match=said):
            seals.unseal_file(io.BytesIO(SEALED), target, ROUND)
    for run in (
        lambda: seals.seal_file(Limited(), io.BytesIO(), [TO_ROUND]),
        lambda: seals.unseal_file(Limited(), io.BytesIO(), ROUND),
    ):
        with pytest.raises(Invalid) as refusal:
            run()
        assert refusal.value.code == "file_too_large"


def test_unseal_file_refuses_another_key_and_an_altered_file() -> None:
    altered = SEALED[:-1] + bytes([SEALED[-1] ^ 1])

    for data, identity in ((SEALED, STRANGER), (altered, ROUND), (SEALED[:-20], ROUND), (b"", ROUND)):
        with pytest.raises(Invalid) as refusal:
            seals.unseal_file(io.BytesIO(data), io.BytesIO(), identity)
        assert refusal.value.code == "cannot_open"


def test_unseal_file_finds_that_whole_pieces_were_cut_off() -> None:
    """An age file is made of pieces of 64 KiB, each with a tag of 16 bytes; the last is marked as such."""
    sealed = seals.seal(bytes(3 * 65_536 + 1), [TO_ROUND]).data
    last = 1 + 16

    for kept in (len(sealed) - last, len(sealed) - last - 65_552, len(sealed) - last - 3 * 65_552):
        with pytest.raises(Invalid) as refusal:
            seals.unseal_file(io.BytesIO(sealed[:kept]), io.BytesIO(), ROUND)
        assert refusal.value.code == "cannot_open"


def test_seal_file_refuses_what_is_no_recipient() -> None:
    with pytest.raises(ValueError, match="Bech32"):
        seals.seal_file(io.BytesIO(PLAIN), io.BytesIO(), ["somebody"])


def test_recipient_gives_a_public_key_in_its_one_spelling() -> None:
    assert len(TO_BIDDER) == 62
    assert seals.recipient(f"  {TO_BIDDER}\n") == TO_BIDDER
    assert seals.recipient(TO_BIDDER.upper()) == TO_BIDDER


@pytest.mark.parametrize(
    "text",
    [
        "",
        "age1",
        TO_BIDDER[:-1],
        TO_BIDDER[:-1] + "b",
        f"{TO_BIDDER} {TO_ROUND}",
        "ssh-ed25519 AAAA",
        LOW_ORDER,
        "密钥\0",
    ],
    ids=["empty", "prefix", "cut off", "mistyped", "two", "another kind", "low order", "nonsense"],
)
def test_recipient_refuses_what_is_no_public_key_and_says_how_one_looks(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        seals.recipient(text)

    assert refusal.value.code == "bad_recipient"
    assert "以 age1 开头" in refusal.value.message


def test_a_key_of_low_order_is_a_wrong_input_and_no_panic() -> None:
    """Guards the example above: the library takes the key for well written, and panics when it is used."""
    assert pyrage.x25519.Recipient.from_str(LOW_ORDER)
    with pytest.raises(ValueError, match="cannot work with this input"):
        age.encrypt(PLAIN, [LOW_ORDER])


def test_recipient_warns_of_a_secret_key_and_does_not_repeat_it() -> None:
    for given_key in (BIDDER, BIDDER.lower()):
        with pytest.raises(Invalid) as refusal:
            seals.recipient(given_key)
        assert "私钥" in refusal.value.message
        assert given_key[16:] not in refusal.value.message


@given(st.text())
def test_recipient_never_fails_in_another_way(text: str) -> None:
    with pytest.raises(Invalid):
        seals.recipient(text)
