"""Announcements: written by administrators, shown to their audience from one moment to another, in versions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_
from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.office.announcement_tables import Announcement, AnnouncementVersion
from marketplace.accounts.office.announcement_words import Audience, Level
from marketplace.accounts.office.platform import is_administrator, require_administrator
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.columns import Instant
from marketplace.kernel.errors import Conflict, Invalid, NotFound

MAX_TITLE = 120
MAX_TEXT = 4000
SHOWN = 200
_LOUDNESS = {Level.URGENT: 0, Level.WARN: 1, Level.INFO: 2}
_SEES = {Role.ORGANISER: Audience.ORGANISERS, Role.ENTERPRISE: Audience.ENTERPRISES, Role.OPC: Audience.OPCS}
_NOW = bindparam("now", type_=Instant)
# Every page asks this: it is written once, since writing it takes as long as asking it.
_CURRENT = (
    select(Announcement)
    .where(
        col(Announcement.withdrawn_at).is_(None),
        col(Announcement.shows_from) <= _NOW,
        or_(col(Announcement.shows_until).is_(None), col(Announcement.shows_until) > _NOW),
        col(Announcement.audience).in_(bindparam("audiences", expanding=True)),
    )
    .order_by(col(Announcement.shows_from).desc(), col(Announcement.id))
)


@dataclass(frozen=True, slots=True)
class AnnouncementForm:
    """What an announcement says, to whom and from when to when (None: until it is withdrawn)."""

    title: str
    text: str
    level: Level
    audience: Audience
    shows_from: datetime
    shows_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """An announcement as its readers see it."""

    id: str
    version: int
    title: str
    text: str
    level: Level
    audience: Audience
    shows_from: datetime
    shows_until: datetime | None
    withdrawn_at: datetime | None

    def state(self, now: datetime) -> str:
        """Where it stands: "withdrawn", "coming", "showing" or "over"."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if now < self.shows_from:
            return "coming"
        return "showing" if self.shows_until is None or now < self.shows_until else "over"


@dataclass(frozen=True, slots=True)
class Version:
    """One version: what it said, who wrote it, when."""

    number: int
    title: str
    text: str
    level: Level
    audience: Audience
    shows_from: datetime
    shows_until: datetime | None
    written_by: str
    written_at: datetime


def audiences(actor: Actor | None) -> frozenset[Audience]:
    """The audiences somebody belongs to in the seat it has now."""
    roles = frozenset() if actor is None else actor.roles
    return frozenset({Audience.EVERYBODY, *(audience for role, audience in _SEES.items() if role in roles)})


def current(session: Session, actor: Actor | None, *, now: datetime) -> tuple[AnnouncementView, ...]:
    """What is to be shown to somebody now, the most urgent first."""
    rows = session.exec(_CURRENT, params={"now": now, "audiences": sorted(audiences(actor))})
    return tuple(sorted(map(_view, rows), key=lambda one: _LOUDNESS[one.level]))


def listed(session: Session, actor: Actor | None, *, now: datetime) -> list[AnnouncementView]:
    """What somebody may read, newest first: what has begun and was not withdrawn; administrators see everything."""
    query = select(Announcement).order_by(col(Announcement.shows_from).desc(), col(Announcement.id)).limit(SHOWN)
    if not is_administrator(actor):
        query = query.where(
            col(Announcement.withdrawn_at).is_(None),
            col(Announcement.shows_from) <= now,
            col(Announcement.audience).in_(sorted(audiences(actor))),
        )
    return [_view(row) for row in session.exec(query)]


def get(session: Session, actor: Actor | None, announcement_id: str, *, now: datetime) -> AnnouncementView:
    """One announcement that somebody may read, or NotFound."""
    row = session.get(Announcement, announcement_id)
    if row is not None and not is_administrator(actor):
        hidden = row.withdrawn_at is not None or row.shows_from > now or row.audience not in audiences(actor)
        row = None if hidden else row
    if row is None:
        raise NotFound("没有这条公告，可能已经撤下。")
    return _view(row)


def versions(session: Session, actor: Actor, announcement_id: str) -> list[Version]:
    """Every version of an announcement, newest first, for administrators."""
    require_administrator(actor)
    query = select(AnnouncementVersion).where(AnnouncementVersion.announcement_id == announcement_id)
    rows = session.exec(query.order_by(col(AnnouncementVersion.number).desc())).all()
    names = accounts.names(session, {row.written_by for row in rows})
    return [
        Version(
            row.number,
            row.title,
            row.text,
            row.level,
            row.audience,
            row.shows_from,
            row.shows_until,
            names.get(row.written_by, ""),
            row.written_at,
        )
        for row in rows
    ]


