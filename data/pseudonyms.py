"""Learners' pseudonyms: how they are made, and what must not be kept as one."""

import hmac

from pydantic import SecretStr

from data.formats.fields import ID_LIMIT

_LENGTH = 32  # hexadecimal digits, so 128 bits


def pseudonym(learner: str, key: SecretStr | None) -> str:
    """The id under which a learner is kept: a keyed hash, or without a key the id itself.

    What looks like a pseudonym is hashed like any other id, since nobody can tell who made it.
    """
    if key is None:
        return learner
    secret, message = key.get_secret_value().encode(), learner.encode("utf-8", "surrogatepass")
    return f"p-{hmac.digest(secret, message, 'sha256').hex()[:_LENGTH]}"


def pseudonym_of_subject(issuer: str, subject: str, key: SecretStr) -> str:
    """The pseudonym of whom an issuer of tokens calls `subject`: the same, however they come in."""
    return pseudonym(f"{issuer} {subject}", key)


def objection(learner: str) -> str | None:
    """Why this is not kept as a learner's id, or None. It is not repeated, as it may be a name."""
    if not learner:
        return "learner is missing"
    if len(learner) > ID_LIMIT:
        return f"learner has {len(learner):,} characters; an id may have {ID_LIMIT}"
    if "@" in learner or any(map(str.isspace, learner)):
        return (
            "learner looks like a name or an address, with a space or an @ in it; "
            "give a pseudonym, or set GATEWAYS_LEARNER_KEY, which makes one of it"
        )
    return None
