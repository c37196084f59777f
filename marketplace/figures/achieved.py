"""What was achieved, counted from rows; every figure carries the rows behind it.

A scenario counts in the year in which it first appeared in public here, once however often it is released again.
A need counts as landed in the year in which its signing was made, once however many dealings it has.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from ingest.fields import ListKind
from marketplace.accounts.communities import communities, known_regions
from marketplace.accounts.communities.words import CommunityKind
from marketplace.accounts.tables import Organisation
from marketplace.dealings import outcomes as dealt
from marketplace.figures import events, targets
from marketplace.figures.rules.landing import Contract, contracts, landed
from marketplace.figures.rules.periods import Period, years
from marketplace.figures.rules.places import lies_in
from marketplace.figures.views import Counted, Figure, Goals, TargetView
from marketplace.figures.words import Measure, Span
from marketplace.kernel import money
from marketplace.kernel.batches import batches
from marketplace.kernel.chinese_time import BEIJING
from marketplace.lists.item_tables import Item, ItemVersion
from marketplace.lists.needs import outcomes as closed
from marketplace.lists.tables import Series
from marketplace.profiles.tables import Profile

EVER = years(2000, 9998)
OWNER = "需求方办结时登记"

Place = tuple[str, str | None, str]
"""A need's title, where it is stated to lie, and the region of its list or its owner."""


def figures(session: Session, goals: Goals, *, year: int) -> list[Figure]:
    """Every measure of a region in a year; one with several targets comes once for each, one with none all the same."""
    found: list[Figure] = []
    made = _contracts(session, goals.region)
    for measure in Measure:
        held = [one for one in goals.targets if one.form.measure is measure and _holds(one, year)]
        wanted: Sequence[TargetView | None] = held or [None]
        for target in wanted:
            period = _period(target, year)
            found.append(
                Figure(measure, goals.region, period, target, _rows(session, goals.region, measure, period, made))
            )
    return found


def of_counties(session: Session, region: str, *, year: int) -> list[Figure]:
    """What the counties of a region achieved of the targets that hold for each in a year, county by county."""
    found: list[Figure] = []
    every = _every_contract(session)
    for county in counties(session, region):
        made = _within(every, county)
        for target in targets.goals(session, county).targets:
            if _holds(target, year):
                period, measure = _period(target, year), target.form.measure
                found.append(Figure(measure, county, period, target, _rows(session, county, measure, period, made)))
    return found


def counties(session: Session, region: str) -> list[str]:
    """The regions right below another one that the platform knows; none below "" (everywhere)."""
    below = region.count("/") + 1
    inside = (one for one in known_regions.known(session) if region and one.startswith(f"{region}/"))
    return [one for one in inside if one.count("/") == below]


def figure(session: Session, goals: Goals, measure: Measure, *, year: int, span: Span = Span.YEARLY) -> Figure:
    """One measure of a region: the year's, or the one counted from the beginning of its target."""
    wanted = [one for one in figures(session, goals, year=year) if one.measure is measure]
    same = [one for one in wanted if one.target is not None and one.target.form.span is span]
    if same or span is Span.TOTAL:
        return (same or wanted)[0]
    period = years(year, year)
    made = _contracts(session, goals.region)
    return Figure(measure, goals.region, period, None, _rows(session, goals.region, measure, period, made))


def _holds(target: TargetView, year: int) -> bool:
    return target.form.first_year <= year <= target.form.last_year


def _period(target: TargetView | None, year: int) -> Period:
    if target is not None and target.form.span is Span.TOTAL:
        return years(target.form.first_year, target.form.last_year)
    return years(year, year)


def _rows(
    session: Session, region: str, measure: Measure, period: Period, made: Sequence[tuple[Contract, str]]
) -> tuple[Counted, ...]:
    if measure in {Measure.LANDED, Measure.ORDERED}:
        return tuple(_of_contracts(made, measure, period))
    counting = {
        Measure.SCENARIOS: _scenarios,
        Measure.EVENTS: _events,
        Measure.COMMUNITIES: _communities,
        Measure.OPCS: _opcs,
    }
    return tuple(counting[measure](session, region, period))


