"""The `evaluate strangers` command."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.records import Split
from evaluation.reporting.options import JsonFile
from models.commands import Model, with_model

if TYPE_CHECKING:
    from data.settings import Settings


def strangers(
    context: typer.Context,
    dataset: Annotated[Path, typer.Option(help="Dataset folder whose outcomes are suggested.")],
    texts: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            show_default="those that ship",
            help="JSON file with groups of texts, some not taught.",
        ),
    ] = None,
    split: Annotated[Split, typer.Option(help="Whose resources are compared.")] = Split.TEST,
    model: Model = None,
    json_file: JsonFile = None,
) -> None:
    """Measure how well it is told that nothing fits: how often something is shown nevertheless.

    The texts that ship say nothing, are what people look for every day, or are titles of lessons in
    subjects that few curricula have; and, to compare, such as schools teach everywhere.
    """
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document
    from data.output_file import check_place
    from data.progress import progress_bar
    from evaluation.reporting.figures_file import write_figures
    from evaluation.strangers.protocol import TEXTS, read_texts, report

    check_place(json_file)
    settings: Settings = with_model(context.obj, model)
    groups = read_texts(texts or TEXTS)
    document = open_document(dataset, ReadOptions(max_text=settings.max_text))
    found = report(document, split, groups, settings, progress_bar)
    _show(found)
    if json_file:
        write_figures(json_file, found)


def _show(found: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        "",
        "texts",
        "shown",
        "each",
        "first",
        "area",
        title=f"{found['dataset']} · {found['model']}",
    )
    for group in found["groups"]:
        area = "–" if group["area"] is None else f"{group['area']:.3f}"
        table.add_row(
            group["name"],
            f"{group['texts']:,}",
            f"{group['shown']:.2f}",
            f"{group['shown_each']:.1f}",
            f"{group['first_confidence']:.2f}",
            area,
        )
    Console().print(table)
