"""Files that commands write: looked at before the work, and then written whole or not at all."""

from pathlib import Path

from data.durable import replace_text
from data.errors import GatewaysError


def check_place(path: Path | None) -> None:
    """Before minutes are spent on what could not be kept. Raises GatewaysError."""
    if path and not path.parent.is_dir():
        raise GatewaysError(f"{path}: cannot be written (no such folder)")


def write_text(path: Path, text: str) -> None:
    """Write a file. Raises GatewaysError where that cannot be."""
    try:
        replace_text(path, text)
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be written ({error.strerror})") from error
