"""The workspace of a bid: writing it, its files, what it still lacks; beginning it, taking it up again, setting it aside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor, acts_for
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.rounds import facts, filed, held
from marketplace.rounds.bid_tables import Bid, BidDraft, BidFile
from marketplace.rounds.bidding import draft_rows, members, moving
from marketplace.rounds.bidding.draft_rows import Content
from marketplace.rounds.making import notices
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules import bid_forms
from marketplace.rounds.rules.bid_forms import Attached, Tick
from marketplace.rounds.rules.bid_moves import MACHINE, BidFacts
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.notices import Notice, Track
from marketplace.rounds.words import BidEvent, BidState, Part, RoundState

LIVE = (BidState.DRAFT, BidState.SUBMITTED, BidState.NEEDS_RECONFIRM)
MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Workspace:
    """A bid as its own unit works on it. `body` and `files` are empty where no draft is open.

    `may_write` is whether the asker may change it; `has_draft` whether there is something to write in.
    """

    bid_id: str
    round_id: str
    state: BidState
    version: int
    organisation: str
    track: Track
    notice: Notice
    notice_number: int
    body: Mapping[str, str]
    files: tuple[Attached, ...]
    draft_version: int
    faults: Mapping[str, str]
    ticks: tuple[Tick, ...]
    team: tuple[members.Member, ...]
    most_partners: int
    deadline: datetime
    is_suspended: bool
    may_write: bool
    has_draft: bool
    updated_by: str
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What became of a save: the draft's version, and what it lacks by field."""

    version: int
    faults: Mapping[str, str]


def begin(
    session: Session, actor: Actor, round_id: str, track_key: str, *, now: datetime, new_id: Callable[[], str]
) -> str:
    """Begin a bid of the actor's unit on a track, or go on with the live one it has; gives its id.

    A draft whose key is lost begins anew.

    Raises NotAllowed for readers and for those who act for no unit, Conflict where the round takes no bids.
    """
    unit_id = actor.organisation_id
    if unit_id is None or not acts_for(actor, unit_id):
        raise NotAllowed("申报由单位提交。请在页首切换到您要代表的单位；“查看”身份不能申报。", code="no_bidding_unit")
    unit = organisations.get(session, unit_id)
    if not unit.offers_work:  # asked before the round is looked for, so that it tells nothing of one that is not public
        message = "您的单位还没有登记为 OPC（供给方），不能申报。请先在“我的单位”登记，或切换到 OPC 身份。"
        raise NotAllowed(message, code="offers_no_work")
    row = held.hold(session, round_id)
    if unit_id == row.organisation_id:
        raise NotAllowed("发布单位不能申报自己发布的活动。", code="own_round")
    _require_open(row, now)
    live = live_of(session, round_id, track_key, unit_id)
    if live is not None:
        draft_rows.restart(session, live, _first(actor), by=actor.account_id, now=now, new_id=new_id)
        return live.id
    track(notices.current(session, row), track_key)
    _require_not_partner(session, round_id, track_key, unit_id)
    bid = Bid(
        id=new_id(),
        round_id=round_id,
        track=track_key,
        organisation_id=unit_id,
        state=BidState.DRAFT,
        notice_number=row.notice_number,
        opened_by=actor.account_id,
        opened_at=now,
    )
    session.add(bid)
    session.flush()
    draft_rows.begin(session, bid, _first(actor), by=actor.account_id, now=now, new_id=new_id)
    moving.log(session, bid, "begun", actor=actor, now=now, round_id=round_id, track=track_key)
    return bid.id


def get(session: Session, actor: Actor, bid_id: str) -> Workspace:
    """A bid with its draft, for its own unit alone."""
    bid = moving.own(session, actor, bid_id)
    row = held.get(session, bid.round_id)
    notice = notices.current(session, row)
    on = track(notice, bid.track)
    draft = draft_rows.find(session, bid_id)
    content = Content({}) if draft is None else draft_rows.read(session, draft)
    assert row.deadline is not None
    named = accounts.names(session, set() if draft is None else {draft.updated_by})
    return Workspace(
        bid_id=bid.id,
        round_id=bid.round_id,
        state=bid.state,
        version=bid.version,
        organisation=organisations.get(session, bid.organisation_id).name,
        track=on,
        notice=notice,
        notice_number=row.notice_number,
        body=content.fields,
        files=content.files,
        draft_version=0 if draft is None else draft.version,
        faults={} if draft is None else bid_forms.faults(content.fields, content.files, notice, on),
        ticks=() if draft is None else bid_forms.ticks(content.fields, content.files, notice, on),
        team=members.of(session, bid_id),
        most_partners=facts.procedure_of(row).limits["most_partners"].value,
        deadline=row.deadline,
        is_suspended=row.suspended_at is not None,
        may_write=acts_for(actor, bid.organisation_id) and row.state is RoundState.OPEN and bid.state in LIVE,
        has_draft=draft is not None,
        updated_by="" if draft is None else named.get(draft.updated_by, "已注销用户"),
        updated_at=None if draft is None else draft.updated_at,
    )


