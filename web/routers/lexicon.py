"""The lexicon: look for a name, see what is recognised in a text, read one concept."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.kernel.errors import NotFound
from marketplace.lexicon import reading
from marketplace.lexicon.rules import powers
from marketplace.lexicon.views import Standing
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.lexicon import lookups, words

if TYPE_CHECKING:
    from matching.naming import Piece

router = APIRouter(prefix="/lexicon")

MOST_TEXT: Final = 3000


@dataclass(frozen=True, slots=True)
class Recognised:
    """A text that was read: its pieces, and the concepts it names in the order of their first mention."""

    pieces: "tuple[Piece, ...]"
    concepts: tuple[lookups.Line, ...]


@router.get("")
async def index(request: Request, desk: AtDesk, q: str = "") -> HTMLResponse:
    """Look for concepts by a name or a part of one."""
    return await _index(request, desk, q=q[:200])


@router.post("/read")
async def read(request: Request, desk: AtDesk, text: Annotated[str, Form()] = "") -> HTMLResponse:
    """Show which concepts are recognised in a text."""
    powers.require_may_read(desk.require_actor())
    asked = text.replace("\r\n", "\n")[:MOST_TEXT]
    return await _index(request, desk, text=asked, recognised=_recognise(desk, asked), tried=True)


@router.get("/concept")
async def concept(request: Request, desk: AtDesk, name: str = "") -> Response:
    """Show one concept: its names, what stands above and below it, where it comes from, who names it now."""
    actor = desk.require_actor()
    powers.require_may_read(actor)
    if not name.strip():
        return RedirectResponse("/lexicon", status_code=303)
    number = desk.index.laid.lexicon.number_of(name)
    if number is None:
        raise NotFound("词库里没有这个概念。它可能刚被批准、正在生效，或已经撤回。")

    def look(session: Session) -> tuple[Standing, ...]:
        return reading.of_concept(session, name)

    entries = await desk.read(look)
    return render.page(
        request,
        desk,
        "lexicon/concept.html",
        one=lookups.page(desk.index, number),
        entries=entries,
        is_shipped=desk.index.shipped.number_of(name) is not None,
        reads_all=powers.reads_all(actor),
        may_propose=powers.may_propose(actor),
        kinds=words.KINDS,
        acts=words.ACTS,
    )


async def _index(
    request: Request,
    desk: Desk,
    *,
    q: str = "",
    text: str = "",
    recognised: Recognised | None = None,
    tried: bool = False,
) -> HTMLResponse:
    actor = desk.require_actor()
    powers.require_may_read(actor)
    waiting = await desk.read(reading.waiting) if powers.reads_all(actor) else 0
    lexicon = desk.index.laid.lexicon
    return render.page(
        request,
        desk,
        "lexicon/index.html",
        q=q,
        found=lookups.search(lexicon, q) if q.strip() else (),
        most=lookups.MOST,
        total=len(lexicon),
        text=text,
        recognised=recognised,
        tried=tried,
        waiting=waiting,
        most_text=MOST_TEXT,
        may_propose=powers.may_propose(actor),
        kinds=words.KINDS,
    )


def _recognise(desk: Desk, text: str) -> Recognised:
    from matching import naming

    lexicon = desk.index.laid.lexicon
    pieces = naming.pieces(lexicon, text)
    numbers = dict.fromkeys(number for piece in pieces for number in piece.concepts)
    return Recognised(tuple(pieces), tuple(lookups.line(lexicon, number) for number in numbers))
