"""Catalogue → published index: embeds what is new, writes a snapshot, makes it current."""

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.progress import progress_bar
from data.records import Outcome, Resource
from data.settings import Settings
from data.workspace import Workspace
from models.confidence import Confidence, confidence_for, read_confidence
from models.encoder import Encoder
from models.indexing import build
from models.open import open_encoder
from models.snapshot import (
    CONFIDENCE,
    Manifest,
    checked_manifest,
    publish,
    published,
    read_manifest,
)


def index_catalogue(settings: Settings, *, rebuild: bool = False) -> tuple[Manifest, bool]:
    """Publish an index of the catalogue; the manifest, and whether it had to be made.

    Killed at any point it leaves the index before it in use, and goes on from the texts that it
    had embedded. Raises GatewaysError when there is nothing to index.
    """
    snapshots = Workspace(settings.home).snapshots
    with Catalogue.open(settings.catalogue_url) as catalogue:
        revision = catalogue.revision()
        outcomes = catalogue.outcomes.live()
        if not any(outcome.assignable for outcome in outcomes):
            raise GatewaysError(
                f"{settings.home}: the catalogue has no outcome to align to; import a framework "
                "first: `gateways import PATH`"
            )
        resources = list(catalogue.resources.live())
        frameworks = {found.id: found.fingerprint for found in catalogue.frameworks.all()}
    records: list[Outcome | Resource] = [*outcomes, *resources]
    encoder = open_encoder(settings, {record.language for record in records if record.language})
    confidence = confidence_for(encoder, Workspace(settings.home).models)
    if not rebuild and (current := _current(settings, encoder, confidence, revision)) is not None:
        return current, False
    total = len(resources) + sum(outcome.assignable for outcome in outcomes)
    with progress_bar("Embedding", total) as progress:
        snapshot = build(
            outcomes,
            resources,
            encoder,
            confidence=confidence,
            revision=revision,
            frameworks=frameworks,
            progress=progress,
        )
    return read_manifest(publish(snapshot, snapshots)), True


def _current(
    settings: Settings, encoder: Encoder, confidence: Confidence, revision: int
) -> Manifest | None:
    """The current index's manifest if it is whole and nothing it was made of has changed."""
    for folder in published(Workspace(settings.home).snapshots)[:1]:
        try:
            found = checked_manifest(folder, encoder)
            same = read_confidence(folder / CONFIDENCE) == confidence
        except GatewaysError:
            return None
        return found if same and found.revision == revision else None
    return None
