"""Requests to be verified and claims, as those who asked and those who decide read them."""

from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor, belongs_to, may, may_run_lists
from marketplace.accounts.joining import evidence, memberships
from marketplace.accounts.joining.tables import Verification, VerificationDecision
from marketplace.accounts.joining.views import DecisionView, EvidenceView, RequestCard, RequestPage
from marketplace.accounts.words import RequestKind, RequestState, Role
from marketplace.kernel import audit
from marketplace.kernel.errors import NotFound

OPEN = (RequestState.SUBMITTED, RequestState.RETURNED)
DECIDED = (RequestState.APPROVED, RequestState.RETURNED, RequestState.REJECTED)
SHOWN = 200


def get(session: Session, actor: Actor, request_id: str) -> RequestPage:
    """A whole request, for those who asked and those who may decide; NotFound for everybody else."""
    request = session.get(Verification, request_id)
    if request is None or not (is_own(actor, request) or _looks_after(actor, request.region)):
        raise NotFound("没有这份申请，或您不能查看它。", code="request_missing")
    organises = may_run_lists(actor, region=request.region)
    recuses = is_conflicted(session, actor, request)
    return RequestPage(
        card=card(session, request),
        uscc=request.uscc,
        statement=request.statement,
        evidence=evidence.of_request(session, request.id),
        decisions=decisions(session, request.id),
        rivals=_rivals(session, request) if _looks_after(actor, request.region) and not recuses else (),
        version=request.version,
        may_decide=organises and not recuses and request.state is RequestState.SUBMITTED,
        is_own=is_own(actor, request),
        unit_kind=request.unit_kind,
    )


def read_evidence(session: Session, actor: Actor, request_id: str, evidence_id: str, *, now: datetime) -> EvidenceView:
    """One piece of evidence for those who may see the request; a look of anybody but the applicant is logged."""
    page = get(session, actor, request_id)
    found = next((one for one in page.evidence if one.id == evidence_id), None)
    if found is None:
        raise NotFound("没有这份材料。", code="evidence_missing")
    if not page.is_own:
        audit.write(
            session,
            aggregate="verification",
            aggregate_id=request_id,
            action="verification.evidence_read",
            actor_id=actor.account_id,
            payload={"evidence_id": evidence_id},
            now=now,
        )
    return found


def waiting(session: Session, actor: Actor) -> list[RequestCard]:
    """The requests that wait for the actor's decision, or for one in the regions it supervises, oldest first."""
    rows = select(Verification).where(Verification.state == RequestState.SUBMITTED)
    ordered = session.exec(rows.order_by(col(Verification.submitted_at), col(Verification.id))).all()
    own = [row for row in ordered if _looks_after(actor, row.region)]
    return [card(session, row) for row in own[:SHOWN] if not is_conflicted(session, actor, row)]


def decided(session: Session, actor: Actor, *, limit: int = 50) -> list[RequestCard]:
    """The requests of the actor's regions that were decided last."""
    ended = col(Verification.state).in_(DECIDED)
    rows = session.exec(select(Verification).where(ended).order_by(col(Verification.submitted_at).desc()).limit(SHOWN))
    return [card(session, row) for row in rows if _looks_after(actor, row.region)][:limit]


def of_account(session: Session, actor: Actor) -> list[RequestCard]:
    """The requests that the actor made itself, newest first."""
    rows = select(Verification).where(Verification.account_id == actor.account_id)
    return [card(session, row) for row in session.exec(rows.order_by(col(Verification.submitted_at).desc()))]


def of_organisation(session: Session, actor: Actor, organisation_id: str) -> RequestCard | None:
    """The newest request of an organisation to be verified, for its members; or None."""
    if not belongs_to(actor, organisation_id):
        return None
    wanted = (Verification.organisation_id == organisation_id, Verification.kind == RequestKind.VERIFICATION)
    row = session.exec(select(Verification).where(*wanted).order_by(col(Verification.submitted_at).desc())).first()
    return None if row is None else card(session, row)


def _looks_after(actor: Actor, region: str) -> bool:
    # A supervisor reads what an organiser decides, and decides nothing.
    return may_run_lists(actor, region=region) or may(actor, Role.SUPERVISOR, region=region)


def is_own(actor: Actor, request: Verification) -> bool:
    """Whether a request is the actor's own, or that of the organisation it acts for."""
    is_members = request.kind is RequestKind.VERIFICATION and belongs_to(actor, request.organisation_id)
    return request.account_id == actor.account_id or is_members


def is_conflicted(session: Session, actor: Actor, request: Verification) -> bool:
    """Whether the actor, in whatever seat, is a member of the organisation or the applicant: it must recuse itself."""
    member = memberships.standing_of(session, request.organisation_id, actor.account_id)
    return member is not None or request.account_id == actor.account_id


def card(session: Session, row: Verification) -> RequestCard:
    """The card of a request's row."""
    return RequestCard(
        id=row.id,
        kind=row.kind,
        organisation=organisations.get(session, row.organisation_id),
        name=row.name,
        region=row.region,
        state=row.state,
        asked_by=accounts.names(session, {row.account_id}).get(row.account_id, ""),
        submitted_at=row.submitted_at,
    )


def _rivals(session: Session, request: Verification) -> tuple[RequestCard, ...]:
    wanted = (
        Verification.organisation_id == request.organisation_id,
        Verification.id != request.id,
        col(Verification.state).in_(OPEN),
    )
    rows = session.exec(select(Verification).where(*wanted).order_by(col(Verification.submitted_at)))
    return tuple(card(session, row) for row in rows)


def decisions(session: Session, request_id: str) -> tuple[DecisionView, ...]:
    """Every decision about a request, oldest first."""
    rows = session.exec(
        select(VerificationDecision)
        .where(VerificationDecision.verification_id == request_id)
        .order_by(col(VerificationDecision.number))
    ).all()
    names = accounts.names(session, {row.decided_by for row in rows if row.decided_by})
    return tuple(
        DecisionView(row.outcome, row.reason, names.get(row.decided_by or "", ""), row.decided_at) for row in rows
    )
