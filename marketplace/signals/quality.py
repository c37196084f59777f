"""Measured quality: of the pairs shown as matches, how many came how far; and what came without having been shown.

It measures what people did, not whether they were right to, and nothing that ranks reads it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation
from marketplace.dealings.match_tables import Matcher, ShownMatch, ShownNone
from marketplace.dealings.shown import Pair, day_of
from marketplace.figures.rules.periods import Period
from marketplace.figures.rules.places import lies_in
from marketplace.kernel.batches import batches
from marketplace.lists.item_tables import Item
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.tables import Series
from marketplace.profiles.tables import Profile
from marketplace.signals import happened, shown_pairs
from marketplace.signals.rules.tallies import Group, Happened, Tally, furthest
from marketplace.signals.views import Missed, Quality
from marketplace.signals.words import ORDER, WON, Dimension

Sectors = dict[str, str]
"""The needs of a region with their sectors, "" where none is stated."""


def measure(session: Session, region: str, period: Period) -> Quality:
    """What became of the pairs shown in a period (whole months) for needs within a region ("" is everywhere).

    What came of a pair counts whenever it came, up to now, if it came on the day of its first showing or later.
    """
    start, end = period.start, period.end
    here = _needs_within(session, region)
    came = happened.by_pair(happened.of_market(session))
    looked = happened.by_pair(happened.looks(session, start, end))
    tally, needs = Tally(), set()
    for shown in shown_pairs.of_period(session, start, end):
        if shown.item_id not in here:
            continue
        pair = (shown.item_id, shown.profile_id)
        reached = furthest(shown, (*came.get(pair, ()), *looked.get(pair, ())))
        tally.add(shown, sector=here[shown.item_id], reached=reached.signal)
        needs.add(shown.item_id)
    since = _noted_since(session)
    won = _won(came, here, period, since)
    return Quality(
        region=region,
        start=start,
        end=end,
        noted_since=since,
        whole=Group("", tuple(tally.whole)),
        parts={one: tally.groups(one) for one in Dimension},
        matchers=_matchers(session),
        needs=len(needs),
        needs_without=len(_without(session, start, end) & here.keys()),
        won=len(won),
        missed=_missed(session, won),
        unanswered=_unanswered(session, won),
    )


def _needs_within(session: Session, region: str) -> Sectors:
    rows = session.exec(
        select(Item, Series.region, Organisation.region)
        .join(Series, col(Series.id) == col(Item.series_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Item.organisation_id), isouter=True)
    )
    return {
        item.id: item.sector or ""
        for item, listed_in, owner_in in rows
        if lies_in(item.region, listed_in or owner_in or "", region)
    }


def _noted_since(session: Session) -> date | None:
    days = [session.exec(select(func.min(table.first_day))).one() for table in (ShownMatch, ShownNone)]
    return min((day for day in days if day is not None), default=None)


def _won(came: Mapping[Pair, Sequence[Happened]], here: Sectors, period: Period, since: date | None) -> list[Happened]:
    """Who signed or won within the period, each pair once, since showings are noted; partners of a joint bid left out."""
    if since is None:
        return []
    found = []
    for (item_id, _), every in came.items():
        wins = [
            one for one in every if one.signal in WON and one.led and max(since, period.start) <= one.on < period.end
        ]
        if wins and item_id in here:
            found.append(max(wins, key=lambda one: (ORDER[one.signal], -one.on.toordinal())))
    return sorted(found, key=lambda one: (-one.on.toordinal(), one.item_id, one.profile_id))


def _without(session: Session, start: date, end: date) -> set[str]:
    within = (col(ShownNone.month) >= start, col(ShownNone.month) < end)
    return set(session.exec(select(ShownNone.item_id).where(*within).distinct()))


def _missed(session: Session, won: Sequence[Happened]) -> tuple[Missed, ...]:
    """Who won without having been shown by that day."""
    first: dict[Pair, date] = {}
    for some in batches(sorted({one.item_id for one in won})):
        query = (
            select(ShownMatch.item_id, ShownMatch.profile_id, func.min(ShownMatch.first_day))
            .where(col(ShownMatch.item_id).in_(some))
            .group_by(col(ShownMatch.item_id), col(ShownMatch.profile_id))
        )
        first |= {(item_id, profile_id): day for item_id, profile_id, day in session.exec(query)}
    unseen = [one for one in won if first.get((one.item_id, one.profile_id), date.max) > one.on]
    return _named(session, [(one, None) for one in unseen])


def _unanswered(session: Session, won: Sequence[Happened]) -> tuple[Missed, ...]:
    """Whose need's page had said, by that day, that nobody fits."""
    first: dict[str, date] = {}
    for some in batches(sorted({one.item_id for one in won})):
        query = (
            select(ShownNone.item_id, func.min(ShownNone.first_day))
            .where(col(ShownNone.item_id).in_(some))
            .group_by(col(ShownNone.item_id))
        )
        first |= dict(session.exec(query).all())
    late = [(one, first[one.item_id]) for one in won if first.get(one.item_id, date.max) <= one.on]
    return _named(session, late)


def _named(session: Session, found: Iterable[tuple[Happened, date | None]]) -> tuple[Missed, ...]:
    every = list(found)
    titles: dict[str, str] = {}
    names: dict[str, str] = {}
    for some in batches(sorted({one.item_id for one, _ in every})):
        titles |= dict(session.exec(select(Item.id, Item.title).where(col(Item.id).in_(some))).all())
    for some in batches(sorted({one.profile_id for one, _ in every})):
        query = select(Profile.id, Organisation.name).join(
            Organisation, col(Organisation.id) == col(Profile.organisation_id)
        )
        names |= dict(session.exec(query.where(col(Profile.id).in_(some))).all())
    return tuple(
        Missed(
            item_id=one.item_id,
            title=mask_text(titles[one.item_id]),
            profile_id=one.profile_id,
            name=names[one.profile_id],
            signal=one.signal,
            on=one.on,
            unanswered_on=unanswered_on,
        )
        for one, unanswered_on in every
    )


def _matchers(session: Session) -> dict[str, date]:
    rows = session.exec(select(Matcher.id, Matcher.first_used_at)).all()
    return {matcher_id: day_of(at) for matcher_id, at in rows}
