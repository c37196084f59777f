"""The expectations as they are written: `tables/*.txt`, read into cells.

    GET /needs/drafts/{draft_id} = what it is for (a star at the end: the act asks for proof of who one is)
      draft: E ok; rest 404            a thing of the market: groups or personas, and what they are answered
      dealing met +move=sign: …        path parameters that are no ids, or a named variant of what is sent
      ?: rest 404                      an id that nothing has, and (on pages) what is no id at all
      !: all 422                       what is no id at all, where programs are told apart
      -: in ok                         an address without ids
      -- why an answer is as it is

Answers: ok (200, 201, 204); done (sent on, and something was written); idle (sent on, nothing was written); sign-in,
confirm, factor (sent to sign in, to prove who one is, to set up a second factor); else the status.

The first that names somebody counts. Whom a line does not name is `rest`, save those who are not signed in: they are sent to sign in (programs: 401).
Staff without a second factor (F) is a person without an organisation (N), but is sent to set one up instead of a 403.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.web.matrix.people import GROUPS, KEYS, OUT, UNFACTORED

FOLDER: Final = Path(__file__).parent / "tables"
ORDER: Final = (
    *("public", "people", "organisations", "needs", "profile", "dealings"),
    *(
        "rounds",
        "making",
        "bids",
        "checking",
        "experts",
        "panels",
        "review",
        "outcome",
        "watching",
        "organisers",
        "office",
        "api",
    ),
)
ANSWERS: Final = frozenset(
    {"ok", "done", "idle", "sign-in", "confirm", "factor", "401", "403", "404", "409", "413", "422"}
)
WITH_TOKEN: Final = ("EO", "EE", "ER", "XO", "PO", "PR", "QO", "W")
"""Who has a token for programs; everybody else comes to them as a visitor, whatever its cookie says."""
UNKNOWN: Final = "?"
GARBLED: Final = "!"
NOTHING: Final = "-"


@dataclass(frozen=True, slots=True)
class State:
    """One thing in one state, with what everybody is answered; `params` are path parameters beside its ids."""

    subject: str
    params: tuple[tuple[str, str], ...]
    variant: str
    line: str
    answers: Mapping[str, str]

    @property
    def said(self) -> str:
        """The state as the table writes it."""
        given = (f"+{key}={value}" for key, value in self.params)
        return " ".join((self.subject, *given, *([f"+{self.variant}"] if self.variant else [])))


@dataclass(frozen=True, slots=True)
class Route:
    """One route with every state that its subject may be in."""

    method: str
    path: str
    title: str
    is_sensitive: bool
    area: str
    states: tuple[State, ...]

    @property
    def name(self) -> str:
        """The route as the route table names it."""
        return f"{self.method} {self.path}"

    @property
    def is_api(self) -> bool:
        """Whether programs ask it, with a token."""
        return self.path.startswith("/api/")


@cache
def routes() -> tuple[Route, ...]:
    """Every route that the tables speak of, in the order of the tables."""
    return tuple(route for area in ORDER for route in _read((FOLDER / f"{area}.txt").read_text(encoding="utf-8")))


def _read(text: str) -> Iterator[Route]:
    area, head, states = "", "", []
    for line in [*text.splitlines(), "GET"]:
        if line.startswith("#"):
            area = line.removeprefix("#").strip()
        elif line.startswith(" ") and not line.strip().startswith("--"):
            states.extend(_states(head, line.strip()))
        elif line and not line.startswith(" "):
            if head:
                yield _route(area, head, states)
            head, states = line, []


def _route(area: str, head: str, states: list[State]) -> Route:
    address, title = head.split(" = ")
    method, path = address.split()
    return Route(method, path, title.removesuffix("*").strip(), title.endswith("*"), area, tuple(states))


def _states(head: str, line: str) -> Iterator[State]:
    named, _, said = line.partition(": ")
    is_api = " /api/" in head
    for one in named.split(" | "):
        words = one.split(" +")
        first = words[0]
        if first.startswith("+"):
            first, words = NOTHING, [NOTHING, first.removeprefix("+"), *words[1:]]
        params = tuple((key, value) for word in words[1:] if "=" in word for key, value in [word.split("=")])
        variant = next((word for word in words[1:] if "=" not in word), "")
        yield State(first.strip(), params, variant, said, _answers(said, is_api=is_api))


def _answers(said: str, *, is_api: bool) -> dict[str, str]:
    named: dict[str, str] = {}
    out = tuple(key for key in KEYS if key not in WITH_TOKEN) if is_api else OUT
    rest = "401" if is_api else "sign-in"
    fallback = dict.fromkeys(out, rest)
    for part in said.split("; "):
        *who, answer = part.split()
        assert answer in ANSWERS, f"{answer!r} is no answer: {said}"
        for name in who:
            if name == "rest":
                fallback |= {key: answer for key in KEYS if key not in fallback}
                continue
            keys = out if name == "out" else KEYS if name == "all" else GROUPS.get(name, (name,))
            assert set(keys) <= set(KEYS), f"{name!r} is nobody: {said}"
            for key in keys:
                if key not in out or not is_api or name in {"out", "all"}:
                    named.setdefault(key, answer)
    answers = fallback | named
    if not is_api and not {UNFACTORED, "in", "all"} & {word for part in said.split("; ") for word in part.split()[:-1]}:
        ordinary = answers["N"]
        answers[UNFACTORED] = "factor" if ordinary == "403" else ordinary
    assert set(answers) == set(KEYS), f"nothing is said of {set(KEYS) - set(answers)}: {said}"
    return {key: answers[key] for key in KEYS}
