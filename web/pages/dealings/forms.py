"""The forms of dealings as they are read: what is said with a move, and one's own contact."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from sqlmodel import Session
from starlette.datastructures import FormData

from marketplace.accounts.actors import Actor
from marketplace.dealings import contacts, dealings, openings
from marketplace.dealings.dealings import Said
from marketplace.dealings.openings import Opening
from marketplace.dealings.views import GivenContact
from marketplace.dealings.words import Ending
from marketplace.kernel import money
from marketplace.kernel.errors import Invalid
from web.pages import typed

NO_SUPPLIER: Final = "没有找到这家 OPC，请填写它的全称，或粘贴它主页的网址。"

E = TypeVar("E", bound=StrEnum)


def said(form: FormData) -> Said:
    """What somebody says with a move; Invalid where an amount or a day cannot be read."""
    wrong: dict[str, str] = {}
    amount: Decimal | None = None
    day: date | None = None
    try:
        amount = typed.yuan(text(form, "amount"), text(form, "amount_unit") or "wan")
    except ValueError as problem:
        wrong["amount"] = str(problem)
    if text(form, "day"):
        try:
            day = date.fromisoformat(text(form, "day"))
        except ValueError:
            wrong["day"] = "请按 年-月-日 填写日期，例如 2026-11-20。"
    if wrong:
        raise Invalid("还有内容需要改正。", code="move_incomplete", fields=wrong)
    return Said(text(form, "text"), money.fen(amount), day, one_of(Ending, text(form, "ending")))


def contact(form: FormData) -> GivenContact:
    """Whom to ask on one's own side."""
    return GivenContact(text(form, "name"), text(form, "phone"), text(form, "email"))


def one_of(words: type[E], said: str) -> E | None:
    """The word that was chosen, or None."""
    return next((word for word in words if word.value == said), None)


def text(form: FormData, name: str) -> str:
    """One field as it was typed; a file is none."""
    given = form.get(name)
    return given if isinstance(given, str) else ""


def opening(session: Session, actor: Actor, item: str, profile: str) -> Opening:
    """Who would meet whom, from the address of a form."""
    return openings.prepare(session, actor, item_id=item or None, profile_id=profile or None)


def pair(session: Session, actor: Actor, form: FormData) -> tuple[str, str | None]:
    """The need ("" where none is chosen) and the supplier that a form names."""
    found = opening(session, actor, text(form, "item"), text(form, "profile"))
    item_id = found.item.id if found.item is not None else text(form, "need")
    return item_id, found.profile_id or openings.find_supplier(session, text(form, "supplier"))


def start(
    session: Session,
    actor: Actor,
    act: str,
    form: FormData,
    *,
    by_match: bool = False,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Begin a dealing as a form says; Invalid by field. Gives its id."""
    item_id, profile_id = pair(session, actor, form)
    wrong = {} if item_id else {"need": "请选择一条需求。"}
    wrong |= {} if profile_id else {"supplier": NO_SUPPLIER}
    if wrong or profile_id is None:
        raise Invalid("还有内容需要改正。", code="pair_incomplete", fields=wrong)
    message, team = text(form, "message"), text(form, "team") or None
    if act == "introduce":
        return dealings.introduce(
            session,
            actor,
            item_id=item_id,
            profile_id=profile_id,
            text=message,
            by_match=by_match,
            now=now,
            new_id=new_id,
        )
    if act == "interest":
        return dealings.express(
            session, actor, item_id=item_id, profile_id=profile_id, text=message, team_id=team, now=now, new_id=new_id
        )
    return contacts.ask(
        session,
        actor,
        item_id=item_id,
        profile_id=profile_id,
        message=message,
        contact=contact(form),
        team_id=team,
        now=now,
        new_id=new_id,
    )
