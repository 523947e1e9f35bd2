"""The index in use: it follows the catalogue's resources, and newer snapshots."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.errors import GatewaysError, UnavailableError
from data.records import Resource
from data.settings import Settings
from data.workspace import Workspace
from models.aligner import Aligner
from models.encoder import Encoder
from models.index import milvus_of
from models.manifest import Manifest, published, read_manifest
from models.open import open_maker, open_serving
from models.snapshot import Snapshot, load_snapshot
from models.text import resource_text

log = logging.getLogger(__name__)
POLL_SECONDS = 2.0
CATCH_UP_SECONDS = 5.0
NO_INDEX = "there is no index yet; run `gateways index`"


class NoIndexError(UnavailableError):
    """Nothing can be suggested since no index is loaded; the message says what to run."""


@dataclass(slots=True)
class Serving:
    """One snapshot in use, and the state of the catalogue that it was brought up to."""

    aligner: Aligner
    encoder: Encoder
    revision: int
    frameworks: Mapping[str, str]
    retired: frozenset[str] = field(default=frozenset())

    @property
    def snapshot(self) -> Snapshot:
        """The index itself."""
        return self.aligner.snapshot


class Live:
    """Holds what is served and keeps it current. For one event loop; no work is done on it."""

    def __init__(
        self, settings: Settings, catalogue: Catalogue, announce: Callable[[Snapshot], None]
    ) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._announce = announce
        self._snapshots = Workspace(settings.home).snapshots
        self._serving: Serving | None = None
        self._newest: Path | None = None
        self._why = NO_INDEX
        self._catching_up = asyncio.Lock()

    @property
    def is_ready(self) -> bool:
        """Whether there is an index to serve."""
        return self._serving is not None

    def serving(self) -> Serving:
        """What is in use now; keep it for the whole of a request. Raises NoIndexError."""
        if self._serving is None:
            raise NoIndexError(self._why)
        return self._serving

    async def start(self) -> None:
        """Load the current snapshot, or an earlier one if that is refused."""
        self._newest = await run_sync(self._published)
        try:
            self._use(await run_sync(self._opened))
        except GatewaysError as error:
            self._why = str(error)
            log.warning("%s", error)
        await self.catch_up()

    async def follow(self) -> None:
        """Look for changes for ever."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self._look()
            except Exception:
                log.exception("the index could not be brought up to date; trying again")

    async def catch_up(self, within: float = CATCH_UP_SECONDS) -> None:
        """Take in the catalogue's changes; what takes longer is left to `follow`."""
        if self._serving is not None:
            with anyio.move_on_after(within):
                await self._bring_up(self._serving)

    async def _look(self) -> None:
        newest = await run_sync(self._published)
        if newest is not None and newest != self._newest:
            self._newest = newest
            try:
                found = await run_sync(self._loaded, newest)
            except GatewaysError as error:
                self._why = str(error)
                log.warning("%s; the index before it is still in use", error)
            else:
                await self._bring_up(found)
                self._use(found)
        elif self._serving is not None:
            await self._bring_up(self._serving)

    async def _bring_up(self, serving: Serving) -> None:
        async with self._catching_up:
            # Read before the changes, so that one made meanwhile is seen again next time.
            revision = await run_sync(self._catalogue.revision)
            if revision != serving.revision:
                changed = await run_sync(self._catalogue.resources.changed_since, serving.revision)
                size = self._settings.batch_size
                for start in range(0, len(changed), size):
                    await run_sync(_take_in, serving, changed[start : start + size])
                retired = await run_sync(self._catalogue.resources.retired_since, serving.revision)
                serving.snapshot.resources.remove(retired)
                serving.revision = revision
            await run_sync(_notice_retired, serving, self._catalogue)

    def _use(self, serving: Serving) -> None:
        self._serving = serving
        self._announce(serving.snapshot)

    def _published(self) -> Path | None:
        with suppress(FileNotFoundError):  # removed while it was listed
            return next(iter(published(self._snapshots)), None)
        return None

    def _opened(self) -> Serving:
        return _serve(*open_serving(self._settings))

    def _loaded(self, folder: Path) -> Serving:
        encoder = self._maker(read_manifest(folder))
        return _serve(load_snapshot(folder, encoder, milvus_of(self._settings)), encoder)

    def _maker(self, manifest: Manifest) -> Encoder:
        """The encoder in use if it made the snapshot; else the one that did is loaded beside it."""
        in_use = self._serving and self._serving.encoder
        if in_use and in_use.fingerprint == manifest.encoder_fingerprint:
            return in_use
        return open_maker(self._settings, manifest)


def _serve(snapshot: Snapshot, encoder: Encoder) -> Serving:
    manifest = snapshot.manifest
    encoder.encode(["The first text takes a second; no request should wait for that."])
    return Serving(
        Aligner(snapshot, encoder), encoder, manifest.revision, dict(manifest.frameworks)
    )


def _take_in(serving: Serving, resources: Sequence[Resource]) -> None:
    vectors = serving.encoder.encode([resource_text(resource) for resource in resources])
    serving.snapshot.resources.add([resource.id for resource in resources], vectors)


def _notice_retired(serving: Serving, catalogue: Catalogue) -> None:
    """Note the outcomes that the catalogue has no longer, where a framework has changed."""
    frameworks = {found.id: found.fingerprint for found in catalogue.frameworks.all()}
    if frameworks == serving.frameworks:
        return
    indexed = serving.snapshot.manifest.frameworks
    changed = {name for name, state in indexed.items() if frameworks.get(name) != state}
    live = {
        outcome.id
        for name in changed
        for outcome in catalogue.outcomes.live(name)
        if outcome.assignable
    }
    serving.retired = frozenset(
        entry.outcome.id
        for entry in serving.snapshot.entries
        if entry.outcome.framework in changed and entry.outcome.id not in live
    )
    serving.frameworks = frameworks
