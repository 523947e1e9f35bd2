"""Figures → a JSON file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.durable import replace_text
from data.errors import GatewaysError


def check_place(path: Path | None) -> None:
    """Before minutes are spent on what could not be kept. Raises GatewaysError."""
    if path and not path.parent.is_dir():
        raise GatewaysError(f"{path}: cannot be written (no such folder)")


def write_figures(path: Path, figures: Mapping[str, Any]) -> None:
    """Write figures as JSON. Raises GatewaysError where that cannot be."""
    try:
        replace_text(path, json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be written ({error.strerror})") from error
