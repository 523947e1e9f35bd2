"""What a snapshot says of itself, and which one is current; read without loading any of it."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from data.durable import replace_text
from data.errors import GatewaysError, NotFoundError
from data.json_text import parsed
from models.backends.names import TORCH
from models.checksums import check_files
from models.text import TEXT_VERSION

if TYPE_CHECKING:
    from models.encoder import Encoder

FORMAT = 6
# 2 had one kind of index alone, 3 all vectors in half precision, 4 no pieces of words, and 5 no
# background: all are read as before.
READ = (2, 3, 4, 5, FORMAT)
REBUILD = "run `gateways index --rebuild`"

MANIFEST = "manifest.json"
CURRENT = "current"
CONFIDENCE = "confidence.json"
RANKER = "ranker.skops"

log = logging.getLogger(__name__)


class MismatchError(GatewaysError):
    """A whole snapshot whose vectors another encoder made, or from texts put together otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot was made of. `revision` is the catalogue's, `frameworks` id → fingerprint.

    One that names no `backend` was made before there was a choice, by torch; one that does not say
    which kind of `index` the resources have, before that was said.
    """

    id: str
    created: str
    encoder: str
    encoder_fingerprint: str
    dimension: int
    normalised: bool
    text_version: int
    revision: int
    frameworks: Mapping[str, str]
    outcomes: int
    resources: int
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT
    backend: str = TORCH
    index: str = ""

    @property
    def model(self) -> str:
        """The fingerprint of all that turns a text into a confidence.

        Of an encoder's folder it has the name alone: clients need not know where it lies.
        """
        name = Path(self.encoder).name
        judged = "".join(self.files.get(part, "")[:4] for part in (CONFIDENCE, RANKER))
        return f"{name}-{self.encoder_fingerprint}-{judged}"


def stamp(
    encoder: "Encoder",
    *,
    revision: int,
    frameworks: Mapping[str, str],
    outcomes: int,
    resources: int,
    index: str,
) -> Manifest:
    """The manifest of a snapshot that `encoder` makes now; publishing fills in id and files."""
    return Manifest(
        id="",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        backend=encoder.backend,
        dimension=encoder.dimension,
        normalised=True,
        text_version=TEXT_VERSION,
        revision=revision,
        frameworks=frameworks,
        outcomes=outcomes,
        resources=resources,
        index=index,
    )


def make_current(folder: Path) -> None:
    """Have a published snapshot served, in one step. Raises OSError; the one before then stays."""
    replace_text(folder.parent / CURRENT, folder.name)


def published(snapshots: Path, wanted: str | None = None) -> list[Path]:
    """Snapshot folders: the wanted one first, if it is there, the current one, then the newest."""
    pointer = snapshots / CURRENT
    name = pointer.read_text(errors="replace").strip() if pointer.is_file() else ""
    folders = [path.parent for path in snapshots.glob(f"[!.]*/{MANIFEST}")]

    def place(folder: Path) -> tuple[bool, bool, str]:
        return folder.name == wanted, folder.name == name, folder.name

    return sorted(folders, key=place, reverse=True)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of one snapshot. Raises GatewaysError if it is damaged or of another format."""
    try:
        stated = parsed((folder / MANIFEST).read_text(encoding="utf-8"))
        if stated["format"] not in READ:
            readable = ", ".join(map(str, READ))
            raise GatewaysError(
                f"{folder}: has format {stated['format']}, this version reads {readable}; {REBUILD}"
            )
        manifest = Manifest(**stated)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise GatewaysError(f"{folder}: its manifest is damaged ({error}); {REBUILD}") from None
    if manifest.id != folder.name or not manifest.id.endswith(f"-{digest(manifest)}"):
        raise GatewaysError(f"{folder}: its manifest was changed; {REBUILD}")
    return manifest


def checked_manifest(folder: Path, encoder: "Encoder") -> Manifest:
    """The manifest of a snapshot that is whole and was made by `encoder`.

    Raises MismatchError, or GatewaysError when it is damaged, with the command that mends it.
    """
    manifest = read_manifest(folder)
    made = (manifest.encoder_fingerprint, manifest.text_version)
    if made != (encoder.fingerprint, TEXT_VERSION) or not manifest.normalised:
        raise MismatchError(
            f"{folder}: made with encoder {manifest.encoder} {made[0]} on {manifest.backend} (text "
            f"version {made[1]}), but the encoder here is {encoder.name} {encoder.fingerprint} on "
            f"{encoder.backend} (text version {TEXT_VERSION}); run `gateways index`, which embeds "
            "every text anew"
        )
    check_files(folder, manifest.files, REBUILD)
    return manifest


def current_manifest(snapshots: Path) -> Manifest:
    """The manifest of the current snapshot, an earlier one's if it is damaged.

    Raises NotFoundError when nothing was published.
    """
    for folder in published(snapshots):
        try:
            return read_manifest(folder)
        except GatewaysError as error:
            log.warning("%s", error)
    raise nothing_published(snapshots)


def digest(manifest: Manifest) -> str:
    """Names all that a manifest says, its id aside."""
    stated = asdict(replace(manifest, id=""))
    if manifest.backend == TORCH:
        del stated["backend"]  # as it was named before there was a choice
    if not manifest.index:
        del stated["index"]
    said = json.dumps(stated, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def nothing_published(snapshots: Path) -> NotFoundError:
    """What is raised where there is no index, with the command that makes one."""
    return NotFoundError(f"{snapshots}: there is no index yet; run `gateways index`")
