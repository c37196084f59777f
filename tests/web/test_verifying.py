"""`jiebang verify` as somebody with a receipt calls it: what it prints, and with which code it ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from marketplace.rounds.sealing import age, manifests, receipts, seals
from marketplace.rounds.sealing.manifests import Manifest, ManifestEntry
from marketplace.rounds.sealing.receipts import Receipt
from marketplace.rounds.words import Fate
from web.cli import app

DEADLINE = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
KEY = age.recipient_of(age.new_identity())
SEALED = seals.seal(b"price", [KEY])
RECEIPT = Receipt(
    platform="临川市揭榜平台",
    round_id="rnd0000000000001",
    round_title="河道巡检无人机揭榜",
    notice_digest=sha256(b"notice").hexdigest(),
    bid_id="bid0000000000001",
    version=1,
    organisation="水巡科技（OPC）",
    received_at=DEADLINE - timedelta(minutes=1),
    sha256=SEALED.digest,
    size_bytes=SEALED.size_bytes,
    audit_position=4711,
    audit_number=1,
    audit_hash=sha256(b"audit").hexdigest(),
    salt="5a" * 16,
)
ENTRY = ManifestEntry(
    bid_id=RECEIPT.bid_id,
    version=1,
    sha256=RECEIPT.sha256,
    size_bytes=RECEIPT.size_bytes,
    received_at=RECEIPT.received_at,
    receipt_digest=receipts.digest(RECEIPT),
    fate=Fate.LIVE,
)
MANIFEST = Manifest(
    round_id=RECEIPT.round_id,
    round_title=RECEIPT.round_title,
    notice_digest=RECEIPT.notice_digest,
    public_key=KEY,
    deadline=DEADLINE,
    frozen_at=DEADLINE,
    entries=(ENTRY,),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a bidder has: the receipt, the sealed file, and the manifest."""
    (tmp_path / "receipt.json").write_bytes(receipts.as_json(RECEIPT))
    (tmp_path / "manifest.json").write_bytes(manifests.as_json(MANIFEST))
    (tmp_path / "bid.age").write_bytes(SEALED.data)
    return tmp_path


def verify(folder: Path, *options: str, receipt: str = "receipt.json") -> Result:
    """Run the command on files of a folder."""
    given = [str(folder / word) if "." in word else word for word in (receipt, *options)]
    return CliRunner().invoke(app, ["verify", *given])


def signs(result: Result) -> str:
    """The signs that the lines of the checks begin with."""
    return "".join(line[0] for line in result.stdout.splitlines()[:9])


def test_verify_passes_with_everything_given(folder: Path) -> None:
    done = verify(folder, "--file", "bid.age", "--manifest", "manifest.json")

    assert (done.exit_code, done.stderr) == (0, "")
    assert signs(done) == "✓✓✓✓✓✓✓✓✓"
    assert done.stdout.splitlines()[0] == (
        "✓ 回执可以读出：“河道巡检无人机揭榜”第 1 版申报，水巡科技（OPC），2026年11月27日 17:29收到。"
    )
    assert done.stdout.splitlines()[9:] == [
        "相符 9 项，不符 0 项，未核对 0 项。",
        f"封存清单的校验值（请与平台公布的对照）：{manifests.digest(MANIFEST)}",
    ]


def test_verify_says_what_it_did_not_check(folder: Path) -> None:
    alone, with_file = verify(folder), verify(folder, "--file", "bid.age")

    assert (alone.exit_code, signs(alone)) == (0, "✓––––––––")
    assert (with_file.exit_code, signs(with_file)) == (0, "✓✓–––––––")
    assert alone.stdout.splitlines()[9:] == ["相符 1 项，不符 0 项，未核对 8 项。"]


def test_verify_ends_with_1_where_the_file_is_another(folder: Path) -> None:
    (folder / "bid.age").write_bytes(SEALED.data + b"\0")

    done = verify(folder, "--file", "bid.age", "--manifest", "manifest.json")

    assert (done.exit_code, signs(done)) == (1, "✓✗✓✓✓✓✓✓✓")


def test_verify_ends_with_1_where_the_manifest_lacks_the_receipt(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(manifests.as_json(replace(MANIFEST, entries=())))

    done = verify(folder, "--manifest", "manifest.json")

    assert (done.exit_code, signs(done)) == (1, "✓–✓✗––✓–✓")
    assert "凭回执可以向监督人员提出" in done.stdout


def test_verify_ends_with_1_where_the_receipt_names_another_unit(folder: Path) -> None:
    (folder / "receipt.json").write_bytes(receipts.as_json(replace(RECEIPT, organisation="天目智能（OPC）")))

    done = verify(folder, "--file", "bid.age", "--manifest", "manifest.json")

    assert (done.exit_code, signs(done)) == (1, "✓✓✓✓✓✗✓✓✓")


def test_verify_ends_with_2_where_something_cannot_be_read(folder: Path) -> None:
    (folder / "broken.json").write_bytes(receipts.as_json(RECEIPT)[:-20])

    for done, said in (
        (verify(folder, receipt="broken.json"), "这个文件不是申报回执"),
        (verify(folder, receipt="bid.age"), "这个文件不是申报回执"),
        (verify(folder, receipt="manifest.json"), "申报回执的格式是 jiebang-receipt-1"),
        (verify(folder, "--manifest", "receipt.json"), "封存清单的格式是 jiebang-manifest-1"),
        (verify(folder, receipt="nothing.json"), "找不到文件，或无法读取"),
        (verify(folder, "--file", "nothing.age"), "找不到文件，或无法读取"),
        (verify(folder, "--manifest", "nothing.json"), "找不到文件，或无法读取"),
        (CliRunner().invoke(app, ["verify", str(folder)]), "找不到文件，或无法读取"),
    ):
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr


def test_verify_does_not_read_a_receipt_without_end(folder: Path) -> None:
    (folder / "receipt.json").write_bytes(b" " * (2**20 + 1))

    done = verify(folder)

    assert done.exit_code == 2
    assert "文件太大" in done.stderr


def test_verify_needs_no_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEBANG_DATA_DIR", "/nonexistent")
    monkeypatch.setenv("JIEBANG_PORT", "not a port")

    assert verify(folder).exit_code == 0
