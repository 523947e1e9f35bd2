"""The `serve`, `bench`, `conform` and `lti` commands."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from evaluation.encoder.commands import encoder
from evaluation.index.commands import index
from models.workers.commands import workers
from service.benchmarks import commands as benchmarks
from service.conform_commands import conform
from service.lti_commands import lti

if TYPE_CHECKING:
    from data.settings import Settings
    from service.benchmark import Seconds

bench = typer.Typer(help="Time this program on this machine.", no_args_is_help=True)
for benchmark in (
    encoder,
    index,
    benchmarks.serve,
    benchmarks.overload,
    benchmarks.start,
    benchmarks.growth,
    workers,
):
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
        str | None, typer.Option(help="Address to listen on [default: 127.0.0.1].")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on [default: 8000].")
    ] = None,
) -> None:
    """Serve the pages and the API until it is told to stop."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings: Settings = context.obj.model_copy(update=given)

    from service.security import check_host

    check_host(settings)

    from service.server import run

    run(settings)


@bench.callback()
def _bench() -> None:
    """Time this program on this machine."""


@bench.command()
def latency(
    context: typer.Context,
    queries: Annotated[int, typer.Option(min=1, help="How many resources to ask for.")] = 300,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Time suggestions over HTTP, one client, beside bare encoding and search.

    What is shown is kept in the ledger, as with any other client.
    """
    from service.benchmark import measure

    found = measure(context.obj, queries)
    percentiles = {
        "bare": _milliseconds(found.bare),
        "aligner": _milliseconds(found.aligner),
        "http": _milliseconds(found.http),
    }
    if as_json:
        told = {f"{name}_ms": figures for name, figures in percentiles.items()}
        ratio = round(found.ratio, 2)
        typer.echo(json.dumps({"queries": len(found.http), **told, "ratio": ratio}))
        return
    for name, figures in percentiles.items():
        row = "  ".join(f"{which} {value:6.1f} ms" for which, value in figures.items())
        typer.echo(f"{name:<8} {row}")
    typer.echo(f"Over HTTP the median takes {found.ratio:.2f} times encoding and search alone.")


@bench.command()
def recommend(
    resources: Annotated[int, typer.Option(min=100, help="In the made-up catalogue.")] = 100_000,
    interactions: Annotated[int, typer.Option(min=0, help="Of the learner.")] = 1000,
    rounds: Annotated[int, typer.Option(min=1, help="How often each is timed.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Time recommendations over a large catalogue, beside a vector search for candidates alone."""
    from service.learner_benchmark import measure

    found = measure(resources, interactions, rounds)
    percentiles = {
        "search": _milliseconds(found.searched),
        "recommend": _milliseconds(found.recommended),
        "update": _milliseconds(found.updated),
        "keep": _milliseconds(found.kept),
    }
    if as_json:
        told = {f"{name}_ms": figures for name, figures in percentiles.items()}
        typer.echo(json.dumps({"rounds": rounds, **told, "ratio": round(found.ratio, 2)}))
        return
    for name, figures in percentiles.items():
        row = "  ".join(f"{which} {value:6.2f} ms" for which, value in figures.items())
        typer.echo(f"{name:<10} {row}")
    typer.echo(f"The p95 of a recommendation is {found.ratio:.2f} times that of the search alone.")


def _milliseconds(seconds: "Seconds") -> dict[str, float]:
    import numpy as np

    return {
        f"p{share}": round(float(np.percentile(seconds, share)) * 1000, 2) for share in (50, 95, 99)
    }
