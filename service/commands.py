"""The `serve` command."""

from typing import Annotated

import typer

from data.settings import Settings


def register(app: typer.Typer) -> None:
    """Add this room's commands to the program."""
    app.command()(serve)


def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on [default: 127.0.0.1].")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on [default: 8000].")
    ] = None,
) -> None:
    """Serve the API and the first page until it is told to stop."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings: Settings = context.obj.model_copy(update=given)

    from service.security import check_host

    check_host(settings)

    from service.server import run

    run(settings)
