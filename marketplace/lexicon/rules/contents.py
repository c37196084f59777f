"""What an entry says, brought into shape: names, look-alikes and contexts without repeats, within their limits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marketplace.kernel.errors import Invalid
from marketplace.kernel.text import collapsed, folded
from marketplace.lexicon.words import Act, ConceptKind

MIN_NAMES: Final = 2
MAX_NAMES: Final = 14
MAX_NAME: Final = 30
MAX_GLOSS: Final = 80
MAX_PARENTS: Final = 5
MAX_LOOKALIKES: Final = 40
MAX_CONTEXT_WORDS: Final = 20
MAX_REASON: Final = 400


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry says of one concept.

    Of a new concept: all its `names`, the first of which is shown, its kind, gloss and parents. Of one that is there
    (`concept` is its first name): the names to add and those to take away. Both: look-alikes, and for names that are
    ambiguous the words of which one must stand near them.
    """

    act: Act
    concept: str
    names: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kind: ConceptKind | None = None
    gloss: str = ""
    parents: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()


def clean(content: Content) -> Content:
    """Return the content in shape; Invalid names every field that is wrong."""
    cleaned = _tidy(content)
    wrong = _wrong_of_new(cleaned) if cleaned.act is Act.NEW else _wrong_of_change(cleaned)
    wrong |= {field: said for field, said in _wrong_lengths(cleaned).items() if field not in wrong}
    if wrong:
        raise Invalid("词条没有保存，请改正标出的地方。", code="bad_entry", fields=wrong)
    return cleaned


def clean_reason(reason: str, *, field: str, asked: str) -> str:
    """Return a reason in shape; Invalid where there is none or it is too long."""
    tidy = reason.strip()
    if not tidy or len(tidy) > MAX_REASON:
        message = f"请写明{asked}，不超过 {MAX_REASON} 个字。"
        raise Invalid(message, code="no_reason", fields={field: message})
    return tidy


def _tidy(content: Content) -> Content:
    names = _distinct(content.names)
    is_new = content.act is Act.NEW
    return Content(
        act=content.act,
        concept=(names[0] if names else "") if is_new else collapsed(content.concept),
        names=names,
        removed=() if is_new else _distinct(content.removed),
        kind=content.kind if is_new else None,
        gloss=collapsed(content.gloss) if is_new else "",
        parents=_distinct(content.parents) if is_new else (),
        lookalikes=_distinct(content.lookalikes),
        context=tuple((collapsed(name), _distinct(words)) for name, words in content.context),
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in texts:
        tidy = collapsed(text)
        if tidy:
            found.setdefault(folded(tidy), tidy)
    return tuple(found.values())


def _wrong_of_new(content: Content) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not MIN_NAMES <= len(content.names) <= MAX_NAMES:
        wrong["names"] = f"请填写 {MIN_NAMES} 至 {MAX_NAMES} 个名称，一行一个，第一个用来显示。"
    if content.kind is None:
        wrong["kind"] = "请选择这个概念属于哪一类。"
    if not content.gloss or len(content.gloss) > MAX_GLOSS:
        wrong["gloss"] = f"请用一句话说明这个概念，不超过 {MAX_GLOSS} 个字。"
    if len(content.parents) > MAX_PARENTS:
        wrong["parents"] = f"上位概念最多 {MAX_PARENTS} 个。"
    return wrong


def _wrong_of_change(content: Content) -> dict[str, str]:
    if not content.concept:
        return {"concept": "请写明要修改哪个概念。"}
    if not (content.names or content.removed or content.lookalikes or content.context):
        return {"names": "请至少填写一项：要增加或删去的名称、形似词或语境词。"}
    if folded(content.concept) in {folded(name) for name in content.removed}:
        return {"removed": f"“{content.concept}”是这个概念的主名称，不能删去。"}
    both = {folded(name) for name in content.names} & {folded(name) for name in content.removed}
    if both:
        return {"removed": "同一个名称不能既增加又删去，请留一处。"}
    return {"names": f"一次最多增加 {MAX_NAMES} 个名称。"} if len(content.names) > MAX_NAMES else {}


def _wrong_lengths(content: Content) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for field in ("names", "removed", "parents", "lookalikes"):
        long = [text for text in getattr(content, field) if len(text) > MAX_NAME]
        if long:
            wrong[field] = f"“{long[0][:MAX_NAME]}…”太长，每个不超过 {MAX_NAME} 个字。"
    if len(content.removed) > MAX_LOOKALIKES:
        wrong["removed"] = f"一次最多删去 {MAX_LOOKALIKES} 个名称。"
    if len(content.lookalikes) > MAX_LOOKALIKES:
        wrong["lookalikes"] = f"形似词最多 {MAX_LOOKALIKES} 个。"
    bare = [name for name, words in content.context if not name or not words]
    many = len(content.context) > MAX_NAMES or any(len(words) > MAX_CONTEXT_WORDS for _, words in content.context)
    long = [text for name, words in content.context for text in (name, *words) if len(text) > MAX_NAME]
    if bare or many or long:
        wrong["context"] = (
            f"语境词一行写一个名称，如“包装：设计、印刷、纸箱”；每个名称最多 {MAX_CONTEXT_WORDS} 个词，每个词不超过 {MAX_NAME} 个字。"
        )
    return wrong


def dump(content: Content) -> dict[str, Any]:
    """Return the content as a JSON document."""
    return {
        "names": list(content.names),
        "removed": list(content.removed),
        "kind": content.kind.value if content.kind else None,
        "gloss": content.gloss,
        "parents": list(content.parents),
        "lookalikes": list(content.lookalikes),
        "context": [[name, list(words)] for name, words in content.context],
    }


def load(act: str, concept: str, record: Mapping[str, Any]) -> Content:
    """Return the content that `dump` wrote."""
    return Content(
        act=Act(act),
        concept=concept,
        names=tuple(record["names"]),
        removed=tuple(record["removed"]),
        kind=ConceptKind(record["kind"]) if record["kind"] else None,
        gloss=record["gloss"],
        parents=tuple(record["parents"]),
        lookalikes=tuple(record["lookalikes"]),
        context=tuple((name, tuple(words)) for name, words in record["context"]),
    )
