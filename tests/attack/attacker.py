"""Whoever has taken what is stored, and tries everything in it on everything in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Final

import pyrage

from tests.attack import age_by_hand
from tests.attack.age_by_hand import AgeFile
from tests.attack.needles import Needles, hits

OPENED: Final = "opened: "
"""How the name of a piece begins that did not lie there in plain."""
Place = tuple[bytes, bytes]
_SMALL: Final = 4096
TRIVIAL: Final = ("", "password", "AAAA-AAAA-AAAA-AAAA", "0000-0000-0000-0000")


@dataclass
class Found:
    """What was found: where anything planted stands, as it lies there or once something was opened."""

    readable: dict[str, set[str]]
    opened: int = 0
    secrets: set[bytes] = field(default_factory=set)
    plain: list[bytes] = field(default_factory=list)

    @property
    def said(self) -> bytes:
        """Everything that was opened, one after the other."""
        return b"\n".join(self.plain)

    @property
    def tells_prices(self) -> bool:
        """Whether a price is among it."""
        return any("price, text" in how for how in self.readable.values())


class Attacker:
    """Searches pieces of stored data, and opens with everything in them whatever in them can be opened."""

    def __init__(self, pieces: Iterable[tuple[str, bytes]]) -> None:
        unique = {data: where for where, data in pieces}
        self.bytes = sum(map(len, unique))
        self.secrets: set[bytes] = set()
        self.files: dict[Place, AgeFile] = {}
        small: dict[str, list[bytes]] = {}
        self._searched: list[tuple[str, bytes]] = []
        for data, where in unique.items():
            self.secrets |= age_by_hand.identities_in(data)
            _take(data, self.files)
            if len(data) < _SMALL:
                small.setdefault(where.split("[")[0], []).append(data)
            else:
                self._searched.append((where, data))
        # Fields of rows are many: those of a table are searched together, with something between them.
        self._searched += [(where, b"\n----\n".join(fields)) for where, fields in small.items()]
        self._seen: dict[bytes, dict[str, set[str]]] = {}

    def look(self, needles: Needles) -> dict[str, set[str]]:
        """Where anything planted stands as it lies there, in whatever form."""
        kept = b"\n".join(needles.forms())
        if kept not in self._seen:
            self._seen[kept] = search(self._searched, needles)
        return dict(self._seen[kept])

    def attack(self, needles: Needles, *, secrets: Iterable[bytes] = (), keys: Iterable[str] = ()) -> Found:
        """Search every piece, then open every age file with every identity found anywhere, and search what comes out.

        What comes out may hold further files and identities; they are tried in turn, until nothing new is found.
        `secrets` and `keys` are what the attacker knows besides (raw, or as age writes them).
        """
        known = {*self.secrets, *secrets, *(age_by_hand.secret_of(key) for key in keys)}
        found, forms = Found(self.look(needles), secrets=known), needles.forms()
        closed, is_new = dict(self.files), True
        while is_new:
            is_new = False
            for place, one in list(closed.items()):
                key = next((key for secret in known if (key := one.file_key(secret)) is not None), None)
                if key is None:
                    continue
                plain, is_new = one.read(key), True
                del closed[place]
                found.opened += 1
                found.plain.append(plain)
                known |= age_by_hand.identities_in(plain)
                _take(plain, closed)
                if seen := hits(plain, forms):
                    found.readable[f"{OPENED}{len(found.readable)}"] = seen
        return found


def search(pieces: Iterable[tuple[str, bytes]], needles: Needles) -> dict[str, set[str]]:
    """Where anything planted stands in some pieces, in whatever form."""
    forms, found = needles.forms(), {}
    for where, data in pieces:
        if seen := hits(data, forms):
            found[where] = seen
    return found


def locked_in(pieces: Iterable[tuple[str, bytes]]) -> list[bytes]:
    """The fields of rows that are locked with a passphrase, each once."""
    begun = (data[data.find(age_by_hand.BEGINS) :] for _, data in pieces if age_by_hand.BEGINS in data[:_SMALL])
    return list({data for data in begun if len(data) < _SMALL and b"-> scrypt " in data[:200]})


def guess(locked: Iterable[bytes], *, words: Iterable[str], most: int) -> list[str]:
    """Try words as passphrases on what is locked with one; gives what opened. A second and a half for each try."""
    opened = []
    for word, data in islice(product(words, locked), most):
        try:
            opened.append(pyrage.passphrase.decrypt(data, word).decode())
        except pyrage.DecryptError:
            continue
    return opened


def shaped_like_passphrases(pieces: Iterable[tuple[str, bytes]]) -> set[str]:
    """Everything in some pieces that is written as a holder's passphrase is, with its dashes or without."""
    shape = re.compile(rb"(?<![0-9A-Z])[0-9A-HJKMNP-TV-Z]{4}(?:[- ]?[0-9A-HJKMNP-TV-Z]{4}){3}(?![0-9A-Z])")
    return {one.decode() for _, data in pieces for one in shape.findall(data)}


def _take(data: bytes, into: dict[Place, AgeFile]) -> None:
    for one in age_by_hand.found_in(data):
        into.setdefault((one.header, one.payload[:64]), one)
