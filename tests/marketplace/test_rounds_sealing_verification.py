"""Verifying: nothing of a receipt or a manifest can be altered, swapped or dropped without a check that fails."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from marketplace.rounds.sealing import receipts, verification
from marketplace.rounds.sealing.manifests import Manifest, ManifestEntry
from marketplace.rounds.sealing.receipts import Receipt
from marketplace.rounds.words import Fate
from tests.marketplace.held_receipts import (
    DEADLINE,
    FIRST,
    HELD,
    LAPSED,
    MANIFEST,
    OTHER,
    OTHER_VALUES,
    SECOND,
    SECOND_VERSION,
    TAKEN_BACK,
    entry,
    make_receipt,
    sha,
)

CODES = ("readable", "file", "round", "listed", "same", "untouched", "in_time", "fate", "complete")


def failed(receipt: Receipt, manifest: Manifest | None = MANIFEST, file_digest: str | None = HELD.sha256) -> list[str]:
    """The codes of the checks that fail."""
    found = verification.verify(receipt, file_digest=file_digest, manifest=manifest)
    assert tuple(check.code for check in found) == CODES
    return [check.code for check in found if check.passed is False]


def with_entries(*entries: ManifestEntry) -> Manifest:
    """The manifest with other entries, in their order."""
    return replace(MANIFEST, entries=tuple(sorted(entries, key=lambda one: (one.bid_id, one.version))))


def test_verify_passes_everything_where_all_is_given_and_true() -> None:
    found = verification.verify(HELD, file_digest=HELD.sha256, manifest=MANIFEST)

    assert [(check.code, check.passed) for check in found] == [(code, True) for code in CODES]
    assert "截止时有效" in found[7].message
    assert "2026年11月27日 17:29:59收到" in found[6].message
    assert "共 6 份回执，其中 2 份有效" in found[8].message


def test_verify_says_what_it_could_not_check() -> None:
    nothing = verification.verify(HELD, file_digest=None, manifest=None)
    file_alone = verification.verify(HELD, file_digest=HELD.sha256, manifest=None)

    assert [check.passed for check in nothing] == [True, *[None] * 8]
    assert [check.passed for check in file_alone] == [True, True, *[None] * 7]
    assert all(check.message.startswith("没有提供") for check in nothing[1:])


def test_every_field_of_a_receipt_has_another_value_to_try() -> None:
    assert set(OTHER_VALUES) == {field.name for field in fields(Receipt)}


@pytest.mark.parametrize("name", list(OTHER_VALUES))
def test_verify_fails_where_any_one_field_of_the_receipt_was_altered(name: str) -> None:
    altered = replace(HELD, **{name: OTHER_VALUES[name]})

    assert "untouched" in failed(altered, file_digest=None) or name == "bid_id"
    # There is a first version of the other bid, and no third.
    assert ("listed" in failed(altered, file_digest=None)) is (name == "bid_id")


def test_verify_fails_where_the_file_is_another() -> None:
    assert failed(HELD, file_digest=sha("another file")) == ["file"]
    assert failed(replace(HELD, sha256=sha("another file")), None) == ["file"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("sha256", sha("another file")), ("size_bytes", 9), ("received_at", DEADLINE - 5 * SECOND / 4)],
)
def test_verify_fails_where_the_manifest_tells_another_file(name: str, value: object) -> None:
    found = [replace(one, **{name: value}) if one.version == HELD.version else one for one in MANIFEST.entries]

    assert failed(HELD, with_entries(*found)) == ["same"]


def test_verify_fails_where_the_manifest_is_another_rounds() -> None:
    assert failed(HELD, replace(MANIFEST, round_id="rnd0000000000002")) == ["round"]
    assert failed(HELD, replace(MANIFEST, round_title="另一轮")) == ["round"]
    assert failed(HELD, replace(MANIFEST, notice_digest=sha("another notice"))) == ["round"]


@pytest.mark.parametrize("dropped", range(len(MANIFEST.entries)))
def test_whoever_holds_the_receipt_notices_that_an_entry_was_dropped(dropped: int) -> None:
    held = (FIRST, SECOND_VERSION, HELD, OTHER, TAKEN_BACK, LAPSED)[dropped]
    rest = with_entries(*(one for place, one in enumerate(MANIFEST.entries) if place != dropped))

    found = verification.verify(held, file_digest=None, manifest=rest)

    by_code = {check.code: check.passed for check in found}
    assert by_code["listed"] is False
    assert [by_code[code] for code in ("same", "untouched", "fate")] == [None, None, None]


@pytest.mark.parametrize("dropped", [0, 1, 2])
def test_anybody_notices_that_one_of_several_versions_was_dropped(dropped: int) -> None:
    rest = with_entries(*(one for place, one in enumerate(MANIFEST.entries) if place != dropped))

    assert failed(OTHER, rest, None) == ["complete"]


@pytest.mark.parametrize(
    ("place", "change", "said"),
    [
        (1, {"fate": Fate.LIVE}, "前一版却仍列为有效"),
        (0, {"fate": Fate.LAPSED}, "前一版却仍列为有效或失效"),
        (2, {"fate": Fate.REPLACED}, "没有取代它的版本"),
        (3, {"fate": Fate.REPLACED}, "没有取代它的版本"),
        (3, {"version": 2}, "缺少中间的版本"),
        (1, {"received_at": DEADLINE - 4 * SECOND}, "先后与版本不符"),
        (4, {"received_at": DEADLINE}, "截止后才收到"),
        (4, {"sha256": OTHER.sha256}, "列了两次"),
        (4, {"receipt_digest": receipts.digest(OTHER)}, "列了两次"),
    ],
)
def test_a_manifest_that_does_not_agree_with_itself_is_noticed(
    place: int, change: dict[str, object], said: str
) -> None:
    entries = list(MANIFEST.entries)
    entries[place] = replace(entries[place], **change)

    complete = verification.verify(HELD, file_digest=None, manifest=with_entries(*entries))[8]

    assert complete.passed is False
    assert said in complete.message


def test_a_manifest_frozen_before_the_deadline_is_noticed() -> None:
    assert failed(HELD, replace(MANIFEST, frozen_at=DEADLINE)) == []
    assert failed(HELD, replace(MANIFEST, frozen_at=DEADLINE - timedelta(microseconds=1))) == ["complete"]


@pytest.mark.parametrize(("early", "wrong"), [(-1, ["in_time", "complete"]), (0, ["in_time", "complete"]), (1, [])])
def test_a_version_counts_up_to_the_last_moment_before_the_deadline(early: int, wrong: list[str]) -> None:
    held = make_receipt("bid0000000000009", 1, "准时科技（OPC）", before=early * timedelta(milliseconds=1))

    assert failed(held, with_entries(entry(held, Fate.LIVE)), None) == wrong


@pytest.mark.parametrize(
    ("held", "said"),
    [(FIRST, "被同一份申报的后一版取代"), (TAKEN_BACK, "由申报单位撤回"), (LAPSED, "没有在截止前确认")],
)
def test_verify_tells_what_became_of_a_version_that_is_not_opened(held: Receipt, said: str) -> None:
    found = verification.verify(held, file_digest=None, manifest=MANIFEST)

    assert said in found[7].message
    assert [check.code for check in found if check.passed is False] == []


def test_a_bid_that_was_withdrawn_may_come_back_as_a_later_version() -> None:
    entries = (entry(FIRST, Fate.WITHDRAWN), entry(SECOND_VERSION, Fate.LIVE))

    assert failed(SECOND_VERSION, with_entries(*entries), None) == []
