"""Deciding entries of the lexicon: approve, decline, withdraw, each with a page that says what will happen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.lexicon import entries, reading
from marketplace.lexicon.rules import powers
from marketplace.lexicon.views import EntryView, Standing, VersionView
from web.dependencies import AtDesk, Desk
from web.pages import render, typed
from web.pages.lexicon import proposals, words

router = APIRouter(prefix="/lexicon/entries/{entry_id}")


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do with an entry, as its page says it."""

    act: str
    name: str
    happens: str
    undo: str
    asked: str
    is_grave: bool


_LIVE: Final = "各服务进程随即用新的词库重建索引，其间照常提供匹配；一两万条需求和能力画像约需一分钟。"
DEEDS: Final[Mapping[str, Deed]] = {
    "approve": Deed(
        "approve", "批准", f"词条进入词库，替代它在用的上一版。{_LIVE}", "可以撤回；每一版都保留。", "审定意见", False
    ),
    "decline": Deed(
        "decline", "不采纳", "这一版不进入词库；在用的上一版不受影响。", "不能；可以重新提出。", "不采纳的理由", True
    ),
    "withdraw": Deed(
        "withdraw", "撤回", f"词条从词库里去掉。{_LIVE}", "可以重新提出并批准；每一版都保留。", "撤回的理由", True
    ),
}


@router.get("/approve")
async def ask_to_approve(request: Request, desk: AtDesk, entry_id: str) -> HTMLResponse:
    """Say what approving does before it is done, with what the checker finds and what would change."""
    return await _ask(request, desk, entry_id, DEEDS["approve"])


@router.post("/approve")
async def approve(request: Request, desk: AtDesk, entry_id: str) -> Response:
    """Approve the version that waits."""
    actor = _decider(desk)
    form = await request.form()
    version, note = typed.version(form), str(form.get("reason", ""))
    one, standing = await desk.read(lambda session: _look(session, actor, entry_id))
    if one.waiting is not None:
        wanted = proposals.wanted_with(standing, entry_id, one.waiting.content)
        faults = await desk.examine(lambda index: proposals.faults(index, standing, wanted))
        if faults:
            refusal = Invalid("还不能批准。", code="lexicon_faults", fields={"reason": "；".join(faults) + "。"})
            return await _ask(request, desk, entry_id, DEEDS["approve"], reason=note, refusal=refusal)

    def decide(session: Session) -> None:
        check = proposals.check(desk.index, session)
        entries.approve(
            session, actor, entry_id, version=version, note=note, check=check, now=desk.now, new_id=desk.new_id
        )

    return await _decide(request, desk, entry_id, DEEDS["approve"], decide, reason=note)


@router.get("/decline")
async def ask_to_decline(request: Request, desk: AtDesk, entry_id: str) -> HTMLResponse:
    """Ask for the reason of declining."""
    return await _ask(request, desk, entry_id, DEEDS["decline"])


@router.post("/decline")
async def decline(request: Request, desk: AtDesk, entry_id: str) -> Response:
    """Decline the version that waits."""
    actor = _decider(desk)
    form = await request.form()
    version, reason = typed.version(form), str(form.get("reason", ""))

    def decide(session: Session) -> None:
        entries.decline(session, actor, entry_id, version=version, reason=reason, now=desk.now, new_id=desk.new_id)

    return await _decide(request, desk, entry_id, DEEDS["decline"], decide, reason=reason)


@router.get("/withdraw")
async def ask_to_withdraw(request: Request, desk: AtDesk, entry_id: str) -> HTMLResponse:
    """Say what withdrawing does before it is done."""
    return await _ask(request, desk, entry_id, DEEDS["withdraw"])


@router.post("/withdraw")
async def withdraw(request: Request, desk: AtDesk, entry_id: str) -> Response:
    """Take an entry out of the lexicon."""
    actor = _decider(desk)
    form = await request.form()
    version, reason = typed.version(form), str(form.get("reason", ""))

    def decide(session: Session) -> None:
        check = proposals.check(desk.index, session)
        entries.withdraw(
            session, actor, entry_id, version=version, reason=reason, check=check, now=desk.now, new_id=desk.new_id
        )

    return await _decide(request, desk, entry_id, DEEDS["withdraw"], decide, reason=reason)


def _decider(desk: Desk) -> Actor:
    actor = desk.require_actor()
    powers.require_may_decide(actor)
    return actor


def _look(session: Session, actor: Actor, entry_id: str) -> tuple[EntryView, tuple[Standing, ...]]:
    return reading.get(session, actor, entry_id), reading.standing(session)


async def _decide(
    request: Request, desk: Desk, entry_id: str, deed: Deed, decide: Callable[[Session], None], *, reason: str
) -> Response:
    try:
        await desk.write(decide)
    except Invalid as refusal:
        return await _ask(request, desk, entry_id, deed, reason=reason, refusal=refusal)
    return RedirectResponse(f"/lexicon/entries/{entry_id}?done={deed.act}", status_code=303)


async def _ask(
    request: Request, desk: Desk, entry_id: str, deed: Deed, *, reason: str = "", refusal: Invalid | None = None
) -> HTMLResponse:
    actor = _decider(desk)
    one, standing = await desk.read(lambda session: _look(session, actor, entry_id))
    shown = _subject(one, deed)
    await desk.read(lambda session: entries.require_another(session, actor, proposed_by=shown.proposed_by))
    wanted = (
        proposals.wanted_without(standing, entry_id)
        if deed.act == "withdraw"
        else proposals.wanted_with(standing, entry_id, shown.content)
    )
    weighed = await desk.examine(lambda index: proposals.weigh(index, standing, wanted, shown.content.concept))
    said = {} if refusal is None else refusal.fields or {"reason": refusal.message}
    return render.page(
        request,
        desk,
        "lexicon/decide.html",
        status=200 if refusal is None else 422,
        one=one,
        shown=shown,
        deed=deed,
        weighed=weighed,
        reason=reason,
        errors=said,
        kinds=words.KINDS,
        acts=words.ACTS,
    )


def _subject(one: EntryView, deed: Deed) -> VersionView:
    shown = one.in_force if deed.act == "withdraw" else one.waiting
    if shown is None:
        message = "这个词条没有在用的版本，不需要撤回。" if deed.act == "withdraw" else "这个词条没有等待审定的版本。"
        raise Conflict(message, code="entry_nothing_to_decide")
    return shown
