"""Receipts and manifests as files: read back as they were, or refused in words."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.errors import Invalid
from marketplace.rounds.sealing import manifests, receipts, verification
from marketplace.rounds.sealing.manifests import Manifest, ManifestEntry
from marketplace.rounds.sealing.receipts import Receipt
from marketplace.rounds.words import Fate
from tests.marketplace.held_receipts import (
    FIRST,
    HELD,
    LAPSED,
    MANIFEST,
    OTHER,
    OTHER_VALUES,
    SECOND_VERSION,
    TAKEN_BACK,
)

TEXT = st.text(min_size=1).filter(str.strip)
HASH = st.text("0123456789abcdef", min_size=64, max_size=64)
MOMENT = st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds it
COUNT = st.integers(min_value=1)
RECEIPT = st.builds(
    Receipt,
    *(TEXT, TEXT, TEXT, HASH, TEXT, COUNT, TEXT, MOMENT, HASH, COUNT, COUNT, COUNT, HASH),
    st.text("0123456789abcdef", min_size=32, max_size=32),
)
ENTRY = st.builds(ManifestEntry, TEXT, COUNT, HASH, COUNT, MOMENT, HASH, st.sampled_from(Fate))
ENTRIES = st.lists(ENTRY, max_size=4, unique_by=lambda one: (one.bid_id, one.version)).map(
    lambda found: tuple(sorted(found, key=lambda one: (one.bid_id, one.version)))
)
ANY_MANIFEST = st.builds(Manifest, TEXT, TEXT, HASH, st.just(MANIFEST.public_key), MOMENT, MOMENT, ENTRIES)


def refused(read: Callable[[bytes], object], data: bytes) -> tuple[str, str]:
    """The code and the sentence of a refusal to read."""
    with pytest.raises(Invalid) as refusal:
        read(data)
    assert refusal.value.__cause__ is None
    return refusal.value.code, refusal.value.message


@given(RECEIPT, RECEIPT)
def test_a_receipt_is_read_back_as_it_was_and_each_has_its_digest(one: Receipt, other: Receipt) -> None:
    assert receipts.of_json(receipts.as_json(one)) == one
    assert (receipts.digest(one) == receipts.digest(other)) is (one == other)


@given(ANY_MANIFEST)
def test_a_manifest_is_read_back_as_it_was_and_the_digest_is_the_files(manifest: Manifest) -> None:
    data = manifests.as_json(manifest)

    assert manifests.of_json(data) == manifest
    assert manifests.digest(manifest) == hashlib.sha256(data).hexdigest()


@given(RECEIPT, ANY_MANIFEST)
def test_verify_answers_whatever_it_is_given(receipt: Receipt, manifest: Manifest) -> None:
    found = {check.code: check.passed for check in verification.verify(receipt, file_digest=None, manifest=manifest)}

    assert found["listed"] is ((receipt.bid_id, receipt.version) in {(e.bid_id, e.version) for e in manifest.entries})
    assert found["file"] is None


def test_a_paper_saved_by_an_editor_is_still_read() -> None:
    resaved = b"\xef\xbb\xbf" + json.dumps(json.loads(manifests.as_json(MANIFEST)), indent=4).encode()

    assert manifests.of_json(resaved) == MANIFEST


def test_papers_of_another_kind_are_refused_by_name() -> None:
    code, message = refused(receipts.of_json, manifests.as_json(MANIFEST))
    assert (code, "不是申报回执" in message) == ("foreign_paper", True)
    code, message = refused(manifests.of_json, receipts.as_json(HELD))
    assert (code, "不是封存清单" in message) == ("foreign_paper", True)
    later = receipts.as_json(HELD).replace(b"jiebang-receipt-1", b"jiebang-receipt-2")
    assert refused(receipts.of_json, later)[0] == "foreign_paper"


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"null", b"[]", b"{}", b'{"format":1}', b"[" * 100_000, b"%PDF-1.7"]
)
def test_what_is_no_paper_is_refused(data: bytes) -> None:
    for read in (receipts.of_json, manifests.of_json):
        assert refused(read, data)[0] == "not_a_paper"


@pytest.mark.parametrize("name", list(OTHER_VALUES))
def test_a_receipt_is_refused_where_a_field_is_missing_foreign_or_malformed(name: str) -> None:
    record = json.loads(receipts.as_json(HELD))
    wrong = [{one: value for one, value in record.items() if one != name}, record | {f"{name}_": 1}]
    wrong += [record | {name: value} for value in (None, "", " ", 0, -1, 1.0, True, [], {})]

    for one in wrong:
        assert refused(receipts.of_json, json.dumps(one).encode())[0] == "damaged_paper"


def test_a_receipt_is_refused_where_a_name_stands_twice() -> None:
    data = receipts.as_json(HELD).replace(b'"version": 3', b'"version": 2, "version": 3')

    assert refused(receipts.of_json, data)[0] == "not_a_paper"


@pytest.mark.parametrize("at", ["2026-11-27", "2026-11-27T09:29:59", "2026-11-27T17:29:59.000000+08:00", "昨天", 5])
def test_a_receipt_is_refused_where_a_moment_is_not_in_its_one_spelling(at: object) -> None:
    record = json.loads(receipts.as_json(HELD)) | {"received_at": at}

    assert refused(receipts.of_json, json.dumps(record).encode())[0] == "damaged_paper"


@pytest.mark.parametrize("text", ["\ud800", "x\udfff"])
def test_a_receipt_is_refused_where_a_text_cannot_be_written(text: str) -> None:
    record = json.loads(receipts.as_json(HELD)) | {"platform": text}

    assert refused(receipts.of_json, json.dumps(record).encode())[0] == "damaged_paper"


@pytest.mark.parametrize(
    "change",
    [
        {"public_key": "age1nobody"},
        {"public_key": MANIFEST.public_key.upper()},
        {"entries": {}},
        {"entries": [[]]},
        {"deadline": None},
    ],
)
def test_a_manifest_is_refused_where_it_is_malformed(change: dict[str, object]) -> None:
    record = json.loads(manifests.as_json(MANIFEST)) | change

    assert refused(manifests.of_json, json.dumps(record).encode())[0] == "damaged_paper"


def test_a_manifest_is_refused_where_its_entries_are_out_of_order_twice_or_of_no_known_fate() -> None:
    record = json.loads(manifests.as_json(MANIFEST))
    entries = record["entries"]

    for wrong in (entries[::-1], [entries[0], *entries], [entries[0] | {"fate": "lost"}], [entries[0] | {"fate": []}]):
        data = json.dumps(record | {"entries": wrong}).encode()
        assert refused(manifests.of_json, data)[0] == "damaged_paper"
    with pytest.raises(ValueError, match="in order"):
        replace(MANIFEST, entries=MANIFEST.entries[::-1])


def test_the_manifest_names_no_organisation() -> None:
    published = manifests.as_json(MANIFEST).decode()

    assert not any(held.organisation in published for held in (FIRST, OTHER, TAKEN_BACK, LAPSED))


def test_the_digest_of_a_receipt_does_not_tell_whose_it_is_without_its_salt() -> None:
    guessed = {receipts.digest(replace(HELD, salt=f"{number:032x}")) for number in range(100)}

    assert len(guessed) == 100
    assert receipts.digest(HELD) not in guessed
    assert all(before.salt != after.salt for before, after in pairwise((FIRST, SECOND_VERSION, HELD)))
