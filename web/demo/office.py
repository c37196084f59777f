"""The office of the sample market: who runs the platform, and which days are worked."""

from collections.abc import Callable
from datetime import date, datetime

from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import memberships
from marketplace.accounts.office import platform
from marketplace.accounts.words import OrganisationKind, Standing
from marketplace.kernel import workdays

NOTICES = {
    2025: ("国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）", date(2024, 11, 12)),
    2026: ("国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）", date(2025, 11, 4)),
}
SETTINGS = {
    "name": "揭榜",
    "host": "临川市数据局",
    "operator": "临川市人工智能OPC服务中心",
    "phone": "0000-12345678",
    "email": "fuwu@demo.example",
    "address": "临川市澄江区政务中心 3 楼",
}


def open_unit(
    session: Session,
    organiser: Actor,
    *,
    name: str,
    region: str,
    by: Actor,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Make the organiser the owner of its office, which is claimed and verified."""
    unit = organisations.find_or_create(
        session, name=name, uscc=None, region=region, kind=OrganisationKind.GOVERNMENT, now=now, new_id=new_id
    )
    organisations.claim(session, unit.id, actor_id=by.account_id, now=now)
    organisations.verify(session, unit.id, actor_id=by.account_id, now=now)
    memberships.add(
        session,
        organisation_id=unit.id,
        account_id=organiser.account_id,
        standing=Standing.OWNER,
        actor_id=by.account_id,
        now=now,
        new_id=new_id,
    )


def open_office(session: Session, administrator: Actor, *, now: datetime) -> None:
    """Say who runs the sample platform, and confirm the years whose notices are known."""
    platform.change_settings(session, administrator, SETTINGS, version=0, now=now)
    for year, (source, issued_on) in NOTICES.items():
        platform.confirm_workdays(
            session,
            administrator,
            year=year,
            version=0,
            days=workdays.proposed(year),
            source=source,
            issued_on=issued_on,
            now=now,
        )
