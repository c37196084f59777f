"""Money: whole fen in rows, yuan with two places at the edges."""

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


def fen(yuan: Decimal | None) -> int | None:
    """Yuan to whole fen, half a fen rounding up."""
    return None if yuan is None else int((yuan / FEN).to_integral_value(rounding=ROUND_HALF_UP))


def yuan(amount_fen: int | None) -> Decimal | None:
    """Whole fen to yuan with two places."""
    return None if amount_fen is None else Decimal(amount_fen).scaleb(-2)
