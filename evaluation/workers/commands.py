"""The `bench workers` command."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.errors import GatewaysError
from models.commands import MODEL

if TYPE_CHECKING:
    from data.settings import Settings
    from evaluation.workers.measuring import Worth


def workers(
    context: typer.Context,
    dataset: Annotated[Path, typer.Option(help="Whose resources' texts are embedded.")],
    count: Annotated[int, typer.Option("--workers", min=2, help="How many of them.")] = 2,
    texts: Annotated[int, typer.Option(min=4096, help="How many texts.")] = 8192,
    encoder: Annotated[str, typer.Option(help=f"{MODEL}.")] = "minilm",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Time embedding by several processes beside one, and say from how many texts on it pays."""
    from data.workspace import Workspace
    from evaluation.workers.measuring import measure
    from models.encoders.loading import load_encoder
    from models.encoders.vector_cache import ENCODE_SLICE
    from models.encoders.wanted import encoder_called
    from models.workers.opening import open_workers

    if texts < (least := 2 * count * ENCODE_SLICE):
        raise GatewaysError(
            f"{count} workers need {least} texts, two parts each: --texts {least} or more"
        )
    settings: Settings = context.obj.model_copy(update={"workers": count})
    spread = open_workers(settings)
    models = Workspace(settings.home).models
    name = encoder_called(encoder, settings.home)
    model = load_encoder(name, models, settings.threads, backend=settings.backend)
    found = measure(model, _texts(dataset, settings, texts), spread, count)
    if as_json:
        typer.echo(json.dumps(_told(found)))
        return
    width = max(map(len, _told(found)))
    for name, figure in _told(found).items():
        typer.echo(f"{name:<{width}}  {figure if figure is not None else 'never'}")


def _told(found: "Worth") -> dict[str, float | None]:
    return {
        "texts": found.texts,
        "one_process_texts_per_second": round(found.alone, 1),
        "workers_texts_per_second": round(found.together, 1),
        "workers_start_seconds": round(found.start, 1),
        "pays_from_texts": found.pays_from,
        "travel_texts_per_second": round(found.travel),
        "largest_difference": found.apart,
    }


def _texts(dataset: Path, settings: "Settings", count: int) -> list[str]:
    """So many texts; where the dataset has fewer they come again, numbered."""
    from data.formats.protocol import ReadOptions, Row
    from data.formats.registry import open_document
    from data.records import Resource
    from models.text import resource_text

    document = open_document(dataset, ReadOptions(max_text=settings.max_text))
    found = [resource_text(row.record) for row in document.read(Resource) if isinstance(row, Row)]
    if not found:
        raise GatewaysError(f"{dataset}: has no resource whose text could be embedded")
    return [f"{found[row % len(found)]} {row // len(found)}" for row in range(count)]
