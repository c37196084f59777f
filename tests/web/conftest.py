"""A running application over the sample market, on either database, fresh for every test."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.conftest import POSTGRESQL, make_database
from web.app import create_app
from web.demo.loading import SignIn
from web.installation import Installation
from web.settings import Settings


@dataclass(frozen=True)
class Market:
    """An installation holding the sample market, and its sign-ins by title ("主办方", "OPC" …)."""

    installation: Installation
    sign_ins: dict[str, SignIn]

    def client(self, **options: bool) -> TestClient:
        """A browser of its own; enter it to start the application."""
        # A test may open several at once: closing under one what another is reading would leave its connection open.
        app = create_app(self.installation, with_worker=False, closes=False)
        return TestClient(app, follow_redirects=False, **options)

    def signed_in(self, client: TestClient, title: str) -> str:
        """Sign in as a demo account; gives the anti-forgery token of its forms."""
        who = self.sign_ins[title]
        answer = client.post("/sign-in", data={"email": who.email, "password": who.password})
        assert answer.status_code == 303
        page = client.get("/intakes" if title in {"主办方", "管理员"} else "/")
        return page.text.split('name="csrf_token" value="')[1].split('"')[0]


@pytest.fixture(params=["sqlite", POSTGRESQL])
def market(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Market]:
    """The sample market of this test alone, once for each database."""
    folder = tmp_path / "market"
    if request.param == "sqlite":
        source, sign_ins = request.getfixturevalue("sqlite_sample")
        settings = Settings(data_dir=folder, demo=True)
    else:
        source, _, sign_ins = request.getfixturevalue("postgresql_sample")
        server = request.getfixturevalue("postgresql_server")
        url = make_database(server, "jiebang_market", template="jiebang_sample")
        settings = Settings(data_dir=folder, database_url=url, demo=True)
    shutil.copytree(source, folder)
    installation = Installation(settings)
    yield Market(installation, {one.title: one for one in sign_ins})
    installation.close()
