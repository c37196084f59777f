"""What is in a sealed bid: answers, the price as a file of its own, and which attachments belong to it.

Format `jiebang-bid-1`: a ZIP of stored entries with fixed dates, so that the same contents give the same bytes:
`format`, `answers.json`, `price.json`, `attachments.json` (each the canonical text of its JSON value), and `padding`, zeros up to a
multiple of 4 KiB, so that the size of the sealed file tells next to nothing. Attachments are sealed apart, each as an
age file of its own, and named here by their digests.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from marketplace.kernel import canonical
from marketplace.rounds.sealing import papers

FORMAT: Final = "jiebang-bid-1"
BLOCK_BYTES: Final = 4096
LIMIT_BYTES: Final = 4 * 2**20
"""The most that answers, price and the list of attachments may take together, packed."""

_JSON: Final = ("answers.json", "price.json", "attachments.json")
_ENTRIES: Final = ("format", *_JSON, "padding")
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a bid: its name and kind, the SHA-256 and size of its plain bytes, the SHA-256 of its age file."""

    name: str
    kind: str
    size_bytes: int
    digest: str
    sealed_digest: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of one version of a bid; answers and price are JSON objects."""

    answers: Mapping[str, object]
    price: Mapping[str, object]
    attachments: tuple[Attachment, ...]


_ATTACHMENTS: Final = papers.rows(
    papers.record(
        {
            "name": papers.words,
            "kind": papers.words,
            "size_bytes": papers.whole(0),
            "digest": papers.digest,
            "sealed_digest": papers.digest,
        }
    )
)


def pack(contents: Contents) -> bytes:
    """Write contents as bytes; the same contents always give the same. Raises ValueError where `unpack` would."""
    parts = (dict(contents.answers), dict(contents.price), [asdict(one) for one in contents.attachments])
    try:
        texts = [canonical.text(part).encode() for part in parts]
    except (TypeError, RecursionError) as fault:
        raise ValueError(f"contents are JSON: {fault}") from None
    bare = len(_zipped(texts, padding=0))
    data = _zipped(texts, padding=-bare % BLOCK_BYTES)
    if unpack(data) != contents:
        # Such as a tuple, or a number for a name: they would come back as something else.
        raise ValueError("contents are JSON, and nothing that JSON writes as something else")
    return data


def unpack(data: bytes) -> Contents:
    """Read packed contents. Raises ValueError where anything is not exactly as `pack` writes it."""
    if len(data) > LIMIT_BYTES:
        raise ValueError(f"{len(data)} bytes are more than the {LIMIT_BYTES} that contents may take")
    if len(data) % BLOCK_BYTES:
        raise ValueError(f"{len(data)} bytes are no multiple of {BLOCK_BYTES}")
    entries = _entries(data)
    if entries["format"] != FORMAT.encode():
        raise ValueError(f"not the format {FORMAT}")
    if entries["padding"].strip(b"\0"):
        raise ValueError("the padding is not empty")
    answers, price, attachments = (_value(entries[name], name) for name in _JSON)
    return Contents(
        _an_object(answers), _an_object(price), tuple(Attachment(**fields) for fields in _ATTACHMENTS(attachments))
    )


def _zipped(texts: list[bytes], *, padding: int) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, text in zip(_ENTRIES, (FORMAT.encode(), *texts, bytes(padding)), strict=True):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = _UNIX
            archive.writestr(entry, text)
    return held.getvalue()


def _entries(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if tuple(entry.filename for entry in listed) != _ENTRIES:
                raise ValueError(f"the entries are not exactly {', '.join(_ENTRIES)}")
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in listed):
                # What is stored cannot grow: the limit on the whole is one on each entry.
                raise ValueError("an entry is compressed")
            return {entry.filename: archive.read(entry) for entry in listed}
    except (zipfile.BadZipFile, EOFError, RuntimeError, OverflowError) as fault:
        raise ValueError(f"not a readable ZIP: {type(fault).__name__}") from None


def _value(data: bytes, name: str) -> object:
    value = papers.parse(data)
    if canonical.text(value).encode() != data:
        raise ValueError(f"{name} is not in its one spelling")
    return value


def _an_object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - what is read is wrong, not the program
    return value
