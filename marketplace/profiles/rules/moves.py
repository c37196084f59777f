"""When a natural person's profile may go to a company that it founded: pure, without rows."""

from dataclasses import dataclass

from marketplace.accounts.words import OrganisationKind


@dataclass(frozen=True, slots=True)
class Giver:
    """The side that gives its profile away."""

    kind: OrganisationKind
    is_owned: bool
    is_moved: bool
    versions: int


@dataclass(frozen=True, slots=True)
class Taker:
    """The side that takes it, with what it has written and begun in its own name."""

    kind: OrganisationKind
    is_owned: bool
    is_closed: bool
    offers_work: bool
    versions: int = 0
    has_draft: bool = False
    dealings: int = 0
    teams: int = 0
    shared_dealings: int = 0
    """Dealings under way between the natural person and the company's own needs."""


def refusal(giver: Giver, taker: Taker) -> tuple[str, str] | None:
    """Why the profile cannot move, as a stable code and a sentence, or None where it can.

    Two forms are never merged: only their writer can say which of two statements holds.
    """
    reasons = (
        (not giver.is_owned or not taker.is_owned, "not_the_owner", "只有同时是个人身份和公司的负责人，才能转移画像。"),
        (giver.kind is not OrganisationKind.NATURAL_PERSON, "not_a_person", "只有以个人身份写的画像可以转到公司。"),
        (giver.is_moved, "profile_moved_away", "这份画像已经转走，不能再转。"),
        (not giver.versions, "profile_missing", "个人身份还没有发布过画像，没有可以转移的内容。"),
        (
            taker.kind is OrganisationKind.NATURAL_PERSON or taker.is_closed,
            "not_a_company",
            "画像只能转到您的公司等单位，且该单位没有注销。",
        ),
        (not taker.offers_work, "offers_no_work", "该单位还没有开通提供服务。请先在“修改资料”里开通，再转移画像。"),
        (
            taker.versions > 0,
            "company_has_profile",
            "该单位已经发布过自己的画像，系统不替您合并两份内容。请把要保留的内容写进该单位的画像；或由负责人删除该单位的画像后再转移。",
        ),
        (taker.has_draft, "company_has_draft", "该单位的画像有没发布的草稿。请先在该单位的画像页放弃草稿，再转移。"),
        (
            taker.dealings > 0 or taker.teams > 0,
            "company_has_dealings",
            "该单位已经以自己的名义开始对接或加入联合体，两边的记录不能合并。请继续用该单位的身份办理，并把画像内容写进该单位的画像。",
        ),
        (
            taker.shared_dealings > 0,
            "own_need",
            "您的个人身份与该单位发布的需求还有没结束的对接。请先结束这些对接，再转移画像。",
        ),
    )
    return next(((code, message) for holds, code, message in reasons if holds), None)
