"""The manifest of a round: every receipt ever given for it, frozen at the deadline and public from then on."""

from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from marketplace.kernel import canonical
from marketplace.kernel.errors import Invalid
from marketplace.rounds.sealing import papers, seals
from marketplace.rounds.words import Fate

FORMAT: Final = "jiebang-manifest-1"
NAME: Final = "封存清单"


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One receipt, without saying whose: the sealed file, when it came in, and what had become of it by the deadline."""

    bid_id: str
    version: int
    sha256: str
    size_bytes: int
    received_at: datetime
    receipt_digest: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Manifest:
    """All receipts of a round, in order of bid and version. Raises ValueError where two are for one version."""

    round_id: str
    round_title: str
    notice_digest: str
    public_key: str
    deadline: datetime
    frozen_at: datetime
    entries: tuple[ManifestEntry, ...]

    def __post_init__(self) -> None:
        """Refuse another order: one set of receipts has one manifest, and one digest."""
        places = [(entry.bid_id, entry.version) for entry in self.entries]
        if any(before >= after for before, after in pairwise(places)):
            raise ValueError("entries stand in order of bid and version, each once")


def _public_key(value: object) -> str:
    try:
        key = seals.recipient(papers.words(value))
    except Invalid as refusal:
        raise ValueError(refusal.code) from None
    if key != value:
        raise ValueError("a public key in another spelling")
    return key


def _fate(value: object) -> Fate:
    return Fate(papers.words(value))


def _entry(value: object) -> ManifestEntry:
    return ManifestEntry(**_ENTRY(value))


def _manifest(fields: dict[str, Any]) -> Manifest:
    try:
        return Manifest(**fields)
    except ValueError:
        message = f"这份{NAME}已损坏或被改动：条目没有按顺序排列，或者有重复。请使用平台公布的原件。"
        raise Invalid(message, code="damaged_paper") from None


_ENTRY: Final = papers.record(
    {
        "bid_id": papers.words,
        "version": papers.whole(1),
        "sha256": papers.digest,
        "size_bytes": papers.whole(1),
        "received_at": papers.moment,
        "receipt_digest": papers.digest,
        "fate": _fate,
    }
)
_READERS: Final[dict[str, papers.Reader]] = {
    "round_id": papers.words,
    "round_title": papers.words,
    "notice_digest": papers.digest,
    "public_key": _public_key,
    "deadline": papers.moment,
    "frozen_at": papers.moment,
    "entries": papers.rows(_entry),
}


def as_json(manifest: Manifest) -> bytes:
    """Write a manifest as the file that is published: its canonical text, so that the file's SHA-256 is its digest."""
    return canonical.text(_record(manifest)).encode()


def of_json(data: bytes) -> Manifest:
    """Read a manifest. Raises Invalid (`not_a_paper`, `foreign_paper`, `damaged_paper`)."""
    return _manifest(papers.read(data, _READERS, what=NAME, form=FORMAT))


def digest(manifest: Manifest) -> str:
    """SHA-256 of a manifest's canonical text."""
    return canonical.digest(_record(manifest))


def _record(manifest: Manifest) -> dict[str, object]:
    moments = {name: canonical.moment(getattr(manifest, name)) for name in ("deadline", "frozen_at")}
    entries = [asdict(one) | {"received_at": canonical.moment(one.received_at)} for one in manifest.entries]
    return {"format": FORMAT} | asdict(manifest) | moments | {"entries": entries}
