"""Releases by several publishers: each confirms what will be released, then it goes out in all their names.

What a publisher confirms is a digest of the content. Where the content changes afterwards (a need is amended or
closed, another edition came out), the digest no longer fits and it is asked again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts, messages, organisations
from marketplace.accounts.actors import Actor, acts_for, may, may_run_lists, require_may_run_lists
from marketplace.accounts.community_tables import Community
from marketplace.accounts.community_words import CommunityKind
from marketplace.accounts.rules.regions import clean_path
from marketplace.accounts.tables import Grant, Organisation
from marketplace.accounts.words import Role
from marketplace.kernel import audit, canonical
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.text import collapsed
from marketplace.lists import cards, gathered, intakes, series
from marketplace.lists.edition_views import EditionCard
from marketplace.lists.release_tables import Release, ReleaseItem, ReleasePublisher
from marketplace.lists.release_views import Candidate, PublisherView, ReleaseCard, ReleaseLine, ReleasePage
from marketplace.lists.release_words import PublisherRole, ReleaseState
from marketplace.lists.tables import Edition, Intake, Series
from marketplace.lists.words import IntakeState, Outcome

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


def get(session: Session, actor: Actor, release_id: str) -> ReleasePage:
    """A release with every line; NotFound for all but its publishers and those of its region."""
    release = _visible(session, actor, session.get(Release, release_id))
    lines = _lines(session, release) if release.state is ReleaseState.WAITING else ()
    digest = _digest(session, release, lines)
    intake = session.get(Intake, release.intake_id) if release.intake_id else None
    return ReleasePage(
        card=_card(session, release, digest),
        series_id=release.series_id,
        intake_id=release.intake_id,
        intake_name=intake.name if intake else None,
        intake_sound=intake.sound if intake else 0,
        lines=lines,
        digest=digest,
    )


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
    if digest != _digest(session, release, _lines(session, release)):
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
    lines = _lines(session, release)
    card = _card(session, release, _digest(session, release, lines))
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


def visible_to(session: Session, actor: Actor, *, state: ReleaseState | None = None) -> list[ReleaseCard]:
    """The releases of the actor's regions and those that its organisation is asked to publish, newest first."""
    found = select(Release).order_by(col(Release.opened_at).desc(), col(Release.id))
    rows = session.exec(found if state is None else found.where(Release.state == state)).all()
    seen = [row for row in rows if _may_see(session, actor, row)]
    return [_card(session, row, _current_digest(session, row)) for row in seen]


def candidates(session: Session, actor: Actor) -> list[Candidate]:
    """Whom an organiser may ask to publish with it: communities and agencies, and the offices of other organisers."""
    found: dict[str, Candidate] = {}
    public = (col(Community.confirmed_at).is_not(None), col(Community.closed_at).is_(None))
    keepers = session.exec(
        select(Community.kind, Organisation)
        .join(Organisation, col(Organisation.id) == col(Community.organisation_id))
        .where(*public)
    )
    for kind, unit in keepers:
        about = {CommunityKind.COMMUNITY: "OPC 社区", CommunityKind.SICN: "SICN 机构"}[CommunityKind(kind)]
        found[unit.id] = Candidate(unit.id, unit.name, about)
    offices = session.exec(
        select(Organisation)
        .join(Grant, col(Grant.organisation_id) == col(Organisation.id))
        .where(Grant.role == Role.ORGANISER, col(Grant.withdrawn_at).is_(None))
        .distinct()
    )
    for unit in offices:
        found.setdefault(unit.id, Candidate(unit.id, unit.name, "主办单位"))
    found.pop(actor.organisation_id or "", None)
    return sorted(found.values(), key=lambda one: (one.about, one.name, one.organisation_id))


def of_edition(session: Session, edition_id: str) -> tuple[PublisherView, ...]:
    """The publishers of an edition that several released together, the leading one first; none for other editions."""
    release = session.exec(select(Release).where(Release.edition_id == edition_id)).first()
    return () if release is None else _publishers(session, release, None)


def editions_of(session: Session, organisation_id: str) -> list[EditionCard]:
    """The editions that an organisation released alone or with others, newest first."""
    rows = session.exec(
        select(Edition, Series)
        .join(Series, col(Series.id) == col(Edition.series_id))
        .join(Release, col(Release.edition_id) == col(Edition.id))
        .join(ReleasePublisher, col(ReleasePublisher.release_id) == col(Release.id))
        .where(ReleasePublisher.organisation_id == organisation_id)
        .order_by(col(Edition.published_at).desc(), col(Edition.id))
    ).all()
    return cards.editions(session, rows)


