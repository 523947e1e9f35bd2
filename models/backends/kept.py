"""The conversions that a workspace keeps, and which of them go."""

import json
import logging
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

FOLDER: Final = "converted"
MANIFEST: Final = "conversion.json"
LONG_SECONDS: Final = 30 * 24 * 3600.0
"""So long nobody has loaded it: it is of a model, a version or a backend that is not in use."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A conversion as its folder tells: its size in bytes, when it was last loaded (Unix seconds).

    Where it was `refused` for a reason, nothing but that is kept.
    """

    name: str
    size: int
    used: float
    refused: str


def kept_conversions(models: Path) -> list[Kept]:
    """All that lie below a workspace's models, the one last used first."""
    found = []
    for manifest in (models / FOLDER).glob(f"[!.]*/{MANIFEST}"):
        with suppress(OSError, ValueError, AttributeError):  # damaged, or removed meanwhile
            refused = json.loads(manifest.read_text(encoding="utf-8")).get("refused", "")
            size = sum(path.stat().st_size for path in manifest.parent.iterdir())
            used = manifest.stat().st_mtime
            found.append(Kept(name=manifest.parent.name, size=size, used=used, refused=refused))
    return sorted(found, key=lambda one: one.used, reverse=True)


def note_use(folder: Path) -> None:
    """Note that a conversion is in use; where it may not be written, others keep it."""
    with suppress(OSError):
        os.utime(folder / MANIFEST)


def prune(models: Path, now: float) -> None:
    """Remove those that nobody has used for long. They are made again when they are wanted."""
    for one in kept_conversions(models):
        if now - one.used > LONG_SECONDS:
            _remove(models / FOLDER / one.name)


def lock_of(folder: Path) -> FileLock:
    """What a process holds while it makes a conversion, or removes one."""
    return FileLock(folder.with_name(f".{folder.name}.lock"))


def _remove(folder: Path) -> None:
    with suppress(OSError, Timeout), lock_of(folder).acquire(blocking=False):
        if time.time() - (folder / MANIFEST).stat().st_mtime > LONG_SECONDS:  # still
            log.info("%s: was not used for long and is removed", folder)
            (folder / MANIFEST).unlink()  # first, so that no half of it counts as whole
            shutil.rmtree(folder)
