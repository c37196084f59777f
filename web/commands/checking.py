"""`jiebang doctor`: every invariant of the database, the audit chain, the files and the index; then hints.

A finding is something that is wrong, and the exit status says so. A hint is something that this installation cannot
do and could: it is printed, and an installation that is otherwise sound stays sound.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from web.installation import Installation
from web.settings import Settings

if TYPE_CHECKING:
    from marketplace.kernel.files import FileStore
    from web.documents.fonts import Finder

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
        lacking = [*unsafe(installation), *unfinished(installation)]
    finally:
        installation.close()
    for finding in (*findings, *lacking, *hints()):
        sys.stdout.write(f"[{finding.part}] {finding.code} {finding.subject}：{finding.message}\n")
    sys.stdout.write(
        f"发现 {len(findings)} 处问题。\n" if findings else "检查通过：数据库、审计链、文件和索引均无问题。\n"
    )
    return EXIT_WRONG if findings else 0


def examine(installation: Installation) -> Iterator[Finding]:
    """Check every part and yield what is wrong."""
    yield from _database(installation)
    yield from _files(installation)
    yield from _draft_keys(installation)
    yield from _index(installation)


def unsafe(installation: Installation) -> Iterator[Finding]:
    """Yield what the database server does not promise: receipts are promised to survive a failure of the power."""
    if installation.is_embedded:
        return
    with installation.store.reading() as session:
        synced = session.connection().exec_driver_sql("SHOW fsync").scalar()
    if synced != "on":
        message = "数据库服务器关闭了 fsync：断电时，已给出回执的申报可能丢失。正式使用前请打开。"
        yield Finding("提示", "fsync_off", "postgresql", message)


def unfinished(installation: Installation) -> Iterator[Finding]:
    """Yield what a server that died has left half done, and the next one ends within seconds of its start."""
    if not installation.admissions.is_served():
        for key_id in _stray(installation):
            message = "这份草稿已经提交或清除，服务中断时密钥还没来得及销毁。启动服务后几秒内自动销毁。"
            yield Finding("提示", "draft_key_stray", key_id, message)


def hints(find: "Finder | None" = None) -> Iterator[Finding]:
    """Yield what this installation cannot do for want of something that could be installed."""
    from web.documents import fonts

    lacking = fonts.fault(find or fonts.found)
    if lacking:
        yield Finding("提示", lacking.code, lacking.subject, lacking.message)


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
    from marketplace.rounds import filed
    from web.pages.profile.evidence_files import FOLDER

    with installation.store.reading() as session:
        listed = {*intakes.file_digests(session), *appendices.file_digests(session), *requests.file_digests(session)}
        proving = profiles.file_digests(session)
        sealed, documents = filed.sealed(session), filed.documents(session)
    yield from _damaged(installation.files, sorted(listed), "原始文件")
    yield from _damaged(FileStore(installation.files.folder / FOLDER), proving, "案例的证明文件或介绍文件")
    yield from _damaged(installation.files, sorted(sealed), "密封的申报文件")
    yield from _damaged(installation.files, sorted(documents), "公平竞争审查、补正或异议的文件")


def _damaged(store: "FileStore", digests: Sequence[str], what: str) -> Iterator[Finding]:
    for digest in digests:
        if not store.is_sound(digest):
            yield Finding("文件", "file_damaged", digest[:16], f"{what}缺失或内容与记录不符，请从备份恢复这个文件。")


def _draft_keys(installation: Installation) -> Iterator[Finding]:
    from marketplace.rounds.bidding import draft_rows

    with installation.store.reading() as session:
        without_key = draft_rows.keyless(session)
    with installation.store.reading() as session:
        # A draft that was handed in meanwhile is gone with its key: asked again, it is not there.
        without_key = [one for one in draft_rows.keyless(session) if one in without_key]
    for bid_id in without_key:
        message = "申报草稿的密钥缺失，草稿无法读取，请申报单位从公告页面重新开始申报。密钥目录 draft-keys 不备份，从备份恢复后正是这样。"
        yield Finding("草稿", "draft_key_missing", f"bid/{bid_id}", message)
    if installation.admissions.is_served():
        for key_id in _stray(installation):
            message = "有密钥不属于任何草稿，服务正在运行却没有把它销毁。请重启服务；仍在的请报告运营单位。"
            yield Finding("草稿", "draft_key_stray", key_id, message)


def _stray(installation: Installation) -> list[str]:
    from marketplace.rounds.bidding import draft_rows

    with installation.store.reading() as session:
        # Files are as old as they are, whatever hour a training clock shows.
        return draft_rows.stray(session, now=installation.real_clock())


def _index(installation: Installation) -> Iterator[Finding]:
    from matching import refresh

    installation.open_index()
    for refused in installation.index.laid.refused:
        said = "；".join(refused.faults)
        message = f"词条“{refused.amendment.concept}”与随产品更新的词库冲突，没有生效：{said}。请修改或撤回这个词条。"
        yield Finding("词库", "lexicon_entry_left_out", f"lexicon/{refused.amendment.key[0]}", message)
    difference = refresh.compare(installation.engine, installation.store)
    advice = "请删去索引目录后重启服务，索引会从数据库重建。"
    for code, what, ids in (
        ("index_lacks", "市场里有，索引里没有。", difference.missing),
        ("index_keeps", "市场里已没有，索引里还有。", difference.extra),
        ("index_stale", "索引里的内容不是最新的。", difference.stale),
    ):
        for subject in ids:
            yield Finding("索引", code, subject, what + advice)
