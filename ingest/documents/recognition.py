"""Character recognition: a picture of a page becomes characters in their boxes, and the lines that are ruled on it.

The models are those of rapidocr's own wheel; nothing is fetched. It is an extra: without it, pictures are refused.
"""

import math
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ingest import guarded, refusals
from ingest.documents.geometry import Glyph, Page, Rule
from ingest.fields import Problem, Severity
from ingest.grid import Grid
from ingest.limits import Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

LONGEST_SIDE = 2600
"""Pixels of the longer side of a page, 220 to the inch for A4: what is larger is made smaller."""
_SEARCHED_SIDE = 1760
"""The size at which lines are searched for; at full size that would take half as much memory again, and find no more."""
_RED_LEAD = 35
_MOST_SKEW = 8.0
_LEAST_SKEW = 0.08
_LEAST_SCORE = 0.5
_THIN = 14
_GAP = 15
_SLOPE = 40
"""A line of a photographed page may rise by one in so many."""
_LEAST_STROKE = 42
"""The longer side of the page is so many times as long as the shortest stroke that is a line, and no part of a character."""


def is_installed() -> bool:
    """Whether the parts for character recognition are there."""
    return find_spec("rapidocr") is not None and find_spec("cv2") is not None


def require(name: str, limits: Limits) -> None:
    """Refuse a picture where recognition is switched off or not installed."""
    if not limits.recognition or not is_installed():
        raise refusals.no_recognition(name, is_off=not limits.recognition)


def page(picture: "Picture", *, number: int, name: str, limits: Limits) -> Page:
    """The characters and ruled lines of a picture (rows × columns, or × 3 in the order blue, green, red), straightened."""
    require(name, limits)
    guarded.begin_recognition()
    grey = _straightened(_without_seal(_fitted(picture)))
    across, down = _ruled(grey)
    height, width = grey.shape[:2]
    return Page(number, float(width), float(height), _glyphs(_without_rules(grey, across, down)), across, down)


def noticed(name: str) -> Grid:
    """What everybody is told whose file was read by recognition; it stands for the whole file."""
    message = "文件是扫描件或图片，文字由机器识别得出，可能有误。请逐条对照原件核对，特别是数字、电话和人名。"
    return Grid(name=None, rows=[], problems=(Problem(name, Severity.TODO, "recognised", message),))


def _fitted(picture: "Picture") -> "Picture":
    import cv2

    longest = max(picture.shape[:2])
    if longest <= LONGEST_SIDE:
        return picture
    scale = LONGEST_SIDE / longest
    return _picture(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _picture(array: Any) -> "Picture":
    """What OpenCV gives, as the bytes that it is: its own types say no more than that it is some array of numbers."""
    import numpy as np

    return np.asarray(array, dtype=np.uint8)


def _without_seal(picture: "Picture") -> "Picture":
    """Grey, with red made light: a stamp goes, and the black words under it stay."""
    import cv2
    import numpy as np

    if picture.ndim == 2:  # noqa: PLR2004 - grey already
        return picture
    blue, green, red = (picture[:, :, channel].astype(np.int16) for channel in range(3))
    is_red = (red - green > _RED_LEAD) & (red - blue > _RED_LEAD)
    grey = _picture(cv2.cvtColor(picture[:, :, :3], cv2.COLOR_BGR2GRAY))
    grey[is_red] = np.maximum(grey, red.astype(np.uint8))[is_red]
    return grey


def _straightened(grey: "Picture") -> "Picture":
    import cv2

    angle = _skew(grey)
    if abs(angle) < _LEAST_SKEW:
        return grey
    height, width = grey.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return _picture(cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,)))


def _skew(grey: "Picture") -> float:
    """By how many degrees a page lies askew, told by its long straight lines; 0.0 where it has none."""
    import cv2
    import numpy as np

    width = grey.shape[1]
    edges = cv2.Canny(grey, 60, 180)
    found = cv2.HoughLinesP(
        edges, 1, math.pi / 1800, threshold=width // 8, minLineLength=width / 4, maxLineGap=width // 60
    )
    if found is None:
        return 0.0
    angles = [
        math.degrees(math.atan2(y1 - y0, x1 - x0)) for x0, y0, x1, y1 in np.asarray(found).reshape(-1, 4).tolist()
    ]
    level = [angle for angle in angles if abs(angle) <= _MOST_SKEW]
    return float(np.median(level)) if level else 0.0


def _ruled(grey: "Picture") -> tuple[list[Rule], list[Rule]]:
    """Long thin dark strokes: lines of a table."""
    import cv2

    least = max(3, max(grey.shape[:2]) // _LEAST_STROKE)
    softened = cv2.GaussianBlur(grey, (3, 3), 0)
    dark = _picture(cv2.adaptiveThreshold(softened, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12))
    across = [
        Rule(y + high / 2, float(x), float(x + wide))
        for x, y, wide, high in _strokes(dark, (least, 1), (1, 3), (_GAP, 1))
        if high <= max(_THIN, wide // _SLOPE)
    ]
    down = [
        Rule(x + wide / 2, float(y), float(y + high))
        for x, y, wide, high in _strokes(dark, (1, least), (3, 1), (1, _GAP))
        if wide <= max(_THIN, high // _SLOPE)
    ]
    return across, down


def _strokes(
    dark: "Picture", least: tuple[int, int], thicker: tuple[int, int], bridge: tuple[int, int]
) -> list[tuple[int, int, int, int]]:
    """The boxes (x, y, width, height) of strokes at least as long as `least`, thickened first and gaps bridged after."""
    import cv2

    def shape(size: tuple[int, int]) -> Any:
        return cv2.getStructuringElement(cv2.MORPH_RECT, size)

    opened = cv2.morphologyEx(cv2.dilate(dark, shape(thicker)), cv2.MORPH_OPEN, shape(least))
    outlines, _ = cv2.findContours(
        cv2.morphologyEx(opened, cv2.MORPH_CLOSE, shape(bridge)), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    return [(x, y, wide, high) for x, y, wide, high in map(cv2.boundingRect, outlines)]


def _without_rules(grey: "Picture", across: list[Rule], down: list[Rule]) -> "Picture":
    """The picture with its ruled lines painted over, so that none is taken for a character."""
    clean = grey.copy()
    for rule in across:
        clean[max(0, int(rule.at) - 2) : int(rule.at) + 3, int(rule.start) : int(rule.end) + 1] = 255
    for rule in down:
        clean[int(rule.start) : int(rule.end) + 1, max(0, int(rule.at) - 2) : int(rule.at) + 3] = 255
    return clean


def _glyphs(grey: "Picture") -> list[Glyph]:
    import cv2

    result = _engine()(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), return_word_box=True, return_single_char_box=True)
    found = []
    for words, score in zip(result.word_results or (), result.scores or (), strict=False):
        if score < _LEAST_SCORE:
            continue
        for character, _, corners in words:
            xs, ys = [float(point[0]) for point in corners], [float(point[1]) for point in corners]
            found.append(Glyph(min(xs), min(ys), max(xs), max(ys), character))
    return found


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": LONGEST_SIDE,
            "Det.limit_type": "max",
            "Det.limit_side_len": _SEARCHED_SIDE,
            "Rec.rec_batch_num": 4,
        }
    )
