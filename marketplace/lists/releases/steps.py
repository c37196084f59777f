"""What every step of a release shares: its row held, its version compared, its publishers told, its log written."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.tables import Grant
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict
from marketplace.lists.release_tables import Release, ReleasePublisher
from marketplace.lists.release_words import ReleaseState
from marketplace.lists.releases.pages import digest_of, lines_of, visible


def held(session: Session, actor: Actor, release_id: str) -> Release:
    """A release that the actor may see, held until the transaction ends; who may act is asked next."""
    found = session.exec(select(Release).where(Release.id == release_id).with_for_update()).first()
    return visible(session, actor, found)


def require_waiting(release: Release) -> None:
    """Raise Conflict where a release is over; whoever may not act at all is told that before."""
    if release.state is not ReleaseState.WAITING:
        said = "已经发布" if release.state is ReleaseState.PUBLISHED else "已经撤回"
        raise Conflict(f"这次发布{said}，您的操作没有生效。", code="release_closed")


def require_version(release: Release, version: int) -> None:
    """Raise Conflict where a release has moved on since it was shown."""
    if release.version != version:
        raise Conflict("您打开页面之后，这次发布有了变化。请刷新后再操作。", code="release_moved_on")


def confirm(session: Session, actor: Actor, release: Release, organisation_id: str, *, now: datetime) -> None:
    """Let a publisher confirm what the release holds now."""
    publisher = session.get_one(ReleasePublisher, (release.id, organisation_id))
    publisher.confirmed_digest = digest_of(session, release, lines_of(session, release))
    publisher.confirmed_at, publisher.confirmed_by, publisher.declined_at = now, actor.account_id, None
    session.add(publisher)
    session.flush()


def tell(
    session: Session,
    organisation_id: str,
    subject: str,
    text: str,
    release_id: str,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Tell the people of a publisher, and the organisers whose office it is."""
    link = f"/releases/{release_id}"
    offices = session.exec(
        select(Grant.account_id).where(
            Grant.organisation_id == organisation_id,
            Grant.role == Role.ORGANISER,
            col(Grant.withdrawn_at).is_(None),
        )
    ).all()
    messages.tell(session, account_ids=offices, subject=subject, text=text, link=link, now=now, new_id=new_id)
    messages.tell_organisation(session, organisation_id, subject=subject, text=text, link=link, now=now, new_id=new_id)


def invite(
    session: Session, release: Release, organisation_id: str, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Ask a publisher to look at a release and to confirm it or decline."""
    text = f"{release.lead_name}邀请您的单位联合发布《{release.title}》。请核对内容后确认或谢绝。"
    subject = f"请确认联合发布《{release.title}》"
    tell(session, organisation_id, subject, text, release.id, now=now, new_id=new_id)


def note(
    session: Session, actor: Actor, release_id: str, action: str, payload: dict[str, object], *, now: datetime
) -> None:
    """Write down what was done with a release."""
    audit.write(
        session,
        aggregate="release",
        aggregate_id=release_id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )
