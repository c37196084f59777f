"""`jiebang doctor`: every invariant of the database, the audit chain, the files and the index."""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from web.installation import Installation
from web.settings import Settings

if TYPE_CHECKING:
    from marketplace.kernel.files import FileStore

EXIT_WRONG = 1


class Finding(NamedTuple):
    """One thing that is wrong: where it was found, which rule, what it is about, and a Chinese sentence."""

    part: str
    code: str
    subject: str
    message: str


def doctor() -> int:
    """Print what is wrong; 1 where anything is."""
    from marketplace import migrations

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not migrations.is_current(settings.url):
        sys.stderr.write("数据库还没有建立，或版本较旧。请先运行 jiebang init。\n")
        return EXIT_WRONG
    installation = Installation(settings)
    try:
        findings = list(examine(installation))
    finally:
        installation.close()
    for finding in findings:
        sys.stdout.write(f"[{finding.part}] {finding.code} {finding.subject}：{finding.message}\n")
    sys.stdout.write(
        f"发现 {len(findings)} 处问题。\n" if findings else "检查通过：数据库、审计链、文件和索引均无问题。\n"
    )
    return EXIT_WRONG if findings else 0


def examine(installation: Installation) -> Iterator[Finding]:
    """Check every part and yield what is wrong."""
    yield from _database(installation)
    yield from _files(installation)
    yield from _index(installation)


def _database(installation: Installation) -> Iterator[Finding]:
    from marketplace import invariants

    with installation.store.reading() as session:
        for fault in invariants.check(session):
            yield Finding("数据库", fault.code, fault.subject, fault.message)


def _files(installation: Installation) -> Iterator[Finding]:
    from marketplace.accounts.joining import evidence as requests
    from marketplace.kernel.files import FileStore
    from marketplace.lists.intakes import intakes
    from marketplace.lists.releases import appendices
    from marketplace.profiles import evidence as profiles
    from web.pages.profile.evidence_files import FOLDER

    with installation.store.reading() as session:
        listed = {*intakes.file_digests(session), *appendices.file_digests(session), *requests.file_digests(session)}
        proving = profiles.file_digests(session)
    yield from _damaged(installation.files, sorted(listed), "原始文件")
    yield from _damaged(FileStore(installation.files.folder / FOLDER), proving, "案例的证明文件")


def _damaged(store: "FileStore", digests: Sequence[str], what: str) -> Iterator[Finding]:
    for digest in digests:
        if not store.is_sound(digest):
            yield Finding("文件", "file_damaged", digest[:16], f"{what}缺失或内容与记录不符，请从备份恢复这个文件。")


def _index(installation: Installation) -> Iterator[Finding]:
    from matching import refresh

    installation.open_index()
    difference = refresh.compare(installation.engine, installation.store)
    advice = "请删去索引目录后重启服务，索引会从数据库重建。"
    for code, what, ids in (
        ("index_lacks", "市场里有，索引里没有。", difference.missing),
        ("index_keeps", "市场里已没有，索引里还有。", difference.extra),
        ("index_stale", "索引里的内容不是最新的。", difference.stale),
    ):
        for subject in ids:
            yield Finding("索引", code, subject, what + advice)
