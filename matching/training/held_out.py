"""The sets that measure: how they are read, and how running text that repeats them is kept out of training."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matching.training import sentences
from matching.training.texts import fold, runs, shingles

UNSEEN = Path(__file__).parent / "unseen"
_SHINGLE = 16
_STEP = 8
_FIRST_RIVAL = "C137"
"""From here on the profiles are rivals made to copy the words of needs; figures are given with and without them."""


@dataclass(frozen=True, slots=True)
class SentencePairs:
    """Pairs of sentences with a grade: 0 or 1, or a degree of likeness."""

    name: str
    first: list[str]
    second: list[str]
    grades: list[float]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Queries and documents with the graded answers of each query: document number to grade."""

    name: str
    queries: list[str]
    documents: list[str]
    answers: list[dict[int, int]]


_SENTENCE_SETS = (
    ("PAWS-X dev", "sts_PAWS-X-zh/dev_2k.tsv", "\t", 1),
    ("LCQMC dev", "sts_LCQMC/dev.txt", "\t", 0),
    ("BQ dev", "sts_BQ/dev.csv", ",", 1),
    ("AFQMC train", "sts_AFQMC/train.txt", "\t", 0),
    ("STS-B dev", "sts_STS-B-zh/sts-b-dev.txt", "\t", 0),
)


def sentence_pairs(data: Path) -> list[SentencePairs]:
    """Read the sentence pair sets that are there."""
    found = []
    for name, place, separator, heads in _SENTENCE_SETS:
        path = data / "datasets" / place
        if path.is_file():
            found.append(_read_pairs(name, path, separator, heads))
    return found


def _read_pairs(name: str, path: Path, separator: str, heads: int) -> SentencePairs:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        cells = csv.reader(lines) if separator == "," else (line.rstrip("\r\n").split(separator) for line in lines)
        rows = [row for row in cells if len(row) >= 3][heads:]  # noqa: PLR2004
    return SentencePairs(name, [row[-3] for row in rows], [row[-2] for row in rows], [float(row[-1]) for row in rows])


def retrievals(data: Path) -> list[Retrieval]:
    """Read the retrieval sets that are there, those of needs and profiles among them."""
    found = []
    cmrc = data / "datasets/ret_CMRC2018/cmrc2018_trial.json"
    if cmrc.is_file():
        found.append(_questions(cmrc))
    industry = data / "datasets/dom_industry_GBT4754_2017/industry.jsonl"
    if industry.is_file():
        rows = [json.loads(line) for line in industry.read_text(encoding="utf-8").splitlines()]
        found.append(_named("GB/T 4754 name → note", [(row["name"], row["note"]) for row in rows]))
    catalogue = data / "datasets/dom_procurement_catalog_2022/catalogs-full.json"
    if catalogue.is_file():
        entries = json.loads(catalogue.read_text(encoding="utf-8"))["entries"]
        found.append(
            _named("catalogue name → description", [(row["catalog_name"], row["description"]) for row in entries])
        )
    return [*found, *_unseen()]


def _unseen() -> list[Retrieval]:
    """Read the project's own sentences of concepts that training never sees: a need, and everybody's offers and rivals."""
    blocks = sentences.read(UNSEEN)
    queries = [need for block in blocks for need in block.needs]
    documents = [text for block in blocks for text in (*block.offers, *block.rivals)]
    places = iter(range(len(documents)))
    right = [[next(places) for _ in (*block.offers, *block.rivals)][: len(block.offers)] for block in blocks]
    answers = [dict.fromkeys(own, 1) for block, own in zip(blocks, right, strict=True) for _ in block.needs]
    return [Retrieval("unseen concepts: need → offer", queries, documents, answers)] if blocks else []


def _questions(path: Path) -> Retrieval:
    paragraphs = [
        part for entry in json.loads(path.read_text(encoding="utf-8"))["data"] for part in entry["paragraphs"]
    ]
    asked = [(qa["question"], number) for number, part in enumerate(paragraphs) for qa in part["qas"]]
    return Retrieval(
        "CMRC trial question → passage",
        [question for question, _ in asked],
        [part["context"] for part in paragraphs],
        [{number: 1} for _, number in asked],
    )


