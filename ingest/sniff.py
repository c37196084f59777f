"""What a file is, by its content; its name and extension are never trusted."""

import re

from ingest import refusals
from ingest.encodings import is_binary
from ingest.formats import Probe, Reader
from ingest.readers import recognise, suffixes

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "RTF 文档"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"II*\x00", "TIFF 图片"),
    (b"MM\x00*", "TIFF 图片"),
    (b"RIFF", "WebP 图片或音频、视频文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"BZh", "bzip2 压缩包"),
    (b"\xfd7zXZ\x00", "xz 压缩包"),
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"SQLite format 3\x00", "数据库文件"),
)
_SHORT_MAGIC = 2
_FOREIGN_PARTS = (
    ("xl/workbook.bin", "xlsb 工作簿"),
    ("ppt/presentation.xml", "演示文稿（pptx）"),
    ("content.xml", "OpenDocument 文件（ods、odt）"),
    ("OFD.xml", "OFD 文件"),
)
_XML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!doctype\s+(?!html))", re.IGNORECASE)
_MAIL = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?:MIME-Version|From|Return-Path|Received|Delivered-To|Subject):", re.IGNORECASE
)
_JSON = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:\{\s*\"|\[\s*[\[{\"])")


def sniff(probe: Probe) -> Reader:
    """The reader of a file; raises Refused with the format's name and what to do where there is none."""
    data, name = probe.data, probe.name
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refusals.empty(name)
    if probe.has_stream("EncryptedPackage", "EncryptionInfo"):
        raise refusals.encrypted(name)
    foreign = _foreign(probe)
    if foreign is not None:
        raise refusals.unsupported(name, foreign, suffixes())
    found = recognise(probe)
    if found is None:
        raise refusals.binary(name, suffixes())
    return found


def _foreign(probe: Probe) -> str | None:
    """What people call a format that no reader takes, or None."""
    data = probe.data
    for magic, label in _FOREIGN:
        if data.startswith(magic) and (len(magic) > _SHORT_MAGIC or is_binary(data)):  # "BM…" may be text
            return label
    if probe.is_zip:
        return _foreign_package(probe)
    if probe.is_compound:
        return _foreign_compound(probe)
    for pattern, label in ((_XML, "XML 文件"), (_MAIL, "邮件或 mht 网页存档"), (_JSON, "JSON 数据文件")):
        if pattern.match(probe.head) and not (pattern is _XML and b"<html" in probe.head.lower()):
            return label
    return None


def _foreign_package(probe: Probe) -> str | None:
    known = next((label for part, label in _FOREIGN_PARTS if part in probe.parts), None)
    return known or (None if recognise(probe) else "压缩包")


def _foreign_compound(probe: Probe) -> str | None:
    if probe.has_stream("WordDocument"):
        return "旧版 Word 文档（doc）"
    return None if recognise(probe) else "旧版 Office 文件"
