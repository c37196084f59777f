"""Files of a bid: told by their content, looked at by the operator's scanner, sealed before they are stored."""

import hashlib
import io
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.files import FileStore
from marketplace.rounds.bidding import moving
from marketplace.rounds.rules.bid_forms import Attached
from marketplace.rounds.seal_tables import RoundSeal
from marketplace.rounds.sealing import seals

LIMIT_BYTES: Final = 20 * 1024 * 1024
MAX_NAME: Final = 120
SCAN_SECONDS: Final = 60
NAMES: Final[Mapping[str, str]] = {
    "pdf": "PDF",
    "docx": "Word 文档",
    "xlsx": "Excel 表格",
    "pptx": "演示文稿",
    "png": "PNG 图片",
    "jpeg": "JPG 图片",
    "zip": "ZIP 压缩包",
    "mp4": "MP4 视频",
    "age": "自行加密的文件",
}
_STARTS: Final = {
    b"%PDF-": "pdf",
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"age-encryption.org/v1\n": "age",
}
_OFFICE: Final = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}


def kind_of(data: bytes) -> str | None:
    """What a file is by its content, or None where it is nothing that a bid may hold."""
    found = next((kind for start, kind in _STARTS.items() if data.startswith(start)), None)
    if found is None and data[4:8] == b"ftyp":
        return "mp4"
    return _zipped(data) if found is None and data.startswith(b"PK\x03\x04") else found


def require_sound(name: str, data: bytes, *, limit_bytes: int = LIMIT_BYTES) -> str:
    """The kind of a file, or Invalid: empty, too large, or of no kind that a bid may hold."""
    said = name[-60:] or "文件"
    if not data:
        raise _refusal(f"“{said}”是空文件，请重新选择。")
    if len(data) > limit_bytes:
        raise _refusal(f"“{said}”超过 {limit_bytes // 2**20} MB，请压缩或拆分后再上传。")
    kind = kind_of(data)
    if kind is None:
        listed = "、".join(dict.fromkeys(NAMES.values()))
        raise _refusal(f"“{said}”的内容不在可接收的类型内（只改扩展名不行）。可接收：{listed}。")
    return kind


def scan(data: bytes, command: Sequence[str]) -> None:
    """Hand a file to the operator's scanner on its standard input; Invalid where it answers with another code than 0.

    No command: nothing is scanned. A scanner that cannot run, or takes too long, lets nothing through.
    """
    if not command:
        return
    try:
        done = subprocess.run(list(command), input=data, capture_output=True, timeout=SCAN_SECONDS, check=False)  # noqa: S603 - the operator's own setting
    except (OSError, subprocess.TimeoutExpired):
        raise Conflict(
            "病毒检查程序没有响应，文件没有接收。请稍后重试，或联系管理员。", code="scanner_failed"
        ) from None
    if done.returncode:
        raise _refusal("病毒检查没有通过，文件没有接收。请检查后重新上传。")


def recipient_for(session: Session, actor: Actor, bid_id: str) -> str:
    """The public key to which the files of a bid are sealed; NotFound for others than its unit."""
    bid = moving.own(session, actor, bid_id)
    return session.get_one(RoundSeal, bid.round_id).recipient


def seal(
    data: bytes,
    name: str,
    *,
    paper: str,
    recipients: Sequence[str],
    files: FileStore,
    new_id: Callable[[], str],
) -> Attached:
    """Seal a file that was checked and keep it; the plain one is never written to the store."""
    kind = require_sound(name, data)
    sealed = seals.seal(data, recipients)
    files.put(sealed.data, limit_bytes=2 * LIMIT_BYTES)
    return Attached(
        id=new_id(),
        paper=paper,
        name=name[-MAX_NAME:],
        kind=kind,
        size_bytes=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        sealed_digest=sealed.digest,
        sealed_bytes=sealed.size_bytes,
    )


def _zipped(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    return next((kind for part, kind in _OFFICE.items() if part in names), "zip")


def _refusal(message: str) -> Invalid:
    return Invalid(message, code="bad_file", fields={"file": message})
