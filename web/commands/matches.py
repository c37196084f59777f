"""`jiebang match | teams | evaluate | encode`: the matcher over files, with no database."""

import sys
from pathlib import Path
from typing import Literal

EXIT_USAGE = 2


def match(
    demands: Path,
    capabilities: Path,
    *,
    direction: Literal["demand-to-opc", "opc-to-demand"],
    top: int,
    output: Literal["table", "jsonl", "trec"],
) -> int:
    """Match two lists of JSON lines and print the rankings."""
    from matching import files
    from matching.encoder import load
    from matching.engine import Engine
    from web.settings import Settings

    try:
        engine = Engine.open(None, encoder=load(Settings().encoder))
        files.match_files(
            demands, capabilities, direction=direction, top=top, format=output, out=sys.stdout, engine=engine
        )
    except (OSError, ValueError) as failure:
        sys.stderr.write(f"{failure}\n")
        return EXIT_USAGE
    return 0


def teams(demands: Path, capabilities: Path, *, as_json: bool) -> int:
    """Print the teams that answer each need together."""
    from matching import files

    try:
        files.team_files(demands, capabilities, as_json=as_json, out=sys.stdout)
    except (OSError, ValueError) as failure:
        sys.stderr.write(f"{failure}\n")
        return EXIT_USAGE
    return 0


def evaluate(folder: Path, judgements: Path | None) -> int:
    """Print the figures of a judged set."""
    from matching import evaluation
    from matching.encoder import load
    from web.settings import Settings

    try:
        sys.stdout.write(evaluation.report(folder, judgements, encoder=load(Settings().encoder)) + "\n")
    except (OSError, ValueError) as failure:
        sys.stderr.write(f"{failure}\n")
        return EXIT_USAGE
    return 0


def encode() -> int:
    """One line in, one JSON array of a unit vector out."""
    import orjson

    from matching.encoder import load
    from web.settings import Settings

    try:
        encoder = load(Settings().encoder)
    except ValueError as failure:
        sys.stderr.write(f"{failure}\n")
        return EXIT_USAGE
    lines = [line.rstrip("\r\n") for line in sys.stdin]
    for vector in encoder.encode(lines):
        sys.stdout.buffer.write(orjson.dumps(vector, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n")
    return 0
