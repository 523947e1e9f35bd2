"""Two editions compared, kept until the catalogue or the encoder changes.

Outcomes that the index has are embedded already, so that only headings are; a large framework takes
a minute all the same, in which the page says so.
"""

from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Final
from weakref import WeakKeyDictionary

from data.catalogue import Catalogue
from data.workspace import Workspace
from models.edition.in_catalogue import Compared, compare_editions
from models.encoder import Encoder
from models.encoders.vector_cache import CachedEncoder
from service.parts import Parts

MOST: Final = 8
PATIENCE: Final = 5.0
"""Seconds that a page waits."""

_lock: Final = Lock()
_of: Final[WeakKeyDictionary[Catalogue, OrderedDict[str, Future[Compared]]]] = WeakKeyDictionary()


def compared_soon(parts: Parts, old: str, new: str) -> Compared | None:
    """What became of the outcomes, or None where it takes longer; it is then made meanwhile.

    Raises what `compare_editions` does, and NoIndexError without an encoder in use.
    """
    encoder = parts.live.serving().encoder
    cached = CachedEncoder(encoder, Workspace(parts.settings.home).vectors)
    name = repr((old, new, encoder.fingerprint, parts.catalogue.teaching_mark()))
    try:
        return _begun(parts.catalogue, name, cached, (old, new)).result(PATIENCE)
    except TimeoutError:
        return None


def _begun(
    catalogue: Catalogue, name: str, encoder: Encoder, editions: tuple[str, str]
) -> Future[Compared]:
    with _lock:
        kept = _of.setdefault(catalogue, OrderedDict())
        future = kept.get(name)
        if future is None or (future.done() and future.exception()):
            future = kept[name] = Future()
            arguments = (future, catalogue, encoder, editions)
            Thread(target=_make, args=arguments, name="editions", daemon=True).start()
        kept.move_to_end(name)
        if len(kept) > MOST:
            kept.popitem(last=False)
        return future


def _make(
    future: Future[Compared], catalogue: Catalogue, encoder: Encoder, editions: tuple[str, str]
) -> None:
    try:
        future.set_result(compare_editions(catalogue, *editions, encoder))
    except BaseException as error:  # whoever waits is told
        future.set_exception(error)
