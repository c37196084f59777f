"""Whole lists held against the whole supply, off the pages: the result is a file that every server process reads."""

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from marketplace.kernel.batches import batches
from marketplace.kernel.files import PRIVATE_FILE, PRIVATE_FOLDER
from marketplace.kernel.jobs import TakenJob
from marketplace.lists import items, supplying
from marketplace.lists.supplying import Scope
from marketplace.lists.views import ItemCard, ItemRecord
from matching import corpus
from web.pages.matches import answers
from web.pages.matches.answers import Answer, Subject

if TYPE_CHECKING:
    from matching.documents import Ranking
    from web.installation import Installation

TOP: Final = 3
NOBODY: Final = "none"
"""The verdict on a need that nobody answers well enough to be shown."""
TELL_EVERY: Final = 20


@dataclass(frozen=True, slots=True)
class Best:
    """One of the best suppliers of a need, as far as the matcher tells."""

    profile_id: str
    score: float
    verdict: str
    met: int
    asked: int
    gap: str


@dataclass(frozen=True, slots=True)
class Line:
    """One need and its best suppliers, best first."""

    item_id: str
    sector: str
    bests: tuple[Best, ...]

    @property
    def verdict(self) -> str:
        """How well the best of them answers it."""
        return self.bests[0].verdict if self.bests else NOBODY


@dataclass(frozen=True, slots=True)
class Matrix:
    """All lines of a scope, when they were matched, and the last change of the market that was known then."""

    made_at: datetime
    position: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many needs of a scope are matched so far."""

    done: int
    of: int


def match(installation: "Installation", job: TakenJob, *, told: Callable[[], None]) -> None:
    """Match the needs of the scope that a job names, one after the other, and keep what was found."""
    if not installation.is_ready:
        installation.open_index()
    installation.follow()
    position = installation.engine.position
    folder = installation.settings.supply_dir
    scope = Scope(str(job.payload["region"]), str(job.payload["edition_id"]))
    with installation.store.reading() as session:
        order = supplying.needs(session, scope)
        known = {card.id: (card, record) for some in batches(order) for card, record in items.shown(session, some)}
    wanted = [known[item_id] for item_id in order if item_id in known]
    lines: list[Line] = []
    for done, (card, record) in enumerate(wanted):
        if done % TELL_EVERY == 0:
            _write(_part(folder, scope), {"done": done, "of": len(wanted)})
        began = time.monotonic()
        lines.append(_line(installation.engine.rank_profiles(corpus.need(record), top=TOP), card, record))
        told()
        # Half of the time is left to those who wait for pages of this process.
        time.sleep(time.monotonic() - began)
    found = Matrix(installation.clock(), position, tuple(lines))
    _write(_file(folder, scope), asdict(found))
    _part(folder, scope).unlink(missing_ok=True)


def find(folder: Path, scope: Scope) -> Matrix | None:
    """What was found for a scope last; None where it was never matched, or the file is none."""
    said = _read(_file(folder, scope))
    if said is None:
        return None
    lines = tuple(
        Line(one["item_id"], one["sector"], tuple(Best(**best) for best in one["bests"])) for one in said["lines"]
    )
    return Matrix(datetime.fromisoformat(said["made_at"]), said["position"], lines)


def progress(folder: Path, scope: Scope) -> Progress | None:
    """How far the matching of a scope is; None where it has not begun."""
    said = _read(_part(folder, scope))
    return None if said is None else Progress(said["done"], said["of"])


def _line(ranking: "Ranking", card: ItemCard, record: ItemRecord) -> Line:
    # Names are looked up where the line is shown, so that nothing hidden since can appear.
    subjects = {hit.id: Subject("", hit.id, "", record.requirements, need=record.title) for hit in ranking.hits}
    found = answers.shown(ranking, subjects)
    return Line(card.id, card.sector or "", tuple(map(_best, found[:TOP])))


def _best(answer: Answer) -> Best:
    grades = answer.grades
    return Best(answer.href, answer.score, answer.verdict, grades["met"], grades["all"], _first(_gaps(answer)))


def _gaps(answer: Answer) -> Iterable[str]:
    yield from answer.blockers
    yield from (point.requirement for point in answer.points if point.statement is None)


def _first(texts: Iterable[str]) -> str:
    return next(iter(texts), "")


def _file(folder: Path, scope: Scope) -> Path:
    return folder / f"{sha256(scope.key.encode()).hexdigest()[:32]}.json"


def _part(folder: Path, scope: Scope) -> Path:
    return _file(folder, scope).with_suffix(".part")


def _read(path: Path) -> Any:
    try:
        return orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    fresh = path.with_suffix(f"{path.suffix}.new")
    fresh.touch(mode=PRIVATE_FILE)
    fresh.write_bytes(orjson.dumps(value))
    fresh.replace(path)
