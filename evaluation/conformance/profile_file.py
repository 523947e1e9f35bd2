"""Profiles in files: those that ship, and those of others."""

import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from data.errors import GatewaysError
from evaluation.conformance.profile import Profile, told

FORMAT: Final = 1
"""The newest form of profile files that is understood."""
SHIPPED: Final = Path(__file__).parent / "profiles"
DEFAULT: Final = "content"
LONGEST: Final = 1_000_000  # bytes


def shipped() -> list[str]:
    """The names of the profiles that ship with the program."""
    return sorted(file.stem for file in SHIPPED.glob("*.toml"))


def open_profile(name: str) -> Profile:
    """The profile that ships under that name, or else is in that file. Raises GatewaysError."""
    return read_profile(SHIPPED / f"{name}.toml" if name in shipped() else Path(name))


def read_profile(path: Path) -> Profile:
    """The profile in a file. Raises GatewaysError that says what is wrong with it."""
    try:
        with path.open("rb") as file:
            held = file.read(LONGEST + 1)
    except OSError as error:
        raise GatewaysError(
            f"{path}: cannot be read ({error.strerror}); the profiles that ship are "
            f"{', '.join(shipped())}"
        ) from None
    if len(held) > LONGEST:
        raise GatewaysError(f"{path}: longer than {LONGEST:,} bytes, so it is no profile")
    try:
        return parse_profile(held.decode("utf-8"))
    except (GatewaysError, UnicodeDecodeError) as error:
        raise GatewaysError(f"{path}: {error}") from None


def parse_profile(text: str) -> Profile:
    """The profile that a TOML text states. Raises GatewaysError."""
    try:
        stated = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise GatewaysError(f"not TOML: {error}") from None
    _check_format(stated)
    try:
        return Profile.model_validate(stated)
    except ValidationError as error:
        raise GatewaysError(told(error)) from None


def _check_format(stated: dict[str, Any]) -> None:
    form = stated.get("format")
    if isinstance(form, int) and form > FORMAT:
        raise GatewaysError(
            f"a profile of format {form}; this program reads format {FORMAT}, so update it"
        )
    if form != FORMAT or isinstance(form, bool):
        raise GatewaysError(f"not a profile: it needs `format = {FORMAT}` at its top")
