"""The clock and the job runner: one at a time over all processes, held by a lease."""

import asyncio
import secrets
from datetime import datetime, timedelta

import structlog
from anyio import to_thread

from marketplace.kernel import jobs as rows
from marketplace.kernel import leases
from marketplace.kernel.jobs import TakenJob
from marketplace.rounds import clock, schedule
from web import jobs
from web.installation import Installation

LEASE = "clock"
LEASE_TIME = timedelta(seconds=60)
PLAN_EVERY = timedelta(hours=1)
PAUSE_SECONDS = 2.0

log = structlog.get_logger()


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
        log.info("job_started", job=job.id, kind=job.kind, attempt=job.attempt)
        try:
            jobs.run(self.installation, job)
        except Exception as failure:
            log.exception("job_failed", job=job.id, kind=job.kind)
            with self.installation.store.writing() as session:
                rows.fail(session, job.id, worker=self.name, error=repr(failure), now=self.installation.clock())
        else:
            with self.installation.store.writing() as session:
                rows.finish(session, job.id, worker=self.name, now=self.installation.clock())
        return True

    def tick(self) -> None:
        """Let the clock look at every round that is due; one that fails is tried again and holds up no other."""
        installation = self.installation
        with installation.store.reading() as session:
            waiting = schedule.due(session, now=installation.clock())
        for round_id in waiting:
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
            return rows.take(session, worker=self.name, now=now, lease=LEASE_TIME)
