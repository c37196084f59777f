"""The index on disk: a manifest that names the newest generation, and one folder a generation, written whole and never changed."""

import fcntl
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import orjson

from matching import frames
from matching.alignment import Vocabulary
from matching.encoder import Encoder
from matching.shelf import Shelf

_log = logging.getLogger(__name__)

FORMAT = 6
_MANIFEST = "manifest.json"
_LOCK = "lock"
_DAMAGED = (OSError, ValueError, KeyError, IndexError, TypeError, EOFError, RuntimeError, BadZipFile)
"""What the libraries raise for files that are missing, cut off or changed."""


@dataclass(frozen=True, slots=True)
class State:
    """What an engine starts from; `position` is the number of the last change of the market that is in it."""

    folder: Path | None
    position: int
    needs: Shelf
    profiles: Shelf
    vocabulary: Vocabulary


def manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of an index folder, or None."""
    file = folder / _MANIFEST
    return orjson.loads(file.read_bytes()) if file.is_file() else None


def read(folder: Path | None, *, concepts: int, encoder: Encoder, lexicon: str) -> State:
    """Read the newest generation; an empty state where there is none that can be used, to be filled from rows.

    It cannot be used where it was made with another model, lexicon or format, or where a file of it is missing or damaged.
    """
    try:
        if folder is not None and (found := manifest(folder)) is not None:
            with _held(folder, fcntl.LOCK_SH):
                found = manifest(folder) or found
                if fits(found, encoder=encoder, lexicon=lexicon):
                    return _read(folder, found, concepts=concepts, encoder=encoder)
            _log.info("the index in %s was made with another model, lexicon or format: it is built anew", folder)
        elif folder is not None:
            _log.info("there is no index in %s yet: it is built from the database", folder)
    except _DAMAGED:
        _log.warning("the index in %s is damaged: it is built anew from the database", folder, exc_info=True)
    shelves = Shelf(concepts, encoder.dimension), Shelf(concepts, encoder.dimension)
    return State(folder, 0, *shelves, Vocabulary(encoder))


def _read(folder: Path, found: dict[str, Any], *, concepts: int, encoder: Encoder) -> State:
    dimension = encoder.dimension
    generation = folder / found["generation"]
    needs = Shelf.open(generation / "needs", concepts, dimension)
    profiles = Shelf.open(generation / "profiles", concepts, dimension)
    words = Vocabulary(encoder, generation / "vocabulary")
    return State(folder, found["position"], needs, profiles, words)


def fits(found: dict[str, Any], *, encoder: Encoder, lexicon: str) -> bool:
    """Tell whether an index of this manifest can be used with a model and a lexicon; otherwise it is built anew."""
    made_with = (found["format"], found["model"], found["lexicon"], found["kinds"])
    return made_with == (FORMAT, encoder.digest, lexicon, frames.load().digest)


def write(folder: Path, state: State, *, model: str, lexicon: str) -> None:
    """Write a new generation, then point the manifest at it, then drop the others.

    One process at a time: another's half-written generation must not be dropped, nor one that is just being opened.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _held(folder, fcntl.LOCK_EX):
        _write(folder, state, model=model, lexicon=lexicon)


def is_there(folder: Path, *, encoder: Encoder, lexicon: str) -> bool:
    """Tell whether a folder holds an index that was made with a model and a lexicon."""
    try:
        found = manifest(folder)
        return found is not None and fits(found, encoder=encoder, lexicon=lexicon)
    except _DAMAGED:
        return False


@contextmanager
def _held(folder: Path, how: int) -> Iterator[None]:
    with (folder / _LOCK).open("a") as file:
        fcntl.flock(file, how)
        yield


def _write(folder: Path, state: State, *, model: str, lexicon: str) -> None:
    now = datetime.now(UTC)
    generation = f"{now:%Y%m%dT%H%M%S%f}-{os.getpid()}"
    state.needs.save(folder / generation / "needs")
    state.profiles.save(folder / generation / "profiles")
    state.vocabulary.save(folder / generation / "vocabulary")
    described = {
        "format": FORMAT,
        "generation": generation,
        "position": state.position,
        "model": model,
        "lexicon": lexicon,
        "kinds": frames.load().digest,
        "needs": len(state.needs),
        "profiles": len(state.profiles),
        "written_at": now.isoformat(),
    }
    fresh = folder / f"{_MANIFEST}.{generation}"
    fresh.write_bytes(orjson.dumps(described, option=orjson.OPT_INDENT_2))
    fresh.replace(folder / _MANIFEST)
    _drop_others(folder, generation)


def _drop_others(folder: Path, kept: str) -> None:
    for path in folder.iterdir():
        if path.is_dir() and path.name != kept and (path / "profiles").is_dir():
            shutil.rmtree(path, ignore_errors=True)
