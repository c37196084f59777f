"""Verifying a receipt on a page: nothing that is sent here is kept, and nothing is told that the sender did not hold."""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from marketplace.kernel.errors import Invalid, NotFound
from marketplace.rounds import manifests as stored_manifests
from marketplace.rounds.sealing import manifests, receipts, verification
from marketplace.rounds.sealing.manifests import Manifest
from marketplace.rounds.sealing.receipts import Receipt
from marketplace.rounds.sealing.verification import Check

RECEIPT_LIMIT_BYTES: Final = 64 * 1024
SIGNS: Final = {True: "✓", False: "✗", None: "–"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent: the receipt's bytes, the SHA-256 of the sealed file or None, the manifest's bytes or b""."""

    receipt: bytes
    file_digest: str | None = None
    manifest: bytes = b""


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of it. `manifest_digest` is "" where none was at hand; `is_ours`: the stored manifest was used."""

    receipt: Receipt
    checks: tuple[Check, ...]
    manifest_digest: str
    is_ours: bool

    @property
    def failed(self) -> int:
        """How many checks failed."""
        return sum(check.passed is False for check in self.checks)

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(check.passed is True for check in self.checks)


def read(sent: Sent) -> tuple[Receipt, Manifest | None]:
    """Read what was sent. Raises Invalid with the field that cannot be read."""
    if not sent.receipt.strip():
        told = "请粘贴回执的内容，或选择回执文件。"
        raise Invalid(told, code="no_receipt", fields={"receipt": told})
    if len(sent.receipt) > RECEIPT_LIMIT_BYTES:
        told = "太大了，这不是申报回执。请选择平台给出的回执文件（JSON）。"
        raise Invalid(told, code="not_a_paper", fields={"receipt": told})
    try:
        receipt = receipts.of_json(sent.receipt)
    except Invalid as refusal:
        raise Invalid(refusal.message, code=refusal.code, fields={"receipt": refusal.message}) from None
    try:
        listed = manifests.of_json(sent.manifest) if sent.manifest else None
    except Invalid as refusal:
        raise Invalid(refusal.message, code=refusal.code, fields={"manifest": refusal.message}) from None
    return receipt, listed


def examine(session: Session, receipt: Receipt, listed: Manifest | None, *, file_digest: str | None) -> Examined:
    """Check a receipt; where no manifest was sent, against the one that is stored here, if there is one."""
    ours, digest = _stored(session, receipt.round_id)
    used = ours if listed is None else listed
    checks = list(verification.verify(receipt, file_digest=file_digest, manifest=used))
    if listed is not None and ours is not None:
        checks.append(_agreeing(listed, digest))
    return Examined(
        receipt=receipt,
        checks=tuple(checks),
        manifest_digest="" if used is None else manifests.digest(used),
        is_ours=listed is None and ours is not None,
    )


def _stored(session: Session, round_id: str) -> tuple[Manifest | None, str]:
    try:
        return stored_manifests.get(session, round_id)
    except NotFound:
        return None, ""


def _agreeing(listed: Manifest, digest: str) -> Check:
    if manifests.digest(listed) == digest:
        return Check("stored", passed=True, message="您提供的封存清单与本平台公布的相同。")
    message = "您提供的封存清单与本平台公布的不同。请保留您的这一份，向监督人员提出。"
    return Check("stored", passed=False, message=message)
