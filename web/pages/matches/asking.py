"""A need's unit asks the members of a team to answer it together: an invitation, or a note where they deal already."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.dealings import dealings
from marketplace.dealings.views import DealingCard
from marketplace.dealings.words import Stage
from marketplace.kernel.errors import Invalid
from marketplace.lists.views import ItemRecord
from web.pages.matches import together
from web.pages.matches.together import Member, Share, Together

if TYPE_CHECKING:
    from web.dependencies import Desk

LEAST: Final = 2
MOST: Final = 4
MAX_TEXT: Final = 500
NOBODY: Final = "请至少勾选两家。只请一家的，到它的主页发出邀约。"
LONG: Final = f"最多 {MAX_TEXT} 个字，请缩短。"
UNSAID: Final = "请写明想请几家怎样合作。"


@dataclass(frozen=True, slots=True)
class Asked:
    """One member that is to be asked: what it would answer, and the dealing with it where there is one."""

    member: Member
    shares: tuple[Share, ...]
    dealing: DealingCard | None


@dataclass(frozen=True, slots=True)
class Asking:
    """The form that asks a team: its members, what nobody of them answers, and words to begin with."""

    asked: tuple[Asked, ...]
    team: Together
    text: str


async def prepare(desk: "Desk", record: ItemRecord, ids: Sequence[str]) -> Asking:
    """The members that were chosen with what falls to each; those that are not there now are left out."""
    actor = desk.require_actor()
    team = await together.shared_out(desk, record, tuple(dict.fromkeys(ids))[:MOST], own=None)

    def read(session: Session) -> tuple[Asked, ...]:
        return tuple(
            Asked(
                member,
                tuple(share for share in team.shares if share.member == member),
                dealings.find(session, actor, item_id=record.id, profile_id=member.id, now=desk.now),
            )
            for member in team.members
        )

    return Asking(await desk.read(read), team, _words(team))


def ask(
    session: Session,
    actor: Actor,
    item_id: str,
    *,
    ids: Sequence[str],
    text: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Ask each of them with the same words, as the need's unit: all or nobody. Invalid by field, else as dealings refuse."""
    wrong = {"opc": NOBODY} if len(set(ids)) < LEAST else {}
    if not text.strip() or len(text) > MAX_TEXT:
        wrong["message"] = LONG if text.strip() else UNSAID
    if wrong:
        raise Invalid("还有内容需要改正。", code="asking_incomplete", fields=wrong)
    for one in dict.fromkeys(ids):
        there = dealings.find(session, actor, item_id=item_id, profile_id=one, now=now)
        if there is None or there.stage is Stage.ENDED:
            dealings.express(session, actor, item_id=item_id, profile_id=one, text=text, now=now, new_id=new_id)
        else:
            dealings.add_note(session, actor, there.id, text=text, shared=True, now=now, new_id=new_id)


def _words(team: Together) -> str:
    named = "、".join(f"{member.name}{_numbers(team, member)}" for member in team.members)
    said = f"这条需求的各条要点，贵单位与其他几家合起来可以承接：{named}。请考虑组成联合体来谈，需求页面的“组队承接”里写明了各条依据。"
    return said if len(said) <= MAX_TEXT else said[: MAX_TEXT - 1] + "…"


def _numbers(team: Together, member: Member) -> str:
    numbers = [str(point.number) for point in team.answered_by(member) if point.number]
    return f"（要点 {'、'.join(numbers)}）" if numbers else ""
