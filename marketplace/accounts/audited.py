"""Where the things of accounts lie, how they are called and which are called so, for the log."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from marketplace.accounts.communities.tables import Community
from marketplace.accounts.joining.tables import Takedown, Verification
from marketplace.accounts.office.announcement_tables import Announcement
from marketplace.accounts.signing_in.token_tables import ApiToken
from marketplace.accounts.tables import Account, Organisation
from marketplace.accounts.words import RequestKind

MOST = 200
"""How many things of a kind a search by name finds at most."""
ASKED: Mapping[str, str] = {RequestKind.CLAIM: "认领", RequestKind.VERIFICATION: "申请核验"}


def _organisations(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Organisation.id, Organisation.region).where(col(Organisation.id).in_(ids))).all())


def _communities(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Community.id, Community.region).where(col(Community.id).in_(ids))).all())


def _verifications(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Verification.id, Verification.region).where(col(Verification.id).in_(ids))).all())


def _takedowns(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Takedown.id, Takedown.region).where(col(Takedown.id).in_(ids))).all())


def _tokens(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(ApiToken.id, Organisation.region).join(
        Organisation, col(Organisation.id) == col(ApiToken.organisation_id)
    )
    return dict(session.exec(query.where(col(ApiToken.id).in_(ids))).all())


def _people_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(ids))).all())


def _organisations_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(ids))).all())


def _communities_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(Community.id, Organisation.name).join(
        Organisation, col(Organisation.id) == col(Community.organisation_id)
    )
    return dict(session.exec(query.where(col(Community.id).in_(ids))).all())


def _verifications_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.exec(
        select(Verification.id, Verification.kind, Verification.name, Account.name)
        .join(Account, col(Account.id) == col(Verification.account_id))
        .where(col(Verification.id).in_(ids))
    )
    return {one: f"{who or '已注销用户'}{ASKED[kind]}“{unit}”" for one, kind, unit, who in rows}


def _takedowns_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.exec(select(Takedown.id, Takedown.item_title).where(col(Takedown.id).in_(ids)))
    return {one: f"撤下“{title}”" for one, title in rows}


def _announcements_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Announcement.id, Announcement.title).where(col(Announcement.id).in_(ids))).all())


def _tokens_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(ApiToken.id, ApiToken.name).where(col(ApiToken.id).in_(ids))).all())


def _organisations_named(session: Session, words: str) -> list[str]:
    query = select(Organisation.id).where(col(Organisation.name).contains(words, autoescape=True))
    return list(session.exec(query.order_by(col(Organisation.id)).limit(MOST)))


def _communities_named(session: Session, words: str) -> list[str]:
    units = _organisations_named(session, words)
    return list(session.exec(select(Community.id).where(col(Community.organisation_id).in_(units)).limit(MOST)))


def _verifications_named(session: Session, words: str) -> list[str]:
    query = select(Verification.id).where(col(Verification.name).contains(words, autoescape=True))
    return list(session.exec(query.order_by(col(Verification.id)).limit(MOST)))


def _takedowns_named(session: Session, words: str) -> list[str]:
    query = select(Takedown.id).where(col(Takedown.item_title).contains(words, autoescape=True))
    return list(session.exec(query.order_by(col(Takedown.id)).limit(MOST)))


def _announcements_named(session: Session, words: str) -> list[str]:
    query = select(Announcement.id).where(col(Announcement.title).contains(words, autoescape=True))
    return list(session.exec(query.order_by(col(Announcement.id)).limit(MOST)))


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    "api_token": _tokens,
    "organisation": _organisations,
    "community": _communities,
    "verification": _verifications,
    "takedown": _takedowns,
}
TITLES: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    "account": _people_called,
    "announcement": _announcements_called,
    "api_token": _tokens_called,
    "audit": _people_called,
    "community": _communities_called,
    "organisation": _organisations_called,
    "sign_in": _people_called,
    "takedown": _takedowns_called,
    "verification": _verifications_called,
}
NAMED: Mapping[str, Callable[[Session, str], list[str]]] = {
    "announcement": _announcements_named,
    "community": _communities_named,
    "organisation": _organisations_named,
    "takedown": _takedowns_named,
    "verification": _verifications_named,
}
