"""Bytes of a list file become a reading: the one door of this package."""

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ingest import guarded, refusals, sheets, validation
from ingest.columns.plans import NO_MAPPINGS, Mappings
from ingest.columns.roles import Role
from ingest.errors import Refused, TakesLong
from ingest.fields import ListKind, Problem, Reading, Severity
from ingest.formats import Probe, Reader
from ingest.grid import Block, Grid
from ingest.layout import gathering
from ingest.limits import DEFAULT, Limits
from ingest.records import reading_from_record, reading_to_record
from ingest.sheets import Understood
from ingest.sniff import sniff


def read_list(
    data: bytes,
    *,
    name: str,
    kind: ListKind | None = None,
    limits: Limits = DEFAULT,
    mappings: Mappings = NO_MAPPINGS,
    told: guarded.Told | None = None,
    seconds: float | None = None,
) -> Reading:
    """Read a list of any supported format; `name` is a label and never a path, `kind` overrules what the file says.

    `mappings` are what people have said of columns. `told` hears how far the reading of a long document is. Raises
    Refused, with one problem in Chinese, where nothing can be read; TakesLong where a document is not read after
    `seconds`, when they are given.
    """
    label = labelled(name)
    try:
        require_size(data, label, limits)
        found = sniff(Probe(data, label, limits))
        if found.is_guarded and not guarded.is_inside():
            columns = {layout: dict(roles) for layout, roles in mappings.items()}
            asked = {"kind": kind, "mappings": columns}
            said = guarded.ask("list", data, name=label, limits=limits, asked=asked, told=told, seconds=seconds)
            return reading_from_record(said)
        with _collector_resting():
            return _Understanding(label, kind, limits, mappings).of(data, found)
    except (Refused, TakesLong):
        raise
    except (Exception, RecursionError) as error:
        # A reader of a foreign format may fail in ways that nobody foresaw; the sender gets a sentence, not a traceback.
        raise refusals.unreadable(label) from error


def answer(data: bytes, *, name: str, limits: Limits, asked: dict[str, Any]) -> dict[str, Any]:
    """What a guarded process gives that is asked for a list (`guarded.TASKS`)."""
    kind = ListKind(asked["kind"]) if asked["kind"] else None
    mappings = {
        layout: {label: Role(role) for label, role in roles.items()} for layout, roles in asked["mappings"].items()
    }
    return reading_to_record(read_list(data, name=name, kind=kind, limits=limits, mappings=mappings))


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Nothing read here refers back to itself, and looking for such cycles among a million cells takes a sixth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def require_size(data: bytes, label: str, limits: Limits) -> None:
    if len(data) > limits.bytes:
        raise refusals.too_large(label, f"超过 {limits.bytes // (1024 * 1024)} MB")


def labelled(name: str) -> str:
    base = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in base if character.isprintable())[:200] or "未命名"


@dataclass(frozen=True, slots=True)
class _Understanding:
    """How one file is understood."""

    label: str
    kind: ListKind | None
    limits: Limits
    mappings: Mappings

    def of(self, data: bytes, found: Reader) -> Reading:
        """The reading of the bytes of a format."""
        blocks = found.read(data, name=self.label, limits=self.limits)
        understood = self._sheets(gathering.gather(blocks))
        understood.extend(self._prose(blocks))
        drafts = [draft for sheet in understood for draft in sheet.reading.drafts]
        problems = [*_of_whole_file(blocks), *(problem for sheet in understood for problem in sheet.problems)]
        problems.extend(validation.check(drafts))
        reading = Reading(
            file=self.label,
            digest=hashlib.sha256(data).hexdigest(),
            format=found.format,
            sheets=tuple(sheet.reading for sheet in understood),
            problems=_bounded(problems, self.label, self.limits),
        )
        if not drafts and not any(problem.severity is Severity.REJECT for problem in problems):
            raise _refusal(understood, reading)
        return reading

    def _sheets(self, grids: Sequence[Grid]) -> list[Understood]:
        visible = sum(not grid.hidden for grid in grids)
        return [sheets.understand(grid, self._context(only_sheet=visible == 1)) for grid in grids]

    def _prose(self, blocks: Sequence[Block]) -> list[Understood]:
        """Numbered or labelled items in the running text of a document, beside those of its tables."""
        grid = gathering.prose(blocks)
        if grid is None:
            return []
        found = sheets.understand(grid, self._context(only_sheet=True))
        return [found] if found.reading.drafts else []

    def _context(self, *, only_sheet: bool) -> sheets.Context:
        return sheets.Context(self.label, self.kind, self.limits, only_sheet, self.mappings)


def _of_whole_file(blocks: Sequence[Block]) -> Iterator[Problem]:
    """What a reader noticed of the file as a whole: it hands it over with a grid without rows."""
    for block in blocks:
        if isinstance(block, Grid) and not block.rows and not block.hidden:
            yield from block.problems


def _refusal(understood: Sequence[Understood], reading: Reading) -> Refused:
    label = reading.file
    if any(sheet.title_missing for sheet in understood):
        problem = refusals.not_titled(label).problem
        return Refused(problem, replace(reading, problems=(problem, *reading.problems)))
    if any(problem.code == "example_row" for sheet in understood for problem in sheet.problems):
        return refusals.only_example(label)
    if any(sheet.header_found for sheet in understood):
        return refusals.no_rows(label)
    return refusals.no_header(label)


def _bounded(problems: Sequence[Problem], label: str, limits: Limits) -> tuple[Problem, ...]:
    """The problems in reading order; of too many the gravest, as many as the limits allow."""
    if len(problems) <= limits.problems:
        return tuple(problems)
    gravity = list(Severity)
    problems = sorted(problems, key=lambda problem: gravity.index(problem.severity))
    message = f"共有 {len(problems)} 个问题，只列出前 {limits.problems} 个。请先改正这些，再重新上传。"
    return (*problems[: limits.problems], Problem(label, Severity.NOTE, "more_problems", message))
