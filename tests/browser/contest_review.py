"""How the bids of the contest are judged on pages: panels drawn, recusals, sheets, consensus, in two stages and again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import expect

from marketplace.accounts.actors import Actor
from marketplace.rounds.words import RoundState
from tests.browser.contest_bids import TITLES, Bids
from tests.browser.contest_hall import SEE_OTHER, Hall, Seat, said
from tests.browser.windows import Window
from tests.marketplace import review_market as market

POOL: Final = 40
PANEL: Final = 5
RESERVES: Final = 4
ROUNDS_AT_MOST: Final = 4
LOOKS_AGAIN: Final = timedelta(minutes=11)
SAVED: Final = re.compile(r"已保存 \d\d:\d\d")
MEMBER: Final = re.compile(r'href="[^"]*/panel/members/(\w+)">([^<]+)</a>')
OPEN_SHEET: Final = re.compile(r'href="(/review/sheets/\w+)">.*?data-label="状态">(.*?)</td>', re.DOTALL)


@dataclass
class Review:
    """The review of the contest: `experts` by their names, `seated` who sits on each track's panel by its member id."""

    hall: Hall
    bids: Bids
    experts: dict[str, Actor] = field(default_factory=dict)
    seated: dict[str, dict[str, str]] = field(default_factory=dict)
    excused: list[str] = field(default_factory=list)
    draws: list[str] = field(default_factory=list)
    sheets: int = 0
    drawn: int = 0
    has_confirmed_in_browser: bool = False
    random: Random = field(default_factory=lambda: Random(20261130))

    @property
    def panel(self) -> str:
        """The page of the panels."""
        return f"{self.hall.base}/panel"

    @property
    def issuer(self) -> Seat:
        """Who looks after the panels."""
        return self.hall.seat(self.hall.scene.issuer)

    def draw(self) -> None:
        """Five experts and four reserves for each track, of a pool of forty; two people draw."""
        for number in range(POOL):
            name = f"评审{number:02d}"
            self.experts[name] = market.make_expert(
                self.hall.store, name, email=f"pingshen-{number}@zhuanjia{number}.cn", most_at_once=1
            )
        second = self.hall.seat(self.hall.scene.table.organiser)
        wanted: dict[str, str | list[str]] = {"experts-any": str(PANEL), "reserves-any": str(RESERVES)}
        for track in TITLES:
            draw = self.issuer.send(f"{self.panel}/candidates?track={track}", "/panel/draws", wanted)
            second.send(draw, "/draw", {"words": "3 5 6 1 2"})
            self.draws.append(draw)
            self.seated[track] = {}

    def declare(self) -> None:
        """Everybody who was drawn answers; one finds a conflict with every bid of its track, the first chair with one."""
        for track in TITLES:
            invited = self._members(track)[:PANEL]
            self.drawn += len(invited)
            bids = [one.bid_id for one in self.bids.of_track(track)]
            for place, (member, name) in enumerate(invited):
                if (track, place) == ("t1", 0):
                    self._declare_in_browser(track, member, name)
                elif (track, place) == ("t1", 1):
                    self._declare(track, member, name, against=bids[:1])
                elif (track, place) == ("t2", PANEL - 1):
                    self._declare(track, member, name, against=bids)
                else:
                    self._declare(track, member, name)
        self._refill("t1")
        self._refill("t2")
        for track in TITLES:
            # On the first track who was excused from a bid leads, so that its deputy has something to confirm.
            first, second = list(self.seated[track])[:2]
            posts = (second, first) if track == "t1" else (first, second)
            for member, post in zip(posts, ("chair", "deputy"), strict=True):
                self.issuer.send(f"{self.panel}/members/{member}", "/lead", {"post": post})

    def ask_for_recusal(self) -> None:
        """A bidder asks that an expert does not judge it; the office agrees, another takes the place for that bid."""
        bidder = self.bids.of_track("t1")[-1]
        member, name = list(self.seated["t1"].items())[3]
        told: dict[str, str | list[str]] = {"person": name, "facts": "曾为我方竞争对手做咨询。"}
        self.hall.seat(bidder.person).send(bidder.page, "/recusals", told)
        request = re.search(r'id="request-(\w+)"', self.issuer.read(self.panel))
        assert request is not None
        self.issuer.send(
            self.panel,
            f"/requests/{request[1]}",
            {"upheld": "yes", "member": member, "text": "情况属实，同意回避。"},
        )
        self.excused.append(f"{name}：由申报单位申请，不评审一份申报")
        self._refill("t1")
        assert "同意" in self.hall.seat(bidder.person).read(bidder.page)

    def recuse_late(self) -> str:
        """Once the first stage is frozen an expert of the third track finds out about a tie; gives the sheet's address."""
        name = list(self.seated["t3"].values())[3]
        seat = self.hall.seat(self.experts[name])
        sheet = self._open_sheets(seat)[0]
        seat.send(f"{sheet}/recusal", "/recusal", {"reason": "刚得知其负责人是我的学生。"})
        assert seat.get(sheet).status_code in {403, 404, 409}
        self.excused.append(f"{name}：第一环节得分固定以后才发现，评分作废")
        self._refill("t3")
        return sheet

    def judge(self) -> RoundState:
        """Go on from stage to stage until the scores are ready to be decided on; gives where that leads."""
        for _ in range(ROUNDS_AT_MOST):
            if self.hall.state() is RoundState.REVIEW:
                self.stage()
        return self.hall.state()

    def stage(self) -> RoundState:
        """Everything open is marked, the review closed, what came of it talked over and confirmed."""
        for seated in self.seated.values():
            for name in seated.values():
                seat = self.hall.seat(self.experts[name])
                for sheet in self._open_sheets(seat):
                    self._mark(seat, sheet)
        if self.hall.settle() is RoundState.REVIEW:
            # Where everything is in the clock closes the review when it looks next; else the office does, with a reason.
            self.hall.go(self.hall.clock.now + LOOKS_AGAIN)
        if self.hall.state() is RoundState.REVIEW:
            self.issuer.send(self.panel, "/panel/close", {"reason": "回避后不再补充。"})
        for seated in self.seated.values():
            for name in list(seated.values())[:2]:
                if self.hall.state() is RoundState.CONSENSUS:
                    self._agree(self.experts[name])
        return self.hall.state()

    def replace_all(self, track: str, number: int) -> None:
        """Ask so many new experts for a track, those who stand by first, then by hand."""
        before = len(self.seated[track])
        self._refill(track)
        assert len(self.seated[track]) == before + number

    def mark_in_browser(self, member_name: str) -> None:
        """An expert fills in one sheet, which saves itself field by field, and hands it in."""
        person = self.experts[member_name]
        with self.hall.window(person) as window:
            window.go(self.hall.desk)
            window.page.goto(self.hall.address + str(window.main.locator("a.row-title").first.get_attribute("href")))
            window.look()
            for number, points in enumerate(("30", "29.5", "12", "11"), start=1):
                _write(window, f"mark-c{number}", points)
                _write(window, f"comment-c{number}", "理由见材料。")
            window.page.reload()
            expect(window.main.locator("#mark-c2")).to_have_value("29.5")
            window.press("提交评分表")
            expect(window.main).to_contain_text("评分表已提交")
        self.sheets += 1

    def _declare(self, track: str, member: str, name: str, against: Sequence[str] = ()) -> None:
        bids = [one.bid_id for one in self.bids.of_track(track)]
        seat = self.hall.seat(self.experts[name])
        answers: dict[str, str | list[str]] = {"agrees": "yes", **{f"answer-{one}": "none" for one in bids}}
        for one in against:
            answers |= {f"answer-{one}": "conflict", f"text-{one}": "与该单位有往来。"}
        seat.send(self.hall.desk, "/declare", answers)
        if against:
            whole = len(against) == len(bids)
            self.excused.append(f"{name}：承诺时申明，不评审{'任何一份' if whole else '一份'}申报")
        if not against or len(against) < len(bids):
            self.seated[track][member] = name

    def _declare_in_browser(self, track: str, member: str, name: str) -> None:
        with self.hall.window(self.experts[name]) as window:
            window.go("/")
            expect(window.main).to_contain_text("请说明利害关系，答复是否参加")
            window.go(self.hall.desk)
            for choice in window.main.get_by_label("无利害关系", exact=True).all():
                choice.check()
            window.main.get_by_label(re.compile("我已看过名单")).check()
            window.press("承诺并接受邀请")
            expect(window.main).to_contain_text("已接受邀请")
        self.seated[track][member] = name

    def _members(self, track: str) -> list[tuple[str, str]]:
        """The members of a track by id and name, as the page of the panels lists them."""
        page = self.issuer.read(self.panel)
        section = page.partition(f'id="track-{track}"')[2].partition("</section>")[0]
        return list(dict.fromkeys(MEMBER.findall(section)))

    def _refill(self, track: str) -> None:
        """Call whoever stands by, and name others by hand, until the page asks for nobody more; each declares."""
        for member in self._called(track):
            name = dict(self._members(track))[member]
            self._declare(track, member, name)

    def _called(self, track: str) -> Iterator[str]:
        while True:
            page = self.issuer.read(self.panel)
            section = page.partition(f'id="track-{track}"')[2].partition("</section>")[0]
            calls = re.findall(r'action="[^"]*/members/(\w+)/call"', section)
            if calls:
                self.issuer.send(self.panel, f"/members/{calls[0]}/call")
                yield calls[0]
                continue
            choosing = f"{self.panel}/candidates?track={track}"
            forms = self.issuer.forms(choosing, "/panel/experts")
            if not forms:
                return
            expert = next(one for one in forms[0].choices["expert"] if one)
            reason = "候补已用完，经研究指定。"
            answer = self.issuer.post(forms[0], {"expert": expert, "reason": reason})
            assert answer.status_code == SEE_OTHER, said(answer)
            yield urlsplit(answer.headers["location"]).path.rpartition("/")[2]

    def _open_sheets(self, seat: Seat) -> list[str]:
        page = seat.get(self.hall.desk).text
        return [path for path, state in OPEN_SHEET.findall(page) if "未开始" in state or "评分中" in state]

    def _mark(self, seat: Seat, sheet: str) -> None:
        points = {
            "mark-c1": str(self.random.randint(24, 35)),
            "mark-c2": f"{self.random.randint(44, 68) / 2:g}",
            "mark-c3": str(self.random.randint(9, 14)),
            "mark-c4": str(self.random.randint(9, 14)),
        }
        why: dict[str, str | list[str]] = {f"comment-c{number}": "理由见材料。" for number in (1, 2, 3, 4)}
        form = seat.form(sheet, sheet)
        answer = seat.post(form, {**why, **points, "then": "submit"})
        assert answer.status_code == SEE_OTHER, said(answer)
        self.sheets += 1

    def _agree(self, leader: Actor) -> None:
        seat, table = self.hall.seat(leader), f"{self.hall.desk}/together"
        page = seat.read(table)
        for code in re.findall(r'<a href="#bid-(\d+)">', page):
            seat.send(table, f"/{code}/remarks", {f"remark-{code}": "各专家对演示的看法不同。"})
        if not seat.forms(f"{table}/confirm", "/confirm"):
            return
        if self.has_confirmed_in_browser:
            seat.send(f"{table}/confirm", "/confirm")
        else:
            self._confirm_in_browser(leader)

    def _confirm_in_browser(self, person: Actor) -> None:
        """A chair looks at the table and confirms what it leads."""
        with self.hall.window(person) as window:
            window.go(f"{self.hall.desk}/together")
            window.follow("确认结果")
            window.press("确认结果")
        self.has_confirmed_in_browser = True


def _write(window: Window, name: str, text: str) -> None:
    window.main.locator(f"#{name}").fill(text)
    window.main.locator(f"#{name}").blur()
    expect(window.main.locator("[data-autosave-mark]")).to_have_text(SAVED)
