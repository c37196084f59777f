"""What programs are told of rounds."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from marketplace.kernel.money import yuan
from marketplace.rounds.making.notices import NoticeVersion
from marketplace.rounds.rounds import PUBLIC_NAMES, RoundCard, RoundPage
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.words import RoundState
from web.api import models


class Round(models.Told):
    """A round in a list of many."""

    id: str
    title: str
    summary: str
    procedure: str = Field(description="流程类型，例如 揭榜挂帅")
    organisation_id: str
    organisation: str = Field(description="发布单位")
    region: str
    state: RoundState
    state_name: str = Field(description="对外的说法，例如 申报中")
    publish_at: datetime | None
    published_at: datetime | None
    deadline: datetime | None = Field(description="申报截止；预告阶段为 null")
    is_suspended: bool
    funds: models.Yuan | None
    tracks: list[str]


class Track(models.Told):
    """One question that bids answer."""

    key: str
    title: str
    question: str
    indicators: list[str]


class Condition(models.Told):
    """What a bidder or a bid must fulfil."""

    key: str
    text: str
    is_hard: bool = Field(description="硬性条件，不满足即不合格")
    proof: str = Field(description="怎样核验")


class Paper(models.Told):
    """A document that a bid holds."""

    key: str
    title: str
    is_required: bool


class Criterion(models.Told):
    """What is judged, with its weight in a hundred."""

    title: str
    weight: int
    minimum: int | None


class Person(models.Told):
    """Whom to ask."""

    name: str
    phone: str
    email: str


class Notice(models.Told):
    """The notice that stands."""

    number: int
    digest: str = Field(description="公告全文的 SHA-256")
    written_at: datetime
    reason: str = Field(description="补遗的理由；首次发布为空")
    title: str
    summary: str
    background: str
    tracks: list[Track]
    bidders: str
    conditions: list[Condition]
    papers: list[Paper]
    criteria: list[Criterion]
    scoring: str
    recusal: str
    funds: models.Yuan | None
    funds_source: str
    asks_price: bool
    price_ceiling: models.Yuan | None
    ownership: str
    terms: str
    contact: Person
    objections: Person


class Step(models.Told):
    """One stage of the timetable; it ends at `ends`, which is no longer part of it."""

    title: str
    starts: datetime
    ends: datetime


class Move(models.Told):
    """What the token's member could do now; where something stands against it, why."""

    event: str
    allowed: bool
    code: str = Field(description="不能办理时的稳定代码；能办理时为空")
    message: str


class RoundDetail(Round):
    """A round with everything that is public about it."""

    version: int
    item_id: str | None
    notice: Notice | None = Field(description="预告阶段还没有公告，为 null")
    notices: list[int] = Field(description="公告和补遗的编号，最早的在前")
    timetable: list[Step]
    bids: int | None = Field(description="有效申报份数；截止前按活动设定可能不公开，为 null")
    sealed_at: datetime | None
    manifest_digest: str = Field(description="封存清单的 SHA-256；截止前为空")
    opened_at: datetime | None
    suspended_at: datetime | None
    suspend_reason: str
    remaining_seconds: int | None = Field(description="中止期间保留的剩余时间")
    ended_at: datetime | None
    end_reason: str
    rerun_of: str | None
    rerun_as: str | None
    moves: list[Move]


class Question(models.Told):
    """A question that was answered for everybody, or that the token's member asked."""

    id: str
    question: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


class Questions(models.Told):
    """All of them, in the order in which they were asked."""

    items: list[Question]


class SealedVersion(models.Told):
    """One version that was ever handed in."""

    bid_id: str
    version: int
    sha256: str
    size_bytes: int
    received_at: datetime
    receipt_digest: str
    fate: str = Field(description="live 有效、replaced 已被替换、withdrawn 已撤回、lapsed 未重新确认而失效")


class Manifest(models.Told):
    """What was frozen at the deadline; the file itself, byte by byte, is at /rounds/{id}/manifest.json."""

    round_id: str
    notice_digest: str
    public_key: str
    deadline: datetime
    frozen_at: datetime
    digest: str
    entries: list[SealedVersion]


def moves(may: Mapping[str, Reason | None]) -> list[Move]:
    """What could be done, each with what stands against it."""
    return [
        Move(
            event=event,
            allowed=against is None,
            code=against.code if against else "",
            message=against.message if against else "",
        )
        for event, against in may.items()
    ]


def card(found: RoundCard) -> Round:
    return Round(**_card_fields(found))


def _card_fields(card: RoundCard) -> dict[str, object]:
    same = (
        *("id", "title", "summary", "procedure", "organisation_id", "organisation", "region", "state"),
        *("publish_at", "published_at", "deadline", "is_suspended"),
    )
    return {
        **{name: getattr(card, name) for name in same},
        "state_name": PUBLIC_NAMES.get(card.state, "筹备中"),
        "funds": yuan(card.funds_fen),
        "tracks": list(card.track_titles),
    }


def detail(page: RoundPage) -> RoundDetail:
    same = (
        *("version", "item_id", "bids", "sealed_at", "manifest_digest", "opened_at", "suspended_at"),
        *("suspend_reason", "remaining_seconds", "ended_at", "end_reason", "rerun_of", "rerun_as"),
    )
    return RoundDetail(
        **_card_fields(page.card),
        **{name: getattr(page, name) for name in same},
        notice=None if page.notice is None else _notice(page.notice),
        notices=[one.number for one in page.versions],
        timetable=[Step(title=one.stage.title, starts=one.starts, ends=one.ends) for one in page.steps],
        moves=moves({event.value: against for event, against in page.may.items()}),
    )


def _notice(version: NoticeVersion) -> Notice:
    said = version.notice
    same = ("title", "summary", "background", "bidders", "scoring", "recusal", "funds_source", "asks_price")
    return Notice(
        **{name: getattr(said, name) for name in (*same, "ownership", "terms")},
        number=version.number,
        digest=version.digest,
        written_at=version.written_at,
        reason=version.reason,
        tracks=[Track.model_validate(one) for one in said.tracks],
        conditions=[Condition.model_validate(one) for one in said.conditions],
        papers=[Paper.model_validate(one) for one in said.papers],
        criteria=[Criterion.model_validate(one) for one in said.criteria],
        funds=yuan(said.funds_fen),
        price_ceiling=yuan(said.price_ceiling_fen),
        contact=Person.model_validate(said.contact),
        objections=Person.model_validate(said.objections),
    )
