"""Reading rounds: the public page of one, the public list, and what each desk sees of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel import workdays
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page
from marketplace.rounds import facts, held, parts, questions
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.deciding import progress
from marketplace.rounds.making import appointments, notices
from marketplace.rounds.making.notices import NoticeVersion
from marketplace.rounds.round_tables import Round, RoundAppointment, RoundConsent, RoundReview
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.procedures import Procedure
from marketplace.rounds.rules.round_moves import MACHINE
from marketplace.rounds.rules.timetable import Step, as_far_as_known
from marketplace.rounds.seal_tables import RoundManifest
from marketplace.rounds.words import BidState, Consent, Part, Post, RoundEvent, RoundState

PUBLIC_NAMES: Final[Mapping[RoundState, str]] = {
    RoundState.SCHEDULED: "预告",
    RoundState.OPEN: "申报中",
    RoundState.SEALED: "已截止",
    RoundState.ELIGIBILITY: "资格审查",
    RoundState.REVIEW: "专家评审",
    RoundState.CONSENSUS: "合议",
    RoundState.DECISION: "集体研究",
    RoundState.PUBLICITY: "结果公示",
    RoundState.AWARDED: "已定榜",
    RoundState.FAILED: "流榜",
    RoundState.CANCELLED: "已终止",
}
"""What the public reads; a state without a public name is not public."""
SIZE: Final = 20
MOST_LISTED: Final = 500
_LIVE: Final = (BidState.SUBMITTED, BidState.NEEDS_RECONFIRM)


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round in a list; `track_titles` are empty where it has none, `notice_summary` where nothing is public yet."""

    id: str
    title: str
    summary: str
    procedure: str
    procedure_key: str
    organisation_id: str
    organisation: str
    region: str
    state: RoundState
    publish_at: datetime | None
    deadline: datetime | None
    is_suspended: bool
    published_at: datetime | None
    funds_fen: int | None
    track_titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rounds to list; what is empty does not filter. `words` are looked for in the title."""

    state: RoundState | None = None
    procedure_key: str = ""
    region: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A round as somebody may see it.

    `stage` is the stage of judging that it is in, or was in last. `versions` holds the notices from the published one on. `bids` is how many live bids there are where the procedure
    shows that or the deadline is past, else None. `may` maps what the reader could do now to the reason against it.
    """

    card: RoundCard
    state: RoundState
    stage: str
    version: int
    notice_number: int
    published_number: int
    versions: tuple[NoticeVersion, ...]
    procedure: Procedure
    steps: tuple[Step, ...]
    steps_lacking: str
    item_id: str | None
    rerun_of: str | None
    rerun_as: str | None
    sealed_at: datetime | None
    opened_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    suspended_at: datetime | None
    suspend_reason: str
    remaining_seconds: int | None
    manifest_digest: str
    bids: int | None
    mine: frozenset[Part]
    posts: frozenset[Post]
    may: Mapping[RoundEvent, Reason | None]
    is_followed: bool

    @property
    def notice(self) -> NoticeVersion | None:
        """The notice that stands; None while nothing was handed in."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True, slots=True)
class Approval:
    """How far the approval of the notice that stands has come; names of people."""

    number: int
    approved_by: tuple[str, ...]
    cancel_asked_by: tuple[str, ...]
    is_mine: bool
    review: RoundReview | None
    fault: Reason | None


def get(session: Session, actor: Actor | None, round_id: str, *, now: datetime) -> RoundPage:
    """A round; NotFound where it is neither announced nor the reader's own to make or oversee."""
    row = held.get(session, round_id)
    inside = parts.may_see_unpublished(session, actor, row)
    if not inside and not held.is_announced(row):
        raise NotFound(held.UNKNOWN, code="round_missing")
    # Announced, not published: the text is frozen when it is published and nobody else reads it before.
    found = () if not inside and row.published_at is None else tuple(notices.versions(session, row))
    procedure = notices.procedure_for(session, row)
    mine = parts.of(session, actor, row)
    steps, lacking = _steps(session, row, procedure)
    manifest = session.get(RoundManifest, round_id)
    return RoundPage(
        card=_cards(session, [row], to_all=not inside)[0],
        state=row.state,
        stage=row.stage,
        version=row.version,
        notice_number=row.notice_number,
        published_number=row.published_number,
        versions=found,
        procedure=procedure,
        steps=steps if found else (),
        steps_lacking=lacking if found else "",
        item_id=row.item_id if found or inside else None,
        rerun_of=row.rerun_of if found or inside else None,
        rerun_as=session.exec(
            select(Round.id).where(Round.rerun_of == row.id, col(Round.published_at).is_not(None))
        ).first(),
        sealed_at=row.sealed_at,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        suspended_at=row.suspended_at,
        suspend_reason=row.suspend_reason,
        remaining_seconds=row.remaining_seconds,
        manifest_digest="" if manifest is None else manifest.digest,
        bids=_bids(session, row, procedure),
        mine=mine,
        posts=frozenset() if actor is None else parts.posts(session, actor.account_id, round_id),
        may=_may(session, row, mine, now),
        is_followed=questions.follows(session, actor, round_id),
    )


