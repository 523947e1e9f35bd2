"""Licences as people write them → SPDX ids: names, abbreviations and addresses."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

_CC_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/"
    r"(?:licenses/(?P<parts>[a-z-]+)|publicdomain/(?P<public>zero|mark))"
    r"(?:/(?P<version>\d\.\d)(?:/(?P<port>igo|[a-z]{2})(?=/|$))?)?(?:[/?#].*)?",
    re.IGNORECASE,
)
_CC_NAME: Final = re.compile(
    r"(?:(?:creative commons|cc)[ -])?"
    r"(?P<parts>(?:by|attribution)(?:[ -](?:nc|nd|sa|non-?commercial|no-?deriv(?:ative)?s|"
    r"share-?alike))*)"
    r"(?:[ -]licen[cs]e)?(?:[ -]v?(?P<version>\d(?:\.\d)?))?"
    r"(?:[ -](?P<port>igo|[a-z]{2}))?(?:[ -](?:international|unported|generic))?"
    r"(?:[ -]public)?(?:[ -]licen[cs]e)?(?: \(cc[^)]*\))?",
)
_CC0: Final = re.compile(
    r"(?:creative commons |cc )?(?:cc[ -]?0|zero)(?:[ -]v?1\.0)?(?: universal)?"
)
_WORDS: Final = (
    (re.compile(r"non-?commercial"), "nc"),
    (re.compile(r"no-?deriv(?:ative)?s"), "nd"),
    (re.compile(r"share-?alike"), "sa"),
    (re.compile(r"attribution"), "by"),
)
_ORDER: Final = ("by", "nc", "nd", "sa")
_OTHERS: Final = {
    **{
        name.casefold(): name
        for name in (
            "0BSD",
            "Apache-2.0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC-PDM-1.0",
            "CDLA-Permissive-2.0",
            "FAL-1.3",
            "GFDL-1.2",
            "GFDL-1.3",
            "GPL-2.0",
            "GPL-3.0",
            "AGPL-3.0",
            "LGPL-3.0",
            "ISC",
            "MIT",
            "MPL-2.0",
            "ODbL-1.0",
            "ODC-By-1.0",
            "OGL-UK-3.0",
            "PDDL-1.0",
            "Unlicense",
        )
    },
    "mit license": "MIT",
    "apache license 2.0": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "free art license 1.3": "FAL-1.3",
    "public domain": "CC-PDM-1.0",
    "public domain mark 1.0": "CC-PDM-1.0",
    "pdm-1.0": "CC-PDM-1.0",
    "open government licence v3.0": "OGL-UK-3.0",
}
_SPDX_ADDRESS: Final = re.compile(
    r"https?://(?:www\.)?(?:spdx\.org|opensource\.org)/licen[cs]es?/(?P<name>[\w.+-]+?)(?:\.html|/)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def normalised(said: str) -> str | None:
    """The SPDX id of a licence, without its version where none is said; None if it is no known one.

    >>> normalised("https://creativecommons.org/licenses/by-sa/3.0/igo/")
    'CC-BY-SA-3.0-IGO'
    """
    text = " ".join(said.split())
    if address := _SPDX_ADDRESS.fullmatch(text):
        text = address["name"]
    if address := _CC_ADDRESS.fullmatch(text):
        if address["public"]:
            return "CC0-1.0" if address["public"].lower() == "zero" else "CC-PDM-1.0"
        return _cc(address["parts"].lower(), address["version"], address["port"])
    text = text.casefold().replace("_", " ").replace("–", "-")
    other = _OTHERS.get(text) or _OTHERS.get(re.sub(r"-(only|or-later)$", "", text))
    if other:
        return other
    if _CC0.fullmatch(text):
        return "CC0-1.0"
    name = _CC_NAME.fullmatch(text)
    return _cc(name["parts"], name["version"], name["port"]) if name else None


def is_among(licence: str, allowed: Collection[str]) -> bool:
    """Whether an SPDX id is one of these; an entry without a version stands for all of its."""
    return any(
        licence == one or licence.startswith(tuple(f"{one}-{digit}" for digit in range(10)))
        for one in allowed
    )


def _cc(parts: str, version: str | None, port: str | None) -> str | None:
    for word, short in _WORDS:
        parts = word.sub(short, parts)
    named = set(re.split(r"[ -]", parts))
    if not named <= set(_ORDER) or "by" not in named or {"nd", "sa"} <= named:
        return None
    if version and "." not in version:
        version = f"{version}.0"
    pieces = [
        "CC",
        *(one.upper() for one in _ORDER if one in named),
        version,
        port and port.upper(),
    ]
    return "-".join(piece for piece in pieces if piece)
