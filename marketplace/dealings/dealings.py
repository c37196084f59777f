"""Dealings: begun by interest or by an introduction, moved step by step, read by those they concern."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.dealings import moving, pairs
from marketplace.dealings.inboxes import for_organiser, mine, waiting
from marketplace.dealings.moving import Step
from marketplace.dealings.pages import find, get, of_team
from marketplace.dealings.pairs import Pair
from marketplace.dealings.rules import stages
from marketplace.dealings.tables import ContactRequest, Dealing
from marketplace.dealings.team_tables import Team
from marketplace.dealings.words import SIDES, Ending, Event, Ground, Party, RequestState, Stage
from marketplace.kernel import audit
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed

__all__ = ["Said", "add_note", "express", "find", "for_organiser", "get", "introduce", "mine", "move", "publish_amount"]
__all__ += ["of_team", "waiting"]

MAX_TEXT = 2000
MAX_FEN = 10**13
"""A hundred thousand million yuan: what is above it is a slip of the hand."""
CAUSED = frozenset(
    {Event.MEET, Event.INTEND, Event.SIGN, Event.CONFIRM, Event.DISPUTE, Event.RETRACT, Event.END, Event.REOPEN}
)
"""The events that `move` takes; the others have verbs of their own."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says with a move; each move asks for some of it."""

    text: str = ""
    amount_fen: int | None = None
    day: date | None = None
    ending: Ending | None = None


