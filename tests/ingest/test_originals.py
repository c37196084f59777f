"""Pages of originals as pictures: what can be drawn is, in a process of its own; everything else is refused in words."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from ingest import originals
from ingest.errors import Refused

LISTS = Path(__file__).parent / "lists"


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("33_farm_forest_bids.pdf", 1),
        ("42_grain_food_needs_scan.pdf", 1),
        ("39_court_scenes_scan.png", 1),
        ("40_metro_needs_scan.jpg", 1),
    ],
)
def test_a_page_is_drawn(name: str, number: int) -> None:
    drawn = originals.page((LISTS / name).read_bytes(), name=name, number=number)

    with Image.open(BytesIO(drawn)) as image:
        assert image.format == "PNG"
        assert 300 < image.width <= originals.WIDEST
        # There is something on it: dark and light.
        lowest, highest = image.convert("L").getextrema()
        assert lowest < 100 < highest  # type: ignore[operator]


@pytest.mark.parametrize("number", [0, -1, 99])
def test_pages_that_are_not_there_are_refused(number: int) -> None:
    with pytest.raises(Refused, match=f"没有第 {number} 页"):
        originals.page((LISTS / "33_farm_forest_bids.pdf").read_bytes(), name="a.pdf", number=number)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnothing", b"\x89PNG\r\n\x1a\nnothing", b"PK\x03\x04"])
def test_what_cannot_be_drawn_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        originals.page(data, name="a.pdf", number=1)


def test_a_picture_that_would_swell_is_refused_before_it_is_unpacked() -> None:
    file = BytesIO()
    Image.new("1", (9_000, 9_000)).save(file, format="PNG")

    with pytest.raises(Refused, match="像素"):
        originals.page(file.getvalue(), name="a.png", number=1)


def test_only_documents_with_pages_have_pictures() -> None:
    assert [name for name in ("pdf", "picture", "xlsx", "docx", "html") if originals.has_pages(name)] == [
        "pdf",
        "picture",
    ]
