"""One-page PDF papers of the sample market: short texts in a font that every reader brings itself."""

from collections.abc import Iterable, Sequence
from typing import Final

WIDTH: Final = 36
"""Signs a line, at twelve points on A4."""
LINES: Final = 34
_FONTS: Final = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[5 0 R]>>",
    (
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 6 0 R"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/W[1 95 500]>>"
    ),
    (
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        "/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
    ),
)


def make(title: str, paragraphs: Sequence[str]) -> bytes:
    """Write a title and some paragraphs on one page; what does not fit is left out."""
    wrapped = [line for one in paragraphs for line in (*_lines(one), "")]
    shown = "".join(f"{_hex(line)} Tj T*\n" for line in wrapped[:LINES])
    content = f"BT /F1 16 Tf 72 770 Td {_hex(title)} Tj ET\nBT /F1 12 Tf 20 TL 72 734 Td\n{shown}ET\n"
    return _file(
        (
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 7 0 R/Resources<</Font<</F1 4 0 R>>>>>>",
            *_FONTS,
            f"<</Length {len(content)}>>\nstream\n{content}endstream",
        )
    )


def _lines(text: str) -> list[str]:
    return [text[begin : begin + WIDTH] for begin in range(0, len(text), WIDTH)]


def _hex(words: str) -> str:
    return f"<{words.encode('utf-16-be').hex().upper()}>"


def _file(objects: Iterable[str]) -> bytes:
    data, places = b"%PDF-1.4\n", list[int]()
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{one}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(places) + 1
    ending = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<</Size {count}/Root 1 0 R>>\n"
    return data + f"{ending}startxref\n{len(data)}\n%%EOF\n".encode("ascii")