def approval(session: Session, actor: Actor, round_id: str, *, now: datetime) -> Approval:
    """How far the approval has come, for those who make the round; NotFound for others."""
    row = held.get(session, round_id)
    if not parts.may_see_unpublished(session, actor, row):
        raise NotFound(held.UNKNOWN, code="round_missing")
    standing = {one.account_id: one.name for one in appointments.of(session, round_id) if one.post is Post.APPROVER}
    given = session.exec(
        select(RoundConsent)
        .where(RoundConsent.round_id == round_id, RoundConsent.notice_number == row.notice_number)
        .order_by(col(RoundConsent.given_at))
    ).all()
    names = {
        act: tuple(standing[one.account_id] for one in given if one.act is act and one.account_id in standing)
        for act in Consent
    }
    known = replace(facts.of(session, row), approvals=2)
    against = MACHINE.allowed(row.state, RoundEvent.APPROVE, Part.APPROVER, now, known)
    return Approval(
        number=row.notice_number,
        approved_by=names[Consent.PUBLISH],
        cancel_asked_by=names[Consent.CANCEL],
        is_mine=any(one.account_id == actor.account_id and one.act is Consent.PUBLISH for one in given),
        review=session.get(RoundReview, round_id),
        fault=against if isinstance(against, Reason) else None,
    )


def public(session: Session, wanted: Wanted, *, page: int = 1, size: int = SIZE) -> Page[RoundCard]:
    """The rounds that are announced or published, those that still take bids first, then the newest."""
    conditions: list[ColumnElement[bool]] = [
        col(Round.published_at).is_not(None) | (col(Round.state) == RoundState.SCHEDULED)
    ]
    if wanted.state is not None:
        conditions.append(col(Round.state) == wanted.state)
    if wanted.procedure_key:
        conditions.append(col(Round.procedure_key) == wanted.procedure_key)
    if wanted.region:
        conditions.append(col(Round.region).contains(wanted.region, autoescape=True))
    if wanted.words:
        conditions.append(col(Round.title).contains(wanted.words, autoescape=True))
    total = session.exec(select(func.count()).select_from(Round).where(*conditions)).one()
    takes_bids = (col(Round.state) != RoundState.OPEN, col(Round.state) != RoundState.SCHEDULED)
    ordered = select(Round).where(*conditions).order_by(*takes_bids, col(Round.publish_at).desc(), col(Round.id))
    rows = session.exec(ordered.offset((page - 1) * size).limit(size)).all()
    return Page(tuple(_cards(session, rows, to_all=True)), total, page, size)


def between(session: Session, start: datetime, end: datetime) -> list[RoundCard]:
    """The public rounds that are published or close within a span, for a calendar."""
    is_public = col(Round.published_at).is_not(None) | (col(Round.state) == RoundState.SCHEDULED)
    closes = col(Round.published_at).is_not(None) & col(Round.deadline).between(start, end)
    touches = col(Round.publish_at).between(start, end) | closes
    rows = session.exec(
        select(Round).where(is_public, touches).order_by(col(Round.deadline), col(Round.id)).limit(MOST_LISTED)
    )
    return _cards(session, rows.all(), to_all=True)


