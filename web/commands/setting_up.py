"""`jiebang init`: a real installation, or the upgrade of one."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from web.settings import Settings

if TYPE_CHECKING:
    from sqlmodel import Session

    from web.installation import Installation

EXIT_WRONG = 1


def init(*, email: str, name: str, organisation: str, region: str, password: str) -> int:
    """Make the database, load the policies and set up the first administrator, who is also the organiser."""
    from marketplace import migrations
    from marketplace.kernel.errors import Refusal
    from web.installation import Installation

    settings = Settings()
    installation = Installation(settings)
    try:
        migrations.upgrade(settings.url)
        _set_up(installation, email=email, name=name, organisation=organisation, region=region, password=password)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.message}\n")
        return EXIT_WRONG
    finally:
        installation.close()
    sys.stdout.write(
        f"已建立正式环境，管理员 {email}。运行 jiebang serve 启动服务，用这个邮箱登录；首次登录会要求启用二次验证。\n"
        "然后请在“平台管理”填写主办单位和联系电话，并确认当年的工作日表。\n"
    )
    return 0


def _set_up(
    installation: "Installation", *, email: str, name: str, organisation: str, region: str, password: str
) -> None:
    from marketplace.accounts import accounts, grants, organisations
    from marketplace.accounts.signing_in import passwords
    from marketplace.accounts.words import OrganisationKind, Role
    from marketplace.figures import targets
    from marketplace.kernel.errors import Conflict
    from marketplace.policies import policies
    from marketplace.rounds import procedures

    now, new_id = installation.clock(), installation.new_id
    hashed = passwords.make(password, about=(email, name, organisation))
    with installation.store.writing() as session:
        if accounts.count(session):
            raise Conflict("这个数据库里已经有账号，不能再设首位管理员。升级数据库请运行 jiebang init --upgrade。")
        policies.load(session, now=installation.clock())
        targets.load(session, now=installation.clock())
        procedures.load(session, now=installation.clock())
        account_id = accounts.create(session, email=email, name=name, password_hash=hashed, now=now, new_id=new_id)
        unit = organisations.find_or_create(
            session,
            name=organisation,
            uscc=None,
            region=region,
            kind=OrganisationKind.GOVERNMENT,
            now=now,
            new_id=new_id,
        )
        _open_office(session, unit.id, account_id, now=now, new_id=new_id)
        for role, place in ((Role.ADMINISTRATOR, ""), (Role.ORGANISER, region)):
            grants.give(
                session, account_id=account_id, role=role, organisation_id=unit.id, region=place, now=now, new_id=new_id
            )


def _open_office(
    session: "Session", office_id: str, account_id: str, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Make the first administrator the owner of its own office: whoever installs the product vouches for it."""
    from marketplace.accounts import organisations
    from marketplace.accounts.joining import memberships
    from marketplace.accounts.words import Standing

    organisations.claim(session, office_id, actor_id=account_id, now=now)
    organisations.verify(session, office_id, actor_id=account_id, now=now)
    memberships.add(
        session,
        organisation_id=office_id,
        account_id=account_id,
        standing=Standing.OWNER,
        actor_id=account_id,
        now=now,
        new_id=new_id,
    )


def upgrade() -> int:
    """Bring an existing installation to this version: its tables, and the policies, rules, targets and procedure types that ship."""
    from marketplace import migrations
    from marketplace.figures import targets
    from marketplace.policies import policies
    from marketplace.rounds import procedures
    from web.installation import Installation

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.url)
    installation = Installation(settings)
    try:
        with installation.store.writing() as session:
            now = installation.clock()
            changed = policies.load(session, now=now) + targets.load(session, now=now)
            changed += procedures.load(session, now=now)
    finally:
        installation.close()
    sys.stdout.write(f"数据库已是当前版本。政策、目标和程序类型更新了 {changed} 项。\n")
    return 0
