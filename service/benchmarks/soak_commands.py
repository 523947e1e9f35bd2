"""The `bench soak` command."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from service.benchmarks.soaking import Soaked


def soak(
    minutes: Annotated[float, typer.Option(min=0.05, help="How long.")] = 30,
    clients: Annotated[int, typer.Option(min=1, help="That ask at once.")] = 4,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds from look to look.")] = 5,
) -> None:
    """Load a server with all that it does, and tell whether what it holds grows, as JSON.

    Status 1 if a request failed, or memory, files or threads grow.
    """
    from service.benchmarks.soaking import soak as soaked

    told = told_of(soaked(minutes, clients, every))
    typer.echo(json.dumps(told, indent=2))
    held = (told[what]["is_flat"] for what in ("memory_mib", "files", "threads"))
    if told["failed"] or False in held:
        raise typer.Exit(1)


def told_of(found: "Soaked") -> dict[str, Any]:
    """The figures: requests and failures by kind, and how what is held goes on."""
    from service.benchmarks.steadiness import growth, is_flat

    told: dict[str, Any] = {
        "minutes": found.minutes,
        "sent": dict(found.asked.sent),
        "failed": dict(found.asked.failed),
        "published": found.published,
        "taken_back": found.taken_back,
        "samples": len(found.samples),
    }
    for name, what in (
        *(("memory_mib", "memory"), ("files", "files"), ("threads", "threads")),
        ("database_mib", "database"),
    ):
        held = [getattr(one, what) for one in found.samples]
        grown = growth(found.samples, what)
        told[name] = {
            "first": round(held[0], 1),
            "most": round(max(held), 1),
            "last": round(held[-1], 1),
            "an_hour": asdict(grown),
            "is_flat": is_flat(grown),
        }
    return told
