"""Distinctive words and numbers for a bid, and finding them in raw bytes in whatever form they were written down."""

import base64
import random
import re
import secrets
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

_DEFLATED: Final = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04", re.DOTALL)
MOST_PRICES: Final = 3
_ZEROS: Final = re.compile(rb"\x00{24,}")
_FEW_ZEROS: Final = b"\x00" * 24
"""Empty pages are most of a database, and looking for two-byte letters in them takes long."""
_MOST_UNPACKED: Final = 4 * 1024 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS


@dataclass
class Needles:
    """Two tags that every planted word carries (signs of ASCII, signs of Chinese), and prices made up at random.

    A word is planted as tag + a number of its own, so that what is found says where it came from.
    """

    ascii_tag: str = field(default_factory=lambda: "Zq" + secrets.token_hex(5) + "Kv")
    chinese_tag: str = field(
        default_factory=lambda: "".join(chr(random.SystemRandom().randrange(0x5000, 0x9000)) for _ in range(6))
    )
    prices: list[str] = field(default_factory=list)

    def word(self, name: str) -> str:
        """A word to plant, in both scripts."""
        return f"{self.ascii_tag}-{name} {self.chinese_tag}之{name}"

    def price(self) -> str:
        """An amount of 万元 to plant, to the 元, below the ceiling of the notice; a few serve for everything."""
        if len(self.prices) < MOST_PRICES:
            made = f"{random.SystemRandom().randrange(61, 89)}.{random.SystemRandom().randrange(1001, 9999)}"
            self.prices.append(made.rstrip("0"))
        return random.SystemRandom().choice(self.prices)

    def forms(self) -> dict[bytes, str]:
        """Every form in which the tags and prices are looked for, with what it is."""
        found = {form: f"{how}" for tag in (self.ascii_tag, self.chinese_tag) for form, how in forms_of(tag)}
        for price in self.prices:
            found |= {form: f"price, {how}" for form, how in _forms_of_price(price)}
        return found


def forms_of(word: str) -> Iterator[tuple[bytes, str]]:
    """How a word looks in every encoding that anything might have written it down in."""
    encoded = [(word.encode(), "UTF-8"), (word.encode("utf-16-le"), "UTF-16LE"), (word.encode("utf-16-be"), "UTF-16BE")]
    encoded += [(word.encode("utf-32-le"), "UTF-32LE")]
    if not word.isascii():
        encoded.append((word.encode("gb18030"), "GB18030"))
        for escaped in ("".join(f"\\u{ord(sign):04x}" for sign in word), "".join(f"&#{ord(sign)};" for sign in word)):
            encoded += [(escaped.encode(), "escaped"), (escaped.encode().upper().replace(b"\\U", b"\\u"), "escaped")]
        encoded += [(f"&#x{ord(word[0]):X};&#x{ord(word[1]):X};".encode(), "escaped")]
        encoded += [
            (quote(word).encode(), "URL"),
            (quote(word).lower().encode(), "URL"),
            (quote(quote(word)).encode(), "URL"),
        ]
        encoded += [(quote(word).replace("%", "=").encode(), "quoted-printable")]
    for data, how in encoded[:3]:
        yield data.hex().encode(), f"hex of {how}"
        yield data.hex().upper().encode(), f"hex of {how}"
        for shift in range(3):
            whole = base64.b64encode(bytes(shift) + data + bytes(2))
            # Only the signs that the neighbours do not change.
            inner = whole[(0, 2, 3)[shift] : 4 * ((shift + len(data)) // 3)]
            yield inner, f"base64 of {how}"
            yield inner.translate(bytes.maketrans(b"+/", b"-_")), f"base64 of {how}"
    yield from encoded
    yield word[::-1].encode(), "backwards"


def _forms_of_price(price: str) -> Iterator[tuple[bytes, str]]:
    fen = round(float(price) * 1_000_000)
    for text in (price, str(fen)):
        yield from (
            (text.encode(), "text"),
            (text.encode("utf-16-le"), "UTF-16LE"),
            (text.encode("utf-16-be"), "UTF-16BE"),
        )
    for number in (fen, fen // 100):
        for order in ("<q", ">q"):
            yield struct.pack(order, number), "64 bits"
    for order in ("<d", ">d"):
        yield struct.pack(order, float(price)), "floating"


def hits(data: bytes, forms: dict[bytes, str], *, deep: int = 3) -> set[str]:
    """In which forms anything planted stands in some bytes; also inside what was compressed or written as base64."""
    data = _ZEROS.sub(_FEW_ZEROS, data)
    found = {how for form, how in forms.items() if form in data}
    if deep:
        for inner, how in _unpacked(data):
            found |= {f"{one} in {how}" for one in hits(inner, forms, deep=deep - 1)}
    return found


def context(data: bytes, forms: dict[bytes, str], *, width: int = 60) -> list[str]:
    """What stands around whatever was found, for a person to read."""
    around = []
    for form in forms:
        at = data.find(form)
        if at >= 0:
            around.append(data[max(0, at - width) : at + len(form) + width].decode("utf-8", "backslashreplace"))
    return around


def _unpacked(data: bytes) -> Iterator[tuple[bytes, str]]:
    for one in _DEFLATED.finditer(data):
        head, at = one[0], one.start()
        if head == b"PK\x03\x04":
            if len(data) < at + 30:
                continue
            name, extra = struct.unpack_from("<HH", data, at + 26)
            unpacked = _inflate(data, at + 30 + name + extra, -zlib.MAX_WBITS)
        else:
            unpacked = _inflate(data, at, _GZIP if head[0] == 0x1F else zlib.MAX_WBITS)
        if len(unpacked) >= 8:
            yield unpacked, "a compressed stream"
    for one in re.finditer(rb"[A-Za-z0-9+/_-]{40,}", data):
        if len(one[0]) < _MOST_UNPACKED and b"AAAAAAAA" not in one[0]:
            # Where it begins is not known: what lies before it may look like it.
            for shift in range(4):
                yield _decoded(one[0][shift:]), "base64"


def _inflate(data: bytes, at: int, window: int) -> bytes:
    reader = zlib.decompressobj(window)
    try:
        return reader.decompress(data[at : at + _MOST_UNPACKED], _MOST_UNPACKED)
    except zlib.error:
        return b""


def _decoded(text: bytes) -> bytes:
    text = text.translate(bytes.maketrans(b"-_", b"+/"))
    return base64.b64decode(text[: len(text) // 4 * 4])
