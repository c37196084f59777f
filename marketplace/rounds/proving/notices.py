"""What must hold of notices: as they were fixed, as the log says, approved by two who did not write them."""

from collections import defaultdict
from collections.abc import Iterator

from sqlmodel import Session, col, select

from marketplace.kernel import canonical
from marketplace.kernel.faults import Fault
from marketplace.kernel.tables import AuditEvent, AuditPayload
from marketplace.rounds import facts
from marketplace.rounds.round_tables import Round, RoundConsent, RoundNotice
from marketplace.rounds.rules import notices
from marketplace.rounds.rules.round_moves import APPROVALS
from marketplace.rounds.words import Consent, RoundState

FIXED_BY = ("round.handed_in", "round.amended", "round.resumed")
"""What fixes a notice says its number and its digest in the log."""


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of notices and of how they came to be published."""
    rows = list(session.exec(select(Round).order_by(col(Round.id))))
    logged = _logged(session)
    found: defaultdict[str, list[RoundNotice]] = defaultdict(list)
    for notice in session.exec(select(RoundNotice).order_by(col(RoundNotice.round_id), col(RoundNotice.number))):
        found[notice.round_id].append(notice)
        yield from _of_notice(notice, logged)
    for row in rows:
        yield from _of_round(row, found[row.id])
        yield from _approved(session, row, found[row.id])


def _of_notice(notice: RoundNotice, logged: dict[tuple[str, int], str]) -> Iterator[Fault]:
    subject = f"round/{notice.round_id}/{notice.number}"
    if canonical.digest(notice.content) != notice.digest:
        yield Fault("notice_altered", "这一版公告的内容与校验值不符，可能被改动。请用备份核对。", subject)
    try:
        notices.of_record(notice.content)
    except (KeyError, TypeError, ValueError):
        yield Fault("notice_unreadable", "这一版公告的内容无法读取。", subject)
    # Without a payload (erased by procedure) the log says nothing that could disagree.
    if logged.get((notice.round_id, notice.number), notice.digest) != notice.digest:
        yield Fault("notice_not_as_logged", "这一版公告的校验值与留痕记载的不同。请用备份核对。", subject)


def _of_round(row: Round, versions: list[RoundNotice]) -> Iterator[Fault]:
    subject = f"round/{row.id}"
    if [one.number for one in versions] != list(range(1, row.notice_number + 1)):
        yield Fault("notices_missing", "公告的版本不连续，或现行版本不是最后一版。", subject)
        return
    if not row.notice_number or row.state is RoundState.DRAFT:
        return
    try:
        standing = notices.of_record(versions[-1].content)
    except (KeyError, TypeError, ValueError):
        return
    if (row.title, row.publish_at, row.deadline) != (standing.title, standing.publish_at, standing.deadline):
        yield Fault("round_not_as_notice", "活动的名称、发布时间或截止时间与现行公告不同。", subject)


def _approved(session: Session, row: Round, versions: list[RoundNotice]) -> Iterator[Fault]:
    number = row.published_number or (row.notice_number if row.state is RoundState.SCHEDULED else 0)
    notice = next((one for one in versions if one.number == number), None)
    if notice is None:
        return
    subject = f"round/{row.id}"
    given = select(RoundConsent.account_id).where(
        RoundConsent.round_id == row.id, RoundConsent.act == Consent.PUBLISH, RoundConsent.notice_number == number
    )
    if len(set(session.exec(given)) - set(notice.authors)) < APPROVALS:
        message = "公告没有经过两名未参与起草的审批人批准，却已定于发布或已发布。"
        yield Fault("notice_not_approved", message, subject)
    if not facts.fair(session, row, number):
        yield Fault(
            "review_not_passed", "公平竞争审查没有通过，或不是针对这一版公告，公告却已定于发布或已发布。", subject
        )


def _logged(session: Session) -> dict[tuple[str, int], str]:
    query = (
        select(AuditEvent.aggregate_id, AuditPayload.payload)
        .join(AuditPayload, col(AuditPayload.position) == col(AuditEvent.position))
        .where(AuditEvent.aggregate == "round", col(AuditEvent.action).in_(FIXED_BY))
    )
    found: dict[tuple[str, int], str] = {}
    for round_id, said in session.exec(query):
        number, digest = said.get("number"), said.get("digest")
        if isinstance(number, int) and isinstance(digest, str):
            found[round_id, number] = digest
    return found
