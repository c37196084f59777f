"""A page of a document or of a scan as a picture, for looking at it beside what was read of it.

Foreign files are drawn where they are read: in a process of its own (`ingest.guarded`).
"""

from base64 import b64decode, b64encode
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from ingest import guarded, refusals
from ingest.errors import Refused
from ingest.formats import Probe
from ingest.limits import DEFAULT, Limits
from ingest.readers import pdf, picture

if TYPE_CHECKING:
    from PIL.Image import Image

WIDEST: Final = 1600
"""How many pixels a page is drawn wide; a line of a dense table is readable at that."""
TASK: Final = "page"
READERS: Final = {"pdf": pdf.READER, "picture": picture.READER}


def has_pages(format_name: str) -> bool:
    """Whether files of a format have pages that can be drawn here; pictures come with the parts for recognising scans."""
    return format_name in READERS and find_spec("PIL") is not None


def page(data: bytes, *, name: str, number: int, limits: Limits = DEFAULT) -> bytes:
    """A page (from 1) as a PNG, at most `WIDEST` pixels wide; raises Refused where the file has no such page."""
    said = guarded.ask(TASK, data, name=name, limits=limits, asked={"number": number})
    return b64decode(said["png"])


def answer(data: bytes, *, name: str, limits: Limits, asked: dict[str, Any]) -> dict[str, Any]:
    """What a guarded process gives that is asked for a page (`guarded.TASKS`)."""
    try:
        drawn = _drawn(data, name, asked["number"], limits)
    except Refused:
        raise
    except Exception as error:
        raise refusals.damaged(name) from error
    file = BytesIO()
    drawn.save(file, format="PNG")
    return {"png": b64encode(file.getvalue()).decode()}


def _drawn(data: bytes, name: str, number: int, limits: Limits) -> "Image":
    if picture.READER.recognises(Probe(data, name, limits)):
        return _picture(data, name)
    return _of_pdf(data, name, number)


def _picture(data: bytes, name: str) -> "Image":
    from PIL import Image, ImageOps

    picture.require_size(data, name)
    with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((WIDEST, 10 * WIDEST))
    return upright


def _of_pdf(data: bytes, name: str, number: int) -> "Image":
    from pypdfium2 import PdfDocument

    document = PdfDocument(data)
    if not 1 <= number <= len(document):
        raise refusals.refuse(name, "page_missing", f"这个文件没有第 {number} 页。")
    found = document[number - 1]
    scale = min(2.0, WIDEST / max(1.0, found.get_width()), 3 * WIDEST / max(1.0, found.get_height()))
    drawn: Image = found.render(scale=scale, may_draw_forms=False).to_pil()
    return drawn