def _scenarios(session: Session, region: str, period: Period) -> Iterator[Counted]:
    rows = session.exec(
        select(Item, ItemVersion.written_at, Series.region, Organisation.region)
        .join(ItemVersion, (col(ItemVersion.item_id) == col(Item.id)) & (col(ItemVersion.number) == 1))
        .join(Series, col(Series.id) == col(Item.series_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Item.organisation_id), isouter=True)
        .where(
            Item.kind == ListKind.SCENARIO,
            col(ItemVersion.written_at) >= period.opens_at,
            col(ItemVersion.written_at) < period.closes_at,
        )
        .order_by(col(ItemVersion.written_at), col(Item.order_key).desc(), col(Item.id))
    )
    for item, written_at, listed_in, owner_in in rows:
        if lies_in(item.region, listed_in or owner_in or "", region):
            yield Counted(item.title, item.issuer or "单位未写明", f"/items/{item.id}", _day(written_at), 1)


def _events(session: Session, region: str, period: Period) -> Iterator[Counted]:
    for one in events.held_in(session, region, period):
        about = f"{one.form.kind.value} · {one.form.organiser} · {one.form.place}"
        yield Counted(one.form.title, about, f"/events/{one.id}", one.form.held_on, 1)


def _communities(session: Session, region: str, period: Period) -> Iterator[Counted]:
    for one in communities.public(session, kind=CommunityKind.COMMUNITY):
        confirmed_on = _day(one.confirmed_at or one.registered_at)
        if lies_in(None, one.form.region, region) and confirmed_on < period.end:
            yield Counted(one.name, one.form.address, f"/communities/{one.id}", confirmed_on, 1)


def _opcs(session: Session, region: str, period: Period) -> Iterator[Counted]:
    rows = session.exec(
        select(Profile, Organisation)
        .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
        .where(col(Profile.listed).is_(True))
        .order_by(col(Profile.id))
    )
    for profile, unit in rows:
        since = _day(unit.created_at)
        if since < period.end and lies_in(profile.region, unit.region, region):
            yield Counted(unit.name, profile.headline, f"/opcs/{profile.id}", since, 1)


def _contracts(session: Session, region: str) -> list[tuple[Contract, str]]:
    """Every contract of the needs of a region, whenever it was made, with the need's title."""
    return _within(_every_contract(session), region)


def _within(every: Sequence[tuple[Contract, Place]], region: str) -> list[tuple[Contract, str]]:
    return [(one, title) for one, (title, stated, home) in every if lies_in(stated, home, region)]


def _every_contract(session: Session) -> list[tuple[Contract, Place]]:
    signed = [
        Contract(one.item_id, one.opc_name, money.fen(one.amount) or 0, one.signed_on, one.confirmation)
        for one in dealt.signed_in_period(session, "", EVER.start, EVER.last_day)
    ]
    told = [
        Contract(one.item_id, one.supplier or "", money.fen(one.amount) or 0, one.signed_on, OWNER)
        for one in closed.in_period(session, "", EVER.start, EVER.last_day)
        if one.signed_on is not None
    ]
    every = contracts(signed, told)
    places = _places(session, [one.item_id for one in every])
    return [(one, places[one.item_id]) for one in every]


def _of_contracts(made: Sequence[tuple[Contract, str]], measure: Measure, period: Period) -> Iterator[Counted]:
    titles = {one.item_id: title for one, title in made}
    every = [one for one, _title in made]
    for one in every if measure is Measure.ORDERED else landed(every):
        adds = one.amount_fen if measure is Measure.ORDERED else 1
        if adds and period.start <= one.on < period.end:
            yield Counted(titles[one.item_id], one.opc_name, f"/items/{one.item_id}", one.on, adds, one.origin)


def _places(session: Session, item_ids: list[str]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for some in batches(item_ids):
        rows = session.exec(
            select(Item, Series.region, Organisation.region)
            .join(Series, col(Series.id) == col(Item.series_id), isouter=True)
            .join(Organisation, col(Organisation.id) == col(Item.organisation_id), isouter=True)
            .where(col(Item.id).in_(some))
        )
        for item, listed_in, owner_in in rows:
            found[item.id] = (item.title, item.region, listed_in or owner_in or "")
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()
