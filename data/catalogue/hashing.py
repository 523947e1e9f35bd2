"""What is kept of a key's secret: a hash that tells it from others and gives it to nobody."""

import hashlib
import hmac
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_ARGON2: Final = "$argon2id$"


def hashed(secret: bytes) -> str:
    """The secret's Argon2id hash (RFC 9106), with its salt and parameters."""
    return _hasher().hash(secret)


def fits(kept: str, secret: bytes) -> bool:
    """Whether that is the secret of which `kept` is the hash, of whatever age."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    if not kept.startswith(_ARGON2):
        return hmac.compare_digest(kept, digest_of(secret))
    try:
        return _hasher().verify(kept, secret)
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made as none is made any more, and is to be made anew."""
    return not kept.startswith(_ARGON2) or _hasher().check_needs_rehash(kept)


def digest_of(secret: bytes) -> str:
    """SHA-256 of a secret, as 64 hex digits: what the first keys were kept as."""
    return hashlib.sha256(secret).hexdigest()


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    # The least that OWASP's cheat sheet on storing passwords has: our secrets are random, so the
    # memory is better spent on serving.
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
