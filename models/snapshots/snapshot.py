"""One published, immutable index ↔ one folder with a manifest; alone knows its file names.

A snapshot is written aside, synced, and renamed; `current` then names it. A kill at any point
leaves either the earlier snapshot or the new one, never half of one.
"""

import json
import logging
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from data.durable import sync
from data.errors import GatewaysError, UnavailableError
from data.records import Outcome
from models.checksums import checksum
from models.encoder import Encoder
from models.entry import Entry
from models.index import Milvus, VectorIndex, drop_collections, load_index
from models.lexical import LexicalIndex, load_lexical
from models.ranking.accepted import accepted_bytes, read_accepted
from models.ranking.background import NO_BACKGROUND, Background, read_background
from models.ranking.centroids import NOWHERE, Centroids, read_centroids
from models.ranking.confidence import Confidence, read_confidence
from models.ranking.ranker import Ranker, read_ranker
from models.snapshots.manifest import (
    CONFIDENCE,
    MANIFEST,
    RANKER,
    Manifest,
    checked_manifest,
    digest,
    make_current,
    published,
)

log = logging.getLogger(__name__)

KEPT = 2

PARTIAL = ".partial-"
ENTRIES = "outcomes.jsonl"
OUTCOMES = "outcomes.faiss"
RESOURCES = "resources.faiss"
RESOURCE_IDS = "resources.json"
ACCEPTED = "accepted.json"
LEXICAL = "lexical"
CENTROIDS = "centroids.json"
BACKGROUND = "background.npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """An index in memory: outcomes by meaning and by words, resources by meaning.

    `accepted` holds, for a resource's id, the ids of the outcomes that it was accepted for, and
    `centroids` where resources usually lie; `background` is what else texts are about. Without a
    `ranker` candidates keep the order that fusion gives them.
    """

    manifest: Manifest
    entries: Sequence[Entry]
    outcomes: VectorIndex
    lexical: LexicalIndex
    resources: VectorIndex
    confidence: Confidence
    background: Background
    centroids: Centroids = NOWHERE
    accepted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ranker: Ranker | None = None


def publish(
    snapshot: Snapshot,
    snapshots: Path,
    milvus: Milvus | None = None,
    in_use: Callable[[], Collection[str]] = tuple,
) -> Path:
    """Write `snapshot` below `snapshots`, make it the current one and drop all but the last two.

    Those whose ids are `in_use`, asked for once the new one is there, stay. What the others have in
    `milvus` is dropped with them. Raises GatewaysError when it cannot be written; what was current
    then stays so.
    """
    try:
        snapshots.mkdir(parents=True, exist_ok=True)
        _remove_partial(snapshots, milvus)
        folder = _written(snapshot, _aside(snapshots))
        make_current(folder)
    except OSError as error:
        _remove_partial(snapshots, milvus)
        raise GatewaysError(
            f"{snapshots}: the index could not be written ({error}); free some space and run "
            "`gateways index` again. The index before it is still in use"
        ) from error
    kept = in_use()
    for old in published(snapshots)[KEPT:]:
        if old.name not in kept:
            _retire(old, milvus)
    return folder


def load_snapshot(folder: Path, encoder: Encoder, milvus: Milvus | None = None) -> Snapshot:
    """Read a snapshot after checking its stamp against `encoder` and its files' checksums.

    Raises MismatchError, or GatewaysError when it is damaged, with the command that mends it.
    """
    manifest = checked_manifest(folder, encoder)
    with (folder / ENTRIES).open(encoding="utf-8", newline="\n") as lines:
        entries = [_entry(json.loads(line)) for line in lines]
    return Snapshot(
        manifest=manifest,
        entries=entries,
        outcomes=load_index(folder / OUTCOMES, [entry.outcome.id for entry in entries]),
        lexical=load_lexical(folder / LEXICAL, len(entries)),
        resources=_resources(folder, milvus),
        confidence=read_confidence(folder / CONFIDENCE),
        accepted=read_accepted(folder / ACCEPTED),
        centroids=_centroids(folder, manifest),
        background=_background(folder, manifest),
        ranker=read_ranker(folder / RANKER) if RANKER in manifest.files else None,
    )


def load_resources(folder: Path, encoder: Encoder, milvus: Milvus | None = None) -> VectorIndex:
    """Read the index of resources alone. Checks and raises as `load_snapshot` does."""
    checked_manifest(folder, encoder)
    return _resources(folder, milvus)


def _written(snapshot: Snapshot, aside: Path) -> Path:
    aside.mkdir()
    lines = (json.dumps(asdict(entry), ensure_ascii=False) for entry in snapshot.entries)
    (aside / ENTRIES).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    snapshot.outcomes.save(aside / OUTCOMES)
    snapshot.lexical.save(aside / LEXICAL)
    ids = snapshot.resources.save(aside / RESOURCES)
    (aside / RESOURCE_IDS).write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
    (aside / ACCEPTED).write_bytes(accepted_bytes(snapshot.accepted))
    snapshot.confidence.write(aside / CONFIDENCE)
    snapshot.centroids.write(aside / CENTROIDS)
    snapshot.background.write(aside / BACKGROUND)
    if snapshot.ranker is not None:
        (aside / RANKER).write_bytes(snapshot.ranker.packed)
    files = {str(path.relative_to(aside)): checksum(path) for path in _files(aside)}
    manifest = replace(snapshot.manifest, files=files)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{digest(manifest)}"
    stated = asdict(replace(manifest, id=name))
    (aside / MANIFEST).write_text(json.dumps(stated, indent=1), encoding="utf-8")
    for path in [*_files(aside), aside]:
        sync(path)
    folder = aside.rename(aside.parent / name)
    sync(folder.parent)
    return folder


def _resources(folder: Path, milvus: Milvus | None) -> VectorIndex:
    ids = json.loads((folder / RESOURCE_IDS).read_text(encoding="utf-8"))
    return load_index(folder / RESOURCES, ids, milvus)


def _centroids(folder: Path, manifest: Manifest) -> Centroids:
    """None are in what earlier versions wrote."""
    return read_centroids(folder / CENTROIDS) if CENTROIDS in manifest.files else NOWHERE


def _background(folder: Path, manifest: Manifest) -> Background:
    """None is in what earlier versions wrote, nor a confidence that looks at it."""
    if BACKGROUND not in manifest.files:
        return NO_BACKGROUND
    return read_background(folder / BACKGROUND)


def _entry(row: Mapping[str, Any]) -> Entry:
    levels = tuple(row["outcome"]["levels"])
    outcome = Outcome(**{**row["outcome"], "levels": levels})
    return Entry(outcome, tuple(row["path"]), tuple(row["levels"]))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _aside(snapshots: Path) -> Path:
    """A folder that is not listed. Its name is new: in containers, processes share their number."""
    return snapshots / f"{PARTIAL}{uuid4().hex}"


def _retire(folder: Path, milvus: Milvus | None) -> None:
    """Remove one that is published. Out of the list first: what a kill leaves is swept away."""
    try:
        aside = folder.rename(_aside(folder.parent))
    except OSError as error:
        log.warning("%s could not be removed (%s); the next index removes it", folder, error)
    else:
        _remove(aside, milvus)


def _remove_partial(snapshots: Path, milvus: Milvus | None) -> None:
    for path in snapshots.glob(f"{PARTIAL}*"):
        _remove(path, milvus)


def _remove(folder: Path, milvus: Milvus | None) -> None:
    try:
        drop_collections(folder, milvus)
    except UnavailableError as error:
        log.warning("%s; the next index removes %s", error, folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
