"""Figures → a JSON file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.output_file import write_text


def write_figures(path: Path, figures: Mapping[str, Any]) -> None:
    """Write figures as JSON. Raises GatewaysError where that cannot be."""
    write_text(path, json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
