"""A round in the middle of its days: bids drafted, uploaded, handed in, replaced, withdrawn, thrown away, left open."""

import html
import json
import re
import secrets
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import sessions
from marketplace.kernel.db import Store, connect
from marketplace.rounds import keys
from marketplace.rounds.bidding import keyring
from marketplace.rounds.words import RoundState
from tests.attack.needles import Needles
from tests.attack.server import Answer, Browser, Place
from tests.marketplace import round_market
from tests.marketplace.market import NOW
from tests.marketplace.round_market import PUBLISH_AT, Scene

SHOWN = re.compile(r'<p class="passphrase"[^>]*>\s*([0-9A-Z-]{19})\s*</p>')
LATER = PUBLISH_AT + timedelta(days=1)
LARGE = 1_300_000
"""Above a megabyte the web framework would go on in a temporary file."""


@dataclass
class Play:
    """What happens, with what was planted and what an insider may come to know."""

    folder: Path
    place: Place
    store: Store
    scene: Scene
    needles: Needles = field(default_factory=Needles)
    drafted: Needles = field(default_factory=Needles)
    passphrases: dict[str, str] = field(default_factory=dict)
    own: Any = field(default_factory=pyrage.x25519.Identity.generate)
    answers: list[Answer] = field(default_factory=list)
    seen_on_the_way: dict[str, bytes] = field(default_factory=dict)
    writing: "Bidder | None" = None

    def browser(self, actor: Actor, *, now: datetime) -> Browser:
        """Somebody who has just signed in."""
        token = secrets.token_urlsafe(32)
        with self.store.writing() as session:
            sessions.start(session, accounts.actor(session, actor.account_id), token=token, now=now)
        with self.store.reading() as session:
            found = sessions.find(session, token, now=now, staff_needs_second_factor=False)
        assert found is not None
        return Browser(self.place, token, found.csrf_token)

    def open(self, *, with_passphrases: bool) -> None:
        """Take the round to its open days: the holders' passphrases by the pages, where wanted."""
        self.place.set_clock(NOW)
        if with_passphrases:
            for post in keys.HOLDERS:
                self._set_up(post)
        else:
            round_market.set_up_keys(self.store, self.scene)
        number = round_market.hand_in(self.store, self.scene)
        round_market.put_review(self.store, self.scene)
        for approver in self.scene.approvers:
            with self.store.writing() as session:
                round_market.approval.approve(session, approver, self.scene.round_id, number=number, now=NOW)
        assert round_market.tick(self.store, self.scene, now=PUBLISH_AT) is RoundState.OPEN
        self.place.set_clock(LATER)

    def _set_up(self, post: Any) -> None:
        person, base = self.browser(self.scene.posts[post], now=NOW), f"/rounds/{self.scene.round_id}/key"
        shown = SHOWN.search(person.post(base, {"standing": ""}).text)
        assert shown is not None
        # Wrong ones too: they would be in a log that says what was typed.
        self.passphrases[post.value] = shown[1]
        assert person.post(f"{base}/test", {"passphrase": shown[1].lower()}).status == 303

    def bidder(self, name: str, email: str) -> "Bidder":
        """A supplier that begins a bid."""
        actor = round_market.make_bidder(self.store, name, email=email)
        browser = self.browser(actor, now=LATER)
        answer = browser.post(f"/rounds/{self.scene.round_id}/bids", {"track": "t1"})
        assert answer.status == 303, answer.text
        return Bidder(
            self, browser, answer.location.removeprefix("/bids/").partition("?")[0], email.split("@", maxsplit=1)[0]
        )

    def look(self) -> None:
        """See what the server has open and in its temporary folder while an upload is under way."""
        for where, data in [*self.place.open_files(), *_files(self.folder / "tmp")]:
            self.seen_on_the_way[f"{where} ({len(self.seen_on_the_way)})"] = data

    def back_up(self, name: str) -> Path:
        """A copy of the whole data folder as it stands, as a careless operator makes it."""
        target = self.folder / name
        # By a process of its own: one that closes SQLite's files gives up the locks that it holds on them elsewhere.
        subprocess.run(["cp", "-a", str(self.place.data), str(target)], check=True)
        return target


