"""What a backup says of itself: each file's checksum, and how many rows the database has."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from data.backup.contents import DATABASE
from data.catalogue.copying import check_copy
from data.durable import replace_text
from data.errors import GatewaysError, NotFoundError
from data.json_text import parsed

FORMAT: Final = 1
FILE: Final = "backup.json"
REMEDY: Final = "take another backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`files` are paths with `/` → SHA-256; `left_out` are settings and files that are secret."""

    created: str
    schema: str
    rows: Mapping[str, int]
    files: Mapping[str, str]
    left_out: Sequence[str]
    format: int = FORMAT
    digest: str = ""

    @property
    def seal(self) -> str:
        """Names all that is said, the digest aside."""
        said = json.dumps(asdict(replace(self, digest="")), sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def write(folder: Path, manifest: Manifest) -> None:
    """Seal a backup. Raises OSError."""
    stated = asdict(replace(manifest, digest=manifest.seal))
    replace_text(folder / FILE, json.dumps(stated, indent=1, ensure_ascii=False) + "\n")


def verify(folder: Path) -> Manifest:
    """Read every byte of a backup. Raises GatewaysError that names what is damaged or missing."""
    manifest = read(folder)
    verify_files(folder, manifest)
    if check_copy(folder / DATABASE) != manifest.rows:
        raise GatewaysError(f"{folder / DATABASE}: has other rows than were copied; {REMEDY}")
    return manifest


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Read every file that a manifest names. Raises GatewaysError for one that is not as it was."""
    for name, stated in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise GatewaysError(f"{path}: is missing; {REMEDY}")
        if checksum(path) != stated:
            raise GatewaysError(f"{path}: is damaged; {REMEDY}")


def read(folder: Path) -> Manifest:
    """What a backup says of itself. Raises GatewaysError if that was changed."""
    try:
        manifest = Manifest(**parsed((folder / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise GatewaysError(f"{folder / FILE}: is no backup's manifest ({error})") from None
    paths = [PurePosixPath(name) for name in manifest.files]
    strays = any(path.is_absolute() or ".." in path.parts for path in paths)
    if manifest.format != FORMAT or manifest.digest != manifest.seal or strays:
        raise GatewaysError(f"{folder / FILE}: was changed, or is of another version; {REMEDY}")
    return manifest


def checksum(path: Path) -> str:
    """SHA-256 of a file as it is on the disk, not of what was kept in memory of it."""
    with path.open("rb") as content:
        if hasattr(os, "posix_fadvise"):  # not on macOS
            os.posix_fadvise(content.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return hashlib.file_digest(content, "sha256").hexdigest()


def backups(place: Path) -> list[Path]:
    """The backups below a folder, the newest first."""
    return sorted((found.parent for found in place.glob(f"[!.]*/{FILE}")), reverse=True)


def newest(place: Path) -> Path:
    """The backup that a path names: itself, or the newest below it. Raises NotFoundError."""
    if (place / FILE).is_file():
        return place
    for folder in backups(place):
        return folder
    raise NotFoundError(f"{place}: there is no backup; `gateways backup {place}` makes one")
