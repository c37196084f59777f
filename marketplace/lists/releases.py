"""Releases by several publishers: each confirms what will be released, then it goes out in all their names.

What a publisher confirms is a digest of the content. Where the content changes afterwards (a need is amended or
closed, another edition came out), the digest no longer fits and it is asked again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import messages, organisations
from marketplace.accounts.actors import Actor, require_may_run_lists
from marketplace.accounts.rules.regions import clean_path
from marketplace.accounts.tables import Grant
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from marketplace.kernel.text import collapsed
from marketplace.lists import gathered, intakes, series
from marketplace.lists.release_pages import (
    candidates,
    card_of,
    digest_of,
    editions_of,
    get,
    lines_of,
    of_edition,
    speaks_for,
    visible,
    visible_to,
)
from marketplace.lists.release_tables import Release, ReleaseItem, ReleasePublisher
from marketplace.lists.release_views import ReleaseLine, ReleasePage
from marketplace.lists.release_words import PublisherRole, ReleaseState
from marketplace.lists.words import IntakeState, Outcome

__all__ = [
    "Content",
    "answer",
    "candidates",
    "editions_of",
    "get",
    "of_edition",
    "open",
    "publish",
    "speaks_for",
    "visible_to",
    "withdraw",
]

MAX_TITLE = series.MAX_TITLE
MOST_PARTNERS = 12


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be released: in a series that is there or in a new one of this title, an intake, posted needs, or both."""

    series_id: str | None
    title: str
    intake_id: str | None
    item_ids: tuple[str, ...]


def open(  # noqa: A001 - reads as releases.open
    session: Session,
    actor: Actor,
    *,
    region: str,
    content: Content,
    partners: Sequence[str],
    now: datetime,
    new_id: Callable[[], str],
) -> ReleasePage:
    """Prepare a release in the name of the organiser's own unit (主办) and of its partners (联合发布).

    The partners are told and asked to confirm. Raises NotAllowed for strangers of the region, Invalid by field.
    """
    place = clean_path(region)
    require_may_run_lists(actor, region=place)
    lead = actor.organisation_id
    if lead is None:
        raise Invalid(
            "请先切换到您的主办单位，再发起发布。", code="no_office", fields={"title": "请先切换到主办单位。"}
        )
    title = _title(session, actor, content)
    others = [one for one in dict.fromkeys(partners) if one != lead]
    _require_content(session, actor, content, place, others)
    release = Release(
        id=new_id(),
        region=place,
        series_id=content.series_id,
        title=title,
        lead_name=organisations.get(session, lead).name,
        intake_id=content.intake_id,
        state=ReleaseState.WAITING,
        version=1,
        opened_by=actor.account_id,
        opened_at=now,
    )
    session.add(release)
    session.flush()
    session.add_all(ReleaseItem(release_id=release.id, item_id=item_id) for item_id in dict.fromkeys(content.item_ids))
    roles = [(lead, PublisherRole.LEAD), *((one, PublisherRole.JOINT) for one in others)]
    session.add_all(
        ReleasePublisher(release_id=release.id, organisation_id=unit, role=role, asked_at=now) for unit, role in roles
    )
    session.flush()
    _confirm(session, actor, release, lead, now=now)
    payload = {"region": place, "partners": len(others), "needs": len(set(content.item_ids))}
    _note(session, actor, release.id, "release.opened", payload, now=now)
    for unit in others:
        text = f"{release.lead_name}邀请您的单位联合发布《{title}》。请核对内容后确认或谢绝。"
        _tell(session, unit, f"请确认联合发布《{title}》", text, release.id, now=now, new_id=new_id)
    return get(session, actor, release.id)


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
    release = _waiting(session, actor, release_id)
    publisher = session.get(ReleasePublisher, (release_id, organisation_id))
    if publisher is None or not speaks_for(actor, organisation_id):
        raise NotAllowed("只有受邀单位的负责人或经办人可以确认。", code="not_a_publisher")
    if digest != digest_of(session, release, lines_of(session, release)):
        raise Conflict("您打开页面之后，要发布的内容有了变化。请核对最新内容后再确认。", code="release_moved_on")
    if accepts:
        _confirm(session, actor, release, organisation_id, now=now)
    else:
        publisher.confirmed_at = publisher.confirmed_by = publisher.confirmed_digest = None
        publisher.declined_at = now
        session.add(publisher)
        session.flush()
    word = "confirmed" if accepts else "declined"
    _note(session, actor, release.id, f"release.{word}", {"organisation_id": organisation_id}, now=now)
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
    release = _waiting(session, actor, release_id)
    require_may_run_lists(actor, region=release.region)
    _require_version(release, version)
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
    _note(session, actor, release.id, "release.published", {"edition_id": edition_id}, now=now)
    for one in card.publishers:
        if one.role is PublisherRole.JOINT:
            text = f"贵单位联合发布的《{release.title}》已经公开。"
            _tell(session, one.organisation_id, text, text, release.id, now=now, new_id=new_id)
    return edition_id


