"""The `evaluate crosswalk` and `evaluate transfer` commands."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from evaluation.reporting.options import JsonFile
from models.commands import MODEL, Model, with_model

if TYPE_CHECKING:
    from rich.table import Table

# By headings that a terminal of 80 columns has room for.
_FIGURES: Final = {
    "R@1": "recall@1",
    "R@5": "recall@5",
    "MRR": "mrr",
    "F2": "mean_f2",
    "ECE": "ece",
    "kind": "match_right",
}


def crosswalk(
    context: typer.Context,
    dataset: Annotated[Path, typer.Option(help="Dataset folder with a crosswalk.csv.")],
    model: Model = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Without what resources are aligned to.")
    ] = False,
    json_file: JsonFile = None,
) -> None:
    """Score a crosswalk that would be proposed between a dataset's frameworks against its own."""
    from data.formats.dataset_folder import DatasetFolder
    from data.formats.protocol import ReadOptions
    from data.output_file import check_place
    from data.progress import progress_bar
    from evaluation.crosswalk.protocol import report
    from evaluation.reporting.figures_file import write_figures

    check_place(json_file)
    settings = with_model(context.obj, model)
    document = DatasetFolder().open(dataset, ReadOptions(max_text=settings.max_text))
    found = report(document, settings, progress_bar, neighbours=not alone)
    _show(found)
    if json_file:
        write_figures(json_file, found)


def transfer(
    context: typer.Context,
    dataset: Annotated[Path, typer.Option(help="Dataset folder with a crosswalk.csv.")],
    encoder: Annotated[
        str | None,
        typer.Option(
            "--encoder", "--model", show_default="what the settings name", help=f"{MODEL}."
        ),
    ] = None,
    json_file: JsonFile = None,
) -> None:
    """Measure what a crosswalk tells of resources: alone, beside the aligner, and together.

    What resources teach of one framework is carried to the other, and compared with what they are
    aligned to there. The numbers that serving uses are fitted and told at the end.
    """
    from rich.console import Console

    from data.formats.dataset_folder import DatasetFolder
    from data.formats.protocol import ReadOptions
    from data.output_file import check_place
    from data.progress import progress_bar
    from evaluation.crosswalk.transfer import report
    from evaluation.reporting.figures_file import write_figures

    check_place(json_file)
    settings = with_model(context.obj, encoder)
    document = DatasetFolder().open(dataset, ReadOptions(max_text=settings.max_text))
    found = report(document, settings, progress_bar)
    console = Console()
    for here, there in dict.fromkeys((one["from"], one["to"]) for one in found["judges"]):
        console.print(_lines(found, here, there))
        console.print(_judges(found, here, there))
    for name, numbers in found["fitted"].items():
        said = ", ".join(f"{key}={value:.2f}" for key, value in numbers.items())
        console.print(f"{name}: {said}", highlight=False)
    if json_file:
        write_figures(json_file, found)


def _show(found: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("from", "to", "of", *_FIGURES, title=f"crosswalk · {found['model']}")
    for pair in found["pairs"]:
        values = (pair[name] for name in _FIGURES.values())
        table.add_row(
            pair["from"],
            pair["to"],
            f"{pair['outcomes']:,}",
            *("–" if value is None else f"{value:.3f}" for value in values),
        )
    Console().print(table)


def _lines(found: Mapping[str, Any], here: str, there: str) -> "Table":
    from rich.table import Table

    columns = ("match", "lines", "pairs", "right", "said", "recall")
    table = Table(*columns, title=f"{here} → {there}: lines")
    for line in found["lines"]:
        if (line["from"], line["to"]) == (here, there):
            table.add_row(
                line["match"],
                "one" if line["alone"] else "several",
                f"{line['pairs']:,}",
                *(f"{line[name]:.3f}" for name in ("precision", "confidence", "recall")),
            )
    return table


def _judges(found: Mapping[str, Any], here: str, there: str) -> "Table":
    from rich.table import Table

    figures = ("precision", "recall", "mean_f2", "recall@1", "mrr", "ece")
    table = Table("accepted", "by", *figures, title=f"{here} → {there}: {found['model']}")
    for one in found["judges"]:
        if (one["from"], one["to"]) == (here, there):
            accepted = "none" if one["new"] else "all"
            table.add_row(accepted, one["by"], *(f"{one[name]:.3f}" for name in figures))
    return table
