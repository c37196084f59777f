"""`jiebang ingest` without --dry-run: keep what was read as intakes for somebody to confirm."""

import sys
from collections.abc import Sequence
from pathlib import Path

from ingest.fields import Reading
from ingest.records import reading_to_record
from marketplace import migrations
from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel.errors import Invalid, Refusal
from marketplace.lists.intakes import intakes
from web.installation import Installation
from web.settings import Settings


def keep(readings: Sequence[tuple[Path, Reading]], *, account: str | None) -> bool:
    """Open one intake for each file read; returns whether that was possible."""
    if account is None:
        sys.stderr.write("请用 --as 写明以哪个账号（邮箱）导入；只想读取而不保存时加 --dry-run。\n")
        return False
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not migrations.is_current(settings.url):
        sys.stderr.write("数据库还没有建立，或版本较旧。请先运行 jiebang init；只想读取而不保存时加 --dry-run。\n")
        return False
    installation = Installation(settings)
    try:
        for path, reading in readings:
            _keep_one(installation, path, reading, account=account)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.message}\n")
        return False
    finally:
        installation.close()
    return True


def _keep_one(installation: Installation, path: Path, reading: Reading, *, account: str) -> None:
    stored = installation.files.put(path.read_bytes(), limit_bytes=installation.settings.upload_limit_bytes)
    with installation.store.writing() as session:
        actor = accounts.actor(session, accounts.find_by_email(session, account) or "")
        region = installation.settings.region or _own_region(actor)
        page = intakes.open(
            session,
            actor,
            file=stored,
            reading=reading_to_record(reading),
            name=path.name,
            region=region,
            now=installation.clock(),
            new_id=installation.new_id,
        )
    sys.stderr.write(f"已存为待确认的导入：/intakes/{page.card.id}（{page.card.sound} 条可发布）\n")


def _own_region(actor: Actor) -> str:
    """The region that an organiser runs lists for; with several of them, which one is meant has to be said."""
    regions = sorted({grant.region for grant in actor.grants if grant.role is Role.ORGANISER})
    if len(regions) > 1:
        named = "、".join(region or "全部地区" for region in regions)
        raise Invalid(f"这个账号负责多个地区（{named}）。请用环境变量 JIEBANG_REGION 写明导入哪个地区的清单。")
    return regions[0] if regions else ""
