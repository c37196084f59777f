"""Somebody's browser window: how it came here, what it may do, and what is wrong with what it shows."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response

from tests import proofs
from web.demo.loading import SignIn

HEIGHT: Final = 900
FAILED: Final = 400
LATIN: Final = (
    *("Ctrl", "Excel", "OpenAPI", "SQLite", "Word", "X-Forwarded-For", "csv", "true", "xlsx"),
    *("Chrome", "Chromium", "Edge", "Firefox", "Linux", "Safari", "Windows"),
)
"""Words in Latin letters that the product's own pages may say; words all in capitals are names anyway."""
ASKED: Final = """
([latin, isDocumented]) => {
  const faults = [];
  const heads = document.querySelectorAll("h1").length;
  if (isDocumented ? heads < 1 : heads !== 1) faults.push(`${heads} 个 h1`);
  if (!/[\\u4e00-\\u9fff]/.test(document.title)) faults.push(`页名不是中文：${document.title}`);
  if (document.documentElement.lang !== "zh-Hans") faults.push("没有写明语言");
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > room) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > room + 1);
    faults.push(`横向滚动 ${document.documentElement.scrollWidth} > ${room}：` + wide.slice(-2).map((one) => one.outerHTML.slice(0, 90)).join(" | "));
  }
  for (const one of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const named = [...(one.labels ?? [])].some((label) => label.textContent.trim()) || one.getAttribute("aria-label") || one.getAttribute("aria-labelledby");
    if (!named) faults.push(`没有名称的控件：${one.outerHTML.slice(0, 90)}`);
  }
  if (isDocumented) return faults;
  const known = new Set(latin);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (holder.closest("script, style, noscript, code, pre, kbd, samp, .figures, [data-foreign]")) continue;
    if (!holder.checkVisibility()) continue;
    const text = walker.currentNode.data.replace(/\\S+@\\S+/g, " ").replace(/https?:\\/\\/\\S+/g, " ").replace(/\\/[\\w-]+/g, " ").replace(/[\\w.-]*\\.\\w{2,5}(?![\\w.])/g, " ").replace(/[\\w-]*\\d[\\w-]*/g, " ");
    for (const word of text.match(/[A-Za-z][A-Za-z'-]+/g) ?? []) {
      if (/[a-z]/.test(word) && !known.has(word)) faults.push(`外文：${word}（${walker.currentNode.data.trim().slice(0, 60)}）`);
    }
  }
  return faults;
}
"""
"""What every page is asked: one head, a Chinese name, no sideways scrolling, named controls, Chinese words."""


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody comes: how wide the window is, and whether the browser runs scripts."""

    width: int
    has_scripts: bool

    @property
    def name(self) -> str:
        """A word that tells this way from the others, for what a story writes."""
        return f"{'甲' if self.has_scripts else '乙'}{self.width}"


WAYS: Final = tuple(Way(width, has_scripts) for width in (360, 1920) for has_scripts in (True, False))
"""The four ways in which every desk's story is walked."""
PAIRS: Final = ((WAYS[0], WAYS[3]), (WAYS[1], WAYS[2]))
"""Two ways each that hold both widths, and a browser with scripts and one without."""


def ways(story: str) -> Sequence[Way]:
    """The ways in which a story is walked: all, or in the short form a pair of them, not for every story the same."""
    return WAYS if proofs.IS_LONG else proofs.pick(PAIRS, story)


@cache
def sample_words() -> tuple[str, ...]:
    """Words in Latin letters of the sample lists and profiles: what people wrote is shown as they wrote it."""
    said: list[str] = []
    for sample in (files("web") / "samples").iterdir():
        if sample.name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(sample.read_bytes())) as book:
                parts = [book.read(name).decode() for name in book.namelist() if name.endswith(".xml")]
            said += [text for part in parts for text in re.findall(r">([^<]+)<", part)]
        else:
            said.append(sample.read_bytes().decode("gb18030" if sample.name.endswith(".csv") else "utf-8"))
    return tuple(sorted({word for text in said for word in re.findall(r"[A-Za-z][A-Za-z'-]+", text)}))


def faults(page: Page, *, is_documented: bool = False) -> list[str]:
    """What is wrong with the page as it stands; `is_documented` pages are for developers and hold code and samples of heads."""
    found: list[str] = page.evaluate(ASKED, [[*LATIN, *sample_words()], is_documented])
    return found


@dataclass(slots=True)
class Window:
    """A window of one person in a story; each page that it walks over is looked at."""

    context: BrowserContext
    page: Page
    address: str
    sign_ins: dict[str, SignIn]
    way: Way
    complaints: list[str] = field(default_factory=list)

    @property
    def main(self) -> Locator:
        """The content of the page."""
        return self.page.get_by_role("main")

    @property
    def path(self) -> str:
        """Where the window is, without the host and the query."""
        return urlsplit(self.page.url).path

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(self.address + path)
        self.look()

    def look(self) -> None:
        """Find nothing wrong with the page as it stands."""
        found = faults(self.page)
        assert found == [], (self.path, found)

    def sign_in(self, title: str) -> None:
        """Sign in by the form as one of the demo accounts."""
        who = self.sign_ins[title]
        self.sign_in_as(who.email, who.password)

    def sign_in_as(self, email: str, password: str) -> None:
        """Sign in by the form."""
        self.go("/sign-in")
        self.main.get_by_label("电子邮箱").fill(email)
        self.main.get_by_label("密码", exact=True).fill(password)
        self.press("登录")

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Press a button of the content that leads to another page, and look at that."""
        button = (within or self.main).get_by_role("button", name=name, exact=isinstance(name, str)).first
        with self.page.expect_navigation():
            button.click()
        self.look()

    def follow(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Follow a link of the content, and look at where it leads."""
        link = (within or self.main).get_by_role("link", name=name, exact=isinstance(name, str)).first
        with self.page.expect_navigation():
            link.click()
        self.look()

    def fill(self, **fields: str) -> None:
        """Fill fields of the content by their ids, which their labels name."""
        for name, value in fields.items():
            self.main.locator(f"#{name}").fill(value)

    def pick(self, label: str | re.Pattern[str]) -> None:
        """Tick a choice by its label."""
        self.main.get_by_label(label).first.check()


def opened(
    browser: Browser, address: str, sign_ins: dict[str, SignIn], way: Way, scheme: Literal["light", "dark"] = "light"
) -> Window:
    """A fresh window that notes everything its browser complains of."""
    context = browser.new_context(
        viewport={"width": way.width, "height": HEIGHT},
        locale="zh-CN",
        java_script_enabled=way.has_scripts,
        color_scheme=scheme,
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    window = Window(context, page, address, sign_ins, way)
    watch(page, window.complaints)
    return window


def watch(page: Page, complaints: list[str]) -> None:
    """Note what the browser complains of: faults of scripts, breaches of the content policy, missing parts."""

    def hear(message: ConsoleMessage) -> None:
        # A refused form answers 4xx, which Chromium reports by itself; `answered` tells which are faults.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(f"{urlsplit(page.url).path}: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= FAILED and response.request.resource_type not in {"document", "fetch", "xhr"}:
            complaints.append(f"{response.url}: {response.status}")

    page.on("pageerror", lambda error: complaints.append(f"{urlsplit(page.url).path}: {error}"))
    page.on("console", hear)
    page.on("response", answered)
