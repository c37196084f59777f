"""Damaged files by the thousand: real lists with bytes changed, cut, doubled or swapped, parts of packages exchanged.

`python -m tests.ingest.fuzzing --minutes 30` reads as many as fit into that time, two at once, and prints what came of
them. Whatever is neither a reading nor a refusal with a reason of its own is a finding: a crash, a reading that does not
end, a fault that the last safety net of `read_list` caught. Findings are kept under build/fuzzing.
"""

import argparse
import hashlib
import multiprocessing
import os
import random
import signal
import sys
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Any

from ingest.brochures.pipeline import read_brochure
from ingest.errors import Refused
from ingest.pipeline import read_list

HERE = Path(__file__).parent
SLOW = {".png", ".jpg"}
"""Character recognition takes seconds a file: these are damaged where that shows before it begins."""
ENDLESS = ("44_", "45_", "52_", "59_", "60_")
"""Hostile files that go on until they are ended: each would take the time of many others."""
MOST_SECONDS = 40
KEPT = Path("build/fuzzing")


def originals() -> list[Path]:
    """The real files that are damaged."""
    found = [*(HERE / "lists").iterdir(), *(HERE / "lists" / "hostile").iterdir()]
    real = (one for one in found if one.is_file() and one.name[0].isdigit() and one.suffix != ".jsonl")
    return sorted(one for one in real if not one.name.startswith(ENDLESS))


def damage(data: bytes, chance: random.Random, *, others: list[bytes]) -> bytes:
    """A file with a few things wrong with it; every second package is damaged inside."""
    if data.startswith(b"PK") and chance.random() < 0.5:
        inside = _inside(data, chance, others=others)
        if inside is not None:
            return inside
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        data = chance.choice(_DAMAGES)(data, chance)
    return data


def _inside(data: bytes, chance: random.Random, *, others: list[bytes]) -> bytes | None:
    """A package whose parts are damaged, left out, or taken from another one; its checksums are right."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as old:
            parts = {name: old.read(name) for name in old.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, zipfile.zlib.error):  # type: ignore[attr-defined]
        return None
    if not parts or sum(map(len, parts.values())) > 5_000_000:
        return None
    name = chance.choice(list(parts))
    way = chance.randrange(4)
    if way == 0:
        del parts[name]
    elif way == 1:
        parts[name] = chance.choice(others)[:100_000]
    else:
        for _ in range(chance.choice((1, 3, 12))):
            parts[name] = chance.choice(_DAMAGES)(parts[name], chance)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part, content in parts.items():
            new.writestr(part, content)
    return out.getvalue()


def _flip(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _lose(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.randrange(1, 200) :]


def _double(data: bytes, chance: random.Random) -> bytes:
    at, length = chance.randrange(len(data) + 1), chance.randrange(1, 400)
    return data[: at + length] + data[at : at + length] * chance.choice((1, 1, 3, 50)) + data[at + length :]


def _swap(data: bytes, chance: random.Random) -> bytes:
    one, other = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    length = chance.randrange(1, 60)
    return (
        data[:one]
        + data[other : other + length]
        + data[one + length : other]
        + data[one : one + length]
        + data[other + length :]
    )


def _fill(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return (
        data[:at]
        + chance.choice((b"\x00", b"\xff", b"<", b">", b"\n", b"99999999", "一".encode(), b"&#x110000;"))
        * chance.randrange(1, 9)
        + data[at + 4 :]
    )


_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _flip, _cut, _lose, _double, _swap, _fill)


def cases(seed: int) -> Iterator[tuple[str, bytes]]:
    """Damaged files without end, the same for the same seed."""
    chance = random.Random(seed)
    paths = originals()
    contents = {path: path.read_bytes() for path in paths}
    others = [content for content in contents.values() if len(content) < 200_000]
    while True:
        path = chance.choice(paths)
        data = damage(contents[path], chance, others=others)
        yield path.name, data[: len(data) // 2] if path.suffix in SLOW else data


def outcome(name: str, data: bytes) -> str:
    """What reading a file comes to: "read", the code of its refusal, or what went wrong in a way nobody foresaw.

    One in four is read as an introduction as well, which asks other things of the same documents.
    """
    if hashlib.sha256(data).digest()[0] % 4 == 0 and not _is_sound_as_introduction(name, data):
        return "fault where it was read as an introduction"
    return _as_list(name, data)


def _is_sound_as_introduction(name: str, data: bytes) -> bool:
    try:
        read_brochure(data, name=name)
    except Refused as refused:
        return refused.problem.code != "unreadable"
    return True


def _as_list(name: str, data: bytes) -> str:
    try:
        return "read" if list(read_list(data, name=name).drafts) else "read nothing"
    except Refused as refused:
        return refused.problem.code if refused.problem.code != "unreadable" else _fault(name, data)


def _fault(name: str, data: bytes) -> str:
    """What the last safety net caught: read once more in this very process, which has the cause."""
    os.environ["JIEBANG_GUARDED"] = "1"
    try:
        read_list(data, name=name)
    except Refused as refused:
        cause = refused.__cause__
        if cause is not None:
            where = traceback.extract_tb(cause.__traceback__)[-1]
            return f"fault {type(cause).__name__}: {cause} at {Path(where.filename).name}:{where.lineno}"[:200]
    finally:
        del os.environ["JIEBANG_GUARDED"]
    return "fault without a cause"


def _work(seed: int, until: float, told: "multiprocessing.Queue[Any]") -> None:
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - what a guarded reading tells its parent
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for name, data in cases(seed):
        if monotonic() > until:
            break
        KEPT.joinpath(f"now-{seed}").write_bytes(data)
        signal.alarm(MOST_SECONDS)
        found = outcome(name, data)
        signal.alarm(0)
        told.put((seed, name, found))
        if found.startswith("fault"):
            KEPT.joinpath(f"{hashlib.sha256(data).hexdigest()[:12]}-{name}").write_bytes(data)


def main() -> None:
    """Read damaged files for some minutes; say what came of them."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--minutes", type=float, default=30)
    arguments.add_argument("--seed", type=int, default=20261130)
    asked = arguments.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    told: multiprocessing.Queue[Any] = context.Queue()
    until = monotonic() + asked.minutes * 60
    counted: Counter[str] = Counter()
    workers: dict[int, Any] = {}
    seed = asked.seed
    while monotonic() < until or any(worker.is_alive() for worker in workers.values()):
        for number, worker in list(workers.items()):
            if not worker.is_alive():
                del workers[number]
                if worker.exitcode:
                    counted[f"ended by signal or exit {worker.exitcode}"] += 1
                    KEPT.joinpath(f"now-{number}").replace(KEPT / f"ended-{number}")
        while len(workers) < 2 and monotonic() < until:
            seed += 1
            workers[seed] = context.Process(target=_work, args=(seed, until, told))
            workers[seed].start()
        try:
            counted[told.get(timeout=1)[2]] += 1
        except Exception:  # noqa: BLE001 - an empty queue; its exception is private to the context
            continue
    while not told.empty():
        counted[told.get()[2]] += 1
    sys.stdout.write(f"{counted.total()} damaged files in {asked.minutes} minutes\n")
    for found, number in counted.most_common():
        sys.stdout.write(f"{number:7}  {found}\n")


if __name__ == "__main__":
    main()
