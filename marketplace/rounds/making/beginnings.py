"""Beginning a round: from a need, from a procedure type, or again after one that failed."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, acts_for, may_run_lists
from marketplace.accounts.words import Role
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from marketplace.lists import items
from marketplace.lists.views import ItemPage
from marketplace.lists.words import ItemState
from marketplace.rounds import held, parts, procedures
from marketplace.rounds.making import notices
from marketplace.rounds.round_tables import Round, RoundText
from marketplace.rounds.rules import notice_forms
from marketplace.rounds.rules.notice_forms import MAX_LINE, MAX_TITLE, MOST_CONDITIONS, wan
from marketplace.rounds.words import RoundState, TextState

FEN_IN_YUAN = 100
ENDED = (RoundState.FAILED, RoundState.CANCELLED)


def unit_of(actor: Actor) -> str | None:
    """The unit for which somebody may publish rounds in the seat it has now, or None."""
    if actor.organisation_id is not None and acts_for(actor, actor.organisation_id):
        return actor.organisation_id
    offices = (grant.organisation_id for grant in actor.grants if grant.role is Role.ORGANISER)
    return next((office for office in offices if office is not None), None)


def may_begin_from(session: Session, actor: Actor, item_id: str) -> bool:
    """Whether somebody may make a round of a need: the need's own unit, or an organiser of its region."""
    unit = unit_of(actor)
    if unit is None:
        return False
    owner = items.owner(session, item_id)
    return (owner is not None and owner.id == unit) or may_run_lists(actor, region=items.home(session, item_id))


def require_unit(session: Session, actor: Actor) -> str:
    """The unit for which somebody publishes rounds in the seat it has now. Raises NotAllowed, which says what to do."""
    unit_id = unit_of(actor)
    if unit_id is None:
        message = "活动由单位发布。请在页首切换到您要代表的发榜单位或主办单位。"
        raise NotAllowed(message, code="no_unit")
    unit = organisations.get(session, unit_id)
    if not unit.posts_needs and not may_run_lists(actor, region=unit.region):
        raise NotAllowed("您的单位还没有登记为发榜方，不能发布活动。", code="posts_no_needs")
    return unit_id


def begin(
    session: Session,
    actor: Actor,
    procedure_key: str,
    *,
    item_id: str | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Begin a round of a procedure type, from an open need where one is named; gives the round's id.

    Raises NotAllowed for those who publish for no unit, Conflict where the need is no longer open.
    """
    unit_id = require_unit(session, actor)
    procedure = procedures.get(session, procedure_key).procedure
    body = notice_forms.first_body(procedure)
    region = organisations.get(session, unit_id).region
    if item_id is not None:
        region = items.home(session, item_id)
        body |= _from_item(_open_item(session, actor, item_id))
        if not procedure.has_tracks:
            # The one question of a round without tracks is named by the round itself.
            body["track-1-title"] = ""
    return _add(
        session, actor, unit_id, procedure_key, region=region, body=body, item_id=item_id, now=now, new_id=new_id
    )


def again(session: Session, actor: Actor, round_id: str, *, now: datetime, new_id: Callable[[], str]) -> str:
    """Begin a round from the words of one that failed or was cancelled, linked to it; times are set anew."""
    old = held.get(session, round_id)
    if not parts.is_issuer(actor, old):
        raise NotAllowed("只有原来的发布单位可以重新组织。", code="not_the_issuer")
    if old.state not in ENDED or not old.notice_number:
        raise Conflict("只有流榜或终止的活动可以重新组织。", code="not_ended")
    body = notice_forms.body_of(notices.current(session, old)) | {"publish_at": "", "deadline": ""}
    return _add(
        session,
        actor,
        old.organisation_id,
        old.procedure_key,
        region=old.region,
        body=body,
        item_id=old.item_id,
        rerun_of=old.id,
        now=now,
        new_id=new_id,
    )


def _add(
    session: Session,
    actor: Actor,
    unit_id: str,
    procedure_key: str,
    *,
    region: str,
    body: Mapping[str, str],
    item_id: str | None,
    rerun_of: str | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    row = Round(
        id=new_id(),
        organisation_id=unit_id,
        region=region,
        item_id=item_id,
        rerun_of=rerun_of,
        procedure_key=procedure_key,
        state=RoundState.DRAFT,
        title=body.get("title", "") or "未命名的活动",
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    session.add(
        RoundText(
            id=new_id(),
            round_id=row.id,
            base_number=0,
            state=TextState.OPEN,
            body=dict(body),
            clashes={},
            version=1,
            opened_by=actor.account_id,
            opened_at=now,
            updated_by=actor.account_id,
            updated_at=now,
        )
    )
    session.flush()
    payload = {"procedure": procedure_key, "item_id": item_id, "rerun_of": rerun_of}
    held.log(session, row, "begun", actor=actor, now=now, **payload)
    return row.id


def _open_item(session: Session, actor: Actor, item_id: str) -> ItemPage:
    page = items.get(session, item_id)
    if page.card.kind is ListKind.CAPABILITY:
        raise Invalid("活动要从场景或需求发起，不能从能力发起。", code="not_a_need")
    if not may_begin_from(session, actor, item_id):
        raise NotAllowed("只有这条需求的单位或所在地区的主办方可以发起活动。", code="not_your_need")
    if page.card.state is not ItemState.OPEN:
        raise Conflict("这条需求已暂停或结束，不能发起活动。", code="need_not_open")
    if page.main is not None:
        raise Conflict(f"这条需求已并入《{page.main.title}》，请从那一条发起活动。", code="need_merged")
    return page


def _from_item(page: ItemPage) -> dict[str, str]:
    card = page.card
    indicators = [line[:MAX_LINE] for line in page.requirements[:MOST_CONDITIONS]]
    amount = card.budget_max or card.budget_min
    return {
        "title": card.title[:MAX_TITLE],
        "summary": (card.summary or card.title)[:MAX_LINE],
        "track-1-question": page.description or card.summary or card.title,
        "track-1-title": card.title[:MAX_TITLE],
        "track-1-indicators": "\n".join(indicators),
        "price_ceiling": "" if amount is None else wan(int(amount * FEN_IN_YUAN)),
        "funds_amount": "" if amount is None else wan(int(amount * FEN_IN_YUAN)),
    }