def save(
    session: Session, actor: Actor, bid_id: str, given: Mapping[str, str], *, version: int, now: datetime
) -> SavedDraft:
    """Save the fields that a page sends, which shows the draft as of `version`.

    Raises Conflict "draft_changed" where somebody else of the unit saved meanwhile: nothing is written, and the page
    shows both. Raises Invalid where a text is endless.
    """
    _bid, draft, on, notice = _writing(session, actor, bid_id, now)
    content = draft_rows.read(session, draft)
    sent = _sent(given, bid_forms.fields(notice, on))
    if draft.version != version and any(content.fields.get(name, "") != words for name, words in sent.items()):
        message = "您的同事刚修改过这份草稿，您这次填写的内容还没有保存。请对照两份内容后再保存。"
        raise Conflict(message, code="draft_changed")
    body = {**content.fields, **sent}
    if body != content.fields:
        draft_rows.write(session, draft, Content(body, content.files), by=actor.account_id, now=now)
    return SavedDraft(draft.version, bid_forms.faults(body, content.files, notice, on))


def attach(session: Session, actor: Actor, bid_id: str, given: Attached, *, now: datetime) -> None:
    """Add a file that is sealed and in the store; one for the same paper takes the older one's place."""
    bid, draft, _on, notice = _writing(session, actor, bid_id, now)
    content = draft_rows.read(session, draft)
    if given.paper and given.paper not in {one.key for one in notice.papers}:
        raise Invalid("公告没有要求这份材料，请刷新页面。", code="no_such_paper")
    kept = tuple(one for one in content.files if not given.paper or one.paper != given.paper)
    if len(kept) >= MOST_FILES:
        raise Invalid(f"最多上传 {MOST_FILES} 份文件，请合并后再上传。", code="too_many_files")
    if session.get(BidFile, (bid.id, given.sealed_digest)) is None:
        row = BidFile(
            bid_id=bid.id,
            sealed_digest=given.sealed_digest,
            sealed_bytes=given.sealed_bytes,
            put_by=actor.account_id,
            put_at=now,
        )
        session.add(row)
    draft_rows.write(session, draft, Content(content.fields, (*kept, given)), by=actor.account_id, now=now)


def detach(session: Session, actor: Actor, bid_id: str, file_id: str, *, now: datetime) -> None:
    """Take a file out of the draft; one that is gone already changes nothing."""
    _bid, draft, _on, _notice = _writing(session, actor, bid_id, now)
    content = draft_rows.read(session, draft)
    kept = tuple(one for one in content.files if one.id != file_id)
    if kept != content.files:
        draft_rows.write(session, draft, Content(content.fields, kept), by=actor.account_id, now=now)


