"""Drafts: encrypted at rest under a key that burns with them, never lost to a colleague, gone once handed in."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text
from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role, Standing
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.rounds import questions
from marketplace.rounds.bid_tables import Bid, BidDraft, BidFile, BidVersion
from marketplace.rounds.bidding import attaching, draft_rows, drafts, submissions
from marketplace.rounds.bidding.keyring import INFO, Keyring
from marketplace.rounds.words import BidState, Post
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID, make_person
from tests.marketplace.round_acts import DAY, HOUR, draft_version, refused, state_of
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT

SECRET = {
    "plan": "隐秘方案甲乙丙丁",
    "schedule": "隐秘进度子丑寅卯",
    "team": "隐秘团队天地玄黄",
    "others": "隐秘说明宇宙洪荒",
    "indicator-1": "隐秘指标日月盈昃",
    "indicator-2": "隐秘指标辰宿列张",
    "condition-c1-met": "yes",
    "condition-c1-answer": "隐秘答复寒来暑往",
    "condition-c2-met": "yes",
    "condition-c2-answer": "隐秘答复秋收冬藏",
    "contact_name": "隐秘联系人闰余",
    "contact_phone": "13877776666",
    "contact_email": "yinmi@secret.example",
    "price_amount": "86.543219",
    "price_note": "隐秘报价律吕调阳",
}
FILE_NAME, FILE_BODY = "隐秘附件云腾致雨.pdf", b"%PDF-1.7 hidden plan in a file"


def needles() -> list[bytes]:
    """Every way in which a database might spell what a draft says."""
    words = [one for name, one in SECRET.items() if not name.endswith("-met")] + [FILE_NAME]
    plain = [one.encode() for one in words]
    escaped = [orjson.dumps(one)[1:-1] for one in words] + [one.encode("unicode_escape") for one in words]
    digests = [hashlib.sha256(FILE_BODY).hexdigest().encode()]
    return [
        *plain,
        *escaped,
        *(one.encode("utf-16-le") for one in words),
        *digests,
        b"86543219",
        b"86543219",
        FILE_BODY,
    ]


def held_bytes(store: Store, folder: Path) -> bytes:
    """Every byte that lies at rest: all rows of all tables, the SQLite file with its log, every stored file."""
    parts: list[bytes] = []
    with store.reading() as session:
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if is_sqlite
            else "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        )
        for (name,) in session.execute(text(names)).all():
            for row in session.execute(text(f'SELECT * FROM "{name.strip(chr(34))}"')).all():
                parts += [one if isinstance(one, bytes) else str(one).encode() for one in row]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.parent.name != "draft-keys":
            parts.append(path.read_bytes())
    return b"\n".join(parts)


def test_nothing_of_a_draft_lies_readable_anywhere_neither_before_nor_after_it_is_handed_in(
    store: Store, tmp_path: Path
) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.begin_bid(store, scene, bidder)
    with store.writing() as session:
        drafts.save(session, bidder, bid_id, SECRET, version=1, now=PUBLISH_AT)
    with store.reading() as session:
        recipient = attaching.recipient_for(session, bidder, bid_id)
    sealed = attaching.seal(FILE_BODY, FILE_NAME, paper="p1", recipients=[recipient], files=scene.files, new_id=NEW_ID)
    with store.writing() as session:
        drafts.attach(session, bidder, bid_id, sealed, now=PUBLISH_AT)
    with store.reading() as session:
        page = drafts.get(session, bidder, bid_id)
        key_id = session.get_one(BidDraft, bid_id).key_id
        body = session.get_one(BidDraft, bid_id).body
        assert {name: page.body.get(name) for name in SECRET} == SECRET  # it is there for its own unit
        assert [one.name for one in page.files] == [FILE_NAME]
    keyring = Keyring(tmp_path / "draft-keys")
    identity = (tmp_path / "draft-keys" / key_id).read_bytes()

    def assert_hidden() -> None:
        held = held_bytes(store, tmp_path)
        assert [one for one in needles() if one in held] == []
        assert identity not in held

    assert_hidden()
    assert "隐秘方案".encode() in keyring.decrypt(key_id, body)  # this search would find it, had it not been encrypted
    handed = market.submit(store, scene, bidder, bid_id, version=page.draft_version)
    assert_hidden()
    assert not (tmp_path / "draft-keys" / key_id).exists()
    with refused("draft_erased"):
        keyring.decrypt(key_id, body)  # an older copy of the row, from a backup or the log
    with store.reading() as session:
        assert session.get(BidDraft, bid_id) is None
        assert session.get_one(BidVersion, (handed.bid_id, 1)).files == [sealed.sealed_digest]
    # The search finds what is there to be found.
    with store.writing() as session:
        questions.ask(session, bidder, scene.round_id, SECRET["plan"], now=PUBLISH_AT, new_id=NEW_ID)
    assert SECRET["plan"].encode() in held_bytes(store, tmp_path)


def test_a_key_burns_after_the_commit_and_not_after_a_rollback(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.begin_bid(store, scene, bidder)
    version = market.fill(store, scene, bidder, bid_id)
    keyring: Keyring = Keyring(tmp_path / "draft-keys")
    (key_id,) = keyring.ids()

    class PowerCutError(Exception):
        """What happens in the middle of a transaction."""

    def cut_off() -> None:
        with store.writing(durable=True) as session:
            hands = {"version": version, "arrived": PUBLISH_AT, "now": PUBLISH_AT}
            submissions.submit(session, bidder, bid_id, **hands, files=scene.files, new_id=NEW_ID)
            raise PowerCutError

    with pytest.raises(PowerCutError):
        cut_off()
    assert list(keyring.ids()) == [key_id]
    assert draft_version(store, bidder, bid_id) == version
    assert state_of(store, bid_id) is BidState.DRAFT
    with store.writing() as session:
        drafts.discard(session, bidder, bid_id, now=PUBLISH_AT)
        assert list(keyring.ids()) == [key_id]
    assert list(keyring.ids()) == []


def test_keys_that_no_draft_names_are_swept_up_once_they_are_old(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.begin_bid(store, scene, bidder)
    keyring = Keyring(tmp_path / "draft-keys")
    (named,) = keyring.ids()
    keyring.make("z" * 16)

    def sweep(after: timedelta) -> int:
        made = datetime.fromtimestamp(keyring.made_at("z" * 16), tz=UTC)
        with store.writing() as session:
            assert session.info[INFO].folder == keyring.folder
            return draft_rows.sweep(session, now=made + after)

    assert sweep(timedelta(seconds=599)) == 0
    assert sweep(timedelta(seconds=601)) == 1
    assert list(keyring.ids()) == [named]
    assert draft_version(store, bidder, bid_id) == 1


def test_a_colleague_never_writes_over_what_was_not_seen(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    unit = bidder.organisation_id
    assert unit is not None
    colleague = make_person(store, role=Role.OPC, organisation_id=unit, email="tongshi@example.com", name="同事")
    reader = make_person(store, role=Role.OPC, organisation_id=unit, email="kan@example.com", standing=Standing.READER)
    stranger = market.make_bidder(store, "别家", email="bie@example.com")
    bid_id = market.begin_bid(store, scene, bidder)

    def save(actor: Actor, fields: dict[str, str], *, version: int, now: datetime = PUBLISH_AT) -> int:
        with store.writing() as session:
            return drafts.save(session, actor, bid_id, fields, version=version, now=now).version

    assert save(bidder, {"plan": "甲写的"}, version=1) == 2
    assert save(bidder, {"plan": "甲写的"}, version=1) == 2  # the same once more, as a browser repeats itself
    with refused("draft_changed"):
        save(colleague, {"plan": "乙写的"}, version=1)
    assert save(colleague, {"plan": "乙写的"}, version=2) == 3
    assert save(colleague, {"unknown": "x", "condition-c9-met": "yes", "indicator-3": "x"}, version=3) == 3
    with refused("too_long", Invalid):
        save(bidder, {"plan": "长" * 8001}, version=3)
    for outsider in (stranger, scene.issuer, scene.approvers[0], scene.posts[Post.KEEPER], scene.table.organiser):
        with refused("bid_missing", NotFound):
            save(outsider, {"plan": "x"}, version=3)
        with refused("bid_missing", NotFound), store.reading() as session:
            drafts.get(session, outsider, bid_id)
    with refused("reader_only", NotAllowed):
        save(reader, {"plan": "x"}, version=3)
    with store.reading() as session:
        seen = drafts.get(session, reader, bid_id)
        assert (seen.body["plan"], seen.may_write, seen.updated_by) == ("乙写的", False, "同事")
    for late in (DEADLINE, DEADLINE + HOUR):
        with refused("not_open"):
            save(bidder, {"plan": "x"}, version=3, now=late)
    with refused("not_yours_to_move", NotAllowed):
        market.submit(store, scene, reader, bid_id, version=3)


def test_who_may_begin_a_bid_and_where(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    with refused("round_missing", NotFound):
        market.begin_bid(store, scene, bidder)
    market.schedule(store, scene)
    with refused("round_missing", NotFound):
        market.begin_bid(store, scene, bidder)
    market.tick(store, scene, now=PUBLISH_AT)

    bid_id = market.begin_bid(store, scene, bidder)
    assert market.begin_bid(store, scene, bidder) == bid_id  # there is one live bid of a unit on a track
    with refused("no_such_track", NotFound):
        market.begin_bid(store, scene, bidder, track="t9")
    for actor in (scene.approvers[0], scene.issuer):
        with pytest.raises(NotAllowed):
            market.begin_bid(store, scene, actor)
    with refused("not_open"):
        market.begin_bid(store, scene, market.make_bidder(store, "晚到", email="wan@example.com"), now=DEADLINE)
    with store.reading() as session:
        assert len(session.exec(select(Bid)).all()) == 1


def test_files_lie_sealed_one_for_each_paper(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.begin_bid(store, scene, bidder)

    market.attach(store, scene, bidder, bid_id, data=b"%PDF-1.7 first")
    market.attach(store, scene, bidder, bid_id, data=b"%PDF-1.7 second")
    with store.reading() as session:
        (kept,) = drafts.get(session, bidder, bid_id).files
    assert kept.digest == hashlib.sha256(b"%PDF-1.7 second").hexdigest()
    with refused("no_such_paper", Invalid):
        market.attach(store, scene, bidder, bid_id, paper="p7")
    with refused("bad_file", Invalid):
        market.attach(store, scene, bidder, bid_id, data=b"MZ a program")
    with store.writing() as session:
        drafts.detach(session, bidder, bid_id, kept.id, now=PUBLISH_AT)
        drafts.detach(session, bidder, bid_id, kept.id, now=PUBLISH_AT)
    with store.reading() as session:
        page = drafts.get(session, bidder, bid_id)
        assert (page.files, page.faults["paper-p1"]) == ((), "请上传“实施方案”。")
        assert len(session.exec(select(BidFile)).all()) == 2
    with store.writing() as session:
        drafts.discard(session, bidder, bid_id, now=PUBLISH_AT + DAY)
    with store.reading() as session:
        assert (session.exec(select(BidFile)).all(), session.get(Bid, bid_id)) == ([], None)
