"""From where somebody signs in: a kind of browser in a network. A new place is told to the account's owner."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, select

from marketplace.accounts import messages
from marketplace.accounts.rules.browsers import describe, network
from marketplace.accounts.signing_in.tables import SignInPlace
from marketplace.kernel.chinese_time import spoken


@dataclass(frozen=True, slots=True)
class Browser:
    """From where somebody signs in: the browser's own words and the network address, for the list of sign-ins."""

    agent: str = ""
    address: str = ""


UNKNOWN_BROWSER = Browser()


def greet(session: Session, account_id: str, browser: Browser, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Remember a place of a completed sign-in; a new one beside known ones is told to the owner."""
    words = describe(browser.agent)
    digest = hashlib.sha256(f"{words}\n{network(browser.address)}".encode()).hexdigest()
    known = session.get(SignInPlace, (account_id, digest))
    if known is not None:
        known.seen_at = now
        session.add(known)
        return
    count = select(func.count()).select_from(SignInPlace).where(SignInPlace.account_id == account_id)
    is_first = session.exec(count).one() == 0
    session.add(SignInPlace(account_id=account_id, place_digest=digest, seen_at=now))
    session.flush()
    if not is_first:
        text = (
            f"您的账号于 {spoken(now)} 在新的地方登录：{words}，网络地址 {browser.address or '不详'}。"
            "如果不是您本人，请立即修改密码，并在“我的账号”里结束这次登录。"
        )
        messages.tell(
            session,
            account_ids=[account_id],
            subject="新的地方登录",
            text=text,
            link="/account",
            now=now,
            new_id=new_id,
        )
