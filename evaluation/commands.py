"""The `align` and `evaluate` commands."""

import json
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.errors import GatewaysError
from data.records import Split
from data.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.formats.protocol import Document
    from evaluation.alignment import Prediction, Task

evaluate = typer.Typer(help="Measure on a dataset folder.", no_args_is_help=True)

Dataset = Annotated[Path, typer.Option(help="Dataset folder.")]
SplitOption = Annotated[Split, typer.Option(help="Whose resources are the queries.")]


class Road(StrEnum):
    """How candidates are scored."""

    BOTH = "both"
    VECTORS = "vectors"
    WORDS = "words"


Model = Annotated[
    str | None, typer.Option(help="Encoder or bundle; by default what the settings name.")
]
RoadOption = Annotated[Road, typer.Option(help="Score by vectors, by words (BM25), or by both.")]


def register(app: typer.Typer) -> None:
    """Add this room's commands to the program."""
    app.command()(align)
    app.add_typer(evaluate, name="evaluate")


def align(
    context: typer.Context,
    dataset: Dataset,
    out: Annotated[Path, typer.Option(dir_okay=False, help="CSV file to write.")],
    split: SplitOption = Split.TEST,
    by: RoadOption = Road.BOTH,
    model: Model = None,
) -> None:
    """Align a dataset's resources to all its outcomes and write the ranked predictions.

    No workspace has to be there; the gold of the split is not read.
    """
    from evaluation.alignment import read_task
    from evaluation.predictions import write_predictions

    settings = _with_model(context.obj, model)
    document = _open(dataset, settings)
    rows = write_predictions(out, _predictions(settings, read_task(document, split), by))
    typer.echo(f"{out}: {rows:,} predictions", err=True)


@evaluate.callback()
def _evaluate() -> None:
    """Measure on a dataset folder."""


@evaluate.command()
def alignment(
    context: typer.Context,
    dataset: Dataset,
    split: SplitOption = Split.TEST,
    by: RoadOption = Road.BOTH,
    model: Model = None,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", dir_okay=False, help="Also write the figures to this JSON file."),
    ] = None,
) -> None:
    """Score the alignments that `align` would propose against the dataset's gold."""
    from evaluation.alignment import read_gold, read_task, score

    settings = _with_model(context.obj, model)
    document = _open(dataset, settings)
    task = read_task(document, split)
    gold = read_gold(document, split)
    started = time.perf_counter()
    predictions = [found for each in _predictions(settings, task, by) for found in each]
    seconds = time.perf_counter() - started
    scored = score(predictions, gold)
    report = {
        "dataset": document.dataset.name,
        "split": split,
        "by": by,
        "queries": len(gold),
        "candidates": sum(outcome.assignable for outcome in task.outcomes),
        "seconds": round(seconds, 3),
        **{name: round(figure.value, 4) for name, figure in scored.figures.items()},
        "intervals": {
            name: [round(figure.low, 4), round(figure.high, 4)]
            for name, figure in scored.figures.items()
        },
        "mean_over_outcomes": {name: round(v, 4) for name, v in scored.over_outcomes.items()},
    }
    _print(report)
    if json_file:
        _write(json_file, report)


def _with_model(settings: Settings, model: str | None) -> Settings:
    return settings if model is None else settings.model_copy(update={"encoder": model})


def _write(path: Path, report: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be written ({error.strerror})") from error


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    title = f"{report['dataset']} · {report['split']} · {report['queries']:,} resources"
    table = Table(title=f"{title} · {report['candidates']:,} outcomes · {report['seconds']} s")
    for column in ("measure", "mean", "95 % interval", "mean over outcomes"):
        table.add_column(column, justify="left" if column == "measure" else "right")
    for name, (low, high) in report["intervals"].items():
        over = report["mean_over_outcomes"].get(name)
        table.add_row(
            name,
            f"{report[name]:.3f}",
            f"{low:.3f} – {high:.3f}",
            "" if over is None else f"{over:.3f}",
        )
    Console().print(table)


def _open(dataset: Path, settings: Settings) -> "Document":
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document

    return open_document(dataset, ReadOptions(max_text=settings.max_text))


def _predictions(settings: Settings, task: "Task", by: Road) -> "Iterator[list[Prediction]]":
    from data.progress import progress_bar
    from evaluation.alignment import predict
    from evaluation.workbench import task_aligner

    weight = {Road.BOTH: None, Road.VECTORS: 0.0, Road.WORDS: 1.0}[by]
    total = len(task.queries) + sum(outcome.assignable for outcome in task.outcomes)
    with progress_bar("Embedding", total) as progress:
        aligner = task_aligner(task, settings, words_weight=weight, progress=progress)
        yield from predict(aligner, task, progress)
