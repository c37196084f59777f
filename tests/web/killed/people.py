"""Whoever uses the server that will be killed: bidders, the issuer, the openers; each notes what it was told."""

import random
import secrets
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

import orjson

from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import draft_rows
from marketplace.rounds.making import addenda, texts
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import BidState
from tests.marketplace import round_market as rounds
from tests.web.killed.scene import Life, Seat

TIMEOUT_SECONDS = 60
PAUSE_SECONDS = 0.2
"""So long somebody thinks who was refused."""
SEE_OTHER, OK = 303, 200


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    location: str
    body: bytes


class Browser:
    """One person at one connection."""

    def __init__(self, port: int, seat: Seat) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self._seat = seat

    def get(self, path: str) -> Reply:
        """Ask for a page."""
        return self._ask("GET", path, None, "")

    def post(self, path: str, **fields: str) -> Reply:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def upload(self, path: str, name: str, file: tuple[str, bytes], **fields: str) -> Reply:
        """Send a form with a file."""
        edge = secrets.token_hex(8)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in fields.items()
        ]
        parts.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file[0]}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = "\r\n".join(parts).encode() + file[1] + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={edge}")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, kind: str) -> Reply:
        headers = {"Cookie": f"jiebang={self._seat.token}", "X-CSRF-Token": self._seat.csrf}
        if kind:
            headers["Content-Type"] = kind
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return Reply(answer.status, answer.headers.get("location", ""), answer.read())


@dataclass
class Told:
    """What the bidder of one bid was told, over all kills: its receipts, and the last word on its draft.

    `last` is what was acknowledged last; `flying` is what was asked when the server died, and may or may not be done.
    """

    bid_id: str
    account_id: str
    receipts: dict[int, bytes] = field(default_factory=dict)
    plan: str = rounds.BID["plan"]
    file: str = ""
    version: int = 0
    last: str = "begun"
    number: int = 1
    flying: str = ""
    flying_plan: str = ""
    flying_file: str = ""


class Person(threading.Thread):
    """Somebody who goes on until the server is gone; `faults` are answers that nobody should get."""

    def __init__(self, life: Life, port: int, seat: Seat, chance: random.Random, counted: Counter[str]) -> None:
        super().__init__(daemon=True)
        self.life, self.browser, self.chance, self.counted = life, Browser(port, seat), chance, counted
        self.faults: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        """Act until the connection breaks."""
        try:
            while not self.stopping.is_set():
                self.act()
        except (OSError, HTTPException):
            return
        finally:
            self.browser.close()

    def act(self) -> None:
        """Do one thing."""
        raise NotImplementedError

    def noted(self, what: str, reply: Reply, *, wanted: int = SEE_OTHER) -> bool:
        """Count an answer; whether it is the wanted one."""
        is_done = reply.status == wanted and not reply.location.startswith(("/sign-in", "/account"))
        self.counted[what if is_done else f"{what} refused"] += 1
        if reply.status >= 500 or (not is_done and reply.status not in {409, 422}):
            self.faults.append(f"{what}: {reply.status} {reply.location} {reply.body[-300:]!r}")
        if not is_done:
            self.stopping.wait(PAUSE_SECONDS)
        return is_done


