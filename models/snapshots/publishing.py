"""Catalogue → published index: embeds what is new, writes a snapshot, makes it current."""

import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from socket import gethostname

from data.catalogue import Catalogue
from data.errors import GatewaysError, NotFoundError
from data.progress import progress_bar
from data.records import Relation
from data.settings import Settings
from data.workspace import Workspace
from models.bundles.bundle import Bundle
from models.encoder import Encoder
from models.index import Milvus, VectorIndex, kind_for, kind_in, milvus_of, named
from models.ranking.accepted import accepted_bytes
from models.ranking.confidence import read_confidence
from models.ranking.second_stage import judging_bundle, of_bundle
from models.snapshots.indexing import build
from models.snapshots.manifest import (
    CONFIDENCE,
    RANKER,
    Manifest,
    checked_manifest,
    current_manifest,
    make_current,
    published,
    read_manifest,
)
from models.snapshots.open import open_encoder
from models.snapshots.snapshot import ACCEPTED, RESOURCES, load_resources, publish

log = logging.getLogger(__name__)


def index_catalogue(settings: Settings, *, rebuild: bool = False) -> tuple[Manifest, bool]:
    """Publish an index of the catalogue; the manifest, and whether it had to be made.

    Killed at any point it leaves the index before it in use, and goes on from the texts that it
    had embedded. Raises GatewaysError when there is nothing to index, ConflictError while another
    machine publishes one.
    """
    with Catalogue.open(settings.catalogue_url) as catalogue, catalogue.alone("index"):
        manifest, made = _indexed(settings, catalogue, rebuild=rebuild)
        # Last, when the folder is there: it is what every process is told to serve.
        catalogue.servers.want(manifest.id, host=gethostname(), now=time.time())
    return manifest, made


def _indexed(settings: Settings, catalogue: Catalogue, *, rebuild: bool) -> tuple[Manifest, bool]:
    snapshots = Workspace(settings.home).snapshots
    milvus = milvus_of(settings)
    # Before what they stand for: an import that comes in between is noticed afterwards.
    revision = catalogue.revision()
    frameworks = {found.id: found.fingerprint for found in catalogue.frameworks.all()}
    outcomes = catalogue.outcomes.live()
    if not any(outcome.assignable for outcome in outcomes):
        raise GatewaysError(
            f"{settings.home}: the catalogue has no outcome to align to; import a framework "
            "first: `gateways import PATH`"
        )
    resources = list(catalogue.resources.live())
    accepted = _accepted(catalogue)
    encoder = open_encoder(settings)
    bundle = judging_bundle(encoder.name)
    kept = None if rebuild else _kept(settings, encoder, bundle, revision, accepted)
    if kept is not None:
        return kept, False
    _tell_of_another_backend(snapshots, encoder)
    stage = of_bundle(bundle)
    total = len(resources) + sum(outcome.assignable for outcome in outcomes)
    with progress_bar("Embedding", total) as progress:
        snapshot = build(
            outcomes,
            resources,
            encoder,
            confidence=stage.confidence,
            kind=settings.index,
            milvus=named(milvus) if settings.index == "milvus" else None,
            before=None if rebuild else _resources_before(snapshots, encoder, milvus),
            revision=revision,
            frameworks=frameworks,
            progress=progress,
        )
    snapshot = replace(snapshot, ranker=stage.ranker, accepted=accepted)
    folder = publish(
        snapshot, snapshots, milvus, lambda: catalogue.servers.indexes_in_use(time.time())
    )
    return read_manifest(folder), True


def _tell_of_another_backend(snapshots: Path, encoder: Encoder) -> None:
    with suppress(NotFoundError):
        current = current_manifest(snapshots)
        if current.encoder == encoder.name and current.backend != encoder.backend:
            log.info(
                "%s computes the vectors from now on, not %s: every text is embedded anew; "
                "GATEWAYS_BACKEND=%s keeps what there is",
                encoder.backend,
                current.backend,
                current.backend,
            )


def _kept(
    settings: Settings,
    encoder: Encoder,
    bundle: Bundle,
    revision: int,
    accepted: Mapping[str, Sequence[str]],
) -> Manifest | None:
    """The manifest of an index that is whole and nothing of which has changed, made current.

    One that is no longer current is what a rollback returns to, without embedding anything.
    """
    for place, folder in enumerate(published(Workspace(settings.home).snapshots)):
        try:
            found = checked_manifest(folder, encoder)
            same = read_confidence(folder / CONFIDENCE) == read_confidence(bundle.confidence)
            same &= _bytes(folder / RANKER) == (_bytes(bundle.ranker) if bundle.ranker else b"")
            same &= _bytes(folder / ACCEPTED) == accepted_bytes(accepted)
            same &= kind_in(folder / RESOURCES) == kind_for(found.resources, settings.index)
        except GatewaysError:
            continue
        if same and found.revision == revision:
            if place > 0:
                make_current(folder)
            return found
    return None


def _resources_before(
    snapshots: Path, encoder: Encoder, milvus: Milvus | None
) -> VectorIndex | None:
    """The newest index of resources that is whole and that this encoder made."""
    for folder in published(snapshots):
        with suppress(GatewaysError):
            return load_resources(folder, encoder, milvus)
    return None


def _accepted(catalogue: Catalogue) -> dict[str, list[str]]:
    """The outcomes that each resource teaches or assesses, as sources and curators say."""
    accepted: defaultdict[str, list[str]] = defaultdict(list)
    for alignment in catalogue.alignments.live():
        if alignment.relation != Relation.REQUIRES:
            accepted[alignment.resource].append(alignment.outcome)
    return dict(accepted)


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
