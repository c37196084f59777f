"""Series: a publisher's lists that re-issue."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from ingest.fields import Draft, ListKind
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules.names import name_key
from marketplace.kernel.batches import batches, insert_unless_there
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.kernel.text import collapsed, folded
from marketplace.lists.edition_views import SeriesCard
from marketplace.lists.item_tables import Item
from marketplace.lists.tables import Edition, EditionEntry, Series
from marketplace.lists.words import ItemState

MAX_TITLE = 120
LEAST_OVERLAP = 0.2
MOST_SUGGESTIONS = 5
MOST_OTHERS = 20


def find_or_open(
    session: Session,
    actor: Actor,
    *,
    title: str,
    publisher: str,
    region: str,
    now: datetime,
    new_id: Callable[[], str],
) -> Series:
    """The series of a publisher by its title, opened where there is none. Raises Invalid without a title."""
    if not 0 < len(collapsed(title)) <= MAX_TITLE:
        message = f"请填写清单名称，不超过 {MAX_TITLE} 个字。"
        raise Invalid(message, code="bad_title", fields={"series_title": message})
    keys = {"title_key": folded(title), "publisher_key": name_key(publisher), "region": region}
    shown = {"title": collapsed(title), "publisher": collapsed(publisher), "first_number": 1}
    fresh = {"id": new_id(), "opened_by": actor.account_id, "opened_at": now, **shown, **keys}
    # Of two that open one series at the same moment, the second waits here and then finds the first one's.
    if session.exec(select(Series.id).filter_by(**keys)).first() is None:
        insert_unless_there(session, Series, [fresh])
    return session.exec(select(Series).filter_by(**keys).with_for_update()).one()


def locked(session: Session, series_id: str) -> Series:
    """A series, held until the transaction ends, so that its editions are numbered one after the other."""
    series = session.exec(select(Series).where(Series.id == series_id).with_for_update()).first()
    if series is None:
        raise NotFound("没有这份清单，可能已被合并；请重新选择。", code="series_missing")
    return series


def get(session: Session, series_id: str) -> SeriesCard:
    """A series, or NotFound."""
    series = session.get(Series, series_id)
    if series is None:
        raise NotFound("没有这份清单，可能已被合并；请重新选择。", code="series_missing")
    return _card(session, series)


def of_region(session: Session, region: str, *, kinds: Iterable[ListKind] | None = None) -> list[SeriesCard]:
    """The series of a region, the one that came out last first; with `kinds`, those that have held such items."""
    return [_card(session, one) for one in _newest_first(session, region, kinds)]


def newest_number(session: Session, series_id: str) -> int:
    """The number of a series' newest edition, 0 where it has none."""
    return session.exec(select(func.max(Edition.number)).where(Edition.series_id == series_id)).one() or 0


def suggestions(session: Session, drafts: Sequence[Draft], *, publisher: str, region: str) -> tuple[SeriesCard, ...]:
    """The series that a file may continue: those of its region whose open items it lists again, best first.

    Then come the others of the region that hold items of its kinds, the one that came out last first: a file may
    list new needs alone. `overlap` is the share of the file's rows whose title stands on the series; the same
    publisher comes first.
    """
    overlaps = _overlaps(session, drafts, region)
    near = [
        (series, overlaps.get(series.id, 0.0))
        for series in session.exec(select(Series).where(Series.region == region).order_by(col(Series.id)))
    ]
    key = name_key(publisher)
    likely = [(s, share) for s, share in near if share >= LEAST_OVERLAP or (key and s.publisher_key == key)]
    likely.sort(key=lambda pair: (-pair[1], pair[0].publisher_key != key, pair[0].id))
    first = likely[:MOST_SUGGESTIONS]
    known = {s.id for s, _share in first}
    kinds = {draft.list_kind for draft in drafts}
    others = [(s, overlaps.get(s.id, 0.0)) for s in _newest_first(session, region, kinds) if s.id not in known]
    return tuple(_card(session, s, round(share, 4)) for s, share in [*first, *others[:MOST_OTHERS]])


def _newest_first(session: Session, region: str, kinds: Iterable[ListKind] | None) -> list[Series]:
    last = (
        select(col(Edition.series_id), func.max(Edition.published_at).label("at")).group_by(col(Edition.series_id))
    ).subquery()
    query = (
        select(Series)
        .join(last, last.c.series_id == col(Series.id), isouter=True)
        .where(Series.region == region)
        .order_by(last.c.at.is_(None), last.c.at.desc(), col(Series.title), col(Series.id))
    )
    if kinds is not None:
        # What was gathered belongs to no series: its entries say on which list it stands.
        listed = (
            select(Edition.series_id)
            .join(EditionEntry, col(EditionEntry.edition_id) == col(Edition.id))
            .join(Item, col(Item.id) == col(EditionEntry.item_id))
            .where(col(Item.kind).in_(list(kinds)))
        )
        query = query.where(col(Series.id).in_(listed))
    return list(session.exec(query))


def _card(session: Session, series: Series, overlap: float | None = None) -> SeriesCard:
    newest = session.exec(
        select(Edition.number, Edition.title)
        .where(Edition.series_id == series.id)
        .order_by(col(Edition.number).desc())
        .limit(1)
    ).first()
    number, title = newest or (0, "")
    return SeriesCard(series.id, series.title, series.publisher, series.region, number, overlap, title)


def _overlaps(session: Session, drafts: Sequence[Draft], region: str) -> dict[str, float]:
    titles = sorted({collapsed(draft.title) for draft in drafts})
    shared: dict[str, set[str]] = {}
    for some in batches(titles):
        rows = session.exec(
            select(Series.id, Item.title)
            .join(Item, col(Item.series_id) == col(Series.id))
            .where(Series.region == region, Item.state == ItemState.OPEN, col(Item.title).in_(some)),
        )
        for series_id, title in rows:
            shared.setdefault(series_id, set()).add(title)
    return {series_id: len(found) / len(titles) for series_id, found in shared.items()}