def take_up(
    session: Session,
    actor: Actor,
    bid_id: str,
    *,
    content: Content | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Open a new draft for a bid that was handed in (to replace it) or withdrawn, from a copy of one's own where given.

    What was handed in is erased here: only who kept a copy can begin from it. A draft that is open is kept.
    """
    row = held.hold(session, moving.own(session, actor, bid_id).round_id)
    bid = moving.hold_own(session, actor, bid_id)
    part = moving.part_of(actor, bid)
    if bid.state is BidState.WITHDRAWN:
        known = _facts(row, other_live=live_of(session, row.id, bid.track, bid.organisation_id) is not None)
        moving.move(session, bid, BidEvent.TAKE_UP, part=part, facts=known, now=now)
        _require_not_partner(session, bid.round_id, bid.track, bid.organisation_id)
        moving.log(session, bid, "taken_up", actor=actor, now=now)
    else:
        answer = MACHINE.allowed(bid.state, BidEvent.REPLACE, part, now, _facts(row))
        if not (isinstance(answer, Reason) and answer.code == "incomplete"):
            held.require(answer)
    if draft_rows.hold(session, bid_id) is None:
        draft_rows.begin(session, bid, content or _first(actor), by=actor.account_id, now=now, new_id=new_id)


def discard(session: Session, actor: Actor, bid_id: str, *, now: datetime) -> None:
    """Erase the open draft. A bid that was never handed in ends with it; one that was stands as it is."""
    bid = moving.hold_own(session, actor, bid_id)
    if moving.part_of(actor, bid) is not Part.BIDDER:
        raise NotAllowed("“查看”身份不能删除草稿，请由负责人或经办人办理。", code="reader_only")
    draft = draft_rows.hold(session, bid_id)
    if draft is None:
        raise Conflict("草稿已经提交或清除，没有可以删除的内容。", code="no_open_draft")
    if bid.state is BidState.DRAFT:
        erase_all(session, bid_id)
    else:
        draft_rows.erase(session, draft)
    moving.log(session, bid, "draft_discarded", actor=actor, now=now)


def erase_all(session: Session, bid_id: str) -> None:
    """Erase a bid that is being written; one that was handed in before and withdrawn is withdrawn again."""
    draft_rows.erase(session, draft_rows.find(session, bid_id))
    bid = session.get_one(Bid, bid_id)
    if bid.version:
        bid.state = BidState.WITHDRAWN
        session.add(bid)
    else:
        members.forget(session, bid_id)
        uploaded = session.exec(select(BidFile).where(BidFile.bid_id == bid_id)).all()
        filed.burn(session, (file.sealed_digest for file in uploaded))
        for file in uploaded:
            session.delete(file)
        session.flush()
        session.delete(bid)
    session.flush()


def live_of(session: Session, round_id: str, track_key: str, organisation_id: str) -> Bid | None:
    """The live bid of a unit on a track, or None."""
    wanted = (Bid.round_id == round_id, Bid.track == track_key, Bid.organisation_id == organisation_id)
    return session.exec(select(Bid).where(*wanted, col(Bid.state).in_(LIVE))).first()


def track(notice: Notice, key: str) -> Track:
    """A track of a notice, or NotFound."""
    found = next((one for one in notice.tracks if one.key == key), None)
    if found is None:
        raise NotFound("公告里没有这个赛道，请从公告页面选择。", code="no_such_track")
    return found


def _writing(session: Session, actor: Actor, bid_id: str, now: datetime) -> tuple[Bid, BidDraft, Track, Notice]:
    bid = moving.hold_own(session, actor, bid_id)
    if not acts_for(actor, bid.organisation_id):
        raise NotAllowed("“查看”身份不能修改申报，请由负责人或经办人办理。", code="reader_only")
    row = held.get(session, bid.round_id)
    _require_open(row, now)
    draft = draft_rows.hold(session, bid_id)
    if draft is None:
        raise Conflict("草稿已经提交或清除。要修改已提交的申报，请先点“修改申报”。", code="no_open_draft")
    notice = notices.current(session, row)
    return bid, draft, track(notice, bid.track), notice


def _require_open(row: Round, now: datetime) -> None:
    if row.published_at is None:
        raise NotFound(held.UNKNOWN, code="round_missing")
    if row.suspended_at is not None:
        raise Conflict("活动已中止，暂不接受申报；恢复后剩余时间照旧。", code="suspended")
    if row.state is not RoundState.OPEN or row.deadline is None or now >= row.deadline:
        raise Conflict("这个活动现在不接受申报。", code="not_open")


def _require_not_partner(session: Session, round_id: str, track_key: str, unit_id: str) -> None:
    if members.takes_part(session, round_id, track_key, unit_id):
        message = "您的单位已确认参加同一赛道的另一份联合申报，不能再单独申报。要单独申报，请先退出联合体。"
        raise Conflict(message, code="partner_elsewhere")


def _facts(row: Round, *, other_live: bool = False) -> BidFacts:
    return BidFacts(
        round_state=row.state, suspended=row.suspended_at is not None, deadline=row.deadline, other_live=other_live
    )


def _first(actor: Actor) -> Content:
    return Content({"contact_name": actor.name, "contact_email": actor.email})


def _sent(given: Mapping[str, str], known: frozenset[str]) -> dict[str, str]:
    sent = {name: words.replace("\r\n", "\n").strip() for name, words in given.items() if name in known}
    endless = next((name for name, words in sent.items() if len(words) > bid_forms.MOST_SIGNS), None)
    if endless is not None:
        told = f"这一处超过 {bid_forms.MOST_SIGNS} 个字，没有保存，请先精简。"
        raise Invalid(told, code="too_long", fields={endless: told})
    return sent
