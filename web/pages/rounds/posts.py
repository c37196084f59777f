"""What each post in a round is for, in the words of the page that appoints people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from marketplace.rounds.making.appointments import LEAST, NAMES, Appointed, Candidate, is_over
from marketplace.rounds.parts import HOLDERS
from marketplace.rounds.words import Post, RoundState

ABOUT: Final[Mapping[Post, str]] = {
    Post.APPROVER: "看过公告全文后批准或退回；终止活动也要两名审批人同意。参与起草的人不能审批；企业发布的活动，审批人中至少有一名所在地区的主办方人员。",
    Post.OPENER_A: "保管第一份口令。申报截止后，与开启人乙一起输入口令，才能开启申报。",
    Post.OPENER_B: "保管第二份口令，与开启人甲一起开启。",
    Post.KEEPER: "保管第三份口令，通常由监督人员担任。有一名开启人不能到场时，由监督保管人代替。",
    Post.CHECKER: "开启以后，对照申报条件逐份审查。两人各自判断，结论一致才算数。",
    Post.DECIDER: "评审得分固定以后，决定谁中选、谁候补。两人各自决定，一致才能公示；不能兼任异议受理人。集体研究之前指定两名即可。",
    Post.OBJECTIONS: "受理对资格审查结果和公示结果的异议，写明答复和理由。",
}
BEFORE_KEY: Final = (RoundState.DRAFT, RoundState.INTERNAL_REVIEW)


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post on the page: who holds it, who may still be appointed; `fixed` where holders cannot change any more."""

    post: Post
    name: str
    about: str
    least: int
    appointed: tuple[Appointed, ...]
    candidates: tuple[Candidate, ...]
    is_fixed: bool
    is_full: bool
    is_over: bool


def rows(standing: list[Appointed], candidates: list[Candidate], state: RoundState) -> list[PostRow]:
    """Every post with its people; whoever holds one passphrase is not offered another."""
    found: list[PostRow] = []
    holding = {one.account_id for one in standing if one.post in HOLDERS}
    for post, name in NAMES.items():
        own = tuple(one for one in standing if one.post is post)
        taken = {one.account_id for one in own} | (holding if post in HOLDERS else set())
        found.append(
            PostRow(
                post=post,
                name=name,
                about=ABOUT[post],
                least=LEAST[post],
                appointed=own,
                candidates=tuple(one for one in candidates if one.account_id not in taken),
                is_fixed=post in HOLDERS and state not in BEFORE_KEY,
                is_full=post in HOLDERS and bool(own),
                is_over=is_over(post, state),
            )
        )
    return found
