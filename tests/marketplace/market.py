"""Building a small market in tests: every factory shows every argument."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from ingest.fields import ColumnReading, Draft, IssuerType, ListKind, NeedType, Problem, Reading, SheetReading
from marketplace.accounts import accounts, grants
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import memberships
from marketplace.accounts.words import MEMBER, Role, Standing
from marketplace.kernel import ids
from marketplace.kernel.db import Store
from marketplace.kernel.files import StoredFile
from marketplace.lists.edition_views import EditionPage
from marketplace.lists.intakes import intakes
from marketplace.lists.intakes.views import IntakePage

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
REGION = "福建省/临川市"
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$never"


def make_ids(start: int = 1) -> Callable[[], str]:
    """Ids that count, so that a test fails the same way twice."""
    numbers = count(start)
    return lambda: ids.encode(next(numbers).to_bytes(ids.BYTES))


NEW_ID = make_ids()


def make_draft(
    title: str = "行道树健康巡查",
    *,
    row: int = 4,
    list_kind: ListKind = ListKind.DEMAND,
    sheet: str | None = "需求清单",
    file: str = "三张清单.xlsx",
    need_type: NeedType | None = None,
    description: str | None = "巡查全市行道树，识别病害并预警倒伏。",
    issuer: str | None = "临川市园林管理中心",
    issuer_type: IssuerType | None = None,
    sector: str | None = "智慧园林",
    region: str | None = "临川市澄江区",
    budget_min: Decimal | None = None,
    budget_max: Decimal | None = Decimal("900000.00"),
    budget_negotiable: bool = False,
    period_start: date | None = None,
    period_end: date | None = date(2027, 9, 30),
    duration_months: int | None = None,
    requirements: tuple[str, ...] = ("病害识别率不低于88%",),
    contact_name: str | None = "周敏",
    contact_phone: str | None = "13912341234",
    contact_email: str | None = "zhoumin@example.com",
    inherited: tuple[str, ...] = (),
    raw: dict[str, str] | None = None,
    extras: dict[str, str] | None = None,
    places: dict[str, str] | None = None,
) -> Draft:
    """One row of a list."""
    return Draft(
        file=file,
        row=row,
        list_kind=list_kind,
        title=title,
        sheet=sheet,
        need_type=need_type,
        description=description,
        issuer=issuer,
        issuer_type=issuer_type,
        sector=sector,
        region=region,
        budget_min=budget_min,
        budget_max=budget_max,
        budget_negotiable=budget_negotiable,
        period_start=period_start,
        period_end=period_end,
        duration_months=duration_months,
        requirements=requirements,
        contact_name=contact_name,
        contact_phone=contact_phone,
        contact_email=contact_email,
        inherited=inherited,
        raw=raw if raw is not None else {"需求名称": title, "联系电话": contact_phone or ""},
        extras=extras or {},
        places=places or {"title": f"B{row}"},
    )


def make_capability(
    title: str = "树木病害识别", *, issuer: str = "木语视觉科技有限公司", row: int = 4, **other: object
) -> Draft:
    """One row of a capability list."""
    stated: dict[str, object] = {
        "sheet": "能力清单",
        "description": "手机拍叶即判46种病虫害。",
        "requirements": (),
        **other,
    }
    return make_draft(title, issuer=issuer, row=row, list_kind=ListKind.CAPABILITY, **stated)  # type: ignore[arg-type]


def make_reading(
    drafts: Iterable[Draft], *, problems: tuple[Problem, ...] = (), file: str = "三张清单.xlsx"
) -> Reading:
    """A file as read, its rows in one sheet; every column that a row has a cell of was read as something."""
    rows = tuple(drafts)
    headers = dict.fromkeys(header for row in rows for header in row.raw)
    columns = tuple(ColumnReading("A", header, "remarks", 1.0, "") for header in headers)
    sheet = SheetReading("需求清单", ListKind.DEMAND, (3, 3), columns, rows)
    return Reading(file, "a" * 64, "xlsx", (sheet,), problems)


def make_person(
    store: Store,
    *,
    role: Role = Role.ORGANISER,
    region: str = REGION,
    organisation_id: str | None = None,
    email: str = "zhubanfang@example.com",
    name: str = "陈科长",
    now: datetime = NOW,
    standing: Standing = Standing.OWNER,
) -> Actor:
    """An account with one staff role, or one that belongs to an organisation which then has that side open."""
    with store.writing() as session:
        account_id = accounts.create(
            session, email=email, name=name, password_hash=PASSWORD_HASH, now=now, new_id=NEW_ID
        )
        if role in MEMBER:
            assert organisation_id is not None
            memberships.open_side(session, organisation_id, role, actor_id=None, now=now)
            memberships.add(
                session,
                organisation_id=organisation_id,
                account_id=account_id,
                standing=standing,
                now=now,
                new_id=NEW_ID,
            )
        else:
            grants.give(
                session,
                account_id=account_id,
                role=role,
                region=region,
                organisation_id=organisation_id,
                now=now,
                new_id=NEW_ID,
            )
        return accounts.actor(session, account_id)


def make_intake(
    store: Store,
    actor: Actor,
    drafts: Iterable[Draft],
    *,
    problems: tuple[Problem, ...] = (),
    name: str = "三张清单.xlsx",
    region: str = REGION,
    now: datetime = NOW,
) -> IntakePage:
    """An open intake."""
    from ingest.records import reading_to_record

    record = reading_to_record(make_reading(drafts, problems=problems))
    file = StoredFile("a" * 64, 1000)
    with store.writing() as session:
        return intakes.open(session, actor, file=file, reading=record, name=name, region=region, now=now, new_id=NEW_ID)


def publish(
    store: Store,
    actor: Actor,
    drafts: Iterable[Draft],
    *,
    problems: tuple[Problem, ...] = (),
    series_id: str | None = None,
    series_title: str | None = "临川市三张清单",
    region: str = REGION,
    first_number: int = 1,
    now: datetime = NOW,
) -> EditionPage:
    """A published edition of the rows, the next one of a series or the first of a new one."""
    intake = make_intake(store, actor, drafts, problems=problems, region=region, now=now)
    with store.writing() as session:
        return intakes.confirm(
            session,
            actor,
            intake.card.id,
            version=intake.version,
            series_id=series_id,
            series_title=None if series_id else series_title,
            first_number=first_number,
            now=now,
            new_id=NEW_ID,
        )


def tamper(store: Store, *statements: str) -> None:
    """Alter rows behind the product's back: without triggers and foreign keys, as somebody with the file could."""
    connection = store.engine.raw_connection()
    cursor = connection.cursor()
    if store.engine.dialect.name == "postgresql":
        cursor.execute("SET session_replication_role = replica")
    else:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        cursor.execute(statement)
    connection.commit()
    cursor.execute(
        "SET session_replication_role = DEFAULT"
        if store.engine.dialect.name == "postgresql"
        else "PRAGMA foreign_keys = ON"
    )
    connection.commit()
    connection.close()
