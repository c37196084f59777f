"""A bid's own copy: what a unit keeps of a draft, and from which alone it can begin again after handing in."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from marketplace.kernel.errors import Invalid
from marketplace.rounds.rules.bid_forms import MOST_SIGNS, Attached
from marketplace.rounds.sealing import papers

FORMAT: Final = "jiebang-draft-1"
NAME: Final = "申报副本"
LIMIT_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy holds: for which track of which round, under which notice, the fields as typed, the files' labels."""

    round_id: str
    round_title: str
    track: str
    notice: int
    fields: Mapping[str, str]
    files: tuple[Attached, ...]


def as_json(copy: Copy) -> bytes:
    """Write a copy as a file that a person can read too."""
    record = {"format": FORMAT} | asdict(copy) | {"fields": dict(copy.fields)}
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def of_json(data: bytes) -> Copy:
    """Read a copy. Raises Invalid (`not_a_paper`, `foreign_paper`, `damaged_paper`)."""
    if len(data) > LIMIT_BYTES:
        raise Invalid(f"这个文件太大，不是{NAME}。请选择提交前下载的副本。", code="not_a_paper")
    found = papers.read(data, _READERS, what=NAME, form=FORMAT)
    return Copy(**{**found, "files": tuple(Attached(**one) for one in found["files"])})


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MOST_SIGNS:
        raise ValueError("not a text of a form")
    value.encode()
    return value


def _fields(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("no fields")  # noqa: TRY004 - what is read is wrong, not the program
    return {_text(name): _text(words) for name, words in value.items()}


_READERS: Final[Mapping[str, papers.Reader]] = {
    "round_id": papers.words,
    "round_title": papers.words,
    "track": papers.words,
    "notice": papers.whole(1),
    "fields": _fields,
    "files": papers.rows(
        papers.record(
            {
                "id": papers.words,
                "paper": _text,
                "name": papers.words,
                "kind": papers.words,
                "size_bytes": papers.whole(1),
                "digest": papers.digest,
                "sealed_digest": papers.digest,
                "sealed_bytes": papers.whole(1),
            }
        )
    ),
}
