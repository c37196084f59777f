"""Who is at the desk, for whom, and where it can go from there: the words and links of the frame."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from marketplace.accounts.actors import HeldGrant
from marketplace.accounts.views import OrganisationView, Seat, SignedIn
from marketplace.accounts.words import Role, Standing
from web.pages import wording

STANDINGS: Final[Mapping[Standing, str]] = {
    Standing.OWNER: "负责人",
    Standing.EDITOR: "经办人",
    Standing.READER: "查看",
}
ITSELF: Final = "本人"
NOTHING: Final = "还没有代表单位"
PENDING: Final = "启用二次验证后生效"


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a navigation."""

    href: str
    name: str


@dataclass(frozen=True, slots=True)
class SeatChoice:
    """One seat as the switcher offers it; an empty `organisation_id` is the person itself."""

    organisation_id: str
    name: str
    role: str
    is_taken: bool


LINKS: Final[Sequence[tuple[Role, Sequence[Link]]]] = (
    (
        Role.ENTERPRISE,
        (
            Link("/needs", "我的需求"),
            Link("/rounds/mine", "我的活动"),
            Link("/dealings", "对接"),
            Link("/saved", "收藏"),
        ),
    ),
    (
        Role.OPC,
        (
            Link("/opportunities", "能争取的需求"),
            Link("/profile", "能力画像"),
            Link("/bids", "我的申报"),
            Link("/dealings", "对接"),
            Link("/teams", "联合体"),
            Link("/saved", "收藏"),
        ),
    ),
    (
        Role.ORGANISER,
        (
            Link("/board", "工作台"),
            Link("/rounds/mine", "我的活动"),
            Link("/intakes", "导入清单"),
            Link("/releases", "发布"),
            Link("/verifications", "单位核验"),
            Link("/takedowns", "撤下申请"),
            Link("/repeats", "疑似重复"),
            Link("/experts", "专家库"),
            Link("/lexicon", "匹配词库"),
            Link("/communities", "OPC 社区"),
            Link("/supply", "供需对照"),
            Link("/figures", "目标与成效"),
            Link("/quality", "匹配质量"),
            Link("/audit/own", "办理记录"),
            Link("/reset/assist", "协助找回账号"),
        ),
    ),
    (Role.EXPERT, (Link("/review", "评审"), Link("/expert", "专家信息"))),
    (
        Role.SUPERVISOR,
        (
            Link("/audit", "留痕核查"),
            Link("/rounds/mine", "我的活动"),
            Link("/experts", "专家库"),
            Link("/unmaskings", "联系方式查阅"),
            Link("/verifications", "单位核验"),
            Link("/intakes", "导入记录"),
            Link("/releases", "联合发布"),
            Link("/repeats", "疑似重复"),
            Link("/lexicon", "匹配词库"),
            Link("/events", "活动登记"),
            Link("/supply", "供需对照"),
            Link("/figures", "目标与成效"),
            Link("/quality", "匹配质量"),
            Link("/board", "主办方工作情况"),
        ),
    ),
    (
        Role.ADMINISTRATOR,
        (
            Link("/administration", "平台管理"),
            Link("/lexicon", "匹配词库"),
            Link("/outbox", "发件箱"),
            Link("/reset/assist", "协助找回账号"),
            Link("/audit", "留痕核查"),
        ),
    ),
)
"""What each role works with; a page that this installation does not have is not offered."""
RELEASES: Final = Link("/releases", "联合发布")
PERSONAL: Final = (
    Link("/account", "我的账号"),
    Link("/messages", "消息"),
    Link("/organisations", "我的单位"),
    Link("/expert", "专家"),
    Link("/looks", "谁看过我们"),
    Link("/account/tokens", "程序访问令牌"),
)


def remember(app: FastAPI, router: APIRouter) -> None:
    """Note the addresses of a router, parameters left as they are written, so that links lead to what is there."""
    known = frozenset(route.path for route in router.routes if isinstance(route, APIRoute))
    app.state.pages = pages_of(app) | known


