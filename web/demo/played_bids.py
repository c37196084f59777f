"""The first half of a sample round: published, bids handed in, opened and checked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlmodel import select

from marketplace.kernel.chinese_time import BEIJING
from marketplace.lists.item_tables import Item
from marketplace.rounds import keys, occasions, opening
from marketplace.rounds.bidding import attaching, drafts, submissions
from marketplace.rounds.checking import verdicts
from marketplace.rounds.making import appointments, approval, beginnings, texts
from marketplace.rounds.making.approval import Review
from marketplace.rounds.rules.notice_forms import TIME_FORM
from marketplace.rounds.words import Post, RoundState
from web.demo import papers
from web.demo.played_scene import Scene
from web.demo.rounds import quick

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)


def publish(scene: Scene) -> None:
    """Draft the round, appoint everybody, have it reviewed and approved; the clock publishes it."""
    session, drafter, new_id = scene.session, scene.office, scene.new_id
    wrote = scene.publish_at - 6 * DAY
    item_id = session.exec(select(Item.id).where(Item.title == scene.said["item"])).one()
    scene.round_id = beginnings.begin(session, drafter, "challenge", item_id=item_id, now=wrote, new_id=new_id)
    body = {**scene.said["notice"], "publish_at": scene.publish_at.astimezone(BEIJING).strftime(TIME_FORM)}
    version = texts.get(session, drafter, scene.round_id).version
    texts.save(session, drafter, scene.round_id, body, version=version, page="demo", now=wrote)
    for post, person in _posts(scene):
        appointments.appoint(session, drafter, scene.round_id, post, person.account_id, now=wrote + HOUR, new_id=new_id)
    version = texts.get(session, drafter, scene.round_id).version
    handed = wrote + DAY
    number = approval.hand_in(session, drafter, scene.round_id, version=version, now=handed, new_id=new_id)
    for person in (scene.staff.organiser, scene.staff.opener, scene.staff.supervisor):
        _, made, identity = quick()
        keys.put(session, person, scene.round_id, made, now=handed)
        keys.confirm(session, person, scene.round_id, identity, now=handed)
        scene.identities[person.account_id] = identity
    paper = papers.make(
        "公平竞争审查意见",
        (
            f"送审文件：{scene.said['notice']['title']}公告。",
            "经审查，公告没有限定申报单位的所有制、组织形式，没有指定特定技术路线，申报条件与揭榜内容相适应。",
            "结论：符合公平竞争审查标准。",
        ),
    )
    stored = scene.files.put(paper, limit_bytes=len(paper))
    review = Review(True, "临川市市场监督管理局", (handed + DAY).date(), "公平竞争审查意见.pdf")
    approval.review(session, drafter, scene.round_id, review, stored, now=handed + DAY)
    for hours, person in enumerate(_approvers(scene)):
        approved = handed + 2 * DAY + hours * HOUR
        approval.approve(session, person, scene.round_id, number=number, now=approved)
    scene.tick(scene.publish_at)
    told = {one.account_id for one in (*scene.bidders.values(), scene.staff.opc)}
    # The job that tells of a publication comes months late here: whom it concerns has been told by then.
    occasions.tell(session, scene.round_id, occasions.PUBLISHED, told, now=scene.publish_at, new_id=new_id)


def take(scene: Scene) -> None:
    """Let every bidder hand in within the days before the deadline; the clock seals, two people open."""
    session = scene.session
    for number, said in enumerate(scene.said["bid"]):
        bidder, begun = scene.bidders[said["unit"]], scene.publish_at + (3 + number) * DAY
        bid_id = drafts.begin(session, bidder, scene.round_id, "t1", now=begun, new_id=scene.new_id)
        drafts.save(session, bidder, bid_id, _fields(said), version=1, now=begun)
        recipient = attaching.recipient_for(session, bidder, bid_id)
        for key, name, data in _papers(scene, said):
            sealed = attaching.seal(
                data, name, paper=key, recipients=[recipient], files=scene.files, new_id=scene.new_id
            )
            drafts.attach(session, bidder, bid_id, sealed, now=begun + HOUR)
        handed = scene.deadline - 2 * (number + 1) * HOUR
        submissions.submit(
            session,
            bidder,
            bid_id,
            version=drafts.get(session, bidder, bid_id).draft_version,
            arrived=handed,
            now=handed,
            files=scene.files,
            new_id=scene.new_id,
        )
        scene.bids[said["unit"]] = bid_id
    assert scene.tick(scene.deadline) is RoundState.SEALED
    for minute, person in ((30, scene.staff.organiser), (42, scene.staff.opener)):
        opening.turn(
            session,
            person,
            scene.round_id,
            scene.identities[person.account_id],
            files=scene.files,
            now=scene.at(1, 9, minute),
            new_id=scene.new_id,
        )


def check(scene: Scene) -> None:
    """Let both checkers come to their verdicts and send the eligible bids to the experts."""
    for minute, said in enumerate(scene.said["bid"]):
        condition, reason = said.get("ineligible", ("", ""))
        for hour, checker in ((10, scene.staff.checker), (14, scene.staff.opener)):
            verdicts.give(
                scene.session,
                checker,
                scene.bids[said["unit"]],
                is_eligible=not condition,
                condition=condition,
                reason=reason,
                now=scene.at(3, hour, minute * 10),
                new_id=scene.new_id,
            )
    verdicts.send_to_review(scene.session, scene.staff.checker, scene.round_id, now=scene.at(3, 16))


def _posts(scene: Scene) -> tuple[tuple[Post, Any], ...]:
    staff = scene.staff
    return (
        *((Post.APPROVER, one) for one in _approvers(scene)),
        (Post.OPENER_A, staff.organiser),
        (Post.OPENER_B, staff.opener),
        (Post.KEEPER, staff.supervisor),
        (Post.CHECKER, staff.checker),
        (Post.CHECKER, staff.opener),
        (Post.DECIDER, staff.organiser),
        (Post.DECIDER, staff.approver),
        (Post.OBJECTIONS, staff.supervisor),
    )


def _approvers(scene: Scene) -> tuple[Any, Any]:
    # Nobody approves what it wrote.
    second = scene.staff.opener if scene.office is scene.staff.organiser else scene.staff.organiser
    return scene.staff.approver, second


def _fields(said: Mapping[str, Any]) -> dict[str, str]:
    return {
        "plan": said["plan"],
        "schedule": said["schedule"],
        "team": said["team"],
        **{f"indicator-{number}": words for number, words in enumerate(said["indicators"], start=1)},
        **{f"condition-c{number}-met": "yes" for number in range(1, len(said["conditions"]) + 1)},
        **{f"condition-c{number}-answer": words for number, words in enumerate(said["conditions"], start=1)},
        "contact_name": said["person"],
        "contact_phone": said["phone"],
        "contact_email": said["email"],
        "price_amount": said["price"],
        "price_note": "含一年维护",
    }


def _papers(scene: Scene, said: Mapping[str, Any]) -> tuple[tuple[str, str, bytes], ...]:
    plan = (
        f"申报单位：{said['unit']}",
        f"揭榜内容：{scene.said['notice']['title']}",
        f"一、技术方案。{said['plan']}",
        f"二、进度安排。{said['schedule']}",
        f"三、团队与案例。{said['team']}",
        f"四、指标响应。{''.join(said['indicators'])}",
    )
    proof = (f"申报单位：{said['unit']}", *said["conditions"])
    return (
        ("p1", "实施方案.pdf", papers.make("实施方案", plan)),
        ("", "申报条件证明材料.pdf", papers.make("申报条件证明材料", proof)),
    )
