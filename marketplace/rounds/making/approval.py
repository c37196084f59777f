"""From a draft to an hour of publication: handing in, 公平竞争审查, two approvers, sending back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from marketplace.kernel.files import StoredFile
from marketplace.rounds import facts, held, parts, procedures
from marketplace.rounds.making import appointments, notices, texts
from marketplace.rounds.round_tables import Round, RoundConsent, RoundNotice, RoundReview
from marketplace.rounds.rules import notice_forms
from marketplace.rounds.rules import notices as rules
from marketplace.rounds.rules import procedures as procedure_rules
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.round_facts import RoundFacts
from marketplace.rounds.rules.round_moves import MACHINE
from marketplace.rounds.words import Consent, Part, Post, RoundEvent, RoundState, TextState

WITHIN_WORKDAYS = 5
"""An approver answers within so many working days; the page says so, nothing happens by itself."""
_REVIEWED_IN = (RoundState.DRAFT, RoundState.INTERNAL_REVIEW)


@dataclass(frozen=True, slots=True)
class Review:
    """What a 公平竞争审查 concluded."""

    is_passed: bool
    reviewer: str
    reviewed_on: date
    file_name: str


def missing(session: Session, row: Round, text: texts.TextPage) -> tuple[str, ...]:
    """What stands against handing a draft in, in words: the notice's faults first, then the people."""
    faults = list(dict.fromkeys(message.rstrip("。") for message in text.faults.values()))
    waiting = [f"还有 {len(text.clashes)} 处由几个人写得不一样，请先选定"] if text.clashes else []
    return (*waiting, *faults, *appointments.missing(session, row))


def hand_in(
    session: Session, actor: Actor, round_id: str, *, version: int, now: datetime, new_id: Callable[[], str]
) -> int:
    """Fix the draft as the next notice and ask the approvers; gives its number. `version` is the text that was seen."""
    row = _seen(session, actor, round_id)
    part = parts.first(parts.of(session, actor, row), (Part.ISSUER,)) or Part.BIDDER
    if (
        row.state is not RoundState.DRAFT
    ):  # sent twice, or somebody was faster: no text is open, and the machine says why
        held.require(MACHINE.allowed(row.state, RoundEvent.HAND_IN, part, now, RoundFacts()))
    text = texts.get(session, actor, round_id)
    if text.version != version:
        raise Conflict("公告刚由别人改过，没有送审。请看过最新内容后再送审。", code="text_changed")
    asked = RoundFacts(missing=missing(session, row, text))
    answer = MACHINE.allowed(row.state, RoundEvent.HAND_IN, part, now, asked)
    held.require(answer)
    assert text.notice is not None
    row.procedure = procedure_rules.as_record(procedures.get(session, row.procedure_key).procedure)
    number = fix(session, row, text.notice, reason="", actor=actor, now=now)
    _close(session, row.id)
    held.move(session, row, RoundEvent.HAND_IN, part=part, facts=asked, now=now)
    held.log(session, row, "handed_in", actor=actor, now=now, number=number, digest=text.notice.digest)
    _tell_approvers(session, row, "等您审批", now=now, new_id=new_id)
    return number


def fix(
    session: Session,
    row: Round,
    notice: rules.Notice,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    is_author: bool = True,
) -> int:
    """Write a notice as the round's next one, with the times it says; gives its number.

    `is_author`: the actor answers for its words, and may not approve what follows from them.
    """
    row.notice_number += 1
    row.title = notice.title
    row.publish_at, row.deadline = notice.publish_at, notice.deadline
    session.add(
        RoundNotice(
            round_id=row.id,
            number=row.notice_number,
            content=rules.as_record(notice),
            digest=notice.digest,
            reason=reason,
            authors=sorted({*texts.authors(session, row), *([actor.account_id] if is_author else [])}),
            written_by=actor.account_id,
            written_at=now,
        )
    )
    session.add(row)
    session.flush()
    return row.notice_number


def review(session: Session, actor: Actor, round_id: str, given: Review, stored: StoredFile, *, now: datetime) -> None:
    """Put down the 公平竞争审查 of what is written with its document; a later one takes its place.

    Void where the notice changes its words afterwards, and fixed once the notice is approved.
    """
    row = _seen(session, actor, round_id)
    if Part.ISSUER not in parts.of(session, actor, row):
        raise NotAllowed("只有起草单位可以登记公平竞争审查。", code="not_the_issuer")
    if row.state not in _REVIEWED_IN:
        raise Conflict("公告已经批准，不能再更换公平竞争审查意见。", code="review_fixed")
    wrong: dict[str, str] = {}
    if not given.reviewer.strip() or len(given.reviewer) > notice_forms.MAX_TITLE:
        wrong["reviewer"] = f"请写明由哪个机构审查，不超过 {notice_forms.MAX_TITLE} 个字。"
    if given.reviewed_on > now.astimezone(BEIJING).date():
        wrong["reviewed_on"] = "审查日期不能晚于今天。"
    if wrong:
        raise Invalid("审查意见没有保存，请改正标出的地方。", code="bad_review", fields=wrong)
    standing = session.get(RoundReview, round_id)
    if standing is not None:
        session.delete(standing)
        session.flush()
    session.add(
        RoundReview(
            round_id=round_id,
            # What is still being written is reviewed as what will be handed in.
            notice_number=row.notice_number + (row.state is RoundState.DRAFT),
            is_passed=given.is_passed,
            reviewer=given.reviewer.strip(),
            reviewed_on=given.reviewed_on,
            file_name=given.file_name[-200:],
            file_digest=stored.digest,
            file_bytes=stored.size_bytes,
            put_by=actor.account_id,
            put_at=now,
        )
    )
    session.flush()
    held.log(
        session,
        row,
        "reviewed",
        actor=actor,
        now=now,
        is_passed=given.is_passed,
        reviewer=given.reviewer.strip(),
        digest=stored.digest,
    )