def express(
    session: Session,
    actor: Actor,
    *,
    item_id: str,
    profile_id: str,
    text: str = "",
    team_id: str | None = None,
    tells: bool = True,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Show interest: a supplier in a need, or a need's unit in a supplier (邀约); gives the dealing's id.

    A dealing that has ended is taken up again; `tells` false leaves the telling to what follows at once. Conflict where one is under way, NotAllowed for foreign seats.
    """
    pair = pairs.get(session, item_id, profile_id)
    party = require_side(actor, pair)
    pairs.require_open(session, pair)
    said = _text(text, required=False)
    ended = session.exec(select(Dealing.id).where(*_of(pair), Dealing.stage == Stage.ENDED)).first()
    if ended is None:
        step = Step(Event.EXPRESS, party, said, tells=tells)
        dealing = moving.begin(session, actor, pair, step, now=now, new_id=new_id)
    else:
        dealing = moving.held(session, ended)
        step = Step(Event.REOPEN, party, said, tells=tells)
        again = {"ending": None, "opened_by": party}
        moving.take(session, actor, pair, dealing, step, now=now, new_id=new_id, changes=again)
    attach_team(session, pair, dealing, party, team_id)
    return dealing.id


def introduce(
    session: Session,
    actor: Actor,
    *,
    item_id: str,
    profile_id: str,
    text: str = "",
    by_match: bool = False,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Bring a need and a supplier together, as an organiser of either's region; gives the dealing's id.

    `by_match` says that the pair matches; without it the introduction is marked as the organiser's own judgement.
    """
    pair = pairs.get(session, item_id, profile_id)
    if Party.ORGANISER not in pairs.parties(actor, pair):
        raise NotAllowed("只有需求或供应方所在地区的主办方可以介绍对接。", code="not_an_organiser")
    pairs.require_open(session, pair)
    ground = Ground.MATCH if by_match else Ground.JUDGEMENT
    step = Step(Event.INTRODUCE, Party.ORGANISER, _text(text, required=False), ground=ground)
    there = session.exec(select(Dealing.id).where(*_of(pair))).first()
    if there is None:
        return moving.begin(session, actor, pair, step, now=now, new_id=new_id).id
    dealing = moving.held(session, there)
    changes = {"ending": None, "introduced_at": dealing.introduced_at or now, "ground": ground}
    moving.take(session, actor, pair, dealing, step, now=now, new_id=new_id, changes=changes)
    return dealing.id


def move(
    session: Session,
    actor: Actor,
    dealing_id: str,
    event: Event,
    *,
    version: int,
    said: Said | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Move a dealing by one of `CAUSED`, as it stood at `version`.

    Raises NotFound for strangers, NotAllowed for readers, Conflict where the stage has moved on or allows no such
    move, Invalid by field where something is missing.
    """
    dealing = moving.held(session, dealing_id)
    pair = pairs.of(session, dealing)
    party = pairs.require_party(actor, pair)
    if event not in CAUSED:
        raise Conflict("这项对接现在不能这样办理。", code="not_now")
    if version != dealing.version:
        raise Conflict(moving.MOVED_ON, code="dealing_moved_on")
    moving.require_possible(actor, dealing, event, party)
    given = _checked(dealing.stage, event, party, said or Said(), now=now)
    if event is Event.REOPEN:
        pairs.require_open(session, pair)
    if event is Event.END:
        _close_requests(session, dealing, actor, now)
    step = Step(event, party, given.text, given.amount_fen)
    changes = _changes(dealing, step, actor, given, now)
    moving.take(session, actor, pair, dealing, step, now=now, new_id=new_id, changes=changes)


def add_note(
    session: Session,
    actor: Actor,
    dealing_id: str,
    *,
    text: str,
    shared: bool,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Write something down: for everybody concerned, or (organisers alone) for organisers and supervisors only."""
    dealing = moving.held(session, dealing_id)
    pair = pairs.of(session, dealing)
    party = pairs.require_party(actor, pair)
    if not shared and party is not Party.ORGANISER:
        raise NotAllowed("只有主办方可以写不公开给双方的记录。", code="not_an_organiser")
    step = Step(Event.NOTE, party, _text(text, required=True), shared=shared)
    moving.take(session, actor, pair, dealing, step, now=now, new_id=new_id)


def publish_amount(session: Session, actor: Actor, dealing_id: str, *, publishes: bool, now: datetime) -> None:
    """Say for one's own side whether a signed amount may be public; it is once both sides agree."""
    dealing = moving.held(session, dealing_id)
    party = pairs.require_party(actor, pairs.of(session, dealing))
    if party not in SIDES:
        raise NotAllowed("金额是否公开由签约双方各自决定。", code="not_a_side")
    if dealing.stage is not Stage.SIGNED:
        raise Conflict("签约确认后才能决定是否公开金额。", code="not_now")
    setattr(dealing, f"{party.value}_publishes", publishes)
    dealing.version += 1
    session.add(dealing)
    session.flush()
    audit.write(
        session,
        aggregate="dealing",
        aggregate_id=dealing.id,
        action="dealing.amount_published" if publishes else "dealing.amount_withheld",
        actor_id=actor.account_id,
        payload={"party": party.value},
        now=now,
    )


def require_side(actor: Actor, pair: Pair) -> Party:
    """The side for which an actor may begin; refuses strangers, one's own need, and those who may only look."""
    held = pairs.parties(actor, pair) & frozenset(SIDES)
    if held:
        return pairs.require_party(actor, pair)
    if pairs.reads_as(actor, pair) in SIDES:
        pairs.require_party(actor, pair)
    raise NotAllowed("请先切换到发布这条需求的单位，或切换到这家 OPC，再发起对接。", code="foreign_seat")


def attach_team(session: Session, pair: Pair, dealing: Dealing, party: Party, team_id: str | None) -> None:
    """Let a supplier come as its team; NotAllowed for a team that it does not lead or that is for another need."""
    if not team_id:
        return
    team = session.get(Team, team_id)
    own = team is not None and team.lead_id == pair.profile.id and team.dissolved_at is None
    fits = team is not None and team.item_id in {None, pair.item.id}
    if party is not Party.OPC or not own or not fits:
        raise NotAllowed("只能以您牵头、且针对这条需求的联合体参与对接。", code="foreign_team")
    dealing.team_id = team_id
    session.add(dealing)
    session.flush()


def _of(pair: Pair) -> tuple[bool, ...]:
    return (Dealing.item_id == pair.item.id, Dealing.profile_id == pair.profile.id)


def _changes(dealing: Dealing, step: Step, actor: Actor, said: Said, now: datetime) -> dict[str, object]:
    unclaimed: dict[str, object] = {"signed_fen": None, "signed_on": None, "claimed_by": None, "claimant_id": None}
    claim: dict[str, object] = {"claimed_by": step.party, "claimant_id": actor.account_id}
    changes: dict[Event, dict[str, object]] = {
        Event.MEET: {"introduced_at": dealing.introduced_at or now},
        Event.INTEND: {"intent_fen": said.amount_fen},
        Event.SIGN: {"signed_fen": said.amount_fen, "signed_on": said.day, **claim},
        Event.CONFIRM: {"confirmed_at": now, "confirmed_by": actor.account_id},
        Event.END: {"ending": said.ending},
        Event.REOPEN: {"ending": None, "opened_by": step.party},
        Event.DISPUTE: unclaimed,
        Event.RETRACT: unclaimed,
    }
    return changes[step.event]


def _close_requests(session: Session, dealing: Dealing, actor: Actor, now: datetime) -> None:
    # What was granted ends with the dealing: taken up again, the contact has to be asked for anew.
    for old, new in ((RequestState.OPEN, RequestState.WITHDRAWN), (RequestState.GRANTED, RequestState.CLOSED)):
        session.execute(
            update(ContactRequest)
            .where(col(ContactRequest.dealing_id) == dealing.id, col(ContactRequest.state) == old)
            .values(state=new, answered_at=now, answered_by=actor.account_id)
        )


def _checked(stage: Stage, event: Event, party: Party, said: Said, *, now: datetime) -> Said:
    found = stages.move(stage, event)
    asks = found.asks if found is not None else frozenset[str]()
    vouches = party is Party.ORGANISER and event in {Event.SIGN, Event.CONFIRM}
    wrong: dict[str, str] = {}
    if vouches and not said.text.strip():
        wrong["text"] = "请写明依据：合同编号，或合同文本、验收单存放在哪里；双方和监督人员都会看到。"
    elif "text" in asks and not said.text.strip():
        wrong["text"] = "请写明情况，对方和监督人员都会看到。"
    if len(said.text) > MAX_TEXT:
        wrong["text"] = f"说明最多 {MAX_TEXT} 个字，请缩短。"
    if "amount" in asks and said.amount_fen is None:
        wrong["amount"] = "请填写签约金额。"
    if said.amount_fen is not None and not 0 < said.amount_fen <= MAX_FEN:
        wrong["amount"] = "金额应大于 0，且不超过一千亿元，请核对单位。"
    if "day" in asks and said.day is None:
        wrong["day"] = "请填写签约日期。"
    today = now.astimezone(BEIJING).date()
    if said.day is not None and not today - timedelta(days=3660) <= said.day <= today:
        wrong["day"] = "签约日期应在今天或以前，且不早于十年前。"
    if "ending" in asks and said.ending is None:
        wrong["ending"] = "请选择结束的原因。"
    if wrong:
        raise Invalid("还有内容需要改正。", code="move_incomplete", fields=wrong)
    return Said(said.text.strip(), said.amount_fen, said.day, said.ending)


def _text(text: str, *, required: bool) -> str:
    cleaned = text.strip()
    if required and not cleaned:
        raise Invalid("请写明内容。", code="text_missing", fields={"text": "请写明内容。"})
    if len(cleaned) > MAX_TEXT:
        message = f"最多 {MAX_TEXT} 个字，请缩短。"
        raise Invalid(message, code="text_long", fields={"text": message})
    return cleaned
