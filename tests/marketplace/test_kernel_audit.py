"""The audit chain: nothing is altered unseen."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError, IntegrityError

from marketplace.kernel import audit, chain, seals
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, NotFound
from tests.marketplace.market import NOW, tamper

DAY = date(2026, 11, 20)


def write(store: Store, action: str, *, aggregate_id: str = "one", payload: dict[str, object] | None = None) -> str:
    with store.writing() as session:
        return audit.write(
            session,
            aggregate="intake",
            aggregate_id=aggregate_id,
            action=action,
            actor_id="somebody",
            payload=payload or {"note": action},
            now=NOW,
        )


def write_three(store: Store) -> None:
    for action in ("opened", "corrected", "confirmed"):
        write(store, action)
    write(store, "opened", aggregate_id="two")


def seal(store: Store, day: date = DAY) -> str:
    with store.writing() as session:
        return audit.seal_day(session, day=day, now=NOW + timedelta(days=3))


def faults(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(fault.code, fault.subject) for fault in audit.verify(session)]


def event(number: int) -> str:
    return f"aggregate_id = 'one' AND number = {number}"


def test_history_tells_who_did_what(store: Store) -> None:
    with store.writing() as session:
        session.info["request_id"] = "r-1"
        audit.write(
            session,
            aggregate="intake",
            aggregate_id="one",
            action="opened",
            actor_id="somebody",
            payload={"rows": 3},
            now=NOW,
        )

    with store.reading() as session:
        (entry,) = audit.history(session, "intake", "one")

    assert (entry.number, entry.action, entry.actor_id, entry.at, entry.request_id, entry.payload) == (
        *(1, "opened", "somebody", NOW, "r-1"),
        {"rows": 3},
    )


def test_verify_finds_nothing_in_an_honest_chain(store: Store) -> None:
    write_three(store)
    seal(store)
    write(store, "afterwards")

    assert faults(store) == []


def test_the_database_refuses_to_change_an_event(store: Store) -> None:
    write(store, "opened")

    with pytest.raises((IntegrityError, DatabaseError), match="written once"), store.writing() as session:
        session.connection().exec_driver_sql("UPDATE audit_event SET action = 'other'")


def test_verify_finds_an_edited_event(store: Store) -> None:
    write_three(store)
    tamper(store, f"UPDATE audit_event SET actor_id = 'other' WHERE {event(2)}")

    assert faults(store) == [("audit_altered", "intake/one")]


def test_verify_finds_an_edited_event_whose_hash_was_made_to_fit(store: Store) -> None:
    write_three(store)
    forged = chain.link(
        chain.GENESIS,
        aggregate="intake",
        aggregate_id="one",
        number=1,
        action="opened",
        actor_id="other",
        at=NOW,
        request_id=None,
        payload_digest="0" * 64,
    )
    tamper(
        store,
        f"UPDATE audit_event SET actor_id = 'other', payload_digest = '{'0' * 64}', hash = '{forged}' WHERE {event(1)}",
        "DELETE FROM audit_payload WHERE position = (SELECT MIN(position) FROM audit_event)",
    )

    assert faults(store) == [("audit_broken_link", "intake/one"), ("audit_payload_missing", "intake/one")]


def test_verify_finds_an_edited_payload(store: Store) -> None:
    write_three(store)
    position = f"(SELECT position FROM audit_event WHERE {event(2)})"
    tamper(store, f"""UPDATE audit_payload SET payload = '{{"note": "other"}}' WHERE position = {position}""")

    assert faults(store) == [("audit_payload_altered", "intake/one")]


def test_verify_finds_a_deleted_event(store: Store) -> None:
    write_three(store)
    tamper(store, f"DELETE FROM audit_event WHERE {event(2)}")

    assert faults(store) == [("audit_gap", "intake/one")]


def test_verify_finds_an_inserted_event(store: Store) -> None:
    write_three(store)
    columns = "aggregate, aggregate_id, action, actor_id, at, request_id, payload_digest, previous_hash, hash"
    tamper(
        store,
        f"UPDATE audit_event SET number = 4 WHERE {event(3)}",
        f"INSERT INTO audit_event (position, number, {columns}) "
        f"SELECT position + 500, 3, {columns} FROM audit_event WHERE {event(2)}",
    )

    assert set(faults(store)) >= {("audit_altered", "intake/one"), ("audit_broken_link", "intake/one")}


def test_verify_finds_reordered_events(store: Store) -> None:
    write_three(store)
    tamper(
        store,
        f"UPDATE audit_event SET number = 9 WHERE {event(1)}",
        f"UPDATE audit_event SET number = 1 WHERE {event(2)}",
        "UPDATE audit_event SET number = 2 WHERE number = 9",
    )

    assert set(faults(store)) == {
        ("audit_altered", "intake/one"),
        ("audit_broken_link", "intake/one"),
        ("audit_order", "intake/one"),
    }


def test_verify_finds_newest_events_cut_off_after_a_seal(store: Store) -> None:
    write_three(store)
    seal(store)
    tamper(store, "DELETE FROM audit_payload", f"DELETE FROM audit_event WHERE {event(3)}", "DELETE FROM audit_payload")
    codes = [code for code, _subject in faults(store)]

    assert codes.count("audit_seal_broken") == 1
    assert "audit_gap" not in codes


def test_verify_finds_a_whole_chain_cut_off_after_a_seal(store: Store) -> None:
    write_three(store)
    seal(store)
    position = "(SELECT position FROM audit_event WHERE aggregate_id = 'two')"
    tamper(
        store,
        f"DELETE FROM audit_payload WHERE position = {position}",
        "DELETE FROM audit_event WHERE aggregate_id = 'two'",
    )

    assert faults(store) == [("audit_seal_broken", "audit/2026-11-20")]


def test_verify_finds_a_missing_seal(store: Store) -> None:
    write_three(store)
    seal(store)
    write(store, "later")
    seal(store, DAY + timedelta(days=1))
    tamper(store, "DELETE FROM audit_seal WHERE number = 1")

    assert ("audit_seal_missing", "audit/2026-11-21") in faults(store)


def test_erase_takes_the_payload_and_leaves_the_chain_whole(store: Store) -> None:
    write_three(store)
    seal(store)

    with store.writing() as session:
        audit.erase(
            session, aggregate="intake", aggregate_id="one", number=2, actor_id="officer", reason="本人申请", now=NOW
        )
    with store.reading() as session:
        told = [(entry.number, entry.action, entry.payload) for entry in audit.history(session, "intake", "one")]

    assert told[1:] == [
        (2, "corrected", None),
        (3, "confirmed", {"note": "confirmed"}),
        (4, "audit.erase", {"number": 2, "reason": "本人申请"}),
    ]
    assert faults(store) == []


def test_verify_finds_a_payload_that_went_without_an_erasure(store: Store) -> None:
    write_three(store)
    tamper(store, f"DELETE FROM audit_payload WHERE position = (SELECT position FROM audit_event WHERE {event(2)})")

    assert faults(store) == [("audit_payload_missing", "intake/one")]


def test_erase_refuses_what_is_not_there_and_what_is_an_erasure(store: Store) -> None:
    write(store, "opened")
    with store.writing() as session:
        audit.erase(session, aggregate="intake", aggregate_id="one", number=1, actor_id=None, reason="x", now=NOW)

    for number, refusal in ((7, NotFound), (2, Conflict)):
        with pytest.raises(refusal), store.writing() as session:
            audit.erase(
                session, aggregate="intake", aggregate_id="one", number=number, actor_id=None, reason="x", now=NOW
            )


def test_a_day_is_sealed_once(store: Store) -> None:
    write_three(store)
    seal(store)

    with pytest.raises(Conflict) as refusal:
        seal(store)

    assert refusal.value.code == "already_sealed"


def test_equal_payloads_have_different_digests(store: Store) -> None:
    """Salted: nobody can guess a short payload from its digest."""
    first, second = write(store, "opened", payload={"yes": 1}), write(store, "opened", payload={"yes": 1})

    with store.reading() as session:
        digests = session.connection().exec_driver_sql("SELECT payload_digest FROM audit_event").scalars().all()

    assert first != second
    assert len(set(digests)) == 2


def test_write_many_opens_and_continues_many_chains_that_verify(store: Store) -> None:
    write(store, "opened", aggregate_id="b")
    with store.writing() as session:
        for action in ("corrected", "confirmed"):
            audit.write_many(
                session, aggregate="intake", payloads={"a": {}, "b": {"x": 1}}, action=action, actor_id=None, now=NOW
            )

    with store.reading() as session:
        told = {
            aggregate_id: [(entry.number, entry.action) for entry in audit.history(session, "intake", aggregate_id)]
            for aggregate_id in ("a", "b")
        }

    assert told == {"a": [(1, "corrected"), (2, "confirmed")], "b": [(1, "opened"), (2, "corrected"), (3, "confirmed")]}
    assert faults(store) == []


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=8), min_size=2, max_size=6, unique=True), st.randoms())
def test_fold_tells_any_other_order_apart(hashes: list[str], random: object) -> None:
    other = list(hashes)
    random.shuffle(other)  # type: ignore[attr-defined]

    same = chain.fold(chain.GENESIS, [h.ljust(64, "0") for h in hashes]) == chain.fold(
        chain.GENESIS, [h.ljust(64, "0") for h in other]
    )

    assert same == (other == hashes)


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_link_depends_on_every_field(one: str, other: str) -> None:
    def hashed(action: str, actor_id: str) -> str:
        return chain.link(
            chain.GENESIS,
            aggregate="a",
            aggregate_id="b",
            number=1,
            action=action,
            actor_id=actor_id,
            at=NOW,
            request_id=None,
            payload_digest="",
        )

    assert (hashed(one, other) == hashed(other, one)) == (one == other)


def test_a_day_covers_its_own_events_in_beijing_and_is_sealed_when_it_is_over(store: Store) -> None:
    evening, night = datetime(2026, 11, 20, 15, 59, tzinfo=UTC), datetime(2026, 11, 20, 16, 1, tzinfo=UTC)
    for number, at in enumerate((evening, night)):
        with store.writing() as session:
            audit.write(
                session, aggregate="intake", aggregate_id=f"i{number}", action="opened", actor_id=None, payload={},
                now=at,
            )  # fmt: skip
    with store.writing() as session, pytest.raises(Conflict) as early:
        audit.seal_day(session, day=DAY, now=evening)
    with store.writing() as session:
        sealed = audit.seal_until(session, day=DAY + timedelta(days=2), now=night + timedelta(days=3))

    with store.reading() as session:
        listed = [(one.day, one.events) for one in seals.listed(session)]
    assert early.value.code == "day_not_over"
    assert (sealed, listed) == (3, [(DAY + timedelta(days=2), 0), (DAY + timedelta(days=1), 1), (DAY, 1)])
    assert faults(store) == []


def test_a_provisional_head_stays_what_was_printed_until_an_event_is_altered(store: Store) -> None:
    write_three(store)
    with store.reading() as session:
        number, before = seals.latest(session)
        printed = seals.provisional(session, number=number, before=before)
    write(store, "afterwards")
    seal(store)

    with store.reading() as session:
        again = seals.provisional(session, number=number, before=before)
        with pytest.raises(NotFound):
            seals.provisional(session, number=9, before=before)
    tamper(store, f"UPDATE audit_event SET hash = '{'0' * 64}' WHERE {event(2)}")
    with store.reading() as session:
        altered = seals.provisional(session, number=number, before=before)
    assert (printed.events, again, altered.head == printed.head) == (4, printed, False)


def test_an_event_says_for_which_organisation_its_actor_acts(store: Store) -> None:
    with store.writing(acting=("somebody", "office")) as session:
        for one, actor_id in (("a", "somebody"), ("b", "another"), ("c", None)):
            audit.write(
                session, aggregate="intake", aggregate_id=one, action="opened", actor_id=actor_id, payload={"rows": 1},
                now=NOW,
            )  # fmt: skip

    with store.reading() as session:
        said = [audit.history(session, "intake", one)[0].payload for one in "abc"]
    assert said == [{"rows": 1, "acting_for": "office"}, {"rows": 1}, {"rows": 1}]
    assert faults(store) == []
