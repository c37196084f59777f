"""The seal under attack: in the middle of a round, everything that is stored is taken, and nothing of it opens a bid.

A real `jiebang serve` takes bids over the network, over SQLite and over PostgreSQL. A backup of the whole data folder is
taken before anything is handed in and another one after it. What was planted is looked for in every file, row, journal
and free page, in many encodings, and every age file is tried with every key that lies anywhere. The short form leaves the
holders' slow passphrases, guesses at them, and more of the writing to the long one. `docs/sealing.md` tells what came out.
"""

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import pytest

from marketplace import migrations
from marketplace.rounds import opening
from marketplace.rounds.words import Post, RoundState
from tests import proofs
from tests.attack import age_by_hand, loot, play, server
from tests.attack.attacker import OPENED, TRIVIAL, Attacker, guess, locked_in, search, shaped_like_passphrases
from tests.attack.loot import PostgresqlPlace
from tests.attack.play import Play
from tests.conftest import POSTGRESQL, make_database
from tests.marketplace import round_market
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.round_market import DEADLINE

pytestmark = [pytest.mark.proof, pytest.mark.xdist_group("seal_attack")]
Pieces = list[tuple[str, bytes]]
GUESSES = 8
"""Words that are tried as passphrases, a second and a half each."""
BEFORE, AFTER, OPENED_THEN = "before", "after", "opened"


@dataclass
class Taken:
    """What was taken, and from where."""

    play: Play
    folder: Path
    postgresql: PostgresqlPlace | None
    faults: list[int]
    holders: list[str]

    @cached_property
    def after(self) -> Attacker:
        """Who has the backup from after the handing in."""
        return Attacker(self.stored(AFTER))

    @cached_property
    def around(self) -> Pieces:
        """The server's log, its temporary folder and home, and what it held open while an upload was under way."""
        places = (loot.files(self.folder / name, named=f"{name}/") for name in ("log", "tmp", "home"))
        return [*(piece for place in places for piece in place), *self.play.seen_on_the_way.items()]

    def stored(self, name: str) -> Pieces:
        """Everything in one of the backups."""
        folder = self.folder / name
        found = list(loot.files(folder, named=f"{name}/"))
        if self.postgresql is None:
            # Opening it with its journal changes it: a copy of the copy.
            wound = self.folder / f"{name}-wound-{secrets.token_hex(4)}"
            shutil.copytree(folder, wound)
            found += loot.sqlite_states(wound / "jiebang.sqlite3", wound) if name == AFTER else ()
            found += loot.sqlite_rows(wound / "jiebang.sqlite3")
        return found


@pytest.fixture(scope="module", params=["sqlite", POSTGRESQL])
def taken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    """A round in the middle of its days, and everything stored of it, once for each database."""
    folder = tmp_path_factory.mktemp("attack")
    url = f"sqlite:///{folder / 'data' / 'jiebang.sqlite3'}"
    postgresql = None
    (folder / "data").mkdir()
    if request.param == "postgresql":
        url = make_database(request.getfixturevalue("postgresql_server"), "jiebang_attack", template=None)
    migrations.upgrade(url)
    if request.param == "postgresql":
        postgresql = PostgresqlPlace.of(url)
    with server.serving(folder, url=url, clock=NOW) as place:
        played = play.make(folder, place, url)
        found = Taken(played, folder, postgresql, [], [])
        played.open(with_passphrases=proofs.IS_LONG)
        play.act(played, between=lambda: _back_up(found, BEFORE), is_long=proofs.IS_LONG)
        _back_up(found, AFTER)
        assert played.writing is not None
        found.faults = play.break_down(played, played.writing)
    yield found
    played.store.close()


def _back_up(taken: Taken, name: str) -> None:
    """A copy of everything; of PostgreSQL its rows as a dump has them, and its own files as they lie on the disk."""
    target = taken.play.back_up(name)
    if taken.postgresql is None:
        return
    pieces = {
        "rows": loot.postgresql_rows(taken.postgresql.url),
        "raw": taken.postgresql.raw() if name == AFTER else (),
    }
    for kind, some in pieces.items():
        for number, (where, data) in enumerate(some):
            path = target / kind / f"{number}-{where.replace('/', '_')}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)


def test_drafts_can_be_read_until_they_are_handed_in(taken: Taken) -> None:
    # What is promised, and what shows that whoever attacks here knows how to look.
    found = Attacker(taken.stored(BEFORE)).attack(taken.play.needles)

    assert found.opened >= 5
    assert found.tells_prices
    # Whatever is readable had to be opened with the key of its draft: nothing lies there in plain.
    assert all(where.startswith(OPENED) for where in found.readable), found.readable
    # And what was uploaded is sealed to the round's key from its first moment on.
    assert b"%PDF" not in found.said


def test_what_is_stored_opens_no_bid(taken: Taken, request: pytest.FixtureRequest) -> None:
    found = taken.after.attack(taken.play.needles)
    proofs.count(request, "bytes of stored data under attack", taken.after.bytes)

    assert len(taken.after.files) >= 12
    assert not found.readable, found.readable
    # The draft of somebody who still writes is open to the same attack: it would have found the others.
    assert taken.after.attack(taken.play.drafted).tells_prices


