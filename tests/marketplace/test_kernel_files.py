"""Files under the digest of their content."""

import hashlib
import stat
from pathlib import Path

import pytest

from marketplace.kernel.errors import Invalid, NotFound
from marketplace.kernel.files import FileStore, StoredFile

DATA = "序号,名称\n".encode()
DIGEST = hashlib.sha256(DATA).hexdigest()


def test_put_names_a_file_by_its_content_and_keeps_it_private(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")

    stored = store.put(DATA, limit_bytes=100)

    path = tmp_path / "files" / DIGEST[:2] / DIGEST[2:]
    assert stored == StoredFile(DIGEST, len(DATA))
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (DATA, 0o600)


def test_put_keeps_the_same_bytes_once_and_leaves_nothing_beside(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.put(DATA, limit_bytes=100)
    store.put(DATA, limit_bytes=100)

    assert list(store.digests()) == [DIGEST]
    assert [path.name for path in (tmp_path / DIGEST[:2]).iterdir()] == [DIGEST[2:]]


def test_put_refuses_too_many_bytes_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        FileStore(tmp_path).put(b"x" * 101, limit_bytes=100)

    assert (refusal.value.code, list(tmp_path.iterdir())) == ("file_too_large", [])


def test_open_gives_the_bytes_back(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.put(DATA, limit_bytes=100)

    with store.open(DIGEST) as file:
        assert file.read() == DATA


@pytest.mark.parametrize("digest", ["f" * 64, "../../etc/passwd", "F" * 64, ""])
def test_open_refuses_what_is_not_there_and_what_is_no_digest(tmp_path: Path, digest: str) -> None:
    with pytest.raises(NotFound):
        FileStore(tmp_path).open(digest)


def test_is_sound_sees_a_damaged_and_a_missing_file(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.put(DATA, limit_bytes=100)
    whole = store.is_sound(DIGEST)
    (tmp_path / DIGEST[:2] / DIGEST[2:]).write_bytes(b"other")

    assert (whole, store.is_sound(DIGEST), store.is_sound("e" * 64)) == (True, False, False)
