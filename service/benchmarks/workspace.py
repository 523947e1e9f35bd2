"""A workspace with a made-up index of any size, as large as no encoder could make it in an hour."""

from dataclasses import replace

from data.catalogue import Catalogue
from data.errors import GatewaysError, NotFoundError
from data.importing.importer import import_document
from data.progress import progress_bar
from data.settings import Settings
from data.workspace import Workspace
from models.index import make_index
from models.indexing import build
from models.manifest import current_manifest
from models.open import open_encoder
from models.second_stage import second_stage_for
from models.snapshot import Snapshot, publish
from service.benchmarks.made_up import FRAMEWORK, MadeUp


def make_workspace(settings: Settings, rows: int) -> None:
    """Publish an index of so many made-up resources, unless the home has just that.

    Outcomes are encoded; resources are in the index alone, with made-up vectors. Raises
    GatewaysError when the home is one that people work in.
    """
    snapshots = Workspace(settings.home).snapshots
    with Catalogue.open(settings.catalogue_url) as catalogue:
        if {found.id for found in catalogue.frameworks.all()} - {FRAMEWORK}:
            raise GatewaysError(
                f"{settings.home}: has a catalogue; name a new folder for a made-up one, as in "
                "`gateways --home FOLDER bench serve --rows N`, or leave out --rows"
            )
        try:
            if current_manifest(snapshots).resources == rows:
                return
        except NotFoundError:
            import_document(catalogue, MadeUp(0), progress=progress_bar)
        snapshot = _of_outcomes(settings, catalogue)
    publish(_with_resources(snapshot, MadeUp(rows), settings), snapshots)


def _of_outcomes(settings: Settings, catalogue: Catalogue) -> Snapshot:
    encoder = open_encoder(settings, {"en"})
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
        resources=make_index(ids, vectors, settings.index),
        accepted={name: [f"o{number % made.outcomes}"] for number, name in enumerate(ids)},
    )
