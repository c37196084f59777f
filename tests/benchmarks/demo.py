"""The sample market: how soon its first page answers, and what its server weighs."""

import re
from itertools import chain

from tests.benchmarks.figures import Aim, Report, Table
from tests.benchmarks.options import Options
from tests.benchmarks.processes import JIEBANG, Server, run

FIRST_PAGE_SECONDS = 90.0
MEMORY_MIB = 600.0
ENTRANCES = ("/", "/lists/scenario", "/lists/demand", "/lists/capability")
PAGES = 10


def measure(options: Options) -> Report:
    """Prepare, start fresh, start again; then walk ten pages and weigh every process of the server."""
    variables = {"JIEBANG_DATA_DIR": str(options.scratch / "demo-run" / "market")}
    log = options.scratch / "demo.log"
    prepared = run([JIEBANG, "demo", "--fresh", "--prepare-only"], variables=variables).seconds
    with Server([JIEBANG, "demo", "--fresh"], variables=variables, log=log) as server:
        fresh = server.until("/")
        before = server.pss_mib()
        walked = _walk(server)
        after = server.pss_mib()
    with Server([JIEBANG, "demo"], variables=variables, log=log) as server:
        again = server.until("/")
    times = (
        ("prepare the sample market, whole process", prepared),
        ("start fresh until / answers 200", fresh),
        ("start again until / answers 200", again),
    )
    weights = (("before any page but /", before), (f"after {len(walked)} pages", after))
    return Report(
        (
            Table(
                "The sample market",
                ("what", "s"),
                times,
                ("Making the environment and fetching parts is not in these figures.",),
            ),
            Table("Memory of all server processes (PSS)", ("when", "MiB"), weights),
        ),
        (
            Aim("sample market prepared and first page answered", "s", FIRST_PAGE_SECONDS, fresh),
            Aim(f"memory with the sample market, {len(walked)} pages walked", "MiB", MEMORY_MIB, after),
        ),
        () if len(walked) == PAGES else (f"only {len(walked)} of {PAGES} pages were found to walk",),
    )


def _walk(server: Server) -> list[str]:
    """The entrances, then items and suppliers in turn, as they are linked from there."""
    bodies = [server.page(path).body for path in ENTRANCES]
    items, suppliers = (
        sorted({path for body in bodies for path in re.findall(rf'href="(/{name}/[a-z0-9]{{8,}})"', body)})
        for name in ("items", "opcs")
    )
    linked = list(chain.from_iterable(zip(items, suppliers, strict=False)))[: PAGES - len(ENTRANCES)]
    for path in linked:
        server.page(path)
    return [*ENTRANCES, *linked]
