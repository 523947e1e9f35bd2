"""The `align` and `evaluate alignment` commands."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.counting import counted
from data.errors import GatewaysError
from data.records import Split
from evaluation.alignment import ablation
from evaluation.alignment.road import Road
from evaluation.reporting.options import Page
from models.commands import Model, Workers, with_model, with_workers

if TYPE_CHECKING:
    from data.formats.protocol import Document
    from data.settings import Settings
    from evaluation.benchmark.report import Report

Dataset = Annotated[Path, typer.Option(help="Dataset folder.")]
SplitOption = Annotated[Split, typer.Option(help="Whose resources are the queries.")]
RoadOption = Annotated[Road, typer.Option(help="Score by vectors, by words (BM25), or by both.")]
Without = Annotated[
    str,
    typer.Option(help="Goes without, with commas: subject, levels, neighbours, catalogue."),
]


def align(
    context: typer.Context,
    dataset: Dataset,
    out: Annotated[Path, typer.Option(dir_okay=False, help="CSV file to write.")],
    split: SplitOption = Split.TEST,
    by: RoadOption = Road.BOTH,
    model: Model = None,
    without: Without = "",
    workers: Workers = None,
) -> None:
    """Align a dataset's resources to all its outcomes and write the ranked predictions.

    No workspace has to be there; the gold of the split is not read.
    """
    from data.output_file import check_place
    from data.progress import progress_bar
    from evaluation.alignment.predictions import write_predictions
    from evaluation.alignment.protocol import read_task
    from evaluation.benchmark.measuring import align_task

    check_place(out)
    fields = ablation.fields_of(without)
    settings = with_workers(with_model(context.obj, model), workers)
    task = ablation.without(read_task(_open(dataset, settings), split), fields)
    _, lists = align_task(task, settings, progress_bar, by)
    rows = write_predictions(out, lists)
    typer.echo(f"{out}: {counted(rows, 'prediction')}", err=True)


def alignment(
    context: typer.Context,
    dataset: Dataset,
    split: SplitOption = Split.TEST,
    by: RoadOption = Road.BOTH,
    model: Model = None,
    without: Without = "",
    baseline: Annotated[str | None, typer.Option(help="Another model to compare with.")] = None,
    learning_curve: Annotated[
        bool,
        typer.Option("--learning-curve", help="Also measure what accepted neighbours are worth."),
    ] = False,
    decisions: Annotated[
        str, typer.Option(help="After how many accepted decisions, besides after all.")
    ] = "0,50,200,1000",
    page: Page = None,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", dir_okay=False, help="Also write the report to this JSON file."),
    ] = None,
) -> None:
    """Score the alignments that `align` would propose against the dataset's gold."""
    from data.output_file import check_place
    from data.progress import progress_bar
    from evaluation.benchmark import learning_curve as curve
    from evaluation.benchmark.comparison import compare
    from evaluation.benchmark.measuring import measure
    from evaluation.benchmark.page import write_page
    from evaluation.benchmark.questions import read_benchmark
    from evaluation.benchmark.report_file import write_report
    from evaluation.benchmark.report_view import print_report

    fields = ablation.fields_of(without)
    check_place(page)
    check_place(json_file)
    if learning_curve and (
        not by.ranked or {ablation.Field.NEIGHBOURS, ablation.Field.CATALOGUE} & fields
    ):
        raise GatewaysError(
            "--learning-curve shows what neighbours are worth to the whole model; "
            "leave out --by and `--without neighbours`"
        )
    settings: Settings = context.obj
    numbers = curve.numbers_of(decisions)
    benchmark = read_benchmark(_open(dataset, settings), split)
    made = curve.steps(benchmark, numbers) if learning_curve else ()

    def measured(name: str | None) -> "Report":
        return measure(benchmark, with_model(settings, name), progress_bar, by=by, fields=fields)

    report = measured(model)
    if made:
        chosen = with_model(settings, model)
        points = curve.learning_curve(benchmark, chosen, progress_bar, report, made, fields=fields)
        report = replace(report, learning_curve=points)
    comparison = None if baseline is None else compare(measured(baseline), report)
    print_report(report, comparison)
    if json_file:
        write_report(json_file, report, comparison)
    if page:
        write_page(page, report, comparison)


def _open(dataset: Path, settings: "Settings") -> "Document":
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document

    return open_document(dataset, ReadOptions(max_text=settings.max_text))
