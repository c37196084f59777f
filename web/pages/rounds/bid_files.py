"""Files of a bid on their way in: told by their content, scanned, and sealed before anything is stored."""

from collections.abc import Sequence
from typing import Final

from anyio import to_thread
from starlette.datastructures import FormData, UploadFile

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Invalid
from marketplace.rounds.bidding import attaching
from marketplace.rounds.rules.bid_forms import Attached
from marketplace.rounds.sealing import seals
from web.dependencies import Desk
from web.uploads import files_of

FIELD: Final = "file-"
ACCEPTED: Final = ".pdf,.docx,.xlsx,.pptx,.png,.jpg,.jpeg,.zip,.mp4,.age"


def chosen(form: FormData) -> list[tuple[str, UploadFile]]:
    """The files that were chosen, each with the paper that it is for ("" for none)."""
    names = [name for name in dict.fromkeys(form) if name.startswith(FIELD)]
    return [(name.removeprefix(FIELD), one) for name in names for one in files_of(form, name)]


async def sealed(
    desk: Desk, actor: Actor, bid_id: str, given: Sequence[tuple[str, UploadFile]], *, own_key: str = ""
) -> tuple[list[Attached], dict[str, str]]:
    """Seal files to the round's key, and to the bidder's own where it gave a sound one, and keep them.

    Gives those that were kept, and what is wrong with the others, by field. Outside of any transaction.
    """
    recipient = await desk.read(lambda session: attaching.recipient_for(session, actor, bid_id))
    recipients = [recipient, *_sound(own_key)]
    kept: list[Attached] = []
    wrong: dict[str, str] = {}
    for paper, file in given:
        name, data = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1], await file.read()
        try:
            kept.append(await to_thread.run_sync(_one, desk, name, data, paper, recipients))
        except Invalid as refusal:
            wrong[f"{FIELD}{paper}"] = refusal.message
    return kept, wrong


def limit_bytes(desk: Desk) -> int:
    """How large one file may be."""
    return min(desk.settings.upload_limit_bytes, attaching.LIMIT_BYTES)


def _one(desk: Desk, name: str, data: bytes, paper: str, recipients: list[str]) -> Attached:
    attaching.require_sound(name, data, limit_bytes=limit_bytes(desk))
    attaching.scan(data, desk.settings.scanner)
    return attaching.seal(data, name, paper=paper, recipients=recipients, files=desk.files, new_id=desk.new_id)


def _sound(own_key: str) -> list[str]:
    if not own_key.strip():
        return []
    try:
        return [seals.recipient(own_key)]
    except Invalid:
        return []
