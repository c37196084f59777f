"""People and organisations that leave, over all areas in one transaction: each area erases what it holds."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.leaving import closures, erasure
from marketplace.accounts.office import administration
from marketplace.dealings import closures as dealing_closures
from marketplace.dealings import erasing as dealings
from marketplace.dealings import shown
from marketplace.experts import leaving as experts
from marketplace.experts import moves
from marketplace.lists.needs import closures as need_closures
from marketplace.profiles import erasing, profiles, visits
from marketplace.rounds import leaving as rounds


def own_data(session: Session, actor: Actor) -> dict[str, object]:
    """Everything that the platform holds of a person, as plain values."""
    account_id = actor.account_id
    return {
        **erasure.own_data(session, actor),
        **dealings.own_data(session, account_id),
        **experts.own_data(session, account_id),
        **rounds.own_data(session, account_id),
    }


def erase_account(session: Session, actor: Actor, account_id: str, *, now: datetime) -> None:
    """Erase whose an account was, everywhere. Raises what `erasure.erase_account` does."""
    erasure.erase_account(session, actor, account_id, now=now)
    dealings.forget_person(session, account_id, actor_id=actor.account_id, now=now)
    experts.forget_person(session, account_id, actor_id=actor.account_id, now=now)
    rounds.forget_person(session, account_id, now=now)
    visits.forget_person(session, account_id)


def erase_profile(session: Session, actor: Actor, *, organisation_id: str, now: datetime) -> list[str]:
    """Erase a profile and where it was shown; gives the digests of its files. Raises what `erasing.erase` does."""
    digests = erasing.erase(session, actor, organisation_id=organisation_id, now=now)
    profile_id = profiles.find(session, organisation_id)
    assert profile_id is not None  # else there would have been nothing to erase
    shown.forget_profile(session, profile_id)
    return digests


def withdraw_grant(
    session: Session, actor: Actor, account_id: str, grant_id: str, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Withdraw a grant of an account; an expert who loses its role is not drawn until the office takes it up again."""
    administration.withdraw(session, actor, account_id, grant_id, now=now)
    moves.pause_ungranted(session, actor, account_id, now=now, new_id=new_id)


def close_organisation(
    session: Session, actor: Actor, organisation_id: str, *, now: datetime, new_id: Callable[[], str]
) -> list[str]:
    """Close an organisation everywhere; gives the digests of its evidence files, whose bytes the caller takes away.

    Raises what `closures.require_may_close` does, and Conflict while a signing waits to be confirmed, a round is under
    way or a bid is handed in.
    """
    closures.require_may_close(session, actor, organisation_id)
    rounds.require_may_close(session, organisation_id)
    rounds.close(session, organisation_id)
    dealing_closures.end_all(session, actor, organisation_id, now=now, new_id=new_id)
    need_closures.close_all(session, actor, organisation_id, now=now)
    experts.forget_unit(session, organisation_id, actor_id=actor.account_id, now=now)
    digests: list[str] = []
    if profiles.find(session, organisation_id) is not None:
        digests = erase_profile(session, actor, organisation_id=organisation_id, now=now)
    closures.close(session, actor, organisation_id, now=now, new_id=new_id)
    return digests
