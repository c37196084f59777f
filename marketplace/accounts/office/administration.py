"""Accounts as administrators look after them: found, granted, disabled, their sign-ins ended. No secret is ever shown.

Somebody always administers: the last administrator can be neither disabled nor stripped, by nobody.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, or_
from sqlmodel import Session, col, select

from marketplace.accounts import accounts, grants
from marketplace.accounts.actors import Actor
from marketplace.accounts.communities import known_regions
from marketplace.accounts.office.platform import require_administrator
from marketplace.accounts.office.views import AccountCard, AccountPage, GrantView, MembershipView
from marketplace.accounts.rules import separation
from marketplace.accounts.signing_in import second_factors
from marketplace.accounts.signing_in.tables import SignInSession
from marketplace.accounts.tables import Account, Grant, Membership, Organisation
from marketplace.accounts.words import Role
from marketplace.kernel import audit, events, locks, outbox
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.kernel.paging import Page, bounded

SIZE = 50
STATES = ("", "live", "disabled")
SIGN_INS = ("sign_in.opened", "sign_in.opened_by_passkey")
SUBJECT = "您的账号已开通"


def search(
    session: Session, actor: Actor, *, words: str = "", role: Role | None = None, state: str = "", page: int = 1
) -> Page[AccountCard]:
    """Accounts by name or e-mail address (a part is enough), role and state, by name."""
    require_administrator(actor)
    number, size = bounded(page, SIZE)
    wanted = _conditions(words.strip(), role, state)
    total = session.exec(select(func.count()).select_from(Account).where(*wanted)).one()
    query = select(Account).where(*wanted).order_by(col(Account.name), col(Account.id))
    rows = session.exec(query.offset((number - 1) * size).limit(size)).all()
    return Page(_cards(session, rows), total, number, size)


def get(session: Session, actor: Actor, account_id: str) -> AccountPage:
    """One account, or NotFound."""
    require_administrator(actor)
    account = _account(session, account_id)
    (card,) = _cards(session, [account])
    live = select(func.count()).select_from(SignInSession).where(SignInSession.account_id == account_id)
    member = (
        select(Membership, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(Membership.account_id == account_id, col(Membership.left_at).is_(None))
        .order_by(col(Organisation.name))
    )
    return AccountPage(
        card=card,
        grants=_grants(session, account_id),
        memberships=tuple(
            MembershipView(row.organisation_id, name, row.standing) for row, name in session.exec(member)
        ),
        open_sessions=session.exec(live).one(),
        is_self=account_id == actor.account_id,
    )


def invite(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    region: str,
    password_hash: str,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Open an account for a member of staff and give it its role; gives the account's id.

    `password_hash` is of a word that nobody knows: the person sets its own by the ordinary reset, to which the
    mail that is sent leads. So nobody ever hands a password to anybody.
    """
    require_administrator(actor)
    account_id = accounts.create(
        session,
        email=email,
        name=name,
        password_hash=password_hash,
        now=now,
        new_id=new_id,
        actor_id=actor.account_id,
    )
    give(session, actor, account_id, role=role, region=region, now=now, new_id=new_id)
    text = f"{name.strip()}，您好：平台管理员为您开通了账号。请打开下面的页面，用这个邮箱设置密码后登录。"
    address = session.get_one(Account, account_id).email
    outbox.put(session, to=address, subject=SUBJECT, text=text, link="/reset", now=now, new_id=new_id)
    return account_id


