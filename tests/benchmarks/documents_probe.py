"""`python -m tests.benchmarks.documents_probe WAY FILE`: read one document in a process of its own and print the figures."""

import resource
import sys
from pathlib import Path
from time import perf_counter

import orjson

from ingest.pipeline import read_list


def text_of_pages(data: bytes) -> int:
    """Every page's text, as pdfium hands it over; gives the characters."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(data)
    return sum(len(document[number].get_textpage().get_text_bounded()) for number in range(len(document)))


def recognised(data: bytes) -> int:
    """Every page as a picture, recognised as the library does it by itself; gives the lines."""
    from pypdfium2 import PdfDocument
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "error"})
    document = PdfDocument(data)
    pages = (document[number].render(scale=170 / 72).to_numpy() for number in range(len(document)))
    return sum(len(engine(page).txts or ()) for page in pages)


def main(way: str, file: Path) -> dict[str, float]:
    """Seconds, the peak of resident memory of the process that read, and how much came out."""
    data = file.read_bytes()
    start = perf_counter()
    if way == "understood":
        items = len(list(read_list(data, name=file.name).drafts))
        who = resource.RUSAGE_CHILDREN
    else:
        items = text_of_pages(data) if way == "pdf alone" else recognised(data)
        who = resource.RUSAGE_SELF
    return {
        "seconds": perf_counter() - start,
        "peak_mib": resource.getrusage(who).ru_maxrss / 1024,
        "items": items,
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(main(sys.argv[1], Path(sys.argv[2]))))
