"""What a profile claims, claim by claim and verbatim, what it says it does not do, and what a need asks for, point by point."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from matching.documents import Need, Profile, Statement

_LONGEST = 48
"""Characters: a longer sentence is quoted by its clauses, so that evidence stays short enough to read."""
_SHORTEST = 4
_SENTENCE = re.compile(r"[^。；！？;!?\n\r]+")
_CLAUSE = re.compile(r"[^，,]+")
_REFUSAL = re.compile(
    r"(?:(?:并|也|均|都|概|暂|但|且|而)*不(?:再|会|予|单独)?"
    r"(?:承接|做(?!到)|含(?!税|运)|包括|包含|提供|涉及|接(?![触入收管到])|负责|参与|承担|开发|制作|搭建|生产|销售|经营|受理|从事|代理)"
    r"|没有(?=[^，,。；;]*(?:产品|业务|服务|能力|团队))|不具备)"
)
_EXCEPT = re.compile(r"^(?P<what>[^，,。；;]{2,}?)除外$")


@dataclass(frozen=True, slots=True)
class Claims:
    """The statements of a profile and, apart from them, the passages in which it says what it does not do."""

    statements: tuple[Statement, ...]
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a field, by character offsets; `refused` where it says what is not done."""

    start: int
    end: int
    refused: bool


def claims(profile: Profile) -> Claims:
    """Split a profile into statements (headline, sentences, skills, cases, notes), refusals kept apart."""
    statements: list[Statement] = []
    refusals: list[str] = list(profile.not_offered)
    for source, text in _fields(profile):
        for span in spans(text):
            piece = text[span.start : span.end]
            if span.refused:
                refusals.append(piece)
            elif len(piece) >= _SHORTEST or not source.startswith(("description", "notes")):
                statements.append(Statement(piece, source, span.start, span.end, profile.audience))
    return Claims(tuple(statements), tuple(refusals))


def _fields(profile: Profile) -> Iterator[tuple[str, str]]:
    yield "headline", profile.headline
    yield "description", profile.description
    for field, texts in (("skills", profile.skills), ("cases", profile.cases), ("notes", profile.notes)):
        for number, text in enumerate(texts):
            yield f"{field}[{number}]", text


def spans(text: str) -> list[Span]:
    """Cut a text into quotable spans: sentences, long ones by clauses, refusals on their own."""
    found: list[Span] = []
    for sentence in _SENTENCE.finditer(text):
        found += _sentence_spans(text, sentence.start(), sentence.end())
    return [span for span in found if span.end > span.start]


def _sentence_spans(text: str, start: int, end: int) -> list[Span]:
    grouped: list[Span] = []
    room = min(end - start, _LONGEST)
    for clause in _CLAUSE.finditer(text, start, end):
        for span in _clause_spans(text, clause.start(), clause.end()):
            last = grouped[-1] if grouped else None
            if last and not last.refused and not span.refused and span.end - last.start <= room:
                grouped[-1] = Span(last.start, span.end, refused=False)
            else:
                grouped.append(span)
    return grouped


def _clause_spans(text: str, start: int, end: int) -> list[Span]:
    start, end = _trim(text, start, end)
    if _EXCEPT.match(text[start:end]):
        return [Span(start, end, refused=True)]
    refusal = _REFUSAL.search(text, start, end)
    if refusal is None:
        return [Span(start, end, refused=False)]
    before = _trim(text, start, refusal.start())
    kept = [Span(*before, refused=False)] if before[1] - before[0] >= _SHORTEST else []
    return [*kept, Span(refusal.start(), end, refused=True)]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def requirements(need: Need) -> tuple[str, ...]:
    """Return the points of a need: its own list where it has one, else its title and the sentences of its description."""
    if need.requirements:
        return tuple(point.strip() for point in need.requirements if point.strip())
    points = [need.title.strip()]
    for sentence in _SENTENCE.finditer(need.description):
        points += _points(need.description, sentence.start(), sentence.end())
    return tuple(dict.fromkeys(point for point in points if point))


def _points(text: str, start: int, end: int) -> list[str]:
    room = min(end - start, _LONGEST)
    found: list[tuple[int, int]] = []
    for clause in _CLAUSE.finditer(text, start, end):
        begin, stop = _trim(text, clause.start(), clause.end())
        if found and stop - found[-1][0] <= room:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((begin, stop))
    return [text[begin:stop] for begin, stop in found if stop - begin >= _SHORTEST]
