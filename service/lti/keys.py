"""Our key pair: platforms check with it what we sign, and what we hand out is sealed with it."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from data.durable import sync
from data.errors import GatewaysError

BITS: Final = 2048
ALGORITHM: Final = "RS256"
_SEAL = b"gateways lti seal"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key, and a secret derived of it that no platform knows."""

    private: rsa.RSAPrivateKey
    seal: bytes

    @property
    def jwk(self) -> dict[str, Any]:
        """The public half as a JSON Web Key; its id is its thumbprint (RFC 7638)."""
        found = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        public = {name: found[name] for name in ("e", "kty", "n")}
        canonical = json.dumps(public, separators=(",", ":")).encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(canonical).digest())
        return {**public, "alg": ALGORITHM, "use": "sig", "kid": digest.rstrip(b"=").decode()}


class LtiKeys:
    """The key pairs in a folder that only its owner can read: the one in use and the one before."""

    def __init__(self, folder: Path) -> None:
        self._current = folder / "key.pem"
        self._before = folder / "key-before.pem"

    def current(self) -> KeyPair:
        """The one to sign with, made at its first use. Raises GatewaysError."""
        if not self._current.exists():
            aside = self._made()
            with suppress(FileExistsError):  # another process was quicker
                os.link(aside, self._current)
            aside.unlink()
        return _read(self._current, self._current.stat().st_mtime_ns)

    def all(self) -> list[KeyPair]:
        """The one in use, and the one before it, with which something may still be signed."""
        found = [self.current()]
        with suppress(FileNotFoundError):
            found.append(_read(self._before, self._before.stat().st_mtime_ns))
        return found

    def rotate(self) -> KeyPair:
        """Put a new pair in place of the one in use, which stays as the one before."""
        self.current()
        for left in self._current.parent.glob(".*"):  # by a rotation that was killed
            left.unlink()
        aside = self._made()
        before = aside.with_suffix(".before")
        os.link(self._current, before)
        before.replace(self._before)
        before.unlink(missing_ok=True)  # it stays where both names were one file
        aside.replace(self._current)
        sync(self._current.parent)
        return self.current()

    def _made(self) -> Path:
        """A new pair in a file of its own, beside where it is to be."""
        try:
            self._current.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
            pem = private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            aside = self._current.with_name(f".{secrets.token_hex(8)}")
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
            sync(aside)
        except OSError as error:
            raise GatewaysError(
                f"{self._current}: cannot be written to ({error.strerror})"
            ) from None
        return aside


@lru_cache(maxsize=8)
def _read(file: Path, _changed: int) -> KeyPair:
    """The pair in a file, read again when that was changed."""
    pem = file.read_bytes()
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except ValueError:
        private = None
    if not isinstance(private, rsa.RSAPrivateKey):
        raise GatewaysError(f"{file}: is no RSA key; move it away, and a new one is made")
    return KeyPair(private, hmac.digest(pem, _SEAL, "sha256"))
