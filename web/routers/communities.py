"""Communities (OPC 社区) and SICN agencies: the public list, each with its OPCs, and the forms of its people."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor, acts_for, may_run_lists
from marketplace.accounts.communities import affiliations, communities
from marketplace.accounts.communities.views import CommunityView
from marketplace.accounts.communities.words import AffiliationState, CommunityKind
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.lists.releases import releases
from marketplace.profiles import profiles
from web.dependencies import AtDesk, Desk
from web.pages import community_forms, render, typed

router = APIRouter(prefix="/communities")

ANSWERS = frozenset({"accept", "decline", "end"})


@router.get("")
async def index(request: Request, desk: AtDesk, kind: str = "", region: str = "") -> HTMLResponse:
    """List the communities and agencies that an organiser confirmed."""
    chosen = CommunityKind(kind) if kind in set(CommunityKind) else None
    actor = desk.signed_in.actor if desk.signed_in else None

    def read(session: Session) -> dict[str, Any]:
        return {
            "communities": communities.public(session, region=region.strip(), kind=chosen),
            "waiting": communities.unconfirmed(session, actor) if actor else [],
        }

    return render.page(
        request,
        desk,
        "communities/index.html",
        kind=kind if chosen else "",
        region=region.strip(),
        may_register=communities.may_register(actor),
        **await desk.read(read),
    )


@router.get("/new")
async def new(request: Request, desk: AtDesk) -> HTMLResponse:
    """Offer the form with which a community registers itself, or an organiser registers one."""
    actor = desk.require_actor()
    communities.require_may_register(actor)
    region = next((grant.region for grant in actor.grants if grant.region), desk.settings.region)
    return _form(request, desk, {**dict.fromkeys(community_forms.FIELDS, ""), "kind": "community", "region": region})


@router.post("/new")
async def register(request: Request, desk: AtDesk) -> Response:
    """Register a community."""
    actor = desk.require_actor()
    told = await community_forms.told(request)
    try:
        form = community_forms.community(told)
        own = None if _organises(actor) else actor.organisation_id
        made = await desk.write(
            lambda session: communities.register(
                session,
                actor,
                form=form,
                name=told["name"],
                organisation_id=own,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as wrong:
        return _form(request, desk, told, errors=wrong.fields, status=422)
    return _to(f"/communities/{made.id}?done=registered")


@router.get("/{community_id}")
async def show(request: Request, desk: AtDesk, community_id: str) -> HTMLResponse:
    """Show a community with its OPCs and the editions that it released."""
    actor = desk.signed_in.actor if desk.signed_in else None
    return render.page(
        request, desk, "communities/show.html", **await desk.read(lambda session: _shown(session, actor, community_id))
    )


@router.get("/{community_id}/edit")
async def edit(request: Request, desk: AtDesk, community_id: str) -> HTMLResponse:
    """Offer the form of a community with what it says now."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: communities.require_row(session, actor, community_id))
    return _form(request, desk, community_forms.as_told(found), community=found)


@router.post("/{community_id}/edit")
async def amend(request: Request, desk: AtDesk, community_id: str) -> Response:
    """Change what is said of a community; where somebody was faster, show what stands there now."""
    actor = desk.require_actor()
    told = await community_forms.told(request)
    version = typed.version(await request.form())
    found = await desk.read(lambda session: communities.require_row(session, actor, community_id))
    try:
        form = community_forms.community(told)
        await desk.write(
            lambda session: communities.amend(session, actor, community_id, version=version, form=form, now=desk.now)
        )
    except Invalid as wrong:
        return _form(request, desk, told, community=found, version=version, errors=wrong.fields, status=422)
    except Conflict as conflict:
        return _form(request, desk, told, community=found, conflict=conflict.message, status=409)
    return _to(f"/communities/{community_id}?done=amended")


@router.post("/{community_id}/confirm")
async def confirm(desk: AtDesk, community_id: str) -> Response:
    """Let a community appear in public."""
    actor = desk.require_actor()
    await desk.write(lambda session: communities.confirm(session, actor, community_id, now=desk.now))
    return _to(f"/communities/{community_id}?done=confirmed")