@dataclass
class Bidder:
    """A supplier with its bid."""

    play: Play
    browser: Browser
    bid_id: str
    name: str

    def fields(self, needles: Needles, when: str) -> dict[str, str]:
        """A whole form, each field of it with a word of its own."""
        said = {key: needles.word(f"{self.name}-{when}-{key}") for key in ("plan", "schedule", "team", "price_note")}
        said |= {f"indicator-{n}": needles.word(f"{self.name}-{when}-i{n}") for n in (1, 2)}
        said |= {"condition-c1-answer": needles.word(f"{self.name}-{when}-c1"), "price_amount": needles.price()}
        return {**round_market.BID, **said}

    def save(self, fields: Mapping[str, str], *, version: str = "") -> Answer:
        """Save some fields as the page does by itself."""
        sent = {"_version": version or self.version(), "_changed": list(fields), **fields}
        return self.kept(self.browser.post(f"/bids/{self.bid_id}/autosave", sent))

    def version(self) -> str:
        """The version of the draft, as the page says it."""
        page = self.browser.get(f"/bids/{self.bid_id}").text
        return page.split('name="_version" value="')[1].split('"')[0]

    def attach(self, needles: Needles, when: str, *, size: int = 0, look: Callable[[], None] | None = None) -> Answer:
        """Upload a file whose name and content carry words."""
        word = needles.word(f"{self.name}-{when}-file")
        data = b"%PDF-1.7 " + word.encode() + b" " * size + word.encode("utf-16-le")
        sent = {"_version": self.version()}
        name = needles.word(f"{self.name}-{when}-name") + ".pdf"
        return self.kept(self.browser.upload(f"/bids/{self.bid_id}/files", sent, {"file-p1": (name, data)}, look=look))

    def copy(self) -> bytes:
        """Its own copy of the draft."""
        return self.browser.get(f"/bids/{self.bid_id}/copy.json").body

    def submit(self) -> None:
        """Hand it in."""
        answer = self.browser.post(f"/bids/{self.bid_id}/submit", {"_version": self.version()})
        assert answer.status == 303, html.unescape(re.sub(r"<[^>]+>|\\s+", " ", answer.text))[-3000:]

    def kept(self, answer: Answer) -> Answer:
        """Remember what was answered."""
        self.play.answers.append(answer)
        return answer


def act(play: Play, *, between: Callable[[], None], is_long: bool = False) -> None:
    """Everything that bidders do; `between` is called when all is drafted and nothing handed in.

    `first` hands in and replaces, `second` hands in and withdraws, `third` hands in with a key of its own, `fourth` goes
    on writing (what it writes carries other words: the operator may read them), `fifth` throws its draft away.
    """
    sealed, readable = play.needles, play.drafted
    first, second, third = (play.bidder(f"标{n}科技工作室", f"biao{n}@example.com") for n in (1, 2, 3))
    fourth, fifth = (
        play.bidder("标四数据工作室", "biao4@example.com"),
        play.bidder("标五数据工作室", "biao5@example.com"),
    )
    for one in (first, second, third, fifth):
        for when in "bca" if one is first or is_long else "a":
            assert one.save(one.fields(sealed, when)).status == 200
    assert third.save({"own_key": str(play.own.to_public())}).status == 200
    assert fourth.save(fourth.fields(readable, "a")).status == 200
    for one in (first, second, third, fifth):
        assert one.attach(sealed, "x").status == 303
    assert first.attach(sealed, "big", size=LARGE, look=play.look).status == 303
    removed = re.search(r'name="file"\s+value="([^"]+)"', first.browser.get(f"/bids/{first.bid_id}").text)
    if removed:
        gone = {"_version": first.version(), "file": removed[1]}
        first.browser.upload(f"/bids/{first.bid_id}/files/remove", gone, {})
        first.attach(sealed, "again")
    provoke(first, second)
    assert first.save(first.fields(sealed, "whole")).status == 200
    copy = first.copy()
    between()
    for one in (first, second, third):
        one.browser.get(f"/bids/{one.bid_id}/preview")
        one.submit()
    taken = first.browser.upload(f"/bids/{first.bid_id}/take-up", {}, {"copy": ("copy.json", copy)})
    assert taken.status == 303, taken.text
    assert first.save(first.fields(sealed, "replaced")).status == 200
    first.submit()
    assert second.browser.post(f"/bids/{second.bid_id}/withdraw", {}).status == 303
    assert fifth.browser.post(f"/bids/{fifth.bid_id}/discard", {}).status == 303
    # Somebody who tries another's bid, and a form that comes too late, both with words in them.
    path = f"/bids/{first.bid_id}/autosave"
    fourth.kept(fourth.browser.post(path, {"_version": "1", **first.fields(sealed, "foreign")}))
    first.kept(first.browser.post(path, {"_version": "1", "_changed": "plan", "plan": sealed.word("late")}))
    play.writing = fourth