def speaks_for(actor: Actor, organisation_id: str) -> bool:
    """Whether somebody may answer for a publisher: its people, or the organisers whose office it is."""
    return acts_for(actor, organisation_id) or any(
        grant.role is Role.ORGANISER and grant.organisation_id == organisation_id for grant in actor.grants
    )


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


def _lines(session: Session, release: Release) -> tuple[ReleaseLine, ...]:
    """What the release holds beside the rows of its intake: what stands of the edition before, then what was gathered."""
    picked = session.exec(
        select(ReleaseItem.item_id).where(ReleaseItem.release_id == release.id).order_by(col(ReleaseItem.item_id))
    ).all()
    before = gathered.carried(session, release.series_id, posted_only=release.intake_id is not None)
    known = {line.item_id for line in before}
    wanted = [item_id for item_id in picked if item_id not in known]
    return (*before, *gathered.added(session, wanted, region=release.region))


def _digest(session: Session, release: Release, lines: Sequence[ReleaseLine]) -> str:
    publishers = session.exec(
        select(ReleasePublisher.organisation_id)
        .where(ReleasePublisher.release_id == release.id)
        .order_by(col(ReleasePublisher.organisation_id))
    ).all()
    newest = series.newest_number(session, release.series_id) if release.series_id else 0
    return canonical.digest(
        {
            "title": release.title,
            "series_id": release.series_id,
            "after": newest,
            "intake_id": release.intake_id,
            "publishers": list(publishers),
            "lines": [[line.item_id, line.item_number, line.outcome.value, line.digest] for line in lines],
        }
    )


def _current_digest(session: Session, release: Release) -> str | None:
    if release.state is not ReleaseState.WAITING:
        return None
    try:
        return _digest(session, release, _lines(session, release))
    except Conflict:
        return ""  # a gathered need was closed: nobody has confirmed what is left


def _confirm(session: Session, actor: Actor, release: Release, organisation_id: str, *, now: datetime) -> None:
    publisher = session.get_one(ReleasePublisher, (release.id, organisation_id))
    publisher.confirmed_digest = _digest(session, release, _lines(session, release))
    publisher.confirmed_at, publisher.confirmed_by, publisher.declined_at = now, actor.account_id, None
    session.add(publisher)
    session.flush()


def _card(session: Session, release: Release, digest: str | None) -> ReleaseCard:
    names = accounts.names(session, {release.opened_by})
    return ReleaseCard(
        id=release.id,
        title=release.title,
        region=release.region,
        state=release.state,
        version=release.version,
        opened_by=names.get(release.opened_by, ""),
        opened_at=release.opened_at,
        closed_at=release.closed_at,
        edition_id=release.edition_id,
        publishers=_publishers(session, release, digest),
    )


def _publishers(session: Session, release: Release, digest: str | None) -> tuple[PublisherView, ...]:
    rows = session.exec(
        select(ReleasePublisher, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(ReleasePublisher.organisation_id))
        .where(ReleasePublisher.release_id == release.id)
    ).all()
    names = accounts.names(session, {row.confirmed_by for row, _name in rows if row.confirmed_by})
    found = [
        PublisherView(
            organisation_id=row.organisation_id,
            name=name,
            role=row.role,
            asked_at=row.asked_at,
            confirmed_by=names.get(row.confirmed_by or ""),
            confirmed_at=row.confirmed_at,
            declined_at=row.declined_at,
            is_current=row.confirmed_at is not None and digest in {None, row.confirmed_digest},
        )
        for row, name in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.role is not PublisherRole.LEAD, one.name, one.organisation_id)))


def _may_see(session: Session, actor: Actor, release: Release) -> bool:
    if may_run_lists(actor, region=release.region) or may(actor, Role.SUPERVISOR, region=release.region):
        return True
    where = actor.organisation_id
    return (
        where is not None
        and speaks_for(actor, where)
        and session.get(ReleasePublisher, (release.id, where)) is not None
    )


def _visible(session: Session, actor: Actor, release: Release | None) -> Release:
    if release is None or not _may_see(session, actor, release):
        raise NotFound("没有这次发布，或您无权查看。", code="release_missing")
    return release


def _waiting(session: Session, actor: Actor, release_id: str) -> Release:
    found = session.exec(select(Release).where(Release.id == release_id).with_for_update()).first()
    release = _visible(session, actor, found)
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
