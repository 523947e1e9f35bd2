"""One frozen dataset ↔ one folder: a dataset folder with its rejections, `hf/`, card and manifest.

It is written aside, sealed and renamed: a kill at any point leaves it whole or not there.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from data.durable import replace_text, sync
from data.errors import GatewaysError
from data.formats.dataset_folder import DATASET_FILE, FILES
from data.formats.dataset_folder_writer import write_folder
from data.formats.rejections import FILE as REJECTIONS
from data.formats.rejections import write_rejections
from data.output_file import check_folder
from data.records import Alignment, Correspondence, Outcome, Record, Resource
from data.splits import By
from models.checksums import check_files, checksum
from models.text import TEXT_VERSION
from training.freezing.card import write_card
from training.freezing.content import Content, Counts, counts_of
from training.freezing.rows import write_rows

FORMAT: Final = 1
MANIFEST: Final = "frozen.json"
ROWS: Final = "hf"
_RECORDS: Final = (
    DATASET_FILE,
    *(FILES[kind] for kind in (Outcome, Resource, Alignment)),
    REJECTIONS,
    FILES[Correspondence],
)
_READ_ONLY: Final = 0o444


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A frozen dataset: `fingerprint` names its contents, `made` whether it was not there before.

    `counts` are those of `counts_of`.
    """

    folder: Path
    fingerprint: str
    by: By
    counts: Counts
    made: bool = False


def open_frozen(folder: Path) -> Frozen:
    """Read and verify. Raises GatewaysError when it is none, or not what was frozen any more."""
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise GatewaysError(
                f"{folder}: has format {said['format']}, this version reads {FORMAT}; freeze again"
            )
        check_files(folder, said["files"], "delete the folder and freeze again")
        return Frozen(
            folder=folder,
            fingerprint=said["fingerprint"],
            by=By(said["by"]),
            counts=said["counts"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GatewaysError(f"{folder / MANIFEST}: is no frozen dataset's ({error})") from None


def check_place(out: Path) -> None:
    """Raise GatewaysError if anything but a frozen dataset is there, or nothing can be written."""
    if out.exists() and not (out / MANIFEST).is_file() and (out.is_file() or any(out.iterdir())):
        raise GatewaysError(f"{out}: there is something already; name a new folder")
    check_folder(out)


def write_frozen(content: Content, frozen: Path, out: Path | None) -> Frozen:
    """Write to `out`, or to a folder of `frozen` that is called by the fingerprint.

    What is there already under the same fingerprint stays and comes back. Raises GatewaysError when
    another one is there, or the disk is full.
    """
    out = out and out.resolve()
    aside = (out.parent / f".{out.name}.part") if out else frozen / ".part"
    try:
        shutil.rmtree(aside, ignore_errors=True)  # of a freeze that was killed
        fingerprint = _write_records(content, aside)
        target = out or frozen / fingerprint
        if (target / MANIFEST).is_file():
            return _same(open_frozen(target), fingerprint)
        name = replace(content.dataset, name=f"frozen-{fingerprint[:8]}")
        write_folder(aside, name, {})
        write_rows(content, aside / ROWS)
        write_card(content, name, fingerprint, aside)
        _seal(aside, fingerprint, content)
        aside.replace(target)
        sync(target.parent)
    except OSError as error:
        raise GatewaysError(f"{aside}: cannot be written ({error.strerror or error})") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return replace(open_frozen(target), made=True)


def _write_records(content: Content, folder: Path) -> str:
    """Write the dataset folder and return what names it: a hash of all that it holds."""
    records: dict[type[Record], Iterable[Record]] = {
        Outcome: content.outcomes,
        Resource: content.resources,
        Alignment: content.accepted,
    }
    if content.crosswalk:
        records[Correspondence] = content.crosswalk
    write_folder(folder, content.dataset, records)
    write_rejections(folder, content.rejected)
    # What is in `hf/` follows from the records, how to split, and how texts are put together.
    digest = hashlib.sha256(f"{FORMAT} {content.plan.by} {TEXT_VERSION}".encode())
    for name in (name for name in _RECORDS if (folder / name).is_file()):
        digest.update(f"\n{name} {checksum(folder / name)}".encode())
    return digest.hexdigest()[:16]


def _seal(folder: Path, fingerprint: str, content: Content) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    said = {
        "format": FORMAT,
        "fingerprint": fingerprint,
        "by": content.plan.by,
        "counts": counts_of(content),
        "files": {path.relative_to(folder).as_posix(): checksum(path) for path in files},
    }
    replace_text(folder / MANIFEST, json.dumps(said, indent=1, ensure_ascii=False) + "\n")
    for path in (*files, folder / MANIFEST):
        path.chmod(_READ_ONLY)
        sync(path)
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync(path)


def _same(there: Frozen, fingerprint: str) -> Frozen:
    if there.fingerprint != fingerprint:
        raise GatewaysError(
            f"{there.folder}: another dataset was frozen there ({there.fingerprint}; this one is "
            f"{fingerprint}); name a new folder"
        )
    return there
