"""One's own rounds, grouped by what waits for the reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel.errors import NotAllowed
from marketplace.rounds.rounds import RoundCard
from marketplace.rounds.rules.round_moves import MACHINE
from marketplace.rounds.waiting import Wait
from marketplace.rounds.words import RoundState

STATES: Final = MACHINE.names
MARKS: Final[Mapping[RoundState, str]] = {
    RoundState.DRAFT: "draft",
    RoundState.INTERNAL_REVIEW: "waiting",
    RoundState.SCHEDULED: "waiting",
    RoundState.OPEN: "open",
    RoundState.SEALED: "closed",
    RoundState.ELIGIBILITY: "waiting",
    RoundState.REVIEW: "waiting",
    RoundState.CONSENSUS: "waiting",
    RoundState.DECISION: "waiting",
    RoundState.PUBLICITY: "open",
    RoundState.AWARDED: "done",
    RoundState.FAILED: "refused",
    RoundState.CANCELLED: "refused",
}
WAITS: Final[Mapping[Wait, tuple[str, str, str]]] = {
    Wait.OPEN: ("等您开启", "输入口令开启", "opening"),
    Wait.APPROVE: ("等您审批", "看公告并审批", "approval"),
    Wait.PASSPHRASE: ("等您设置口令", "设置并核对口令", "key"),
    Wait.CHECK: ("等您资格审查", "逐份审查", "check"),
    Wait.OBJECTION: ("等您处理异议", "看异议并答复", "check"),
    Wait.PANEL_DRAW: ("等您抽取评审专家", "输入现场数字并抽取", "panel"),
    Wait.PANEL_CONFLICT: ("等您认定利害关系", "看依据并认定", "panel"),
    Wait.PANEL_REQUEST: ("等您答复回避申请", "看申请并答复", "panel#requests"),
    Wait.PANEL_RESERVE: ("等您递补评审专家", "按次序递补", "panel"),
    Wait.PANEL_LIST: ("等您固定抽取名单", "看候选专家并固定名单", "panel"),
    Wait.PANEL_LEAD: ("等您指定评审组长", "指定组长", "panel"),
    Wait.DECIDE: ("等您集体研究后决定", "看排名并决定", "decision"),
    Wait.RESULT_OBJECTION: ("等您办理对结果的异议", "看异议并办理", "objections"),
    Wait.APPEAL: ("等您决定申诉", "看申诉并决定", "objections"),
    Wait.REMEDY: ("等您落实成立的异议", "落实异议", "remedy"),
    Wait.ANSWER: ("等您答复提问", "看提问并答复", "#questions"),
    Wait.ADDENDUM: ("正在起草的补遗", "继续起草", "draft"),
    Wait.DRAFT: ("正在起草", "继续起草", "draft"),
}
"""What each wait is called, what its link says, and the page of the round where it is done."""
ENDED: Final = (RoundState.FAILED, RoundState.CANCELLED)
_READERS: Final = frozenset({Role.ENTERPRISE, Role.ORGANISER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Group:
    """Some rounds under one heading; `act` is what the link of each says, "" where nothing waits."""

    title: str
    rounds: tuple[RoundCard, ...]
    act: str = ""
    page: str = ""

    def href(self, card: RoundCard) -> str:
        """Where a round of the group is gone on with."""
        return f"/rounds/{card.id}{self.page if self.page.startswith('#') else f'/{self.page}'}"


def groups(cards: Sequence[RoundCard], waits: Mapping[str, tuple[Wait, ...]]) -> list[Group]:
    """The rounds by what waits for the reader, then those under way, then those that ended."""
    found = [
        Group(title, tuple(card for card in cards if wait in waits.get(card.id, ())), act, page)
        for wait, (title, act, page) in WAITS.items()
    ]
    rest = [card for card in cards if card.id not in waits]
    found.append(Group("进行中", _of(card for card in rest if card.state not in ENDED)))
    found.append(Group("已结束", _of(card for card in rest if card.state in ENDED)))
    return [group for group in found if group.rounds]


def require_reader(actor: Actor, cards: Sequence[RoundCard]) -> None:
    """Raise NotAllowed for those who neither publish nor oversee and have no post in any round."""
    if not cards and not actor.roles & _READERS:
        message = "这里列出您发布、办理或监督的活动。您现在代表的身份不办理活动；要申报，请在活动列表中选择。"
        raise NotAllowed(message, code="no_rounds_here")


def _of(cards: Iterable[RoundCard]) -> tuple[RoundCard, ...]:
    return tuple(cards)
