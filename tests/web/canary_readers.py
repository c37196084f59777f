"""What somebody reads: every link and reading form followed, every word and every connection in the answers noted."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx2
from starlette.testclient import TestClient

from tests import proofs
from tests.web import pages
from tests.web.canary_connections import Connections
from tests.web.canary_market import STEM

COUNTED = re.compile(rf"{STEM}\d{{3}}|1395\d{{3}}4321|queming\d{{3}}")


@dataclass
class Reader:
    """One persona's browser: what it was answered, and which words stood where."""

    client: TestClient
    words: Mapping[str, str]
    connections: Connections
    headers: dict[str, str] = field(default_factory=dict)
    seen: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[str, int] = field(default_factory=dict)
    nameless: list[str] = field(default_factory=list)
    connected: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.labels = {word: label for label, word in self.words.items()}
        # The words that are counted share three stems, which a scan finds quickly; the others are few.
        self.others = [word for word in self.labels if not COUNTED.fullmatch(word)]

    def get(self, address: str) -> httpx2.Response:
        """Ask for an address and look at the answer."""
        answer = self.client.get(address, headers=self.headers)
        self.look(address, answer)
        return answer

    def look(self, address: str, answer: httpx2.Response) -> None:
        """Note which words an answer says; a word of the question itself is no finding."""
        self.asked[address] = answer.status_code
        if answer.status_code >= 500 and answer.status_code != 503:
            self.broken.append(address)
        said = pages.said(answer)
        found = {word for word in COUNTED.findall(said) if word in self.labels}
        for word in found | {word for word in self.others if word in said}:
            # A word of the question itself is no finding.
            if quote(word) not in address and word not in address:
                self.seen[self.labels[word]].append(address)
        if self.words["匿名需求的单位名"] in said and "匿名阀门巡检" in said:
            self.nameless.append(address)
        for pair in self.connections.told(address, said, media_type=answer.headers.get("content-type", "")):
            self.connected[pair].append(address)


ID = re.compile(r"/[0-9a-hj-km-np-tv-z]{16}(?=/|$)")
ANY_ID = re.compile(r"\b[0-9a-hj-km-np-tv-z]{16}\b")
MOST_READ = 3
"""So many pages of one route are searched for links: of the rest, the route table gives every address."""
MOST_ALIKE = 1
"""So many addresses of one page are asked that differ in their filters alone."""


def crawl(reader: Reader, starts: list[str]) -> None:
    """Follow every link and every reading form."""
    alike: Counter[tuple[str, tuple[str, ...]]] = Counter()
    shapes: Counter[str] = Counter()
    refused: set[str] = set()
    linked: set[str] = set()
    waiting = list(dict.fromkeys(starts))
    known = set(waiting)
    while waiting:
        address = waiting.pop(0)
        question = ANY_ID.sub("…", address)
        if question in refused and address not in linked and not proofs.IS_LONG:
            known.discard(address)
            continue
        answer = reader.get(address)
        found = [answer.headers["location"]] if "location" in answer.headers else []
        if answer.status_code == 403 or any(one.startswith("/sign-in") for one in found):
            refused.add(question)
        alike_to = shape(address)
        if pages.is_html(answer) and shapes[alike_to] < MOST_READ:
            shapes[alike_to] += 1
            page = pages.read(answer.text, address)
            found += page.links + [one for form in page.forms for one in _searches(form)]
        for link in found:
            parts = urlsplit(link)
            if parts.netloc not in {"", "testserver"} or not parts.path.startswith("/") or parts.scheme == "mailto":
                continue
            local = parts.path + (f"?{parts.query}" if parts.query else "")
            linked.add(local)
            kind = (parts.path, tuple(sorted(name for name, _ in parse_qsl(parts.query))))
            if local in known or parts.path.startswith("/static/") or alike[kind] >= MOST_ALIKE:
                continue
            alike[kind] += 1
            known.add(local)
            waiting.append(local)


def shape(address: str) -> str:
    """What addresses have in common that differ in the things they are about."""
    return ID.sub("/…", urlsplit(address).path)


def _searches(form: pages.Form) -> Iterator[str]:
    if form.method != "get":
        return
    asked = dict(form.fields)
    yield f"{form.action}?{urlencode(asked)}"
    for name, _value in form.fields:
        if name not in form.hidden:
            yield f"{form.action}?{urlencode({**asked, name: STEM})}"