@router.post("/{community_id}/close")
async def close(request: Request, desk: AtDesk, community_id: str) -> Response:
    """Take a community out of the public list."""
    actor = desk.require_actor()
    version = typed.version(await request.form())
    await desk.write(lambda session: communities.close(session, actor, community_id, version=version, now=desk.now))
    return _to(f"/communities/{community_id}?done=closed")


@router.post("/{community_id}/ask")
async def ask(request: Request, desk: AtDesk, community_id: str) -> Response:
    """Ask to belong, or ask an OPC (`organisation_id`) to belong."""
    actor = desk.require_actor()
    given = str((await request.form()).get("organisation_id", "")).strip() or None
    await desk.write(
        lambda session: affiliations.ask(
            session, actor, community_id, organisation_id=given, now=desk.now, new_id=desk.new_id
        )
    )
    return _to(f"/communities/{community_id}?done=asked")


@router.post("/affiliations/{affiliation_id}/{answer}")
async def decide(desk: AtDesk, affiliation_id: str, answer: str) -> Response:
    """Accept, decline or end an affiliation."""
    actor = desk.require_actor()
    if answer not in ANSWERS:
        raise NotFound("没有这种答复。", code="answer_missing")

    def act(session: Session) -> str:
        if answer == "end":
            return affiliations.end(session, actor, affiliation_id, now=desk.now).community_id
        accepts = answer == "accept"
        return affiliations.decide(session, actor, affiliation_id, accepts=accepts, now=desk.now).community_id

    done = {"accept": "accepted", "end": "ended"}.get(answer, "declined")
    return _to(f"/communities/{await desk.write(act)}?done={done}")


def _shown(session: Session, actor: Actor | None, community_id: str) -> dict[str, Any]:
    found = communities.get(session, actor, community_id)
    members = affiliations.members(session, community_id)
    known = {one.organisation_id for one in members}
    linked = [
        one for one in (affiliations.of_side(session, actor) if actor else []) if one.community_id == community_id
    ]
    own = next((one for one in linked if actor and one.organisation_id == actor.organisation_id), None)
    is_keeper = actor is not None and acts_for(actor, found.organisation_id)
    return {
        "community": found,
        "members": members,
        "profiles": {one: profiles.find(session, one) for one in known},
        "editions": releases.editions_of(session, found.organisation_id),
        "waiting": [one for one in linked if one.state is AffiliationState.ASKED],
        "mine": [
            one.id
            for one in linked
            if actor and affiliations.waits_for(actor, one, community_organisation_id=found.organisation_id)
        ],
        "is_keeper": is_keeper,
        "own": own,
        "may_write": communities.may_write(actor, found),
        "may_confirm": actor is not None and may_run_lists(actor, region=found.form.region),
        "may_join": _may_join(actor, found, is_live=own is not None and own.state in affiliations.LIVE),
    }


def _may_join(actor: Actor | None, community: CommunityView, *, is_live: bool) -> bool:
    if actor is None or actor.organisation_id in {None, community.organisation_id} or is_live:
        return False
    offers = any(grant.role.value == "opc" for grant in actor.grants)
    return offers and community.is_public and acts_for(actor, actor.organisation_id or "")


def _organises(actor: Actor) -> bool:
    return any(grant.role.value in render.RUNS_LISTS for grant in actor.grants)


def _form(
    request: Request,
    desk: Desk,
    told: dict[str, str],
    *,
    community: CommunityView | None = None,
    version: int = 0,
    errors: dict[str, str] | None = None,
    conflict: str = "",
    status: int = 200,
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "communities/form.html",
        status=status,
        community=community,
        version=version or (community.version if community else 0),
        told=told,
        kinds=community_forms.KINDS,
        asks_name=community is None and _organises(desk.require_actor()),
        errors=errors or {},
        conflict=conflict,
    )


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)
