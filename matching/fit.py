"""`python -m matching.fit FOLDER`: fit the calibration to a judged folder and write it to `settings.toml`."""

import re
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np

from matching import fitting, judged, settings
from matching.settings import FILE, Calibration


def main(folder: Path, file: Path = FILE) -> None:
    """Fit to all needs of all wordings and replace the [calibration] table."""
    wordings = judged.read(folder)
    everyone = np.ones(len(wordings[0].grades), dtype=np.bool_)
    fitted = fitting.fit(wordings, everyone, settings.load(file).calibration)
    file.write_text(rewritten(file.read_text(encoding="utf-8"), fitted), encoding="utf-8")


def rewritten(text: str, calibration: Calibration) -> str:
    """Return the settings text with the numbers of [calibration] replaced, comments kept."""
    head, table = text.split("\n[calibration]\n", 1)
    for field in fields(calibration):
        value = getattr(calibration, field.name)
        table = re.sub(rf"(?m)^({field.name} = )\S+", rf"\g<1>{value}", table)
    return f"{head}\n[calibration]\n{table}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
