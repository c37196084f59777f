"""What a check of the database found wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken invariant: a stable `code`, a Chinese `message`, and the `subject` it concerns ("item/abc")."""

    code: str
    message: str
    subject: str
