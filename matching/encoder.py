"""Turns text into vectors: the shipped static model by model2vec, any other by sentence-transformers.

The shipped model needs numpy alone: no torch, no network. Another model is used only where it is named.
"""

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

DEFAULT = "jiebang-static"
MODELS = Path(__file__).parent / "models"
_BATCH = 2048
_ADVICE = "请把 JIEBANG_ENCODER 改为完整的模型文件夹，或去掉这项设置，使用随产品的模型。"
_STATIC_FILES = ("config.json", "model.safetensors", "tokenizer.json")


class Encoder(Protocol):
    """What matching asks of a model."""

    def __hash__(self) -> int:
        """One of its kind: what is made with it is remembered under it."""
        ...

    @property
    def name(self) -> str:
        """The model's name, for manifests and pages."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 of the weights, the same on every machine."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one float32 row of length 1 for each text, all zeros for a text with nothing in it that is known."""
        ...

    def tokens(self, text: str) -> list[str]:
        """Cut a text into the pieces that have vectors, in order, folded."""
        ...

    def token_vectors(self, text: str) -> tuple[list[str], Vectors, Vectors]:
        """Give the tokens, a unit row for each, and how much each weighs in the text's vector (at least 0)."""
        ...


def load(name_or_folder: str | Path | None = None) -> Encoder:
    """Load the shipped model, one of `models/` by name, a folder, or a model that sentence-transformers knows.

    Raises ValueError with a sentence for the operator where there is no such model.
    """
    wanted = str(name_or_folder or DEFAULT)
    for folder in (MODELS / wanted, Path(wanted)):
        if all((folder / file).is_file() for file in _STATIC_FILES) and _is_static(folder):
            return _static(folder)
    if name_or_folder is None:
        raise ValueError(f"自带的匹配模型不见了：{MODELS / wanted}。请重新安装，或用 JIEBANG_ENCODER 指定另一个模型。")
    _require_model(wanted)
    return TransformerEncoder(wanted)


def _static(folder: Path) -> "StaticEncoder":
    try:
        return StaticEncoder(folder)
    except Exception as error:  # the libraries raise kinds of their own, bare exceptions among them
        raise ValueError(f"读不出模型文件夹“{folder}”：文件不完整或已损坏。{_ADVICE}") from error


def _require_model(wanted: str) -> None:
    """Refuse a folder without a model at once, instead of looking for a published model of that name."""
    folder = Path(wanted)
    if folder.is_dir() and not any((folder / file).is_file() for file in ("modules.json", "config.json")):
        raise ValueError(f"文件夹“{folder}”里没有模型。{_ADVICE}")
    is_place = wanted.startswith((".", "~")) or folder.is_absolute()
    if folder.is_file() or (is_place and not folder.is_dir()):
        raise ValueError(f"没有文件夹“{folder}”。{_ADVICE}")


def _is_static(folder: Path) -> bool:
    """Whether a folder holds token vectors, rather than a transformer of the same file names."""
    return '"model2vec"' in (folder / "config.json").read_text(encoding="utf-8")


class StaticEncoder:
    """Token vectors, averaged: the tokenizer folds and cuts the text, row lengths are the tokens' weights."""

    def __init__(self, folder: Path) -> None:
        """Read the folder; float32 rows are made once, so that a query costs a few gathers."""
        from model2vec import StaticModel

        self.name = folder.name
        self._folder = folder
        self._model = StaticModel.from_pretrained(folder, normalize=True, max_length=None)
        self._rows = self._model.embedding
        scale = self._model.weights
        self._scale: Vectors = np.ones(len(self._rows), np.float32) if scale is None else scale.astype(np.float32)

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self._rows.shape[1])

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the weights and of the tokenizer: both decide the vectors."""
        summary = sha256()
        for file in ("model.safetensors", "tokenizer.json"):
            summary.update((self._folder / file).read_bytes())
        return summary.hexdigest()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one float32 row of length 1 for each text, all zeros for a text with no known token."""
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = self._model.tokenize(list(texts[start : start + _BATCH]))
            self._add(batch, found[start : start + len(batch)])
        return _unit(found)

    def _add(self, batch: list[list[int]], into: Vectors) -> None:
        """Sum the token rows of each text; texts without tokens keep their zeros."""
        lengths = np.array([len(numbers) for numbers in batch])
        filled = np.flatnonzero(lengths)
        if len(filled):
            numbers = np.concatenate([np.asarray(batch[place]) for place in filled])
            starts = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
            into[filled] = np.add.reduceat(self._vectors(numbers), starts, axis=0)

    def _vectors(self, numbers: NDArray[np.int64]) -> Vectors:
        rows: Vectors = self._rows[numbers].astype(np.float32)
        rows *= self._scale[numbers, None]
        return rows

    def tokens(self, text: str) -> list[str]:
        """Cut a text into the pieces that have vectors, in order, folded."""
        return [self._model.tokens[number] for number in self._model.tokenize([text])[0]]

    def token_vectors(self, text: str) -> tuple[list[str], Vectors, Vectors]:
        """Give the tokens, a unit row for each, and the row's length before: its weight in the text's vector."""
        numbers = np.asarray(self._model.tokenize([text])[0], dtype=np.int64)
        rows = self._vectors(numbers)
        weights: Vectors = np.linalg.norm(rows, axis=1).astype(np.float32)
        return [self._model.tokens[number] for number in numbers], _unit(rows), weights


class TransformerEncoder:
    """Any model that sentence-transformers loads; named by a setting, never the default."""

    def __init__(self, name: str) -> None:
        """Load a folder or a published model."""
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ValueError(
                f"模型“{name}”要用 sentence-transformers。请先安装：pip install 'jiebang[models]'。"
            ) from error
        try:
            self._model = SentenceTransformer(name, device="cpu")
        except Exception as error:  # the library raises kinds of its own, by way of several others
            raise ValueError(f"读不出模型“{name}”：文件不完整，或没有这个模型。{_ADVICE}") from error
        self.name = Path(name).name

    @cached_property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self._model.encode([""]).shape[1])

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the names and values of all weights."""
        summary = sha256()
        for name, values in sorted(self._model.state_dict().items()):
            summary.update(name.encode() + values.float().numpy().tobytes())
        return summary.hexdigest()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one float32 row of length 1 for each text, all zeros for an empty one."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows = np.asarray(self._model.encode(list(texts), show_progress_bar=False), dtype=np.float32)
        rows[[not text.strip() for text in texts]] = 0.0
        return _unit(rows)

    def tokens(self, text: str) -> list[str]:
        """Cut a text into the model's own pieces."""
        return [str(token) for token in self._model.tokenizer.tokenize(text)]

    def token_vectors(self, text: str) -> tuple[list[str], Vectors, Vectors]:
        """Encode every piece by itself; all weigh the same."""
        tokens = self.tokens(text)
        return tokens, self.encode(tokens), np.ones(len(tokens), dtype=np.float32)


def _unit(rows: Vectors) -> Vectors:
    """Scale rows to length 1, leaving rows of zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled
