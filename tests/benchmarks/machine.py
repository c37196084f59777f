"""The machine a figure was measured on, and the memory its processes share."""

import os
import platform
from collections import defaultdict
from pathlib import Path

MIB = 1024 * 1024
_FIELDS_BEFORE_PARENT = 1
"""After the name in brackets, /proc/PID/stat has the state and then the parent."""


def described() -> dict[str, str | int | float]:
    """What somebody who compares two runs has to know; `load` is the run queue of the last minute."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _named("/proc/cpuinfo", "model name"),
        "memory": _named("/proc/meminfo", "MemTotal"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "load": round(os.getloadavg()[0], 2),
    }


def tree(root: int) -> list[int]:
    """A process and everything it started that still runs."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (parent := _parent(folder)) is not None:
            children[parent].append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children[process]
    return found


def pss_mib(root: int) -> float:
    """Proportional set size of a process tree: shared pages are counted once among those who share them."""
    return sum(_rollup(process, "Pss:") for process in tree(root)) / 1024


def resident_mib() -> float:
    """Resident memory of this process."""
    return _status("VmRSS:") / 1024


def peak_mib() -> float:
    """The most this process has held since `forget_peak`, or since it began."""
    return _status("VmHWM:") / 1024


def forget_peak() -> None:
    """Let the peak begin again at what is held now (5 in clear_refs, see proc(5))."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _parent(folder: Path) -> int | None:
    try:
        words = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:  # it has ended since the folder was listed
        return None
    return int(words[_FIELDS_BEFORE_PARENT])


def _rollup(process: int, name: str) -> int:
    return _kib(Path(f"/proc/{process}/smaps_rollup"), name)


def _status(name: str) -> int:
    return _kib(Path("/proc/self/status"), name)


def _kib(file: Path, name: str) -> int:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise LookupError(f"{file} has no {name}")


def _named(file: str, name: str) -> str:
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"
