"""Writes introductions in the formats that people send: Word with and without heading styles, PDF, Markdown, text, web page.

`python -m tests.ingest.introductions.build FOLDER` writes them all.
"""

import io
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

import docx
import typst

from tests.ingest.introductions.documents import DOCUMENTS, Document

_WIDTH: Final = 34
_SIZES: Final = {"h1": "18pt", "h2": "14pt", "h3": "12pt"}
Parts = Sequence[tuple[str, Any]]


def build(document: Document, kind: str) -> bytes:
    """The bytes of a document in one of its formats."""
    writers = {
        "docx": lambda parts: _docx(parts, is_styled=True),
        "plain.docx": lambda parts: _docx(parts, is_styled=False),
        "pdf": lambda parts: _pdf(parts, columns=1),
        "columns.pdf": lambda parts: _pdf(parts, columns=2),
        "md": _markdown,
        "txt": lambda parts: _text(parts, width=0),
        "wrapped.txt": lambda parts: _text(parts, width=_WIDTH),
        "html": _html,
    }
    return writers[kind](document.parts)


def _docx(parts: Parts, *, is_styled: bool) -> bytes:
    written, number = docx.Document(), 0
    for kind, said in parts:
        number = number + 1 if kind == "ol" else (number if kind == "p" else 0)
        if kind == "table":
            table = written.add_table(rows=0, cols=len(said[0]))
            for row in said:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
        elif kind.startswith("h") and is_styled:
            written.add_heading(said, level=int(kind[1]))
        elif kind == "bold":
            written.add_paragraph().add_run(said).bold = True
        elif kind == "li" and is_styled:
            written.add_paragraph(said, style="List Bullet")
        else:
            written.add_paragraph({"li": f"● {said}", "ol": f"{number}. {said}"}.get(kind, said))
    target = io.BytesIO()
    written.save(target)
    return target.getvalue()


def _pdf(parts: Parts, *, columns: int) -> bytes:
    # Low pages, so that there is something in the second column too.
    paper = 'paper: "a4"' if columns == 1 else "width: 21cm, height: 16cm"
    lines = [
        f"#set page({paper}, margin: 2cm, columns: {columns}, footer: context align(center, counter(page).display()))",
        '#set text(font: "Noto Serif CJK SC", size: 10.5pt, lang: "zh")',
    ]
    number = 0
    for kind, said in parts:
        number = number + 1 if kind == "ol" else (number if kind == "p" else 0)
        if kind == "table":
            cells = ", ".join(f"[{_escaped(cell)}]" for row in said for cell in row)
            lines.append(f"#table(columns: {len(said[0])}, {cells})")
        elif kind in _SIZES:
            lines.append(f'#text(size: {_SIZES[kind]}, weight: "bold")[{_escaped(said)}]')
        elif kind == "bold":
            lines.append(f'#text(weight: "bold")[{_escaped(said)}]')
        else:
            mark = {"li": "● ", "ol": f"{number}. "}.get(kind, "")
            lines.append(_escaped(f"{mark}{said}"))
    return bytes(typst.compile("\n\n".join(lines).encode()))


def _escaped(words: str) -> str:
    return "".join(f"\\{sign}" if sign in '#*_`$<>@=-+/~[]\\".' else sign for sign in words)


def _markdown(parts: Parts) -> bytes:
    lines, number = [], 0
    for kind, said in parts:
        number = number + 1 if kind == "ol" else (number if kind == "p" else 0)
        if kind == "table":
            rows = ["| " + " | ".join(row) + " |" for row in said]
            lines.append("\n".join([rows[0], "|" + " --- |" * len(said[0]), *rows[1:]]))
        else:
            mark = {"h1": "# ", "h2": "## ", "h3": "### ", "li": "- ", "ol": f"{number}. "}.get(kind, "")
            lines.append(f"**{said}**" if kind == "bold" else f"{mark}{said}")
    return ("\n\n".join(lines) + "\n").encode()


def _text(parts: Parts, *, width: int) -> bytes:
    lines, number = [], 0
    for kind, said in parts:
        number = number + 1 if kind == "ol" else (number if kind == "p" else 0)
        words = {"li": f"- {said}", "ol": f"{number}. {said}"}.get(kind, said)
        lines.append("\n".join(words[at : at + width] for at in range(0, len(words), width)) if width else words)
    return ("\n\n".join(lines) + "\n").encode()


def _html(parts: Parts) -> bytes:
    lines = [
        "<!doctype html><html><head><meta charset='utf-8'><title>首页</title></head><body><nav>首页 产品 联系</nav>"
    ]
    for kind, said in parts:
        if kind == "table":
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in said)
            lines.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        elif kind == "ol":
            lines.append(
                f"<ol start='{sum(line.startswith('<ol') for line in lines) + 1}'><li>{escape(said)}</li></ol>"
            )
        else:
            tag = {"li": "li", "bold": "strong"}.get(kind, kind)
            lines.append(f"<ul><li>{escape(said)}</li></ul>" if kind == "li" else f"<{tag}>{escape(said)}</{tag}>")
    return ("\n".join([*lines, "</body></html>"])).encode()


def main() -> None:
    """Write every document in each of its formats."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for document in DOCUMENTS:
        for kind in document.formats:
            (folder / f"{document.name}.{kind}").write_bytes(build(document, kind))


if __name__ == "__main__":
    main()
