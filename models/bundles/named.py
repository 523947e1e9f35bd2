"""A name → its bundle: those that ship, and folders."""

from pathlib import Path
from typing import Final

from models.bundles.bundle import Bundle, is_bundle, read_bundle

MINILM: Final = "minilm"
E5: Final = "e5"
E5_OAK: Final = "e5-oak"
BUNDLES: Final = (E5_OAK, E5, MINILM)
SHIPPED: Final = Path(__file__).parents[1] / "shipped"


def bundle_named(name: str) -> Bundle | None:
    """The bundle that ships under this name, or lies in the folder of this name; else None.

    Raises GatewaysError when it is damaged.
    """
    folder = bundle_folder(name)
    return read_bundle(folder) if folder else None


def bundle_folder(name: str) -> Path | None:
    """Where that bundle lies; None if there is none."""
    folder = SHIPPED / name if name in BUNDLES else Path(name)
    return folder if name and is_bundle(folder) else None
