"""`jiebang match` and `jiebang evaluate` over the judged development set, whole process."""

from pathlib import Path

from tests.benchmarks.figures import Aim, Report, Spread, Table
from tests.benchmarks.options import Options
from tests.benchmarks.processes import JIEBANG, run

DEMANDS, CAPABILITIES = "demands_real.jsonl", "capabilities.jsonl"
LIMIT_SECONDS = 15.0


def measure(options: Options) -> Report:
    """Match both ways, load the model alone beside it, and keep what `evaluate` prints."""
    demands, capabilities = options.judged / DEMANDS, options.judged / CAPABILITIES
    if not (demands.is_file() and capabilities.is_file()):
        return Report(skipped=f"there is no judged set in {options.judged}; name its folder with --eval DIR")
    lists = ["--demands", str(demands), "--capabilities", str(capabilities), "--format", "jsonl"]
    counted = {"demand-to-opc": _lines(demands), "opc-to-demand": _lines(capabilities)}
    line = options.scratch / "one-line.txt"
    line.write_text("为一座水厂识别管网漏损\n", encoding="utf-8")
    commands = {"start and model alone (one line encoded)": ["sh", "-c", f"exec '{JIEBANG}' encode < '{line}'"]}
    commands |= {f"match {way}": [JIEBANG, "match", *lists, "--direction", way] for way in counted}
    spreads: dict[str, list[float]] = {name: [] for name in commands}
    outputs: dict[str, str] = {}
    for number in range(options.runs(3) + 1):
        for name, command in commands.items():
            ended = run(command)
            outputs[name] = ended.output
            if number:
                spreads[name].append(ended.seconds)
    judged = run([JIEBANG, "evaluate", str(options.judged)])
    return _report({name: Spread(tuple(values)) for name, values in spreads.items()}, outputs, counted, judged.output)


def _report(spreads: dict[str, Spread], outputs: dict[str, str], counted: dict[str, int], judged: str) -> Report:
    bare = next(iter(spreads.values())).p50
    rows = tuple((name, spread.p50, spread.most, spread.p50 / bare) for name, spread in spreads.items())
    answered = {way: len(outputs[f"match {way}"].splitlines()) for way in counted}
    broken = tuple(
        f"match {way}: {answered[way]} answers to {counted[way]} queries"
        for way in counted
        if answered[way] != counted[way]
    )
    forward = spreads["match demand-to-opc"]
    size = " x ".join(str(number) for number in counted.values())
    columns = ("command, whole process", "median s", "slowest s", "x start and model")
    return Report(
        (Table(f"Matching two files ({size})", columns, rows),),
        (Aim(f"jiebang match, {size}, whole process, median", "s", LIMIT_SECONDS, forward.p50),),
        broken,
        captured={"jiebang evaluate": judged},
    )


def _lines(file: Path) -> int:
    return sum(1 for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
