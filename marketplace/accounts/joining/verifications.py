"""Verifications: an organiser of the region looks at the evidence and says whether an organisation is who it says."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import messages, organisations
from marketplace.accounts.actors import Actor, may_run_lists, owns
from marketplace.accounts.joining import claims, evidence, requests
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.joining.tables import Verification, VerificationDecision
from marketplace.accounts.rules.names import MAX_NAME
from marketplace.accounts.rules.statements import require_reason, require_statement
from marketplace.accounts.words import RequestKind, RequestState
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound

RIVAL = "同一单位的另一份认领申请已经通过。如认为有误，请写明理由、补充材料后重新提交，或联系所在地区主办方。"


def submit(
    session: Session,
    actor: Actor,
    organisation_id: str,
    *,
    statement: str,
    given: Sequence[GivenFile],
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Hand in evidence for an organisation, or what was missing of a request that was returned; gives its id."""
    row = organisations.held(session, organisation_id)
    if not owns(actor, organisation_id):
        raise NotAllowed("只有负责人可以提交核验材料。", code="not_the_owner")
    if row.verified_at is not None:
        raise Conflict("本单位已经核验，不需要再提交。", code="already_verified")
    said = require_statement(statement)
    request = _open(session, organisation_id)
    if request is not None and request.state is RequestState.SUBMITTED:
        raise Conflict("核验申请已经提交，正在等主办方审核，不需要重复提交。", code="already_submitted")
    if request is None:
        request = Verification(
            id=new_id(),
            kind=RequestKind.VERIFICATION,
            organisation_id=organisation_id,
            account_id=actor.account_id,
            name="",
            region="",
            statement="",
            state=RequestState.SUBMITTED,
            submitted_at=now,
            version=0,
        )
    request.name, request.uscc, request.region = row.name[:MAX_NAME], row.uscc, row.region
    request.statement, request.state, request.submitted_at = said, RequestState.SUBMITTED, now
    request.version += 1
    session.add(request)
    session.flush()
    evidence.attach(session, request.id, given, actor_id=actor.account_id, now=now, new_id=new_id)
    claims.note(session, request, "verification.submitted", actor.account_id, now=now)
    messages.tell_organisers(
        session,
        request.region,
        subject=f"“{row.name}”申请核验",
        text=f"“{row.name}”提交了核验材料，请核对后作出决定。",
        link=f"/verifications/{request.id}",
        now=now,
        new_id=new_id,
    )
    return request.id


def withdraw(session: Session, actor: Actor, request_id: str, *, now: datetime) -> None:
    """Take one's own request back before it is decided."""
    request = _held(session, request_id)
    if not requests.is_own(actor, request):
        raise NotFound("没有这份申请。")
    if request.account_id != actor.account_id and not owns(actor, request.organisation_id):
        raise NotAllowed("只有提交申请的人或单位负责人可以撤回。", code="not_the_owner")
    if request.state not in requests.OPEN:
        raise Conflict("这份申请已经有了决定，不能撤回。", code="already_decided")
    request.state = RequestState.WITHDRAWN
    request.version += 1
    session.add(request)
    claims.note(session, request, f"{request.kind.value}.withdrawn", actor.account_id, now=now)


