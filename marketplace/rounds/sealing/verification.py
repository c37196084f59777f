"""Verifying a receipt: against the sealed file that the unit kept, and against the round's public manifest."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Final

from marketplace.kernel.chinese_time import spoken
from marketplace.rounds.sealing import receipts
from marketplace.rounds.sealing.manifests import Manifest, ManifestEntry
from marketplace.rounds.sealing.receipts import Receipt
from marketplace.rounds.words import Fate

_FATES: Final = {
    Fate.LIVE: "这一版在截止时有效，由开启人开启",
    Fate.REPLACED: "这一版在截止前被同一份申报的后一版取代，不再开启",
    Fate.WITHDRAWN: "这一版在截止前由申报单位撤回，不再开启",
    Fate.LAPSED: "公告修改后没有在截止前确认，这一版已失效，不再开启",
}
_LAST_ONLY: Final = (Fate.LIVE, Fate.LAPSED)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked; `passed` is None where it could not be, for want of a file or of an entry."""

    code: str
    passed: bool | None
    message: str


def verify(receipt: Receipt, *, file_digest: str | None, manifest: Manifest | None) -> tuple[Check, ...]:
    """Check a receipt against the SHA-256 of the sealed file and against the manifest, whichever are given.

    The codes, always all and in this order: readable, file, round, listed, same, untouched, in_time, fate, complete.
    """
    return (_readable(receipt), _file(receipt, file_digest), *_against(receipt, manifest))


def _readable(receipt: Receipt) -> Check:
    said = (
        f"“{receipt.round_title}”第 {receipt.version} 版申报，{receipt.organisation}，{spoken(receipt.received_at)}收到"
    )
    return Check("readable", passed=True, message=f"回执可以读出：{said}。")


def _file(receipt: Receipt, file_digest: str | None) -> Check:
    if file_digest is None:
        return Check("file", None, "没有提供封存文件，未核对文件内容。")
    if file_digest == receipt.sha256:
        return Check("file", passed=True, message="封存文件与回执记载的 SHA-256 一致，内容没有变动。")
    return Check(
        "file", passed=False, message="封存文件与回执记载的 SHA-256 不一致：不是当时提交的那个文件，或已被改动。"
    )


def _against(receipt: Receipt, manifest: Manifest | None) -> tuple[Check, ...]:
    if manifest is None:
        codes = ("round", "listed", "same", "untouched", "in_time", "fate", "complete")
        wanting = "没有提供封存清单，未核对"
        whats = (
            "轮次和公告",
            "是否列入清单",
            "清单所列内容",
            "回执是否被改动",
            "是否按时收到",
            "截止时的状态",
            "清单是否完整",
        )
        return tuple(Check(code, None, f"{wanting}{what}。") for code, what in zip(codes, whats, strict=True))
    place = (receipt.bid_id, receipt.version)
    entry = next((one for one in manifest.entries if (one.bid_id, one.version) == place), None)
    return (
        _round(receipt, manifest),
        _listed(entry),
        _same(receipt, entry),
        _untouched(receipt, entry),
        _in_time(receipt, manifest),
        _fate(entry),
        _complete(manifest),
    )


def _round(receipt: Receipt, manifest: Manifest) -> Check:
    if (receipt.round_id, receipt.round_title) != (manifest.round_id, manifest.round_title):
        return Check("round", passed=False, message="回执与封存清单不属于同一个活动。请下载回执所写活动的封存清单。")
    if receipt.notice_digest != manifest.notice_digest:
        return Check("round", passed=False, message="回执与封存清单所依据的公告不同：两者记载的公告校验值不一致。")
    return Check("round", passed=True, message="回执与封存清单属于同一个活动、同一份公告。")


def _listed(entry: ManifestEntry | None) -> Check:
    if entry is None:
        return Check("listed", passed=False, message="封存清单里没有这份申报的这一版。凭回执可以向监督人员提出。")
    return Check("listed", passed=True, message="封存清单里列有这份申报的这一版。")