def approve(session: Session, actor: Actor, round_id: str, *, number: int, now: datetime) -> RoundState:
    """Approve the notice of that number; the second approval schedules its publication. Gives the state after it."""
    row = _seen(session, actor, round_id)
    _require_number(row, number)
    notice = session.get(RoundNotice, (row.id, row.notice_number))
    if notice is not None and actor.account_id in notice.authors:
        raise Conflict("您参与了起草，不能审批。请由没有参与起草的人审批。", code="author_cannot_approve")
    part = parts.first(parts.of(session, actor, row), (Part.APPROVER,)) or Part.BIDDER
    given = session.get(RoundConsent, (row.id, Consent.PUBLISH, row.notice_number, actor.account_id))
    if given is None and part is Part.APPROVER:
        consent = RoundConsent(
            round_id=row.id,
            act=Consent.PUBLISH,
            notice_number=row.notice_number,
            account_id=actor.account_id,
            given_at=now,
        )
        session.add(consent)
        session.flush()
    known = facts.of(session, row)
    answer = MACHINE.allowed(row.state, RoundEvent.APPROVE, part, now, known)
    if isinstance(answer, Reason) and answer.code == "approvals_missing":
        if given is None:
            held.log(session, row, "approved", actor=actor, now=now, number=number, digest=_digest(notice))
        return row.state
    held.require(answer)
    held.move(session, row, RoundEvent.APPROVE, part=part, facts=known, now=now)
    row.next_check = row.publish_at
    session.add(row)
    held.log(session, row, "approved", actor=actor, now=now, number=number, digest=_digest(notice))
    held.log(session, row, "scheduled", actor=None, now=now, number=number)
    return row.state


def send_back(
    session: Session, actor: Actor, round_id: str, *, number: int, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Send a notice back to its authors, or take an approved one out of the schedule, with a reason: approvals are void.

    The approvers send back; the issuer may take back what it handed in, and with a reason what is scheduled.
    """
    row = _seen(session, actor, round_id)
    _require_number(row, number)
    mine = parts.of(session, actor, row)
    event, wanted = {
        RoundState.SCHEDULED: (RoundEvent.UNSCHEDULE, (Part.APPROVER, Part.ISSUER)),
        RoundState.INTERNAL_REVIEW: (RoundEvent.SEND_BACK, (Part.APPROVER,)),
    }.get(row.state, (RoundEvent.SEND_BACK, (Part.APPROVER,)))
    if event is RoundEvent.SEND_BACK and Part.APPROVER not in mine and Part.ISSUER in mine:
        event, wanted = RoundEvent.TAKE_BACK, (Part.ISSUER,)
    part = parts.first(mine, wanted) or Part.BIDDER
    known = replace(facts.of(session, row), has_reason=bool(reason.strip()))
    held.move(session, row, event, part=part, facts=known, now=now)
    row.next_check = None
    session.add(row)
    body = notice_forms.body_of(notices.current(session, row))
    texts.reopen(session, row, body, base_number=0, actor=actor, now=now, new_id=new_id)
    held.log(session, row, "sent_back", actor=actor, now=now, number=number, reason=reason.strip())
    messages.tell_organisation(
        session,
        row.organisation_id,
        subject=f"“{row.title}”已退回起草",
        text=f"活动“{row.title}”的公告已退回起草。" + (f"理由：{reason.strip()}" if reason.strip() else ""),
        link=f"/rounds/{row.id}/draft",
        private=not held.is_announced(row),
        now=now,
        new_id=new_id,
    )


def _close(session: Session, round_id: str) -> None:
    text = texts.find(session, round_id)
    if text is not None:
        text.state = TextState.FIXED
        session.add(text)
        session.flush()


def _seen(session: Session, actor: Actor, round_id: str) -> Round:
    row = held.hold(session, round_id)
    parts.require_inside(session, actor, row)
    return row


def _require_number(row: Round, number: int) -> None:
    if row.notice_number != number:
        raise Conflict("公告在您查看之后有了新的一版，请看过最新内容后再办理。", code="notice_changed")


def _digest(notice: RoundNotice | None) -> str:
    return "" if notice is None else notice.digest


def _tell_approvers(session: Session, row: Round, said: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    wanted = {Post.APPROVER, *parts.HOLDERS}
    asked = [one for one in appointments.of(session, row.id) if one.post in wanted]
    messages.tell(
        session,
        account_ids=[one.account_id for one in asked if one.post is Post.APPROVER],
        subject=f"“{row.title}”{said}",
        text=f"活动“{row.title}”的公告已送审，请在 {WITHIN_WORKDAYS} 个工作日内审批或退回。",
        link=f"/rounds/{row.id}",
        private=not held.is_announced(row),
        now=now,
        new_id=new_id,
    )
    messages.tell(
        session,
        account_ids=[one.account_id for one in asked if one.post is not Post.APPROVER],
        subject=f"请为“{row.title}”设置口令",
        text=f"您是活动“{row.title}”的口令保管人，请在发布之前设置并核对您的口令。口令只显示一次。",
        link=f"/rounds/{row.id}/key",
        private=not held.is_announced(row),
        now=now,
        new_id=new_id,
    )
