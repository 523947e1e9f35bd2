"""Which files of a model may be loaded: weights that are numbers alone, and nothing that runs.

What is pickled can run anything when it is loaded, and so can Python files beside a model; neither
is ever opened. A model may come from anywhere.
"""

from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from data.errors import GatewaysError
from data.json_text import parsed

PICKLED: Final = frozenset(
    {".bin", ".ckpt", ".dill", ".h5", ".joblib", ".pickle", ".pkl", ".pt", ".pth"}
)
SAFE: Final = ("model.safetensors", "model.safetensors.index.json")
MODULES: Final = "sentence_transformers."
"""Under which name the library's own modules are; one of any other name would be imported."""

LARGEST_PACKED: Final = 200_000_000
"""Bytes that all files in an archive may have when they are unpacked."""

MOST_PACKED: Final = 10_000
HIGHEST_RATIO: Final = 500
"""How many times a file in an archive may grow that is larger than LARGE."""

LARGE: Final = 1_000_000


def check_safe(folder: Path) -> None:
    """Raise GatewaysError where a model's folder has pickled weights alone, or code of its own.

    Raises what `modules_of` does.
    """
    modules = modules_of(folder)
    for name, _ in modules:
        if not name.startswith(MODULES):
            raise GatewaysError(
                f"{folder}: has a module {name[:100]!r}, which is no part of sentence-transformers "
                "and is not loaded; take a model without code of its own"
            )
    # What other folders hold is for other programs, and not loaded here.
    for place in {folder / path for _, path in modules if (folder / path).is_dir()}:
        pickled = next((one for one in place.iterdir() if one.suffix.lower() in PICKLED), None)
        if pickled is not None and not any((place / name).is_file() for name in SAFE):
            raise GatewaysError(
                f"{pickled}: weights in this form can run anything when they are loaded, so they "
                "are not; save the model as safetensors, or take a version of it that has them"
            )
    for config in sorted(folder.rglob("*config*.json")):
        if "auto_map" in (_object(config) or {}):
            raise GatewaysError(
                f"{config}: names code of the model's own (auto_map), which is not run; take a "
                "model without it"
            )


def check_archive(path: Path) -> None:
    """Raise GatewaysError where an archive would unpack to more than a model ever has."""
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
    except (OSError, BadZipFile):
        return  # whoever reads it says what is wrong with it
    total = sum(entry.file_size for entry in entries)
    is_steep = any(
        entry.file_size > max(LARGE, HIGHEST_RATIO * entry.compress_size) for entry in entries
    )
    if len(entries) > MOST_PACKED or total > LARGEST_PACKED or is_steep:
        raise GatewaysError(
            f"{path}: {len(entries):,} files that unpack to {total:,} bytes are no ranker's; it is "
            "not loaded"
        )


def modules_of(folder: Path) -> list[tuple[str, str]]:
    """The type and the place in the folder of each module.

    Raises OSError, ValueError, LookupError or TypeError where no list of modules can be read.
    """
    stated = parsed((folder / "modules.json").read_text(encoding="utf-8"))
    return [(module["type"], module["path"]) for module in stated]


def _object(path: Path) -> dict[str, Any] | None:
    try:
        found = parsed(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None  # whoever reads it says what is wrong with it
    return found if isinstance(found, dict) else None
