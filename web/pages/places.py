"""Which regions somebody may choose on a page of the organiser's desk."""

from collections.abc import Iterable

from marketplace.accounts.actors import Actor, may, may_run_lists
from marketplace.accounts.rules.regions import clean_path
from marketplace.accounts.words import Role
from marketplace.kernel.errors import NotAllowed
from web.pages import wording

DESK = (Role.ORGANISER, Role.SUPERVISOR)


def held(actor: Actor, *, otherwise: str) -> list[str]:
    """The regions of an actor's staff roles; one that holds everywhere stands for the installation's own region."""
    found = [grant.region or otherwise for grant in actor.grants if grant.role in DESK]
    return list(dict.fromkeys(found))


def chosen(actor: Actor, wanted: str, *, otherwise: str) -> str:
    """The region that a page is about: the wanted one where the actor may look at it, else its own first one.

    Raises NotAllowed for those who look after no region, and for a region of others.
    """
    own = held(actor, otherwise=otherwise)
    if not own:
        raise NotAllowed("您没有主办方或监督权限。请联系管理员为您的账号授权。", code="not_an_organiser")
    place = clean_path(wanted) or own[0]
    if not (may_run_lists(actor, region=place) or may(actor, Role.SUPERVISOR, region=place)):
        raise NotAllowed(f"您没有{wording.region(place)}的权限，只能查看自己地区的情况。", code="not_an_organiser")
    return place


def require_running(actor: Actor) -> None:
    """Raise NotAllowed for those who only look on: before a form is filled in, not after."""
    if not any(grant.role is Role.ORGANISER for grant in actor.grants):
        is_looking = any(grant.role is Role.SUPERVISOR for grant in actor.grants)
        rest = "您以监督身份可以查看已经办理的结果，不能代为办理。" if is_looking else "需要权限的，请联系管理员授权。"
        raise NotAllowed(f"这一步由主办方办理。{rest}", code="organisers_act")


def options(regions: Iterable[str]) -> list[tuple[str, str]]:
    """Regions as a select offers them."""
    return [(region, wording.region(region)) for region in dict.fromkeys(regions)]
