"""Every invariant that `doctor` checks is shown to catch a planted fault, on a market that is otherwise sound."""

from datetime import timedelta

import pytest

from marketplace import invariants, policies
from marketplace.kernel.db import Store
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileForm
from tests.marketplace.market import NEW_ID, NOW, make_capability, make_draft, make_person, publish, tamper

LATER = NOW + timedelta(days=30)
NEED = "(SELECT id FROM item WHERE kind = 'demand' AND state = 'open')"
OFFER = "(SELECT id FROM item WHERE kind = 'capability')"

FAILED_JOB = (
    "INSERT INTO job (id, kind, payload, state, attempts, max_attempts, run_at, put_at, ended_at, last_error) "
    "VALUES ('x', 'index', '{}', 'failed', 5, 5, '2026-01-01 00:00:00', '2026-01-01 00:00:00', "
    "'2026-01-01 00:00:00', '内存不足')"
)


@pytest.fixture
def market(store: Store) -> Store:
    """Two editions of one series (one item changed, one gone), a supplier with a form and a note, the policies."""
    organiser = make_person(store)
    first = publish(store, organiser, [make_draft(), make_draft("智慧路灯", row=5), make_capability()])
    rows = [make_draft(budget_max=None), make_capability()]
    publish(store, organiser, rows, series_id=first.card.series_id, now=LATER)
    with store.writing() as session:
        policies.load(session, now=NOW)
        (record,) = profiles.documents(session)
        organisation_id = profiles.get(session, record.id).organisation.id
        form = ProfileForm(headline="识别病虫害", sectors=("智慧园林",))
        profiles.put(session, organiser, organisation_id=organisation_id, form=form, now=NOW, new_id=NEW_ID)
    tamper(store, "UPDATE account SET password_hash = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$eA'")
    return store


def codes(store: Store) -> set[str]:
    with store.reading() as session:
        return {fault.code for fault in invariants.check(session)}


def test_check_finds_nothing_in_a_sound_market(market: Store) -> None:
    assert codes(market) == set()


def test_check_finds_nothing_in_an_empty_one(store: Store) -> None:
    assert codes(store) == set()


@pytest.mark.parametrize(
    ("code", "statements"),
    [
        ("audit_altered", ["UPDATE audit_event SET action = 'other' WHERE number = 2"]),
        ("positions_behind", ["UPDATE change SET seq = seq + 1152921504606846976"]),
        (
            "job_failed",
            [
                FAILED_JOB,
            ],
        ),
        ("measure_without_quote", ["UPDATE measure SET quote = '' WHERE number = 1"]),
        ("measure_value_no_number", ["UPDATE measure SET value = '十' WHERE value = '10'"]),
        ("organisation_key_wrong", ["UPDATE organisation SET name = '改名有限公司' WHERE uscc IS NULL"]),
        ("organisation_region_key_wrong", ["UPDATE organisation SET region_key = 'elsewhere'"]),
        ("uscc_wrong", ["UPDATE organisation SET uscc = '91350100M000100Y44' WHERE name LIKE '木语%'"]),
        ("password_not_hashed", ["UPDATE account SET password_hash = 'plain'"]),
        ("grant_region_untidy", ["""UPDATE "grant" SET region = '/福建省/' """]),
        ("profile_versions_missing", ["DELETE FROM profile_version"]),
        ("profile_summary_stale", ["UPDATE profile SET headline = '别的话'"]),
        ("profile_sectors_stale", ["DELETE FROM profile_sector"]),
        ("version_altered", ["UPDATE item_version SET description = '别的内容' WHERE number = 1"]),
        ("item_copy_stale", [f"UPDATE item SET title = '别的名称' WHERE id = {NEED}"]),
        ("item_version_missing", [f"DELETE FROM item_version WHERE item_id = {NEED} AND number = 2"]),
        ("item_versions_missing", [f"DELETE FROM item_version WHERE item_id = {NEED} AND number = 1"]),
        ("edition_altered", ["DELETE FROM edition_entry WHERE outcome = 'gone'"]),
        ("edition_counts_wrong", ["UPDATE edition SET changed = 0, unchanged = 2 WHERE number = 2"]),
        ("edition_missing", ["DELETE FROM edition WHERE number = 1"]),
        (
            "intake_edition_mismatch",
            ["UPDATE intake SET state = 'discarded', edition_id = NULL WHERE edition_id IS NOT NULL"],
        ),
        ("edition_without_intake", ["DELETE FROM intake"]),
        ("note_mismatch", [f"UPDATE profile_note SET gone_at = added_at WHERE item_id = {OFFER}"]),
        ("note_stale", ["UPDATE profile_note SET item_number = 7"]),
    ],
)
def test_check_catches_a_planted_fault(market: Store, code: str, statements: list[str]) -> None:
    tamper(market, *statements)

    assert code in codes(market)
