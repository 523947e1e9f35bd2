"""The index in use: it follows the catalogue's resources, and what is to be served."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.errors import GatewaysError, NotFoundError, UnavailableError
from data.records import Resource
from data.settings import Settings
from data.workspace import Workspace
from models.alignment.aligner import Aligner
from models.encoder import Encoder
from models.index import milvus_of
from models.snapshots.manifest import Manifest, published, read_manifest
from models.snapshots.open import open_maker, open_serving
from models.snapshots.snapshot import Snapshot, load_snapshot
from models.text import resource_text
from service.engine.arrival import Arrival

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
    """Holds what is served and keeps it current. For one event loop; no work is done on it.

    The catalogue says which index is to be served, so that processes that have a workspace each
    agree on it. One whose folder is not here, or is refused, is taken when its files have changed.
    """

    def __init__(
        self, settings: Settings, catalogue: Catalogue, announce: Callable[[Snapshot], None]
    ) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._announce = announce
        self._workspace = Workspace(settings.home)
        self._serving: Serving | None = None
        self._wanted: str | None = None
        self._why = NO_INDEX
        self._arrival = Arrival()
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

    @property
    def in_use(self) -> Manifest | None:
        """What the index in use was made of."""
        return self._serving.snapshot.manifest if self._serving else None

    @property
    def behind(self) -> str | None:
        """Why the index that is to be served is not in use; None if it is."""
        return None if self.in_use and self._wanted in (None, self.in_use.id) else self._why

    async def start(self) -> None:
        """Load the snapshot that is to be served, or another one if that is refused.

        Where none can be loaded, the rest of the service answers all the same.
        """
        try:
            self._want(await run_sync(self._named))
            self._use(await run_sync(self._opened))
            await self.catch_up()
        except GatewaysError as error:
            self._why = str(error)
            log.warning("%s", error)
        except Exception as error:
            self._why = _unforeseen(error)
            log.exception(self._why)

    async def follow(self) -> None:
        """Look for changes for ever."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self._look()
            except UnavailableError as error:
                log.warning("the index could not be brought up to date; trying again: %s", error)
            except Exception:
                log.exception("the index could not be brought up to date; trying again")

    async def catch_up(self, within: float = CATCH_UP_SECONDS) -> None:
        """Take in the catalogue's changes; what takes longer is left to `follow`."""
        if self._serving is not None:
            with anyio.move_on_after(within):
                await self._bring_up(self._serving)

    async def _look(self) -> None:
        self._want(await run_sync(self._named))
        if self._wanted is not None and (self.in_use is None or self.in_use.id != self._wanted):
            await self._change_to(self._wanted)
        if self._serving is not None:
            await self._bring_up(self._serving)

    def _want(self, named: str | None) -> None:
        if named != self._wanted:
            self._wanted, self._arrival = named, Arrival()
            self._why = (
                f"index {named} is to be served and is not in use yet" if named else NO_INDEX
            )

    async def _change_to(self, wanted: str) -> None:
        folder = self._workspace.snapshots / wanted
        if not await run_sync(self._arrival.is_due, folder, self._workspace.models):
            return
        try:
            found = await run_sync(self._loaded, folder)
        except GatewaysError as error:
            if not isinstance(error, UnavailableError):
                self._arrival.refuse()
            if str(error) != self._why:
                log.warning("%s; the index before it is still in use", error)
            self._why = str(error)
        except Exception as error:
            if not _passes(error):
                self._arrival.refuse()
            self._why = _unforeseen(error)
            raise
        else:
            await self._bring_up(found)
            self._use(found)

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

    def _named(self) -> str | None:
        """The id of the index that is to be served: the catalogue's word, else the workspace's."""
        if (wanted := self._catalogue.servers.wanted()) is not None:
            return wanted.index
        with suppress(FileNotFoundError):  # removed while it was listed
            return next((folder.name for folder in published(self._workspace.snapshots)), None)
        return None

    def _opened(self) -> Serving:
        return _serve(*open_serving(self._settings, self._wanted))

    def _loaded(self, folder: Path) -> Serving:
        if not folder.is_dir():
            raise NotFoundError(
                f"{folder}: is to be served and is not here yet; copy it, and the encoder that "
                "made it, from where it was published, or run `gateways index` here"
            )
        encoder = self._maker(read_manifest(folder))
        return _serve(load_snapshot(folder, encoder, milvus_of(self._settings)), encoder)

    def _maker(self, manifest: Manifest) -> Encoder:
        """The encoder in use if it made the snapshot; else the one that did is loaded beside it."""
        in_use = self._serving and self._serving.encoder
        if in_use and in_use.fingerprint == manifest.encoder_fingerprint:
            return in_use
        return open_maker(self._settings, manifest)


def _passes(error: Exception) -> bool:
    """Whether it is the machine's: an OSError without a number is a library's, of the files."""
    if isinstance(error, OSError):
        return error.errno is not None
    return isinstance(error, MemoryError)


def _unforeseen(error: Exception) -> str:
    """What is said of files that no check refused, and that could not be read all the same."""
    return (
        f"the index could not be loaded ({type(error).__name__}); the log has the details, and "
        "`gateways index --rebuild` makes another"
    )


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
