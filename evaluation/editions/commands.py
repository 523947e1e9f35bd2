"""The `evaluate editions` command."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from evaluation.reporting.options import JsonFile
from models.commands import Model, with_model


def editions(
    context: typer.Context,
    dataset: Annotated[list[Path], typer.Option(help="Dataset folder; may be given again.")],
    seeds: Annotated[int, typer.Option(min=1, help="How many editions of each framework.")] = 3,
    first: Annotated[int, typer.Option(min=0, help="The seed of the first edition.")] = 100,
    model: Model = None,
    fit: Annotated[
        bool, typer.Option("--fit", help="Print what the comparison's numbers ought to be instead.")
    ] = False,
    json_file: JsonFile = None,
) -> None:
    """Edit frameworks as a new edition would, and score what is told to have become of outcomes."""
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document
    from data.output_file import check_place
    from data.progress import progress_bar
    from evaluation.editions.fitting import fitted
    from evaluation.editions.protocol import report
    from evaluation.reporting.figures_file import write_figures

    check_place(json_file)
    settings = with_model(context.obj, model)
    options = ReadOptions(max_text=settings.max_text)
    documents = [open_document(one, options) for one in dataset]
    drawn = range(first, first + seeds)
    if fit:
        typer.echo(json.dumps(fitted(documents, settings, progress_bar, seeds=drawn), indent=1))
        return
    found = [report(one, settings, progress_bar, seeds=drawn) for one in documents]
    for one in found:
        _show(one)
    if json_file:
        write_figures(json_file, {"datasets": found})


def _show(found: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    columns = ("there", "told", "precision", "recall", "sure", "sure_precision", "sure_recall")
    for name, one in found["frameworks"].items():
        title = f"{name} · {one['outcomes']:,} outcomes · {found['model']}"
        table = Table("became", *columns, title=title)
        for kind, figures in {**one["kinds"], "carried over": one["links"]}.items():
            table.add_row(kind, *(_told(figures[column]) for column in columns))
        Console().print(table)


def _told(figure: float | int | None) -> str:
    if figure is None:
        return "–"
    return f"{figure:,}" if isinstance(figure, int) else f"{figure:.3f}"
