"""`jiebang duplicates`: needs that are listed twice, within a file and across files, with no database."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.errors import Refused
from ingest.fields import Draft
from matching.repeats.finding import Repeat

EXIT_REFUSED = 3
EXIT_USAGE = 2


def duplicates(paths: Sequence[Path], *, as_json: bool) -> int:
    """Print the likely repeats among the items of some files, best first; returns the exit code."""
    from matching.repeats.finding import within

    missing = [path for path in paths if not path.is_file()]
    for path in missing:
        sys.stderr.write(f"找不到文件：{path}。请检查路径。\n")
    if missing:
        return EXIT_USAGE
    files = list({path.resolve(): path for path in reversed(paths)}.values())[::-1]
    read = {name: _drafts(path) for name, path in _named(files).items()}
    items = _items({name: drafts for name, drafts in read.items() if drafts is not None})
    found = within({key: draft for key, (_, draft) in items.items()})
    said = [_said(repeat, items) for repeat in found]
    _print_json(said) if as_json else _print_table(said)
    return EXIT_REFUSED if None in read.values() else 0


def _named(paths: Sequence[Path]) -> dict[str, Path]:
    """Each file under its name, or under its path as it was given where another has that name."""
    names = [path.name for path in paths]
    return {path.name if names.count(path.name) == 1 else str(path): path for path in paths}


def _drafts(path: Path) -> list[Draft] | None:
    """The items of a file, or None where it is refused."""
    from ingest.pipeline import read_list

    try:
        return list(read_list(path.read_bytes(), name=path.name).drafts)
    except Refused as refused:
        sys.stderr.write(f"{path.name}：{refused.problem.message}\n")
        return None


def _items(files: Mapping[str, Sequence[Draft]]) -> dict[str, tuple[str, Draft]]:
    """Every item with the name of its file, under a key that sorts as the files were given and read."""
    return {
        f"{number:06d}.{place:08d}": (name, draft)
        for number, (name, drafts) in enumerate(files.items())
        for place, draft in enumerate(drafts)
    }


def _said(repeat: Repeat, items: Mapping[str, tuple[str, Draft]]) -> dict[str, Any]:
    ends = {
        end: {"file": items[key][0], "title": items[key][1].title} for end, key in (("a", repeat.a), ("b", repeat.b))
    }
    return {**ends, "score": round(repeat.score, 4), "reason": repeat.reason}


def _print_json(said: Sequence[Mapping[str, Any]]) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(said).decode() + "\n")


def _print_table(said: Sequence[Mapping[str, Any]]) -> None:
    for one in said:
        sys.stdout.write(f"{one['score']:.2f}\t{one['a']['title']}（{one['a']['file']}）\n")
        sys.stdout.write(f"\t{one['b']['title']}（{one['b']['file']}）\n\t{one['reason']}。\n")
    sys.stdout.write(f"疑似重复 {len(said)} 对。\n" if said else "没有发现疑似重复的条目。\n")
