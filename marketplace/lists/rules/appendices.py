"""What may be kept with an edition: a scan as PDF or picture, told by its content and never by its name."""

from collections.abc import Mapping

from marketplace.kernel.errors import Invalid

MAX_NAME = 120
BEGINNINGS: Mapping[bytes, str] = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
SUFFIXES: Mapping[str, str] = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


def media_type(data: bytes) -> str:
    """What a file is by its first bytes. Raises Invalid for all but PDF, PNG and JPEG."""
    for beginning, said in BEGINNINGS.items():
        if data.startswith(beginning):
            return said
    if not data:
        message = "没有收到文件。请先选择盖章扫描件，再上传。"
        raise Invalid(message, code="no_file", fields={"file": message})
    message = "盖章扫描件应是 PDF、PNG 或 JPG 文件；这个文件的内容不是，请重新扫描或另存后再上传。"
    raise Invalid(message, code="not_a_scan", fields={"file": message})


def label(name: str, media: str) -> str:
    """A file's name as it is shown and given back: no folder, not too long, its ending that of its content."""
    stem = name.replace("\\", "/").rsplit("/", maxsplit=1)[-1].rsplit(".", maxsplit=1)[0]
    plain = "".join(sign for sign in stem if sign.isprintable()).strip()
    return (plain[:MAX_NAME] or "盖章扫描件") + SUFFIXES[media]
