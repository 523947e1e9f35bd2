"""A workspace that is in use → a folder that holds all of it that cannot be made again."""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from data.backup import manifest
from data.backup.contents import DATABASE, KEPT, LEFT_OUT, settings_without_keys
from data.backup.manifest import Manifest, backups, checksum
from data.catalogue import Catalogue
from data.catalogue.copying import check_copy
from data.catalogue.schema import HEAD
from data.durable import sync
from data.errors import GatewaysError
from data.progress import progress_bar
from data.settings import SETTINGS_FILE, Settings

PARTIAL: Final = ".partial-"
_BLOCK: Final = 2**20
_SQLITE: Final = b"SQLite format 3\0"
_BESIDE_SQLITE: Final = ("-wal", "-shm", "-journal")


def make_backup(settings: Settings, place: Path, keep: int | None = None) -> Path:
    """Write a backup below `place`, verify it, and then drop all but the newest `keep`.

    It is whole or not there; those before it stay until it is. Raises GatewaysError.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        for left in place.glob(f"{PARTIAL}*"):  # of one that was killed
            shutil.rmtree(left)
        aside = place / f"{PARTIAL}{uuid4().hex}"
        aside.mkdir()
        try:
            folder = _written(settings, aside)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        for old in backups(place)[keep:] if keep else []:
            # Out of the list first: what a kill leaves is swept away.
            shutil.rmtree(old.rename(place / f"{PARTIAL}{uuid4().hex}"))
    except OSError as error:
        raise GatewaysError(f"{place}: the backup could not be written ({error})") from error
    return folder


def _written(settings: Settings, aside: Path) -> Path:
    created = datetime.now(UTC)
    # First, so that what it names is copied after it was named.
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.copy_to(aside / DATABASE)
    sync(aside / DATABASE)
    files = {DATABASE: checksum(aside / DATABASE)}
    left_out = [name for name in LEFT_OUT if "key" in LEFT_OUT[name]]
    own = settings.home / SETTINGS_FILE
    if own.is_file():
        text, secret = settings_without_keys(own.read_text(encoding="utf-8"))
        (aside / SETTINGS_FILE).write_text(text, encoding="utf-8")
        sync(aside / SETTINGS_FILE)
        files[SETTINGS_FILE] = checksum(aside / SETTINGS_FILE)
        left_out += secret
    found = list(_found(settings.home))
    with progress_bar("Copying", len(found)) as progress:
        for name in found:
            try:
                files[name] = _copied(settings.home / name, aside / name)
            except FileNotFoundError:  # an index that another one has taken the place of
                (aside / name).unlink(missing_ok=True)
            progress(1)
    said = Manifest(
        created=created.isoformat(timespec="seconds"),
        schema=HEAD,
        rows=check_copy(aside / DATABASE),
        files=files,
        left_out=left_out,
    )
    manifest.write(aside, said)
    for folder in (path for path in aside.rglob("*") if path.is_dir()):
        sync(folder)
    # The database is not looked at again page by page: it is still the file that was.
    manifest.verify_files(aside, manifest.read(aside))
    folder = aside.rename(aside.parent / f"{created:%Y%m%dT%H%M%S%fZ}")
    sync(folder.parent)
    return folder


def _found(home: Path) -> Iterator[str]:
    """The files to copy, each once, in their order."""
    seen: set[str] = set()
    for kept in KEPT:
        top = home / kept
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            name = path.relative_to(home).as_posix()
            hidden = any(part.startswith(".") for part in path.relative_to(home).parts)
            beside = path.name.endswith(_BESIDE_SQLITE) or name in LEFT_OUT
            if path.is_file() and not (hidden or beside or name in seen):
                seen.add(name)
                yield name


def _copied(source: Path, target: Path) -> str:
    """Copy a file onto the disk; the SHA-256 of what was read, or of a database's copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as read:
        is_database = read.read(len(_SQLITE)) == _SQLITE
        read.seek(0)
        if not is_database:
            digest = hashlib.sha256()
            with target.open("wb") as written:
                while block := read.read(_BLOCK):
                    digest.update(block)
                    written.write(block)
    if is_database:
        _copy_database(source, target)
    sync(target)
    return checksum(target) if is_database else digest.hexdigest()


def _copy_database(source: Path, target: Path) -> None:
    """One state of a SQLite file that others may be writing to. Raises GatewaysError."""
    try:
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
            read.backup(written)
            written.execute("PRAGMA journal_mode = DELETE")
    # The second quotes a damaged schema, the third is of one with a length that no memory has.
    except (sqlite3.Error, UnicodeDecodeError, MemoryError) as error:
        why = str(error) or "there is not the memory that it takes"
        raise GatewaysError(f"{source}: cannot be copied ({why})") from error
