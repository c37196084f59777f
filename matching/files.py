"""Lists of needs and capabilities as JSON lines, and the rankings of one against the other."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal, TextIO, TypeVar

import orjson

from matching.documents import Need, Profile, Ranking, Team, Verdict
from matching.engine import Engine

Direction = Literal["demand-to-opc", "opc-to-demand"]
Format = Literal["table", "jsonl", "trec"]
Document = TypeVar("Document", Need, Profile)
_VERDICTS = {Verdict.STRONG: "正合适", Verdict.POSSIBLE: "可承接", Verdict.NONE: "不合适"}


class UnreadableLineError(ValueError):
    """A line of a list that cannot be read; the message is for the user."""


def read_needs(path: Path) -> list[Need]:
    """Read needs from JSON lines; lines that `ingest` printed are accepted as they are. Raises UnreadableLineError."""
    return _read(path, _need)


def read_profiles(path: Path) -> list[Profile]:
    """Read profiles from JSON lines; a line of `ingest` gives issuer as name and title as headline. Raises UnreadableLineError."""
    return _read(path, _profile)


def _read(path: Path, make: Callable[[Mapping[str, Any]], Document]) -> list[Document]:
    documents: dict[str, Document] = {}
    for number, record in _records(path):
        try:
            document = make(record)
        except ValueError as error:
            raise UnreadableLineError(f"{path.name} 第 {number} 行：{error}") from error
        if document.id in documents:
            raise UnreadableLineError(
                f"{path.name} 第 {number} 行：编号“{document.id}”与前面的行重复，请改成不同的编号。"
            )
        documents[document.id] = document
    return list(documents.values())


def _records(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    except OSError as error:
        raise UnreadableLineError(f"打不开文件 {path}：请检查文件名和读取权限。") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise UnreadableLineError(f"{path.name} 第 {number} 行不是有效的 JSON，请每行写一个对象。") from error
        if not isinstance(record, dict):
            raise UnreadableLineError(f'{path.name} 第 {number} 行不是对象，请写成 {{"id": …, "title": …}} 的形式。')
        yield number, record


def _need(record: Mapping[str, Any]) -> Need:
    if not (_text(record, "title") or _text(record, "description") or _texts(record, "requirements")):
        raise ValueError("没有标题、说明和要点，无法匹配，请至少写明标题（title）。")
    return Need(
        id=_identity(record),
        title=_text(record, "title"),
        description=_text(record, "description"),
        requirements=_texts(record, "requirements"),
        budget_min=_amount(record, "budget_min"),
        budget_max=_amount(record, "budget_max"),
        list_kind=_text(record, "list_kind") or None,
        sector=_text(record, "sector") or None,
        region=_text(record, "region") or None,
        budget_text=_text(record, "budget_text") or None,
        period_text=_text(record, "period_text") or None,
        issuer=_text(record, "issuer") or None,
        issuer_type=_text(record, "issuer_type") or None,
    )


def _profile(record: Mapping[str, Any]) -> Profile:
    profile = Profile(
        id=_identity(record),
        name=_text(record, "name") or _text(record, "issuer"),
        headline=_text(record, "headline") or _text(record, "title"),
        description=_text(record, "description"),
        skills=_texts(record, "skills"),
        sectors=_texts(record, "sectors") or _texts(record, "sector"),
        cases=_texts(record, "cases"),
        notes=_texts(record, "requirements"),
        team_size=_count(record, "team_size"),
        region=_text(record, "region") or None,
        price_text=_text(record, "price_text") or None,
        filings=_texts(record, "filings"),
        not_offered=_texts(record, "not_offered"),
    )
    if not (profile.headline or profile.description or profile.skills or profile.cases):
        raise ValueError("没有一句能力说明，无法匹配，请至少写明 headline 或 description。")
    return profile


def _identity(record: Mapping[str, Any]) -> str:
    given = record.get("id")
    if isinstance(given, (str, int)) and str(given).strip():
        return str(given).strip()
    file, row = record.get("file"), record.get("row")
    if not file or row is None:
        raise ValueError("没有编号，请写明 id。")
    return f"{file}#{record.get('sheet') or ''}!{row}"


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, (str, int, float)):
        return str(value).strip()
    raise ValueError(f"“{name}”应为一段文字。")


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name)
    values = value if isinstance(value, list) else [value]
    if any(each is not None and not isinstance(each, (str, int, float)) for each in values):
        raise ValueError(f"“{name}”应为文字的列表。")
    return tuple(str(each).strip() for each in values if each is not None and str(each).strip())


def _amount(record: Mapping[str, Any], name: str) -> Decimal | None:
    text = _text(record, name)
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"“{name}”应为以元为单位的数字，现为“{text}”。") from error
    if not amount.is_finite():
        raise ValueError(f"“{name}”应为以元为单位的数字，现为“{text}”。")
    return amount


def _count(record: Mapping[str, Any], name: str) -> int | None:
    found = re.search(r"\d+", _text(record, name))
    return int(found[0]) if found else None


def match_files(
    demands: Path,
    capabilities: Path,
    *,
    direction: Direction = "demand-to-opc",
    top: int = 10,
    format: Format = "table",  # noqa: A002 - the command's own word
    out: TextIO,
    engine: Engine | None = None,
) -> None:
    """Match two lists without a database and write one answer a query. Raises UnreadableLineError."""
    needs, profiles = read_needs(demands), read_profiles(capabilities)
    engine = engine or Engine.open(None)
    engine.apply([*needs, *profiles])
    write = _WRITERS[format]
    names = {need.id: need.title for need in needs} | {each.id: each.name or each.headline for each in profiles}
    for ranking in rankings(engine, needs, profiles, direction=direction, top=top):
        write(ranking, names, out)


def rankings(
    engine: Engine, needs: Iterable[Need], profiles: Iterable[Profile], *, direction: Direction, top: int
) -> Iterator[Ranking]:
    """Yield one ranking for each asker, in the order of its list."""
    if direction == "demand-to-opc":
        yield from (engine.rank_profiles(need, top=top) for need in needs)
    else:
        yield from (engine.rank_needs(profile, top=top) for profile in profiles)


def ranking_as_json(ranking: Ranking) -> dict[str, Any]:
    """Return a ranking as the command's contract has it."""
    return {
        "query": ranking.query,
        "verdict": ranking.verdict,
        "hits": [
            {
                "id": hit.id,
                "score": hit.score,
                "verdict": hit.verdict.value,
                "evidence": [
                    {
                        "requirement": each.requirement,
                        "statement": each.statement.text,
                        "source": each.statement.source,
                        "start": each.statement.start,
                        "end": each.statement.end,
                    }
                    for each in hit.evidence
                ],
                "gaps": list(hit.gaps),
                "blockers": [{"code": each.code, "message": each.message} for each in hit.blockers],
            }
            for hit in ranking.hits
        ],
    }


