"""What a provider says of a person → who they are here, by the groups that they are in."""

import time
from collections.abc import Mapping
from typing import Any, Final

from data.catalogue.keys import Role
from data.pseudonyms import pseudonym_of_subject
from data.settings import Settings
from service.access.keyring import Holder
from service.access.sessions import PROVIDER

HOURS: Final = 12
"""After which the provider is asked again, so that whoever left a group does not stay for long."""

LONGEST_NAME: Final = 60


def holder_of(claims: Mapping[str, Any], settings: Settings) -> Holder | None:
    """Who that is here, None for whoever is in no group that has a role."""
    said = claims.get(settings.oidc_groups)
    groups = said if isinstance(said, list) else [said]
    given = [settings.oidc_roles[one] for one in groups if one in settings.oidc_roles]
    if not given:
        return None
    role, platform = max(map(_parted, given), key=_breadth)
    return Holder(
        name=_name(claims, settings),
        role=role,
        platform=platform,
        learner=_learner(claims, settings) if role is Role.LEARNER else None,
        source=PROVIDER + (settings.oidc_issuer or ""),
        ends=time.time() + HOURS * 3600,
    )


def _parted(given: str) -> tuple[Role, str | None]:
    role, _, platform = given.partition(":")
    return Role(role), platform or None


def _breadth(given: tuple[Role, str | None]) -> tuple[int, bool]:
    """What is more: a higher role, and the same one for all platforms."""
    role, platform = given
    return list(Role).index(role), platform is None


def _name(claims: Mapping[str, Any], settings: Settings) -> str:
    """What the person is called, as it is in the trail of what they do; else the subject."""
    name = claims.get(settings.oidc_name)
    is_good = isinstance(name, str) and name.strip() and name.isprintable()
    return str(name if is_good else claims["sub"]).strip()[:LONGEST_NAME]


def _learner(claims: Mapping[str, Any], settings: Settings) -> str | None:
    """The pseudonym of a person who learns, as a launch over LTI from the same issuer makes it.

    Without a key for pseudonyms there is none, since the subject may be what others know them by.
    """
    if settings.learner_key is None:
        return None
    return pseudonym_of_subject(claims["iss"], claims["sub"], settings.learner_key)
