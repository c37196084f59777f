"""The round's key: each holder sets up and tests a passphrase of its own; from three of them the key is made.

A passphrase is shown once and stored nowhere. What is stored: the holder's identity under its passphrase, and the
round's secret in one envelope for each pair of holders.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from marketplace.rounds import held, parts
from marketplace.rounds.making import appointments
from marketplace.rounds.parts import HOLDERS
from marketplace.rounds.round_tables import Round
from marketplace.rounds.seal_tables import RoundHolder, RoundSeal
from marketplace.rounds.sealing import envelopes, holders, passphrases
from marketplace.rounds.words import Pair, Post, RoundState, Slot

SLOTS: Final[Mapping[Post, Slot]] = {Post.OPENER_A: Slot.A, Post.OPENER_B: Slot.B, Post.KEEPER: Slot.S}
_SET_UP_IN: Final = (RoundState.DRAFT, RoundState.INTERNAL_REVIEW)


@dataclass(frozen=True, slots=True)
class HolderState:
    """How far one holder has come; `name` "" where nobody is appointed."""

    post: Post
    name: str
    account_id: str
    is_made: bool
    is_tested: bool


@dataclass(frozen=True, slots=True)
class KeyState:
    """How far the key of a round has come; `mine` is the post whose passphrase the asker holds, or None."""

    holders: tuple[HolderState, ...]
    mine: Post | None
    is_ready: bool
    may_set_up: bool


def state(session: Session, actor: Actor, round_id: str) -> KeyState:
    """How far the key has come, for those who make the round."""
    row = held.get(session, round_id)
    parts.require_inside(session, actor, row)
    appointed = {one.post: one for one in appointments.of(session, round_id) if one.post in HOLDERS}
    found = []
    for post in HOLDERS:
        who, made = appointed.get(post), session.get(RoundHolder, (round_id, post))
        is_own = who is not None and made is not None and made.account_id == who.account_id
        is_tested = is_own and made is not None and made.tested_at is not None
        name, account_id = ("", "") if who is None else (who.name, who.account_id)
        found.append(HolderState(post, name, account_id, is_own, is_tested))
    mine = next((one.post for one in found if one.account_id == actor.account_id), None)
    is_ready = session.get(RoundSeal, round_id) is not None and all(one.is_tested for one in found)
    return KeyState(tuple(found), mine, is_ready, row.state in _SET_UP_IN)


def prepare() -> tuple[str, holders.Holder]:
    """Make a passphrase and the identity under it. Slow on purpose: in a process of its own."""
    passphrase = passphrases.generate(secrets.token_bytes)
    return passphrase, holders.make(passphrase)


def put(session: Session, actor: Actor, round_id: str, made: holders.Holder, *, now: datetime) -> None:
    """Keep a holder's identity, which is locked by its passphrase; an earlier one of the same holder is void."""
    row, post = _mine(session, actor, round_id)
    appointments.forget_key(session, round_id, post)
    session.flush()
    session.add(
        RoundHolder(
            round_id=round_id,
            post=post,
            account_id=actor.account_id,
            recipient=made.recipient,
            wrapped=made.wrapped,
            made_at=now,
        )
    )
    session.flush()
    held.log(session, row, "key_made", actor=actor, now=now, post=post.value, recipient=made.recipient)


def wrapped(session: Session, actor: Actor, round_id: str) -> tuple[bytes, str]:
    """The actor's own locked identity with its recipient, for testing a passphrase outside of any transaction."""
    _row, post = _mine(session, actor, round_id, writing=False)
    standing = session.get(RoundHolder, (round_id, post))
    if standing is None or standing.account_id != actor.account_id:
        raise Conflict("您还没有生成口令，请先生成。", code="no_passphrase")
    return standing.wrapped, standing.recipient


def fault_in(typed: str) -> str:
    """What shows at once that something typed is no passphrase, as a sentence; "" where it may be one."""
    try:
        passphrases.clean(typed)
    except Invalid as refusal:
        return refusal.message
    return ""


def unlock(locked: bytes, typed: str) -> tuple[str, str]:
    """Give the identity that a typed passphrase opens, or "" and what is wrong. Slow on purpose: in a process of its own."""
    try:
        return holders.unlock(locked, typed), ""
    except Invalid as refusal:
        return "", refusal.message


def confirm(session: Session, actor: Actor, round_id: str, identity: str, *, now: datetime) -> bool:
    """Note that a holder's passphrase was tested; with the third one the round's key is made. Gives whether it was."""
    row, post = _mine(session, actor, round_id)
    standing = session.get(RoundHolder, (round_id, post))
    if (
        standing is None
        or standing.account_id != actor.account_id
        or not envelopes.own_check(identity, standing.recipient)
    ):
        raise Conflict("口令与保存的不一致，请重新生成。", code="no_passphrase")
    if standing.tested_at is None:
        standing.tested_at = now
        session.add(standing)
        session.flush()
        held.log(session, row, "key_tested", actor=actor, now=now, post=post.value)
    return _make(session, row, now)


def _make(session: Session, row: Round, now: datetime) -> bool:
    if session.get(RoundSeal, row.id) is not None:
        return False
    found = {post: session.get(RoundHolder, (row.id, post)) for post in HOLDERS}
    recipients = {SLOTS[post]: one.recipient for post, one in found.items() if one is not None and one.tested_at}
    if len(recipients) < len(HOLDERS):
        return False
    key = envelopes.make(recipients)
    session.add(
        RoundSeal(
            round_id=row.id,
            recipient=key.recipient,
            envelope_ab=key.envelopes[Pair.AB],
            envelope_as=key.envelopes[Pair.AS],
            envelope_bs=key.envelopes[Pair.BS],
            made_at=now,
        )
    )
    session.flush()
    held.log(session, row, "key_ready", actor=None, now=now, recipient=key.recipient)
    return True


def _mine(session: Session, actor: Actor, round_id: str, *, writing: bool = True) -> tuple[Round, Post]:
    row = held.hold(session, round_id) if writing else held.get(session, round_id)
    mine = parts.posts(session, actor.account_id, round_id) & parts.OPENERS
    if not mine:
        raise NotAllowed("只有指定的口令保管人可以设置口令。", code="not_a_holder")
    if row.state not in _SET_UP_IN:
        raise Conflict("公告已经批准，口令不能再更换。", code="holders_fixed")
    return row, next(iter(mine))
