"""Reading age files as an attacker would, without the product's library: from anywhere in raw bytes, cut short or not.

The product's door to age checks every byte before it gives one out. Whoever searches a disk has no use for that: here
the stream is taken off without looking at its tags, so that the beginning of a file is read though its end is overwritten.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BEGINS: Final = b"age-encryption.org/v1\n"
IDENTITY: Final = re.compile(rb"AGE-SECRET-KEY-1([02-9AC-HJ-NP-Z]{58})", re.IGNORECASE)
_ALPHABET: Final = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_MOST_HEADER: Final = 16_384
_CHUNK: Final = 64 * 1024
_TAG: Final = 16
_STANZA: Final = re.compile(rb"-> X25519 ([A-Za-z0-9+/]{43})\n([A-Za-z0-9+/]{43})\n")


@dataclass(frozen=True)
class AgeFile:
    """An age file that begins somewhere in raw bytes; `stanzas` are its X25519 recipients (share, wrapped file key)."""

    stanzas: tuple[tuple[bytes, bytes], ...]
    has_passphrase: bool
    header: bytes
    payload: bytes

    def file_key(self, secret: bytes) -> bytes | None:
        """The key of this file, where a 32-byte secret of X25519 is one that it was encrypted to."""
        private = X25519PrivateKey.from_private_bytes(secret)
        own = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        for share, wrapped in self.stanzas:
            try:
                shared = private.exchange(X25519PublicKey.from_public_bytes(share))
                key = _hkdf(shared, salt=share + own, info=b"age-encryption.org/v1/X25519")
                return ChaCha20Poly1305(key).decrypt(bytes(12), wrapped, None)
            except Exception:  # noqa: BLE001 - any way in which it does not open is the same
                continue
        return None

    def read(self, file_key: bytes, *, most: int = 8 * 1024 * 1024) -> bytes:
        """What the file says, taken off without checking: where its end is missing or overwritten, noise follows."""
        key = _hkdf(file_key, salt=self.payload[:16], info=b"payload")
        body, said = self.payload[16 : 16 + most], []
        for number, at in enumerate(range(0, len(body), _CHUNK + _TAG)):
            chunk = body[at : at + _CHUNK + _TAG]
            last = b"\x01" if len(chunk) < _CHUNK + _TAG else b"\x00"
            nonce = number.to_bytes(11, "big") + last
            # The block counter of the cipher stands before its nonce, and block 0 makes the key of the tag.
            said.append(
                Cipher(ChaCha20(key, (1).to_bytes(4, "little") + nonce), None).encryptor().update(chunk[:_CHUNK])
            )
            if last == b"\x00":
                other = (1).to_bytes(4, "little") + number.to_bytes(11, "big") + b"\x01"
                said.append(Cipher(ChaCha20(key, other), None).encryptor().update(chunk[:_CHUNK]))
        return b"".join(said)


def found_in(data: bytes) -> Iterator[AgeFile]:
    """Every age file that begins in some bytes, whatever lies before, between and behind."""
    at = data.find(BEGINS)
    while at >= 0:
        following = data.find(BEGINS, at + 1)
        end = data.find(b"\n--- ", at, at + _MOST_HEADER)
        line = data.find(b"\n", end + 1, end + 64) if end >= 0 else -1
        if line >= 0:
            header = data[at : end + 1]
            stanzas = tuple((_b64(one[1]), _b64(one[2])) for one in _STANZA.finditer(header))
            # An age file inside another one is found on its own after the outer one was read.
            payload = data[line + 1 : following if following > line else len(data)]
            yield AgeFile(stanzas, b"-> scrypt " in header, header, payload)
        at = following


def identities_in(data: bytes) -> set[bytes]:
    """The secrets of every age identity that stands somewhere in some bytes."""
    return {secret for one in IDENTITY.finditer(data) if (secret := _bech32(one[1].lower()))}


def secret_of(identity: str) -> bytes:
    """The 32 bytes behind an identity as age writes it."""
    (secret,) = identities_in(identity.strip().encode())
    return secret


def unlocked(files: Sequence[AgeFile], secrets: set[bytes]) -> Iterator[bytes]:
    """What every file says that any of the secrets opens."""
    for file in files:
        for secret in secrets:
            key = file.file_key(secret)
            if key is not None:
                yield file.read(key)
                break


def digest(data: bytes) -> str:
    """SHA-256 as receipts write it."""
    return hashlib.sha256(data).hexdigest()


def _hkdf(key: bytes, *, salt: bytes, info: bytes) -> bytes:
    extracted = hmac.digest(salt or bytes(32), key, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)


def _b64(text: bytes) -> bytes:
    return base64.b64decode(text + b"=")


def _bech32(text: bytes) -> bytes:
    bits = "".join(f"{_ALPHABET.index(sign):05b}" for sign in text[:-6])
    return int(bits[:256], 2).to_bytes(32, "big") if len(bits) >= 256 else b""
