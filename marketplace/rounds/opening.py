"""The opening: two of the three holders turn their keys, each in a session of its own; the second opens every bid.

The first leaves its identity of this round to each of the other two, encrypted. With the second one's passphrase the
envelope of that pair gives the round's secret, every bid is opened and held against its receipt, and the minutes are
written, in one transaction. A bid that fails to open is an incident, never dropped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlmodel import Session, col, select

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor
from marketplace.kernel import afterwards, canonical
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.files import FileStore
from marketplace.rounds import facts, filed, held, manifests, parts, telling
from marketplace.rounds.bid_tables import Bid, BidMember, BidOpening, BidVersion
from marketplace.rounds.bidding import members, moving
from marketplace.rounds.keys import SLOTS
from marketplace.rounds.making import appointments
from marketplace.rounds.parts import HOLDERS
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.seal_tables import RoundHolder, RoundManifest, RoundMinutes, RoundSeal, RoundTurn
from marketplace.rounds.sealing import envelopes
from marketplace.rounds.sealing.contents import Attachment
from marketplace.rounds.unsealing import Unsealing
from marketplace.rounds.words import BidEvent, BidState, Pair, Part, Post, RoundEvent, RoundState

FORMAT: Final = "jiebang-minutes-1"


@dataclass(frozen=True, slots=True)
class OpeningState:
    """How far an opening has come: who holds keys and who has turned one; `mine` is the asker's post, or None."""

    holders: tuple[appointments.Appointed, ...]
    turned: tuple[Post, ...]
    turned_at: datetime | None
    mine: Post | None
    live: int
    least: int
    manifest_digest: str
    is_open: bool


def state(session: Session, actor: Actor, round_id: str) -> OpeningState:
    """How far the opening has come, for those who make the round; NotFound before the deadline."""
    row = held.get(session, round_id)
    parts.require_inside(session, actor, row)
    if row.sealed_at is None:
        raise NotFound("申报还没有截止，不能开启。", code="not_sealed")
    holders = tuple(one for one in appointments.of(session, round_id) if one.post in HOLDERS)
    turns = session.exec(select(RoundTurn).where(RoundTurn.round_id == round_id)).all()
    mine = next((one.post for one in holders if one.account_id == actor.account_id), None)
    live = session.exec(select(Bid.id).where(Bid.round_id == round_id, Bid.state == BidState.SUBMITTED)).all()
    return OpeningState(
        holders=holders,
        turned=tuple(dict.fromkeys(one.post for one in turns)),
        turned_at=min((one.turned_at for one in turns), default=None),
        mine=mine,
        live=len(live),
        least=facts.procedure_of(row).limits["least_bids"].value,
        manifest_digest=session.get_one(RoundManifest, round_id).digest,
        is_open=row.opened_at is not None,
    )


def locked(session: Session, actor: Actor, round_id: str) -> bytes:
    """The actor's own locked identity, to be unlocked outside of any transaction."""
    row, post = _opener(session, actor, round_id, writing=False)
    return _holder(session, row, post).wrapped


def turn(
    session: Session,
    actor: Actor,
    round_id: str,
    identity: str,
    *,
    files: FileStore,
    now: datetime,
    new_id: Callable[[], str],
) -> bool:
    """Turn one's key; the second one opens. Gives whether the bids are open now. The same opener twice counts once."""
    row, post = _opener(session, actor, round_id)
    holder = _holder(session, row, post)
    if not envelopes.own_check(identity, holder.recipient):
        raise Invalid("口令不对。", code="wrong_passphrase", fields={"passphrase": "口令不对，请核对后重新输入。"})
    first = session.exec(select(RoundTurn).where(RoundTurn.round_id == round_id, RoundTurn.post != post)).first()
    if first is None:
        _leave(session, row, post, identity, actor=actor, now=now)
        return False
    handed = session.get_one(RoundTurn, (round_id, first.post, post)).handed
    seal = session.get_one(RoundSeal, round_id)
    envelope = getattr(seal, f"envelope_{_pair(first.post, post).value}")
    secret = envelopes.unwrap(envelope, identity=identity, hand_over=handed, recipient=seal.recipient)
    _turn(session, row, post, identity, actor=actor, now=now)
    held.move(session, row, RoundEvent.OPEN_BIDS, part=Part.OPENER, facts=facts.of(session, row), now=now)
    row.opened_at = now
    seal.identity, seal.opened_at = secret, now
    session.add_all((seal, row))
    session.flush()
    manifest, digest = manifests.get(session, round_id)
    unsealing = Unsealing(manifest, secret, files)
    opened = [_open(session, row, bid, unsealing, now=now) for bid in _live(session, round_id)]
    minutes = _minutes(session, row, opened, digest, now)
    held.log(session, row, "opened", actor=actor, now=now, minutes=minutes.digest, bids=len(opened))
    # The round's secret is stored from now on: what nobody is to open must not be there for it.
    doomed = filed.dead(session, round_id)
    for digest in sorted(doomed):
        afterwards.do(session, partial(files.remove, digest))
    held.log(session, row, "destroyed", actor=None, now=now, files=len(doomed))
    _tell(session, row, now=now, new_id=new_id)
    return True


