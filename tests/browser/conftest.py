"""A real browser in front of a real server over the sample market.

The short form walks every desk's story in two ways, which hold both widths, scripts and none; all stories together in
all four. It leaves to the long form the other two ways of each story.
"""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.windows import Way, Window, opened, watch, ways
from web.app import create_app
from web.demo.loading import SignIn
from web.installation import Installation
from web.settings import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 30
OpenWindow = Callable[[Way], Window]
"""Opens a window that comes in a given way."""


@dataclass(frozen=True)
class Site:
    """A served market: its address, its sign-ins by title, and the installation behind it."""

    address: str
    sign_ins: dict[str, SignIn]
    installation: Installation

    def sign_in(self, page: Page, title: str) -> None:
        """Sign in as one of the demo accounts."""
        who = self.sign_ins[title]
        page.goto(f"{self.address}/sign-in")
        page.get_by_label("邮箱").fill(who.email)
        page.get_by_label("密码").fill(who.password)
        page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda address: not address.startswith(f"{self.address}/sign-in"))


@contextmanager
def served(source: Path, folder: Path, sign_ins: list[SignIn]) -> Iterator[Site]:
    """A copy of the sample market, served under the name localhost, where browsers allow passkeys."""
    shutil.copytree(source, folder)

    def open_at(address: str) -> Installation:
        return Installation(Settings(data_dir=folder, demo=True, public_url=address, pages_per_address=0))

    with listening(open_at) as (address, installation):
        yield Site(address, {one.title: one for one in sign_ins}, installation)


@contextmanager
def listening(
    open_at: Callable[[str], Installation], *, with_worker: bool = True
) -> Iterator[tuple[str, Installation]]:
    """An installation behind a server on a free port; `open_at` makes it for the address that it gets."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://localhost:{listener.getsockname()[1]}"
        installation = open_at(address)
        app = create_app(installation, with_worker=with_worker)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            _wait(server)
            yield address, installation
        finally:
            server.should_exit = True
            thread.join()


def _wait(server: uvicorn.Server) -> None:
    until = time.monotonic() + START_SECONDS
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.05)


@pytest.fixture
def site(sqlite_sample: tuple[Path, list[SignIn]], tmp_path: Path) -> Iterator[Site]:
    """The sample market of this test alone."""
    with served(sqlite_sample[0], tmp_path / "market", sqlite_sample[1]) as found:
        yield found


@pytest.fixture(scope="module")
def shared_site(sqlite_sample: tuple[Path, list[SignIn]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One sample market for all tests of a module, which keep out of each other's way by what they write."""
    with served(sqlite_sample[0], tmp_path_factory.mktemp("site") / "market", sqlite_sample[1]) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Headless Chromium; without it these tests cannot run, and say so.

    For a module alone: while Playwright is open, an event loop runs in this thread, and no other test could run one.
    """
    if CHROMIUM is None:
        pytest.skip("没有 Chromium，浏览器测试没有运行；见 tests/install_browser.sh")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Walk the story of a desk in the ways that are its own, unless it names them itself."""
    own = any("way" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "way" in metafunc.fixturenames and not own:
        found = [
            pytest.param(way, id=f"{way.width}{'' if way.has_scripts else '-without-scripts'}", marks=pytest.mark.proof)
            for way in ways(metafunc.function.__name__)
        ]
        metafunc.parametrize("way", found)


@pytest.fixture
def open_window(chromium: Browser, shared_site: Site) -> Iterator[OpenWindow]:
    """Opens windows in the shared market; what their browsers complained of fails the test."""
    windows: list[Window] = []

    def act(way: Way) -> Window:
        windows.append(opened(chromium, shared_site.address, shared_site.sign_ins, way))
        return windows[-1]

    yield act
    for window in windows:
        window.context.close()
    assert [each for window in windows for each in window.complaints] == []


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh browser window; what it complains of fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    watch(page, complaints)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def page_without_javascript(chromium: Browser) -> Iterator[Page]:
    """A fresh browser window with JavaScript switched off."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN", java_script_enabled=False)
    yield context.new_page()
    context.close()
