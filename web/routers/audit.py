"""The log for supervisors: searched, read thing by thing with its proof, verified, sealed day by day, exported.

Reading writes that it was read, so these pages write though they are asked with GET; nothing else can be changed here.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from marketplace import audited
from marketplace.accounts.actors import Actor
from marketplace.accounts.office import auditing, viewings
from marketplace.accounts.office.auditing import Findings, Seen
from marketplace.kernel import events, platform_settings, seals, verification
from marketplace.kernel.errors import NotFound
from marketplace.kernel.events import Wanted
from marketplace.kernel.seals import Seal
from web.dependencies import AtDesk, Desk
from web.pages import exports, render, wording
from web.pages.audit import files as audit_files
from web.pages.audit import lines as audit_lines
from web.pages.audit import words as audit_words

router = APIRouter(prefix="/audit")

Find = Callable[..., Findings]
TABLED: Final = 5_000
"""How many events a table holds at most; more are asked for by days."""
EXPORTED: Final = 50_000
"""How many events one file holds at most; the next file goes on where it ends."""
DAY: Final = timedelta(days=1)
WRONG_DAY: Final = "日期应写成 2026-11-21 这样。"


class Asked(BaseModel):
    """What is searched for, as the address says it."""

    name: str = Field("", max_length=120)
    aggregate: str = Field("", max_length=24)
    id: str = Field("", max_length=120)
    who: str = Field("", max_length=254)
    action: str = Field("", max_length=48)
    since: str = Field("", max_length=20)
    until: str = Field("", max_length=20)
    request: str = Field("", max_length=64)
    before: int | None = None
    after: int | None = None

    def errors(self) -> dict[str, str]:
        """What cannot be read, by field."""
        return {
            name: WRONG_DAY for name in ("since", "until") if getattr(self, name) and _day(getattr(self, name)) is None
        }

    def wanted(self, session: Session) -> Wanted:
        """What is searched for, as the log is asked."""
        last = _day(self.until)
        return Wanted(
            aggregate=self.aggregate,
            aggregate_id=self.id.strip(),
            actor_ids=auditing.people(session, self.who) if self.who.strip() else None,
            action=self.action,
            request_id=self.request.strip(),
            since=_midnight(_day(self.since)),
            until=_midnight(last + DAY) if last else None,
            things=audited.named(session, self.name) if self.name.strip() else None,
        )


Search = Annotated[Asked, Query()]


@router.get("")
async def index(request: Request, desk: AtDesk, asked: Search) -> HTMLResponse:
    """Search the log: newest first, each event as a sentence."""
    actor = _reader(desk)
    found = await desk.study(lambda session: _found(session, actor, asked, auditing.search))
    await _note(desk, actor, "search")
    return _page(
        request, desk, "audit/index.html", asked=asked, errors=asked.errors(), may=auditing.require_reader(actor), **found,
        today=_today(desk), monday=_monday(desk), regional=audited.REGIONAL,
    )  # fmt: skip


@router.get("/own")
async def own(request: Request, desk: AtDesk, asked: Search) -> HTMLResponse:
    """Show an organiser what its own office did in its region, to be printed."""
    actor = desk.require_actor()
    found = await desk.study(lambda session: _found(session, actor, asked, auditing.own))
    await _note(desk, actor, viewings.OWN)
    return _page(
        request, desk, "audit/own.html", asked=asked, errors=asked.errors(), **found,
        today=_today(desk), monday=_monday(desk),
    )  # fmt: skip


@router.get("/export.csv")
async def export_csv(desk: AtDesk, asked: Search) -> Response:
    """Give what was searched for as a table of Chinese words; that it was taken is logged."""
    return _download(exports.csv(await _table(desk, asked)), exports.CSV, f"留痕-{_today(desk)}.csv")


@router.get("/export.xlsx")
async def export_xlsx(desk: AtDesk, asked: Search) -> Response:
    """Give what was searched for as a workbook; that it was taken is logged."""
    table = await _table(desk, asked)
    data = await to_thread.run_sync(lambda: exports.xlsx(table))
    return _download(data, exports.XLSX, f"留痕-{_today(desk)}.xlsx")


@router.get("/verify")
async def verify(request: Request, desk: AtDesk) -> HTMLResponse:
    """Explain what verifying does, before it is done."""
    actor = _reader(desk)
    rest = await desk.study(seals.unsealed)
    await _note(desk, actor, "verify")
    return _page(request, desk, "audit/verify.html", examined=None, rest=rest)


@router.get("/verify/result")
async def verified(request: Request, desk: AtDesk) -> HTMLResponse:
    """Verify every chain and every daily head now, in a thread, and show what came of it."""
    actor = _reader(desk)
    examined, rest = await desk.study(lambda session: (verification.examine(session), seals.unsealed(session)))
    await desk.write(
        lambda session: viewings.note_verification(
            session, actor, events=examined.events, faults=len(examined.faults), now=desk.now
        )
    )
    return _page(request, desk, "audit/verify.html", examined=examined, rest=rest)


@router.get("/seals")
async def seal_list(request: Request, desk: AtDesk) -> HTMLResponse:
    """List the daily heads, newest first, and say what none of them covers yet."""
    actor = _reader(desk)
    listed, rest = await desk.study(lambda session: (seals.listed(session), seals.unsealed(session)))
    await _note(desk, actor, "seals")
    return _page(request, desk, "audit/seals.html", seals=listed, rest=rest)


@router.get("/seals/now")
async def provisional_now(desk: AtDesk) -> RedirectResponse:
    """Lead to the provisional head of this moment, whose address gives the same head ever after."""
    _reader(desk)
    number, before = await desk.read(seals.latest)
    return RedirectResponse(f"/audit/seals/at/{number}/{before}", status_code=303)


@router.get("/seals/at/{number}/{before}")
async def provisional(request: Request, desk: AtDesk, number: int, before: int) -> HTMLResponse:
    """Show a provisional head as a sheet to be printed, counted anew."""
    actor = _reader(desk)

    def found(session: Session) -> dict[str, Any]:
        value = seals.provisional(session, number=number, before=before)
        return {"seal": value, "platform": platform_settings.get(session)}

    context = await desk.study(found)
    await _note(desk, actor, "seals")
    return _page(request, desk, "audit/provisional.html", **context)


@router.get("/seals/{day}.json")
async def seal_json(desk: AtDesk, day: date) -> Response:
    """Give a daily head to a program."""
    _reader(desk)
    seal = await desk.read(lambda session: seals.get(session, day))
    return _download(audit_files.seal_json(seal), "application/json", f"封存值-{day}.json")


@router.get("/seals/{day}.txt")
async def seal_text(desk: AtDesk, day: date) -> Response:
    """Give a daily head as a text to be filed."""
    _reader(desk)

    def found(session: Session) -> tuple[Seal, str]:
        return seals.get(session, day), platform_settings.get(session).name

    seal, name = await desk.read(found)
    return _download(audit_files.seal_text(seal, platform=name), "text/plain; charset=utf-8", f"封存值-{day}.txt")


@router.get("/seals/{day}")
async def seal_page(request: Request, desk: AtDesk, day: str) -> HTMLResponse:
    """Show a daily head as a sheet to be printed, signed and kept elsewhere."""
    actor = _reader(desk)
    wanted = _day(day)
    if wanted is None:
        raise NotFound(f"没有这一天的封存值。{WRONG_DAY}")

    def found(session: Session) -> dict[str, Any]:
        seal = seals.get(session, wanted)
        return {"seal": seal, "holds": seals.holds(session, seal), "platform": platform_settings.get(session)}

    context = await desk.study(found)
    await _note(desk, actor, "seals")
    return _page(request, desk, "audit/seal.html", **context)


@router.get("/export.jsonl")
async def export(desk: AtDesk, after: int = 0) -> Response:
    """Give the log as JSON lines from a position on, with the daily heads; that a copy was taken is logged."""
    actor = _reader(desk)

    def written(session: Session) -> tuple[bytes, int]:
        found = events.following(session, after=after, limit=EXPORTED + 1)
        is_last, found = len(found) <= EXPORTED, found[:EXPORTED]
        may = auditing.visible(session, actor, found, areas=audited.AREAS)
        rows = [(event, *seen) for event, seen in zip(found, may, strict=True)]
        data = audit_files.lines(rows, seals.listed(session), now=desk.now, after=after, is_last=is_last)
        return data, len(found)

    data, count = await desk.study(written)
    await desk.write(lambda session: viewings.note_export(session, actor, events=count, after=after, now=desk.now))
    return _download(data, "application/x-ndjson", f"留痕-{after}.jsonl")


@router.get("/{aggregate}/{aggregate_id}")
async def life(request: Request, desk: AtDesk, aggregate: str, aggregate_id: str) -> HTMLResponse:
    """Show the whole life of one thing in order of time, with its chain verified just now."""
    actor = _reader(desk)

    def found(session: Session) -> dict[str, Any]:
        life = auditing.life(session, actor, aggregate, aggregate_id, areas=audited.AREAS)
        return {"life": life, "lines": audit_lines.of(session, life.seen)}

    context = await desk.study(found)
    await _note(desk, actor, "life")
    return _page(request, desk, "audit/life.html", aggregate=aggregate, aggregate_id=aggregate_id, **context)


def _found(session: Session, actor: Actor, asked: Asked, find: Find) -> dict[str, Any]:
    wanted = asked.wanted(session)
    findings = find(session, actor, wanted, areas=audited.AREAS, before=asked.before, after=asked.after)
    return {"findings": findings, "lines": audit_lines.of(session, findings.seen)}


async def _table(desk: Desk, asked: Asked) -> exports.Table:
    actor = _reader(desk)

    def gathered(session: Session) -> exports.Table:
        wanted = asked.wanted(session)
        seen: list[Seen] = []
        before = asked.before
        while len(seen) < TABLED:
            page = auditing.search(session, actor, wanted, areas=audited.AREAS, before=before)
            seen += page.seen
            before = page.next_before
            if before is None:
                break
        return audit_files.table(audit_lines.of(session, seen[:TABLED]))

    table = await desk.study(gathered)
    await desk.write(
        lambda session: viewings.note_export(session, actor, events=len(table.rows), after=0, now=desk.now)
    )
    return table


def _page(request: Request, desk: Desk, template: str, **context: Any) -> HTMLResponse:
    return render.page(request, desk, template, words=audit_words, **context)


def _reader(desk: Desk) -> Actor:
    actor = desk.require_actor()
    auditing.require_reader(actor)
    return actor


async def _note(desk: Desk, actor: Actor, page: str) -> None:
    # Looked up first, so that reading takes its turn among the writers once an hour and not every time.
    if not await desk.read(lambda session: viewings.is_noted(session, actor, page, now=desk.now)):
        await desk.write(lambda session: viewings.note_viewing(session, actor, page, now=desk.now))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _today(desk: Desk) -> date:
    return desk.now.astimezone(wording.BEIJING).date()


def _monday(desk: Desk) -> date:
    today = _today(desk)
    return today - today.weekday() * DAY


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=wording.BEIJING)


def _download(data: bytes, media_type: str, name: str) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)
