"""How fast documents are read: a PDF of hundreds of pages beside pdfium alone, scanned pages beside recognition alone."""

import sys
from io import BytesIO
from pathlib import Path
from statistics import median

import orjson

from tests.benchmarks.figures import Aim, Report, Table
from tests.benchmarks.options import Options
from tests.benchmarks.processes import run

ROWS_A_PAGE = 12
Found = dict[str, float]


def measure(options: Options) -> Report:
    """Read PDFs of growing length and scans of growing length, each in a process of its own, in turn with the raw engine."""
    lengths = (5, 20) if options.quick else (30, 100, 300)
    scans = (1, 2) if options.quick else (5, 50)
    broken: list[str] = []
    text, text_aims = _grown("pdf", lengths, options, broken)
    scanned, scan_aims = _grown("scan", scans, options, broken)
    return Report((text, scanned), (*text_aims, *scan_aims), tuple(broken))


def _grown(kind: str, lengths: tuple[int, ...], options: Options, broken: list[str]) -> tuple[Table, tuple[Aim, ...]]:
    engine = {"pdf": "pdfium, text of the pages", "scan": "rapidocr, pages as pictures"}[kind]
    rows: list[tuple[str | float, ...]] = []
    aims: tuple[Aim, ...] = ()
    for pages in lengths:
        file = options.scratch / f"{kind}-{pages}.pdf"
        file.write_bytes(_scan(pages) if kind == "scan" else _pdf(pages))
        times = 1 if kind == "scan" else options.runs(3)
        pairs = [(_probe(f"{kind} alone", file), _probe("understood", file)) for _ in range(times)]
        alone, ours = (median(pair[number]["seconds"] for pair in pairs) for number in (0, 1))
        heaviest = max(mine["peak_mib"] for _, mine in pairs)
        rows.append((pages, alone, ours, ours / alone, 1000 * ours / pages, heaviest))
        found = pairs[0][1]["items"]
        if found != pages * ROWS_A_PAGE and kind == "pdf":
            broken.append(f"{found:.0f} items of {pages * ROWS_A_PAGE} in {pages} pages")
        aims = (Aim(f"{kind} of {pages} pages: memory of the process that reads it", "MiB", 1024.0, heaviest),)
    columns = (
        "pages",
        f"median s, {engine}",
        "median s, read_list",
        "x engine",
        "ms a page",
        "peak MiB of the reading process",
    )
    return Table({"pdf": "A PDF of ruled tables", "scan": "Scanned pages of a table"}[kind], columns, tuple(rows)), aims


def _probe(way: str, file: Path) -> Found:
    printed = run([sys.executable, "-m", "tests.benchmarks.documents_probe", way, str(file)]).output
    figures: Found = orjson.loads(printed)
    return figures


def _pdf(pages: int) -> bytes:
    """A list of needs with ruled lines, so many rows to a page."""
    import typst

    rows = "".join(
        f"[{number}],[第{number}号泵站格栅机清污效果识别],[格栅前后水位差与堵塞情况靠人工巡查，汛期每{number % 7 + 2}小时一次，希望用图像识别代替。],[青崖市第{number % 90}排水所],[{number % 80 + 10}],[2026年{number % 12 + 1}月底前],"
        for number in range(1, pages * ROWS_A_PAGE + 1)
    )
    source = (
        '#set page(paper: "a4", flipped: true, margin: 1.5cm)\n#set text(size: 10pt, lang: "zh", font: ("Noto Sans CJK SC", "Noto Serif CJK SC"))\n'
        "= 青崖市排水需求清单\n#table(columns: (1.2cm, 5cm, 8cm, 4cm, 2.5cm, 3.5cm), rows: 1.35cm,"
        "table.header[序号][需求名称][需求描述][需求单位][预算（万元）][完成时限],"
        f"{rows})"
    )
    return bytes(typst.compile(source.encode()))


def _scan(pages: int) -> bytes:
    """The same pages as pictures of an office scanner, 170 to the inch."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(_pdf(pages))
    pictures = [
        document[number].render(scale=170 / 72).to_pil().convert("L") for number in range(min(pages, len(document)))
    ]
    out = BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=170.0)
    return out.getvalue()
