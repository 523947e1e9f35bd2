"""Has work done by a pool of Ray Data's actors, on this machine or on a cluster."""

import logging
import pickle
import socket
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.errors import GatewaysError
from models.encoder import Progress
from models.workers.ray_runtime import Room, connect, first_line
from models.workers.spread import R, T, Work, here

FEW: Final = 8
"""Fewer parts are done here: to make up for their start two workers need 20 parts of texts, many 4.

Computed from what a worker and its start take with torch; see docs/benchmarks.md."""

AGAIN: Final = 3
"""How often a part is tried again whose worker dies; the worker itself is replaced each time."""

Rows = Mapping[str, npt.NDArray[Any]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Failure:
    machine: str
    said: str
    trace: str

    def as_error(self) -> GatewaysError:
        log.debug("%s", self.trace)
        return GatewaysError(f"a worker on {self.machine} failed: {self.said}")


@dataclass(frozen=True, slots=True)
class RayPool:
    """A Spread over `workers` processes that each have the work once, or as many as have room.

    `address` is Ray's: `local` starts it on this machine, another joins a cluster. Each worker has
    `threads` cores; with 0 they share this machine's, and on a cluster they have one each.
    """

    workers: int
    address: str
    threads: int = 0

    def __call__(
        self, work: Work[T, R], parts: Sequence[Sequence[T]], progress: Progress | None = None
    ) -> Iterator[tuple[int, R]]:
        """Yield the place of each part and what `work` made of it, as it is done.

        `work` and the parts travel pickled. Raises GatewaysError with what a worker says, or when
        the workers cannot be had or die again and again.
        """
        if len(parts) < FEW:
            yield from here(work, parts, progress)
            return
        room = connect(self.workers, self.address, self.threads)
        import ray.exceptions

        try:
            for place, made in self._done(work, parts, room):
                if isinstance(made, _Failure):
                    raise made.as_error()
                yield place, made
                if progress is not None:
                    progress(len(parts[place]))
        except ray.exceptions.RayActorError as error:
            raise GatewaysError(
                f"workers ({self.address}): a part was tried {AGAIN + 1} times, and each time its "
                "worker died, as they do when memory runs out; take fewer of them"
            ) from error
        except ray.exceptions.RayError as error:
            raise GatewaysError(f"workers ({self.address}): {first_line(error)}") from error

    def _done(
        self, work: Work[T, R], parts: Sequence[Sequence[T]], room: Room
    ) -> Iterator[tuple[int, R | _Failure]]:
        import ray.data

        # A block a part, since what a block gives comes back when the whole block is done.
        items = [{"place": place, "part": pickle.dumps(part)} for place, part in enumerate(parts)]
        given = ray.data.from_items(items, override_num_blocks=len(items))
        with warnings.catch_warnings():
            # Ray means to take `max_task_retries` away, without which a part that kills each
            # worker, as one that takes all memory does, is tried for ever.
            warnings.simplefilter("ignore")
            done = given.map_batches(
                _Worker,
                fn_constructor_args=(pickle.dumps(work),),
                batch_size=None,
                compute=ray.data.ActorPoolStrategy(size=min(room.workers, len(parts))),
                num_cpus=room.cores,
                max_task_retries=AGAIN,
            )
        for rows in done.iter_batches(batch_size=None, prefetch_batches=0):
            for place, made in zip(rows["place"].tolist(), rows["made"], strict=True):
                yield place, pickle.loads(made)  # noqa: S301 - from our own worker


class _Worker:
    """A process's copy of the work.

    What goes wrong is a result as well: raised here, it would be tried again and come back
    wrapped in Ray's own words.
    """

    def __init__(self, work: bytes) -> None:
        self._pickled = work
        self._work: Work[Any, Any] | None = None

    def __call__(self, rows: Rows) -> dict[str, npt.NDArray[Any]]:
        made = [pickle.dumps(self._made(part)) for part in rows["part"]]
        return {"place": rows["place"], "made": np.array(made, dtype=object)}

    def _made(self, part: bytes) -> Any:
        try:
            if self._work is None:
                self._work = pickle.loads(self._pickled)  # noqa: S301 - from who started us
            return self._work(pickle.loads(part), None)  # noqa: S301 - from who started us
        except Exception as error:
            expected = isinstance(error, GatewaysError)
            said = str(error) if expected else f"{type(error).__name__}: {error}"
            return _Failure(socket.gethostname(), said, traceback.format_exc())
