"""What a unit states about who stands behind it (关联信息): seen and changed by its own people."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from marketplace.experts import backgrounds
from marketplace.experts.rules.background_forms import FIELDS, LISTS, Background
from marketplace.kernel.errors import Conflict, Invalid
from web.dependencies import AtDesk, Desk
from web.pages import render, typed
from web.pages.experts import background_forms, words

router = APIRouter(prefix="/organisations/{organisation_id}/background")


@router.get("")
async def show(request: Request, desk: AtDesk, organisation_id: str) -> HTMLResponse:
    """Show what one's unit states, what it is for and who sees it, with the form for those who write for the unit."""
    return await _page(request, desk, organisation_id)


@router.post("")
async def state(request: Request, desk: AtDesk, organisation_id: str) -> Response:
    """Write the next version; what is refused is shown with everything still typed."""
    actor, form = desk.require_actor(), await request.form()
    given = background_forms.given(form)
    try:
        version = typed.version(form)
        await desk.write(
            lambda session: backgrounds.state(session, actor, organisation_id, given, version=version, now=desk.now)
        )
    except Invalid as refusal:
        errors = dict(refusal.fields) or {"form": refusal.message}
        return await _page(request, desk, organisation_id, given=given, errors=errors, status=422)
    except Conflict as conflict:
        return await _page(request, desk, organisation_id, given=given, conflict=conflict.message, status=409)
    return RedirectResponse(f"/organisations/{organisation_id}/background?done=stated", status_code=303)


async def _page(
    request: Request,
    desk: Desk,
    organisation_id: str,
    *,
    given: Background | None = None,
    errors: dict[str, str] | None = None,
    conflict: str = "",
    status: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()
    stated = await desk.read(lambda session: backgrounds.get(session, actor, organisation_id))
    fields = background_forms.OF_A_PERSON if stated.is_person else FIELDS
    return render.page(
        request,
        desk,
        "organisations/background.html",
        status=status,
        stated=stated,
        given=stated.current if given is None else given,
        fields=fields,
        lists=LISTS,
        spare=background_forms.SPARE,
        rows=[(words.BACKGROUND[name], background_forms.said(stated.current, name)) for name in fields],
        changes=background_forms.changes(stated, fields),
        errors=errors or {},
        conflict=conflict,
        who_sees=words.WHO_SEES_UNITS,
    )
