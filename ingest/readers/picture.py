"""Pictures of a page: scans and photographs in PNG and JPEG, by character recognition."""

from ingest import refusals
from ingest.documents import pages, recognition
from ingest.formats import Probe, Reader
from ingest.grid import Block
from ingest.limits import Limits

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_MOST_PIXELS = 60_000_000


def recognises(probe: Probe) -> bool:
    """Whether the file begins as a PNG or a JPEG does."""
    return probe.data.startswith((_PNG, _JPEG))


def read(data: bytes, *, name: str, limits: Limits) -> list[Block]:
    """Tables and paragraphs on a picture."""
    import cv2
    import numpy as np

    recognition.require(name, limits)
    require_size(data, name)
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise refusals.damaged(name)
    page = recognition.page(picture.astype(np.uint8), number=1, name=name, limits=limits)
    if not page.glyphs:
        raise refusals.no_text(name)
    return [recognition.noticed(name), *pages.blocks([page])]


def require_size(data: bytes, name: str) -> None:
    """Raise Refused where a picture declares more pixels than may be unpacked."""
    wide, high = _size(data, name)
    if wide * high > _MOST_PIXELS:
        raise refusals.too_large(name, f"图片有 {wide}×{high} 个像素，上限是 {_MOST_PIXELS // 1_000_000} 百万个")


def _size(data: bytes, name: str) -> tuple[int, int]:
    """Width and height in pixels as the file declares them, before anything is unpacked."""
    from io import BytesIO

    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as image:
            return image.size
    except Image.DecompressionBombError as error:
        raise refusals.too_large(name, "图片的像素过多") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise refusals.damaged(name) from error


READER = Reader(format="picture", suffixes=("png", "jpg", "jpeg"), recognises=recognises, read=read, is_guarded=True)
