"""Opening one sealed bid: held against its receipt and the public manifest before anything of it is believed."""

import hashlib
from dataclasses import dataclass

from marketplace.kernel.files import FileStore
from marketplace.rounds.bid_tables import BidVersion
from marketplace.rounds.sealing import receipts, seals
from marketplace.rounds.sealing.contents import Contents, unpack
from marketplace.rounds.sealing.manifests import Manifest


@dataclass(frozen=True, slots=True)
class Unsealing:
    """With what bids are opened: the manifest that was frozen at the deadline, the round's secret, the stored files."""

    manifest: Manifest
    secret: str
    files: FileStore

    def contents(self, version: BidVersion) -> Contents:
        """What a sealed version says. ValueError, Invalid or NotFound say in words why it is not to be had."""
        self._require_as_promised(version)
        with self.files.open(version.sealed_digest) as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != version.sealed_digest or len(data) != version.size_bytes:
            raise ValueError("封存文件与收据不一致：内容已被改动或损坏。")
        contents = unpack(seals.unseal(data, self.secret))
        if (contents.answers.get("bid"), contents.answers.get("round")) != (version.bid_id, self.manifest.round_id):
            raise ValueError("封存文件里是另一份申报：文件已被调换。")
        lost = [one.name for one in contents.attachments if not self.files.is_sound(one.sealed_digest)]
        if lost:
            raise ValueError("附件缺失或已被改动：" + "、".join(lost) + "。")
        return contents

    def _require_as_promised(self, version: BidVersion) -> None:
        listed = {(one.bid_id, one.version): one for one in self.manifest.entries}
        entry = listed.get((version.bid_id, version.number))
        receipt = receipts.of_json(version.receipt.encode())
        promised = (receipt.bid_id, receipt.version, receipt.sha256, receipt.size_bytes, receipts.digest(receipt))
        held = (version.bid_id, version.number, version.sealed_digest, version.size_bytes)
        if entry is None or promised != (*held, entry.receipt_digest) or entry.sha256 != version.sealed_digest:
            raise ValueError("封存记录与收据或公布的封存清单不一致：记录已被改动。")