def minutes(session: Session, round_id: str) -> tuple[dict[str, Any], str]:
    """The minutes of an opening with their digest; NotFound before it. Who may read them is the caller's to ask."""
    found = session.get(RoundMinutes, round_id)
    if found is None:
        raise NotFound("申报开启后才有开启记录。", code="no_minutes")
    return found.content, found.digest


def _leave(session: Session, row: Round, post: Post, identity: str, *, actor: Actor, now: datetime) -> None:
    if session.get(RoundTurn, (row.id, post, next(one for one in HOLDERS if one is not post))) is not None:
        return
    known = facts.of(session, row)
    if known.suspended or known.valid_bids < known.least_bids:
        # The machine says why; with one key fewer than it takes, that reason comes before the missing key.
        held.move(session, row, RoundEvent.OPEN_BIDS, part=Part.OPENER, facts=known, now=now)
    _turn(session, row, post, identity, actor=actor, now=now)


def _turn(session: Session, row: Round, post: Post, identity: str, *, actor: Actor, now: datetime) -> None:
    for other in HOLDERS:
        if other is post:
            continue
        recipient = session.get_one(RoundHolder, (row.id, other)).recipient
        session.add(
            RoundTurn(
                round_id=row.id,
                post=post,
                for_post=other,
                handed=envelopes.hand_over(identity, recipient),
                turned_by=actor.account_id,
                turned_at=now,
            )
        )
    session.flush()
    held.log(session, row, "key_turned", actor=actor, now=now, post=post.value)


def _open(session: Session, row: Round, bid: Bid, unsealing: Unsealing, *, now: datetime) -> BidOpening:
    version = session.get_one(BidVersion, (bid.id, bid.version))
    failure, contents = "", None
    try:
        contents = unsealing.contents(version)
    except (Invalid, NotFound, ValueError) as fault:
        failure = fault.message if isinstance(fault, Invalid | NotFound) else str(fault)
    opening = BidOpening(
        bid_id=bid.id,
        number=bid.version,
        failure=failure,
        answers=None if contents is None else dict(contents.answers),
        price=None if contents is None else dict(contents.price),
        attachments=None if contents is None else [_attached(one) for one in contents.attachments],
        opened_at=now,
    )
    session.add(opening)
    known = BidFacts(round_state=row.state, deadline=row.deadline)
    moving.move(session, bid, BidEvent.OPEN, part=Part.ROUND, facts=known, now=now)
    moving.log(session, bid, "opened", actor=None, now=now, version=bid.version, failure=failure)
    return opening


def _attached(one: Attachment) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "size_bytes": one.size_bytes,
        "digest": one.digest,
        "sealed_digest": one.sealed_digest,
    }


