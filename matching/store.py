"""The index on disk: a manifest that names the newest generation, and one folder a generation, written whole and never changed."""

import logging
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from matching import frames
from matching.alignment import Vocabulary
from matching.encoder import Encoder
from matching.shelf import Shelf

_log = logging.getLogger(__name__)

FORMAT = 6
_MANIFEST = "manifest.json"


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
        found = manifest(folder) if folder else None
        if folder is not None and found is not None and fits(found, encoder=encoder, lexicon=lexicon):
            return _read(folder, found, concepts=concepts, encoder=encoder)
    except (OSError, ValueError, KeyError, EOFError):
        _log.warning("the index in %s cannot be read and is built anew", folder, exc_info=True)
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
    """Write a new generation, then point the manifest at it, then drop the others."""
    folder.mkdir(parents=True, exist_ok=True)
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
