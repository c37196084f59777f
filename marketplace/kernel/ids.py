"""Public ids: random, short, easy to read out."""

ALPHABET = "abcdefghjkmnpqrstvwxyz0123456789"
"""32 signs without i, l, o and u, which are taken for 1, 0 and v."""

LENGTH = 16
BYTES = LENGTH * 5 // 8
"""How many random bytes `encode` takes: 80 bits."""


def encode(random: bytes) -> str:
    """Write 10 random bytes as 16 signs."""
    if len(random) != BYTES:
        raise ValueError(f"an id is made of {BYTES} random bytes, not {len(random)}")
    number = int.from_bytes(random)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
