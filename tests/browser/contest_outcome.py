"""How the contest ends on pages: decided by two, made public, objected to, judged again, awarded, declined."""

import re
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Final

from playwright.sync_api import expect

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.rounds.words import Post, RoundState
from tests.browser.contest_bids import Bidder, Bids
from tests.browser.contest_hall import SEE_OTHER, Hall, said
from tests.browser.hands import PDF
from tests.marketplace.market import REGION, make_person
from tests.marketplace.outcome_acts import TOLD
from tests.web import pages

NOTE: Final = "12月28日集体研究，参加人五名，一致同意。"
TIED: Final = "同分，按实施条件排定先后。"
OBJECTION: Final = replace(
    TOLD, what="评分有误。", rule="公告评审办法。", evidence="演示当日设备故障。", wanted="重新评审。"
)
ASKED: Final = re.compile(r'id="reason-(\w+)-error"')


@dataclass
class Outcome:
    """The end of a contest with its two deciders; `objections` are the addresses of those that were filed."""

    hall: Hall
    bids: Bids
    deciders: list[Actor] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)
    concerned: str = ""
    declined: str = ""

    def appoint(self) -> None:
        """The issuer appoints two people of the region's office, who decide."""
        issuer, at = self.hall.seat(self.hall.scene.issuer), f"{self.hall.base}/people"
        for name, email in (("决定一", "jueding-1@example.com"), ("决定二", "jueding-2@example.com")):
            person = make_person(self.hall.store, role=Role.ORGANISER, region=REGION, email=email, name=name)
            issuer.send(at, "/people", {"account": person.account_id}, having={"post": Post.DECIDER.value})
            self.deciders.append(person)

    def decide(self) -> None:
        """One decides at pages, the other one in a browser; both as the ranking says, so that the result is public."""
        self._decide(self.deciders[0])
        assert self.hall.state() is RoundState.DECISION
        self._decide_in_browser(self.deciders[1])
        assert self.hall.state() is RoundState.PUBLICITY

    def hear_objections(self) -> None:
        """Three objections of bidders of the first track: one is not taken, one dismissed, one upheld and brought about."""
        losers = [one for one in self.bids.of_track("t1") if "拟中选，公示中" not in self._own(one)][:3]
        self._object_in_browser(losers[0].person)
        for one in losers[1:]:
            self._object(one.person)
        handler = self.hall.seat(self.hall.scene.posts[Post.OBJECTIONS])
        first, second, third = self.objections
        handler.send(first, "/refuse", {"ground": "no_evidence", "refusal": "未提供证据。"})
        answer = "经核查演示记录，情况如上。"
        handler.send(second, "/take")
        handler.send(second, "/decide", {"event": "dismiss", "answer": answer})
        self.concerned = losers[2].bid_id
        handler.send(third, "/take")
        upheld: dict[str, str | list[str]] = {"event": "uphold", "answer": answer, "remedy": "review_again"}
        handler.send(third, "/decide", {**upheld, "bids": [self.concerned]})
        supervisor = self.hall.seat(self.hall.scene.posts[Post.KEEPER])
        supervisor.send(f"{self.hall.base}/remedy", "/remedy", {"reason": "第 3 号异议成立，另请专家评审。"})
        assert self.hall.state() is RoundState.REVIEW

    def publicity_ends(self) -> datetime:
        """When what is public now may be decided upon for good."""
        ends = self.hall.row().publicity_ends
        assert ends is not None
        return ends

    def award(self) -> None:
        """The publicity ends; one winner declines in a browser, the others confirm; then the reserve is public in full."""
        assert self.hall.go(self.publicity_ends()) is RoundState.AWARDED
        winners = [one for one in self.bids.live() if "请确认中选" in self._own(one)]
        assert len(winners) == len({one.track for one in winners}) == 3
        self._decline_in_browser(winners[0])
        self.declined = winners[0].bid_id
        for one in winners[1:]:
            self._confirm(one)
        assert self.hall.state() is RoundState.PUBLICITY
        assert self.hall.go(self.publicity_ends()) is RoundState.AWARDED
        (heir,) = [one for one in self.bids.live() if "请确认中选" in self._own(one)]
        assert heir.track == winners[0].track
        self._confirm(heir)

    def _own(self, one: Bidder) -> str:
        return self.hall.seat(one.person).read(one.page)

    def _confirm(self, one: Bidder) -> None:
        self.hall.seat(one.person).send(f"{one.page}/award/confirm", "/award/confirm")

    def _decide(self, decider: Actor) -> None:
        seat, at = self.hall.seat(decider), f"{self.hall.base}/decision"
        form = seat.form(at, "/decision/check", kind="picks")
        answer = seat.post(form, {"note": NOTE})
        if tied := ASKED.findall(answer.text):
            answer = seat.post(form, {"note": NOTE, **{f"reason-{one}": TIED for one in tied}})
        assert answer.status_code == 200, said(answer)
        (final,) = [one for one in pages.read(answer.text, at).forms if one.action.endswith("/decision")]
        done = seat.post(final)
        assert done.status_code == SEE_OTHER, said(done)

    def _decide_in_browser(self, decider: Actor) -> None:
        with self.hall.window(decider) as window:
            window.go(f"{self.hall.base}/decision")
            window.fill(note=NOTE)
            window.press("核对后提交")
            if tied := ASKED.findall(window.page.content()):
                window.fill(**{f"reason-{one}": TIED for one in tied})
                window.press("核对后提交")
            window.press("提交决定")
            expect(window.page.get_by_role("heading", level=1)).to_contain_text("结果公示")

    def _object(self, person: Actor) -> None:
        seat = self.hall.seat(person)
        self.objections.append(seat.send(f"{self.hall.base}/objections/new", "/objections", asdict(OBJECTION)))

    def _object_in_browser(self, person: Actor) -> None:
        with self.hall.window(person) as window:
            window.go(f"{self.hall.base}/result")
            window.follow("提出异议")
            window.fill(**{name: said for name, said in asdict(OBJECTION).items() if said})
            window.main.locator("#files").set_input_files(
                {"name": "演示现场.pdf", "mimeType": "application/pdf", "buffer": PDF}
            )
            window.press("实名提交异议")
            expect(window.main).to_contain_text("演示现场.pdf")
            self.objections.append(window.path)

    def _decline_in_browser(self, one: Bidder) -> None:
        with self.hall.window(one.person) as window:
            window.go(one.page)
            window.follow("放弃中选")
            window.fill(reason="团队变动。")
            window.press("放弃中选")
            expect(window.main).to_contain_text("团队变动。")
