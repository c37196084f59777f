"""Releases going out: each publisher confirms or declines, then the release becomes an edition in all their names."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts import messages, organisations
from marketplace.accounts.actors import Actor, require_may_run_lists
from marketplace.kernel.errors import Conflict, NotAllowed
from marketplace.lists import series
from marketplace.lists.intakes import intakes
from marketplace.lists.publishing import gathered
from marketplace.lists.publishing.views import ReleaseLine
from marketplace.lists.release_tables import Release, ReleasePublisher
from marketplace.lists.release_words import PublisherRole, ReleaseState
from marketplace.lists.releases import steps
from marketplace.lists.releases.pages import asked_of, card_of, digest_of, get, lines_of, speaks_for
from marketplace.lists.releases.views import ReleasePage
from marketplace.lists.words import Outcome


def tell_newly_manned(session: Session, organisation_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Tell an organisation that has people of its own from now on of the releases it was asked to publish before."""
    for release in asked_of(session, organisation_id):
        publisher = session.get_one(ReleasePublisher, (release.id, organisation_id))
        if publisher.confirmed_at is None and publisher.declined_at is None:
            steps.invite(session, release, organisation_id, now=now, new_id=new_id)


def answer(
    session: Session,
    actor: Actor,
    release_id: str,
    *,
    organisation_id: str,
    digest: str,
    accepts: bool,
    now: datetime,
    new_id: Callable[[], str],
) -> ReleasePage:
    """Confirm what a release holds (`digest`, as it was shown), or decline, for one of its publishers.

    Raises Conflict where the content has changed since it was shown.
    """
    release = steps.held(session, actor, release_id)
    publisher = session.get(ReleasePublisher, (release_id, organisation_id))
    if publisher is None or not speaks_for(actor, organisation_id):
        raise NotAllowed("只有受邀单位的负责人或经办人可以确认。", code="not_a_publisher")
    steps.require_waiting(release)
    if digest != digest_of(session, release, lines_of(session, release)):
        raise Conflict("您打开页面之后，要发布的内容有了变化。请核对最新内容后再确认。", code="release_moved_on")
    if accepts:
        steps.confirm(session, actor, release, organisation_id, now=now)
    else:
        publisher.confirmed_at = publisher.confirmed_by = publisher.confirmed_digest = None
        publisher.declined_at = now
        session.add(publisher)
        session.flush()
    word = "confirmed" if accepts else "declined"
    steps.note(session, actor, release.id, f"release.{word}", {"organisation_id": organisation_id}, now=now)
    name = organisations.get(session, organisation_id).name
    said = "已确认联合发布" if accepts else "谢绝了联合发布"
    text = f"{name}{said}《{release.title}》。"
    messages.tell(
        session,
        account_ids=[release.opened_by],
        subject=text,
        text=text,
        link=f"/releases/{release.id}",
        now=now,
        new_id=new_id,
    )
    return get(session, actor, release_id)


def publish(
    session: Session, actor: Actor, release_id: str, *, version: int, now: datetime, new_id: Callable[[], str]
) -> str:
    """Publish a release that all its publishers have confirmed as it stands; gives the edition's id.

    Raises Conflict, saying whose confirmation is missing, and where somebody was faster.
    """
    release = steps.held(session, actor, release_id)
    require_may_run_lists(actor, region=release.region)
    steps.require_waiting(release)
    steps.require_version(release, version)
    lines = lines_of(session, release)
    card = card_of(session, release, digest_of(session, release, lines))
    missing = [one.name for one in card.publishers if not one.is_current]
    if missing:
        raise Conflict(f"还差{'、'.join(missing)}确认现在的内容，暂时不能发布。", code="not_all_confirmed")
    names = "、".join(one.name for one in card.publishers)
    edition_id = _publish(session, actor, release, lines, names, now=now, new_id=new_id)
    release.state, release.version, release.edition_id = ReleaseState.PUBLISHED, release.version + 1, edition_id
    release.closed_at, release.closed_by = now, actor.account_id
    session.add(release)
    session.flush()
    steps.note(session, actor, release.id, "release.published", {"edition_id": edition_id}, now=now)
    for one in card.publishers:
        if one.role is PublisherRole.JOINT:
            text = f"贵单位联合发布的《{release.title}》已经公开。"
            steps.tell(session, one.organisation_id, text, text, release.id, now=now, new_id=new_id)
    return edition_id


def _publish(
    session: Session,
    actor: Actor,
    release: Release,
    lines: Sequence[ReleaseLine],
    names: str,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    if release.intake_id is not None:
        intake = intakes.get(session, actor, release.intake_id)
        picked = tuple(line.item_id for line in lines if line.outcome is Outcome.ADDED)
        page = intakes.confirm(
            session,
            actor,
            release.intake_id,
            version=intake.version,
            series_id=release.series_id,
            series_title=None if release.series_id else release.title,
            publisher=release.lead_name,
            posted=picked,
            publishers=names,
            now=now,
            new_id=new_id,
        )
        return page.card.id
    if release.series_id is None:
        chosen = series.find_or_open(
            session,
            actor,
            title=release.title,
            publisher=release.lead_name,
            region=release.region,
            now=now,
            new_id=new_id,
        )
    else:
        chosen = series.locked(session, release.series_id)
    return gathered.publish(session, gathered.Compilation(chosen, actor, names, lines, now, new_id)).id
