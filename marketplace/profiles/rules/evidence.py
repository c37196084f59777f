"""What an evidence file may be: told by its content, whatever its name claims."""

import re
from pathlib import PurePosixPath
from typing import Final

from marketplace.kernel.errors import Invalid

HEAD_BYTES: Final = 16
MAX_NAME: Final = 120
_STARTS: Final = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_ENDINGS: Final = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
}
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069\ud800-\udfff]')


def media_type(head: bytes, name: str) -> str:
    """The media type of a file by its first bytes. Raises Invalid for any other kind, and where the name disagrees."""
    found = next((kind for start, kind in _STARTS if head.startswith(start)), None)
    if found is None:
        raise _bad(f"“{safe_name(name)}”不是 PDF、PNG 或 JPG 文件。请把证明材料另存为其中一种，再上传。")
    if not name.casefold().endswith(_ENDINGS[found]):
        ending = _ENDINGS[found][0]
        raise _bad(f"“{safe_name(name)}”的内容是 {ending[1:].upper()}，与文件名的后缀不符。请改为 {ending} 后再上传。")
    return found


def safe_name(name: str) -> str:
    """A file's name without folders and without what file systems or readers may take amiss, short enough to show."""
    bare = _UNSAFE.sub("", PurePosixPath(name.replace("\\", "/")).name).strip(". ") or "文件"
    path = PurePosixPath(bare)
    return bare if len(bare) <= MAX_NAME else path.stem[: MAX_NAME - len(path.suffix[:8])] + path.suffix[:8]


def _bad(message: str) -> Invalid:
    return Invalid(message, code="bad_evidence", fields={"cases": message})
