"""Starts Ray on this machine, or joins a cluster, with all that is not wanted of it turned off."""

import atexit
import logging
import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from data.errors import GatewaysError

LOCAL: Final = "local"

PREFIX: Final = "gateways-ray-"
OWNER: Final = "owner.lock"
YOUNG_SECONDS: Final = 60.0
"""A folder as young as this may be about to be locked by who made it."""

ALWAYS: Final = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
ALONE: Final = {
    # By its name this is for other systems; here as well it keeps all that listens to 127.0.0.1.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
}

log = logging.getLogger(__name__)

QUIET: Final = {"log_to_driver": False, "logging_level": "ERROR"}


@dataclass(slots=True)
class _Running:
    """What is connected in this process; there can be one."""

    place: tuple[str, int] | None = None
    folder: Path | None = None
    lock: FileLock | None = None


_running: Final = _Running()


@dataclass(frozen=True, slots=True)
class Room:
    """How many workers there are, and how many cores each has."""

    workers: int
    cores: int


def connect(workers: int, address: str, threads: int) -> Room:
    """Be connected to Ray, until the process ends since to start takes seconds.

    Where there are fewer cores than the workers would take there are fewer workers, which is said.
    Raises GatewaysError when it cannot be started or reached, or has no room for a single one.
    """
    alone = address == LOCAL
    here = os.cpu_count() or 1
    if alone and workers > here:
        log.warning(
            "workers: %d where %d were asked for, since so many cores are here", here, workers
        )
        workers = here
    cores = threads or (max(1, here // workers) if alone else 1)
    place = (address, workers * cores if alone else 0)
    if _running.place != place:
        if ":" in address:
            _check_answers(address)
        os.environ.update(ALWAYS | (ALONE if alone else {}))
        disconnect()
        _begin(*place)
        _tell_of_others(cores)
    return room_for(workers, cores)


def room_for(workers: int, cores: int) -> Room:
    """What of so many workers the machines that are connected have room for.

    Ray would wait for ever for a machine that is large enough, or for more of them. Those whose
    cores others are using are waited for. Raises GatewaysError when no machine has as many cores.
    """
    import ray

    there = [int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"]]
    room = sum(count // cores for count in there)
    if not room:
        raise GatewaysError(
            f"workers: a worker asks for {cores} cores, and the largest machine of Ray's has "
            f"{max(there, default=0)}; set GATEWAYS_THREADS to as many or fewer"
        )
    if room < workers:
        log.warning(
            "workers: %d where %d were asked for, since Ray's machines have no more cores",
            room,
            workers,
        )
    return Room(min(workers, room), cores)


def _tell_of_others(cores: int) -> None:
    """Say that there will be a wait where others have all cores of the cluster that was joined."""
    import ray

    if ray.available_resources().get("CPU", 0) < cores <= ray.cluster_resources().get("CPU", 0):
        log.warning("workers: others are using all of Ray's cores; waiting for them")


def disconnect() -> None:
    """Stop what was started, or leave the cluster."""
    import ray

    ray.shutdown()
    if _running.folder is not None:
        shutil.rmtree(_running.folder, ignore_errors=True)
    if _running.lock is not None:
        _running.lock.release()
    _running.place = _running.folder = _running.lock = None


def _begin(address: str, cores: int) -> None:
    import ray._private.worker
    import ray.data

    atexit.register(disconnect)
    try:
        with _unheard():
            ray.init(**(_here(cores) if address == LOCAL else {"address": address}), **QUIET)
    except (ray.exceptions.RayError, OSError, RuntimeError, ValueError) as error:
        raise GatewaysError(
            f"workers: Ray at {address} cannot be joined ({first_line(error)}); see docs/scale.md"
        ) from error
    _running.place = (address, cores)
    logging.getLogger("ray.data").setLevel("CRITICAL")  # what it says it raises as well
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    # It would go to standard output, among what a command prints.
    ray._private.worker.print_to_stdstream = _log


def _check_answers(address: str) -> None:
    """Raise GatewaysError when nobody listens at `HOST:PORT`: Ray would try for minutes."""
    host, port = address.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except (OSError, OverflowError) as error:
        raise GatewaysError(
            f"workers: Ray at {address} does not answer ({error}); see docs/scale.md"
        ) from None


def _here(cores: int) -> dict[str, Any]:
    """What starts Ray on this machine, for whoever knows a secret that was drawn for it."""
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    sweep()
    _running.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    _running.lock = FileLock(_running.folder / OWNER)
    _running.lock.acquire()
    return {
        "address": LOCAL,
        "num_cpus": cores,
        "include_dashboard": False,
        "_temp_dir": str(_running.folder),
    }


def sweep() -> None:
    """Remove what processes that were killed have left among the temporary files.

    The lock in a folder is the operating system's, so it goes with the process that made it.
    """
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{OWNER}"):
        try:
            if time.time() - lock.stat().st_mtime > YOUNG_SECONDS:
                with FileLock(lock, blocking=False):
                    shutil.rmtree(lock.parent, ignore_errors=True)
        except (OSError, Timeout):  # it is another's, or is gone already
            continue


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep from standard error what the engine says of itself; its errors are raised as well."""
    kept = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _log(told: Mapping[str, Any], **_: object) -> None:
    """Log the first sentence of what Ray tells of its processes, such as that one died."""
    for line in told["lines"]:
        log.warning("workers: %s", line.partition(". ")[0])


def first_line(error: Exception) -> str:
    """What an error says first; Ray's go on for paragraphs."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
