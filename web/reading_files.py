"""Reading the bytes of a list file with what is remembered of its publisher's columns; with a person waiting, or without."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.columns.plans import NO_MAPPINGS, Mappings
from ingest.errors import Refused
from ingest.fields import ListKind, Reading
from ingest.guarded import Told
from ingest.pipeline import read_list
from ingest.records import reading_to_record
from marketplace.kernel.jobs import TakenJob
from marketplace.lists.intakes import waiting
from marketplace.lists.intakes.mappings import Remembered

if TYPE_CHECKING:
    from web.installation import Installation


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list file: what it is called, what is in it, and what the uploader says that its rows are."""

    name: str
    data: bytes
    kind: ListKind | None

    def understood(self, remembered: Remembered, *, told: Told | None = None, seconds: float | None = None) -> Reading:
        """What is understood of it, its columns as people have said before.

        Where no column was taken for the names, the reading has no items and says so, for a person to help. Raises
        Refused where nothing can be read, TakesLong where it takes more than `seconds`.
        """
        reading = self._read(NO_MAPPINGS, told, seconds)
        said = remembered.about(reading)
        # The publisher stands in the file: it has to be read before anybody knows whose columns these are.
        return self._read(said, told, seconds) if said else reading

    def _read(self, mappings: Mappings, told: Told | None, seconds: float | None) -> Reading:
        try:
            return read_list(self.data, name=self.name, kind=self.kind, mappings=mappings, told=told, seconds=seconds)
        except Refused as refused:
            if refused.reading is None:
                raise
            return refused.reading


def read(installation: "Installation", job: TakenJob, *, told: Told) -> None:
    """Read the file that a job names; what cannot be read is told on its page."""
    intake_id = str(job.payload["intake_id"])
    with installation.store.reading() as session:
        asked = waiting.to_read(session, intake_id)
    if asked is None:
        return
    with installation.files.open(asked.file_digest) as file:
        found = ListFile(asked.name, file.read(), asked.kind)
    failure: str | None = None
    try:
        reading = reading_to_record(found.understood(asked.remembered, told=told))
    except Refused as refused:
        failure = refused.problem.message
    with installation.store.writing(request_id=f"job-{job.id}") as session:
        now = installation.clock()
        if failure is None:
            waiting.have_read(session, intake_id, reading, now=now)
        else:
            waiting.could_not_read(session, intake_id, failure, now=now)
