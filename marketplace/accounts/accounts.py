"""Accounts: people who sign in."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.accounts import seats
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules.emails import clean_email, require_email
from marketplace.accounts.seats import DEFAULT_SEAT
from marketplace.accounts.tables import Account
from marketplace.accounts.views import Seat
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, Invalid, NotFound

MAX_NAME = 120


def create(
    session: Session,
    *,
    email: str,
    name: str,
    password_hash: str,
    now: datetime,
    new_id: Callable[[], str],
    actor_id: str | None = None,
) -> str:
    """Create an account that may nothing yet; gives its id.

    `password_hash` comes from `passwords.make`. Raises Conflict where the address is taken, Invalid for a bad one.
    """
    cleaned = require_email(email)
    if not name.strip() or len(name) > MAX_NAME:
        message = f"请填写姓名，不超过 {MAX_NAME} 个字。"
        raise Invalid(message, code="bad_name", fields={"name": message})
    row = {"id": new_id(), "email": cleaned, "name": name.strip(), "password_hash": password_hash}
    # The constraint decides and not a look beforehand: two may ask for one address at the same instant.
    made = insert_unless_there(session, Account, [{**row, "created_at": now, "disabled_at": None}])
    if not made:
        raise Conflict("这个邮箱已有账号，请直接登录或换一个邮箱。", code="email_taken")
    (account_id,) = made
    _note(session, account_id, "account.created", actor_id, now)
    return account_id


def set_password(session: Session, account_id: str, *, password_hash: str, actor_id: str | None, now: datetime) -> None:
    """Replace an account's password hash."""
    account = _row(session, account_id)
    account.password_hash = password_hash
    session.add(account)
    _note(session, account_id, "account.password_set", actor_id, now)


def disable(session: Session, account_id: str, *, actor_id: str | None, now: datetime) -> None:
    """Shut an account: it can no longer sign in, and its open sessions end."""
    account = _row(session, account_id)
    account.disabled_at = account.disabled_at or now
    session.add(account)
    _note(session, account_id, "account.disabled", actor_id, now)


def find_by_email(session: Session, email: str) -> str | None:
    """The id of the account with an e-mail address, or None."""
    return session.exec(select(Account.id).where(Account.email == clean_email(email))).first()


def find_actor(session: Session, account_id: str, *, organisation_id: str | None = DEFAULT_SEAT) -> Actor | None:
    """The actor of a live account in one of its seats, or None; a seat that it no longer has falls to the default one.

    The default seat is the first organisation by name that it belongs to or has its office at, else itself.
    """
    account = session.get(Account, account_id)
    if account is None or account.disabled_at is not None:
        return None
    return seated(account, seats.of_account(session, account_id), organisation_id)


def seated(account: Account, held: Sequence[Seat], organisation_id: str | None) -> Actor:
    """The actor of an account's row in the wanted one of its seats, else in the default one."""
    seat = seats.choose(held, organisation_id)
    where = None if seat.organisation is None else seat.organisation.id
    return Actor(account.id, account.name, account.email, seat.grants, where)


def actor(session: Session, account_id: str, *, organisation_id: str | None = DEFAULT_SEAT) -> Actor:
    """The actor of a live account, or NotFound."""
    found = find_actor(session, account_id, organisation_id=organisation_id)
    if found is None:
        raise NotFound("没有这个账号，或账号已停用。")
    return found


def names(session: Session, account_ids: set[str]) -> dict[str, str]:
    """The names of accounts by id."""
    if not account_ids:
        return {}
    return dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(account_ids))).all())


def count(session: Session) -> int:
    """How many accounts there are."""
    return session.exec(select(func.count()).select_from(Account)).one()


def _row(session: Session, account_id: str) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("没有这个账号。")
    return account


def _note(session: Session, account_id: str, action: str, actor_id: str | None, now: datetime) -> None:
    # No name and no address: who it was is in the account's row, which can be erased.
    audit.write(
        session, aggregate="account", aggregate_id=account_id, action=action, actor_id=actor_id, payload={}, now=now
    )
