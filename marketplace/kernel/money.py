"""Money: whole fen in rows, yuan with two places at the edges."""

import unicodedata
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
_UNITS = {
    "万元": Decimal(10_000),
    "万": Decimal(10_000),
    "亿元": Decimal(100_000_000),
    "亿": Decimal(100_000_000),
    "元": Decimal(1),
}


def fen(yuan: Decimal | None) -> int | None:
    """Yuan to whole fen, half a fen rounding up."""
    return None if yuan is None else int((yuan / FEN).to_integral_value(rounding=ROUND_HALF_UP))


def yuan(amount_fen: int | None) -> Decimal | None:
    """Whole fen to yuan with two places."""
    return None if amount_fen is None else Decimal(amount_fen).scaleb(-2)


def typed(text: str) -> tuple[str, Decimal | None]:
    """Take apart an amount as people type it: the plain number, and how many yuan its unit is where one was written.

    30万, 30 万元 and ３０ are all meant alike; what is no number is given back for the caller to refuse.
    """
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("，", "").replace(" ", "")
    for unit, size in _UNITS.items():
        if plain.endswith(unit):
            return plain.removesuffix(unit), size
    return plain, None