def team_files(demands: Path, capabilities: Path, *, as_json: bool, out: TextIO, engine: Engine | None = None) -> None:
    """Write the teams that answer each need together, one answer a need. Raises UnreadableLineError."""
    needs, profiles = read_needs(demands), read_profiles(capabilities)
    engine = engine or Engine.open(None)
    engine.apply([*needs, *profiles])
    names = {each.id: each.name or each.headline for each in profiles}
    for need in needs:
        found = engine.teams(need)
        if as_json:
            out.write(orjson.dumps(teams_as_json(need, found)).decode() + "\n")
        else:
            _write_teams(need, found, names, out)


def teams_as_json(need: Need, found: Iterable[Team]) -> dict[str, Any]:
    """Return the teams of a need as the command's contract has them."""
    return {
        "query": need.id,
        "teams": [
            {
                "members": list(team.members),
                "covers": {requirement: id_ for requirement, (id_, _) in team.covers.items()},
                "open": list(team.open),
            }
            for team in found
        ],
    }


def _write_teams(need: Need, found: Iterable[Team], names: Mapping[str, str], out: TextIO) -> None:
    out.write(f"{need.id}  {need.title}\n")
    number = 0
    for number, team in enumerate(found, start=1):
        out.write(f"    组合 {number}：{'、'.join(f'{id_} {names[id_]}' for id_ in team.members)}\n")
        out.writelines(
            f"        {requirement}：{id_} “{evidence.statement.text}”\n"
            for requirement, (id_, evidence) in team.covers.items()
        )
        out.writelines(f"        {requirement}：尚无人答复\n" for requirement in team.open)
    if not number:
        out.write("    不需要或找不到合适的组合\n")


def _write_jsonl(ranking: Ranking, names: Mapping[str, str], out: TextIO) -> None:  # noqa: ARG001 - one shape for all writers
    out.write(orjson.dumps(ranking_as_json(ranking)).decode() + "\n")


def _write_trec(ranking: Ranking, names: Mapping[str, str], out: TextIO) -> None:  # noqa: ARG001 - one shape for all writers
    out.writelines(
        f"{ranking.query} Q0 {hit.id} {rank} {hit.score:.2f} jiebang\n"
        for rank, hit in enumerate(ranking.hits, start=1)
    )


def _write_table(ranking: Ranking, names: Mapping[str, str], out: TextIO) -> None:
    out.write(f"{ranking.query}  {names.get(ranking.query, '')}\n")
    shown = [hit for hit in ranking.hits if hit.verdict is not Verdict.NONE]
    if not shown:
        out.write("    暂无合适的匹配\n")
    for hit in shown:
        proof = f"  “{hit.evidence[0].statement.text}”" if hit.evidence else ""
        reasons = "".join(f"  {each.message}" for each in hit.blockers)
        out.write(
            f"    {hit.score:6.2f}  {_VERDICTS[hit.verdict]}  {hit.id}  {names.get(hit.id, '')}{proof}{reasons}\n"
        )


_WRITERS: Mapping[Format, Callable[[Ranking, Mapping[str, str], TextIO], None]] = {
    "table": _write_table,
    "jsonl": _write_jsonl,
    "trec": _write_trec,
}
