"""A workspace with a made-up index of any size, as large as no encoder could make it in an hour."""

import time
from dataclasses import replace
from pathlib import Path
from socket import gethostname

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.importing.importer import import_document
from data.progress import progress_bar
from data.settings import Settings
from data.workspace import Workspace
from models.encoder import Encoder
from models.index import kind_for, kind_of, make_index, milvus_of
from models.ranking.second_stage import second_stage_for
from models.snapshots.indexing import build
from models.snapshots.manifest import published
from models.snapshots.open import open_encoder
from models.snapshots.snapshot import Snapshot, load_resources, publish
from service.benchmarks.made_up import FRAMEWORK, MadeUp


def make_workspace(settings: Settings, rows: int) -> None:
    """Publish an index of so many made-up resources, unless the home has just that.

    Outcomes are encoded; resources are in the index alone, with made-up vectors. Raises
    GatewaysError when the home is one that people work in.
    """
    snapshots, milvus = Workspace(settings.home).snapshots, milvus_of(settings)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        frameworks = {found.id for found in catalogue.frameworks.all()}
        if frameworks - {FRAMEWORK}:
            raise GatewaysError(
                f"{settings.home}: has a catalogue; name a new folder for a made-up one, as in "
                "`gateways --home FOLDER bench serve --rows N`, or leave out --rows"
            )
        if not frameworks:
            import_document(catalogue, MadeUp(0), progress=progress_bar)
        encoder = open_encoder(settings)
        folder = next(iter(published(snapshots)), None)
        if folder is None or not _is_just_that(folder, encoder, settings, rows):
            snapshot = _of_outcomes(catalogue, encoder)
            folder = publish(_with_resources(snapshot, MadeUp(rows), settings), snapshots, milvus)
        catalogue.servers.want(folder.name, host=gethostname(), now=time.time())


def _is_just_that(folder: Path, encoder: Encoder, settings: Settings, rows: int) -> bool:
    try:
        found = load_resources(folder, encoder, milvus_of(settings))
    except GatewaysError:  # it is damaged, or another encoder's
        return False
    return (len(found), kind_of(found)) == (rows, kind_for(rows, settings.index))


def _of_outcomes(catalogue: Catalogue, encoder: Encoder) -> Snapshot:
    stage = second_stage_for(encoder.name)
    with progress_bar("Embedding", MadeUp(0).outcomes) as progress:
        snapshot = build(
            catalogue.outcomes.live(),
            [],
            encoder,
            confidence=stage.confidence,
            revision=catalogue.revision(),
            frameworks={found.id: found.fingerprint for found in catalogue.frameworks.all()},
            progress=progress,
        )
    return replace(snapshot, ranker=stage.ranker)


def _with_resources(snapshot: Snapshot, made: MadeUp, settings: Settings) -> Snapshot:
    outcomes = snapshot.outcomes.rows([f"o{number}" for number in range(made.outcomes)])
    vectors = made.vectors(snapshot.outcomes.vectors(outcomes))
    ids = [f"r{number}" for number in range(made.resources)]
    return replace(
        snapshot,
        manifest=replace(snapshot.manifest, resources=made.resources),
        resources=make_index(ids, vectors, settings.index, milvus_of(settings)),
        accepted={name: [f"o{number % made.outcomes}"] for number, name in enumerate(ids)},
    )
