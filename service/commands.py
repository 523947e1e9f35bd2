"""The `serve`, `bench`, `conform` and `lti` commands."""

import gc
from typing import TYPE_CHECKING, Annotated

import typer

from evaluation.encoder.commands import encoder
from evaluation.index.commands import index
from evaluation.workers.commands import workers
from service.benchmarks import commands as benchmarks
from service.benchmarks.soak_commands import soak
from service.conform_commands import conform
from service.lti.commands import lti

if TYPE_CHECKING:
    from data.settings import Settings

bench = typer.Typer(help="Time this program on this machine.", no_args_is_help=True)
served = (benchmarks.serve, benchmarks.overload, benchmarks.start, benchmarks.growth)
asked = (benchmarks.latency, benchmarks.recommend)
for benchmark in (encoder, index, *served, workers, *asked, soak):
    bench.command()(benchmark)


def register(app: typer.Typer) -> None:
    """Add this room's commands to the program."""
    app.command()(serve)
    app.add_typer(bench, name="bench")
    app.add_typer(conform, name="conform")
    app.add_typer(lti, name="lti")


def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(show_default="127.0.0.1", help="Address to listen on.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, show_default="8000", help="Port to listen on.")
    ] = None,
) -> None:
    """Serve the pages and the API until it is told to stop."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings: Settings = context.obj.model_copy(update=given)

    from service.access.security import check_host

    check_host(settings)
    # What is loaded stays: to look for what does not would be a tenth of the start. See `server`.
    gc.disable()

    from service.server import run

    run(settings)


@bench.callback()
def _bench() -> None:
    """Time this program on this machine."""