def withdraw(session: Session, actor: Actor, release_id: str, *, version: int, now: datetime) -> None:
    """Give a release up before it is published; its needs and its intake are free again."""
    release = _waiting(session, actor, release_id)
    require_may_run_lists(actor, region=release.region)
    _require_version(release, version)
    release.state, release.version = ReleaseState.WITHDRAWN, release.version + 1
    release.closed_at, release.closed_by = now, actor.account_id
    session.add(release)
    session.flush()
    _note(session, actor, release.id, "release.withdrawn", {}, now=now)


def _title(session: Session, actor: Actor, content: Content) -> str:
    if content.series_id is not None:
        chosen = series.get(session, content.series_id)
        require_may_run_lists(actor, region=chosen.region)
        return chosen.title
    title = collapsed(content.title)
    if not 0 < len(title) <= MAX_TITLE:
        message = f"请填写清单名称，不超过 {MAX_TITLE} 个字。"
        raise Invalid(message, code="bad_title", fields={"title": message})
    return title


def _require_content(session: Session, actor: Actor, content: Content, region: str, others: Sequence[str]) -> None:
    if content.intake_id is None and not content.item_ids:
        message = "请至少选一份导入的清单，或勾选要汇编的需求。"
        raise Invalid(message, code="nothing_to_publish", fields={"items": message})
    gathered.added(session, content.item_ids, region=region)
    if content.intake_id is not None:
        intake = intakes.get(session, actor, content.intake_id)
        if intake.card.state is not IntakeState.OPEN or not intake.card.sound:
            message = "这份导入已经办结或没有可发布的条目，请另选一份。"
            raise Invalid(message, code="intake_not_open", fields={"intake": message})
    if len(others) > MOST_PARTNERS:
        message = f"联合发布单位最多 {MOST_PARTNERS} 家。"
        raise Invalid(message, code="too_many_partners", fields={"partners": message})
    known = {one.organisation_id for one in candidates(session, actor)}
    if not set(others) <= known:
        message = "联合发布单位应是已公开的社区、SICN 机构或主办单位，请重新选择。"
        raise Invalid(message, code="not_a_candidate", fields={"partners": message})


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


def _confirm(session: Session, actor: Actor, release: Release, organisation_id: str, *, now: datetime) -> None:
    publisher = session.get_one(ReleasePublisher, (release.id, organisation_id))
    publisher.confirmed_digest = digest_of(session, release, lines_of(session, release))
    publisher.confirmed_at, publisher.confirmed_by, publisher.declined_at = now, actor.account_id, None
    session.add(publisher)
    session.flush()


def _waiting(session: Session, actor: Actor, release_id: str) -> Release:
    found = session.exec(select(Release).where(Release.id == release_id).with_for_update()).first()
    release = visible(session, actor, found)
    if release.state is not ReleaseState.WAITING:
        said = "已经发布" if release.state is ReleaseState.PUBLISHED else "已经撤回"
        raise Conflict(f"这次发布{said}，您的操作没有生效。", code="release_closed")
    return release


def _require_version(release: Release, version: int) -> None:
    if release.version != version:
        raise Conflict("您打开页面之后，这次发布有了变化。请刷新后再操作。", code="release_moved_on")


def _tell(
    session: Session,
    organisation_id: str,
    subject: str,
    text: str,
    release_id: str,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
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


def _note(
    session: Session, actor: Actor, release_id: str, action: str, payload: dict[str, object], *, now: datetime
) -> None:
    audit.write(
        session,
        aggregate="release",
        aggregate_id=release_id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )
