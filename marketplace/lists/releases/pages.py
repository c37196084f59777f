"""What publishers and readers see of releases: their lines, who has confirmed what, and the editions they became."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor, acts_for, may, may_run_lists
from marketplace.accounts.communities.tables import Community
from marketplace.accounts.communities.words import CommunityKind
from marketplace.accounts.tables import Grant, Organisation
from marketplace.accounts.words import Role
from marketplace.kernel import canonical
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.paging import Page, bounded
from marketplace.lists import cards, series
from marketplace.lists.edition_views import EditionCard
from marketplace.lists.publishing import gathered
from marketplace.lists.publishing.views import ReleaseLine
from marketplace.lists.reach import within_reach
from marketplace.lists.release_tables import Release, ReleaseItem, ReleasePublisher
from marketplace.lists.release_words import PublisherRole, ReleaseState
from marketplace.lists.releases.views import Candidate, PublisherView, ReleaseCard, ReleasePage
from marketplace.lists.tables import Edition, Intake, Series


def get(session: Session, actor: Actor, release_id: str) -> ReleasePage:
    """A release with every line; NotFound for all but its publishers and those of its region."""
    release = visible(session, actor, session.get(Release, release_id))
    lines = lines_of(session, release) if release.state is ReleaseState.WAITING else ()
    is_waiting = release.state is ReleaseState.WAITING
    digest = digest_of(session, release, lines) if is_waiting else ""
    intake = session.get(Intake, release.intake_id) if release.intake_id else None
    return ReleasePage(
        # What was confirmed stays confirmed once it is published: nothing can change it any more.
        card=card_of(session, release, digest if is_waiting else None),
        series_id=release.series_id,
        intake_id=release.intake_id,
        intake_name=intake.name if intake else None,
        intake_sound=intake.sound if intake else 0,
        lines=lines,
        digest=digest,
    )


def visible_to(
    session: Session, actor: Actor, *, state: ReleaseState | None = None, page: int = 1, size: int = 30
) -> Page[ReleaseCard]:
    """The releases of the actor's regions and those that its organisation is asked to publish, newest first."""
    number, limit = bounded(page, size)
    query = select(Release).where(_seen_by(actor))
    if state is not None:
        query = query.where(Release.state == state)
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    ordered = query.order_by(col(Release.opened_at).desc(), col(Release.id))
    rows = session.exec(ordered.offset((number - 1) * limit).limit(limit)).all()
    return Page([card_of(session, row, _current_digest(session, row)) for row in rows], total, number, limit)


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


def asked_of(session: Session, organisation_id: str) -> list[Release]:
    """The releases that wait and that an organisation is asked to publish with others, the oldest first."""
    return list(
        session.exec(
            select(Release)
            .join(ReleasePublisher, col(ReleasePublisher.release_id) == col(Release.id))
            .where(
                ReleasePublisher.organisation_id == organisation_id,
                ReleasePublisher.role == PublisherRole.JOINT,
                Release.state == ReleaseState.WAITING,
            )
            .order_by(col(Release.opened_at), col(Release.id))
        )
    )


def count_asked(session: Session, actor: Actor) -> int:
    """How many releases wait that the organisation an actor speaks for is asked to publish with others."""
    where = actor.organisation_id
    return len(asked_of(session, where)) if where is not None and speaks_for(actor, where) else 0


def speaks_for(actor: Actor, organisation_id: str) -> bool:
    """Whether somebody may answer for a publisher: its people, or the organisers whose office it is."""
    return acts_for(actor, organisation_id) or any(
        grant.role is Role.ORGANISER and grant.organisation_id == organisation_id for grant in actor.grants
    )


def lines_of(session: Session, release: Release) -> tuple[ReleaseLine, ...]:
    """What the release holds beside the rows of its intake: what stands of the edition before, then what was gathered."""
    picked = session.exec(
        select(ReleaseItem.item_id).where(ReleaseItem.release_id == release.id).order_by(col(ReleaseItem.item_id))
    ).all()
    before = gathered.carried(session, release.series_id, posted_only=release.intake_id is not None)
    known = {line.item_id for line in before}
    wanted = [item_id for item_id in picked if item_id not in known]
    return (*before, *gathered.added(session, wanted, region=release.region))


def digest_of(session: Session, release: Release, lines: Sequence[ReleaseLine]) -> str:
    """What a publisher confirms: a digest of everything that a release holds now, and of whose names stand over it."""
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
        return digest_of(session, release, lines_of(session, release))
    except Conflict:
        return ""  # a gathered need was closed: nobody has confirmed what is left


def card_of(session: Session, release: Release, digest: str | None) -> ReleaseCard:
    """The card of a release; `digest` is that of its content now, None where it is closed."""
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


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    here = within_reach(actor, col(Release.region))
    where = actor.organisation_id
    if where is None or not speaks_for(actor, where):
        return here
    asked = select(ReleasePublisher.release_id).where(ReleasePublisher.organisation_id == where)
    return or_(here, col(Release.id).in_(asked))


def visible(session: Session, actor: Actor, release: Release | None) -> Release:
    """A release that an actor may see, or NotFound."""
    if release is None or not _may_see(session, actor, release):
        raise NotFound("没有这次发布，或您无权查看。", code="release_missing")
    return release
