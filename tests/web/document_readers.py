"""Reading back what a document says, from each of its forms."""

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import docx as word
import pypdfium2

from web.documents.docx import as_docx
from web.documents.model import Document
from web.documents.pdf import as_pdf
from web.pages import render


def bare(text: str) -> str:
    """A text without what each form sets in its own way: spaces and the ends of lines."""
    return re.sub(r"\s", "", text)


def page(document: Document) -> str:
    """The mark-up of a document as a part of a page."""
    source = '{% import "documents/_document.html" as documents %}{{ documents.shown(document) }}'
    return render.environment().from_string(source).render(document=document)


class _Saying(HTMLParser):
    """Gathers what a page says, with the marks that a browser writes before the items of a list."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._marks: Iterator[str] = iter(())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in {"ol", "ul"}:
            self._marks = (f"{at}." if tag == "ol" else "——" for at in range(1, 1000))
        elif tag == "li":
            self.said.append(next(self._marks))

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def of_page(document: Document) -> str:
    """What the page says."""
    reading = _Saying()
    reading.feed(page(document))
    return bare("".join(reading.said))


def of_docx(document: Document) -> str:
    """What the Word file says."""
    parts: list[str] = []
    for part in word.Document(io.BytesIO(as_docx(document))).iter_inner_content():
        if isinstance(part, word.table.Table):
            parts += [cell.text for row in part.rows for cell in row.cells]
        else:
            parts.append(part.text)
    return bare("".join(parts))


def pages_of_pdf(document: Document) -> list[str]:
    """What each page of the PDF says, without the number at its foot."""
    made = pypdfium2.PdfDocument(as_pdf(document))
    texts = [bare(sheet.get_textpage().get_text_range()) for sheet in made]
    return [re.sub(rf"—{number}—$", "", text) for number, text in enumerate(texts, start=1)]


def right_edge(document: Document) -> float:
    """How far to the right the PDF writes, in points."""
    texts = [sheet.get_textpage() for sheet in pypdfium2.PdfDocument(as_pdf(document))]
    places = [(text, at) for text in texts for at in range(text.count_chars()) if text.get_text_range(at, 1).strip()]
    return max(text.get_charbox(at)[2] for text, at in places)