def publish(
    session: Session, actor: Actor, form: AnnouncementForm, *, now: datetime, new_id: Callable[[], str]
) -> AnnouncementView:
    """Write a new announcement."""
    require_administrator(actor)
    cleaned = _clean(form)
    row = Announcement(id=new_id(), version=0, created_at=now, **_columns(cleaned))
    return _write(session, actor, row, cleaned, action="announcement.published", now=now)


def amend(
    session: Session, actor: Actor, announcement_id: str, form: AnnouncementForm, *, version: int, now: datetime
) -> AnnouncementView:
    """Change an announcement; what it said before stays as a version. Conflict where somebody was faster."""
    require_administrator(actor)
    row = _live(session, announcement_id, version)
    return _write(session, actor, row, _clean(form), action="announcement.amended", now=now)


def withdraw(session: Session, actor: Actor, announcement_id: str, *, version: int, now: datetime) -> None:
    """Take an announcement down for good; its versions stay."""
    require_administrator(actor)
    row = _live(session, announcement_id, version)
    row.withdrawn_at, row.withdrawn_by = now, actor.account_id
    session.add(row)
    _note(session, row, actor, "announcement.withdrawn", now)


def _live(session: Session, announcement_id: str, version: int) -> Announcement:
    row = session.exec(select(Announcement).where(Announcement.id == announcement_id).with_for_update()).first()
    if row is None:
        raise NotFound("没有这条公告。")
    if row.withdrawn_at is not None:
        raise Conflict("这条公告已经撤下，不能再改。请新发一条。", code="announcement_withdrawn")
    if row.version != version:
        message = f"这条公告刚由别人改过（第 {row.version} 版），您的改动没有保存。请对照最新内容重新修改。"
        raise Conflict(message, code="announcement_changed")
    return row


def _write(
    session: Session, actor: Actor, row: Announcement, form: AnnouncementForm, *, action: str, now: datetime
) -> AnnouncementView:
    for name, value in _columns(form).items():
        setattr(row, name, value)
    row.version += 1
    session.add(row)
    session.flush()
    session.add(
        AnnouncementVersion(
            announcement_id=row.id,
            number=row.version,
            written_by=actor.account_id,
            written_at=now,
            **_columns(form),
        )
    )
    session.flush()
    _note(session, row, actor, action, now)
    return _view(row)


def _note(session: Session, row: Announcement, actor: Actor, action: str, now: datetime) -> None:
    audit.write(
        session,
        aggregate="announcement",
        aggregate_id=row.id,
        action=action,
        actor_id=actor.account_id,
        payload={"version": row.version, "title": row.title, "audience": row.audience.value, "level": row.level.value},
        now=now,
    )


def _clean(form: AnnouncementForm) -> AnnouncementForm:
    title, text = form.title.strip(), form.text.strip()
    wrong: dict[str, str] = {}
    if not title or len(title) > MAX_TITLE:
        wrong["title"] = f"请填写标题，不超过 {MAX_TITLE} 个字。"
    if not text or len(text) > MAX_TEXT:
        wrong["text"] = f"请填写正文，不超过 {MAX_TEXT} 个字。"
    if form.shows_until is not None and form.shows_until <= form.shows_from:
        wrong["shows_until"] = "结束时间应晚于开始时间；长期有效的请留空。"
    if wrong:
        raise Invalid("公告没有保存，请改正标出的地方。", code="bad_announcement", fields=wrong)
    return AnnouncementForm(title, text, form.level, form.audience, form.shows_from, form.shows_until)


def _columns(form: AnnouncementForm) -> dict[str, Any]:
    return {
        "title": form.title,
        "text": form.text,
        "level": form.level,
        "audience": form.audience,
        "shows_from": form.shows_from,
        "shows_until": form.shows_until,
    }


def _view(row: Announcement) -> AnnouncementView:
    return AnnouncementView(
        row.id,
        row.version,
        row.title,
        row.text,
        row.level,
        row.audience,
        row.shows_from,
        row.shows_until,
        row.withdrawn_at,
    )
