"""Files of a bid on their way in: told by their content, scanned, and sealed before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from anyio import to_thread

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Invalid
from marketplace.rounds.bidding import attaching
from marketplace.rounds.rules.bid_forms import Attached
from marketplace.rounds.sealing import seals
from web.dependencies import Desk


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was sent: what it is called, its bytes, and for which paper it is ("" for none)."""

    name: str
    data: bytes
    paper: str = ""


def limit_bytes(desk: Desk) -> int:
    """How large one file may be."""
    return min(desk.settings.upload_limit_bytes, attaching.LIMIT_BYTES)


async def seal(
    desk: Desk, actor: Actor, bid_id: str, given: Sequence[Given], *, own_key: str
) -> list[Attached | Invalid]:
    """Seal files to the round's key, and to the bidder's own where it gave a sound one, and keep them.

    Gives for each what was kept, or why it was not. Outside of any transaction; NotFound for others than the bid's unit.
    """
    recipient = await desk.read(lambda session: attaching.recipient_for(session, actor, bid_id))
    recipients = [recipient, *_sound(own_key)]
    return [await to_thread.run_sync(_one, desk, file, recipients) for file in given]


def _one(desk: Desk, file: Given, recipients: list[str]) -> Attached | Invalid:
    name = file.name.replace("\\", "/").rsplit("/", 1)[-1]
    try:
        attaching.require_sound(name, file.data, limit_bytes=limit_bytes(desk))
        attaching.scan(file.data, desk.settings.scanner)
        return attaching.seal(
            file.data, name, paper=file.paper, recipients=recipients, files=desk.files, new_id=desk.new_id
        )
    except Invalid as refusal:
        return refusal


def _sound(own_key: str) -> list[str]:
    if not own_key.strip():
        return []
    try:
        return [seals.recipient(own_key)]
    except Invalid:
        return []