def give(
    session: Session,
    actor: Actor,
    account_id: str,
    *,
    role: Role,
    region: str,
    organisation_id: str | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Give an account a staff role within a region; gives the grant's id.

    Raises Conflict where the role must not be held beside another one (`rules.separation`).
    """
    require_administrator(actor)
    locks.hold(session, f"grants:{account_id}")
    account = _account(session, account_id)
    if account.disabled_at is not None:
        raise Conflict("账号已停用，请先恢复使用再授权。", code="account_disabled")
    place = known_regions.resolve(session, actor, region)
    if role is Role.ADMINISTRATOR and place:
        message = "管理员管理整个平台，地区请留空。"
        raise Invalid(message, code="administrator_is_everywhere", fields={"region": message})
    held = session.exec(select(Grant.role, Grant.region).where(*_live_of(account_id))).all()
    reason = separation.clash(role, place, [(Role(one), where) for one, where in held])
    if reason:
        raise Conflict(reason, code="duties_not_separate")
    return grants.give(
        session,
        account_id=account_id,
        role=role,
        region=place,
        organisation_id=organisation_id,
        actor_id=actor.account_id,
        now=now,
        new_id=new_id,
    )


def withdraw(session: Session, actor: Actor, account_id: str, grant_id: str, *, now: datetime) -> None:
    """Withdraw a grant of an account. Raises Conflict where nobody would administer the platform any more."""
    require_administrator(actor)
    grant = session.get(Grant, grant_id)
    if grant is None or grant.account_id != account_id:
        raise NotFound("这个账号没有这项授权。")
    if grant.role is Role.ADMINISTRATOR and grant.withdrawn_at is None:
        require_another_administrator(session, account_id)
    grants.withdraw(session, grant_id, actor_id=actor.account_id, now=now)


def disable(session: Session, actor: Actor, account_id: str, *, now: datetime) -> None:
    """Shut an account and end its sign-ins."""
    require_administrator(actor)
    if account_id == actor.account_id:
        raise Conflict("不能停用自己的账号。请由另一位管理员办理。", code="own_account")
    _account(session, account_id)
    require_another_administrator(session, account_id)
    accounts.disable(session, account_id, actor_id=actor.account_id, now=now)
    _end_sessions(session, account_id)


def enable(session: Session, actor: Actor, account_id: str, *, now: datetime) -> None:
    """Open a disabled account again; an erased one stays shut."""
    require_administrator(actor)
    account = _account(session, account_id)
    if is_erased(account):
        raise Conflict("账号已注销，不能恢复。请本人重新注册。", code="account_erased")
    if account.disabled_at is not None:
        account.disabled_at = None
        session.add(account)
        _note(session, actor, account_id, "account.enabled", now)


def end_sessions(session: Session, actor: Actor, account_id: str, *, now: datetime) -> None:
    """End every sign-in of an account, on every device."""
    require_administrator(actor)
    _account(session, account_id)
    _end_sessions(session, account_id)
    _note(session, actor, account_id, "account.sessions_ended", now)


def require_another_administrator(session: Session, account_id: str) -> None:
    """Raise Conflict where no other live account administers the whole platform."""
    # Two administrators who strip each other at the same instant take turns here.
    locks.hold(session, "administrators")
    mine = exists().where(*_live_of(account_id), col(Grant.role) == Role.ADMINISTRATOR)
    others = (
        select(Grant.id)
        .join(Account, col(Account.id) == col(Grant.account_id))
        .where(
            Grant.role == Role.ADMINISTRATOR,
            Grant.region == "",
            Grant.account_id != account_id,
            col(Grant.withdrawn_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
        .limit(1)
    )
    if session.execute(select(mine)).scalar_one() and session.exec(others).first() is None:
        message = "这是最后一位平台管理员，撤销后将无人能管理平台。请先为另一个账号授予管理员。"
        raise Conflict(message, code="last_administrator")


def is_erased(account: Account) -> bool:
    """Whether an account's personal data was erased."""
    return account.email.endswith("@erased.invalid")


def _conditions(words: str, role: Role | None, state: str) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if words:
        wanted.append(
            or_(
                col(Account.name).contains(words, autoescape=True),
                col(Account.email).contains(words.lower(), autoescape=True),
                col(Account.id) == words,
            )
        )
    if role is not None:
        held = (col(Grant.account_id) == col(Account.id), col(Grant.role) == role, col(Grant.withdrawn_at).is_(None))
        wanted.append(exists().where(*held))
    if state:
        is_live = col(Account.disabled_at).is_(None)
        wanted.append(is_live if state == "live" else ~is_live)
    return wanted


def _cards(session: Session, rows: Sequence[Account]) -> tuple[AccountCard, ...]:
    ids = [row.id for row in rows]
    roles: defaultdict[str, list[tuple[Role, str]]] = defaultdict(list)
    for grant in session.exec(select(Grant).where(col(Grant.account_id).in_(ids), col(Grant.withdrawn_at).is_(None))):
        roles[grant.account_id].append((grant.role, grant.region))
    signed_in = events.latest_by_actor(session, ids, SIGN_INS)
    return tuple(
        AccountCard(
            id=row.id,
            name=row.name,
            email=row.email,
            created_at=row.created_at,
            disabled_at=row.disabled_at,
            last_sign_in=signed_in.get(row.id),
            has_second_factor=second_factors.has(session, row.id),
            roles=tuple(sorted(roles[row.id])),
        )
        for row in rows
    )


def _grants(session: Session, account_id: str) -> tuple[GrantView, ...]:
    query = (
        select(Grant, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Grant.organisation_id), isouter=True)
        .where(Grant.account_id == account_id)
        .order_by(col(Grant.withdrawn_at).is_not(None), col(Grant.given_at), col(Grant.id))
    )
    rows = session.exec(query).all()
    names = accounts.names(session, {row.given_by for row, _office in rows if row.given_by})
    return tuple(
        GrantView(
            row.id,
            row.role,
            row.region,
            office or "",
            names.get(row.given_by or "", ""),
            row.given_at,
            row.withdrawn_at,
        )
        for row, office in rows
    )


def _live_of(account_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Grant.account_id) == account_id, col(Grant.withdrawn_at).is_(None)


def _account(session: Session, account_id: str) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("没有这个账号。")
    return account


def _end_sessions(session: Session, account_id: str) -> None:
    session.execute(delete(SignInSession).where(col(SignInSession.account_id) == account_id))


def _note(session: Session, actor: Actor, account_id: str, action: str, now: datetime) -> None:
    audit.write(
        session,
        aggregate="account",
        aggregate_id=account_id,
        action=action,
        actor_id=actor.account_id,
        payload={},
        now=now,
    )
