"""`jiebang verify`: a receipt against the sealed file and the round's manifest; needs no database and no settings."""

import hashlib
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from marketplace.kernel.errors import Invalid
from marketplace.rounds.sealing import manifests, receipts, verification
from marketplace.rounds.sealing.manifests import Manifest
from marketplace.rounds.sealing.receipts import Receipt

EXIT_WRONG = 1
EXIT_UNREADABLE = 2
RECEIPT_LIMIT_BYTES: Final = 2**20
MANIFEST_LIMIT_BYTES: Final = 64 * 2**20
_SIGNS: Final = {True: "✓", False: "✗", None: "–"}


def verify(receipt: Path, *, file: Path | None, manifest: Path | None) -> int:
    """Print each check; 0 where none failed, 1 where one did, 2 where something could not be read."""
    try:
        held = _receipt(receipt)
        listed = _manifest(manifest) if manifest else None
        digest = _digest(file) if file else None
    except Invalid as refusal:
        sys.stderr.write(f"{refusal.message}\n")
        return EXIT_UNREADABLE
    checks = verification.verify(held, file_digest=digest, manifest=listed)
    for check in checks:
        sys.stdout.write(f"{_SIGNS[check.passed]} {check.message}\n")
    counted = Counter(check.passed for check in checks)
    sys.stdout.write(f"相符 {counted[True]} 项，不符 {counted[False]} 项，未核对 {counted[None]} 项。\n")
    if listed is not None:
        sys.stdout.write(f"封存清单的校验值（请与平台公布的对照）：{manifests.digest(listed)}\n")
    return EXIT_WRONG if counted[False] else 0


def _receipt(path: Path) -> Receipt:
    return receipts.of_json(_read(path, limit_bytes=RECEIPT_LIMIT_BYTES))


def _manifest(path: Path) -> Manifest:
    return manifests.of_json(_read(path, limit_bytes=MANIFEST_LIMIT_BYTES))


def _read(path: Path, *, limit_bytes: int) -> bytes:
    try:
        with path.open("rb") as opened:
            data = opened.read(limit_bytes + 1)
    except OSError:
        raise _missing(path) from None
    if len(data) > limit_bytes:
        raise Invalid(f"文件太大，不是回执或封存清单：{path}。请检查路径。", code="file_too_large")
    return data


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        raise _missing(path) from None


def _missing(path: Path) -> Invalid:
    return Invalid(f"找不到文件，或无法读取：{path}。请检查路径。", code="file_missing")
