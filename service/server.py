"""The HTTP server around the application: where it listens, and what it says."""

import gc
import signal
import socket
import sys

import typer
from uvicorn import Config, Server

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.settings import Settings
from service.app import create_app
from service.engine.memory import hold_little

GRACE_SECONDS = 5


def run(settings: Settings) -> None:
    """Serve until a signal comes. Raises GatewaysError if that cannot begin."""
    hold_little()
    with _listening(settings.host, settings.port) as listening:
        # One that cannot be opened is told of here, in a line; the server would print a traceback.
        Catalogue.open(settings.catalogue_url).close()
        for number in (signal.SIGTERM, signal.SIGINT):
            # The server takes these over, and raises them once more when it has ended.
            signal.signal(number, lambda *_: sys.exit(0))
        port = listening.getsockname()[1]
        server = _Announcing(settings.model_copy(update={"port": port}))
        try:
            server.run(sockets=[listening])
        except OSError as error:  # another process began to listen meanwhile
            raise _cannot_listen(settings.host, settings.port, error) from None


class _Announcing(Server):
    """A server that says when it answers."""

    def __init__(self, settings: Settings) -> None:
        self._app = create_app(settings)
        self._url = _url(settings.host, settings.port)
        config = Config(
            self._app,
            log_config=None,
            log_level="warning",
            access_log=False,  # it would hold the texts that are searched for
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=[str(one) for one in settings.proxies],
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Load everything, answer requests, then say so."""
        await super().startup(sockets)
        gc.freeze()  # so that no search for garbage walks through all that was loaded
        gc.enable()
        ready = self._app.state.parts.live.is_ready
        said = (
            f"Gateways is ready on {self._url}"
            if ready
            else f"Gateways answers on {self._url} but cannot suggest yet: see {self._url}/readyz"
        )
        typer.echo(said, err=True)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        raise _cannot_listen(host, port, error) from None
    return listening


def _cannot_listen(host: str, port: int, error: OSError) -> GatewaysError:
    return GatewaysError(
        f"serve: cannot listen on {host} port {port}: {error.strerror}; stop what uses it, or "
        "choose another with --port"
    )


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
