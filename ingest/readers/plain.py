"""Text: csv and its relatives, tables in Markdown, numbered or labelled items, an announcement's prose."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.documents import markdown, separated
from ingest.documents.separated import Separated
from ingest.encodings import Decoded, decode, is_binary
from ingest.fields import Problem, Severity
from ingest.formats import Probe, Reader
from ingest.grid import Block, Grid, Paragraph
from ingest.limits import Limits

_HAN = re.compile("[\u4e00-\u9fff]")


def recognises(probe: Probe) -> bool:
    """Whatever is no binary is text."""
    return not probe.is_zip and not probe.is_compound and not is_binary(probe.data)


def read(data: bytes, *, name: str, limits: Limits) -> list[Block]:
    """The tables and lines of Markdown, else the text cut at its separators, with its lines for where it is no table."""
    decoded = decode(data, name=name)
    source = decoded.text.lstrip("\ufeff").replace("\x00", "")
    repaired = _repaired(name, decoded)
    if markdown.is_markdown(source):
        return _with(repaired, markdown.blocks(source, name=name, limits=limits))
    cut = separated.cut(source, name=name, limits=limits)
    problems = (*repaired, *_unquoted(name, cut))
    lines = tuple(_lines(source, limits))
    return [Grid(name=None, rows=cut.rows, lengths=cut.lengths, problems=problems, otherwise=lines)]


def _lines(source: str, limits: Limits) -> Iterator[Paragraph]:
    lines = source.splitlines()
    if len(lines) > limits.paragraphs or not _HAN.search(source):
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield Paragraph(line[: limits.cell_characters].strip(), number)


def _with(problems: list[Problem], blocks: list[Block]) -> list[Block]:
    """What was noticed of the whole text goes with its first table, else with a grid of its own."""
    first = next((block for block in blocks if isinstance(block, Grid)), None)
    if not problems:
        return blocks
    if first is None:
        return [Grid(name=None, rows=[], problems=tuple(problems)), *blocks]
    noticed = replace(first, problems=(*problems, *first.problems))
    return [noticed if block is first else block for block in blocks]


def _repaired(name: str, decoded: Decoded) -> list[Problem]:
    if not decoded.repaired:
        return []
    message = "文件中的汉字曾是乱码，已自动还原。请核对内容；建议从原始文件重新导出为 UTF-8 编码。"
    return [Problem(file=name, severity=Severity.TODO, code="mojibake_repaired", message=message)]


def _unquoted(name: str, cut: Separated) -> list[Problem]:
    if not cut.quotes_broken:
        return []
    message = "文件中有一个双引号没有成对，已按普通文字读取。请核对各列是否错位。"
    return [Problem(file=name, severity=Severity.TODO, code="open_quote", message=message)]


READER = Reader(format="text", suffixes=("csv", "tsv", "txt", "md"), recognises=recognises, read=read, rank=9)