def _named(name: str, rows: list[tuple[str, str]]) -> Retrieval:
    """Take rows with a description; rows of the same name answer each other's query."""
    described = [(title, text) for title, text in rows if text and not text.startswith("本门类")]
    numbers: dict[str, dict[int, int]] = {}
    for number, (title, _) in enumerate(described):
        numbers.setdefault(title, {})[number] = 1
    return Retrieval(name, list(numbers), [text for _, text in described], list(numbers.values()))


def matches(data: Path) -> list[Retrieval]:
    """Read needs and profiles with their judgements, in both wordings, where they are there."""
    folder = data / "eval/matching"
    if not (folder / "judgements.tsv").is_file():
        return []
    judged: dict[str, dict[str, int]] = {}
    for line in (folder / "judgements.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        need, profile, grade = line.split("\t")
        judged.setdefault(need, {})[profile] = int(grade)
    needs = {row["id"]: row for row in _rows(folder / "demands_real.jsonl")}
    found = []
    for name, file in (
        ("needs → profiles, hard", "capabilities.jsonl"),
        ("needs → profiles, plain", "capabilities_plain.jsonl"),
    ):
        profiles = list(_rows(folder / file))
        plain = [row for row in profiles if str(row["id"]) < _FIRST_RIVAL]
        found.append(_matching(name, needs, profiles, judged))
        found.append(_matching(f"{name}, without C137–C180", needs, plain, judged))
    return found


def _matching(
    name: str,
    needs: dict[object, dict[str, object]],
    profiles: list[dict[str, object]],
    judged: dict[str, dict[str, int]],
) -> Retrieval:
    """Take the needs that have an answer among the profiles; profiles that a need was not judged with have grade 0."""
    places = {str(row["id"]): number for number, row in enumerate(profiles)}
    answers = {
        need: {places[key]: grade for key, grade in row.items() if key in places} for need, row in judged.items()
    }
    asked = [need for need, row in answers.items() if any(row.values())]
    return Retrieval(
        name,
        [need_text(needs[need]) for need in asked],
        [profile_text(row) for row in profiles],
        [answers[need] for need in asked],
    )


def _rows(path: Path) -> Iterator[dict[str, object]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def need_text(row: dict[str, object]) -> str:
    """Join what a need says it wants."""
    return f"{row['title']}。{row['description']}"


def profile_text(row: dict[str, object]) -> str:
    """Join what a profile says it can do."""
    lists = [str(entry) for field in ("skills", "sectors", "cases") for entry in _listed(row.get(field))]
    return "。".join([str(row.get("headline", "")), str(row.get("description", "")), *lists])


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


class Overlap:
    """Knows the texts of every measuring set, and finds them again."""

    def __init__(self, data: Path) -> None:
        """Read all measuring sets below the data folder."""
        self._whole: set[str] = set()
        self._shingles: set[str] = set()
        for text in _all_texts(data):
            self._whole.add("".join(runs(fold(text))))
            self._shingles |= shingles(text, length=_SHINGLE, step=1)

    def is_one(self, text: str) -> bool:
        """Whether a text is one of a measuring set, but for punctuation, width and case."""
        return "".join(runs(fold(text))) in self._whole

    def repeats(self, text: str) -> bool:
        """Whether a text shares a stretch of 23 letters or more with a measuring set (shorter ones by chance of place)."""
        return not self._shingles.isdisjoint(shingles(text, length=_SHINGLE, step=_STEP))


def _all_texts(data: Path) -> Iterator[str]:
    for pairs in sentence_pairs(data):
        yield from pairs.first
        yield from pairs.second
    for retrieval in [*retrievals(data), *matches(data)]:
        yield from retrieval.queries
        yield from retrieval.documents
