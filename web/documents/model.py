"""An official document as values: what it says and in which order, never how it looks.

The page, the Word file and the PDF are all written from `Document.body`, so that none says more than another.
Every text is made plain when a value is made: what one of the forms could not write, or would show as something
else, is in none of them. The numbers of headings and items follow GB/T 9704-2012: 一、（一）1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar, Final, Literal, NamedTuple, TypeAlias

from web.documents import plain
from web.pages import wording

Alignment: TypeAlias = Literal["left", "center", "right"]
Level: TypeAlias = Literal[1, 2]

BLANK: Final = "________________"
"""What a person signs on."""
NO_ROWS: Final = "（无）"
_DIGITS: Final = "零一二三四五六七八九"
_TEN: Final = 10
_HUNDRED: Final = 100


class _Plain:
    """A value whose texts are made plain, however deep they lie in tuples."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]
            object.__setattr__(self, field.name, _made_plain(getattr(self, field.name)))


@dataclass(frozen=True, slots=True)
class Heading(_Plain):
    """The head of a part; the form numbers it 一、 or （一） unless it is asked not to."""

    shape: ClassVar[str] = "heading"
    text: str
    level: Level = 1
    is_numbered: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph(_Plain):
    """Running text; each of its lines is a paragraph of its own."""

    shape: ClassVar[str] = "paragraph"
    text: str

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines, none of them empty."""
        return plain.lines(self.text)


@dataclass(frozen=True, slots=True)
class Facts(_Plain):
    """Names and what each is: a table of two columns without a head."""

    shape: ClassVar[str] = "facts"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid(_Plain):
    """A table with a head; a column without an alignment stands on the left.

    Raises ValueError where a row or the alignments have another width than the head.
    """

    shape: ClassVar[str] = "grid"
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    alignments: tuple[Alignment, ...] = ()
    caption: str = ""

    def __post_init__(self) -> None:
        # A class made anew for its slots is not the one that a bare super() would look for.
        _Plain.__post_init__(self)
        width = len(self.headers)
        wrong = [len(row) for row in (*self.rows, self.alignments or self.headers) if len(row) != width]
        if wrong:
            raise ValueError(f"a grid of {width} columns was given {wrong[0]} values")
        object.__setattr__(self, "alignments", self.alignments or ("left",) * width)

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        """Its rows; where there are none, one that says so, so that an empty list is never taken for a lost one."""
        return self.rows or ((NO_ROWS, *("" for _other in self.headers[1:])),)


@dataclass(frozen=True, slots=True)
class Listing(_Plain):
    """Items one below the other, numbered 1. 2. 3. or with a dash."""

    shape: ClassVar[str] = "listing"
    items: tuple[str, ...]
    numbered: bool = False

    @property
    def said(self) -> tuple[str, ...]:
        """The items that say something."""
        return tuple(item for item in self.items if item)


@dataclass(frozen=True, slots=True)
class Note(_Plain):
    """Small print: a digest, where it comes from, how to verify it."""

    shape: ClassVar[str] = "note"
    text: str

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines, none of them empty."""
        return plain.lines(self.text)


@dataclass(frozen=True, slots=True)
class Signature(_Plain):
    """Who signs: `signers` are people who sign by hand (开启人甲), `lines` the issuer and the day, on the right."""

    shape: ClassVar[str] = "signature"
    lines: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()

    @property
    def blanks(self) -> tuple[str, ...]:
        """A line to sign on for each signer: 开启人甲：________________."""
        return tuple(f"{signer}：{BLANK}" for signer in self.signers if signer)


Block: TypeAlias = Heading | Paragraph | Facts | Grid | Listing | Note | Signature


class Labelled(NamedTuple):
    """A block with its number as it is printed (一、); "" where it has none."""

    label: str
    block: Block


@dataclass(frozen=True, slots=True)
class Annex(_Plain):
    """What follows a document on pages of its own."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def body(self) -> tuple[Labelled, ...]:
        """Its blocks that say something, with their numbers, which begin anew."""
        return _labelled(self.blocks)


@dataclass(frozen=True, slots=True)
class Document(_Plain):
    """One official document.

    `kind` is the name of its sort (公告, 开启记录), `number` the issuer's own (临园揭〔2026〕3号); a title may
    hold line breaks where its sense asks for them. The annexes are named in the body before it is signed.
    """

    kind: str
    title: str
    issuer: str
    number: str
    dated: date | None
    blocks: tuple[Block, ...]
    subtitle: str = ""
    annexes: tuple[Annex, ...] = ()

    @property
    def body(self) -> tuple[Labelled, ...]:
        """The blocks that say something, with their numbers."""
        end = len(self.blocks)
        while end and isinstance(self.blocks[end - 1], Signature | Note):
            end -= 1
        return _labelled((*self.blocks[:end], *_named(self.annexes), *self.blocks[end:]))

    @property
    def head_line(self) -> str:
        """Its number and day in one line, either alone where the other is not known."""
        return "　".join(part for part in (self.number, wording.day(self.dated) if self.dated else "") if part)

    @property
    def annexed(self) -> tuple[tuple[str, Annex], ...]:
        """The annexes with their marks: 附件1, 附件2; one alone is 附件."""
        alone = len(self.annexes) == 1
        return tuple(("附件" if alone else f"附件{at}", annex) for at, annex in enumerate(self.annexes, start=1))


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese, as headings are counted; a greater one in digits."""
    if number >= _HUNDRED:
        return str(number)
    tens, ones = divmod(number, _TEN)
    said = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return said + (_DIGITS[ones] if ones else "")


def _labelled(blocks: Sequence[Block]) -> tuple[Labelled, ...]:
    first = second = 0
    made: list[Labelled] = []
    for block in blocks:
        label = ""
        if not _says_something(block):
            continue
        if isinstance(block, Heading) and block.is_numbered:
            if block.level == 1:
                first, second = first + 1, 0
                label = f"{numeral(first)}、"
            else:
                second += 1
                label = f"（{numeral(second)}）"
        made.append(Labelled(label, block))
    return tuple(made)


def _says_something(block: Block) -> bool:
    match block:
        case Facts():
            return bool(block.rows)
        case Grid():
            return bool(block.headers)
        case Listing():
            return bool(block.said)
        case Signature():
            return any(block.lines) or bool(block.blanks)
    return bool(block.text)


def _named(annexes: Sequence[Annex]) -> tuple[Block, ...]:
    if len(annexes) > 1:
        return (Paragraph("附件："), Listing(tuple(annex.title for annex in annexes), numbered=True))
    return tuple(Paragraph(f"附件：{annex.title}") for annex in annexes)


def _made_plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain.made(value)
    return tuple(map(_made_plain, value)) if isinstance(value, tuple) else value
