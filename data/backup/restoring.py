"""A backup → a new workspace that serves what the one before did."""

import shutil
from pathlib import Path
from uuid import uuid4

from data.backup.contents import DATABASE
from data.backup.making import PARTIAL
from data.backup.manifest import Manifest, newest, verify
from data.catalogue.copying import copy_in, settle
from data.durable import sync
from data.errors import ConflictError, GatewaysError
from data.settings import Settings
from data.workspace import Workspace


def restore_backup(settings: Settings, place: Path) -> Manifest:
    """Verify the backup that `place` names, the newest below it, and make a workspace of it.

    The workspace appears whole or not at all; the catalogue goes into the database that the
    settings name. Raises ConflictError where either is not empty, GatewaysError.
    """
    folder, home = newest(place), settings.home
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise ConflictError(
            f"{home}: is not empty, and nothing is written over it; name a new folder with --home"
        )
    manifest = verify(folder)
    aside = home.absolute().parent / f"{PARTIAL}{home.name}-{uuid4().hex}"
    try:
        for name in manifest.files:
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, aside / name)
            sync(aside / name)
        _place_catalogue(settings, aside / DATABASE)
        for path in (aside, *aside.rglob("*")):
            if path.is_dir():
                sync(path)
        if home.exists():
            home.rmdir()
        aside.rename(home)
        sync(home.absolute().parent)
    except OSError as error:
        raise GatewaysError(f"{home}: cannot be restored ({error})") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return manifest


def _place_catalogue(settings: Settings, copy: Path) -> None:
    settle(copy)
    if settings.catalogue_url == f"sqlite:///{Workspace(settings.home).database}":
        sync(copy)
    else:
        copy_in(copy, settings.catalogue_url)
        copy.unlink()
