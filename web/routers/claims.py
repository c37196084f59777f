"""Claiming what lists say about a firm: code, place and evidence, decided by an organiser of the region."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.joining import claims
from marketplace.accounts.rules import evidence
from marketplace.accounts.views import OrganisationView
from marketplace.accounts.words import OrganisationKind, Role
from marketplace.kernel.errors import Invalid
from web.dependencies import AtDesk, Desk
from web.pages import people, render

router = APIRouter(prefix="/claims")

SIDES: Final = {"enterprise": Role.ENTERPRISE, "opc": Role.OPC}


class Carried(BaseModel):
    """What was typed on the form before, which led here."""

    uscc: str = Field("", max_length=60)
    kind: str = Field("", max_length=24)
    province: str = Field("", max_length=40)
    city: str = Field("", max_length=40)
    district: str = Field("", max_length=40)
    side: str = Field("", max_length=24)


@router.get("/new")
async def new(
    request: Request, desk: AtDesk, asked: Annotated[Carried, Query()], organisation: str = "", found: str = ""
) -> HTMLResponse:
    """Show what a claim needs; `found` says that the organisation was found while enrolling it, with what was typed."""
    return await _new(request, desk, organisation, asked.model_dump(exclude_defaults=True), {}, is_found=bool(found))


@router.post("")
async def ask(
    request: Request,
    desk: AtDesk,
    *,
    organisation: Annotated[str, Form()] = "",
    uscc: Annotated[str, Form()] = "",
    kind: Annotated[str, Form(max_length=24)] = "",
    side: Annotated[str, Form(max_length=24)] = "",
    province: Annotated[str, Form()] = "",
    city: Annotated[str, Form()] = "",
    district: Annotated[str, Form()] = "",
    statement: Annotated[str, Form()] = "",
    files: Annotated[list[UploadFile] | None, File(alias="evidence")] = None,
) -> Response:
    """Hand in a claim."""
    actor = desk.require_actor()
    typed = {
        "uscc": uscc,
        "kind": kind,
        "side": side,
        "province": province,
        "city": city,
        "district": district,
        "statement": statement,
    }
    try:
        people.require_choice(kind, set(OrganisationKind), field="kind", message="请选择单位性质。")
        given = await people.given(desk, files or [])
        request_id = await desk.write(
            lambda session: claims.ask(
                session,
                actor,
                organisation,
                code=uscc,
                region=people.path(province, city, district),
                statement=statement,
                kind=OrganisationKind(kind),
                side=SIDES.get(side),
                given=given,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        return await _new(request, desk, organisation, typed, people.faults(refusal), status=422)
    return RedirectResponse(f"/verifications/{request_id}?done=submitted", status_code=303)


async def _new(
    request: Request,
    desk: Desk,
    organisation_id: str,
    typed: dict[str, str],
    errors: dict[str, str],
    *,
    is_found: bool = False,
    status: int = 200,
) -> HTMLResponse:
    desk.require_actor()
    place = people.path(typed.get("province", ""), typed.get("city", ""), typed.get("district", ""))

    def known(session: Session) -> tuple[OrganisationView, dict[str, Any]]:
        found = organisations.get(session, organisation_id)
        return found, people.deciding(session, place or found.region)

    found, deciding = await desk.read(known)
    is_person = found.kind is OrganisationKind.NATURAL_PERSON
    # What a list says of a firm's kind is not what the firm says of itself.
    blank = {"uscc": "", "statement": "", "side": "", "kind": found.kind.value if is_person else ""}
    blank |= people.steps(found.region)
    return render.page(
        request,
        desk,
        "claims/new.html",
        status=status,
        organisation=found,
        typed=blank | typed,
        errors=errors,
        is_found=is_found,
        is_person=is_person,
        place=place or found.region,
        **deciding,
        provinces=people.PROVINCES,
        accept=people.ACCEPT,
        limit_bytes=evidence.LIMIT_BYTES,
        most=evidence.MOST_FILES,
        kind_names=people.KINDS,
    )
