"""Tokens: a member lets a program act for its organisation, within scopes, for a while.

A token acts in one seat only and with no staff role; it ends with the membership, the account or its own time.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from marketplace.accounts import accounts, seats
from marketplace.accounts.actors import Actor, acts_for, belongs_to, owns
from marketplace.accounts.signing_in.token_tables import ApiToken
from marketplace.accounts.tables import Account
from marketplace.accounts.words import MEMBER
from marketplace.kernel import audit, locks
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

PREFIX: Final = "jb_"
"""What every secret begins with, so that scanners find one that was published by mistake."""
READ: Final = "read"
NEEDS: Final = "needs:write"
PROFILE: Final = "profile:write"
DEALINGS: Final = "dealings:read"
BIDS_READ: Final = "bids:read"
BIDS_WRITE: Final = "bids:write"
SCOPES: Final[Mapping[str, str]] = {
    READ: "读取本单位的需求和画像",
    NEEDS: "新建、修改、发布、关闭本单位的需求",
    PROFILE: "修改本单位的能力画像",
    DEALINGS: "读取本单位的对接和联合体",
    BIDS_READ: "读取本单位的申报草稿和收据",
    BIDS_WRITE: "填写、提交、重新确认本单位的申报",
}
ONLY_READING: Final = frozenset({READ, DEALINGS, BIDS_READ})
"""What a member who may only look may let programs do."""
LONGEST_DAYS: Final = 365
MAX_NAME: Final = 60
MOST: Final = 20
"""Live tokens that one organisation may have."""
TOUCH_EVERY: Final = timedelta(minutes=1)
HINT: Final = 4


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as its organisation sees it: everything but its secret."""

    id: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    made_by: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    is_own: bool

    def is_live(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and now < self.ends_at


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a program is: the member that lets it in, in that one seat, and what it may do there.

    `touch_due` asks the caller to run `touch` in a writing transaction.
    """

    token_id: str
    actor: Actor
    organisation_id: str
    scopes: frozenset[str]
    touch_due: bool


def make(
    session: Session,
    actor: Actor,
    *,
    secret: str,
    name: str,
    scopes: Collection[str],
    days: int,
    now: datetime,
    new_id: Callable[[], str],
) -> TokenView:
    """Make a token under `secret` (PREFIX and at least 32 random bytes), which is told to its maker this once.

    Raises NotAllowed for who acts for no organisation, Invalid by field, Conflict where there are too many.
    """
    organisation_id = _seat(actor)
    wanted = _require_sound(actor, organisation_id, name=name.strip(), scopes=scopes, days=days)
    locks.hold(session, f"api_token:{organisation_id}")
    if sum(view.is_live(now) for view in _of(session, actor, organisation_id)) >= MOST:
        raise Conflict(f"一个单位最多 {MOST} 个有效令牌，请先停用不再使用的。", code="too_many_tokens")
    row = ApiToken(
        id=new_id(),
        token_digest=_digest(secret),
        hint=secret[-HINT:],
        account_id=actor.account_id,
        organisation_id=organisation_id,
        name=name.strip(),
        scopes=list(wanted),
        made_at=now,
        ends_at=now + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    _note(session, row, actor, action="token.made", payload={"scopes": list(wanted), "days": days}, now=now)
    return _view(row, actor.name, actor)


def revoke(session: Session, actor: Actor, token_id: str, *, now: datetime) -> TokenView:
    """End a token at once; ended twice it stays ended. Its maker may, and whoever decides over the organisation."""
    row = session.get(ApiToken, token_id)
    if row is None or not belongs_to(actor, row.organisation_id):
        raise NotFound("没有这个令牌，可能已经停用。", code="token_missing")
    if row.account_id != actor.account_id and not owns(actor, row.organisation_id):
        raise NotAllowed("这个令牌由同事建立，只有他本人或单位负责人可以停用。", code="not_your_token")
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = now, actor.account_id
        session.add(row)
        _note(session, row, actor, action="token.revoked", payload={}, now=now)
    return _view(row, accounts.names(session, {row.account_id}).get(row.account_id, ""), actor)


def of_organisation(session: Session, actor: Actor) -> list[TokenView]:
    """The tokens of the organisation that somebody acts for, newest first: all to who decides over it, else its own."""
    organisation_id = actor.organisation_id
    if organisation_id is None or not belongs_to(actor, organisation_id):
        return []
    found = _of(session, actor, organisation_id)
    return found if owns(actor, organisation_id) else [view for view in found if view.is_own]


def find(session: Session, secret: str, *, now: datetime) -> Holder | None:
    """Who a secret stands for, or None: unknown, ended, or its maker no longer belongs to the organisation."""
    if not secret.startswith(PREFIX):
        return None
    row = session.exec(select(ApiToken).where(ApiToken.token_digest == _digest(secret))).first()
    if row is None or row.revoked_at is not None or now >= row.ends_at:
        return None
    account = session.get(Account, row.account_id)
    if account is None or account.disabled_at is not None:
        return None
    held = seats.of_account(session, row.account_id)
    seat = next((one for one in held if one.organisation and one.organisation.id == row.organisation_id), None)
    grants = () if seat is None else tuple(grant for grant in seat.grants if grant.role in MEMBER)
    if not grants:
        return None
    actor = Actor(account.id, account.name, account.email, grants, row.organisation_id)
    may_write = acts_for(actor, row.organisation_id)
    scopes = frozenset(scope for scope in row.scopes if may_write or scope in ONLY_READING)
    touch_due = row.used_at is None or now >= row.used_at + TOUCH_EVERY
    return Holder(row.id, actor, row.organisation_id, scopes, touch_due)


def touch(session: Session, token_id: str, *, now: datetime) -> None:
    """Remember that a token was used just now."""
    row = session.get(ApiToken, token_id)
    if row is not None:
        row.used_at = max(row.used_at or now, now)
        session.add(row)


def _seat(actor: Actor) -> str:
    if actor.organisation_id is None or not belongs_to(actor, actor.organisation_id):
        message = "令牌代表一个单位办事。请先在右上角切换到您的单位；还没有单位的，请先登记或加入一个。"
        raise NotAllowed(message, code="no_organisation_seat")
    return actor.organisation_id


def _require_sound(
    actor: Actor, organisation_id: str, *, name: str, scopes: Collection[str], days: int
) -> tuple[str, ...]:
    wrong: dict[str, str] = {}
    if not name or len(name) > MAX_NAME or not name.isprintable():
        wrong["name"] = f"请写明这个令牌给谁用，最多 {MAX_NAME} 个字，例如“内部需求系统”。"
    wanted = tuple(scope for scope in SCOPES if scope in scopes)
    if not wanted or len(wanted) != len(set(scopes)):
        wrong["scopes"] = "请至少选择一项权限。"
    elif not acts_for(actor, organisation_id) and not ONLY_READING.issuperset(wanted):
        wrong["scopes"] = "您在本单位只能查看，令牌也只能读取。"
    if not 1 <= days <= LONGEST_DAYS:
        wrong["days"] = f"有效期为 1 至 {LONGEST_DAYS} 天。"
    if wrong:
        raise Invalid("令牌没有建立，请改正标出的地方。", code="bad_token", fields=wrong)
    return wanted


def _of(session: Session, actor: Actor, organisation_id: str) -> list[TokenView]:
    ordered = select(ApiToken).where(ApiToken.organisation_id == organisation_id)
    rows = session.exec(ordered.order_by(col(ApiToken.made_at).desc(), col(ApiToken.id))).all()
    names = accounts.names(session, {row.account_id for row in rows})
    return [_view(row, names.get(row.account_id, ""), actor) for row in rows]


def _view(row: ApiToken, made_by: str, actor: Actor) -> TokenView:
    return TokenView(
        id=row.id,
        name=row.name,
        hint=row.hint,
        scopes=tuple(row.scopes),
        made_by=made_by,
        made_at=row.made_at,
        ends_at=row.ends_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        is_own=row.account_id == actor.account_id,
    )


def _digest(secret: str) -> str:
    # The secret is random, so a plain digest gives nothing away.
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(
    session: Session, row: ApiToken, actor: Actor, *, action: str, payload: Mapping[str, object], now: datetime
) -> None:
    told = {"organisation_id": row.organisation_id, **payload}
    audit.write(
        session,
        aggregate="api_token",
        aggregate_id=row.id,
        action=action,
        actor_id=actor.account_id,
        payload=told,
        now=now,
    )
