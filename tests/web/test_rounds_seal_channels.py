"""Whoever attacks the seal must be able to find something: each place where it looks is shown to give up what lies there."""

import base64
import bz2
import gzip
import io
import json
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pyrage
import pytest
from sqlalchemy import text

from marketplace.kernel.db import Store, connect
from marketplace.rounds.bidding.keyring import Keyring
from marketplace.rounds.sealing import seals
from marketplace.rounds.sealing.seals import Sealed
from tests import proofs
from tests.attack import age_by_hand, loot
from tests.attack.attacker import Attacker, guess, shaped_like_passphrases
from tests.attack.loot import PostgresqlPlace
from tests.attack.needles import Needles
from tests.marketplace import round_market
from tests.marketplace.round_market import BID


def zipped(data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plan.json", data * 3)
    return held.getvalue()


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "UTF-16LE": lambda word: word.encode("utf-16-le"),
    "UTF-16BE": lambda word: word.encode("utf-16-be"),
    "GB18030": lambda word: word.encode("gb18030"),
    "base64": lambda word: base64.b64encode(b"x" + word.encode()),
    "base64 of UTF-16": lambda word: base64.urlsafe_b64encode(word.encode("utf-16-le")),
    "hex": lambda word: word.encode().hex().encode(),
    "JSON": lambda word: json.dumps({"plan": word}).encode(),
    "a URL": lambda word: quote(word).encode(),
    "zlib": lambda word: zlib.compress(word.encode() * 9),
    "gzip": lambda word: gzip.compress(word.encode() * 9),
    "a ZIP": lambda word: zipped(word.encode()),
    "gzip as base64": lambda word: base64.b64encode(gzip.compress(word.encode() * 9)),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_word_is_found_however_it_is_written_down(how: str) -> None:
    needles = Needles()
    for word in (needles.ascii_tag, needles.chinese_tag):
        data = WRITTEN[how](word)
        assert Attacker([("here", b"\0" * 5000 + b"before" + data + b"after" * 1000)]).look(needles), word


def test_a_price_is_found_however_it_is_written_down() -> None:
    needles = Needles()
    amount = float(needles.price())
    fen = round(amount * 1_000_000)
    for data in (str(amount).encode(), str(fen).encode(), struct.pack("<q", fen), struct.pack(">d", amount)):
        assert Attacker([("here", b"\0" * 5000 + data + b"\1")]).look(needles), data
    assert not Attacker([("here", b"".join(n.to_bytes(4, "big") for n in range(100_000)))]).look(needles)


def test_what_is_packed_otherwise_is_not_found() -> None:
    # A limit of the method, which the manual names.
    needles = Needles()
    assert not Attacker([("here", bz2.compress(needles.word("x").encode() * 9))]).look(needles)


def test_sqlite_gives_up_what_was_deleted_and_what_its_journal_still_holds(tmp_path: Path) -> None:
    needles, path = Needles(), tmp_path / "one.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE one (said TEXT)")
        # Longer than a page, so that it lies in pieces which only the reader of rows puts together.
        database.execute("INSERT INTO one VALUES (?)", (zlib.compress(needles.word("x").encode()).hex() + "ab" * 9000,))
        database.execute("DELETE FROM one")
        copy = tmp_path / "copy"
        copy.mkdir()
        for file in tmp_path.glob("one.sqlite3*"):
            (copy / file.name).write_bytes(file.read_bytes())
    plain = {where for where, data in loot.sqlite_states(copy / "one.sqlite3", tmp_path) if len(data) > 18_000}

    assert plain
    assert not list(loot.sqlite_rows(path))

    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("INSERT INTO one VALUES (?)", (needles.word("free"),))
        database.execute("DELETE FROM one")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert Attacker(loot.files(tmp_path)).look(needles)


@pytest.mark.postgresql
def test_postgresql_gives_up_rows_dead_rows_and_its_journal(postgresql_url: str) -> None:
    needles, engine = Needles(), connect(postgresql_url)
    place = PostgresqlPlace.of(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE attacked (said TEXT)"))
        connection.execute(text("INSERT INTO attacked VALUES (:said)"), {"said": needles.word("x")})
    try:
        rows = Attacker(loot.postgresql_rows(postgresql_url)).look(needles)
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM attacked"))
        found = Attacker(place.raw()).look(needles)
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE attacked"))
        engine.dispose()

    assert list(rows) == ["attacked"]
    assert any(where.startswith("pg_wal/") for where in found)
    assert any(where.startswith("base/") for where in found)


def test_age_files_open_wherever_they_lie_and_though_their_end_is_gone() -> None:
    needles = Needles()
    outer, inner = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    data = pyrage.encrypt(pyrage.encrypt(needles.word("x").encode(), [inner.to_public()]), [outer.to_public()])
    torn = b"\0" * 100 + data[:-40] + b"\xff" * 100
    note = f"written down: {inner}".encode()

    assert not Attacker([("disk", torn)]).attack(needles).opened
    assert not Attacker([("disk", torn)]).attack(needles, keys=[str(outer)]).readable
    assert Attacker([("disk", torn), ("note", note)]).attack(needles, keys=[str(outer)]).readable


def test_passphrases_that_were_written_down_are_noticed_and_tried() -> None:
    noticed = shaped_like_passphrases([("log", b"typed: K7QM-3XTP-9HWD-2NRC!")])

    assert noticed == {"K7QM-3XTP-9HWD-2NRC"}
    if proofs.IS_LONG:
        locked = pyrage.passphrase.encrypt(b"AGE-SECRET-KEY-1", "K7QM-3XTP-9HWD-2NRC")
        assert guess([locked], words=noticed, most=1) == ["AGE-SECRET-KEY-1"]


def test_temporary_files_without_a_name_are_seen(tmp_path: Path) -> None:
    from tests.attack.server import open_files

    with tempfile.TemporaryFile(dir=tmp_path) as file:
        file.write(b"unnamed")
        file.flush()
        assert any(data == b"unnamed" for _, data in open_files([None], elsewhere=()))


def test_without_the_seal_the_same_attack_reads_everything(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needles = Needles()
    scene = round_market.open_round(store, tmp_path)
    # Level 0 alone: every page refuses as before, and what is stored is stored as it is.
    monkeypatch.setattr(Keyring, "encrypt", lambda _self, _key, plain: plain)
    monkeypatch.setattr(Keyring, "decrypt", lambda _self, _key, data: data)
    monkeypatch.setattr(seals, "seal", lambda plain, _to: Sealed(plain, age_by_hand.digest(plain), len(plain)))
    fields = {**BID, "plan": needles.word("plan"), "price_amount": needles.price()}
    round_market.make_bid(
        store, scene, round_market.make_bidder(store, "木语视觉", email="muyu@example.com"), fields=fields
    )
    found = Attacker([*loot.files(tmp_path)]).attack(needles)

    assert found.tells_prices
    assert any(where.startswith("files/") for where in found.readable)
