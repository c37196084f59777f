"""The command `python -m matching.training --data DIR --output DIR`."""

import argparse
from pathlib import Path

from matching.training.building import build
from matching.training.recipe import FULL


def main() -> None:
    """Build the model, measure it, and write its card."""
    parser = argparse.ArgumentParser(prog="python -m matching.training", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with textcorpus/, datasets/ and, to measure, eval/"
    )
    parser.add_argument("--output", type=Path, required=True, help="folder to write the model to")
    wanted = parser.parse_args()
    build(wanted.data, wanted.output, FULL)


if __name__ == "__main__":
    main()
