"""What an expert's forms hold: the answers of its declaration, the fields of a sheet."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import FormData

from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing.desks import SheetPage

ANSWERS: Final = (
    (Answer.NONE.value, "无利害关系"),
    (Answer.CONFLICT.value, "有利害关系，应当回避"),
    (Answer.DOUBT.value, "说不清，请主办方认定"),
)
ANSWER, TEXT, MARK, COMMENT = "answer-", "text-", "mark-", "comment-"


def typed(form: FormData) -> dict[str, str]:
    """The texts of a form by name."""
    return {name: value for name, value in form.items() if isinstance(value, str)}


def answers(filled: Mapping[str, str]) -> dict[str, Said]:
    """What a declaration says of each bid; a bid without an answer is left out, so that it is asked for."""
    known = {one.value for one in Answer}
    return {
        name.removeprefix(ANSWER): Said(Answer(said), filled.get(f"{TEXT}{name.removeprefix(ANSWER)}", ""))
        for name, said in filled.items()
        if name.startswith(ANSWER) and said in known
    }


def of_sheet(filled: Mapping[str, str]) -> dict[str, str]:
    """The fields of a sheet in a form, line ends as they are kept."""
    return {name: _lines(said) for name, said in filled.items() if name.startswith((MARK, COMMENT))}


def changed(fields: Mapping[str, list[str]]) -> dict[str, str]:
    """The fields of a sheet that changed on an open page."""
    return of_sheet({name: values[-1] if values else "" for name, values in fields.items()})


def standing(page: SheetPage) -> dict[str, str]:
    """The fields of a sheet as they are kept."""
    marks = {f"{MARK}{one.key}": page.marks.get(one.key, "") for one in page.asked}
    said = {f"{COMMENT}{key}": page.comments.get(key, "") for key in (*(one.key for one in page.asked), "all")}
    return {**marks, **said}


def told(faults: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    """The faults that help somebody who is still writing: not those of what is still empty."""
    return {name: said for name, said in faults.items() if name.startswith(COMMENT) or fields.get(name)}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
