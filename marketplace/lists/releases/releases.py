"""Releases by several publishers: prepared and amended here; `releasing` has them confirmed and published.

What a publisher confirms is a digest of the content. Where the content changes afterwards (a need is amended or
closed, another edition came out), the digest no longer fits and it is asked again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, require_may_run_lists
from marketplace.accounts.rules.regions import clean_path
from marketplace.kernel.errors import Invalid
from marketplace.kernel.text import collapsed
from marketplace.lists import series
from marketplace.lists.intakes import intakes
from marketplace.lists.publishing import gathered
from marketplace.lists.release_tables import Release, ReleaseItem, ReleasePublisher
from marketplace.lists.release_words import PublisherRole, ReleaseState
from marketplace.lists.releases import steps
from marketplace.lists.releases.pages import (
    candidates,
    count_asked,
    editions_of,
    get,
    of_edition,
    speaks_for,
    visible_to,
)
from marketplace.lists.releases.releasing import answer, publish, tell_newly_manned
from marketplace.lists.releases.views import ReleasePage
from marketplace.lists.words import IntakeState

__all__ = [
    "Content",
    "amend",
    "answer",
    "candidates",
    "count_asked",
    "editions_of",
    "get",
    "of_edition",
    "open",
    "publish",
    "speaks_for",
    "tell_newly_manned",
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
    steps.confirm(session, actor, release, lead, now=now)
    payload = {"region": place, "partners": len(others), "needs": len(set(content.item_ids))}
    steps.note(session, actor, release.id, "release.opened", payload, now=now)
    for unit in others:
        steps.invite(session, release, unit, now=now, new_id=new_id)
    return get(session, actor, release.id)


def amend(
    session: Session,
    actor: Actor,
    release_id: str,
    *,
    version: int,
    title: str,
    partners: Sequence[str],
    now: datetime,
    new_id: Callable[[], str],
) -> ReleasePage:
    """Change the title of a new list, or who releases it together, while it waits; every confirmation is void then.

    A list that is there already keeps its title. The lead confirms by amending, the others are asked again.
    """
    release = steps.held(session, actor, release_id)
    require_may_run_lists(actor, region=release.region)
    steps.require_waiting(release)
    steps.require_version(release, version)
    rows = session.exec(select(ReleasePublisher).where(ReleasePublisher.release_id == release_id)).all()
    lead = next(row.organisation_id for row in rows if row.role is PublisherRole.LEAD)
    others = [one for one in dict.fromkeys(partners) if one != lead]
    _require_partners(session, actor, [one for one in others if one not in {row.organisation_id for row in rows}])
    _require_few(others)
    before = {row.organisation_id for row in rows if row.role is PublisherRole.JOINT}
    if release.series_id is None:
        release.title = _checked_title(title)
    release.version += 1
    session.add(release)
    for row in rows:
        if row.role is PublisherRole.JOINT and row.organisation_id not in others:
            session.delete(row)
            continue
        row.confirmed_at = row.confirmed_by = row.confirmed_digest = row.declined_at = None
        row.asked_at = now
        session.add(row)
    session.flush()
    session.add_all(
        ReleasePublisher(release_id=release_id, organisation_id=unit, role=PublisherRole.JOINT, asked_at=now)
        for unit in others
        if unit not in before
    )
    session.flush()
    if speaks_for(actor, lead):
        steps.confirm(session, actor, release, lead, now=now)
    steps.note(session, actor, release_id, "release.amended", {"partners": len(others)}, now=now)
    text = (
        f"{release.lead_name}修改了联合发布《{release.title}》的名称或发布单位，之前的确认已经作废，请核对后重新确认。"
    )
    for unit in others:
        steps.tell(session, unit, f"请确认联合发布《{release.title}》", text, release_id, now=now, new_id=new_id)
    for unit in sorted(before.difference(others)):
        text_gone = f"《{release.title}》不再由贵单位联合发布，不需要再确认。"
        steps.tell(session, unit, text_gone, text_gone, release_id, now=now, new_id=new_id)
    return get(session, actor, release_id)


def withdraw(session: Session, actor: Actor, release_id: str, *, version: int, now: datetime) -> None:
    """Give a release up before it is published; its needs and its intake are free again."""
    release = steps.held(session, actor, release_id)
    require_may_run_lists(actor, region=release.region)
    steps.require_waiting(release)
    steps.require_version(release, version)
    release.state, release.version = ReleaseState.WITHDRAWN, release.version + 1
    release.closed_at, release.closed_by = now, actor.account_id
    session.add(release)
    session.flush()
    steps.note(session, actor, release.id, "release.withdrawn", {}, now=now)


def _title(session: Session, actor: Actor, content: Content) -> str:
    if content.series_id is not None:
        chosen = series.get(session, content.series_id)
        require_may_run_lists(actor, region=chosen.region)
        return chosen.title
    return _checked_title(content.title)


def _checked_title(typed: str) -> str:
    title = collapsed(typed)
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
    _require_few(others)
    _require_partners(session, actor, others)


def _require_few(others: Sequence[str]) -> None:
    if len(others) > MOST_PARTNERS:
        message = f"联合发布单位最多 {MOST_PARTNERS} 家。"
        raise Invalid(message, code="too_many_partners", fields={"partners": message})


def _require_partners(session: Session, actor: Actor, others: Sequence[str]) -> None:
    known = {one.organisation_id for one in candidates(session, actor)}
    if not set(others) <= known:
        message = "联合发布单位应是已公开的社区、SICN 机构或主办单位，请重新选择。"
        raise Invalid(message, code="not_a_candidate", fields={"partners": message})
