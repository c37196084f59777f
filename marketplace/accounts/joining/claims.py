"""Claims: somebody asks to own an organisation that lists speak of, or that a stranger enrolled unverified.

Approval moves ownership and never history: what lists said stays, with where it came from.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from marketplace.accounts import messages, organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import evidence, memberships, requests
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.joining.tables import Verification
from marketplace.accounts.rules import details, names, regions, uscc
from marketplace.accounts.rules.statements import require_statement
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import MEMBER, OrganisationKind, RequestKind, RequestState, Role, Standing
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, Invalid

CODE_TAKEN = "这个统一社会信用代码已登记在另一个单位名下。两处实为同一单位的，请联系所在地区主办方处理。"


def ask(
    session: Session,
    actor: Actor,
    organisation_id: str,
    *,
    code: str,
    region: str,
    statement: str,
    given: Sequence[GivenFile],
    kind: OrganisationKind | None = None,
    side: Role | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Ask to own an organisation, with its code and evidence; gives the request's id.

    `kind` is what the organisation is, as the claimant states it, and `side` what it comes for (ENTERPRISE or OPC):
    approval writes the one and opens the other.

    A claim that was returned is submitted again by asking again. Raises Conflict for a verified organisation, for a
    member, and while one's claim waits; Invalid by field.
    """
    row = organisations.held(session, organisation_id)
    if row.verified_at is not None:
        message = "这个单位已经核验，由它的负责人管理。请申请加入；有争议的，请联系所在地区主办方。"
        raise Conflict(message, code="already_verified")
    if row.closed_at is not None and row.kind is OrganisationKind.NATURAL_PERSON:
        raise Conflict("这个人已经注销，不能认领。", code="organisation_closed")
    if memberships.standing_of(session, organisation_id, actor.account_id) is not None:
        raise Conflict("您已经是这个单位的成员，不需要认领；要核验请在单位页提交材料。", code="already_member")
    stated = _require_stated(session, row, code, region)
    said = require_statement(statement)
    mine = (Verification.organisation_id == organisation_id, Verification.account_id == actor.account_id)
    request = session.exec(
        select(Verification).where(*mine, col(Verification.state).in_(requests.OPEN)).with_for_update()
    ).first()
    if request is not None and request.state is RequestState.SUBMITTED:
        raise Conflict("您的认领申请已经提交，正在等主办方审核，不需要重复提交。", code="already_submitted")
    if request is None:
        request = Verification(
            id=new_id(),
            kind=RequestKind.CLAIM,
            organisation_id=organisation_id,
            account_id=actor.account_id,
            name=row.name[: names.MAX_NAME],
            region=region,
            statement="",
            state=RequestState.SUBMITTED,
            submitted_at=now,
            version=0,
        )
    request.uscc, request.region = stated
    request.unit_kind, request.side = kind, side if side in MEMBER else None
    request.statement, request.state, request.submitted_at = said, RequestState.SUBMITTED, now
    request.version += 1
    session.add(request)
    session.flush()
    evidence.attach(session, request.id, given, actor_id=actor.account_id, now=now, new_id=new_id)
    note(session, request, "claim.submitted", actor.account_id, now=now)
    messages.tell_organisers(
        session,
        request.region,
        subject=f"有人认领“{row.name}”",
        text=f"{actor.name}提交了认领“{row.name}”的材料，请核对后作出决定。",
        link=f"/verifications/{request.id}",
        now=now,
        new_id=new_id,
    )
    return request.id


def settle(session: Session, request: Verification, *, actor_id: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Give the organisation of an approved claim to its claimant; those who held it unverified hold it no longer."""
    row = organisations.held(session, request.organisation_id)
    if row.verified_at is not None:
        raise Conflict("这个单位已经核验，归属不能再变更。", code="already_verified")
    _require_free(session, row, request.uscc)
    before = memberships.end_all(session, row.id, actor_id=actor_id, now=now)
    row.uscc = request.uscc or row.uscc
    row.region, row.region_key = request.region, regions.region_key(request.region)
    row.kind = request.unit_kind or row.kind
    row.claimed_at, row.closed_at = row.claimed_at or now, None
    row.verified_at = now
    row.version += 1
    session.add(row)
    _flush(session)
    if request.side is not None:
        memberships.open_side(session, row.id, request.side, actor_id=actor_id, now=now)
    memberships.add(
        session,
        organisation_id=row.id,
        account_id=request.account_id,
        standing=Standing.OWNER,
        actor_id=actor_id,
        now=now,
        new_id=new_id,
    )
    audit.write(
        session,
        aggregate="organisation",
        aggregate_id=row.id,
        action="organisation.claimed",
        actor_id=actor_id,
        payload={"request_id": request.id, "account_id": request.account_id, "members_before": len(before)},
        now=now,
    )
    messages.tell(
        session,
        account_ids=before,
        subject=f"“{row.name}”已由核验通过的一方认领",
        text="您先前登记的这个单位没有经过核验，现已由提交证明材料并审核通过的一方认领，您不再是成员。有异议，请联系所在地区主办方。",
        link=f"/organisations/{row.id}",
        now=now,
        new_id=new_id,
    )


def note(session: Session, request: Verification, action: str, actor_id: str | None, *, now: datetime) -> None:
    """Write a step of a request into its chain."""
    audit.write(
        session,
        aggregate="verification",
        aggregate_id=request.id,
        action=action,
        actor_id=actor_id,
        payload={"organisation_id": request.organisation_id, "version": request.version},
        now=now,
    )


def _require_stated(session: Session, row: Organisation, code: str, region: str) -> tuple[str | None, str]:
    is_person = row.kind is OrganisationKind.NATURAL_PERSON and not uscc.clean(code)
    faults = {
        "uscc": None if is_person else details.fault_in_code(code),
        "region": regions.fault_in(region),
    }
    path, cleaned = regions.clean_path(region), None if is_person else uscc.clean(code)
    if not faults["uscc"] and row.uscc is not None and cleaned != row.uscc:
        faults["uscc"] = "与已登记的统一社会信用代码不一致，请核对；单位不是同一家的，请另行登记。"
    if not faults["region"] and not regions.may_be_one(path, row.region):
        faults["region"] = f"清单上写的地区是“{row.region}”，与您填写的不一致。请填写完整的省、市、区县。"
    wrong = {field: message for field, message in faults.items() if message}
    if wrong:
        raise Invalid("有内容需要改正。", code="bad_claim", fields=wrong)
    _require_free(session, row, cleaned)
    return cleaned, path


def _require_free(session: Session, row: Organisation, code: str | None) -> None:
    if code is None or code == row.uscc:
        return
    other = session.exec(select(Organisation.id).where(Organisation.uscc == code, Organisation.id != row.id)).first()
    if other is not None:
        raise Invalid(CODE_TAKEN, code="code_taken", fields={"uscc": CODE_TAKEN})


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as taken:
        # Another approval gave this code away at the same moment; the constraint has decided.
        raise Conflict(CODE_TAKEN, code="code_taken") from taken
