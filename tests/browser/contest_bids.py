"""How the bids of the contest come in, by pages, by program and by a browser; how they are opened and checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, cycle
from typing import Final

from playwright.sync_api import expect

from marketplace.accounts.actors import Actor
from marketplace.rounds.words import RoundState
from tests.browser import round_bidding
from tests.browser.contest_hall import API, OPENERS, Hall
from tests.marketplace import round_market as rounds
from tests.marketplace.contest import CONTEST, DEADLINE, REVIEW
from tests.marketplace.round_market import BID, PUBLISH_AT

PDF: Final = b"%PDF-1.7 plan"
TITLES: Final = {f"t{number}": CONTEST[f"track-{number}-title"] for number in (1, 2, 3)}
EARLY: Final = 3
"""So many come before the amendment, all on the first track; the last of them does not confirm again."""
ADDENDUM_AT: Final = PUBLISH_AT + timedelta(days=5)
REFUSED: Final = {"verdict": "no", "condition": "c1", "reason": "营业执照载明的住所不在福建省内。"}


@dataclass(frozen=True)
class Bidder:
    """Who bids, with what the unit is called, its bid and its track."""

    person: Actor
    name: str
    bid_id: str
    track: str

    @property
    def page(self) -> str:
        """The bid's own page."""
        return f"/bids/{self.bid_id}"


@dataclass
class Bids:
    """The bids of a contest by id; `lapsed` is the one that was not confirmed, `rejected` those found not eligible."""

    hall: Hall
    by_id: dict[str, Bidder] = field(default_factory=dict)
    lapsed: str = ""
    rejected: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def of_track(self, track: str) -> list[Bidder]:
        """The bids that are judged in a track."""
        gone = {self.lapsed, *self.rejected}
        return [one for one in self.by_id.values() if one.track == track and one.bid_id not in gone]

    def live(self) -> list[Bidder]:
        """The bids that were there at the deadline."""
        return [one for one in self.by_id.values() if one.bid_id != self.lapsed]

    def take(self, each: Mapping[str, int]) -> None:
        """Three come before the amendment, of which one lapses; at the deadline there are as many as `each` says."""
        ways = cycle((self._by_page, self._by_program))
        early = [self._by_browser("t1"), self._by_page("t1"), self._by_program("t1")]
        self.hall.go(ADDENDUM_AT)
        self._amend()
        self._reconfirm(early[0], early[1])
        self.lapsed = early[2]
        for track, number in each.items():
            for _ in range(number - (EARLY - 1 if track == "t1" else 0)):
                next(ways)(track)
        assert self.hall.go(DEADLINE) is RoundState.SEALED

    def _bidder(self) -> tuple[Actor, str, dict[str, str]]:
        number = next(self._numbers)
        name = f"第{number}号工作室"
        person = rounds.make_bidder(self.hall.store, name, email=f"kaifa-{number}@gongzuoshi{number}.cn")
        fields = {**BID, "price_amount": "20", "contact_name": f"联系{number}", "contact_phone": f"139{number:08d}"}
        return person, name, fields

    def _by_page(self, track: str) -> str:
        person, name, fields = self._bidder()
        seat = self.hall.seat(person)
        bid = seat.send(self.hall.base, "/bids", having={"track": track})
        seat.send(bid, bid, fields, to=f"{bid}/files", files=[("file-p1", ("实施方案.pdf", PDF, "application/pdf"))])
        receipt = seat.send(f"{bid}/preview", "/submit")
        assert "申报回执" in seat.read(receipt)
        return self._keep(person, name, bid.rpartition("/")[2], track)

    def _by_program(self, track: str) -> str:
        person, name, fields = self._bidder()
        client, heads = self.hall.client, self.hall.program(person)
        begun = client.post(f"{API}{self.hall.base}/bids", json={"track": track}, headers=heads)
        at = f"{API}/bids/{begun.json()['id']}"
        saved = client.patch(at, json={"fields": fields}, headers={**heads, "If-Match": begun.headers["etag"]})
        assert saved.status_code == 200, saved.text
        paper = {"name": "实施方案.pdf", "paper": "p1"}
        whole = client.post(f"{at}/files", params=paper, content=PDF, headers=heads)
        assert (whole.status_code, whole.json()["errors"]) == (201, {})
        tag = {"If-Match": whole.headers["etag"], "Idempotency-Key": begun.json()["id"]}
        done = client.post(f"{at}/submit", headers={**heads, **tag})
        assert done.status_code == 200, done.text
        return self._keep(person, name, begun.json()["id"], track)

    def _by_browser(self, track: str) -> str:
        person, name, fields = self._bidder()
        with self.hall.window(person) as window:
            window.go(self.hall.base)
            window.press(f"申报：{TITLES[track]}")
            bid_id = window.path.rpartition("/")[2]
            round_bidding.fill(window, **{key: value for key, value in fields.items() if "-met" not in key})
            window.press("核对并提交")
            window.press("提交申报")
            expect(window.page.get_by_role("heading", level=1)).to_have_text("申报回执")
        return self._keep(person, name, bid_id, track)

    def _keep(self, person: Actor, name: str, bid_id: str, track: str) -> str:
        self.by_id[bid_id] = Bidder(person, name, bid_id, track)
        return bid_id

    def _amend(self) -> None:
        issuer, base = self.hall.seat(self.hall.scene.issuer), self.hall.base
        draft = issuer.send(f"{base}/addendum", "/addendum/begin")
        issuer.send(draft, "/draft", {"terms": "分两期付款。"})
        assert "分两期付款。" in issuer.read(f"{base}/addendum")
        issuer.send(f"{base}/addendum", "/addendum", {"reason": "补充付款方式。"})

    def _reconfirm(self, by_page: str, by_program: str) -> None:
        first, second = self.by_id[by_page], self.by_id[by_program]
        self.hall.seat(first.person).send(first.page, "/reconfirm")
        answer = self.hall.client.post(
            f"{API}{second.page}/reconfirm", json={"number": 2}, headers=self.hall.program(second.person)
        )
        assert answer.json()["state"] == "submitted"

    def open(self) -> None:
        """Two of the three holders come with their passphrases."""
        self.hall.go(DEADLINE + timedelta(hours=1))
        for post in OPENERS:
            seat = self.hall.seat(self.hall.scene.posts[post])
            at = f"{self.hall.base}/opening"
            seat.send(at, "/opening", {"passphrase": self.hall.passphrases[post]})
        assert self.hall.state() is RoundState.ELIGIBILITY

    def check(self) -> None:
        """Two checkers judge each bid; the first one of each track is found not eligible, the others go to the experts."""
        self.hall.go(REVIEW)
        first = {one.track: one.bid_id for one in reversed(self.live())}
        self.rejected = list(first.values())
        for checker in self.hall.scene.checkers:
            seat = self.hall.seat(checker)
            for one in self.live():
                given = REFUSED if one.bid_id in self.rejected else {"verdict": "yes"}
                seat.send(f"{self.hall.base}/check/{one.bid_id}", "/verdict", given)
        seat = self.hall.seat(self.hall.scene.checkers[0])
        seat.send(f"{self.hall.base}/check", "/check/review")
        assert self.hall.state() is RoundState.REVIEW
