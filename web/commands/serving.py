"""`jiebang demo | serve | worker`: the long-running commands."""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from web.settings import Settings

if TYPE_CHECKING:
    from web.installation import Installation

EXIT_WRONG = 1
EXIT_USAGE = 2
DEMO_HOST = "127.0.0.1"
SIGN_INS = "sign-ins.json"


def demo(*, port: int | None, fresh: bool, prepare_only: bool, sandbox: bool = False) -> int:
    """Prepare the sample market in a database of its own and serve it on loopback.

    A `sandbox` has another database again, whose clock can be set.
    """
    given = Settings()
    # A database of its own whatever the environment says, so that demo and real life never mix.
    settings = given.model_copy(
        update={
            "data_dir": given.data_dir.parent / ("sandbox" if sandbox else "demo"),
            "sandbox": sandbox,
            "database_url": None,
            "host": DEMO_HOST,
            "port": port or given.port,
            "demo": True,
            "smtp_host": "",
        }
    )
    if settings.encoder and not _has_model(settings):
        return EXIT_USAGE
    if fresh and settings.data_dir.exists():
        shutil.rmtree(settings.data_dir)
    sign_ins = _prepare_demo(settings)
    if sign_ins is None:
        return EXIT_WRONG
    address = f"http://{settings.host}:{settings.port}"
    sys.stdout.write(f"\n演示环境已就绪：{address}\n\n演示账号（只在本机有效）：\n")
    for title, email, password in sign_ins:
        sys.stdout.write(f"  {title}\t{email}\t{password}\n")
    sys.stdout.write("\n按 Ctrl+C 停止。\n")
    sys.stdout.flush()
    return 0 if prepare_only else _serve(settings, workers=1, with_worker=True)


def serve(*, host: str | None, port: int | None, workers: int, with_worker: bool) -> int:
    """Serve a real installation, which `jiebang init` has set up before."""
    given = Settings()
    settings = given.model_copy(update={"host": host or given.host, "port": port or given.port})
    if not _is_current(settings) or not _may_start(settings):
        return EXIT_WRONG
    # Several server processes have each their own model: of the shipped one, which is sound, this one needs no copy.
    if (workers == 1 or settings.encoder) and not _has_model(settings):
        return EXIT_USAGE
    return _serve(settings, workers=workers, with_worker=with_worker)


def worker() -> int:
    """Run due jobs until stopped."""
    from web import logs
    from web.installation import Installation

    settings = Settings()
    if not _is_current(settings) or not _may_start(settings):
        return EXIT_WRONG
    if settings.encoder and not _has_model(settings):
        return EXIT_USAGE
    logs.configure(form=settings.log_format, level=settings.log_level)
    installation = Installation(settings)
    try:
        asyncio.run(_work(installation))
    except KeyboardInterrupt:
        sys.stderr.write("已停止。\n")
    finally:
        installation.close()
    return 0


async def _work(installation: "Installation") -> None:
    from web.worker import SlowWorker, Worker

    await asyncio.gather(Worker(installation).run(), SlowWorker(installation).run())


def _serve(settings: Settings, *, workers: int, with_worker: bool) -> int:
    import uvicorn

    # The server's own processes read their settings from the environment again.
    for name, value in settings.model_dump(exclude_none=True).items():
        said = value.get_secret_value() if isinstance(value, SecretStr) else value
        os.environ[f"JIEBANG_{name.upper()}"] = str(said)
    uvicorn.run(
        "web.app:from_environment" if with_worker else "web.app:without_worker",
        factory=True,
        # It knows when what is read had arrived: what has a deadline goes by that hour.
        http="web.connections:Connection",
        host=settings.host,
        port=settings.port,
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        # Whose word counts for a visitor's address is said by the setting `trusted_proxies`.
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )
    return 0


def _prepare_demo(settings: Settings) -> list[tuple[str, str, str]] | None:
    from marketplace import migrations

    # A folder without the list of sign-ins is one whose preparation was cut short: it is made anew.
    note = settings.data_dir / SIGN_INS
    if not note.exists() and settings.data_dir.exists():
        shutil.rmtree(settings.data_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.url)
    # Before there is anything in it: a database with bids never becomes a sandbox.
    if not _may_start(settings):
        return None
    if not note.exists():
        sys.stdout.write("正在装入样例市场……\n")
        sys.stdout.flush()
        _load_demo(settings, note)
    return [(row["title"], row["email"], row["password"]) for row in json.loads(note.read_text("utf-8"))]


def _load_demo(settings: Settings, note: Path) -> None:
    from web.demo import loading as market
    from web.demo import rounds
    from web.installation import Installation

    installation = Installation(settings)
    try:
        sign_ins = market.load(installation, make_key=rounds.prepare)
    finally:
        installation.close()
    note.touch(mode=0o600)
    note.write_text(json.dumps([row._asdict() for row in sign_ins], ensure_ascii=False, indent=1), "utf-8")


def _may_start(settings: Settings) -> bool:
    """Whether the database is what the settings say: a sandbox, or none."""
    from web import sandbox
    from web.installation import Installation, now

    installation = Installation(settings.model_copy(update={"sandbox": False}))
    try:
        against = sandbox.refusal(installation.store, wanted=settings.sandbox, real=now())
    finally:
        installation.close()
    sys.stderr.write(against)
    return not against


def _has_model(settings: Settings) -> bool:
    """Whether the matching model can be read; said here once, where each server process would die of it."""
    from web.installation import model

    try:
        model(settings.encoder)
    except ValueError as failure:
        sys.stderr.write(f"{failure}\n")
        return False
    return True


def _is_current(settings: Settings) -> bool:
    from marketplace import migrations

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if migrations.is_current(settings.url):
        return True
    sys.stderr.write("数据库还没有建立，或版本较旧。首次使用请运行 jiebang init；升级请运行 jiebang init --upgrade。\n")
    return False
