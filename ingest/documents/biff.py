"""Which cells of a binary workbook are formulas: the reader of its values does not tell.

Records are those of [MS-XLS] 2.4: a number, a length, and as many bytes.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice

_BOUNDSHEET, _BOF, _EOF, _FORMULA = 0x0085, 0x0809, 0x000A, 0x0006
_HEAD = 4
_PLACE = 4
_MOST = 20_000
_LONGEST_STREAM = 64 * 1024 * 1024


def formulas(data: bytes) -> dict[str, list[tuple[int, int]]]:
    """Sheet → the 0-based row and column of its formulas; nothing of a workbook older than Excel 97, or a broken one."""
    stream = _stream(data)
    names = dict(_sheets(stream))
    return {name: list(islice(_formulas(stream, start), _MOST)) for start, name in names.items()}


def _stream(data: bytes) -> bytes:
    from olefile import OleFileIO

    try:
        with OleFileIO(BytesIO(data)) as compound:
            if not compound.exists("Workbook") or compound.get_size("Workbook") > _LONGEST_STREAM:
                return b""
            content: bytes = compound.openstream("Workbook").read()
            return content
    except (OSError, ValueError, IndexError):
        # Broken in a way that the reader of the values will name.
        return b""


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    at = start
    while at + _HEAD <= len(stream):
        number, length = (
            int.from_bytes(stream[at : at + 2], "little"),
            int.from_bytes(stream[at + 2 : at + _HEAD], "little"),
        )
        yield number, stream[at + _HEAD : at + _HEAD + length]
        at += _HEAD + length


def _sheets(stream: bytes) -> Iterator[tuple[int, str]]:
    """Where each sheet begins in the stream, and its name."""
    for number, content in _records(stream, 0):
        if number == _EOF:
            return
        if number == _BOUNDSHEET and len(content) > 8:  # noqa: PLR2004 - its fixed part and a name
            length, is_wide = content[6], content[7] & 1
            words = content[8 : 8 + length * (2 if is_wide else 1)]
            yield int.from_bytes(content[:4], "little"), words.decode("utf-16-le" if is_wide else "latin-1", "replace")


def _formulas(stream: bytes, start: int) -> Iterator[tuple[int, int]]:
    depth = 0
    for number, content in _records(stream, start):
        depth += (number == _BOF) - (number == _EOF)
        if depth == 0:
            return
        if number == _FORMULA and len(content) >= _PLACE:
            yield int.from_bytes(content[:2], "little"), int.from_bytes(content[2:4], "little")
