"""Opens what a command works with: the encoder, and the snapshot that is current."""

import logging
from collections.abc import Collection
from pathlib import Path

from data.errors import GatewaysError, NotFoundError
from data.settings import Settings
from data.workspace import Workspace
from models.encoder import Encoder
from models.encoders import encoder_for, load_encoder
from models.snapshot import (
    Manifest,
    MismatchError,
    Snapshot,
    load_snapshot,
    published,
    read_manifest,
)
from models.vector_cache import CachedEncoder

log = logging.getLogger(__name__)


def open_encoder(settings: Settings, languages: Collection[str]) -> CachedEncoder:
    """The encoder that the settings name or, if they leave it open, one that knows `languages`.

    Texts it has embedded before are taken from the workspace's cache.
    """
    workspace = Workspace(settings.home)
    name = encoder_for(languages) if settings.encoder == "auto" else settings.encoder
    encoder = load_encoder(name, workspace.models, settings.threads)
    return CachedEncoder(encoder, workspace.vectors)


def open_index_encoder(settings: Settings) -> Encoder:
    """The encoder that the current snapshot was made with, unless the settings name one."""
    workspace = Workspace(settings.home)
    name = settings.encoder
    if name == "auto":
        name = current_manifest(workspace.snapshots).encoder
    return load_encoder(name, workspace.models, settings.threads)


def open_current(snapshots: Path, encoder: Encoder) -> Snapshot:
    """Load the current snapshot below `snapshots`, an earlier one if that is damaged.

    Raises NotFoundError when nothing was published, MismatchError when another encoder made the
    current one, and the first refusal when all are damaged.
    """
    refusal: GatewaysError | None = None
    for folder in published(snapshots):
        try:
            return load_snapshot(folder, encoder)
        except MismatchError as error:
            raise refusal or error from None
        except GatewaysError as error:
            log.warning("%s", error)
            refusal = refusal or error
    raise refusal or _nothing_published(snapshots)


def current_manifest(snapshots: Path) -> Manifest:
    """The manifest of the current snapshot, an earlier one's if it is damaged.

    Raises NotFoundError when nothing was published.
    """
    for folder in published(snapshots):
        try:
            return read_manifest(folder)
        except GatewaysError as error:
            log.warning("%s", error)
    raise _nothing_published(snapshots)


def _nothing_published(snapshots: Path) -> NotFoundError:
    return NotFoundError(f"{snapshots}: there is no index yet; run `gateways index`")
