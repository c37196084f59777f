"""`python -m matching.fit FOLDER…`: fit the calibration to judged folders and write it to `settings.toml`."""

import re
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

from matching import fitting, judged, settings
from matching.settings import FILE, Calibration


def main(folders: Sequence[Path], file: Path = FILE) -> None:
    """Fit to all needs of all wordings of all folders and replace the [calibration] table."""
    wordings = [wording for folder in folders for wording in judged.read(folder)]
    parts = [(each, np.ones(len(each.grades), dtype=np.bool_)) for each in wordings]
    fitted = fitting.fit(parts, settings.load(file).calibration)
    file.write_text(rewritten(file.read_text(encoding="utf-8"), fitted), encoding="utf-8")


def rewritten(text: str, calibration: Calibration) -> str:
    """Return the settings text with the numbers of [calibration] replaced, comments kept."""
    head, table = text.split("\n[calibration]\n", 1)
    for field in fields(calibration):
        value = getattr(calibration, field.name)
        table = re.sub(rf"(?m)^({field.name} = )\S+", rf"\g<1>{value}", table)
    return f"{head}\n[calibration]\n{table}"


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]])