def test_no_log_and_no_temporary_file_tells_anything(taken: Taken) -> None:
    log = b"".join(data for where, data in taken.around if where.startswith("log/"))

    assert taken.faults == [500, 500]
    assert log.count(b"Traceback (most recent call last)") >= 2
    assert not search(taken.around, taken.play.needles)
    # Nor do they open anything; and a private key that was pasted by mistake, which would, is nowhere.
    around = Attacker(taken.around)
    assert not around.secrets
    assert not around.files
    assert age_by_hand.secret_of(str(taken.play.own)) not in taken.after.secrets
    statuses = [one.status for one in taken.play.answers]
    assert {200, 303, 403, 404, 409, 413, 422} <= set(statuses)
    assert 500 not in statuses


def test_no_answer_about_a_bid_is_kept_by_whatever_lies_between(taken: Taken) -> None:
    assert {one.headers.get("cache-control", "") for one in taken.play.answers} == {"no-store"}


def test_one_holder_opens_nothing_and_two_open_everything(taken: Taken) -> None:
    a, b, s = _known(taken)
    for one in (a, b, s):
        found = taken.after.attack(taken.play.needles, keys=[one])
        assert found.opened
        assert not found.readable
    for pair in ((a, b), (a, s), (b, s)) if proofs.IS_LONG else ((a, s),):
        found = taken.after.attack(taken.play.needles, keys=pair)
        assert found.tells_prices
        assert taken.play.needles.word("biao1-replaced-plan").encode() in found.said


def test_a_bidders_own_key_opens_its_own_bid_alone(taken: Taken) -> None:
    found = taken.after.attack(taken.play.needles, keys=[str(taken.play.own)])

    assert taken.play.needles.word("biao3-a-plan").encode() in found.said
    assert not any(taken.play.needles.word(f"biao{n}-").split()[0].encode() in found.said for n in (1, 2, 5))


def test_keys_of_drafts_that_were_backed_up_open_what_the_journals_keep(taken: Taken) -> None:
    # Against what the manual says, and a limit that it names.
    kept = (taken.folder / BEFORE / "draft-keys").iterdir()
    keys = set().union(*(age_by_hand.identities_in(path.read_bytes()) for path in kept))
    found = taken.after.attack(taken.play.needles, secrets=keys)

    assert taken.play.needles.word("biao1-whole-plan").encode() in found.said
    # Whatever was begun after the backup has another key, and the files are sealed to the round's.
    assert taken.play.needles.word("biao1-replaced-plan").encode() not in found.said
    assert b"%PDF" not in found.said


def test_nothing_stored_is_a_passphrase(taken: Taken) -> None:
    stored = [*taken.stored(AFTER), *taken.around]
    given, shaped = list(taken.play.passphrases.values()), shaped_like_passphrases(stored)

    assert bool(given) is proofs.IS_LONG
    assert not {_bare(one) for one in given} & {_bare(one) for one in shaped}
    if given:
        words = [*TRIVIAL, taken.play.scene.round_id, *sorted(shaped)]
        assert guess(locked_in(stored), words=words, most=GUESSES) == []


STOOD = ("biao1-replaced-plan", "biao3-a-plan")
DEAD = ("biao1-whole-plan", "biao2-a-plan")
GONE = "biao5-x-file"
"""What stands when the bids are opened; what was replaced or withdrawn; and what was uploaded for a draft thrown away."""


def test_the_opening_brings_out_what_was_sealed(taken: Taken) -> None:
    # From then on the round's secret is stored. What was withdrawn or replaced, and what was uploaded for a draft that
    # was thrown away, is taken out of the store: it opens to whoever has a copy from before alone.
    store, scene = taken.play.store, taken.play.scene
    assert round_market.tick(store, scene, now=DEADLINE) is RoundState.SEALED
    for post, identity in zip((Post.OPENER_A, Post.KEEPER), _known(taken)[::2], strict=True):
        with store.writing() as session:
            opening.turn(
                session,
                scene.posts[post],
                scene.round_id,
                identity,
                files=scene.files,
                now=DEADLINE + timedelta(hours=1),
                new_id=NEW_ID,
            )
    _back_up(taken, OPENED_THEN)
    found = Attacker(taken.stored(OPENED_THEN)).attack(taken.play.needles)

    earlier = Attacker([*taken.stored(AFTER), *taken.stored(OPENED_THEN)]).attack(taken.play.needles)

    said = {word: taken.play.needles.word(word).encode() for word in (*STOOD, *DEAD)}
    assert [word for word in STOOD if said[word] not in found.said] == []
    assert [word for word in DEAD if said[word] in found.said] == []
    assert [word for word in (*STOOD, *DEAD) if said[word] not in earlier.said] == []
    assert taken.play.needles.word(GONE).encode() not in earlier.said


def _known(taken: Taken) -> list[str]:
    if not taken.play.passphrases:
        return list(taken.play.scene.identities.values())
    if not taken.holders:
        locked = locked_in(taken.stored(AFTER))
        assert len(locked) == 3
        for phrase in taken.play.passphrases.values():
            # Whose each is tells the row: here all three are tried, which costs more than an attacker has to pay.
            taken.holders += [one.strip() for one in guess(locked, words=[phrase], most=3)]
    return taken.holders


def _bare(passphrase: str) -> str:
    return passphrase.replace("-", "").replace(" ", "")
