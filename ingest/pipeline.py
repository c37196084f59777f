"""Bytes of a list file become a reading: the one door of this package."""

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ingest import guarded, refusals, sheets, validation
from ingest.errors import Refused
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
    told: guarded.Told | None = None,
) -> Reading:
    """Read a list of any supported format; `name` is a label and never a path, `kind` overrules what the file says.

    `told` hears how far the reading of a long document is. Raises Refused, with one problem in Chinese, where nothing can
    be read.
    """
    label = labelled(name)
    try:
        require_size(data, label, limits)
        found = sniff(Probe(data, label, limits))
        if found.is_guarded and not guarded.is_inside():
            said = guarded.ask("list", data, name=label, limits=limits, asked={"kind": kind}, told=told)
            return reading_from_record(said)
        with _collector_resting():
            return _understood(data, found, label, kind, limits)
    except Refused:
        raise
    except (Exception, RecursionError) as error:
        # A reader of a foreign format may fail in ways that nobody foresaw; the sender gets a sentence, not a traceback.
        raise refusals.unreadable(label) from error


def answer(data: bytes, *, name: str, limits: Limits, asked: dict[str, Any]) -> dict[str, Any]:
    """What a guarded process gives that is asked for a list (`guarded.TASKS`)."""
    kind = ListKind(asked["kind"]) if asked["kind"] else None
    return reading_to_record(read_list(data, name=name, kind=kind, limits=limits))


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


def _understood(data: bytes, found: Reader, label: str, kind: ListKind | None, limits: Limits) -> Reading:
    blocks = found.read(data, name=label, limits=limits)
    understood = _sheets(gathering.gather(blocks), label, kind, limits)
    understood.extend(_prose(blocks, label, kind, limits))
    drafts = [draft for sheet in understood for draft in sheet.reading.drafts]
    problems = [*_of_whole_file(blocks), *(problem for sheet in understood for problem in sheet.problems)]
    rejected = [problem for problem in problems if problem.severity is Severity.REJECT]
    if not drafts and not rejected:
        raise _refusal(understood, label)
    problems.extend(validation.check(drafts))
    return Reading(
        file=label,
        digest=hashlib.sha256(data).hexdigest(),
        format=found.format,
        sheets=tuple(sheet.reading for sheet in understood),
        problems=_bounded(problems, label, limits),
    )


def _sheets(grids: Sequence[Grid], label: str, kind: ListKind | None, limits: Limits) -> list[Understood]:
    visible = sum(not grid.hidden for grid in grids)
    context = sheets.Context(label, kind, limits, only_sheet=visible == 1)
    return [sheets.understand(grid, context) for grid in grids]


def _of_whole_file(blocks: Sequence[Block]) -> Iterator[Problem]:
    """What a reader noticed of the file as a whole: it hands it over with a grid without rows."""
    for block in blocks:
        if isinstance(block, Grid) and not block.rows and not block.hidden:
            yield from block.problems


def _prose(blocks: Sequence[Block], label: str, kind: ListKind | None, limits: Limits) -> list[Understood]:
    """Numbered or labelled items in the running text of a document, beside those of its tables."""
    grid = gathering.prose(blocks)
    if grid is None:
        return []
    found = sheets.understand(grid, sheets.Context(label, kind, limits, only_sheet=True))
    return [found] if found.reading.drafts else []


def _refusal(understood: Sequence[Understood], label: str) -> Refused:
    if any(sheet.title_missing for sheet in understood):
        return refusals.not_titled(label)
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
