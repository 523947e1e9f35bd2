"""A document that is read as one piece: its bytes, its JSON, or the one object that it is."""

import zlib
from pathlib import Path
from typing import Any

from data.errors import GatewaysError
from data.formats.lines import BOM, decode_json, fault_line, json_fault, open_bytes


def read_whole(path: Path, most: int, otherwise: str) -> bytes:
    """All bytes, unpacked. Raises GatewaysError, which says what to do `otherwise` if too many."""
    try:
        with open_bytes(path) as file:
            content = file.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise GatewaysError(f"{path}: cannot be read: {error}") from None
    if len(content) > most:
        raise GatewaysError(f"{path}: more than {most:,} bytes; {otherwise}")
    return content.removeprefix(BOM)


def read_json(path: Path, most: int, otherwise: str) -> Any:
    """The value in a JSON file. Raises GatewaysError that names the line of a fault."""
    try:
        return decode_json(read_whole(path, most, otherwise).decode())
    except (ValueError, RecursionError) as error:
        raise GatewaysError(f"{path}:{fault_line(error)}: {json_fault(error)}") from None


def read_object(path: Path, most: int, otherwise: str) -> dict[str, Any]:
    """The object in a JSON file. Raises GatewaysError."""
    value = read_json(path, most, otherwise)
    if not isinstance(value, dict):
        raise GatewaysError(f"{path}: this is not a JSON object; write it as {{…}}")
    return value
