"""The lexicon as training needs it: each concept's names, gloss, kin and look-alikes."""

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "lexicon"


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning: what it is called, what it is, what it belongs to and what it is taken for."""

    names: tuple[str, ...]
    kind: str
    gloss: str
    parents: tuple[str, ...]
    lookalikes: tuple[str, ...]


def read(folder: Path = FOLDER) -> list[Concept]:
    """Read every concept of the folder, in the order of the files."""
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]
    return [_concept(row) for file in files for row in file.get("concept", [])]


def _concept(row: dict[str, Any]) -> Concept:
    return Concept(
        names=tuple(row["names"]),
        kind=row.get("kind", ""),
        gloss=row.get("gloss", ""),
        parents=tuple(row.get("parents", [])),
        lookalikes=tuple(row.get("lookalikes", [])),
    )


def digest(folder: Path = FOLDER) -> str:
    """SHA-256 over the files of the folder."""
    summary = sha256()
    for path in sorted(folder.glob("*.toml")):
        summary.update(path.name.encode() + b"\0" + path.read_bytes())
    return summary.hexdigest()
