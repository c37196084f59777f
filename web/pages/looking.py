"""Noting who looked at a page, without the page waiting for it."""

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING, Final

from starlette.background import BackgroundTask

from marketplace.dealings import looks
from marketplace.kernel.words import SubjectKind

if TYPE_CHECKING:
    from web.dependencies import Desk

BATCH: Final = 50
"""So many visits by nobody in particular are counted here before they are written down together."""


class Visits:
    """Counts visits in memory; what a stopped process had not written yet is lost, which a number a day can bear."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counted: Counter[tuple[SubjectKind, str]] = Counter()

    def add(self, kind: SubjectKind, subject_id: str) -> dict[tuple[SubjectKind, str], int]:
        """Count one more; gives all that was counted once there is a batch of it, and begins anew."""
        with self._lock:
            self._counted[kind, subject_id] += 1
            if self._counted.total() < BATCH:
                return {}
            full, self._counted = dict(self._counted), Counter()
            return full


_VISITS: Final = Visits()


def noting(desk: "Desk", kind: SubjectKind, subject_id: str) -> BackgroundTask:
    """What notes a look once the page has been sent."""
    return BackgroundTask(note, desk, kind, subject_id)


async def note(desk: "Desk", kind: SubjectKind, subject_id: str) -> None:
    """Note a look at a page that was found: at most one write a day for each viewer, one for a batch of visitors."""
    if desk.signed_in is None:
        counted = _VISITS.add(kind, subject_id)
        if counted:
            await desk.jot(lambda session: looks.add_visits(session, counted, now=desk.now))
        return
    actor = desk.signed_in.actor
    is_due = await desk.read(
        lambda session: looks.is_due(session, actor, kind=kind, subject_id=subject_id, now=desk.now)
    )
    if is_due:
        await desk.jot(lambda session: looks.note(session, actor, kind=kind, subject_id=subject_id, now=desk.now))
