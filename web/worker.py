"""The clock and the job runner: one at a time over all processes, held by a lease; and what does the jobs that take long."""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from anyio import to_thread

from marketplace.kernel import jobs as rows
from marketplace.kernel import leases
from marketplace.kernel.jobs import TakenJob
from marketplace.lists import supplying
from marketplace.lists.intakes import waiting
from marketplace.lists.repeats import findings
from marketplace.rounds import clock, schedule
from web import jobs, reading_files, supply
from web.installation import Installation

LEASE = "clock"
LEASE_TIME = timedelta(seconds=60)
PLAN_EVERY = timedelta(hours=1)
PAUSE_SECONDS = 2.0
SLOW_TIME = timedelta(minutes=4)
"""Longer than a reading may be silent (ingest.guarded); each page renews it."""
TELL_SECONDS = 1.0

log = structlog.get_logger()


def _do(installation: Installation, job: TakenJob, *, worker: str, work: Callable[[TakenJob], None]) -> None:
    """Do a job that a worker holds, and say how it ended."""
    log.info("job_started", job=job.id, kind=job.kind, attempt=job.attempt)
    try:
        work(job)
    except Exception as failure:
        log.exception("job_failed", job=job.id, kind=job.kind)
        with installation.store.writing() as session:
            rows.fail(session, job.id, worker=worker, error=repr(failure), now=installation.clock())
    else:
        with installation.store.writing() as session:
            rows.finish(session, job.id, worker=worker, now=installation.clock())


class Worker:
    """Runs due jobs while it holds the lease; another worker takes over when it stops renewing it."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.name = secrets.token_hex(8)
        self._planned_at: datetime | None = None
        self._leads = False

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                worked = await to_thread.run_sync(self.step)
            except Exception:
                log.exception("worker_failed")
                worked = False
            if not worked:
                await asyncio.sleep(PAUSE_SECONDS)

    def step(self) -> bool:
        """Let the clock look at the rounds, then do one due job; returns whether there was one.

        Each round's tick, and taking, doing and ending a job are transactions of their own.
        """
        job = self._take()
        if self._leads:
            self.tick()
        if job is None:
            return False
        _do(self.installation, job, worker=self.name, work=partial(jobs.run, self.installation))
        return True

    def tick(self) -> None:
        """Let the clock look at every round that is due; one that fails is tried again and holds up no other."""
        installation = self.installation
        with installation.store.reading() as session:
            due = schedule.due(session, now=installation.clock())
        for round_id in due:
            try:
                with installation.store.writing(request_id=f"clock-{secrets.token_hex(4)}") as session:
                    clock.tick(
                        session,
                        round_id,
                        now=installation.clock(),
                        new_id=installation.new_id,
                        under_way=installation.admissions.begun_before,
                    )
            except Exception:
                log.exception("round_not_ticked", round=round_id)

    def _take(self) -> TakenJob | None:
        now = self.installation.clock()
        self._leads = False
        with self.installation.store.writing() as session:
            if not leases.hold(session, LEASE, self.name, until=now + LEASE_TIME, now=now):
                return None
            self._leads = True
            if self._planned_at is None or now >= self._planned_at + PLAN_EVERY:
                jobs.plan_hour(session, now=now, new_id=self.installation.new_id)
                self._planned_at = now
            return rows.take(session, worker=self.name, now=now, lease=LEASE_TIME, without=jobs.SLOW)


class SlowWorker:
    """Does the jobs that take long (`jobs.SLOW`), one after the other; every process has one, and the clock never waits for it."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.name = secrets.token_hex(8)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                worked = await to_thread.run_sync(self.step)
            except Exception:
                log.exception("slow_worker_failed")
                worked = False
            if not worked:
                await asyncio.sleep(PAUSE_SECONDS / 2)

    def step(self) -> bool:
        """Do one job that takes long, if one is due; returns whether there was."""
        job = self._take()
        if job is None:
            return False
        _do(self.installation, job, worker=self.name, work=self._work)
        return True

    def _take(self) -> TakenJob | None:
        now = self.installation.clock()
        with self.installation.store.reading() as session:
            is_due, is_lost = rows.is_due(session, kinds=jobs.SLOW, now=now), bool(waiting.lost(session))
        if not is_due and not is_lost:
            return None
        with self.installation.store.writing() as session:
            job = rows.take(session, worker=self.name, now=now, lease=SLOW_TIME, kinds=jobs.SLOW)
            if job is None:
                waiting.give_up_lost(session, now=now)
            return job

    def _work(self, job: TakenJob) -> None:
        if job.kind == waiting.JOB:
            reading_files.read(self.installation, job, told=self._telling(job))
        elif job.kind == supplying.JOB:
            supply.match(self.installation, job, told=self._holding(job))
        elif job.kind == findings.JOB:
            jobs.find_repeats(self.installation, job, told=self._holding(job))
        else:
            jobs.run(self.installation, job)

    def _holding(self, job: TakenJob) -> Callable[[], None]:
        """Holds a job, at most once in half of the time after which another would take it."""
        held_at = time.monotonic()

        def hold() -> None:
            nonlocal held_at
            if time.monotonic() - held_at < SLOW_TIME.total_seconds() / 2:
                return
            held_at, now = time.monotonic(), self.installation.clock()
            with self.installation.store.writing() as session:
                rows.renew(session, job.id, worker=self.name, until=now + SLOW_TIME)

        return hold

    def _telling(self, job: TakenJob) -> Callable[[int, int], None]:
        """Notes how far a reading is, at most once a second, and holds its job meanwhile."""
        said_at = time.monotonic()

        def tell(done: int, of: int) -> None:
            nonlocal said_at
            if time.monotonic() - said_at < TELL_SECONDS and done < of:
                return
            said_at, now = time.monotonic(), self.installation.clock()
            try:
                with self.installation.store.writing() as session:
                    waiting.have_reached(session, str(job.payload["intake_id"]), done=done, of=of)
                    rows.renew(session, job.id, worker=self.name, until=now + SLOW_TIME)
            except Exception:
                # The reading goes on: it would be the wrong thing to lose for a line of progress.
                log.exception("progress_not_told", job=job.id)

        return tell
