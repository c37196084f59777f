"""The regions that the platform knows, and which of them a typed name means."""

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, covers
from marketplace.accounts.communities.tables import Community
from marketplace.accounts.rules import regions
from marketplace.accounts.tables import Grant, Organisation

MOST = 5000
"""How many different regions of organisations are looked at: there are some 3000 counties."""


def known(session: Session) -> list[str]:
    """Every region path of a grant, an organisation or a community, and what lies above it."""
    found: set[str] = set()
    for column in (Grant.region, Organisation.region, Community.region):
        for path in session.exec(select(column).where(col(column) != "").distinct().limit(MOST)):
            if regions.is_path(path):
                steps = regions.clean_path(path).split("/")
                found |= {"/".join(steps[:end]) for end in range(1, len(steps) + 1)}
    return sorted(found)


def resolve(session: Session, actor: Actor, text: str) -> str:
    """The path of a typed region: 石岭县, 福建省临川市石岭县 and 福建省/临川市/石岭县 are one. "" stays "".

    Of several that a name can mean, the one within the actor's own regions. Raises Invalid (`region`) for a name that
    nobody knows and for one that means several.
    """
    own = [grant.region for grant in actor.grants if grant.region]
    paths = {*known(session), *own}
    near = [path for path in paths if any(covers(region, path) for region in own)]
    return regions.resolve(text, near=near, known=sorted(paths))
