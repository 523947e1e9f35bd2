"""The datasets that were frozen in a workspace, as their manifests tell."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MANIFEST: Final = "frozen.json"
CARD: Final = "README.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A dataset of decisions: `fingerprint` names its contents, `splits` counts them by split."""

    fingerprint: str
    by: str
    made: float
    splits: Mapping[str, Mapping[str, int]]
    left_out: Mapping[str, int]
    card: str


def frozen(folder: Path) -> list[Freeze]:
    """Every dataset of that folder, the newest first; what is no dataset is passed over."""
    found = [freeze for path in folder.glob(f"*/{MANIFEST}") if (freeze := _read(path))]
    return sorted(found, key=lambda freeze: freeze.made, reverse=True)


def _read(manifest: Path) -> Freeze | None:
    try:
        said: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        return Freeze(
            fingerprint=said["fingerprint"],
            by=said["by"],
            made=manifest.stat().st_mtime,
            splits=said["counts"]["splits"],
            left_out=said["counts"]["left_out"],
            card=_body((manifest.parent / CARD).read_text(encoding="utf-8")),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _body(card: str) -> str:
    """A card without the lines for programs at its head."""
    parts = card.split("---\n", 2)
    return parts[2] if len(parts) == 3 and not parts[0] else card