def _minutes(session: Session, row: Round, opened: list[BidOpening], digest: str, now: datetime) -> RoundMinutes:
    turns = session.exec(select(RoundTurn).where(RoundTurn.round_id == row.id)).all()
    people = {one.post: (one.turned_by, one.turned_at) for one in turns}
    names = accounts.names(session, {who for who, _ in people.values()})
    content = {
        "format": FORMAT,
        "round_id": row.id,
        "round_title": row.title,
        "manifest_digest": digest,
        "opened_at": canonical.moment(now),
        "openers": [
            {
                "post": post.value,
                "name": names.get(people[post][0], "已注销用户"),
                "turned_at": canonical.moment(people[post][1]),
            }
            for post in HOLDERS
            if post in people
        ],
        "bids": [_line(session, one) for one in opened],
    }
    found = RoundMinutes(round_id=row.id, content=content, digest=canonical.digest(content), written_at=now)
    session.add(found)
    session.flush()
    return found


def _line(session: Session, one: BidOpening) -> dict[str, Any]:
    bid = session.get_one(Bid, one.bid_id)
    version = session.get_one(BidVersion, (bid.id, one.number))
    price = one.price or {}
    return {
        "bid_id": bid.id,
        "track": bid.track,
        "organisation": organisations.get(session, bid.organisation_id).name,
        "partners": _partners(session, one),
        "version": one.number,
        "sha256": version.sealed_digest,
        "received_at": canonical.moment(version.received_at),
        "amount_fen": price.get("amount_fen"),
        "failure": one.failure,
    }


def _partners(session: Session, one: BidOpening) -> list[str]:
    # Those who were in the team when it was sealed; where it does not open, those who are in it now.
    if one.answers is not None:
        return list(one.answers["partners"])
    return [member.name for member in members.of(session, one.bid_id) if member.confirmed_at is not None]


def _live(session: Session, round_id: str) -> list[Bid]:
    wanted = select(Bid).where(Bid.round_id == round_id, Bid.state == BidState.SUBMITTED)
    ordered = wanted.order_by(col(Bid.submitted_at), col(Bid.id))
    return list(session.exec(ordered.with_for_update().execution_options(populate_existing=True)))


def _pair(one: Post, other: Post) -> Pair:
    slots = sorted(SLOTS[post].value for post in (one, other))
    return Pair("".join(slots))


def _holder(session: Session, row: Round, post: Post) -> RoundHolder:
    found = session.get(RoundHolder, (row.id, post))
    if found is None:
        raise Conflict("没有您的口令记录，请联系管理员核对。", code="no_passphrase")
    return found


def _opener(session: Session, actor: Actor, round_id: str, *, writing: bool = True) -> tuple[Round, Post]:
    row = held.hold(session, round_id) if writing else held.get(session, round_id)
    parts.require_inside(session, actor, row)
    mine = parts.posts(session, actor.account_id, round_id) & parts.OPENERS
    if not mine:
        raise NotAllowed("只有指定的口令保管人可以开启申报。", code="not_an_opener")
    if row.state is not RoundState.SEALED:
        told = "申报已经开启。" if row.opened_at is not None else "申报还没有截止，不能开启。"
        raise Conflict(told, code="not_sealed")
    return row, next(iter(mine))


def _tell(session: Session, row: Round, *, now: datetime, new_id: Callable[[], str]) -> None:
    bids = select(Bid.id).where(Bid.round_id == row.id, Bid.state == BidState.OPENED)
    leads = set(session.exec(select(Bid.organisation_id).where(col(Bid.id).in_(bids))))
    partners = select(BidMember.organisation_id).where(
        col(BidMember.bid_id).in_(bids), col(BidMember.confirmed_at).is_not(None)
    )
    telling.tell(
        session,
        row,
        occasion="opened",
        account_ids=telling.people_of(session, leads | set(session.exec(partners))),
        subject=f"“{row.title}”的申报已开启",
        text=f"活动“{row.title}”的申报已由两名开启人共同开启，进入资格审查。如需补正，会另行通知。",
        link="/bids",
        now=now,
        new_id=new_id,
    )
    checkers = [one.account_id for one in appointments.of(session, row.id) if one.post is Post.CHECKER]
    telling.tell(
        session,
        row,
        occasion="to_check",
        account_ids=checkers,
        subject=f"请审查“{row.title}”的申报",
        text=f"活动“{row.title}”的申报已开启，请逐份、逐条对照申报条件审查。每份申报需要两名审查人结论一致。",
        link=f"/rounds/{row.id}/check",
        private=False,
        now=now,
        new_id=new_id,
    )
