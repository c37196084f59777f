"""A real browser in front of a real server over the sample market."""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from web.app import create_app
from web.demo import SignIn
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


@dataclass(frozen=True)
class Site:
    """A served market: its address and its sign-ins by title."""

    address: str
    sign_ins: dict[str, SignIn]

    def sign_in(self, page: Page, title: str) -> None:
        """Sign in as one of the demo accounts."""
        who = self.sign_ins[title]
        page.goto(f"{self.address}/sign-in")
        page.get_by_label("邮箱").fill(who.email)
        page.get_by_label("密码").fill(who.password)
        page.get_by_role("main").get_by_role("button", name="登录").click()
        page.wait_for_url(f"{self.address}{'/intakes' if title in {'主办方', '管理员'} else '/'}")


@pytest.fixture
def site(sqlite_sample: tuple[Path, list[SignIn]], tmp_path: Path) -> Iterator[Site]:
    """The sample market of this test alone, served on a free port of loopback."""
    source, sign_ins = sqlite_sample
    folder = tmp_path / "market"
    shutil.copytree(source, folder)
    app = create_app(Installation(Settings(data_dir=folder, demo=True)))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    port = _port(server)
    yield Site(f"http://127.0.0.1:{port}", {one.title: one for one in sign_ins})
    server.should_exit = True
    thread.join()


def _port(server: uvicorn.Server) -> int:
    until = time.monotonic() + START_SECONDS
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.05)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Headless Chromium; without it these tests cannot run, and say so."""
    if CHROMIUM is None:
        pytest.skip("没有 Chromium，浏览器测试没有运行；见 tests/install_browser.sh")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh browser window; what it complains of fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    # A refused form answers 4xx, which Chromium reports; everything else is a fault of the page.
    assert [each for each in complaints if "Failed to load resource" not in each] == []


@pytest.fixture
def page_without_javascript(chromium: Browser) -> Iterator[Page]:
    """A fresh browser window with JavaScript switched off."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN", java_script_enabled=False)
    yield context.new_page()
    context.close()
