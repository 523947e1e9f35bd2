"""The bundles that were released to serving, and which of them is the champion.

A bundle crosses from the registry to serving as a folder of its own; the registry itself stays
behind. A pointer file beside the folders keeps every change of champion, and so the way back.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from data.durable import replace_text, sync
from data.errors import GatewaysError
from data.json_text import parsed
from models.bundles.bundle import MANIFEST, read_bundle
from models.checksums import checksum

RELEASED: Final = "released"
POINTER: Final = "champion"
SHIPPED: Final = "shipped"
CHAMPION: Final = "champion"
AUTO: Final = "auto"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What serves, or served: the registry's name for it, and its folder below `released`.

    What ships with the program is `SHIPPED` and has no folder.
    """

    version: str
    folder: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of champion: a line of the pointer's history, which only grows.

    `version` and `folder` are the champion's after it. `objections` are what the gate had against
    a promotion that was forced, `reason` why it was, or why the way back was taken.
    """

    action: Literal["promote", "rollback"]
    version: str
    folder: str | None
    time: str
    reason: str = ""
    objections: Sequence[str] = ()


FIRST: Final = Release(version=SHIPPED, folder=None)


def release(bundle: Path, models: Path, version: str) -> Release:
    """Copy a bundle to where serving reads it; the copy is verified, and whole or not there.

    Raises GatewaysError when the bundle is damaged or the copy cannot be written.
    """
    read_bundle(bundle)
    name = f"{version}-{checksum(bundle / MANIFEST)[:8]}"
    folder, aside = models / RELEASED / name, models / RELEASED / f".{name}"
    if not _is_sound(folder):
        try:
            shutil.rmtree(aside, ignore_errors=True)
            shutil.copytree(bundle, aside)
            read_bundle(aside)
            for path in [*sorted(aside.rglob("*")), aside]:
                sync(path)
            shutil.rmtree(folder, ignore_errors=True)  # damaged, or not there
            aside.rename(folder)
            sync(folder.parent)
        except OSError as error:
            shutil.rmtree(aside, ignore_errors=True)
            raise GatewaysError(f"{folder}: cannot be written ({error}); free some space") from None
    return Release(version=version, folder=name)


def encoder_name(released: Release, models: Path) -> str:
    """What a release's encoder is called in the settings: its folder's path, or `shipped`."""
    return SHIPPED if released.folder is None else str(models / RELEASED / released.folder)


def located(name: str, models: Path) -> str:
    """An encoder's name as a manifest keeps it, with a released folder's path as it is now.

    The workspace may have been moved since, or be reached from another folder.
    """
    return str(models / RELEASED / Path(name).name) if is_released(name) else name


def is_released(name: str) -> bool:
    """Whether an encoder's name is the path of a released folder, wherever the workspace was."""
    return Path(name).parent.name == RELEASED


def champion(models: Path) -> Release:
    """What is to serve. Raises GatewaysError when the pointer is damaged."""
    return champions(models)[-1]


def champions(models: Path) -> list[Release]:
    """The champion last, before it those that rolling back leads to; what ships is the first."""
    found = [FIRST]
    for change in history(models):
        if change.action == "promote":
            found.append(Release(version=change.version, folder=change.folder))
        else:
            found.pop()
    return found


def history(models: Path) -> list[Change]:
    """Every change of champion, the earliest first. Raises GatewaysError when it is damaged."""
    pointer = models / POINTER
    try:
        stated = parsed(pointer.read_text(encoding="utf-8"))
        if stated["format"] != FORMAT:
            raise GatewaysError(
                f"{pointer}: has format {stated['format']}, this version reads {FORMAT}"
            )
        return [Change(**change) for change in stated["history"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise GatewaysError(
            f"{pointer}: is damaged ({error}); put back a copy, or remove it to go "
            "back to what ships"
        ) from None


def record(models: Path, change: Change) -> None:
    """Add a change of champion to the pointer, at once and whole. Raises GatewaysError."""
    changes = [*history(models), change]
    stated = {
        "format": FORMAT,
        "champion": change.folder or SHIPPED,
        "history": [asdict(found) for found in changes],
    }
    try:
        models.mkdir(parents=True, exist_ok=True)
        replace_text(models / POINTER, json.dumps(stated, indent=1, ensure_ascii=False) + "\n")
    except OSError as error:
        raise GatewaysError(f"{models / POINTER}: cannot be written ({error.strerror})") from None


def change_to(
    made: Release,
    action: Literal["promote", "rollback"],
    reason: str = "",
    against: Sequence[str] = (),
) -> Change:
    """What is to be recorded of a change that is made now."""
    return Change(
        action=action,
        version=made.version,
        folder=made.folder,
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        reason=reason,
        objections=tuple(against),
    )


def _is_sound(folder: Path) -> bool:
    try:
        read_bundle(folder)
    except GatewaysError:
        return False
    return True
