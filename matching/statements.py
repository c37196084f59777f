"""What a profile claims, claim by claim and verbatim, what it says it does not do, and what a need asks for, point by point."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from matching.documents import Need, Profile, Statement
from matching.refusals import denial, goes_on

_LONGEST = 48
"""Characters: a longer sentence is quoted by its clauses, so that evidence stays short enough to read."""
_SHORTEST = 4
_SENTENCE = re.compile(r"[^。；！？;!?\n\r]+")
_CLAUSE = re.compile(r"[^，,]+")


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
    """Split a profile into statements (headline, sentences, skills, cases, notes, offers), refusals kept apart."""
    statements: list[Statement] = []
    refusals: list[str] = list(profile.not_offered)
    for source, text in _fields(profile):
        for span in spans(text):
            piece = text[span.start : span.end]
            if span.refused:
                refusals.append(piece)
            elif len(piece) >= _SHORTEST or not source.startswith(("description", "offers", "notes")):
                statements.append(Statement(piece, source, span.start, span.end, profile.audience))
    return Claims(tuple(statements), tuple(refusals))


def _fields(profile: Profile) -> Iterator[tuple[str, str]]:
    yield "headline", profile.headline
    yield "description", profile.description
    listed = (
        ("skills", profile.skills),
        ("cases", profile.cases),
        ("notes", profile.notes),
        ("offers", profile.offers),
    )
    for field, texts in listed:
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
    for span in _clauses(text, start, end):
        last = grouped[-1] if grouped else None
        if last and not last.refused and not span.refused and span.end - last.start <= room:
            grouped[-1] = Span(last.start, span.end, refused=False)
        else:
            grouped.append(span)
    return grouped


def _clauses(text: str, start: int, end: int) -> list[Span]:
    """Cut a sentence at its commas and at the start of each denial; a denial carries over to the clauses next to it."""
    trimmed = [_trim(text, clause.start(), clause.end()) for clause in _CLAUSE.finditer(text, start, end)]
    bounds = [(begin, stop) for begin, stop in trimmed if stop > begin]
    denials = [denial(text[begin:stop]) for begin, stop in bounds]
    for places in (range(1, len(bounds)), range(len(bounds) - 2, -1, -1)):
        step = 1 if places.step > 0 else -1
        for at in places:
            begin, stop = bounds[at]
            if denials[at] is None and denials[at - step] is not None and goes_on(text[begin:stop]):
                denials[at] = 0
    return [span for bound, at in zip(bounds, denials, strict=True) for span in _parted(text, *bound, at)]


def _parted(text: str, start: int, end: int, at: int | None) -> list[Span]:
    if at is None:
        return [Span(start, end, refused=False)]
    before = _trim(text, start, start + at)
    kept = [Span(*before, refused=False)] if before[1] - before[0] >= _SHORTEST else []
    return [*kept, Span(start + at, end, refused=True)]


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


def asked(need: Need) -> tuple[str, ...]:
    """Return what a supplier is held against: the title, the core of a need, and then its other points."""
    title = need.title.strip()
    return (title, *(point for point in requirements(need) if point != title))


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