def _same(receipt: Receipt, entry: ManifestEntry | None) -> Check:
    if entry is None:
        return _unlisted("same", "清单所列内容")
    wrong = [
        name
        for name, ours, theirs in (
            ("文件校验值", receipt.sha256, entry.sha256),
            ("文件大小", receipt.size_bytes, entry.size_bytes),
            ("收到时间", receipt.received_at, entry.received_at),
        )
        if ours != theirs
    ]
    if wrong:
        return Check("same", passed=False, message=f"回执与封存清单所列不一致：{'、'.join(wrong)}。")
    return Check("same", passed=True, message="文件校验值、大小和收到时间与封存清单所列一致。")


def _untouched(receipt: Receipt, entry: ManifestEntry | None) -> Check:
    if entry is None:
        return _unlisted("untouched", "回执是否被改动")
    if receipts.digest(receipt) == entry.receipt_digest:
        return Check("untouched", passed=True, message="回执逐字与平台出具时相同，包括单位名称和留痕位置。")
    return Check("untouched", passed=False, message="回执与平台出具时不同：有的内容（如单位名称、留痕位置）被改动。")


def _in_time(receipt: Receipt, manifest: Manifest) -> Check:
    when = f"{_to_the_second(receipt.received_at)}收到，{_to_the_second(manifest.deadline)}截止"
    if receipt.received_at < manifest.deadline:
        return Check("in_time", passed=True, message=f"在截止前收到：{when}。")
    return Check("in_time", passed=False, message=f"不是在截止前收到：{when}。")


def _to_the_second(at: datetime) -> str:
    return f"{spoken(at)}:{at:%S}"


def _fate(entry: ManifestEntry | None) -> Check:
    if entry is None:
        return _unlisted("fate", "截止时的状态")
    return Check("fate", passed=True, message=f"{_FATES[entry.fate]}。如与您所做的不符，请向监督人员提出。")


def _unlisted(code: str, what: str) -> Check:
    return Check(code, None, f"封存清单里没有这一版，未核对{what}。")


def _complete(manifest: Manifest) -> Check:
    """Whether the manifest agrees with itself, as one from which something was dropped or altered does not."""
    fault = next(_faults(manifest), None)
    if fault is not None:
        return Check("complete", passed=False, message=f"封存清单前后不符：{fault}。")
    live = sum(entry.fate is Fate.LIVE for entry in manifest.entries)
    message = f"封存清单没有缺漏的版本：共 {len(manifest.entries)} 份回执，其中 {live} 份有效。"
    return Check("complete", passed=True, message=message)


def _faults(manifest: Manifest) -> Iterator[str]:
    if manifest.frozen_at < manifest.deadline:
        yield "清单在截止前就已固定"
    if any(entry.received_at >= manifest.deadline for entry in manifest.entries):
        yield "列有截止后才收到的申报"
    for digests in (
        Counter(entry.sha256 for entry in manifest.entries),
        # Each sealing draws new random keys, and each receipt a new salt: none comes twice.
        Counter(entry.receipt_digest for entry in manifest.entries),
    ):
        if any(count > 1 for count in digests.values()):
            yield "同一个文件或同一份回执列了两次"
    for bid_id, found in groupby(manifest.entries, key=lambda entry: entry.bid_id):
        yield from (f"编号 {bid_id} 的申报{fault}" for fault in _faults_of(list(found)))


def _faults_of(versions: list[ManifestEntry]) -> Iterator[str]:
    """What is wrong with the versions of one bid, which stand in order."""
    if [entry.version for entry in versions] != list(range(1, len(versions) + 1)):
        yield "缺少中间的版本"
    if any(before.received_at >= after.received_at for before, after in pairwise(versions)):
        yield "各版收到时间的先后与版本不符"
    if any(entry.fate in _LAST_ONLY for entry in versions[:-1]):
        yield "有后一版，前一版却仍列为有效或失效"
    if versions[-1].fate is Fate.REPLACED:
        yield "最后一版列为已被取代，却没有取代它的版本"
