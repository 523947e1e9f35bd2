"""What of a workspace belongs in a backup, and what does not."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from data.errors import GatewaysError
from data.settings import SETTINGS_FILE, Settings, is_secret

DATABASE: Final = "catalogue.sqlite"
KEPT: Final = (
    # Pointers come before what they point to: a folder that is made meanwhile does no harm.
    "snapshots/current",
    "snapshots",
    "models/champion",
    "models/released",
    "registry",
    "frozen",
    "profiles",
    "evidence",
    "learner-models/champion",
    "learner-models",
    "learner.json",
)
"""Files and folders that are copied as they are."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "evidence/secret": "a key",
    "lti": "keys",
    "models": "encoders are restored from the program; what was promoted is there",
    "vectors": "made again of the texts",
    "aligning": "made again",
    "retraining": "what runs have made so far; a run that is given again begins anew",
    "jobs": "what commands printed",
    "uploads": "files that wait to be imported",
}
"""What is not, and why."""


def settings_without_keys(text: str) -> tuple[str, list[str]]:
    """A settings file without what is secret, and the names of what was left out.

    Raises GatewaysError for a file that cannot be read.
    """
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GatewaysError(f"{SETTINGS_FILE}: cannot be read: {error}") from None
    secret = [name for name, value in stated.items() if _is_secret(name, value)]
    # JSON writes texts, numbers and lists as TOML does; there is nothing else in this file.
    lines = (
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n"
        for name, value in stated.items()
        if name not in secret
    )
    return "".join(lines), secret


def _is_secret(name: str, value: Any) -> bool:
    field = Settings.model_fields.get(name)
    if field is not None and is_secret(field):
        return True
    if name != "database_url":
        return False
    try:
        return make_url(str(value)).password is not None
    except ArgumentError:
        return True  # whatever it is, it may hold one
