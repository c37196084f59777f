"""A passkey in software: makes and uses real ES256 keys the way a browser's authenticator does."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def as_text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One key pair; `verifies` False is a device that does not check its owner."""

    host: str
    origin: str
    verifies: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def register(self, options: str) -> str:
        """Answer the options of a registration; attestation is "none"."""
        client = self._client("webauthn.create", options)
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + cbor2.dumps(cose)
        data = self._data(ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": as_text(client), "attestationObject": as_text(attestation)})

    def sign(self, options: str) -> str:
        """Answer the options of an authentication."""
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": as_text(client),
                "authenticatorData": as_text(data),
                "signature": as_text(signature),
            }
        )

    def _client(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        said = PRESENT | (VERIFIED if self.verifies else 0) | flags
        return hashlib.sha256(self.host.encode()).digest() + bytes([said]) + self.count.to_bytes(4)

    def _answer(self, response: dict[str, str]) -> str:
        name = as_text(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
