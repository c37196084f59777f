"""Integrity signals of a round for its supervisors: gathered from bids, units, sheets and the log, since the opening."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import NotFound
from marketplace.rounds import held, parts
from marketplace.rounds.bid_tables import Bid, BidOpening, BidVersion
from marketplace.rounds.making import notices
from marketplace.rounds.outcome_tables import Award
from marketplace.rounds.panel_words import SheetState
from marketplace.rounds.panels import rows, teams
from marketplace.rounds.reviewing import sights, tables
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules import notices as notice_rules
from marketplace.rounds.rules import signals as rules
from marketplace.rounds.rules.score_tables import of_record
from marketplace.rounds.rules.scores import total
from marketplace.rounds.rules.signals import Edit, Marked, Paper, Signal
from marketplace.rounds.sheet_tables import SheetCorrection
from marketplace.rounds.words import PASSED, BidState, Part, RoundState

SEEN = (*PASSED, BidState.OPENED, BidState.CORRECTION_REQUESTED, BidState.INELIGIBLE)


def of(session: Session, actor: Actor, round_id: str) -> tuple[Signal, ...]:
    """The signals of a round, for its supervisors alone; NotFound for everybody else and before the opening.

    Signals compare bids with each other: a supervisor to whom a bid is closed reads none of them.
    """
    row = held.get(session, round_id)
    oversees = Part.SUPERVISOR in parts.of(session, actor, row) and not sights.closed_to(
        session, actor.account_id, round_id
    )
    if row.opened_at is None or not oversees:
        raise NotFound("申报还没有开启，或您不是本地区的监督人员。", code="no_signals")
    bids = list(session.exec(select(Bid).where(Bid.round_id == row.id, col(Bid.state).in_(SEEN)).order_by(col(Bid.id))))
    papers = _papers(session, bids)
    return (
        *rules.alike_texts(papers, _notice(session, row)),
        *rules.same_files(papers),
        *rules.shared(teams.of_bids(session, bids)),
        *_winners(session, row, bids),
        *rules.sheet_patterns(_sheets(session, row)),
        *rules.late_edits((*_bid_edits(session, row, bids), *_mark_edits(session, row))),
    )


def called(session: Session, round_id: str) -> dict[str, str]:
    """What bids and members are called that signals speak of, by id: names of units, aliases of experts."""
    bids = select(Bid).where(Bid.round_id == round_id)
    named = {one.id: organisations.get(session, one.organisation_id).name for one in session.exec(bids)}
    return {**named, **{alias: alias for alias in tables.names(session, round_id).values()}}


def _papers(session: Session, bids: list[Bid]) -> list[Paper]:
    found = []
    for bid in bids:
        opening = session.get(BidOpening, bid.id)
        if opening is None or opening.answers is None:
            continue
        answers = opening.answers
        said = [
            *answers.get("texts", {}).values(),
            *(one["answer"] for one in answers.get("indicators", [])),
            *(one["answer"] for one in answers.get("conditions", [])),
        ]
        files = {one["name"]: one["digest"] for one in opening.attachments or ()}
        name = organisations.get(session, bid.organisation_id).name
        found.append(Paper(bid.id, name, "\n".join(filter(None, said)), files))
    return found


def _notice(session: Session, row: Round) -> str:
    record = notice_rules.as_record(notices.current(session, row))
    return "\n".join(_words(record))


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)


def _winners(session: Session, row: Round, bids: list[Bid]) -> Iterator[Signal]:
    winning = [one for one in bids if one.state in {BidState.PROPOSED, BidState.AWARDED}]
    for bid in winning:
        before = (
            select(Round.title)
            .join(Award, col(Award.round_id) == col(Round.id))
            .where(
                Award.organisation_id == bid.organisation_id,
                col(Award.ended_at).is_(None),
                Round.organisation_id == row.organisation_id,
                Round.id != row.id,
            )
        )
        titles = [*session.exec(before.order_by(col(Award.awarded_at))), row.title]
        unit = organisations.get(session, bid.organisation_id).name
        issuer = organisations.get(session, row.organisation_id).name
        yield from rules.same_winner(bid.id, unit, issuer, titles)


def _sheets(session: Session, row: Round) -> list[Marked]:
    """The sheets of the frozen table that stands; before there is one nobody learns of any mark."""
    if not row.stage:
        return []
    table = tables.standing(session, row)
    if table is None:
        return []
    given = of_record(table.record)
    codes = {one.bid: one.code for one in given.bids}
    return [
        Marked(
            one.expert,
            one.bid,
            codes[one.bid],
            tuple(Fraction(one.marks[criterion.key]) for criterion in given.criteria),
            total(one, given.criteria),
        )
        for one in given.sheets
    ]


def _bid_edits(session: Session, row: Round, bids: list[Bid]) -> Iterator[Edit]:
    """Bids that were replaced: when their last version came; a first version at the last minute is nothing unusual."""
    if row.deadline is None:
        return
    for bid in bids:
        versions = select(BidVersion).where(BidVersion.bid_id == bid.id).order_by(col(BidVersion.number).desc())
        last = session.exec(versions).first()
        if last is not None and last.number > 1:
            name = organisations.get(session, bid.organisation_id).name
            said = (
                f"“{name}”在截止前 {_minutes(row.deadline, last.received_at)} 分钟替换了申报（第 {last.number} 版）。"
            )
            yield Edit(bid.id, said, last.received_at, row.deadline)


def _mark_edits(session: Session, row: Round) -> Iterator[Edit]:
    """Marks that were corrected after the sheets were fixed: all of them are told, with their reasons."""
    if row.state in {RoundState.REVIEW, RoundState.CONSENSUS}:
        return
    ids = [one.id for one in rows.bids(session, row.id)]
    aliases = tables.names(session, row.id)
    found = {one.id: one for one in rows.sheets(session, bid_ids=ids) if one.state is SheetState.LOCKED}
    query = select(SheetCorrection).where(col(SheetCorrection.sheet_id).in_(found))
    for one in session.exec(query.order_by(col(SheetCorrection.corrected_at), col(SheetCorrection.id))):
        sheet = found[one.sheet_id]
        expert = aliases[sheet.member_id]
        said = f"{expert}在合议中把一项得分由 {one.before} 更正为 {one.after}，理由：{one.reason}"
        yield Edit(sheet.bid_id, said, one.corrected_at, one.corrected_at)


def _minutes(later: datetime, earlier: datetime) -> int:
    return max(0, int((later - earlier).total_seconds() // 60))