def mine(session: Session, actor: Actor) -> list[RoundCard]:
    """The rounds that somebody makes or has a post in, and for organisers and supervisors those of their region."""
    regions = [grant.region for grant in actor.grants if grant.role in {Role.ORGANISER, Role.SUPERVISOR}]
    appointed = select(RoundAppointment.round_id).where(
        RoundAppointment.account_id == actor.account_id, col(RoundAppointment.ended_at).is_(None)
    )
    own = col(Round.id).in_(appointed) | (col(Round.organisation_id) == (actor.organisation_id or ""))
    for region in regions:
        own = (
            own
            | (col(Round.region) == region)
            | col(Round.region).startswith(f"{region}/" if region else "", autoescape=True)
        )
    rows = session.exec(
        select(Round).where(own).order_by(col(Round.created_at).desc(), col(Round.id)).limit(MOST_LISTED)
    )
    return _cards(session, rows.all())


def of_item(session: Session, item_id: str) -> list[RoundCard]:
    """The published rounds that were made of a need, newest first; what is announced does not say of which it is."""
    query = select(Round).where(Round.item_id == item_id, col(Round.published_at).is_not(None))
    return _cards(session, session.exec(query.order_by(col(Round.created_at).desc())).all(), to_all=True)


def counts(session: Session) -> dict[RoundState, int]:
    """How many public rounds stand where."""
    is_public = col(Round.published_at).is_not(None) | (col(Round.state) == RoundState.SCHEDULED)
    query = select(Round.state, func.count()).where(is_public).group_by(col(Round.state))
    return {RoundState(state): number for state, number in session.exec(query)}


def _cards(session: Session, rows: Sequence[Round], *, to_all: bool = False) -> list[RoundCard]:
    names = {one.id: one.name for one in organisations.many(session, list({row.organisation_id for row in rows}))}
    return [_card(session, row, names[row.organisation_id], to_all=to_all) for row in rows]


def _card(session: Session, row: Round, organisation: str, *, to_all: bool) -> RoundCard:
    notice = notices.current(session, row) if row.notice_number and row.published_at is not None else None
    return RoundCard(
        id=row.id,
        title=row.title,
        summary="" if notice is None else notice.summary,
        procedure=notices.procedure_for(session, row).title,
        procedure_key=row.procedure_key,
        organisation_id=row.organisation_id,
        organisation=organisation,
        region=row.region,
        state=row.state,
        publish_at=row.publish_at,
        # What is announced says when it will be published, and nothing else yet.
        deadline=None if to_all and row.published_at is None else row.deadline,
        is_suspended=row.suspended_at is not None,
        published_at=row.published_at,
        funds_fen=None if notice is None else notice.funds_fen,
        track_titles=() if notice is None else tuple(one.title for one in notice.tracks if one.title),
    )


def _steps(session: Session, row: Round, procedure: Procedure) -> tuple[tuple[Step, ...], str]:
    if row.publish_at is None or row.deadline is None:
        return (), ""
    calendar = workdays.calendar(session)
    steps, lacking = as_far_as_known(procedure.stages, row.publish_at, calendar, deadline=row.deadline)
    return steps, lacking


def _bids(session: Session, row: Round, procedure: Procedure) -> int | None:
    if row.published_at is None or (row.sealed_at is None and not procedure.shows_count):
        return None
    query = select(func.count()).select_from(Bid)
    if row.sealed_at is None:
        return session.exec(query.where(Bid.round_id == row.id, col(Bid.state).in_(_LIVE))).one()
    gone = (BidState.DRAFT, BidState.WITHDRAWN, BidState.LAPSED)
    return session.exec(query.where(Bid.round_id == row.id, col(Bid.state).not_in(gone))).one()


def _may(session: Session, row: Round, mine: frozenset[Part], now: datetime) -> dict[RoundEvent, Reason | None]:
    if not mine:
        return {}
    # Whether a reason will be given, and a later deadline, is not known before it is: asked is whether one may try.
    known = replace(
        progress.of(session, row), has_reason=True, deadline_moves=True, approvals=2, cancellers=2, keys=2, deciders=2
    )
    found: dict[RoundEvent, Reason | None] = {}
    for part in sorted(mine):
        for event, against in MACHINE.possible(row.state, part, now, known).items():
            if event not in found or against is None:
                found[event] = against
    return found