class Bidder(Person):
    """Writes, uploads, hands in, replaces, withdraws, confirms again; a steady one keeps what it has handed in."""

    def __init__(self, told: Told, *given: Any, is_steady: bool = False) -> None:
        super().__init__(*given)
        self.told, self.is_steady = told, is_steady

    def act(self) -> None:
        """Do something that the bid allows now."""
        state, version, fields, has_file, number = self._look()
        base = f"/bids/{self.told.bid_id}"
        if self.is_steady and state is BidState.SUBMITTED:
            self.stopping.wait(PAUSE_SECONDS)
        elif version == 0:
            self._without_draft(base, state, number)
        elif "contact_name" not in fields or not fields.get("plan"):
            self._save(base, version, {**rounds.BID})
        elif not has_file:
            self._upload(base, version)
        else:
            what = self.chance.choices(("save", "upload", "submit"), (0, 0, 1) if self.is_steady else (5, 1, 3))[0]
            if what == "save":
                self._save(base, version, {})
            elif what == "upload":
                self._upload(base, version)
            else:
                self._submit(base, version)

    def _without_draft(self, base: str, state: BidState, number: int) -> None:
        if state is BidState.NEEDS_RECONFIRM and (self.is_steady or self.chance.random() < 0.7):
            self._begin("reconfirm")
            if self.noted("reconfirm", self.browser.post(f"{base}/reconfirm", number=str(number))):
                self._end("reconfirm", number=number)
        elif state in (BidState.SUBMITTED, BidState.NEEDS_RECONFIRM) and self.chance.random() < 0.25:
            self._begin("withdraw")
            if self.noted("withdraw", self.browser.post(f"{base}/withdraw")):
                self._end("withdraw")
        elif state in (BidState.SUBMITTED, BidState.NEEDS_RECONFIRM, BidState.WITHDRAWN):
            self._begin("take up")
            if self.noted("take up", self.browser.upload(f"{base}/take-up", "copy", ("", b""))):
                self._end("take up", plan="", file="", version=1)
        else:
            self.stopping.wait(0.1)
        self.told.flying = ""

    def _save(self, base: str, version: int, fields: dict[str, str]) -> None:
        plan = f"方案 {secrets.token_hex(8)}"
        given = {**fields, "plan": plan}
        body = {**given, "_version": str(version)}
        self._begin("save", plan=plan)
        pairs = [*body.items(), *(("_changed", name) for name in given)]
        reply = self.browser._ask(
            "POST", f"{base}/autosave", urlencode(pairs).encode(), "application/x-www-form-urlencoded"
        )
        if self.noted("save", reply, wanted=OK):
            self._end("save", plan=plan, version=int(orjson.loads(reply.body)["version"]))
        self.told.flying = ""

    def _upload(self, base: str, version: int) -> None:
        file = (f"{secrets.token_hex(8)}.pdf", b"%PDF-1.7 " + self.chance.randbytes(20_000))
        self._begin("upload", file=file[0])
        if self.noted("upload", self.browser.upload(f"{base}/files", "file-p1", file, _version=str(version))):
            self._end("upload", file=file[0], version=version + 1)
        self.told.flying = ""

    def _submit(self, base: str, version: int) -> None:
        self._begin("submit")
        reply = self.browser.post(f"{base}/submit", _version=str(version))
        if self.noted("submit", reply) and f"{base}/receipts/" in reply.location:
            number = int(reply.location.rsplit("/", 1)[1].split("?")[0])
            self.told.receipts[number] = b""
            self._end("submit", plan="", file="", version=0)
            self.told.flying = ""
            kept = self.browser.get(f"{base}/receipts/{number}.json")
            if self.noted("receipt", kept, wanted=OK):
                self.told.receipts[number] = kept.body
        self.told.flying = ""

    def _begin(self, what: str, *, plan: str = "", file: str = "") -> None:
        self.told.flying_plan, self.told.flying_file, self.told.flying = plan, file, what

    def _end(self, what: str, **known: Any) -> None:
        for name, value in known.items():
            setattr(self.told, name, value)
        self.told.last, self.told.flying = what, ""

    def _look(self) -> tuple[BidState, int, dict[str, str], bool, int]:
        with self.life.store.reading() as session:
            bid = session.get_one(Bid, self.told.bid_id)
            number = session.get_one(Round, bid.round_id).notice_number
            draft = draft_rows.find(session, bid.id)
            if draft is None:
                return bid.state, 0, {}, False, number
            try:
                content = draft_rows.read(session, draft)
            except Exception:  # noqa: BLE001 - its key was burnt meanwhile, as the round was sealed
                return bid.state, 0, {}, False, number
            return bid.state, draft.version, dict(content.fields), bool(content.files), number


class Issuer(Person):
    """Publishes an addendum now and then; `published` are those that were acknowledged."""

    published = 0

    def act(self) -> None:
        """Begin, write and publish one."""
        base = f"/rounds/{self.life.prepared.round_id}"
        self.stopping.wait(self.chance.uniform(0.1, 0.9))
        if not self.noted("addendum begun", self.browser.post(f"{base}/addendum/begin")):
            return
        with self.life.store.reading() as session:
            text = texts.get(session, self.life.actor(self.life.prepared.issuer), self.life.prepared.round_id)
        words = f"巡查全市行道树。补充 {secrets.token_hex(4)}。"
        pairs = (("_version", str(text.version)), ("_changed", "summary"), ("summary", words))
        path = f"{base}/draft/autosave?page={secrets.token_hex(8)}"
        form = "application/x-www-form-urlencoded"
        if not self.noted(
            "addendum written", self.browser._ask("POST", path, urlencode(pairs).encode(), form), wanted=OK
        ):
            return
        with self.life.store.reading() as session:
            issuer = self.life.actor(self.life.prepared.issuer)
            version = addenda.get(
                session, issuer, self.life.prepared.round_id, now=self.life.installation.clock()
            ).text.version
        reply = self.browser.post(f"{base}/addendum", _version=str(version), reason="补充说明")
        if self.noted("addendum", reply):
            self.published += 1


class Opener(Person):
    """Turns its key, again and again until the bids are open; `turned` and `opened` were acknowledged."""

    turned = opened = False

    def __init__(self, passphrase: str, *given: Any) -> None:
        super().__init__(*given)
        self.passphrase = passphrase

    def act(self) -> None:
        """Turn the key once."""
        reply = self.browser.post(f"/rounds/{self.life.prepared.round_id}/opening", passphrase=self.passphrase)
        if self.noted("key turned", reply):
            self.turned = True
            self.opened = self.opened or "done=opened" in reply.location
        self.stopping.wait(self.chance.uniform(0.05, 0.4))
