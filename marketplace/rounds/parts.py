"""As whom somebody acts in a round: the issuer's people, those appointed to it, organisers, supervisors."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, acts_for, belongs_to, may, may_run_lists
from marketplace.accounts.words import Role
from marketplace.kernel.errors import NotAllowed, NotFound
from marketplace.rounds import held
from marketplace.rounds.round_tables import Round, RoundAppointment
from marketplace.rounds.words import Part, Post

HOLDERS = (Post.OPENER_A, Post.OPENER_B, Post.KEEPER)
OPENERS = frozenset(HOLDERS)
"""Any two of the three may open."""


def posts(session: Session, account_id: str, round_id: str) -> frozenset[Post]:
    """The posts that somebody holds in a round now."""
    live = (
        RoundAppointment.round_id == round_id,
        RoundAppointment.account_id == account_id,
        col(RoundAppointment.ended_at).is_(None),
    )
    return frozenset(Post(post) for post in session.exec(select(RoundAppointment.post).where(*live)))


def of(session: Session, actor: Actor | None, row: Round) -> frozenset[Part]:
    """Every part that somebody may act in, in the seat it has now; none for visitors."""
    if actor is None:
        return frozenset()
    held = posts(session, actor.account_id, row.id)
    answers = {
        Part.ISSUER: is_issuer(actor, row),
        Part.ORGANISER: may_run_lists(actor, region=row.region),
        Part.SUPERVISOR: may(actor, Role.SUPERVISOR, region=row.region),
        Part.APPROVER: Post.APPROVER in held,
        Part.OPENER: bool(held & OPENERS),
        Part.CHECKER: Post.CHECKER in held,
        Part.DECIDER: Post.DECIDER in held,
        Part.OBJECTIONS: Post.OBJECTIONS in held,
    }
    return frozenset(part for part, is_so in answers.items() if is_so)


def is_issuer(actor: Actor, row: Round) -> bool:
    """Whether somebody writes for the unit that publishes the round: its own people, or its organisers at that office."""
    return acts_for(actor, row.organisation_id) or any(
        grant.role is Role.ORGANISER and grant.organisation_id == row.organisation_id for grant in actor.grants
    )


def may_see_unpublished(session: Session, actor: Actor | None, row: Round) -> bool:
    """Whether somebody may see a round before it is published: who makes it, and who oversees it."""
    if actor is None:
        return False
    return belongs_to(actor, row.organisation_id) or bool(
        of(session, actor, row) or posts(session, actor.account_id, row.id)
    )


def require_inside(session: Session, actor: Actor | None, row: Round) -> None:
    """Raise for whoever neither makes nor oversees a round: NotFound, or NotAllowed where the round itself is public."""
    if may_see_unpublished(session, actor, row):
        return
    if not held.is_announced(row):
        raise NotFound(held.UNKNOWN, code="round_missing")
    raise NotAllowed("这里由本活动的办理人员使用；公开的内容都在活动页面。", code="not_of_the_round")


def first(mine: frozenset[Part], wanted: Iterable[Part]) -> Part | None:
    """The first of the wanted parts that somebody may act in."""
    return next((part for part in wanted if part in mine), None)
