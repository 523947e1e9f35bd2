"""The `bench` commands that time the service."""

import json
from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.errors import GatewaysError

if TYPE_CHECKING:
    from data.settings import Settings
    from service.benchmarks.latency import Seconds
    from service.benchmarks.serving import Found

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


def serve(
    context: typer.Context,
    rows: Annotated[
        int | None,
        typer.Option(min=1, help="Make an index of so many resources up, in a home of its own."),
    ] = None,
    clients: Annotated[int, typer.Option(min=1, help="That ask at once.")] = 64,
    seconds: Annotated[float, typer.Option(min=1, help="Of load, in all.")] = 60,
    rounds: Annotated[int, typer.Option(min=1, help="Turns of the server and of bare calls.")] = 3,
    profile: Annotated[
        bool, typer.Option("--profile", help="Also tell where its time goes, by py-spy.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Load a real server with suggestions, beside bare encoding, search and ranking.

    What is shown is kept in the ledger, as with any other client: without --rows, thousands of
    suggestions in that of this home.
    """
    from service.benchmarks.serving import measure
    from service.benchmarks.workspace import make_workspace

    settings: Settings = context.obj
    if rows is not None:
        make_workspace(settings, rows)
    found = measure(settings, clients, seconds, rounds, profile=profile)
    told = _serving_json(found, clients)
    if as_json:
        typer.echo(json.dumps(told))
        return
    typer.echo(f"{found.resources:,} resources, {found.outcomes:,} outcomes, {clients} clients")
    for name in ("http", "bare"):
        row = told[name]
        typer.echo(
            f"{name:<5} {row['per_second']:8.1f}/s  p50 {row['p50_ms']:7.0f} ms  "
            f"p95 {row['p95_ms']:7.0f} ms  p99 {row['p99_ms']:7.0f} ms  failed {row['failed']}"
        )
    typer.echo(
        f"server {told['memory_mib']} MiB, {told['mapped_mib']} of them pages of files, "
        f"{told['processor_ms']} ms of processors each"
    )
    for stage, share in told["stages"].items():
        typer.echo(f"  {stage:<28} {share:6.1%}")
    typer.echo(f"Over HTTP an answer takes {told['overhead']:.2f} times the bare calls.")


def _serving_json(found: "Found", clients: int) -> dict[str, Any]:
    import numpy as np

    told: dict[str, Any] = {
        "resources": found.resources,
        "outcomes": found.outcomes,
        "clients": clients,
    }
    for name, loaded in (("http", found.http), ("bare", found.bare)):
        times = np.array(loaded.taken or [np.nan]) * 1000
        percentiles = {
            f"p{share}_ms": round(float(np.percentile(times, share)), 1) for share in (50, 95, 99)
        }
        told[name] = {
            "answers": len(loaded.taken),
            "failed": loaded.failed,
            "per_second": round(loaded.rate, 2),
            **percentiles,
        }
    each = found.processor_seconds / max(len(found.http.taken), 1)
    told |= {
        "memory_mib": found.memory.get("VmRSS"),
        "mapped_mib": found.memory.get("RssFile"),
        "processor_ms": round(1000 * each, 1),
        "stages": {
            stage: round(count / found.stages.total(), 4)
            for stage, count in found.stages.most_common()
        },
        "overhead": round(found.overhead, 3),
    }
    return told


def overload(
    context: typer.Context,
    times: Annotated[str, typer.Option(help="Multiples of the capacity, with commas.")] = "1,2,4",
    seconds: Annotated[float, typer.Option(min=1, help="Of each load.")] = 20,
    within: Annotated[float, typer.Option(min=0.1, help="Seconds that a client waits.")] = 10,
    rows: Annotated[
        int | None,
        typer.Option(min=1, help="Make an index of so many resources up, in a home of its own."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask a real server more than it can answer, at multiples of the capacity measured between.

    What is shown is kept in the ledger, as with any other client.
    """
    import numpy as np

    from service.benchmarks.overload import measure
    from service.benchmarks.workspace import make_workspace

    try:
        multiples = [float(one) for one in times.split(",")]
    except ValueError:
        raise GatewaysError(f"--times {times}: write numbers with commas") from None
    settings: Settings = context.obj
    if rows is not None:
        make_workspace(settings, rows)
    loads = measure(settings, multiples, seconds, within)
    told = [
        {
            "times": one.times,
            "per_second": round(one.rate, 2),
            "peak": round(one.peak, 2),
            "goodput": round(one.goodput, 2),
            "share": round(one.goodput / one.peak, 3) if one.peak else 0.0,
            "sent": one.sent,
            "answered": len(one.taken),
            "refused": one.refused,
            "late": one.late,
            "failed": one.failed,
            "p95_ms": round(float(np.percentile(one.taken or [np.nan], 95)) * 1000, 1),
        }
        for one in loads
    ]
    if as_json:
        typer.echo(json.dumps({"loads": told}))
        return
    for row in told:
        typer.echo("  ".join(f"{name} {value:,}" for name, value in row.items()))


def start(
    context: typer.Context,
    rounds: Annotated[int, typer.Option(min=1, help="How often each is started.")] = 5,
    as_json: Json = False,
) -> None:
    """Time the start of commands beside a bare interpreter, of the server beside its model."""
    from service.benchmarks.starting import measure

    found = measure(context.obj, rounds)
    seconds = {
        name: round(median(getattr(found, name)), 3)
        for name in ("python", "help", "status", "model", "server")
    }
    ratios = {name: round(found.over_python(name), 2) for name in ("help", "status")}
    ratios["server"] = round(found.over_model, 2)
    if as_json:
        typer.echo(json.dumps({"rounds": rounds, "seconds": seconds, "ratio": ratios}))
        return
    for name, value in seconds.items():
        beside = "the model's load" if name == "server" else "python -c pass"
        ratio = f"  {ratios[name]:.2f} times {beside}" if name in ratios else ""
        typer.echo(f"{name:<8} {value:6.2f} s{ratio}")


def growth(
    rows: Annotated[str, typer.Option(help="Numbers of resources, with commas.")] = "10000,100000",
    retrain: Annotated[
        bool, typer.Option("--retrain", help="Also train a ranker on each catalogue.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Time import, index and alignment as the catalogue grows; its vectors are made up."""
    from service.benchmarks.growing import Step, measure

    try:
        sizes = [int(size) for size in rows.split(",")]
    except ValueError:
        raise GatewaysError(f"--rows {rows}: write whole numbers with commas") from None
    steps: list[Step] = []
    for step in measure(sizes, retrain=retrain):
        steps.append(step)
        if not as_json:
            rate = step.rows / step.seconds
            typer.echo(f"{step.job:<13} {step.rows:9,} rows {step.seconds:8.1f} s {rate:9,.0f}/s")
    if as_json:
        typer.echo(json.dumps([asdict(step) for step in steps]))


def latency(
    context: typer.Context,
    queries: Annotated[int, typer.Option(min=1, help="How many resources to ask for.")] = 300,
    as_json: Json = False,
) -> None:
    """Time suggestions over HTTP, one client, beside bare encoding and search.

    What is shown is kept in the ledger, as with any other client.
    """
    from service.benchmarks.latency import measure

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


def recommend(
    resources: Annotated[int, typer.Option(min=100, help="In the made-up catalogue.")] = 100_000,
    interactions: Annotated[int, typer.Option(min=0, help="Of the learner.")] = 1000,
    rounds: Annotated[int, typer.Option(min=1, help="How often each is timed.")] = 200,
    as_json: Json = False,
) -> None:
    """Time recommendations over a large catalogue, beside a vector search for candidates alone."""
    from service.benchmarks.recommending import measure

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
