"""JSON of our own files and of other programs, which anybody may have changed."""

import json
from typing import Any


def parsed(text: str | bytes) -> Any:
    """What it says. Raises ValueError for what is no JSON, or is nested without end."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
