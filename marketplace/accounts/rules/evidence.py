"""What an uploaded file is, told by its content and not by its name."""

from marketplace.accounts.words import EvidenceKind
from marketplace.kernel.errors import Invalid

LIMIT_BYTES = 10 * 1024 * 1024
MOST_FILES = 5
MAX_LABEL = 200
ENDINGS = {
    EvidenceKind.PDF: ("pdf",),
    EvidenceKind.PNG: ("png",),
    EvidenceKind.JPEG: ("jpg", "jpeg", "jfif"),
}
MEDIA_TYPES = {
    EvidenceKind.PDF: "application/pdf",
    EvidenceKind.PNG: "image/png",
    EvidenceKind.JPEG: "image/jpeg",
}
_STARTS = {
    EvidenceKind.PDF: b"%PDF-",
    EvidenceKind.PNG: b"\x89PNG\r\n\x1a\n",
    EvidenceKind.JPEG: b"\xff\xd8\xff",
}
_SAID = {EvidenceKind.PDF: "PDF", EvidenceKind.PNG: "PNG 图片", EvidenceKind.JPEG: "JPG 图片"}


def kind_of(data: bytes) -> EvidenceKind | None:
    """What a file's first bytes say it is, or None."""
    return next((kind for kind, start in _STARTS.items() if data.startswith(start)), None)


def require_sound(label: str, data: bytes) -> EvidenceKind:
    """The kind of a file, or Invalid: empty, too large, none of the three kinds, or named as another one."""
    name = label[-60:] or "文件"
    kind = kind_of(data)
    if not data:
        raise _refusal(f"“{name}”是空文件，请重新选择。")
    if len(data) > LIMIT_BYTES:
        raise _refusal(f"“{name}”超过 {LIMIT_BYTES // 2**20} MB，请压缩扫描件或降低分辨率后再上传。")
    if kind is None:
        raise _refusal(f"“{name}”的内容不是 PDF、PNG 或 JPG（只改扩展名不行），请上传扫描件或照片。")
    ending = label.rpartition(".")[2].lower()
    if ending not in ENDINGS[kind]:
        raise _refusal(f"“{name}”的内容是 {_SAID[kind]}，与文件名的扩展名不符，请改正文件名后再上传。")
    return kind


def _refusal(message: str) -> Invalid:
    return Invalid(message, code="bad_evidence", fields={"evidence": message})
