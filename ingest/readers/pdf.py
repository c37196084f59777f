"""PDF: characters and lines as they lie on the pages; pages without text are recognised as pictures."""

import ctypes
import math
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from ingest import guarded, refusals
from ingest.documents import pages, radicals, recognition
from ingest.documents.geometry import Glyph, Page, Rule
from ingest.formats import Probe, Reader
from ingest.grid import Block
from ingest.limits import Limits

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_MAGIC = b"%PDF-"
_WHERE = 1024
_THIN = 3.0
_MOST_GLYPHS = 60_000
_MOST_OBJECTS = 60_000
_DEEPEST = 6
_LARGEST = 14_400.0
_FEW = 8
_UPRIGHT = 0.1
_BLANK = 32
_SLANT = 0.8
_SCALE = 200 / 72


def recognises(probe: Probe) -> bool:
    """Whether the file begins as a PDF does, a little rubbish before it allowed."""
    return _MAGIC in probe.data[:_WHERE] and not probe.is_zip


def read(data: bytes, *, name: str, limits: Limits) -> list[Block]:
    """Tables and paragraphs of all pages; scripts, forms and attachments are never looked at."""
    document = _opened(data, name)
    try:
        count = len(document)
        if count > limits.pages:
            raise refusals.too_large(name, f"有 {count} 页，上限是 {limits.pages} 页")
        read = list(_pages(document, name, limits))
    finally:
        document.close()
    if not any(page.glyphs for page, _ in read):
        raise refusals.no_text(name)
    told = [recognition.noticed(name)] if any(is_recognised for _, is_recognised in read) else []
    return [*told, *pages.blocks(page for page, _ in read)]


