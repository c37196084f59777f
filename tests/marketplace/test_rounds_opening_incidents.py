"""What does not open: each harm to a sealed bid is an incident of that bid alone, in the minutes, and nothing is dropped."""

from collections.abc import Callable
from pathlib import Path

from marketplace.kernel import canonical
from marketplace.kernel.db import Store
from marketplace.rounds import opening
from marketplace.rounds.bid_tables import BidOpening, BidVersion
from marketplace.rounds.checking import bids
from marketplace.rounds.words import BidState
from tests.marketplace import round_market as market
from tests.marketplace.market import tamper
from tests.marketplace.round_acts import (
    judge,
    open_bids,
    seal,
    state_of,
)
from tests.marketplace.round_market import Scene


def opening_of(store: Store, bid_id: str) -> BidOpening:
    """What the opening found in a bid."""
    with store.reading() as session:
        return session.get_one(BidOpening, bid_id)


def minutes_of(store: Store, scene: Scene) -> list[dict[str, object]]:
    """The lines of the minutes."""
    with store.reading() as session:
        said, digest = opening.minutes(session, scene.round_id)
    assert canonical.digest(said) == digest
    return list(said["bids"])


def _alter(store: Store, scene: Scene, bid_id: str, _other_id: str) -> None:
    path = _path(scene, _version(store, bid_id).sealed_digest)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def _cut(store: Store, scene: Scene, bid_id: str, _other_id: str) -> None:
    path = _path(scene, _version(store, bid_id).sealed_digest)
    path.write_bytes(path.read_bytes()[:-100])


def _remove(store: Store, scene: Scene, bid_id: str, _other_id: str) -> None:
    _path(scene, _version(store, bid_id).sealed_digest).unlink()


def _swap_file(store: Store, scene: Scene, bid_id: str, other_id: str) -> None:
    data = _path(scene, _version(store, other_id).sealed_digest).read_bytes()
    _path(scene, _version(store, bid_id).sealed_digest).write_bytes(data)


def _swap_row(store: Store, _scene: Scene, bid_id: str, other_id: str) -> None:
    """Let the row name another bid's file, which is whole and opens."""
    other = _version(store, other_id)
    tamper(
        store,
        f"UPDATE bid_version SET sealed_digest = '{other.sealed_digest}', size_bytes = {other.size_bytes} "
        f"WHERE bid_id = '{bid_id}'",
    )


def _swap_receipt(store: Store, _scene: Scene, bid_id: str, other_id: str) -> None:
    """Let the row and its receipt name another file; the public manifest still knows."""
    mine, other = _version(store, bid_id), _version(store, other_id)
    receipt = mine.receipt.replace(mine.sealed_digest, other.sealed_digest).replace("'", "''")
    tamper(
        store,
        f"UPDATE bid_version SET sealed_digest = '{other.sealed_digest}', size_bytes = {other.size_bytes}, "
        f"receipt = '{receipt}' WHERE bid_id = '{bid_id}'",
    )


def _lose_attachment(store: Store, scene: Scene, bid_id: str, _other_id: str) -> None:
    _path(scene, _version(store, bid_id).files[0]).unlink()


def _alter_attachment(store: Store, scene: Scene, bid_id: str, _other_id: str) -> None:
    path = _path(scene, _version(store, bid_id).files[0])
    path.write_bytes(path.read_bytes() + b"x")


def _version(store: Store, bid_id: str) -> BidVersion:
    with store.reading() as session:
        return session.get_one(BidVersion, (bid_id, 1))


def _path(scene: Scene, digest: str) -> Path:
    return scene.files.folder / digest[:2] / digest[2:]


HARMS: list[Callable[[Store, Scene, str, str], None]] = [
    _alter,
    _cut,
    _remove,
    _swap_file,
    _swap_row,
    _swap_receipt,
    _lose_attachment,
    _alter_attachment,
]


def test_each_harm_is_an_incident_of_the_one_bid_and_drops_none(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    units = [market.make_bidder(store, f"单位{n}", email=f"d{n}@example.com") for n in range(len(HARMS) + 1)]
    handed = [market.make_bid(store, scene, one).bid_id for one in units]
    whole = handed[-1]
    seal(store, scene)
    for harm, bid_id in zip(HARMS, handed, strict=False):
        harm(store, scene, bid_id, whole)

    open_bids(store, scene)

    lines = {str(one["bid_id"]): one for one in minutes_of(store, scene)}
    assert set(lines) == set(handed)
    for harm, bid_id in zip(HARMS, handed, strict=False):
        found = opening_of(store, bid_id)
        assert found.failure.endswith("。"), harm.__name__
        assert (found.answers, found.price, found.attachments) == (None, None, None)
        assert (lines[bid_id]["failure"], lines[bid_id]["amount_fen"]) == (found.failure, None)
        assert state_of(store, bid_id) is BidState.OPENED
    assert (lines[whole]["failure"], lines[whole]["amount_fen"]) == ("", 86_500_000)
    # An incident is judged like every other bid.
    with store.reading() as session:
        assert bids.get(session, scene.checkers[0], handed[0]).incident == opening_of(store, handed[0]).failure
        assert sum(one.has_incident for one in bids.lines(session, scene.checkers[0], scene.round_id)) == len(HARMS)
    assert judge(store, scene, handed[0], is_eligible=False) is BidState.INELIGIBLE
