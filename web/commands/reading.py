"""`jiebang ingest`: read lists, print what was understood, or keep it as intakes."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from ingest.errors import Refused
from ingest.fields import RUNNING_TEXT, ListKind, Problem, Reading, Severity

EXIT_REFUSED = 3
EXIT_USAGE = 2


def ingest(
    files: Sequence[Path],
    *,
    as_jsonl: bool,
    kind: str | None,
    problems_to: Path | None,
    dry_run: bool,
    account: str | None,
    recognition: bool = True,
) -> int:
    """Read every file; returns the exit code: 0, 3 where a file was refused, 2 for wrong usage."""
    if missing := [path for path in files if not path.is_file()]:
        for path in missing:
            sys.stderr.write(f"找不到文件：{path}。请检查路径。\n")
        return EXIT_USAGE
    problems: list[Problem] = []
    readings: list[tuple[Path, Reading]] = []
    for path in files:
        reading = _read(path, kind=ListKind(kind) if kind else None, problems=problems, recognition=recognition)
        if reading is not None:
            readings.append((path, reading))
    _print_items([reading for _, reading in readings], as_jsonl=as_jsonl, out=sys.stdout)
    _print_problems(problems, sys.stderr)
    if problems_to is not None:
        _write_problems(problems, problems_to)
    if not dry_run:
        from web.commands import importing

        if not importing.keep(readings, account=account):
            return EXIT_USAGE
    return EXIT_REFUSED if len(readings) < len(files) else 0


def _read(path: Path, *, kind: ListKind | None, problems: list[Problem], recognition: bool) -> Reading | None:
    from ingest.limits import DEFAULT
    from ingest.pipeline import read_list

    try:
        reading = read_list(
            path.read_bytes(), name=path.name, kind=kind, limits=replace(DEFAULT, recognition=recognition)
        )
    except Refused as refused:
        problems.append(refused.problem)
        return None
    problems.extend(reading.problems)
    return reading


def _print_items(readings: Iterable[Reading], *, as_jsonl: bool, out: TextIO) -> None:
    import orjson

    from ingest.rendering import item_as_json

    for reading in readings:
        for draft in reading.drafts:
            if as_jsonl:
                out.write(orjson.dumps(item_as_json(draft)).decode() + "\n")
            else:
                place = f"{draft.sheet or '-'}!{draft.row}"
                out.write(
                    "\t".join((draft.list_kind, place, draft.title, draft.issuer or "", draft.sector or "")) + "\n"
                )


def _print_problems(problems: Iterable[Problem], out: TextIO) -> None:
    names = {Severity.REJECT: "拒收", Severity.TODO: "待处理", Severity.NOTE: "提示"}
    for problem in problems:
        place = "".join(
            (
                f"「{problem.sheet}」" if problem.sheet else "",
                f"第 {problem.page} 页" if problem.page else "",
                f"表 {problem.table} " if problem.table else "",
                f"第 {problem.row} {'段' if problem.table == RUNNING_TEXT else '行'}" if problem.row else "",
                f" {problem.column} 列" if problem.column else "",
            )
        )
        out.write(f"{names[problem.severity]}　{problem.file}{place}：{problem.message}\n")


def _write_problems(problems: Iterable[Problem], path: Path) -> None:
    import orjson

    from ingest.rendering import problem_as_json

    lines = [orjson.dumps(problem_as_json(problem)) for problem in problems]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