def provoke(one: Bidder, other: Bidder) -> None:
    """Send what is refused, with words in it: wherever refusals are written down, they would be there."""
    needles, base, browser = one.play.needles, f"/bids/{one.bid_id}", one.browser
    word, secret = needles.word("provoked"), str(one.play.own)
    data = b"%PDF-1.7 " + word.encode()
    for fields in (
        {"_version": "1", "_changed": "plan", "plan": word},
        {"_version": one.version(), "_changed": "plan", "plan": word * 600},
        {"_version": one.version(), "_changed": "price_amount", "price_amount": f"{needles.price()}x"},
        {"_version": one.version(), "_changed": word, word: word},
        {"_version": one.version(), "_changed": "plan", "plan": f"\x00{word}"},
        {"_version": one.version(), "_changed": "own_key", "own_key": secret},
        {"_version": "1", "csrf_token": "wrong", "plan": word},
    ):
        one.kept(browser.post(f"{base}/autosave", fields))
    foreign = {"Origin": "http://else.example", "Sec-Fetch-Site": "cross-site"}
    one.kept(browser.post(f"{base}/autosave", {"_version": "1", "plan": word}, headers=foreign))
    one.kept(browser.post(base, {"_version": "nonsense", "plan": word}))
    one.kept(browser.post(base, {"_version": one.version(), "own_key": secret.lower()}))
    one.kept(browser.post(f"{base}/ticks", {"plan": word}))
    for path, name, sent in (
        ("files", f"file-p1 {word}.exe", b"MZ" + word.encode()),
        ("files", f"file-p1 {word}.pdf", data * 400_000),
        ("files", f"file-nothing {word}.pdf", data),
        ("take-up", f"copy {word}.json", json.dumps({"x": word, "y": "\ud800"}).encode()),
    ):
        at, called = name.split(" ", 1)
        one.kept(browser.upload(f"{base}/{path}", {"_version": one.version()}, {at: (called, sent)}))
    other.kept(other.browser.post(f"{base}/submit", {"_version": "1", "plan": word}))


def break_down(play: Play, one: Bidder) -> list[int]:
    """Let the server fail in the middle of bids, with words in its hands: its log must not hold them."""
    word, base = play.needles.word("fault"), f"/bids/{one.bid_id}"
    files = play.place.data / "files"
    files.rename(play.folder / "put-aside")
    files.write_bytes(b"no folder")
    try:
        sent = {"_version": one.version(), "plan": word, "price_amount": play.needles.price()}
        data = (f"{word}.pdf", b"%PDF-1.7 " + word.encode())
        answers = [one.browser.upload(f"{base}/files", sent, {"file-p1": data}).status]
    finally:
        files.unlink()
        (play.folder / "put-aside").rename(files)
    for key in (play.place.data / "draft-keys").iterdir():
        key.write_text("no key")
    sent = {"_version": "2", "_changed": ["plan", "price_amount"], "plan": word, "price_amount": play.needles.price()}
    answers.append(one.browser.post(f"{base}/autosave", sent).status)
    return answers


def make(folder: Path, place: Place, url: str) -> Play:
    """A round with its people over a migrated database, not yet open."""
    store = Store(connect(url), info={keyring.INFO: keyring.Keyring(place.data / "draft-keys")})
    return Play(folder, place, store, round_market.make_draft_round(store, place.data))


def _files(folder: Path) -> list[tuple[str, bytes]]:
    return [(str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
