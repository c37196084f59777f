"""What a file is, by its content; its name and extension are never trusted."""

import re
from enum import StrEnum

from ingest import refusals
from ingest.archives import Package
from ingest.limits import Limits


class Format(StrEnum):
    """The formats that have a reader."""

    XLSX = "xlsx"
    CSV = "csv"


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文件"),
    (b"{\\rtf", "RTF 文档"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"RIFF", "多媒体文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"BZh", "bzip2 压缩包"),
    (b"\xfd7zXZ\x00", "xz 压缩包"),
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"SQLite format 3\x00", "数据库文件"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MARKUP = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(!doctype|html|head|body|table|meta|\?xml|mht|div|script)",
    re.IGNORECASE | re.DOTALL,
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE = 0.002
_SAMPLE = 1 << 16


def sniff(data: bytes, *, name: str, limits: Limits) -> Format:
    """The format of a file, or Refused with the format's name and what to do instead."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refusals.empty(name)
    if data.startswith(_ZIP):
        return _of_zip(data, name=name, limits=limits)
    if data.startswith(_OLE):
        raise _of_ole(data, name=name)
    for magic, label in _MAGIC:
        if data.startswith(magic) and (len(magic) > 2 or _is_binary(data)):  # noqa: PLR2004 - "BM…" may be text
            raise refusals.unsupported(name, label)
    if _MARKUP.match(data[:4096]):
        raise refusals.unsupported(name, "网页（HTML）或 XML 文件，即使扩展名是 xls")
    if not data.startswith(_UTF16) and _is_binary(data):
        raise refusals.binary(name)
    return Format.CSV


def _of_zip(data: bytes, *, name: str, limits: Limits) -> Format:
    names = set(Package(data, name=name, limits=limits).names)
    if "xl/workbook.xml" in names:
        return Format.XLSX
    for part, label in (
        ("xl/workbook.bin", "xlsb 工作簿"),
        ("word/document.xml", "Word 文档（docx）"),
        ("ppt/presentation.xml", "演示文稿（pptx）"),
        ("content.xml", "OpenDocument 文件（ods、odt）"),
        ("OFD.xml", "OFD 文件"),
    ):
        if part in names:
            raise refusals.unsupported(name, label)
    if "[Content_Types].xml" in names and any(part.startswith("xl/") for part in names):
        return Format.XLSX
    raise refusals.unsupported(name, "压缩包")


def _of_ole(data: bytes, *, name: str) -> Exception:
    if "EncryptedPackage".encode("utf-16-le") in data or "EncryptionInfo".encode("utf-16-le") in data:
        return refusals.encrypted(name)
    if "WordDocument".encode("utf-16-le") in data:
        return refusals.unsupported(name, "旧版 Word 文档（doc）")
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return refusals.unsupported(name, "旧版 Excel 工作簿（xls）")
    return refusals.unsupported(name, "旧版 Office 文件")


def _is_binary(data: bytes) -> bool:
    """Many control characters, unless every second byte is zero as in UTF-16 without a mark."""
    sample = data[:_SAMPLE]
    controls = len(_CONTROL.findall(sample))
    if controls <= _CONTROL_SHARE * len(sample):
        return False
    return not looks_like_utf16(sample)


def looks_like_utf16(sample: bytes) -> bool:
    """Whether text without a byte order mark is UTF-16: line ends and separators have a zero byte beside them."""
    marks = sum(sample.count(mark) for mark in (b"\n\x00", b"\x00\n", b",\x00", b"\x00,", b"\t\x00", b"\x00\t"))
    if not marks or len(sample) % 2:
        return False
    for encoding in ("utf-16-le", "utf-16-be"):
        decoded = sample.decode(encoding, "replace")
        if not re.search(r"[\x00-\x08\ud800-\udfff\ufffd]", decoded[:-1]) and re.search(r"[\u4e00-\u9fff]", decoded):
            return True
    return False
