"""Origins, as a content security policy names them."""

import re
from typing import Final
from urllib.parse import urlsplit

# A policy is a line of its own grammar, in which a semicolon would begin another rule.
_ORIGIN: Final = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


def origin_of(url: str) -> str | None:
    """Scheme, host and port of an address of the web, None if it has none that can be named."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    return origin if _ORIGIN.fullmatch(origin) else None
