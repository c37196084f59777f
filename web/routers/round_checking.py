"""The formal check: the opened bids, each beside its conditions; findings, verdicts, corrections, objections, the files."""

from collections.abc import Callable, Mapping
from typing import Annotated, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Invalid
from marketplace.rounds import facts, held, rounds
from marketplace.rounds.checking import attachments, bids, corrections, objections, verdicts
from marketplace.rounds.checking.bids import BidLine, CheckedBid
from marketplace.rounds.rounds import RoundPage
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.words import RoundEvent
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.rounds import bid_words

router = APIRouter(prefix="/rounds/{round_id}/check")

FOUND: Final = {"yes": True, "no": False}
PER_CONDITION: Final = "evidence-"
Short = Annotated[str, Form(max_length=8)]
Text = Annotated[str, Form(max_length=20_000)]


@router.get("")
async def index(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """List the bids of a round since its opening."""
    actor = desk.require_actor()

    def read(session: Session) -> tuple[list[BidLine], RoundPage, Reason | None]:
        lines = bids.lines(session, actor, round_id)
        against = verdicts.against_review(session, actor, round_id, now=desk.now)
        return lines, rounds.get(session, actor, round_id, now=desk.now), against

    lines, page, against = await desk.read(read)
    return render.page(
        request,
        desk,
        "rounds/check_list.html",
        lines=lines,
        round=page,
        may_send=RoundEvent.SEND_TO_REVIEW in page.may,
        against=against,
        words=bid_words,
    )


@router.post("/review")
async def send_to_review(desk: AtDesk, round_id: str) -> RedirectResponse:
    """Send the eligible bids to the experts' review."""
    actor = desk.require_recent()
    await desk.write(lambda session: verdicts.send_to_review(session, actor, round_id, now=desk.now))
    return RedirectResponse(f"/rounds/{round_id}/check?done=review", status_code=303)


@router.get("/{bid_id}")
async def show(request: Request, desk: AtDesk, round_id: str, bid_id: str) -> HTMLResponse:
    """Show a bid beside the conditions, with everything that was found of it."""
    return await _page(request, desk, desk.require_actor(), round_id, bid_id)


@router.post("/{bid_id}/findings")
async def find(request: Request, desk: AtDesk, round_id: str, bid_id: str) -> Response:
    """Put down what one found of the conditions."""
    actor, form = desk.require_actor(), await request.form()
    filled = {name: value for name, value in form.items() if isinstance(value, str)}
    page = await _bid(desk, actor, round_id, bid_id)
    standing = {one.condition: (one.is_met, one.evidence) for one in page.findings if one.is_own}

    def work(session: Session) -> None:
        wrong: dict[str, str] = {}
        for one in page.notice.conditions:
            is_met, evidence = FOUND.get(filled.get(f"met-{one.key}", "")), filled.get(f"{PER_CONDITION}{one.key}", "")
            if is_met is None or standing.get(one.key) == (is_met, evidence.strip()):
                continue
            try:
                bids.find(session, actor, bid_id, one.key, is_met=is_met, evidence=evidence, now=desk.now)
            except Invalid as refusal:
                wrong |= refusal.fields
        if wrong:
            raise Invalid("有条件没有写明依据，审查记录没有保存。", code="no_evidence", fields=wrong)

    return await _done(request, desk, actor, round_id, bid_id, work=work, done="found", filled=filled)


@router.post("/{bid_id}/verdict")
async def give(
    request: Request,
    desk: AtDesk,
    round_id: str,
    bid_id: str,
    *,
    verdict: Short = "",
    condition: Short = "",
    reason: Text = "",
) -> Response:
    """Give one's verdict; with the second alike it stands."""
    actor = desk.require_actor()
    filled = {"verdict": verdict, "condition": condition, "reason": reason}

    def work(session: Session) -> None:
        if verdict not in FOUND:
            raise Invalid("请选择结论。", code="no_verdict", fields={"verdict": "请选择结论。"})
        verdicts.give(
            session,
            actor,
            bid_id,
            is_eligible=FOUND[verdict],
            condition="" if FOUND[verdict] else condition,
            reason="" if FOUND[verdict] else reason,
            now=desk.now,
            new_id=desk.new_id,
        )

    await _bid(desk, actor, round_id, bid_id)
    return await _done(request, desk, actor, round_id, bid_id, work=work, done="judged", filled=filled)


@router.post("/{bid_id}/correction")
async def ask_correction(
    request: Request,
    desk: AtDesk,
    round_id: str,
    bid_id: str,
    *,
    item: Short = "",
    wanted: Text = "",
    hours: Short = "",
) -> Response:
    """Ask the bidder to put something right within so many hours."""
    actor = desk.require_actor()
    filled = {"item": item, "wanted": wanted, "hours": hours}

    def work(session: Session) -> None:
        if not (hours.isascii() and hours.isdigit()):
            told = {"hours": "请填写小时数，例如 24。"}
            raise Invalid("补正没有发出。", code="bad_correction", fields=told)
        try:
            corrections.ask(
                session, actor, bid_id, item, reason=wanted, hours=int(hours), now=desk.now, new_id=desk.new_id
            )
        except Invalid as refusal:
            names = {"condition": "item", "reason": "wanted"}
            told = {names.get(name, name): said for name, said in refusal.fields.items()}
            raise Invalid(refusal.message, code=refusal.code, fields=told) from None

    await _bid(desk, actor, round_id, bid_id)
    return await _done(request, desk, actor, round_id, bid_id, work=work, done="asked", filled=filled)


@router.post("/{bid_id}/objection")
async def decide(
    request: Request, desk: AtDesk, round_id: str, bid_id: str, *, upheld: Short = "", answer: Text = ""
) -> Response:
    """Decide an objection with reasons."""
    actor = desk.require_recent()
    filled = {"upheld": upheld, "answer": answer}

    def work(session: Session) -> None:
        if upheld not in FOUND:
            raise Invalid("请选择是否成立。", code="no_decision", fields={"upheld": "请选择异议是否成立。"})
        objections.decide(
            session, actor, bid_id, is_upheld=FOUND[upheld], answer=answer, now=desk.now, new_id=desk.new_id
        )

    await _bid(desk, actor, round_id, bid_id)
    return await _done(request, desk, actor, round_id, bid_id, work=work, done="decided", filled=filled)


@router.get("/{bid_id}/files/{sealed_digest}")
async def attachment(desk: AtDesk, round_id: str, bid_id: str, sealed_digest: str) -> Response:
    """Give a file of an opened bid, unsealed now and held against its digest; that it was taken is logged."""
    actor = desk.require_actor()
    await _bid(desk, actor, round_id, bid_id)
    found = await desk.read(lambda session: attachments.find(session, actor, bid_id, sealed_digest))
    plain = await to_thread.run_sync(attachments.unseal, found, desk.files)
    await desk.write(lambda session: attachments.note_reading(session, actor, bid_id, found, now=desk.now))
    disposition = f"attachment; filename=\"attachment\"; filename*=UTF-8''{quote(plain.name, safe='')}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(plain.data, media_type="application/octet-stream", headers=headers)


async def _bid(desk: Desk, actor: Actor, round_id: str, bid_id: str) -> CheckedBid:
    return await desk.read(lambda session: bids.of_round(session, actor, round_id, bid_id))


async def _done(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    bid_id: str,
    *,
    work: Callable[[Session], None],
    done: str,
    filled: Mapping[str, str],
) -> Response:
    try:
        await desk.write(work)
    except Invalid as refusal:
        return await _page(
            request, desk, actor, round_id, bid_id, errors=dict(refusal.fields), filled=filled, status=422
        )
    return RedirectResponse(f"/rounds/{round_id}/check/{bid_id}?done={done}", status_code=303)


async def _page(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    bid_id: str,
    *,
    errors: Mapping[str, str] | None = None,
    filled: Mapping[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    def read(session: Session) -> tuple[CheckedBid, int]:
        limits = facts.procedure_of(held.get(session, round_id)).limits
        return bids.of_round(session, actor, round_id, bid_id), limits["correction_hours"].value

    bid, hours = await desk.read(read)
    given = dict(filled or {})
    own = {one.condition: one for one in bid.findings if one.is_own}
    for key, one in own.items():
        given.setdefault(f"met-{key}", "yes" if one.is_met else "no")
        given.setdefault(f"{PER_CONDITION}{key}", one.evidence)
    return render.page(
        request,
        desk,
        "rounds/check.html",
        status=status,
        bid=bid,
        hours=hours,
        filled=given,
        errors=dict(errors or {}),
        words=bid_words,
    )
