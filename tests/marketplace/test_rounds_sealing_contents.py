"""Contents of a bid: the same bytes for the same contents, sizes that tell little, and nothing else is read."""

import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.rounds.sealing import contents
from marketplace.rounds.sealing.contents import Attachment, Contents

DIGEST = "0123456789abcdef" * 4
PLAN = Attachment("实施方案.pdf", "plan", 4_200_000, DIGEST, DIGEST[::-1])
BID = Contents(
    {"summary": "以无人机巡检 12 处河道", "months": 6, "team": ["甲", "乙"]}, {"total_fen": 128_000_000}, (PLAN,)
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAME = st.text(min_size=1).filter(str.strip)
HASH = st.text("0123456789abcdef", min_size=64, max_size=64)
ATTACHMENT = st.builds(Attachment, NAME, NAME, st.integers(min_value=0), HASH, HASH)
OBJECT = st.dictionaries(st.text(), JSON, max_size=4)


def entries_of(data: bytes) -> dict[str, bytes]:
    """The entries of a ZIP, by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(entries: list[tuple[str, bytes]], *, compressed: str = "", block: int = 4096) -> bytes:
    """A ZIP that somebody else might write, filled up to whole blocks as far as its padding allows."""

    def written(padding: int) -> bytes:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            for name, data in entries:
                method = zipfile.ZIP_DEFLATED if name == compressed else zipfile.ZIP_STORED
                archive.writestr(name, data + bytes(padding if name == "padding" else 0), method)
        return held.getvalue()

    return written(-len(written(0)) % block)


def genuine() -> dict[str, bytes]:
    """The entries of a sound bid, with empty padding."""
    return entries_of(contents.pack(BID)) | {"padding": b""}


@given(st.builds(Contents, OBJECT, OBJECT, st.lists(ATTACHMENT, max_size=3).map(tuple)))
def test_pack_is_read_back_as_it_was(bid: Contents) -> None:
    data = contents.pack(bid)

    assert contents.unpack(data) == bid
    assert contents.pack(contents.unpack(data)) == data
    assert len(data) % 4096 == 0


def test_pack_gives_the_same_bytes_in_whatever_order_the_fields_came() -> None:
    turned = replace(BID, answers=dict(reversed(BID.answers.items())))

    assert contents.pack(turned) == contents.pack(BID)


def test_pack_keeps_the_price_in_a_file_of_its_own() -> None:
    entries = entries_of(contents.pack(BID))

    assert list(entries) == ["format", "answers.json", "price.json", "attachments.json", "padding"]
    assert entries["price.json"] == b'{"total_fen":128000000}'
    assert b"128000000" not in entries["answers.json"]


def test_the_size_says_nothing_about_the_digits_of_a_price() -> None:
    sizes = {len(contents.pack(replace(BID, price={"total_fen": 10**digits}))) for digits in range(1, 13)}

    assert sizes == {4096}


@pytest.mark.parametrize(
    "answers",
    [{"a": float("nan")}, {"a": (1, 2)}, {"a": {1: "one"}}, {"a": {1, 2}}, {"a": "\ud800"}, {"a": b"bytes"}],
    ids=["nan", "tuple", "number for a name", "set", "surrogate", "bytes"],
)
def test_pack_refuses_what_json_cannot_hold(answers: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"JSON|surrogates"):
        contents.pack(replace(BID, answers=answers))


def test_pack_refuses_what_is_nested_without_end() -> None:
    endless: list[object] = []
    for _ in range(100_000):
        endless = [endless]

    with pytest.raises(ValueError, match="JSON"):
        contents.pack(replace(BID, answers={"a": endless}))


def test_pack_refuses_more_than_the_limit() -> None:
    with pytest.raises(ValueError, match="more than the 4194304"):
        contents.pack(replace(BID, answers={"a": "x" * contents.LIMIT_BYTES}))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(PLAN, name=""),
        replace(PLAN, kind=" "),
        replace(PLAN, size_bytes=-1),
        replace(PLAN, digest=DIGEST.upper()),
        replace(PLAN, sealed_digest=DIGEST[:-1]),
    ],
)
def test_pack_refuses_an_attachment_that_is_not_described(wrong: Attachment) -> None:
    with pytest.raises(ValueError, match="not a"):
        contents.pack(replace(BID, attachments=(wrong,)))


def test_unpack_reads_a_zip_that_another_program_wrote() -> None:
    assert contents.unpack(zipped(list(genuine().items()))) == BID


@pytest.mark.parametrize("name", ["format", "answers.json", "price.json", "attachments.json", "padding"])
def test_unpack_refuses_a_missing_entry_and_one_that_stands_twice(name: str) -> None:
    entries = genuine()
    without = [(one, data) for one, data in entries.items() if one != name]

    with pytest.raises(ValueError, match=r"entries are not|no multiple"):
        contents.unpack(zipped(without))
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped([*entries.items(), (name, entries[name])])
    with pytest.raises(ValueError, match=r"entries are not|no multiple"):
        contents.unpack(twice)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("format", b"jiebang-bid-2", "not the format"),
        ("answers.json", b'{"a": 1}', "one spelling"),
        ("answers.json", b'{"a":1,"a":2}', "stands twice"),
        ("answers.json", b"[]", "not a JSON object"),
        ("price.json", b'{"total_fen":NaN}', "no JSON"),
        ("price.json", b"", "Expecting value"),
        ("attachments.json", b"{}", "not a list"),
        ("attachments.json", b'[{"name":"a"}]', "not an object of"),
        ("padding", b"hidden", "padding is not empty"),
    ],
)
def test_unpack_refuses_what_pack_would_not_write(name: str, data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        contents.unpack(zipped(list((genuine() | {name: data}).items())))


def test_unpack_refuses_a_foreign_entry_compression_and_odd_sizes() -> None:
    entries = list(genuine().items())

    with pytest.raises(ValueError, match="entries are not"):
        contents.unpack(zipped([*entries, ("../evil", b"")]))
    with pytest.raises(ValueError, match="an entry is compressed"):
        contents.unpack(zipped(entries, compressed="answers.json"))
    with pytest.raises(ValueError, match="no multiple"):
        contents.unpack(zipped(entries, block=1))
    with pytest.raises(ValueError, match="more than"):
        contents.unpack(bytes(contents.LIMIT_BYTES + 4096))


@given(st.integers(0, 4095), st.integers(1, 255))
def test_unpack_of_altered_bytes_is_refused_or_gives_the_same(place: int, change: int) -> None:
    """A ZIP has bits that say nothing; no altered one may give other contents, or fail in any other way."""
    data = bytearray(contents.pack(BID))
    data[place] ^= change
    try:
        found = contents.unpack(bytes(data))
    except ValueError:
        return
    assert found == BID


@given(st.binary(max_size=200).map(lambda head: head + bytes(-len(head) % 4096)))
def test_unpack_of_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"ZIP|entries"):
        contents.unpack(data)
