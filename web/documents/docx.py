"""A document as a Word file, laid out after GB/T 9704-2012 with real styles, so that it can be edited on.

The same document gives the same bytes: the times in it are the document's own day.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt

from web.documents import docx_styles, measures
from web.documents.model import Alignment, Document, Facts, Grid, Heading, Labelled, Listing, Note, Paragraph, Signature
from web.documents.pdf import LONGEST_KEPT_TOGETHER, UNDATED

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph as Written

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SIDES: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_LONGEST_PROPERTY: Final = 255
_ZIP_DAY: Final = (1980, 1, 1, 0, 0, 0)


def as_docx(document: Document) -> bytes:
    """Write a document as a Word file."""
    word = docx.Document()
    docx_styles.prepare(word)
    _describe(word, document)
    _head(word, document)
    _body(word, document.body)
    for mark, annex in document.annexed:
        _written(word, mark, docx_styles.ANNEX).paragraph_format.page_break_before = True
        _written(word, annex.title, "Title")
        _body(word, annex.body)
    written = io.BytesIO()
    word.save(written)
    return _timeless(written.getvalue())


def _describe(word: "Word", document: Document) -> None:
    day, about = document.dated or UNDATED, word.core_properties
    about.title = document.title.replace("\n", "")[:_LONGEST_PROPERTY]
    about.author = about.last_modified_by = document.issuer[:_LONGEST_PROPERTY]
    about.subject = document.kind[:_LONGEST_PROPERTY]
    about.comments = ""
    about.language = "zh-CN"
    about.created = about.modified = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the format's times have no zone
    about.revision = 1


def _head(word: "Word", document: Document) -> None:
    if document.issuer:
        _written(word, document.issuer, docx_styles.ISSUER)
    _written(word, document.title, "Title")
    if document.subtitle:
        _written(word, document.subtitle, "Subtitle")
    if document.head_line:
        _written(word, document.head_line, docx_styles.NUMBER)


def _body(word: "Word", body: Sequence[Labelled]) -> None:
    for at, (label, block) in enumerate(body):
        match block:
            case Heading():
                _written(word, label + block.text, f"Heading {block.level}")
            case Paragraph():
                lines = [_written(word, line) for line in block.lines]
                # Nobody signs a page that holds nothing else.
                lines[-1].paragraph_format.keep_with_next = _is_signed(body[at + 1 :])
            case Listing():
                _listing(word, block)
            case Note():
                for line in block.lines:
                    _written(word, line, docx_styles.NOTE)
            case Signature():
                _signature(word, block)
            case Facts():
                _facts(word, block)
            case Grid():
                _grid(word, block)


def _is_signed(following: Sequence[Labelled]) -> bool:
    return bool(following) and isinstance(following[0].block, Signature)


def _listing(word: "Word", listing: Listing) -> None:
    for at, item in enumerate(listing.said, start=1):
        # The numbers are text, as they are in the other forms: Word would go on counting in the next list.
        mark = f"{at}.\t" if listing.numbered else "——"
        style = docx_styles.NUMBERED if listing.numbered else docx_styles.DASHED
        _written(word, mark + item, style)


def _signature(word: "Word", signature: Signature) -> None:
    lines = [_written(word, blank, docx_styles.SIGNER) for blank in signature.blanks]
    lines += [_written(word, line, docx_styles.SIGNED) for line in signature.lines if line]
    lines[0].paragraph_format.space_before = Pt(docx_styles.PITCH_PT)
    for line in lines[:-1]:
        line.paragraph_format.keep_with_next = True


def _facts(word: "Word", facts: Facts) -> None:
    measured = measures.facts(facts)
    table = _table(word, len(facts.rows), measured)
    for row, values in zip(table.rows, facts.rows, strict=True):
        docx_styles.keep_row(row, together=sum(map(len, values)) <= LONGEST_KEPT_TOGETHER)
        _fill(row.cells[0], values[0], docx_styles.CELL_HEAD)
        _fill(row.cells[1], values[1], docx_styles.CELL)
    docx_styles.space_after(word)


def _grid(word: "Word", grid: Grid) -> None:
    if grid.caption:
        _written(word, grid.caption, "Caption")
    measured = measures.grid(grid)
    small = docx_styles.SMALL if measured.is_small else ""
    table = _table(word, len(grid.shown) + 1, measured)
    head, *rows = table.rows
    docx_styles.repeat_row(head)
    for cell, name in zip(head.cells, grid.headers, strict=True):
        _fill(cell, name, docx_styles.CELL_HEAD + small, "center")
    for row, values in zip(rows, grid.shown, strict=True):
        docx_styles.keep_row(row, together=sum(map(len, values)) <= LONGEST_KEPT_TOGETHER)
        for cell, value, side in zip(row.cells, values, grid.alignments, strict=True):
            _fill(cell, value, docx_styles.CELL + small, side)
    docx_styles.space_after(word)


def _table(word: "Word", rows: int, measured: measures.Measured) -> "Table":
    table: Table = word.add_table(rows=rows, cols=len(measured.shares), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Mm(round(share * measures.TEXT_MM, 1)) for share in measured.shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width, cell.vertical_alignment = width, WD_CELL_VERTICAL_ALIGNMENT.CENTER
    docx_styles.pad_cells(table)
    return table


def _fill(cell: "_Cell", text: str, style: str, side: Alignment = "left") -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style, paragraph.alignment = style, _SIDES[side]
    _said(paragraph, text)


def _written(word: "Word", text: str, style: str = "Normal") -> "Written":
    return _said(word.add_paragraph(style=style), text)


def _said(paragraph: "Written", text: str) -> "Written":
    """Write a text whose line breaks stay within one paragraph."""
    for at, line in enumerate(text.split("\n")):
        run = paragraph.add_run()
        if at:
            run.add_break(WD_BREAK.LINE)
        run.add_text(line)
        docx_styles.ask_for_chinese(run)
    return paragraph


def _timeless(data: bytes) -> bytes:
    """Pack a Word file anew without the hour at which it was packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in given.namelist():
            kept.writestr(zipfile.ZipInfo(name, _ZIP_DAY), given.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
