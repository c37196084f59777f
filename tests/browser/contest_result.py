"""What the contest came to, as everybody reads it: taken from the page itself, and computed once more from what is exported."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from typer.testing import CliRunner

from marketplace.rounds.words import BidState
from tests.browser.contest_bids import TITLES, Bids
from tests.browser.contest_hall import API, Hall
from tests.marketplace.recount import recount
from web.cli import app
from web.pages.rounds import bid_words

COLUMNS: Final = ("outcome", "name", "place", "score", "reason")
SOUND: Final = "检查通过"
RIGHT: Final = "与重新计算的结果一致"
ENDED: Final = (
    BidState.AWARDED,
    BidState.DECLINED,
    BidState.NOT_AWARDED,
    BidState.INELIGIBLE,
    BidState.LAPSED,
)
WHY: Final[Mapping[BidState, str]] = {
    BidState.INELIGIBLE: r"理由：\s*营业执照载明的住所不在福建省内。",
    BidState.LAPSED: "公告修改以后，到截止没有重新确认，申报失效",
}
"""Where a bid's page says why, but for bids that were judged: those have a result with its reason."""


@dataclass
class Document(HTMLParser):
    """The headings, the paragraphs and the rows of tables of an official document on a page, in their order."""

    parts: list[tuple[str, str]] = field(default_factory=list)
    _said: list[str] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        if tag in {"h2", "p", "td", "dt", "dd"}:
            self._said = []
        elif tag == "tr":
            self.parts.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"h2", "p", "td", "dt", "dd"} and self._said is not None:
            self.parts.append((tag, " ".join("".join(self._said).split())))
            self._said = None

    def handle_data(self, data: str) -> None:
        if self._said is not None:
            self._said.append(data)


@dataclass
class Public:
    """A publicity as its page says it, in the form in which it can be counted anew, with the other numbers of the page."""

    tracks: list[dict[str, Any]] = field(default_factory=list)
    finals: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    page: str = ""


def on_page(html: str, bids: Bids) -> Public:
    """Read the result out of its page."""
    document = Document()
    document.feed(html.partition('<article class="document')[2].partition("</article>")[0])
    document.close()
    ids = {one.name: one.bid_id for one in bids.by_id.values()}
    found, name = Public(page=html), ""
    row: list[str] = []
    for kind, said in [*document.parts, ("tr", "")]:
        if kind == "td":
            row.append(said)
            continue
        if len(row) >= len(COLUMNS):
            told = dict(zip(COLUMNS, row, strict=False))
            bid = ids[told["name"]]
            entry = {"bid": bid, "code": told["name"], "place": int(told["place"]), "score": told["score"]}
            found.tracks[-1]["entries"].append(entry)
            found.reasons[bid], found.finals[bid] = told["reason"], "".join(row[len(COLUMNS) :])
        row = []
        if kind == "h2":
            # Headings are numbered.
            found.tracks += [{"key": key, "entries": []} for key, title in TITLES.items() if f"{title}的结果" in said]
        elif kind == "p" and (counted := re.search(r"评审申报 (\d+) 份，以下列出 (\d+) 份", said)):
            found.tracks[-1] |= {"judged": int(counted[1]), "listed": int(counted[2])}
        elif kind == "dt":
            name = said
        elif kind == "dd":
            found.facts[name] = said
    return found


@dataclass
class Result:
    """The public page of the result beside what programs are told and what is exported."""

    hall: Hall
    bids: Bids
    folder: Path

    def tables(self) -> list[dict[str, Any]]:
        """The score tables that stand, as their page gives them."""
        issuer, at = self.hall.seat(self.hall.scene.issuer), f"{self.hall.base}/scores"
        numbers = {int(one) for one in re.findall(rf'href="{at}/(\d+)', issuer.read(at))}
        found = []
        for number in sorted(numbers):
            if "这份得分已作废" in issuer.read(f"{at}/{number}"):
                continue
            path = self.folder / f"scores-{number}.json"
            path.write_bytes(issuer.get(f"{at}/{number}.json").content)
            assert recomputed(path)
            found.append(json.loads(path.read_bytes()))
        return found

    def is_as_counted(self) -> Public:
        """Find every number of the public page as counted from the exports, and what programs are told the same."""
        public = on_page(self.hall.client.get(f"{self.hall.base}/result").text, self.bids)
        tables = self.tables()
        assert [one["key"] for one in public.tracks] == list(TITLES)
        assert [one["listed"] for one in public.tracks] == [len(one["entries"]) for one in public.tracks]
        assert recount({"tracks": public.tracks}, tables) == []
        told = self.hall.client.get(f"{API}{self.hall.base}/result").json()
        standing = next(one for one in told["publicities"] if one["number"] == told["standing"])
        record = standing["record"]
        same = ("bid", "place", "score")
        assert [[[entry[key] for key in same] for entry in one["entries"]] for one in public.tracks] == [
            [[entry[key] for key in same] for entry in one["entries"]] for one in record["tracks"]
        ]
        assert [one["judged"] for one in public.tracks] == [one["judged"] for one in record["tracks"]]
        assert digest(record) == standing["digest"]
        assert standing["digest"] in public.page
        assert record["scores"] == digest(tables[-1])
        assert record["scores"] in public.page
        return public


def digest(record: Mapping[str, Any]) -> str:
    """SHA-256 of a record as the page describes it, spelled by this test."""
    spelled = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def recomputed(path: Path) -> bool:
    """Whether the command finds that a record follows from its own inputs."""
    answer = CliRunner().invoke(app, ["recompute", str(path)])
    return answer.exit_code == 0 and RIGHT in answer.output


def examined(hall: Hall) -> str:
    """What `jiebang doctor` finds wrong; "" where nothing is."""
    settings = hall.installation.settings
    variables = {
        "JIEBANG_DATA_DIR": str(settings.data_dir),
        "JIEBANG_DATABASE_URL": settings.url,
        "JIEBANG_LOG_LEVEL": "ERROR",
    }
    answer = CliRunner().invoke(app, ["doctor"], env=variables)
    return "" if answer.exit_code == 0 and SOUND in answer.output else answer.output


def endings(hall: Hall, bids: Bids) -> dict[BidState, list[str]]:
    """What each bid's own page says became of it, which must be final, with the reason; programs are told the same."""
    found: dict[BidState, list[str]] = {state: [] for state in ENDED}
    states = {said: state for state, (said, _shape) in bid_words.STATES.items() if state in ENDED}
    for one in bids.by_id.values():
        page = hall.seat(one.person).read(one.page)
        rows = dict(_summaries(page))
        state = states[rows["最终结果"] if "最终结果" in rows else rows["状态"]]
        found[state].append(one.bid_id)
        if state in WHY:
            assert re.search(WHY[state], _text(page)), (one.name, state)
        else:
            assert rows["理由"], (one.name, state)
            assert rows["名次和得分"], (one.name, state)
        heads = hall.program(one.person)
        assert hall.client.get(f"{API}{one.page}", headers=heads).json()["state"] == state.value
    return found


def _summaries(page: str) -> list[tuple[str, str]]:
    document = Document()
    document.feed(page.partition("<main")[2])
    document.close()
    names = [said for kind, said in document.parts if kind == "dt"]
    return list(zip(names, [said for kind, said in document.parts if kind == "dd"], strict=True))


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))
