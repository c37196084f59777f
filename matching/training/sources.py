"""The sets under the data folder that may train shipped weights, and how each is read."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

Pair = tuple[str, str, str | None]
"""Two texts that belong together, and one that looks alike and does not."""


@dataclass(frozen=True, slots=True)
class Source:
    """A named set of files with its licence."""

    name: str
    pattern: str
    licence: str

    def files(self, data: Path) -> list[Path]:
        """List the files that are there, in a fixed order."""
        return sorted(path for path in data.glob(self.pattern) if path.is_file())

    def digest(self, data: Path) -> str:
        """SHA-256 over the names and contents of the files, "" where there are none."""
        files = self.files(data)
        if not files:
            return ""
        summary = sha256()
        for path in files:
            summary.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
        return summary.hexdigest()


RUNNING_TEXT = Source(
    "textcorpus",
    "textcorpus/*.jsonl.zst",
    "per document: CC BY 4.0, CC BY-SA 3.0/4.0, MIT, Apache-2.0, CC0, PSF-2.0, Unlicense; PRC laws and government texts",
)
REPORTS = Source(
    "dom_gov_work_reports_2026", "datasets/dom_gov_work_reports_2026/paragraphs.txt", "official government text"
)
LAWS = Source("dom_procurement_law", "datasets/dom_procurement_law/*.md", "official government text")
WORDS = Source("dom_THUOCL", "datasets/dom_THUOCL/THUOCL_*.txt", "MIT")
ABSTRACTS = Source("dom_CSL", "datasets/dom_CSL/*.tsv", "Apache-2.0")
FINE_PAIRS = Source("ret_text2vec_bge_finetune", "datasets/ret_text2vec_bge_finetune/*.jsonl", "Apache-2.0")
ENTAILMENT = Source("nli_SNLI-zh", "datasets/nli_SNLI-zh/*.txt", "CC BY-SA 4.0 (SNLI), machine-translated")
WORDNET = Source(
    "syn_chinese_open_wordnet",
    "datasets/syn_chinese_open_wordnet/*.tab",
    "Open WordNet licence; wn-wikt-cmn.tab CC BY-SA",
)
SIGNALS = Source(
    "signals", "datasets/signals/*.jsonl", "an operator's own market, for that operator's own model; never shipped"
)
ALL = (RUNNING_TEXT, REPORTS, LAWS, WORDS, ABSTRACTS, FINE_PAIRS, ENTAILMENT, WORDNET, SIGNALS)
BELONG_TOGETHER = frozenset({"contact", "intent", "bid", "signed", "award"})
"""From which signal on a shown pair is taken to belong together: somebody acted upon it."""


def documents(data: Path) -> Iterator[list[str]]:
    """Read running text: each document as its paragraphs."""
    import zstandard

    for path in RUNNING_TEXT.files(data):
        with path.open("rb") as packed:
            stream = zstandard.ZstdDecompressor().stream_reader(packed)
            for line in io.TextIOWrapper(stream, encoding="utf-8"):
                yield json.loads(line)["t"].split("\n")
    for path in REPORTS.files(data) + LAWS.files(data):
        yield [line.strip("# ") for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 20]  # noqa: PLR2004
    yield from ([title, text] for title, text, _ in abstract_pairs(data))


def words(data: Path) -> Iterator[str]:
    """Read the words of the word lists."""
    for path in WORDS.files(data):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield line.split("\t")[0].strip()


def abstract_pairs(data: Path) -> Iterator[Pair]:
    """Read academic abstracts: title with abstract, key words with abstract, title with its field."""
    for path in ABSTRACTS.files(data):
        for line in path.read_text(encoding="utf-8").splitlines():
            task, text, label = [*line.split("\t"), "", ""][:3]
            if task == "to title":
                yield label, text, None
            elif task == "to keywords":
                yield label.replace("_", " "), text, None


def fine_pairs(data: Path) -> Iterator[Pair]:
    """Read sentences with one that says the same and one that only looks alike."""
    for path in FINE_PAIRS.files(data):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for positive in row["pos"]:
                yield row["query"], positive, row["neg"][0] if row["neg"] else None


def entailment_pairs(data: Path) -> Iterator[Pair]:
    """Read descriptions with a sentence that follows from them and one that contradicts them."""
    for path in ENTAILMENT.files(data):
        follows: dict[str, list[str]] = {}
        against: dict[str, list[str]] = {}
        for premise, hypothesis, label in csv.reader(
            path.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE
        ):
            target = {"entailment": follows, "contradiction": against}.get(label)
            if target is not None:
                target.setdefault(premise, []).append(hypothesis)
        for premise, sentences in follows.items():
            negative = against.get(premise, [None])[0]
            yield from ((premise, sentence, negative) for sentence in sentences)


def signal_pairs(data: Path) -> Iterator[Pair]:
    """Read needs with a supplier that somebody asked, meant, bid or signed with, as a market exports them.

    A pair that nobody acted upon is no negative: most suppliers that fit are passed over.
    """
    for path in SIGNALS.files(data):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["signal"] in BELONG_TOGETHER:
                yield row["need"], row["profile"], None


def synonym_pairs(data: Path) -> Iterator[Pair]:
    """Read words that share a meaning (a synset), each with the next one of the set."""
    synsets: dict[str, list[str]] = {}
    for path in WORDNET.files(data):
        for line in path.read_text(encoding="utf-8").splitlines():
            synset, kind, lemma = [*line.split("\t"), "", ""][:3]
            if kind == "cmn:lemma":
                synsets.setdefault(synset, []).append(lemma.replace("+", "").removesuffix("的"))
    for lemmas in synsets.values():
        distinct = list(dict.fromkeys(lemmas))
        yield from ((first, second, None) for first, second in pairwise(distinct))


PAIRS: dict[str, Callable[[Path], Iterator[Pair]]] = {
    ABSTRACTS.name: abstract_pairs,
    FINE_PAIRS.name: fine_pairs,
    ENTAILMENT.name: entailment_pairs,
    WORDNET.name: synonym_pairs,
    SIGNALS.name: signal_pairs,
}
