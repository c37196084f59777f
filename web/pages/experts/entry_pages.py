"""The page of one entry of the expert pool, which several routes show: to its expert, the office, supervisors."""

from collections.abc import Callable
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.experts import entries
from marketplace.experts.rules import standing
from marketplace.experts.rules.standing import Party
from marketplace.experts.views import EntryView, Kept
from marketplace.experts.words import ExpertEvent
from marketplace.kernel.errors import Conflict, Invalid
from web.dependencies import Desk
from web.pages import render
from web.pages.experts import entry_forms, history, words
from web.pages.experts.entry_forms import Told

NOTHING: Final = Told({})


async def show(
    request: Request,
    desk: Desk,
    expert_id: str,
    *,
    at: str = "",
    told: Told = NOTHING,
    errors: dict[str, str] | None = None,
    conflict: str = "",
) -> HTMLResponse:
    """Show an entry; `at` is the form that was sent and refused, with what was typed."""
    entry = await desk.read(lambda session: entries.get(session, desk.require_actor(), expert_id))
    is_own = entry.party is Party.EXPERT
    return render.page(
        request,
        desk,
        "experts/show.html",
        status=409 if conflict else 422 if errors else 200,
        entry=entry,
        is_own=is_own,
        acts=acts(entry),
        account=history.account(entry.form.bank_account, is_own=is_own),
        changes=history.changes(entry, is_own=is_own),
        at=at,
        told=told,
        errors=errors or {},
        conflict=conflict,
        may_change=lambda kept: may_change(entry, kept),
        words=words,
    )


async def act(
    request: Request,
    desk: Desk,
    expert_id: str,
    *,
    at: str,
    verb: Callable[[Session, Told], object],
    done: str,
    prefix: Callable[[dict[str, str]], dict[str, str]] = dict,
) -> Response:
    """Do something to an entry and go back to its page; what is refused is shown there with what was typed."""
    told = await entry_forms.told(request)
    try:
        await desk.write(lambda session: verb(session, told))
    except Invalid as wrong:
        return await show(request, desk, expert_id, at=at, told=told, errors=prefix(wrong.fields))
    except Conflict as conflict:
        return await show(request, desk, expert_id, at=at, told=told, conflict=conflict.message)
    return RedirectResponse(f"/experts/{expert_id}?done={done}", status_code=303)


def acts(entry: EntryView) -> frozenset[str]:
    """What whoever looks may do to an entry now."""
    if entry.party is None:
        return frozenset()
    found = {event.value for event in ExpertEvent if standing.may(entry.state, event, entry.party, reason=entry.reason)}
    if entry.state in standing.LIVE:
        found |= {"link", "edit" if entry.party is Party.EXPERT else "set_term"}
    return frozenset(found)


def may_change(entry: EntryView, kept: Kept) -> bool:
    """Whether whoever looks may end or strike out a tie or a relation."""
    is_foreign = entry.party is Party.EXPERT and kept.by_office
    return "link" in acts(entry) and kept.removed_at is None and not is_foreign
