"""What is in the workspace, as plain values."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from data.catalogue import Catalogue
from data.errors import GatewaysError, NotFoundError
from data.records import Framework
from data.settings import Settings
from data.workspace import Workspace
from models.backends.kept import kept_conversions
from models.backends.names import AUTO
from models.bundles.bundle import Bundle, said_of
from models.bundles.named import bundle_folder
from models.bundles.released import located
from models.encoders.wanted import wanted_encoder
from models.index_kind import kind_for
from models.snapshots.manifest import FORMAT, Manifest, current_manifest
from models.snapshots.newer_editions import Newer, NewerEdition, beyond, learned_from
from models.text import TEXT_VERSION


def workspace_status(settings: Settings) -> dict[str, Any]:
    """Counts of the catalogue, its frameworks, the state of index and model, and what is kept."""
    with Catalogue.open(settings.catalogue_url) as catalogue:
        return {
            "home": str(settings.home),
            "converted": [asdict(one) for one in kept_conversions(Workspace(settings.home).models)],
            **status_of(settings, catalogue),
        }


def status_of(settings: Settings, catalogue: Catalogue) -> dict[str, Any]:
    """The same, without what only whoever has the workspace needs to know."""
    newer = catalogue.editions.newer()
    frameworks = catalogue.frameworks.all()
    manifest = _manifest(settings)
    return {
        "catalogue": catalogue.counts(),
        "frameworks": [
            {
                "id": found.id,
                "title": found.title,
                "language": found.language,
                "newer_editions": list(newer.get(found.id, ())),
            }
            for found in frameworks
        ],
        "index": _index(settings, manifest, catalogue.revision(), newer) if manifest else None,
        "model": _model(settings, manifest, frameworks, newer) if manifest else None,
        **_served(catalogue, time.time()),
    }


def _served(catalogue: Catalogue, now: float) -> dict[str, Any]:
    """Which index every process is to serve, and what each says that it serves."""
    wanted = catalogue.servers.wanted()
    return {
        "wanted_index": wanted and asdict(wanted),
        "servers": [
            {**asdict(server), "state": str(server.state(wanted, now))}
            for server in catalogue.servers.all(now)
        ],
    }


def newer_than_model(settings: Settings, catalogue: Catalogue) -> list[NewerEdition]:
    """Newer editions of what the model in use learned from; none where there is no index."""
    manifest = _manifest(settings)
    if manifest is None:
        return []
    bundle = _bundle(settings, manifest)
    learned = learned_from(bundle, catalogue.frameworks.all()) if bundle else set()
    return beyond(learned, catalogue.editions.newer())


def _manifest(settings: Settings) -> Manifest | None:
    try:
        return current_manifest(Workspace(settings.home).snapshots)
    except NotFoundError:
        return None


def _bundle(settings: Settings, manifest: Manifest) -> Bundle | None:
    """The bundle that the index was made with, if its encoder is one's."""
    folder = bundle_folder(located(manifest.encoder, Workspace(settings.home).models))
    with suppress(GatewaysError):  # whoever serves it is told
        return said_of(folder) if folder else None
    return None


def _model(
    settings: Settings, manifest: Manifest, frameworks: Sequence[Framework], newer: Newer
) -> dict[str, Any] | None:
    bundle = _bundle(settings, manifest)
    if bundle is None:
        return None
    learned = learned_from(bundle, frameworks)
    return {
        "bundle": bundle.folder.name,
        "trained_on": bundle.trained_on,
        "newer_editions": [asdict(one) for one in beyond(learned, newer)],
    }


def _index(settings: Settings, manifest: Manifest, revision: int, newer: Newer) -> dict[str, Any]:
    return {
        "id": manifest.id,
        "created": manifest.created,
        "encoder": manifest.encoder,
        "backend": manifest.backend,
        "model": manifest.model,
        "outcomes": manifest.outcomes,
        "resources": manifest.resources,
        "newer_editions": [asdict(one) for one in beyond(manifest.frameworks, newer)],
        "up_to_date": manifest.revision == revision
        and manifest.text_version == TEXT_VERSION
        and manifest.format == FORMAT
        and _is_wanted(settings, manifest),
    }


def _is_wanted(settings: Settings, manifest: Manifest) -> bool:
    """Whether the next index would be of the same kind and by the same model."""
    kind = kind_for(manifest.resources, settings.index)
    if manifest.index not in ("", kind):
        return False
    if settings.backend not in (AUTO, manifest.backend):
        return False
    made = located(manifest.encoder, Workspace(settings.home).models)
    with suppress(NotFoundError):  # the next `gateways index` tells what there is
        wanted = wanted_encoder(settings)
        return made == wanted or _are_the_same(made, wanted)
    return False


def _are_the_same(*names: str) -> bool:
    """Whether encoders' names are of bundles that hold the same: a copy needs no other index."""
    folders = [folder for name in names if (folder := bundle_folder(name))]
    with suppress(GatewaysError):
        held = [(bundle.base, bundle.files) for bundle in map(said_of, folders)]
        return len(held) == len(names) and all(one == held[0] for one in held)
    return False