def decide(
    session: Session,
    actor: Actor,
    request_id: str,
    *,
    outcome: RequestState,
    reason: str,
    version: int,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Approve a request, return it to be mended, or reject it; the decision is written once.

    For organisers whose region covers the request's, and administrators; never for a member of the organisation or
    the applicant itself. `version` is the one that was looked at: what was added since must be looked at first.
    """
    request = _held(session, request_id)
    _require_may_decide(session, actor, request)
    if request.state is not RequestState.SUBMITTED:
        raise Conflict("这份申请已经有了决定或已撤回，您的操作没有生效。", code="already_decided")
    if request.version != version:
        raise Conflict("申请人刚刚补充了材料，请重新查看后再决定。", code="request_moved_on")
    said = require_statement(reason) if outcome is RequestState.APPROVED else require_reason(reason)
    _decide(session, request, outcome, said, decided_by=actor.account_id, now=now)
    if outcome is RequestState.APPROVED:
        _approve(session, request, actor, now, new_id)
    _tell(session, request, outcome, said, now=now, new_id=new_id)


def _held(session: Session, request_id: str) -> Verification:
    organisation_id = session.exec(select(Verification.organisation_id).where(Verification.id == request_id)).first()
    if organisation_id is None:
        raise NotFound("没有这份申请，或您不能查看它。", code="request_missing")
    # The organisation first, in every verb: two decisions about it follow each other and never wait in a ring.
    organisations.held(session, organisation_id)
    wanted = select(Verification).where(Verification.id == request_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one()


def _open(session: Session, organisation_id: str) -> Verification | None:
    wanted = (Verification.organisation_id == organisation_id, Verification.kind == RequestKind.VERIFICATION)
    return session.exec(select(Verification).where(*wanted, col(Verification.state).in_(requests.OPEN))).first()


def _require_may_decide(session: Session, actor: Actor, request: Verification) -> None:
    if not may_run_lists(actor, region=request.region):
        raise NotFound("没有这份申请，或您不能查看它。", code="request_missing")
    if requests.is_conflicted(session, actor, request):
        raise NotAllowed("您是申请人或该单位的成员，应当回避。请由其他主办方人员决定。", code="must_recuse")


def _decide(
    session: Session,
    request: Verification,
    outcome: RequestState,
    reason: str,
    *,
    decided_by: str | None,
    now: datetime,
) -> None:
    number = len(requests.decisions(session, request.id)) + 1
    session.add(
        VerificationDecision(
            verification_id=request.id,
            number=number,
            outcome=outcome,
            reason=reason,
            decided_by=decided_by,
            decided_at=now,
        )
    )
    request.state = outcome
    request.version += 1
    session.add(request)
    session.flush()
    claims.note(session, request, f"{request.kind.value}.{outcome.value}", decided_by, now=now)


def _approve(session: Session, request: Verification, actor: Actor, now: datetime, new_id: Callable[[], str]) -> None:
    if request.kind is RequestKind.CLAIM:
        claims.settle(session, request, actor_id=actor.account_id, now=now, new_id=new_id)
    else:
        row = organisations.held(session, request.organisation_id)
        if (row.name[:MAX_NAME], row.uscc, row.region) != (request.name, request.uscc, request.region):
            raise Conflict("单位资料在提交核验之后有变化，请退回后由对方重新提交。", code="organisation_moved_on")
        organisations.verify(session, row.id, actor_id=actor.account_id, request_id=request.id, now=now)
    wanted = (Verification.organisation_id == request.organisation_id, col(Verification.state).in_(requests.OPEN))
    for rival in session.exec(select(Verification).where(*wanted).order_by(col(Verification.id))).all():
        _decide(session, rival, RequestState.RETURNED, RIVAL, decided_by=None, now=now)
        _tell(session, rival, RequestState.RETURNED, RIVAL, now=now, new_id=new_id)


def _tell(
    session: Session,
    request: Verification,
    outcome: RequestState,
    reason: str,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    asked = "认领" if request.kind is RequestKind.CLAIM else "核验"
    ended = {
        RequestState.APPROVED: f"{asked}已通过，页面上会显示“已核验”。",
        RequestState.RETURNED: f"{asked}申请已退回，请按理由补充后重新提交。",
        RequestState.REJECTED: f"{asked}申请没有通过。",
    }[outcome]
    messages.tell(
        session,
        account_ids=[request.account_id],
        subject=f"“{request.name}”的{asked}申请有了结果",
        text=ended + (f"理由：{reason}" if reason else ""),
        link=f"/verifications/{request.id}",
        now=now,
        new_id=new_id,
    )