def pages_of(app: FastAPI) -> frozenset[str]:
    """The addresses that were noted."""
    found: frozenset[str] = getattr(app.state, "pages", frozenset())
    return found


def links(roles: Iterable[Role], pages: frozenset[str], *, releases_asked: int = 0) -> tuple[Link, ...]:
    """The pages that some roles work with, each once, in the order of the roles.

    Whose unit is asked to publish lists with others finds these too, whatever its roles.
    """
    held = frozenset(roles)
    offered = [link for role, some in LINKS if role in held for link in some]
    if releases_asked and RELEASES.href not in {link.href for link in offered}:
        offered.append(RELEASES)
    return tuple(dict.fromkeys(link for link in offered if link.href in pages))


def personal(pages: frozenset[str]) -> tuple[Link, ...]:
    """The pages that everybody who signs in has."""
    return tuple(link for link in PERSONAL if link.href in pages)


def seats(signed_in: SignedIn) -> tuple[SeatChoice, ...]:
    """Everything that somebody could act for, as the switcher offers it."""
    taken = signed_in.actor.organisation_id
    return tuple(_choice(seat, taken) for seat in signed_in.seats)


def shown(grants: Sequence[HeldGrant], unit: OrganisationView | None) -> tuple[HeldGrant, ...]:
    """The grants of a seat as its holder knows them: of an office that posts and offers nothing its staff roles."""
    at_work = tuple(grant for grant in grants if grant.standing is None)
    only_an_office = unit is not None and not (unit.posts_needs or unit.offers_work)
    return at_work if at_work and only_an_office else tuple(grants)


def _choice(seat: Seat, taken: str | None) -> SeatChoice:
    unit = seat.organisation
    own_id = None if unit is None else unit.id
    return SeatChoice(
        own_id or "", ITSELF if unit is None else unit.name, roles_said(shown(seat.grants, unit)), own_id == taken
    )


def roles_said(grants: Sequence[HeldGrant]) -> str:
    """Say what somebody is in a seat: 发榜单位（负责人）, 主办方（福建省临川市）."""
    names = [f"{wording.ROLES[grant.role]}（{_within(grant)}）" for grant in grants]
    return "、".join(dict.fromkeys(names)) or NOTHING


def _within(grant: HeldGrant) -> str:
    return STANDINGS[grant.standing] if grant.standing is not None else wording.region(grant.region)


def acting_as(signed_in: SignedIn) -> str:
    """Say what somebody is now and for whom, short: OPC · 木语视觉; 主办方 · 福建省临川市."""
    grants = shown(signed_in.actor.grants, signed_in.organisation)
    if not grants or signed_in.needs_second_factor:
        return PENDING if signed_in.needs_second_factor else NOTHING
    roles = "、".join(dict.fromkeys(wording.ROLES[grant.role] for grant in grants))
    return f"{roles} · {_for_whom(signed_in.organisation, grants)}"


def _for_whom(organisation: OrganisationView | None, grants: Sequence[HeldGrant]) -> str:
    if organisation is not None:
        return organisation.name
    return "、".join(dict.fromkeys(wording.region(grant.region) for grant in grants))


def presence(signed_in: SignedIn | None) -> str:
    """Say at the foot of every page who is here, for whom: 周一人 · 代表木语视觉（负责人）."""
    if signed_in is None:
        return "未登录"
    unit = signed_in.organisation
    grants = shown(signed_in.actor.grants, unit)
    said = PENDING if signed_in.needs_second_factor else roles_said(grants)
    if unit is None:
        return f"{signed_in.actor.name} · {said}"
    standing = next((grant.standing for grant in grants if grant.standing is not None), None)
    if standing is not None and not signed_in.needs_second_factor:
        return f"{signed_in.actor.name} · 代表{unit.name}（{STANDINGS[standing]}）"
    return f"{signed_in.actor.name} · 代表{unit.name}，{said}"
