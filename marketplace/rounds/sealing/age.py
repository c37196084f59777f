"""The one door to the age library, which has no types and panics on a few inputs.

Format: age-encryption.org/v1. Every refusal is a ValueError that holds nothing secret.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

import pyrage

# A stream that does not open is told as an OSError.
_REFUSED = (pyrage.EncryptError, pyrage.DecryptError, pyrage.RecipientError, pyrage.IdentityError, OSError)


def new_identity() -> str:
    """Make a secret X25519 identity, which begins with AGE-SECRET-KEY-1."""
    return str(pyrage.x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """Return the public recipient of an identity, which begins with age1. Raises ValueError."""
    with _refusals():
        return str(pyrage.x25519.Identity.from_str(identity).to_public())


def encrypt(plain: bytes, recipients: Sequence[str]) -> bytes:
    """Encrypt bytes so that each recipient alone can open them. Raises ValueError."""
    with _refusals():
        return bytes(pyrage.encrypt(plain, _recipients(recipients)))


def decrypt(data: bytes, identities: Sequence[str]) -> bytes:
    """Open bytes with whichever identity fits; what was altered does not open. Raises ValueError."""
    with _refusals():
        return bytes(pyrage.decrypt(data, _identities(identities)))


def encrypt_stream(source: BinaryIO, target: BinaryIO, recipients: Sequence[str]) -> None:
    """Encrypt a stream piece by piece, in little memory. Raises ValueError, also where reading failed.

    The library passes over a write that fails at the very end: the target itself has to remember its faults.
    """
    with _refusals():
        pyrage.encrypt_io(source, target, _recipients(recipients))


def decrypt_stream(source: BinaryIO, target: BinaryIO, identity: str) -> None:
    """Open a stream piece by piece; after a ValueError the target may hold a beginning, to be thrown away.

    As with `encrypt_stream`, the target has to remember its faults.
    """
    with _refusals():
        pyrage.decrypt_io(source, target, _identities([identity]))


def lock(plain: bytes, passphrase: str) -> bytes:
    """Encrypt bytes under a passphrase (scrypt): about a second and half a GiB, while the process stands still."""
    with _refusals():
        return bytes(pyrage.passphrase.encrypt(plain, passphrase))


class TooMuchWorkError(ValueError):
    """A file was locked on a machine so much faster that this one will not unlock it."""


def unlock(data: bytes, passphrase: str) -> bytes:
    """Open bytes with their passphrase, at the cost of `lock`. Raises ValueError, of which TooMuchWorkError is one."""
    with _refusals():
        return bytes(pyrage.passphrase.decrypt(data, passphrase))


def _recipients(texts: Sequence[str]) -> list[object]:
    return [pyrage.x25519.Recipient.from_str(text) for text in texts]


def _identities(texts: Sequence[str]) -> list[object]:
    return [pyrage.x25519.Identity.from_str(text) for text in texts]


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except _REFUSED as refusal:
        if str(refusal).startswith("Excessive work"):
            raise TooMuchWorkError(str(refusal)) from None
        raise ValueError(str(refusal)) from None
    except BaseException as fault:
        # A panic of the library is no Exception. A recipient that is a point of low order, which anybody can
        # write down, causes one: it is a wrong input like any other and must not end the process.
        if type(fault).__name__ != "PanicException":
            raise
        raise ValueError("the age library cannot work with this input") from None
