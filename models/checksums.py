"""What a manifest says of the files beside it, and whether they still are so."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from data.errors import GatewaysError


def checksum(path: Path) -> str:
    """SHA-256 of a file, as 64 hex digits."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def check_files(folder: Path, files: Mapping[str, str], remedy: str) -> None:
    """Raise GatewaysError that names the first of `files` whose checksum does not hold."""
    for name, stated in files.items():
        path = folder / name
        if not path.is_file() or checksum(path) != stated:
            state = "damaged" if path.exists() else "missing"
            raise GatewaysError(f"{folder}: {name} is {state}; {remedy}")
