"""How much of a file ingest is willing to read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one file; what lies above is refused, or cut with a warning where that is harmless.

    `bytes` is the file itself, `unpacked_bytes` what it may grow to when unzipped; `cells`, `rows` and `columns`
    hold for one sheet, `sheets` and `parts` (entries of the zip) for one file; a cell longer than
    `cell_characters` is cut and its row is reported. `pages` and `paragraphs` hold for one document, `recognised_pages` for
    those of scans, which are read only where `recognition` is on.
    """

    bytes: int = 64 * 1024 * 1024
    unpacked_bytes: int = 320 * 1024 * 1024
    cells: int = 3_000_000
    rows: int = 300_000
    columns: int = 400
    sheets: int = 100
    parts: int = 5_000
    cell_characters: int = 32_767
    problems: int = 5_000
    pages: int = 1_000
    paragraphs: int = 100_000
    recognised_pages: int = 100
    recognition: bool = True


DEFAULT = Limits()
