"""A draw of experts as a record that anybody replays: the list, the committed seed, the words, the result.

The order is that of SHA-256(mixed, line feed, id), smallest first, where mixed is SHA-256(seed, line feed, words).
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from marketplace.experts.rules import drawing
from marketplace.experts.rules.drawing import Drawn, Wanted

FORMAT: Final = "jiebang-draw-1"


def mixed(seed: bytes, words: str) -> bytes:
    """The seed that orders a draw: SHA-256 over the committed seed, a line feed, and the words spoken at the draw."""
    return hashlib.sha256(seed + b"\n" + words.encode()).digest()


def as_record(
    *,
    round_id: str,
    number: int,
    track: str,
    eligible: Mapping[str, Sequence[str]],
    wanted: Sequence[Wanted],
    list_digest: str,
    commitment: str,
    seed: str,
    words: str,
    drawn: Sequence[Drawn],
) -> dict[str, Any]:
    """A draw as JSON; seed, words and result are empty until it is made."""
    return {
        "format": FORMAT,
        "round": round_id,
        "number": number,
        "track": track,
        "eligible": {expert: list(fields) for expert, fields in eligible.items()},
        "wanted": [{"field": one.speciality, "experts": one.experts, "reserves": one.reserves} for one in wanted],
        "list_digest": list_digest,
        "commitment": commitment,
        "seed": seed,
        "words": words,
        "drawn": [
            {"field": one.speciality, "experts": list(one.experts), "reserves": list(one.reserves)} for one in drawn
        ],
    }


def faults(record: Mapping[str, Any]) -> tuple[str, ...]:
    """What a record of a draw that was made says otherwise than its own list, seed and words do; nothing: it is right.

    ValueError where it is no record of a draw, or the draw was not made.
    """
    try:
        if record["format"] != FORMAT:
            raise ValueError(f"not a {FORMAT} record")
        seed, words = bytes.fromhex(record["seed"]), str(record["words"])
        if not seed:
            raise ValueError("the draw was not made")
        eligible = {str(expert): [str(one) for one in fields] for expert, fields in record["eligible"].items()}
        wanted = [Wanted(str(one["field"]), int(one["experts"]), int(one["reserves"])) for one in record["wanted"]]
        stated = [Drawn(str(one["field"]), tuple(one["experts"]), tuple(one["reserves"])) for one in record["drawn"]]
        sums = str(record["list_digest"]), str(record["commitment"])
    except (AttributeError, KeyError, TypeError) as fault:
        raise ValueError(f"the record is not whole: {fault}") from fault
    found = []
    if drawing.list_digest(eligible) != sums[0]:
        found.append("名单的校验值与名单不符。")
    if drawing.commitment(seed) != sums[1]:
        found.append("公布的种子与事先承诺的不符。")
    if list(drawing.draw(mixed(seed, words), eligible, wanted)) != stated:
        found.append("按名单、种子和现场输入重新抽取，结果与记录不符。")
    return tuple(found)
