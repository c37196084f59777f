"""What waits for somebody in the rounds that it makes or has a post in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, may
from marketplace.accounts.words import Role
from marketplace.rounds import parts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.check_tables import BidObjection, BidVerdict
from marketplace.rounds.outcome_tables import Objection, RoundDecision
from marketplace.rounds.outcome_words import ObjectionState
from marketplace.rounds.panel_words import PanelWait
from marketplace.rounds.panels import waits
from marketplace.rounds.parts import HOLDERS
from marketplace.rounds.round_tables import Round, RoundAppointment, RoundConsent, RoundQuestion, RoundText
from marketplace.rounds.rules.objection_moves import OPEN, UNFULFILLED
from marketplace.rounds.seal_tables import RoundHolder, RoundTurn
from marketplace.rounds.words import BidState, Consent, Post, RoundState, TextState


class Wait(StrEnum):
    """What somebody is asked to do in a round, most pressing first."""

    OPEN = "open"
    APPROVE = "approve"
    PASSPHRASE = "passphrase"  # noqa: S105 - a word, not a secret
    CHECK = "check"
    OBJECTION = "objection"
    PANEL_DRAW = "panel_draw"
    PANEL_CONFLICT = "panel_conflict"
    PANEL_REQUEST = "panel_request"
    PANEL_RESERVE = "panel_reserve"
    PANEL_LIST = "panel_list"
    PANEL_LEAD = "panel_lead"
    DECIDE = "decide"
    RESULT_OBJECTION = "result_objection"
    APPEAL = "appeal"
    REMEDY = "remedy"
    ANSWER = "answer"
    ADDENDUM = "addendum"
    DRAFT = "draft"


PANEL: Mapping[PanelWait, Wait] = {one: Wait(f"panel_{one.value}") for one in PanelWait}
"""What panels wait for, among everything that waits."""
HANDLED = (ObjectionState.SUBMITTED, ObjectionState.ACCEPTED, ObjectionState.INVESTIGATING)
"""Where an objection to a result waits for its handler."""
_KEY_IN = (RoundState.DRAFT, RoundState.INTERNAL_REVIEW)


def of(session: Session, actor: Actor, round_ids: Sequence[str]) -> dict[str, tuple[Wait, ...]]:
    """What waits for somebody in some rounds, by round; those in which nothing does are left out."""
    posts = _posts(session, actor, round_ids)
    rows = session.exec(select(Round).where(col(Round.id).in_(round_ids))).all()
    panels = waits.of(session, actor, rows, posts)
    done = _done(session, actor)
    texts = set(session.exec(select(RoundText.round_id).where(RoundText.state == TextState.OPEN)))
    objected, asked_of, at = _objected(session), _asked(session), _objections(session)
    found: dict[str, tuple[Wait, ...]] = {}
    for row in rows:
        mine = _waits(row, posts.get(row.id, set()), done)
        if row.id in texts and parts.is_issuer(actor, row):
            mine = {**mine, _WRITING.get(row.state, Wait.DRAFT): row.state in _WRITING}
        mine[Wait.OBJECTION] = mine[Wait.OBJECTION] and row.id in objected
        mine[Wait.ANSWER] = mine[Wait.ANSWER] and row.id in asked_of and parts.is_issuer(actor, row)
        mine |= _of_result(actor, row, mine, at.get(row.id, set()))
        mine |= {PANEL[kind]: True for kind in panels.get(row.id, {})}
        asked = tuple(wait for wait in Wait if mine.get(wait))
        if asked:
            found[row.id] = asked
    return found


def _of_result(actor: Actor, row: Round, mine: Mapping[Wait, bool], at: set[ObjectionState]) -> dict[Wait, bool]:
    """What objections to a result wait for: their handler, and supervisors of the region."""
    oversees = row.suspended_at is None and may(actor, Role.SUPERVISOR, region=row.region)
    return {
        Wait.RESULT_OBJECTION: mine[Wait.RESULT_OBJECTION] and bool(at & set(HANDLED)),
        Wait.APPEAL: oversees and ObjectionState.ESCALATED in at,
        Wait.REMEDY: oversees and bool(at & set(UNFULFILLED)),
    }


def of_panels(session: Session, actor: Actor, round_ids: Sequence[str]) -> dict[str, datetime]:
    """Since when the panels of some rounds wait for somebody, by round; those that wait for nothing are left out."""
    rows = session.exec(select(Round).where(col(Round.id).in_(round_ids))).all()
    found = waits.of(session, actor, rows, _posts(session, actor, round_ids))
    return {round_id: min(kinds.values()) for round_id, kinds in found.items() if kinds}


def _posts(session: Session, actor: Actor, round_ids: Sequence[str]) -> dict[str, set[Post]]:
    posts: dict[str, set[Post]] = {}
    held = select(RoundAppointment.round_id, RoundAppointment.post).where(
        RoundAppointment.account_id == actor.account_id,
        col(RoundAppointment.ended_at).is_(None),
        col(RoundAppointment.round_id).in_(round_ids),
    )
    for round_id, post in session.exec(held):
        posts.setdefault(round_id, set()).add(Post(post))
    return posts


_WRITING: Mapping[RoundState, Wait] = {RoundState.DRAFT: Wait.DRAFT, RoundState.OPEN: Wait.ADDENDUM}


def _waits(row: Round, posts: set[Post], done: set[tuple[object, ...]]) -> dict[Wait, bool]:
    holds = next((post for post in HOLDERS if post in posts), None)
    runs = row.suspended_at is None
    return {
        Wait.OPEN: row.state is RoundState.SEALED
        and runs
        and holds is not None
        and ("turn", row.id, holds) not in done,
        Wait.APPROVE: row.state is RoundState.INTERNAL_REVIEW
        and Post.APPROVER in posts
        and ("approved", row.id, row.notice_number) not in done,
        Wait.PASSPHRASE: row.state in _KEY_IN and holds is not None and ("tested", row.id, holds) not in done,
        Wait.CHECK: row.state is RoundState.ELIGIBILITY
        and runs
        and Post.CHECKER in posts
        and ("checked", row.id) not in done,
        Wait.OBJECTION: row.state is RoundState.ELIGIBILITY and runs and Post.OBJECTIONS in posts,
        Wait.ANSWER: row.state is RoundState.OPEN and runs,
        Wait.DECIDE: row.state is RoundState.DECISION
        and runs
        and Post.DECIDER in posts
        and ("decided", row.id) not in done,
        Wait.RESULT_OBJECTION: runs and Post.OBJECTIONS in posts,
    }


def _objected(session: Session) -> set[str]:
    undecided = select(Bid.round_id).join(BidObjection, col(BidObjection.bid_id) == col(Bid.id))
    return set(session.exec(undecided.where(col(BidObjection.decided_at).is_(None))))


def _asked(session: Session) -> set[str]:
    return set(session.exec(select(RoundQuestion.round_id).where(col(RoundQuestion.answered_at).is_(None))))


def _done(session: Session, actor: Actor) -> set[tuple[object, ...]]:
    who = actor.account_id
    approved = select(RoundConsent.round_id, RoundConsent.notice_number).where(
        RoundConsent.account_id == who, RoundConsent.act == Consent.PUBLISH
    )
    tested = select(RoundHolder.round_id, RoundHolder.post).where(
        RoundHolder.account_id == who, col(RoundHolder.tested_at).is_not(None)
    )
    turned = select(RoundTurn.round_id, RoundTurn.post).where(RoundTurn.turned_by == who)
    return {
        *(("approved", round_id, number) for round_id, number in session.exec(approved)),
        *(("tested", round_id, post) for round_id, post in session.exec(tested)),
        *(("turn", round_id, post) for round_id, post in session.exec(turned)),
        *(("checked", round_id) for round_id in _checked(session, who)),
        *(("decided", round_id) for round_id in _decided(session, who)),
    }


def _decided(session: Session, decider_id: str) -> set[str]:
    """The rounds in which a decider has decided, and no other one has decided otherwise."""
    live = session.exec(select(RoundDecision).where(col(RoundDecision.void_at).is_(None))).all()
    mine = {one.round_id: one.digest for one in live if one.account_id == decider_id}
    return {
        round_id
        for round_id, digest in mine.items()
        if all(one.digest == digest for one in live if one.round_id == round_id)
    }


def _objections(session: Session) -> dict[str, set[ObjectionState]]:
    """The states of the objections to results that are not settled, by round."""
    found: dict[str, set[ObjectionState]] = {}
    unsettled = col(Objection.state).in_((*OPEN, *UNFULFILLED))
    for round_id, state in session.exec(select(Objection.round_id, Objection.state).where(unsettled)):
        found.setdefault(round_id, set()).add(ObjectionState(state))
    return found


def _checked(session: Session, checker_id: str) -> set[str]:
    """The rounds in which a checker has nothing to do now: others are to judge, to put right or to answer first."""
    live = select(BidVerdict).where(col(BidVerdict.void_at).is_(None), BidVerdict.bid_id == Bid.id)
    mine = live.where(BidVerdict.checker_id == checker_id).exists()
    disputed = live.where(col(BidVerdict.is_eligible)).exists() & live.where(~col(BidVerdict.is_eligible)).exists()
    asks = (col(Bid.state) == BidState.OPENED) & (~mine | disputed)
    stops = col(Bid.state).in_((BidState.OPENED, BidState.CORRECTION_REQUESTED))
    waiting_for_me = set(session.exec(select(Bid.round_id).where(asks)))
    held_up = set(session.exec(select(Bid.round_id).where(stops))) | _objected(session)
    return held_up - waiting_for_me
