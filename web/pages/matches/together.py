"""Suppliers that answer a need together, as pages show them: who leads, and who answers which requirement with which words."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlmodel import Session

from marketplace.lists.views import ItemRecord
from matching import corpus
from matching.documents import Evidence, Need, Team, Verdict
from matching.statements import requirements
from web.pages.matches import suppliers
from web.pages.matches.answers import Answer, Grade, Point, Subject

if TYPE_CHECKING:
    from matching.engine import Engine
    from web.dependencies import Desk

MOST: Final = 5
UNFOLDED: Final = 2
"""How many teams show at once; the others unfold."""
LEAST_POINTS: Final = 2
"""A need with fewer requirements cannot be shared out."""


@dataclass(frozen=True, slots=True)
class Member:
    """One supplier of a team; `remarks` are shown beside its name."""

    id: str
    name: str
    href: str
    about: str
    remarks: tuple[str, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Share:
    """One requirement with what answers it, and whose words these are; `member` is None where nobody answers."""

    point: Point
    member: Member | None


@dataclass(frozen=True, slots=True)
class Together:
    """A team, who leads first, with every requirement of the need in order."""

    members: tuple[Member, ...]
    shares: tuple[Share, ...]

    @property
    def has_own(self) -> bool:
        """Whether the reader's own supplier is in it."""
        return any(member.is_own for member in self.members)

    @property
    def others(self) -> tuple[Member, ...]:
        """The members beside the reader's own supplier."""
        return tuple(member for member in self.members if not member.is_own)

    @property
    def open(self) -> tuple[Point, ...]:
        """The requirements that nobody of them answers."""
        return tuple(share.point for share in self.shares if share.member is None)

    def answered_by(self, member: Member) -> tuple[Point, ...]:
        """The requirements that fall to one of them."""
        return tuple(share.point for share in self.shares if share.member == member)


def may_be_asked(record: ItemRecord, answers: Sequence[Answer]) -> bool:
    """Whether it is worth asking for teams, by what is known of a need without asking: teams answer what nobody does alone."""
    if len(requirements(corpus.need(record))) < LEAST_POINTS:
        return False
    return not any(not answer.is_blocked and _leaves_nothing(answer) for answer in answers)


async def answering(desk: "Desk", record: ItemRecord, *, own: str | None) -> tuple[Together, ...]:
    """The teams that answer a need where nobody does alone, those with the reader's own supplier first."""
    need = corpus.need(record)
    found: list[Team] = []
    if own is not None:
        found += await with_own(desk, need, own)
    found += await composed(desk, need)
    each = list({frozenset(team.members): team for team in reversed(found)}.values())[::-1][:MOST]
    return await desk.read(lambda session: _told(session, each, record, own))


async def composed(desk: "Desk", need: Need) -> tuple[Team, ...]:
    """The teams for a need, whoever reads them, as the index names them."""
    return await desk.compose(_key("teams", need, ""), lambda engine: engine.teams(need, most=MOST))


async def with_own(desk: "Desk", need: Need, own: str) -> tuple[Team, ...]:
    """The teams for a need that have one supplier among their members."""
    return await desk.compose(_key("teams", need, own), lambda engine: engine.teams(need, including=own, most=MOST))


async def including(desk: "Desk", record: ItemRecord, own: str) -> tuple[Together, ...]:
    """The same teams, as pages show them."""
    found = await with_own(desk, corpus.need(record), own)
    return await desk.read(lambda session: _told(session, found, record, own))


async def shared_out(desk: "Desk", record: ItemRecord, ids: Sequence[str], *, own: str | None) -> Together:
    """The requirements of a need shared out among some suppliers, whoever they are; also those that answer nothing stay."""
    asked = replace(corpus.need(record), requirements=requirements(corpus.need(record)))
    wanted = tuple(dict.fromkeys(ids))
    covers = await desk.compose(_key("shares", asked, *wanted), lambda engine: _covers(engine, asked, wanted))

    def tell(session: Session) -> Together:
        known = suppliers.named(session, wanted, record)
        return _together(tuple(one for one in wanted if one in known), covers, known, record, own)

    return await desk.read(tell)


def _key(what: str, need: Need, *more: str) -> Hashable:
    return (what, need.id, *more)


def _leaves_nothing(answer: Answer) -> bool:
    return bool(answer.points) and all(point.grade is not Grade.GAP for point in answer.points)


def _told(session: Session, found: Sequence[Team], record: ItemRecord, own: str | None) -> tuple[Together, ...]:
    # What the index names is looked up again; a team that lost somebody since is none.
    known = suppliers.named(session, tuple(dict.fromkeys(one for team in found for one in team.members)), record)
    return tuple(
        _together(team.members, team.covers, known, record, own)
        for team in found
        if all(member in known for member in team.members)
    )


def _together(
    ids: Sequence[str],
    covers: Mapping[str, tuple[str, Evidence]],
    known: Mapping[str, Subject],
    record: ItemRecord,
    own: str | None,
) -> Together:
    members = {one: _member(one, known[one], own) for one in ids}
    return Together(tuple(members.values()), tuple(_shares(covers, members, record)))


def _member(member_id: str, subject: Subject, own: str | None) -> Member:
    return Member(member_id, subject.name, subject.href, subject.about, subject.remarks, is_own=member_id == own)


def _shares(
    covers: Mapping[str, tuple[str, Evidence]], members: Mapping[str, Member], record: ItemRecord
) -> Iterator[Share]:
    numbered = bool(record.requirements)
    for number, requirement in enumerate(requirements(corpus.need(record)), start=1):
        own_number = number if numbered else None
        by, evidence = covers.get(requirement, ("", None))
        if evidence is None or by not in members:
            yield Share(Point(requirement, own_number), None)
            continue
        said = evidence.statement
        yield Share(Point(requirement, own_number, said.text, said.source, evidence.shared), members[by])


def _covers(engine: "Engine", need: Need, ids: Sequence[str]) -> Mapping[str, tuple[str, Evidence]]:
    """Whose words answer each requirement most strongly, as the whole need is asked or the requirement by itself."""
    allowed = frozenset(ids)
    whole = engine.rank_profiles(need, top=len(ids), allowed=allowed, blockers=False)
    able: dict[str, dict[str, Evidence]] = {requirement: {} for requirement in need.requirements}
    for hit in whole.hits:
        for evidence in hit.evidence:
            if hit.score >= engine.settings.calibration.floor and evidence.shared and evidence.requirement in able:
                able[evidence.requirement][hit.id] = evidence
    for requirement, answered in able.items():
        alone = engine.rank_profiles(Need(need.id, requirement), top=len(ids), allowed=allowed, blockers=False)
        for hit in alone.hits:
            if hit.verdict is not Verdict.NONE and hit.evidence:
                answered.setdefault(hit.id, hit.evidence[0])
    return {
        requirement: max(answered.items(), key=lambda each: (each[1].strength, -ids.index(each[0])))
        for requirement, answered in able.items()
        if answered
    }
