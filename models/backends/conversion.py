"""A model's folder → the same model for a faster engine, in a folder below the workspace's models.

It is written aside and renamed, so that a kill leaves none that is half; its files are verified
before they are used, and made again when they are damaged. A model that cannot be converted, or
whose vectors are then others, leaves the reason in its place, so that it is not tried again.
"""

import hashlib
import json
import logging
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self

import numpy as np

from data.durable import sync
from data.errors import GatewaysError
from data.json_text import parsed
from models.backends.kept import FOLDER, MANIFEST, lock_of, note_use, prune
from models.backends.names import ONNX, Engine
from models.checksums import check_files, checksum

if TYPE_CHECKING:
    from models.backends.torch import TorchBackend

MODEL: Final = "model.onnx"
POSITIONS: Final = "positions.npy"
FORMAT: Final = 1
"""Part of the fingerprint: raise it with every change of how a model is converted or run."""

LOWEST: Final = 0.98
"""The least cosine of a test's text to torch's vector of it. See docs/benchmarks.md."""

Pooling = Literal["mean", "cls"]

log = logging.getLogger(__name__)


class NotConvertedError(GatewaysError):
    """A model that an engine cannot compute here; the message says why, and maybe what to do.

    What else there is to do depends on who asked: whoever serves an index cannot choose.
    """

    def __init__(self, why: str, remedy: str = "") -> None:
        super().__init__(f"{why}; {remedy}" if remedy else why)
        self.why = why

    def with_remedy(self, remedy: str) -> Self:
        """The same, for one who may do that."""
        return type(self)(self.why, remedy)


class UnfitError(NotConvertedError):
    """A model that this engine cannot stand in for, wherever and whenever it is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What a conversion's manifest says.

    `lowest` and `mean` are the cosines to torch's vectors in the self-test, `seconds` what it all
    took. Where it was `refused`, for the reason given there, nothing but the manifest is kept.
    """

    folder: Path
    engine: Engine
    fingerprint: str
    tokens: int = 0
    prefix: str = ""
    pooling: Pooling = "mean"
    lowest: float = 0.0
    mean: float = 0.0
    seconds: float = 0.0
    refused: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def model(self) -> Path:
        """The layers, as an ONNX graph."""
        return self.folder / MODEL

    @property
    def models(self) -> Path:
        """The workspace's models, below which it lies."""
        return self.folder.parent.parent

    @property
    def dimension(self) -> int:
        """Length of a vector, told without loading what computes it."""
        positions = np.load(self.positions, mmap_mode="r")
        return int(positions.shape[1])

    @property
    def positions(self) -> Path:
        """What is added to the words' embeddings, by position [t, d]."""
        return self.folder / POSITIONS


def converted(
    engine: Engine, folder: Path, low_rank: Path | None, made_of: str, models: Path
) -> Conversion:
    """The model of a folder for this engine, converted unless it was before.

    `made_of` is the fingerprint of the folder with its low-rank weights. A second process waits for
    the first. Where it was made anew, those that nobody has used for long are removed. Raises
    UnfitError when the engine cannot stand in for torch, NotConvertedError when nothing can be
    written, GatewaysError when the model cannot be loaded.
    """
    said = f"{made_of} {engine} {FORMAT}"
    fingerprint = hashlib.sha256(said.encode()).hexdigest()[:16]
    place = models / FOLDER / f"{engine}-{fingerprint}"
    found = _kept(place)
    if found is None:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with lock_of(place):
                found = _kept(place) or _made(engine, fingerprint, folder, low_rank, place)
        except (OSError, MemoryError, ImportError) as error:  # what may pass is not kept
            raise NotConvertedError(
                f"{place}: the model cannot be converted ({error}); make room or mend the package "
                f"of {engine}"
            ) from error
        prune(models, time.time())
    note_use(found.folder)
    if found.refused:
        raise UnfitError(
            f"{folder}: {engine} cannot compute this model: {found.refused} (kept in {place}, "
            "which may be deleted to try again)"
        )
    return found


def _kept(place: Path) -> Conversion | None:
    """The conversion in a folder, if it is whole."""
    if not place.is_dir():
        return None
    try:
        stated = parsed((place / MANIFEST).read_text(encoding="utf-8"))
        found = Conversion(folder=place, **stated)
        check_files(place, found.files, "it is made again")
    except (OSError, ValueError, TypeError, GatewaysError) as error:
        log.warning("%s: the converted model is damaged and made again (%s)", place, error)
        return None
    return found


def _made(
    engine: Engine, fingerprint: str, folder: Path, low_rank: Path | None, place: Path
) -> Conversion:
    from models.backends.torch import TorchBackend

    log.info("%s: is converted for %s, once", folder, engine)
    started = time.perf_counter()
    aside = place.with_name(f".{place.name}.part")
    shutil.rmtree(aside, ignore_errors=True)  # of a run that was killed
    aside.mkdir()
    found = Conversion(folder=aside, engine=engine, fingerprint=fingerprint)
    original = TorchBackend(folder, low_rank)
    try:
        found = _written(found, folder, original)
        found = _tested(found, folder, original)
    except UnfitError as error:
        shutil.rmtree(aside)
        aside.mkdir()
        found = replace(found, refused=str(error), files={})
    found = replace(found, seconds=round(time.perf_counter() - started, 1))
    stated = {name: value for name, value in asdict(found).items() if name != "folder"}
    (aside / MANIFEST).write_text(json.dumps(stated, indent=1) + "\n", encoding="utf-8")
    for path in (*aside.iterdir(), aside):
        sync(path)
    shutil.rmtree(place, ignore_errors=True)  # damaged, or not there
    aside.rename(place)
    sync(place.parent)
    return replace(found, folder=place)


def _written(conversion: Conversion, folder: Path, original: "TorchBackend") -> Conversion:
    """Write graph and positions of what torch has loaded. Raises UnfitError."""
    from models.backends.bert import read_bert
    from models.backends.graph import bert_graph

    bert = read_bert(original.model, folder)
    graph = bert_graph(bert.weights, bert.shape, integers=conversion.engine == ONNX)
    conversion.model.write_bytes(graph.SerializeToString())
    np.save(conversion.positions, bert.positions)
    return replace(
        conversion,
        tokens=original.tokens,
        prefix=bert.prefix,
        pooling=bert.pooling,
        files={name: checksum(conversion.folder / name) for name in (MODEL, POSITIONS)},
    )


def _tested(conversion: Conversion, folder: Path, original: "TorchBackend") -> Conversion:
    """The conversion with its agreement. Raises UnfitError when that is too low."""
    from models.backends.self_test import agreement

    try:
        mean, lowest = agreement(conversion, folder, original)
    except (OSError, MemoryError, ImportError):
        raise
    except Exception as error:  # whatever an engine raises of what it does not know
        raise UnfitError(f"it cannot be run ({error})") from error
    if not lowest >= LOWEST:  # also where it is no number
        raise UnfitError(
            f"the vector of a test's text has a cosine of {lowest:.3f} to torch's, below {LOWEST}"
        )
    return replace(conversion, mean=round(mean, 5), lowest=round(lowest, 5))
