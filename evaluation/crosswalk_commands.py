"""The `evaluate crosswalk` command."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from evaluation.options import JsonFile


def crosswalk(
    context: typer.Context,
    dataset: Annotated[Path, typer.Option(help="Dataset folder with a crosswalk.csv.")],
    model: Annotated[
        str | None, typer.Option(help="Encoder or bundle; by default what the settings name.")
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Without what resources are aligned to.")
    ] = False,
    json_file: JsonFile = None,
) -> None:
    """Score a crosswalk that would be proposed between a dataset's frameworks against its own."""
    from data.formats.dataset_folder import DatasetFolder
    from data.formats.protocol import ReadOptions
    from data.progress import progress_bar
    from evaluation.crosswalk import report
    from evaluation.figures_file import write_figures
    from evaluation.output_file import check_place

    check_place(json_file)
    settings = context.obj.model_copy(update={"encoder": model} if model else {})
    document = DatasetFolder().open(dataset, ReadOptions(max_text=settings.max_text))
    found = report(document, settings, progress_bar, neighbours=not alone)
    _show(found)
    if json_file:
        write_figures(json_file, found)


def _show(found: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    figures = ("recall@1", "recall@5", "mrr", "mean_f2", "ece", "match_right")
    table = Table("from", "to", "outcomes", *figures, title=f"crosswalk · {found['model']}")
    for pair in found["pairs"]:
        values = (pair[name] for name in figures)
        table.add_row(
            pair["from"],
            pair["to"],
            f"{pair['outcomes']:,}",
            *("–" if value is None else f"{value:.3f}" for value in values),
        )
    Console().print(table)
