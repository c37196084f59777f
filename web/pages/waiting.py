"""What waits for an organiser: how much of what, since when, and where to go on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.communities import affiliations, communities
from marketplace.accounts.communities.words import AffiliationState
from marketplace.accounts.joining import requests, takedowns
from marketplace.accounts.words import RequestState
from marketplace.dealings import dealings
from marketplace.dealings.words import Stage
from marketplace.kernel import workdays
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.paging import MAX_SIZE
from marketplace.lists.intakes import intakes
from marketplace.lists.publishing import disputes
from marketplace.lists.release_words import ReleaseState
from marketplace.lists.releases import releases
from marketplace.lists.repeats import repeats
from marketplace.lists.words import IntakeState
from marketplace.rounds import rounds
from marketplace.rounds import waiting as round_waits

LIVE_STAGES = tuple(stage for stage in Stage if stage not in {Stage.SIGNED, Stage.ENDED})


@dataclass(frozen=True, slots=True)
class Wait:
    """One kind of thing that waits: how many, since when the oldest does, and the list of them."""

    name: str
    count: int
    since: datetime | None
    link: str
    nothing: str


def for_organiser(session: Session, actor: Actor, *, now: datetime) -> list[Wait]:
    """Everything that waits for an organiser, or that it should look after, in the order of a working day."""
    asked = [one.submitted_at for one in requests.waiting(session, actor)]
    downs = [one.asked_at for one in takedowns.of_region(session, actor) if one.state is RequestState.SUBMITTED]
    files = intakes.search(session, actor, state=IntakeState.OPEN, size=MAX_SIZE)
    disputed = disputes.of_region(session, actor)
    new = [one.registered_at for one in communities.unconfirmed(session, actor)]
    waiting = releases.visible_to(session, actor, state=ReleaseState.WAITING, size=MAX_SIZE).rows
    to_confirm = [
        publisher.asked_at
        for one in waiting
        for publisher in one.waits_for
        if releases.speaks_for(actor, publisher.organisation_id)
    ]
    ready = [one.opened_at for one in waiting if one.is_ready]
    others = [one.opened_at for one in waiting if not one.is_ready]
    claimed, overdue = _dealings(session, actor, now)
    alike, since = repeats.count(session, actor)
    panels = round_waits.of_panels(session, actor, [card.id for card in rounds.mine(session, actor)])
    return [
        _wait("单位核验与认领", asked, "/verifications", "没有待核验的申请"),
        _wait("撤下与更正申请", downs, "/takedowns", "没有待处理的申请"),
        Wait(
            "导入待确认",
            files.total,
            _oldest(one.opened_at for one in files.rows),
            "/intakes?state=open",
            "没有待确认的导入",
        ),
        _wait("专家评审待办", list(panels.values()), _to_panels(panels), "没有等您办的评审事项"),
        _wait("清单与单位的修改不一致", [one.since for one in disputed], "/board/disputes", "没有不一致的条目"),
        Wait("疑似重复待处理", alike, since, "/repeats", "没有待处理的疑似重复"),
        _wait("社区与机构待确认", new, "/communities", "没有待确认的登记"),
        _wait("等本单位确认的联合发布", to_confirm, "/releases?state=waiting", "没有等本单位确认的"),
        _wait("可以正式发布", ready, "/releases?state=waiting", "没有已全部确认的发布"),
        _wait("等其他单位确认的发布", others, "/releases?state=waiting", "没有等别家确认的"),
        _wait("签约待确认", claimed, "/board/dealings?stage=claimed", "没有待确认的签约"),
        _wait("超期未答复的对接", overdue, "/board/dealings?overdue=1", "没有超期的对接"),
    ]


def _to_panels(panels: Mapping[str, datetime]) -> str:
    """The page where panels are gone on with: the one that waits, or the list where they stand first."""
    return f"/rounds/{next(iter(panels))}/panel" if len(panels) == 1 else "/rounds/mine"


def missing_years(session: Session, now: datetime) -> tuple[int, ...]:
    """The years whose working-day table is not there yet, so that time limits cannot be counted."""
    return workdays.missing(session, today=now.astimezone(BEIJING).date())


def asked_of_us(session: Session, actor: Actor) -> int:
    """How many affiliations wait between the actor's organisation and communities or OPCs."""
    return sum(one.state is AffiliationState.ASKED for one in affiliations.of_side(session, actor))


def _dealings(session: Session, actor: Actor, now: datetime) -> tuple[list[datetime], list[datetime]]:
    claimed: list[datetime] = []
    overdue: list[datetime] = []
    for stage in LIVE_STAGES:
        page = dealings.for_organiser(session, actor, stage=stage, size=MAX_SIZE, now=now)
        cards = list(page.rows)
        for number in range(2, page.pages + 1):
            cards += dealings.for_organiser(session, actor, stage=stage, page=number, size=MAX_SIZE, now=now).rows
        claimed += [one.waiting_since or one.moved_at for one in cards if one.stage is Stage.CLAIMED]
        overdue += [one.waiting_since or one.moved_at for one in cards if one.is_overdue]
    return claimed, overdue


def _wait(name: str, since: list[datetime], link: str, nothing: str) -> Wait:
    return Wait(name, len(since), _oldest(since), link, nothing)


def _oldest(moments: Iterable[datetime]) -> datetime | None:
    return min(moments, default=None)
