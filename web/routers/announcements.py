"""Announcements: read by their audience, written and taken down by administrators."""

from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from marketplace.accounts.actors import Actor
from marketplace.accounts.office import announcements, platform
from marketplace.accounts.office.announcement_words import Audience, Level
from marketplace.accounts.office.announcements import AnnouncementForm
from marketplace.kernel.errors import Conflict, Invalid
from web.dependencies import AtDesk, Desk
from web.pages import render, typed, wording

router = APIRouter(prefix="/announcements")

LEVELS: Final = {Level.INFO.value: "一般", Level.WARN.value: "重要", Level.URGENT.value: "紧急"}
AUDIENCES: Final = {
    Audience.EVERYBODY.value: "所有人（含访客）",
    Audience.ORGANISERS.value: "主办方",
    Audience.ENTERPRISES.value: "发榜单位",
    Audience.OPCS.value: "OPC",
}
FIELDS: Final = ("title", "text", "level", "audience", "shows_from", "shows_until")
STATES: Final = {"coming": "未开始", "showing": "正在显示", "over": "已结束", "withdrawn": "已撤下"}


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List what the visitor may read, newest first."""
    listed = await desk.read(lambda session: announcements.listed(session, _actor(desk), now=desk.now))
    return _page(request, desk, "announcements/index.html", listed=listed)


@router.get("/new")
async def new(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show an empty form; it begins now and is for everybody."""
    platform.require_administrator(desk.require_actor())
    values = dict.fromkeys(FIELDS, "") | {
        "level": Level.INFO.value,
        "audience": Audience.EVERYBODY.value,
        "shows_from": _local(desk.now),
    }
    return _form(request, desk, "", values, version=0)


@router.post("/new")
async def publish(request: Request, desk: AtDesk) -> Response:
    """Publish a new announcement."""
    actor = _administrator(desk)
    form = await request.form()
    try:
        written = _read(form, desk.now)
        made = await desk.write(
            lambda session: announcements.publish(session, actor, written, now=desk.now, new_id=desk.new_id)
        )
    except Invalid as refusal:
        return _form(request, desk, "", _values(form), version=0, refusal=refusal)
    return RedirectResponse(f"/announcements/{made.id}?done=published", status_code=303)


@router.get("/{announcement_id}")
async def show(request: Request, desk: AtDesk, announcement_id: str) -> HTMLResponse:
    """Show one announcement; administrators see its versions too."""
    actor = _actor(desk)
    one = await desk.read(lambda session: announcements.get(session, actor, announcement_id, now=desk.now))
    versions: list[announcements.Version] = []
    if actor is not None and platform.is_administrator(actor):
        versions = await desk.read(lambda session: announcements.versions(session, actor, announcement_id))
    return _page(request, desk, "announcements/show.html", one=one, versions=versions)


@router.get("/{announcement_id}/edit")
async def edit(request: Request, desk: AtDesk, announcement_id: str) -> HTMLResponse:
    """Show the form with what stands."""
    actor = _administrator(desk)
    one = await desk.read(lambda session: announcements.get(session, actor, announcement_id, now=desk.now))
    values = {
        "title": one.title,
        "text": one.text,
        "level": one.level.value,
        "audience": one.audience.value,
        "shows_from": _local(one.shows_from),
        "shows_until": _local(one.shows_until) if one.shows_until else "",
    }
    return _form(request, desk, announcement_id, values, version=one.version)


@router.post("/{announcement_id}/edit")
async def amend(request: Request, desk: AtDesk, announcement_id: str) -> Response:
    """Change an announcement."""
    actor = _administrator(desk)
    form = await request.form()
    version = typed.version(form)
    try:
        written = _read(form, desk.now)
        await desk.write(
            lambda session: announcements.amend(session, actor, announcement_id, written, version=version, now=desk.now)
        )
    except (Invalid, Conflict) as refusal:
        return _form(request, desk, announcement_id, _values(form), version=version, refusal=refusal)
    return RedirectResponse(f"/announcements/{announcement_id}?done=amended", status_code=303)


@router.get("/{announcement_id}/withdraw")
async def ask_to_withdraw(request: Request, desk: AtDesk, announcement_id: str) -> HTMLResponse:
    """Say what withdrawing does before it is done."""
    actor = _administrator(desk)
    one = await desk.read(lambda session: announcements.get(session, actor, announcement_id, now=desk.now))
    return _page(request, desk, "announcements/withdraw.html", one=one)


@router.post("/{announcement_id}/withdraw")
async def withdraw(request: Request, desk: AtDesk, announcement_id: str) -> Response:
    """Take an announcement down."""
    actor = _administrator(desk)
    version = typed.version(await request.form())
    await desk.write(
        lambda session: announcements.withdraw(session, actor, announcement_id, version=version, now=desk.now)
    )
    return RedirectResponse(f"/announcements/{announcement_id}?done=withdrawn", status_code=303)


def _page(request: Request, desk: Desk, template: str, **context: Any) -> HTMLResponse:
    may_write = platform.is_administrator(_actor(desk))
    return render.page(
        request, desk, template, levels=LEVELS, audiences=AUDIENCES, states=STATES, may_write=may_write, **context
    )


def _form(
    request: Request,
    desk: Desk,
    announcement_id: str,
    values: dict[str, str],
    *,
    version: int,
    refusal: Invalid | Conflict | None = None,
) -> HTMLResponse:
    return _page(
        request,
        desk,
        "announcements/edit.html",
        status=200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422,
        id=announcement_id,
        values=values,
        version=version,
        errors=refusal.fields if isinstance(refusal, Invalid) else {},
        conflict=refusal.message if isinstance(refusal, Conflict) else "",
    )


def _actor(desk: Desk) -> Actor | None:
    return None if desk.signed_in is None else desk.signed_in.actor


def _administrator(desk: Desk) -> Actor:
    actor = desk.require_actor()
    platform.require_administrator(actor)
    return actor


def _values(form: FormData) -> dict[str, str]:
    return {name: str(form.get(name, "")) for name in FIELDS}


def _read(form: FormData, now: datetime) -> AnnouncementForm:
    values, wrong = _values(form), {}
    if values["level"] not in LEVELS:
        wrong["level"] = "请选择重要程度。"
    if values["audience"] not in AUDIENCES:
        wrong["audience"] = "请选择给谁看。"
    moments: dict[str, datetime | None] = {}
    for name in ("shows_from", "shows_until"):
        try:
            moments[name] = _moment(values[name])
        except ValueError:
            wrong[name] = "时间应写成 2026-11-21T09:00 这样。"
    if wrong:
        raise Invalid("公告没有保存，请改正标出的地方。", code="bad_announcement", fields=wrong)
    return AnnouncementForm(
        title=values["title"],
        text=values["text"],
        level=Level(values["level"]),
        audience=Audience(values["audience"]),
        shows_from=moments["shows_from"] or now,
        shows_until=moments["shows_until"],
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text.strip()).replace(tzinfo=wording.BEIJING) if text.strip() else None


def _local(moment: datetime) -> str:
    return moment.astimezone(wording.BEIJING).strftime("%Y-%m-%dT%H:%M")
