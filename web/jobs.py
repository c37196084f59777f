"""The work nobody waits for: what the clock asks for, and what each kind of job does.

Every job is a thin wrapper around one verb, may be repeated without harm and takes plain arguments.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from marketplace.accounts.signing_in import email_changes, passkeys, registrations, resets, sessions, throttling
from marketplace.dealings import shown
from marketplace.experts import reminders
from marketplace.kernel import audit, idempotency, outbox
from marketplace.kernel import jobs as rows
from marketplace.kernel.jobs import TakenJob
from marketplace.lists import supplying
from marketplace.lists.intakes import waiting
from marketplace.lists.repeats import findings
from marketplace.lists.repeats.findings import Found
from marketplace.rounds import daily, filed, occasions, telling
from marketplace.rounds.bidding import draft_rows
from web import mail
from web.installation import Installation
from web.pages.rounds import answering

LOCAL = ZoneInfo("Asia/Shanghai")
TOKEN_BYTES = 32

SLOW = frozenset({waiting.JOB, findings.JOB, supplying.JOB})
"""Jobs that take long: files to be read, repeats to be found, whole lists to be matched. The clock of rounds must not wait for them."""

Work = Callable[[Session, Mapping[str, object], datetime], None]


def plan_hour(session: Session, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Ask for what is due each hour; asking twice, or by several workers, changes nothing."""
    yesterday = (now.astimezone(LOCAL) - timedelta(days=1)).date().isoformat()
    for kind, payload in (
        ("seal_day", {"day": yesterday}),
        ("sweep_sessions", {}),
        (reminders.JOB, {}),
        (daily.JOB, {}),
        (findings.JOB, {}),
    ):
        rows.put(session, kind=kind, payload=payload, now=now, new_id=new_id, unique_key=kind)


def run(installation: Installation, job: TakenJob) -> None:
    """Do one job in one transaction; a job that waits for others' machines holds none meanwhile."""
    if job.kind in _OUTSIDE:
        _OUTSIDE[job.kind](installation, job)
        return
    with installation.store.writing(request_id=_cause(job)) as session:
        _WORK[job.kind](session, job.payload, installation.clock())


def _cause(job: TakenJob) -> str:
    # What the audit chain names where no request did it: the job, as the log names it too.
    return f"job-{job.id}"


def _seal_day(session: Session, payload: Mapping[str, object], now: datetime) -> None:
    # A day is sealed once and days that were missed are sealed as well: the job is safe to repeat.
    audit.seal_until(session, day=date.fromisoformat(str(payload["day"])), now=now)


def _sweep(installation: Installation, job: TakenJob) -> None:
    now, real = installation.clock(), installation.real_clock()
    with installation.store.writing(request_id=_cause(job)) as session:
        # Sign-ins go by the real time in a sandbox too, and so do the files of keys.
        sessions.sweep(session, now=real)
        draft_rows.sweep(session, now=real)
        filed.sweep(session)
        throttling.sweep(session, now=now)
        idempotency.sweep(session, now=now)
        registrations.sweep(session, now=now)
        email_changes.sweep(session, now=now)
        passkeys.sweep(session, now=now)
        shown.sweep(session, now=now)


def _remind_experts(installation: Installation, job: TakenJob) -> None:
    with installation.store.writing(request_id=_cause(job)) as session:
        reminders.send(session, now=installation.clock(), new_id=installation.new_id)


def _remind_rounds(installation: Installation, job: TakenJob) -> None:
    with installation.store.writing(request_id=_cause(job)) as session:
        daily.send(session, now=installation.clock(), new_id=installation.new_id)


def _answer_resets(installation: Installation, job: TakenJob) -> None:
    with installation.store.writing(request_id=_cause(job)) as session:
        now, new_id = installation.clock(), installation.new_id
        resets.answer(session, new_token=lambda: secrets.token_urlsafe(TOKEN_BYTES), now=now, new_id=new_id)


def _tell_of_round(installation: Installation, job: TakenJob) -> None:
    round_id, occasion = str(job.payload["round_id"]), str(job.payload["occasion"])
    matched = _matched(installation, round_id) if occasion == "published" else set()
    with installation.store.writing(request_id=_cause(job)) as session:
        occasions.tell(session, round_id, occasion, matched, now=installation.clock(), new_id=installation.new_id)


def _matched(installation: Installation, round_id: str) -> set[str]:
    # A worker of its own has opened no index until the first round asks for one.
    if not installation.is_ready:
        installation.open_index()
    installation.follow()
    with installation.store.reading() as session:
        return answering.people(session, installation.engine, round_id)


def find_repeats(installation: Installation, job: TakenJob, *, told: Callable[[], None]) -> None:
    """Compare needs nobody has compared yet with all others; half of the time is left to those who wait for pages."""
    from matching.pace import Pace
    from matching.repeats import finding

    rest = Pace()

    def pause() -> None:
        told()
        rest()

    with installation.store.reading() as session:
        unseen = findings.unseen(session, limit=findings.AT_ONCE)
        known = findings.known(session, besides=unseen.drafts) if unseen.drafts else {}
    if not unseen.drafts:
        return
    found = finding.against(unseen.drafts, known, encoder=installation.encoder, pause=pause)
    with installation.store.writing(request_id=_cause(job)) as session:
        now, new_id = installation.clock(), installation.new_id
        rows = [Found(one.a, one.b, one.score, one.reason) for one in found]
        findings.record(session, unseen.numbers, rows, now=now)
        if len(unseen.drafts) == findings.AT_ONCE:
            findings.ask(session, now=now, new_id=new_id)


def _send_mail(installation: Installation, job: TakenJob) -> None:
    mail_id, store, settings = str(job.payload["mail_id"]), installation.store, installation.settings
    with store.reading() as session:
        waiting = outbox.to_send(session, mail_id)
    if waiting is None:
        return
    if not settings.sends_mail:
        with store.writing(request_id=_cause(job)) as session:
            outbox.note_unsendable(session, mail_id)
        return
    failure: mail.NotSent | None = None
    try:
        mail.send(waiting, settings)
    except mail.NotSent as caught:
        failure = caught
    with store.writing(request_id=_cause(job)) as session:
        now, new_id = installation.clock(), installation.new_id
        if failure is None:
            outbox.note_sent(session, mail_id, now=now, new_id=new_id)
        else:
            outbox.note_failed(
                session, mail_id, error=failure.message, is_final=failure.is_final, now=now, new_id=new_id
            )


_WORK: dict[str, Work] = {"seal_day": _seal_day}
_OUTSIDE: dict[str, Callable[[Installation, TakenJob], None]] = {
    "sweep_sessions": _sweep,
    reminders.JOB: _remind_experts,
    daily.JOB: _remind_rounds,
    resets.JOB: _answer_resets,
    outbox.JOB: _send_mail,
    telling.JOB: _tell_of_round,
}
