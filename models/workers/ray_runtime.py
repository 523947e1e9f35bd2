"""Starts Ray on this machine, or joins a cluster, with all that is not wanted of it turned off."""

import atexit
import logging
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from data.errors import GatewaysError

LOCAL: Final = "local"

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


_running: Final = _Running()


def connect(workers: int, address: str, threads: int) -> int:
    """Be connected to Ray, until the process ends since to start takes seconds; a worker's cores.

    Raises GatewaysError when it cannot be started or reached.
    """
    alone = address == LOCAL
    cores = threads or (max(1, (os.cpu_count() or 1) // workers) if alone else 1)
    place = (address, workers * cores if alone else 0)
    if _running.place != place:
        if ":" in address:
            _check_answers(address)
        os.environ.update(ALWAYS | (ALONE if alone else {}))
        disconnect()
        _begin(*place)
    return cores


def disconnect() -> None:
    """Stop what was started, or leave the cluster."""
    import ray

    ray.shutdown()
    if _running.folder is not None:
        shutil.rmtree(_running.folder, ignore_errors=True)
    _running.place = _running.folder = None


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
    _running.folder = Path(tempfile.mkdtemp(prefix="gateways-ray-"))
    return {
        "address": LOCAL,
        "num_cpus": cores,
        "include_dashboard": False,
        "_temp_dir": str(_running.folder),
    }


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
