"""Bytes of a text file become text, with the encoding that was found."""

import re
from dataclasses import dataclass

from ingest import mojibake, refusals

_SAMPLE = 200_000
_PROBED = 1 << 16
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE = 0.002
_SAMPLE_HAN = 2000
_COMMON_SHARE = 0.8
_LOST_SHARE = 0.002
_IDEOGRAPH = re.compile("[\u3400-\u9fff\ue000-\uf8ff]")
_HAN = re.compile("[\u4e00-\u9fff]")


def is_binary(data: bytes) -> bool:
    """Many control characters, unless every second byte is zero as in UTF-16 without a mark."""
    sample = data[:_PROBED]
    if sample.startswith(_UTF16):
        return False
    controls = len(_CONTROL.findall(sample))
    return controls > _CONTROL_SHARE * len(sample) and not looks_like_utf16(sample)


def looks_like_utf16(sample: bytes) -> bool:
    """Whether text without a byte order mark is UTF-16: line ends and separators have a zero byte beside them."""
    marks = sum(sample.count(mark) for mark in (b"\n\x00", b"\x00\n", b",\x00", b"\x00,", b"\t\x00", b"\x00\t"))
    if not marks or len(sample) % 2:
        return False
    for encoding in ("utf-16-le", "utf-16-be"):
        decoded = sample.decode(encoding, "replace")
        if not re.search(r"[\x00-\x08\ud800-\udfff\ufffd]", decoded[:-1]) and re.search(r"[\u4e00-\u9fff]", decoded):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and how it was come by; `repaired` where it had been decoded wrongly before it was saved."""

    text: str
    encoding: str
    repaired: bool = False


def decode(data: bytes, *, name: str) -> Decoded:
    """Text of any encoding that Chinese lists come in: UTF-8, UTF-16, GB18030, else by charset-normalizer.

    Raises Refused `garbled` where no encoding gives readable text.
    """
    decoded = _by_mark(data) or _by_trial(data) or _by_likelihood(data)
    if decoded is None:
        raise refusals.garbled(name)
    return _require_readable(_mended(decoded), name)


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return Decoded(data.decode(encoding, "replace"), encoding)
    return None


def _by_trial(data: bytes) -> Decoded | None:
    if looks_like_utf16(data[:_PROBED]):
        little = data[1:400:2].count(0) >= data[0:400:2].count(0)
        encoding = "utf-16-le" if little else "utf-16-be"
        return Decoded(data.decode(encoding, "replace"), encoding)
    text = _strictly(data, "utf-8")
    if text is not None:
        return Decoded(text, "utf-8")
    return _chinese(data) or _nearly(data)


def _chinese(data: bytes) -> Decoded | None:
    """GB18030, unless it gives rare characters only, or nothing, where Big5 gives Chinese."""
    text = _strictly(data, "gb18030")
    if text is not None and _is_common(text):
        return Decoded(text, "gb18030")
    traditional = _strictly(data, "big5")
    if traditional is not None and len(_HAN.findall(traditional)) * 2 > sum(not c.isascii() for c in traditional):
        return Decoded(traditional, "big5")
    return Decoded(text, "gb18030") if text is not None else None


def _is_common(text: str) -> bool:
    """Whether most Chinese characters are among the 3755 of level one of GB 2312; Big5 read as GB18030 has few."""
    han = _IDEOGRAPH.findall(text[:_SAMPLE])[:_SAMPLE_HAN]
    common = sum(b"\xb0" <= character.encode("gb2312", "ignore")[:1] <= b"\xd7" for character in han)
    return bool(common >= _COMMON_SHARE * len(han))


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # A file cut off inside its last character is still worth reading up to there.
        if error.start >= len(data) - 3:
            return data[: error.start].decode(encoding)
        return None


def _nearly(data: bytes) -> Decoded | None:
    """UTF-8 or GB18030 with a few destroyed bytes, which are reported cell by cell."""
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= _LOST_SHARE * len(text) + 3:
            return Decoded(text, encoding)
    return None


def _by_likelihood(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is None:
        return None
    return Decoded(data.decode(best.encoding, "replace"), best.encoding)


def _mended(decoded: Decoded) -> Decoded:
    sample = decoded.text[:_SAMPLE]
    marks = len(mojibake.SUSPICIOUS.findall(sample))
    if marks * 40 < len(sample.strip()):
        return decoded
    meant = mojibake.repair(decoded.text)
    return Decoded(meant, decoded.encoding, repaired=True) if meant else decoded


def _require_readable(decoded: Decoded, name: str) -> Decoded:
    sample = decoded.text[:_SAMPLE]
    marks = len(mojibake.SUSPICIOUS.findall(sample))
    if marks * 20 > len(sample.strip()) + 20:
        raise refusals.garbled(name)
    return decoded
