"""What is in the workspace, as plain values."""

from typing import Any

from data.catalogue import Catalogue
from data.errors import NotFoundError
from data.settings import Settings
from data.workspace import Workspace
from models.open import current_manifest, wanted_encoder
from models.released import SHIPPED, is_released, located
from models.snapshot import Manifest
from models.text import TEXT_VERSION


def workspace_status(settings: Settings) -> dict[str, Any]:
    """Counts of the catalogue, its frameworks, and the state of the index."""
    with Catalogue.open(settings.catalogue_url) as catalogue:
        revision = catalogue.revision()
        counts = catalogue.counts()
        frameworks = [
            {"id": found.id, "title": found.title, "language": found.language}
            for found in catalogue.frameworks.all()
        ]
    return {
        "home": str(settings.home),
        "catalogue": counts,
        "frameworks": frameworks,
        "index": _index(settings, revision),
    }


def _index(settings: Settings, revision: int) -> dict[str, Any] | None:
    try:
        manifest = current_manifest(Workspace(settings.home).snapshots)
    except NotFoundError:
        return None
    return {
        "id": manifest.id,
        "created": manifest.created,
        "encoder": manifest.encoder,
        "model": manifest.model,
        "outcomes": manifest.outcomes,
        "resources": manifest.resources,
        "up_to_date": manifest.revision == revision
        and manifest.text_version == TEXT_VERSION
        and _is_wanted(settings, manifest),
    }


def _is_wanted(settings: Settings, manifest: Manifest) -> bool:
    """Whether the next index would be by the same encoder, as far as names tell."""
    wanted, models = wanted_encoder(settings), Workspace(settings.home).models
    if wanted == SHIPPED:
        return not is_released(manifest.encoder)
    return located(manifest.encoder, models) == wanted
