"""Every invariant of rounds that the doctor checks is shown to catch a planted fault, on a market that is otherwise sound."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store
from marketplace.rounds import filed, invariants, opening
from marketplace.rounds.bid_tables import Bid, BidOpening
from marketplace.rounds.bidding import draft_rows, drafts, keyring, submissions
from marketplace.rounds.checking import corrections
from marketplace.rounds.making import addenda, stopping, texts
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import round_market as rounds
from tests.marketplace.market import NEW_ID, tamper
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT, Scene

LATER = PUBLISH_AT + timedelta(days=2)
OPENED_AT = DEADLINE + timedelta(hours=1)
AFTER = "2027-06-01 00:00:00"


def codes(store: Store) -> set[str]:
    with store.reading() as session:
        return {fault.code for fault in invariants.check(session)}


def while_open(store: Store, folder: Path) -> Scene:
    """A round that takes bids: one handed in, one being written."""
    scene = rounds.open_round(store, folder)
    rounds.make_bid(store, scene, rounds.make_bidder(store, "青木识别科技有限公司", email="qm@example.com"))
    rounds.begin_bid(store, scene, rounds.make_bidder(store, "海风一人工作室", email="hf@example.com"))
    return scene


def when_opened(store: Store, folder: Path) -> tuple[Scene, Actor]:
    """A round after its opening, with everything that can become of a version: live, replaced, withdrawn, lapsed.

    Gives the round and somebody whose bid was opened.
    """
    scene = rounds.open_round(store, folder)
    people = [rounds.make_bidder(store, f"第{n}识别工作室", email=f"{n}@example.com") for n in range(4)]
    rounds.make_bid(store, scene, people[0])
    withdrawn = rounds.make_bid(store, scene, people[1])
    with store.writing() as session:
        submissions.withdraw(session, people[1], withdrawn.bid_id, arrived=LATER, now=LATER)
    rounds.make_bid(store, scene, people[2])
    amend(store, scene)
    replace_bid(store, scene, people[0])
    rounds.make_bid(store, scene, people[3], at=LATER + timedelta(hours=1))
    assert rounds.tick(store, scene, now=DEADLINE) is RoundState.SEALED
    for post in (Post.OPENER_A, Post.KEEPER):
        with store.writing() as session:
            opening.turn(
                session,
                scene.posts[post],
                scene.round_id,
                scene.identities[post],
                files=scene.files,
                now=OPENED_AT,
                new_id=NEW_ID,
            )
    return scene, people[0]


def amend(store: Store, scene: Scene) -> None:
    """An addendum, for which every bid has to be confirmed again."""
    with store.writing() as session:
        addenda.begin(session, scene.issuer, scene.round_id, now=LATER, new_id=NEW_ID)
    rounds.write(store, scene.issuer, scene.round_id, {"terms": "分两期付款。"}, now=LATER)
    with store.writing() as session:
        version = texts.get(session, scene.issuer, scene.round_id).version
        addenda.publish(
            session, scene.issuer, scene.round_id, version=version, reason="补充付款", now=LATER, new_id=NEW_ID
        )


def replace_bid(store: Store, scene: Scene, person: Actor) -> None:
    """Hand the bid in again."""
    at = LATER + timedelta(hours=1)
    bid_id = rounds.begin_bid(store, scene, person, now=at)
    with store.writing() as session:
        drafts.take_up(session, person, bid_id, now=at, new_id=NEW_ID)
    version = rounds.fill(store, scene, person, bid_id, now=at)
    rounds.submit(store, scene, person, bid_id, version=version, arrived=at)


def test_check_finds_nothing_in_a_sound_round(store: Store, tmp_path: Path) -> None:
    while_open(store, tmp_path)

    assert codes(store) == set()


def test_check_finds_nothing_after_an_opening(store: Store, tmp_path: Path) -> None:
    when_opened(store, tmp_path)

    assert codes(store) == set()


def test_check_finds_nothing_after_a_suspension_and_a_round_that_failed(store: Store, tmp_path: Path) -> None:
    scene = rounds.open_round(store, tmp_path)
    with store.writing() as session:
        stopping.suspend(session, scene.approvers[0], scene.round_id, reason="核实情况", now=LATER, new_id=NEW_ID)
    with store.writing() as session:
        stopping.resume(
            session,
            scene.approvers[0],
            scene.round_id,
            reason="已核实",
            now=LATER + timedelta(days=1),
            new_id=NEW_ID,
        )
    assert codes(store) == set()
    assert rounds.tick(store, scene, now=DEADLINE + timedelta(days=2)) is RoundState.FAILED
    assert codes(store) == set()


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("notice_altered", 'UPDATE round_notice SET content = \'{"title": "别的"}\''),
        ("notice_unreadable", 'UPDATE round_notice SET content = \'{"title": "别的"}\''),
        ("notice_not_as_logged", f"UPDATE round_notice SET digest = '{'0' * 64}'"),
        ("notices_missing", "UPDATE round SET notice_number = 2"),
        ("round_not_as_notice", "UPDATE round SET title = '别的名称'"),
        (
            "notice_not_approved",
            "DELETE FROM round_consent WHERE account_id = (SELECT MAX(account_id) FROM round_consent)",
        ),
        ("review_not_passed", "UPDATE round_review SET is_passed = FALSE"),
        ("key_not_ready", "UPDATE round_holder SET tested_at = NULL WHERE post = 'keeper'"),
        ("secret_before_opening", f"UPDATE round_seal SET identity = 'AGE', opened_at = '{AFTER}'"),
        ("manifest_early", f"INSERT INTO round_manifest SELECT id, '{{}}', '{'0' * 64}', '{AFTER}' FROM round"),
        ("opened_early", f"INSERT INTO round_minutes SELECT id, '{{}}', '{'0' * 64}', '{AFTER}' FROM round"),
        ("bid_state_wrong", "UPDATE bid SET state = 'eligible' WHERE version = 1"),
        ("bid_versions_missing", "UPDATE bid SET version = 2 WHERE version = 1"),
        ("bid_time_wrong", f"UPDATE bid SET submitted_at = '{AFTER}' WHERE version = 1"),
        ("receipt_unreadable", "UPDATE bid_version SET receipt = 'x'"),
        ("receipt_altered", "UPDATE bid_version SET receipt = REPLACE(receipt, '青木', '赤木')"),
        ("receipt_not_as_version", "UPDATE bid_version SET size_bytes = size_bytes + 1"),
        ("receipt_not_in_log", "UPDATE audit_event SET hash = 'x' WHERE action = 'bid.submitted'"),
        ("draft_left", "UPDATE bid SET state = 'lapsed' WHERE version = 0"),
    ],
)
def test_check_catches_a_fault_in_an_open_round(store: Store, tmp_path: Path, code: str, statement: str) -> None:
    while_open(store, tmp_path)

    tamper(store, statement)

    assert code in codes(store)


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("opened_by_one", "DELETE FROM round_turn WHERE post = 'keeper'"),
        ("manifest_missing", "DELETE FROM round_manifest"),
        ("manifest_altered", "UPDATE round_manifest SET content = REPLACE(content, '行道树', '林荫树')"),
        ("manifest_not_as_rows", "UPDATE bid SET state = 'withdrawn' WHERE state = 'lapsed'"),
        ("openings_not_as_manifest", "DELETE FROM bid_opening WHERE number = 2"),
        ("minutes_missing", "DELETE FROM round_minutes"),
        ("minutes_altered", f"UPDATE round_minutes SET digest = '{'0' * 64}'"),
        ("minutes_not_as_openings", "DELETE FROM bid_opening WHERE number = 2"),
        ("bid_late", f"UPDATE bid_version SET received_at = '{AFTER}' WHERE number = 2"),
    ],
)
def test_check_catches_a_fault_after_an_opening(store: Store, tmp_path: Path, code: str, statement: str) -> None:
    when_opened(store, tmp_path)

    tamper(store, statement)

    assert code in codes(store)


def test_a_manifest_that_another_wrote_cannot_be_read(store: Store, tmp_path: Path) -> None:
    when_opened(store, tmp_path)
    digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # of "{}"

    tamper(store, f"UPDATE round_manifest SET content = '{{}}', digest = '{digest}'")

    assert "manifest_unreadable" in codes(store)


def test_a_draft_without_its_key_and_a_key_without_a_draft_are_found(store: Store, tmp_path: Path) -> None:
    while_open(store, tmp_path)
    with store.reading() as session:
        keys = keyring.of(session)
        assert draft_rows.keyless(session) == []
    (held,) = keys.ids()
    keys.make("a" * 16)
    with store.reading() as session:
        assert draft_rows.stray(session, now=datetime.now(UTC)) == []
        late = datetime.now(UTC) + timedelta(minutes=11)
        assert draft_rows.stray(session, now=late) == ["a" * 16]
    keys.burn(held)
    with store.reading() as session:
        assert len(draft_rows.keyless(session)) == 1


def test_every_file_that_a_round_speaks_of_is_looked_after(store: Store, tmp_path: Path) -> None:
    scene, bidder = when_opened(store, tmp_path)
    with store.reading() as session:
        sealed, documents = filed.sealed(session), filed.documents(session)
        opened = len(session.exec(select(BidOpening)).all())
        dead = filed.dead(session, scene.round_id)
    assert all(scene.files.is_sound(digest) for digest in sealed)
    # Each opened bid has its sealed version and one file; what was replaced, withdrawn or lapsed is gone for good.
    assert len(sealed) == 2 * opened > 0
    assert dead
    assert not any(scene.files.is_sound(digest) for digest in dead)
    assert documents == {"a" * 64}
    at = OPENED_AT + timedelta(hours=1)
    with store.reading() as session:
        bid_id = session.exec(select(Bid.id).where(Bid.organisation_id == bidder.organisation_id)).one()
    with store.writing() as session:
        corrections.ask(session, scene.checkers[0], bid_id, "c1", reason="请补执照", hours=48, now=at, new_id=NEW_ID)
    with store.writing() as session:
        handed = [{"name": "执照.pdf", "digest": "b" * 64}]
        corrections.answer(session, bidder, bid_id, text="见附件", files=handed, arrived=at, now=at)
    with store.reading() as session:
        assert filed.documents(session) == {"a" * 64, "b" * 64}
