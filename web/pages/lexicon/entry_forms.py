"""The form of an entry: what was typed, read into a content, and a content put back into the form."""

import re
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import FormData

from marketplace.lexicon.rules.contents import Content
from marketplace.lexicon.words import Act, ConceptKind

if TYPE_CHECKING:
    from matching.concepts import Lexicon

LISTS: Final = ("names", "removed", "parents", "lookalikes")
SINGLES: Final = ("act", "concept", "kind", "gloss", "context", "reason")
MOST_TYPED: Final = 4000
_CUT: Final = re.compile(r"[\n、，,；;]+")
_NAME_END: Final = re.compile(r"[：:]")


def typed(form: FormData) -> dict[str, Any]:
    """What was typed, as it is shown again."""
    found: dict[str, Any] = {name: _said(form.get(name))[:MOST_TYPED] for name in (*SINGLES, *LISTS)}
    return found


def blank(*, concept: str = "", name: str = "") -> dict[str, Any]:
    """An empty form: of a new concept, or of a change of the one named."""
    act = Act.CHANGE if concept else Act.NEW
    return dict.fromkeys((*SINGLES, *LISTS), "") | {"act": act.value, "concept": concept, "names": name}


def shown(content: Content, reason: str = "") -> dict[str, Any]:
    """A content as the form shows it."""
    return {
        "act": content.act.value,
        "concept": content.concept,
        "kind": content.kind.value if content.kind else "",
        "gloss": content.gloss,
        "context": "\n".join(f"{name}：{'、'.join(words)}" for name, words in content.context),
        "reason": reason,
        "names": "\n".join(content.names),
        "removed": "\n".join(content.removed),
        "parents": "\n".join(content.parents),
        "lookalikes": "、".join(content.lookalikes),
    }


def read(values: dict[str, Any], lexicon: "Lexicon") -> Content:
    """Read what was typed; parents may be given by any of their names."""
    kinds = {kind.value: kind for kind in ConceptKind}
    act = Act.CHANGE if values["act"] == Act.CHANGE.value else Act.NEW
    return Content(
        act=act,
        concept=_first_name(values["concept"], lexicon) if act is Act.CHANGE else "",
        names=_list(values["names"]),
        removed=_list(values["removed"]),
        kind=kinds.get(values["kind"]),
        gloss=values["gloss"],
        parents=tuple(_first_name(name, lexicon) for name in _list(values["parents"])),
        lookalikes=_list(values["lookalikes"]),
        context=tuple(map(_context, filter(str.strip, values["context"].splitlines()))),
    )


def _said(value: object) -> str:
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _CUT.split(text) if part.strip())


def _context(line: str) -> tuple[str, tuple[str, ...]]:
    name, *words = _NAME_END.split(line, maxsplit=1)
    return name.strip(), _list(words[0]) if words else ()


def _first_name(name: str, lexicon: "Lexicon") -> str:
    """The first name of the one concept that has a name; what names none or several is left for the checker to refuse."""
    first = lexicon.number_of(name)
    found = lexicon.named(name) if first is None else [first]
    return lexicon.concepts[found[0]].name if len(found) == 1 else name
