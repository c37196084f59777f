"""Some suppliers side by side for one need: a row for each requirement, a column for each supplier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from marketplace.lists.views import ItemRecord
from marketplace.profiles import checks, profiles
from marketplace.profiles.views import ProfilePage
from matching import corpus
from matching.documents import Ranking
from web.dependencies import Desk
from web.pages import wording
from web.pages.matches import answers, suppliers
from web.pages.matches.answers import Answer, Point

LEAST: Final = 2
MOST: Final = 4
UNSAID: Final = "未写明"


@dataclass(frozen=True, slots=True)
class Column:
    """One supplier: how well it answers, and what one wants to know of it besides."""

    answer: Answer
    people: str
    region: str
    price: str
    cases: str


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement, and for each supplier what answers it; None where the title is answered by no one sentence."""

    requirement: str
    number: int | None
    is_core: bool
    cells: tuple[Point | None, ...]


@dataclass(frozen=True, slots=True)
class Abreast:
    """The comparison; `missing` tells how many of those asked for cannot be compared."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    missing: int


def problem(ids: Sequence[str]) -> str:
    """What is wrong with a choice; "" where it can be compared."""
    if LEAST <= len(ids) <= MOST:
        return ""
    chosen = f"您选了 {len(ids)} 家" if ids else "您还没有选"
    return f"{chosen}。请在匹配的 OPC 里勾选 {LEAST} 至 {MOST} 家，再并排比较。"


async def compared(desk: Desk, record: ItemRecord, ids: Sequence[str]) -> Abreast:
    """Hold some suppliers against one need; those that do not reach what a page may recommend are left out."""
    need, allowed = corpus.need(record), frozenset(ids)
    ranking = await desk.match(lambda engine: engine.rank_profiles(need, top=len(ids), allowed=allowed))
    return await desk.read(lambda session: _known(session, ranking, record, wanted=len(ids)))


def _known(session: Session, ranking: Ranking, record: ItemRecord, *, wanted: int) -> Abreast:
    found = answers.shown(ranking, suppliers.subjects(session, ranking, record))
    columns = tuple(_column(session, answer) for answer in found)
    return Abreast(columns, _rows(found), wanted - len(found))


def _column(session: Session, answer: Answer) -> Column:
    profile_id = answer.href.removeprefix("/opcs/")
    page = profiles.get(session, profile_id)
    card = page.card
    return Column(
        answer,
        people=f"{card.team_size} 人" if card.team_size is not None else UNSAID,
        region=wording.region(card.region) if card.region else UNSAID,
        price=profiles.prices(session, (profile_id,)).get(profile_id, UNSAID),
        cases=_cases(session, page),
    )


def _cases(session: Session, page: ProfilePage) -> str:
    told = page.current.form.cases if page.current is not None else ()
    if not told:
        return "没有写案例"
    checked = checks.of_profile(session, page.id)
    return f"{len(told)} 个，其中 {sum(checks.digest(case) in checked for case in told)} 个已核验"


def _rows(found: Sequence[Answer]) -> tuple[Row, ...]:
    held: list[Mapping[str, Point]] = [{point.requirement: point for point in answer.points} for answer in found]
    asked = {point.requirement: point for answer in found for point in answer.points}
    order = sorted(asked.values(), key=lambda point: (not point.is_core, point.number or len(asked) + 1))
    return tuple(
        Row(one.requirement, one.number, one.is_core, tuple(points.get(one.requirement) for points in held))
        for one in order
    )
