"""One released set of models ↔ one folder with a manifest; alone knows its file names.

A bundle is small: it names the encoder that it builds on, and holds what was learned beside it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from data.durable import replace_text
from data.errors import GatewaysError
from data.json_text import parsed
from models.checksums import check_files, checksum
from models.text import TEXT_VERSION

FORMAT: Final = 1
MANIFEST: Final = "bundle.json"
CARD: Final = "README.md"
ENCODER: Final = "encoder"
LOW_RANK: Final = "low_rank.safetensors"
ADAPTER: Final = "adapter.safetensors"
RANKER: Final = "ranker.skops"
CONFIDENCE: Final = "confidence.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a bundle's manifest says.

    `base` names the encoder; low-rank weights in the bundle change it. `trained_on` is the dataset,
    `frameworks` are the ids of its frameworks, as far as that is known, `figures` what was measured
    while training, `files` each file's checksum.
    """

    folder: Path
    base: str
    trained_on: str
    created: str
    recipe: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)
    frameworks: Sequence[str] = field(default_factory=list)
    text_version: int = TEXT_VERSION
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def encoder(self) -> Path | None:
        """The folder of an encoder that was trained as a whole, if there is one."""
        return self.folder / ENCODER if (self.folder / ENCODER).is_dir() else None

    @property
    def low_rank(self) -> Path | None:
        """Low-rank weights to be merged into the base, if there are some."""
        return self._there(LOW_RANK)

    @property
    def adapter(self) -> Path | None:
        """A map of the base's vectors, if there is one."""
        return self._there(ADAPTER)

    @property
    def ranker(self) -> Path | None:
        """The ranker, if there is one."""
        return self._there(RANKER)

    @property
    def confidence(self) -> Path:
        """The fitted confidence."""
        return self.folder / CONFIDENCE

    def _there(self, name: str) -> Path | None:
        return self.folder / name if name in self.files else None


def is_bundle(folder: Path) -> bool:
    """Whether a folder claims to be a bundle."""
    return (folder / MANIFEST).is_file()


def read_bundle(folder: Path) -> Bundle:
    """Read and verify a bundle.

    Raises GatewaysError that says what is wrong: damaged, of another format, or made for texts that
    are put together otherwise.
    """
    bundle = said_of(folder)
    check_files(folder, bundle.files, "copy the bundle again, or train it")
    for path in sorted((folder / ENCODER).rglob("*")):
        # A file that the manifest does not know could be taken for one that was checked.
        if path.is_file() and path.relative_to(folder).as_posix() not in bundle.files:
            raise GatewaysError(f"{path}: is not in the bundle's manifest; remove it")
    return bundle


def said_of(folder: Path) -> Bundle:
    """What a bundle says of itself; its files, which may be large, are not looked at.

    Raises what `read_bundle` does, save for a file that is damaged.
    """
    try:
        stated = parsed((folder / MANIFEST).read_text(encoding="utf-8"))
        bundle = Bundle(folder=folder, **stated)
    except (OSError, ValueError, TypeError) as error:
        raise GatewaysError(f"{folder / MANIFEST}: is no bundle's manifest ({error})") from None
    if bundle.format != FORMAT:
        raise GatewaysError(
            f"{folder}: has format {bundle.format}, this version reads {FORMAT}; train it again"
        )
    if bundle.text_version != TEXT_VERSION:
        raise GatewaysError(
            f"{folder}: was trained on texts of version {bundle.text_version}, this program makes "
            f"version {TEXT_VERSION}; train it again"
        )
    return bundle


def with_checksums(bundle: Bundle) -> Bundle:
    """The bundle with the checksums of what lies in its folder."""
    parts = [bundle.folder / name for name in (LOW_RANK, ADAPTER, RANKER, CONFIDENCE)]
    parts += (bundle.folder / ENCODER).rglob("*")
    files = {
        path.relative_to(bundle.folder).as_posix(): checksum(path)
        for path in sorted(parts)
        if path.is_file()
    }
    return replace(bundle, files=files)


def write_manifest(bundle: Bundle) -> Bundle:
    """Seal what lies in the bundle's folder with a manifest; it comes back with its checksums."""
    sealed = with_checksums(bundle)
    stated = asdict(sealed)
    del stated["folder"]
    said = json.dumps(stated, indent=1, ensure_ascii=False)
    replace_text(bundle.folder / MANIFEST, said + "\n")
    return sealed