def _opened(data: bytes, name: str) -> "PdfDocument":
    from pypdfium2 import PdfDocument, PdfiumError
    from pypdfium2 import raw as pdfium

    try:
        return PdfDocument(data)
    except PdfiumError as error:
        is_locked = getattr(error, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise (refusals.encrypted(name) if is_locked else refusals.damaged(name)) from error


def _pages(document: "PdfDocument", name: str, limits: Limits) -> Iterator[tuple[Page, bool]]:
    """Every page, True with those that had to be recognised."""
    from pypdfium2 import PdfiumError

    recognised = 0
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
        except PdfiumError as error:
            raise refusals.damaged(name) from error
        made = _page(page, number, name)
        is_picture = len(made.glyphs) < _FEW and _has_picture(page)
        if is_picture:
            recognised += 1
            if recognised > limits.recognised_pages:
                raise refusals.too_large(name, f"扫描的页数超过 {limits.recognised_pages} 页")
            made = _recognised(page, number, name, limits)
        page.close()
        guarded.report(number, len(document))
        yield made, is_picture


def _page(page: "PdfPage", number: int, name: str) -> Page:
    turn = _Turn(page)
    if turn.width > _LARGEST or turn.height > _LARGEST:
        raise refusals.too_large(name, f"第 {number} 页的尺寸超过 5 米")
    across: list[Rule] = []
    down: list[Rule] = []
    for rule, is_across in _rules(page, turn):
        (across if is_across else down).append(rule)
    return Page(number, turn.width, turn.height, _glyphs(page, turn, number, name), across, down)


class _Turn:
    """From a page's own coordinates, which ignore how it is turned and count from below, to those of its reader."""

    def __init__(self, page: "PdfPage") -> None:
        left, bottom, right, top = page.get_cropbox(fallback_ok=True)
        self._box = (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
        self._turns = page.get_rotation() // 90
        wide, high = self._box[2] - self._box[0], self._box[3] - self._box[1]
        self.width, self.height = (high, wide) if self._turns % 2 else (wide, high)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies for somebody who looks at the page."""
        left, bottom, right, top = self._box
        if self._turns == 1:
            return y - bottom, x - left
        if self._turns == 2:  # noqa: PLR2004 - upside down
            return right - x, y - bottom
        if self._turns == 3:  # noqa: PLR2004 - turned to the left
            return top - y, right - x
        return x - left, top - y

    def is_upright(self, angle: float) -> bool:
        """Whether a character at an angle, in radians, stands upright for its reader."""
        turned = (angle + self._turns * math.pi / 2) % (2 * math.pi)
        return bool(min(turned, 2 * math.pi - turned) <= _UPRIGHT)

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """A box from corner to corner: left, top, right, bottom."""
        one, other = self.point(x0, y0), self.point(x1, y1)
        return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _glyphs(page: "PdfPage", turn: _Turn, number: int, name: str) -> list[Glyph]:
    from pypdfium2 import raw as pdfium

    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > _MOST_GLYPHS:
            raise refusals.too_large(name, f"第 {number} 页超过 {_MOST_GLYPHS} 个字符")
        found = []
        rectangle = pdfium.FS_RECTF()
        for index in range(count):
            code = pdfium.FPDFText_GetUnicode(text, index)
            # Watermarks stand askew over the text, and are no part of it.
            if code <= _BLANK or not turn.is_upright(pdfium.FPDFText_GetCharAngle(text, index)):
                continue
            pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(rectangle))
            box = turn.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            found.append(Glyph(*box, radicals.character(code)))
        return found
    finally:
        text.close()


def _has_picture(page: "PdfPage") -> bool:
    from pypdfium2 import raw as pdfium

    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST))


def _recognised(page: "PdfPage", number: int, name: str, limits: Limits) -> Page:
    """A page of pictures: drawn, and read by character recognition."""
    longest = max(page.get_size())
    scale = min(_SCALE, recognition.LONGEST_SIDE / longest) if longest else _SCALE
    picture = page.render(scale=scale, may_draw_forms=False).to_numpy()
    return recognition.page(picture, number=number, name=name, limits=limits)


Matrix = tuple[float, float, float, float, float, float]
_UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _rules(page: "PdfPage", turn: _Turn) -> Iterator[tuple[Rule, bool]]:
    """The straight lines along the axes that are drawn on a page, True with those that run across."""
    for path, matrix in islice(_paths(page.raw, _UNMOVED, 0), _MOST_OBJECTS):
        for one, other in _edges(path, matrix):
            (x0, y0), (x1, y1) = turn.point(*one), turn.point(*other)
            if abs(y1 - y0) <= _SLANT and abs(x1 - x0) > _SLANT:
                yield Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)), True
            elif abs(x1 - x0) <= _SLANT and abs(y1 - y0) > _SLANT:
                yield Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)), False


def _paths(parent: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    """The paths of a page, or of a form on it, with the matrix that moves them to their place."""
    from pypdfium2 import raw as pdfium

    is_page = depth == 0
    count = pdfium.FPDFPage_CountObjects(parent) if is_page else pdfium.FPDFFormObj_CountObjects(parent)
    for index in range(min(count, _MOST_OBJECTS)):
        each = pdfium.FPDFPage_GetObject(parent, index) if is_page else pdfium.FPDFFormObj_GetObject(parent, index)
        kind = pdfium.FPDFPageObj_GetType(each)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield each, _times(_matrix(each), matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _paths(each, _times(_matrix(each), matrix), depth + 1)


def _matrix(each: Any) -> Matrix:
    from pypdfium2 import raw as pdfium

    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(each, ctypes.byref(found)):
        return _UNMOVED
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


Point = tuple[float, float]


def _edges(path: Any, matrix: Matrix) -> Iterator[tuple[Point, Point]]:
    """The straight pieces of a path; a filled bar is the line along its middle, other fills are no lines."""
    from pypdfium2 import raw as pdfium

    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(mode), ctypes.byref(stroke))
    for corners in _outlines(path, matrix):
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        if stroke.value:
            yield from pairwise(corners)
        elif mode.value and min(wide, high) <= _THIN < max(wide, high):
            middle_x, middle_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
            if wide > high:
                yield (min(xs), middle_y), (max(xs), middle_y)
            else:
                yield (middle_x, min(ys)), (middle_x, max(ys))


def _outlines(path: Any, matrix: Matrix) -> Iterator[list[Point]]:
    """The corners of each part of a path; a part with a curve is left out."""
    from pypdfium2 import raw as pdfium

    a, b, c, d, e, f = matrix
    corners: list[Point] = []
    is_straight = True
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(corners) > 1 and is_straight:
                yield corners
            corners, is_straight = [point], True
            continue
        is_straight = is_straight and kind == pdfium.FPDF_SEGMENT_LINETO
        corners.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            corners.append(corners[0])
    if len(corners) > 1 and is_straight:
        yield corners


READER = Reader(format="pdf", suffixes=("pdf",), recognises=recognises, read=read, is_guarded=True)
