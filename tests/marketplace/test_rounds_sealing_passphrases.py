"""Passphrases: generated with 80 bits, read however they are typed, refused without being repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.errors import Invalid
from marketplace.rounds.sealing import passphrases

RANDOM = bytes(range(7, 17))
SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"


def made(random: bytes = RANDOM) -> str:
    """The passphrase of fixed bytes."""
    return passphrases.generate(lambda count: random[:count])


def refused(typed: str) -> str:
    """What is said to somebody who typed something that is no passphrase."""
    with pytest.raises(Invalid) as refusal:
        passphrases.clean(typed)
    assert refusal.value.code == "bad_passphrase"
    return refusal.value.message


def test_generate_asks_for_80_bits_and_gives_four_groups_of_four() -> None:
    asked = []

    def random_bytes(count: int) -> bytes:
        asked.append(count)
        return b"\xff" * count

    assert passphrases.generate(random_bytes) == "9999-9999-9999-9999"
    assert asked == [10]
    assert made(bytes(10)) == "AAAA-AAAA-AAAA-AAAA"


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_generate_gives_each_of_the_two_to_the_80_another_passphrase(first: bytes, second: bytes) -> None:
    assert (made(first) == made(second)) is (first == second)
    assert [len(group) for group in made(first).split("-")] == [4, 4, 4, 4]
    assert set(made(first)) <= {*SIGNS, "-"}


@given(st.binary(min_size=10, max_size=10), st.data())
def test_clean_reads_what_was_made_however_it_is_typed(random: bytes, data: st.DataObject) -> None:
    passphrase = made(random)
    spellings = {
        "0": "0OoＯ０",
        "1": "1IiLlＩ１",
        "V": "VvUuＶ",
        "-": ["", "-", " ", "－", "—", "\u2212", "　", "\u200b"],
    }
    typed = "".join(
        data.draw(st.sampled_from(spellings.get(sign, [sign, sign.lower(), chr(ord(sign) + 0xFEE0)])))
        for sign in passphrase
    )

    assert passphrases.clean(f" {typed}\n") == passphrase


@given(st.text(max_size=40))
def test_clean_gives_a_passphrase_or_a_refusal_and_nothing_else(typed: str) -> None:
    try:
        cleaned = passphrases.clean(typed)
    except Invalid:
        return
    assert passphrases.clean(cleaned) == cleaned
    assert set(cleaned.replace("-", "")) <= set(SIGNS)
    assert len(cleaned) == 19


@pytest.mark.parametrize(
    ("typed", "said"), [("", "0 个"), ("K7QM-3XTP-9HWD-2NR", "15 个"), ("K7QM3XTP9HWD2NRCA", "17 个")]
)
def test_clean_says_how_many_signs_there_are(typed: str, said: str) -> None:
    message = refused(typed)

    assert "口令有 16 个字符" in message
    assert said in message


@pytest.mark.parametrize("foreign", ["密", "*", "é", "²½", "ß", "ı", "😀"])
def test_clean_says_where_a_foreign_sign_stands_and_repeats_nothing(foreign: str) -> None:
    message = refused(f"K7QM-3X{foreign}P-9HWD-2NRC")

    assert "第 7 个" in message or "第 8 个" in message
    assert foreign not in message
    assert not any(group in message for group in ("K7QM", "3X", "9HWD", "2NRC"))
