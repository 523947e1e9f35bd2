"""Opens what a command works with: the encoder, and the snapshot that is current."""

import logging
from collections.abc import Callable
from pathlib import Path

from data.errors import GatewaysError
from data.settings import Settings
from data.workspace import Workspace
from models.backends.conversion import NotConvertedError
from models.bundles.released import AUTO, SHIPPED, located
from models.encoder import Encoder
from models.encoders.loading import load_encoder
from models.encoders.wanted import wanted_encoder
from models.index import Milvus, milvus_of
from models.snapshots.manifest import (
    Manifest,
    MismatchError,
    nothing_published,
    published,
    read_manifest,
)
from models.snapshots.snapshot import Snapshot, load_snapshot
from models.workers.opening import open_workers

log = logging.getLogger(__name__)


def open_encoder(settings: Settings) -> Encoder:
    """The encoder that the settings name or, if they leave it open, the champion's.

    Where nothing was promoted it is the one that ships. Texts it has embedded before are taken from
    the workspace's cache; the others are embedded by as many workers as the settings ask for.
    """
    workspace = Workspace(settings.home)
    return load_encoder(
        wanted_encoder(settings),
        workspace.models,
        settings.threads,
        workspace.vectors,
        settings.backend,
        open_workers(settings),
    )


def open_serving(settings: Settings, wanted: str | None = None) -> tuple[Snapshot, Encoder]:
    """The current snapshot and the encoder that made it, an earlier pair if one is damaged.

    The snapshot of the id `wanted` comes first, if it is there. What serves follows what is
    published and never asks who is champion, so that an encoder only ever meets the index that it
    made. If the settings name an encoder, only its snapshot will do.
    Raises what `open_current` does.
    """
    return _first_sound(
        Workspace(settings.home).snapshots,
        lambda manifest: open_maker(settings, manifest),
        milvus_of(settings),
        wanted,
    )


def open_maker(settings: Settings, manifest: Manifest) -> Encoder:
    """The encoder that made a snapshot, unless the settings name one, on the backend that did."""
    workspace = Workspace(settings.home)
    is_open = settings.encoder in (AUTO, SHIPPED)
    name = located(manifest.encoder, workspace.models) if is_open else wanted_encoder(settings)
    try:
        return load_encoder(name, workspace.models, settings.threads, None, manifest.backend)
    except NotConvertedError as error:
        # The setting is of the next index alone; this one names its backend itself.
        raise error.with_remedy("`GATEWAYS_BACKEND=torch gateways index` does without") from None


def open_current(snapshots: Path, encoder: Encoder) -> Snapshot:
    """Load the current snapshot below `snapshots`, an earlier one if that is damaged.

    Raises NotFoundError when nothing was published, MismatchError when another encoder made the
    current one, and the first refusal when all are damaged.
    """
    return _first_sound(snapshots, lambda _: encoder)[0]


def _first_sound(
    snapshots: Path,
    maker: Callable[[Manifest], Encoder],
    milvus: Milvus | None = None,
    wanted: str | None = None,
) -> tuple[Snapshot, Encoder]:
    refusal: GatewaysError | None = None
    for folder in published(snapshots, wanted):
        try:
            encoder = maker(read_manifest(folder))
            return load_snapshot(folder, encoder, milvus), encoder
        except MismatchError as error:
            raise refusal or error from None
        except GatewaysError as error:
            log.warning("%s", error)
            refusal = refusal or error
    raise refusal or nothing_published(snapshots)
