"""The files that were chosen in the form of a bid: each in a field of its paper."""

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import FormData, UploadFile

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Invalid
from marketplace.rounds.rules.bid_forms import Attached
from web import bid_files
from web.bid_files import Given, limit_bytes
from web.dependencies import Desk
from web.uploads import files_of

__all__ = ["ACCEPTED", "FIELD", "chosen", "limit_bytes", "sealed"]

FIELD: Final = "file-"
ACCEPTED: Final = ".pdf,.docx,.xlsx,.pptx,.png,.jpg,.jpeg,.zip,.mp4,.age"


def chosen(form: FormData) -> list[tuple[str, UploadFile]]:
    """The files that were chosen, each with the paper that it is for ("" for none)."""
    names = [name for name in dict.fromkeys(form) if name.startswith(FIELD)]
    return [(name.removeprefix(FIELD), one) for name in names for one in files_of(form, name)]


async def sealed(
    desk: Desk, actor: Actor, bid_id: str, given: Sequence[tuple[str, UploadFile]], *, own_key: str = ""
) -> tuple[list[Attached], dict[str, str]]:
    """Seal the files that were chosen; gives those that were kept, and what is wrong with the others, by field."""
    sent = [Given(file.filename or "", await file.read(), paper) for paper, file in given]
    found = list(zip(sent, await bid_files.seal(desk, actor, bid_id, sent, own_key=own_key), strict=True))
    kept = [one for _, one in found if isinstance(one, Attached)]
    return kept, {f"{FIELD}{file.paper}": one.message for file, one in found if isinstance(one, Invalid)}
