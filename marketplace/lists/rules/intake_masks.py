"""A file on its way in as those read it who do not run its list: whom to ask is hidden, in the cells as they stood too."""

import re
from collections.abc import Mapping
from dataclasses import replace

from ingest.fields import Draft, Problem, Reading, SheetReading
from marketplace.lists.rules.masks import is_contact_header, mask_cell, mask_contact, mask_name, mask_text
from marketplace.lists.views import FieldChange

_NAME = re.compile(r"[\u3400-\u9fff·]{2,}")
_CONTACT = "contact"


def of_reading(reading: Reading) -> Reading:
    """Everything that was read of a file, contacts masked."""
    sheets = tuple(_sheet(sheet) for sheet in reading.sheets)
    return replace(reading, sheets=sheets, problems=tuple(_problem(one) for one in reading.problems))


def of_draft(draft: Draft, columns: frozenset[str]) -> Draft:
    """One row, contacts masked; `columns` are the headers of the columns that were read as contacts."""
    return replace(
        draft,
        title=mask_text(draft.title),
        description=_text(draft.description),
        requirements=tuple(map(mask_text, draft.requirements)),
        contact_name=mask_name(draft.contact_name),
        contact_phone=mask_contact(draft.contact_phone),
        contact_email=mask_contact(draft.contact_email),
        extras={name: mask_text(text) for name, text in draft.extras.items()},
        raw={header: _cell(header, text, draft, columns) for header, text in draft.raw.items()},
    )


def of_change(change: FieldChange) -> FieldChange:
    """A change as it may be read: a contact's name is hidden, its numbers are already."""
    if change.field != "contact_name":
        return change
    return replace(change, old=mask_name(change.old), new=mask_name(change.new))


def columns_of(reading: Reading) -> Mapping[str | None, frozenset[str]]:
    """The headers of the columns that were read as contacts, by sheet."""
    return {sheet.name: _columns(sheet) for sheet in reading.sheets}


def _columns(sheet: SheetReading) -> frozenset[str]:
    return frozenset(one.header for one in sheet.columns if one.field and one.field.startswith(_CONTACT))


def _sheet(sheet: SheetReading) -> SheetReading:
    columns = _columns(sheet)
    return replace(
        sheet,
        drafts=tuple(of_draft(draft, columns) for draft in sheet.drafts),
        refused=tuple(of_draft(draft, columns) for draft in sheet.refused),
        title=_text(sheet.title),
        publisher=_text(sheet.publisher),
    )


def _cell(header: str, text: str, draft: Draft, columns: frozenset[str]) -> str:
    is_read = header in columns
    if not is_read and not is_contact_header(header):
        return mask_text(text)
    # In a column of contacts every name goes, also one that could not be told from its number.
    said = _NAME.sub(lambda found: f"{found[0][0]}**", text) if is_read else text
    name = draft.contact_name
    said = said.replace(name, f"{name[0]}**") if name else said
    return (mask_contact(said) or "") if is_read else mask_cell(header, said)


def _problem(problem: Problem) -> Problem:
    return replace(problem, message=mask_text(problem.message))


def _text(text: str | None) -> str | None:
    return None if text is None else mask_text(text)
