"""The command `bench encoder`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.records import Split
from models.commands import MODEL

if TYPE_CHECKING:
    from data.settings import Settings

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def encoder(
    context: typer.Context,
    name: Annotated[
        str, typer.Option("--encoder", help=f"{MODEL}: its backends are timed.")
    ] = "minilm",
    dataset: Annotated[
        Path | None, typer.Option(show_default="the sample that ships", help="Dataset folder.")
    ] = None,
    split: Annotated[Split | None, typer.Option(help="Whose resources are the queries.")] = None,
    queries: Annotated[int, typer.Option(min=1, help="Of how many of them, by lot.")] = 800,
    json_file: Annotated[
        Path | None, typer.Option("--json", dir_okay=False, help="Also write to this JSON file.")
    ] = None,
) -> None:
    """Time an encoder's backends side by side, and measure how near to torch they are."""
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document
    from data.output_file import check_place
    from data.progress import progress_bar
    from data.workspace import Workspace
    from evaluation.alignment.protocol import read_gold, read_task
    from evaluation.encoder.measuring import ask, figures, measure
    from evaluation.reporting.figures_file import write_figures
    from models.bundles.named import bundle_named
    from models.encoders.loading import weights_folder
    from models.encoders.wanted import encoder_called

    check_place(json_file)
    settings: Settings = context.obj
    asked = split or (Split.TEST if dataset else Split.DEV)
    document = open_document(dataset or SAMPLE, ReadOptions(max_text=settings.max_text))
    questions = ask(read_task(document, asked), read_gold(document, asked), queries)
    called = encoder_called(name, settings.home)
    folder = weights_folder(called, bundle_named(called), Workspace(settings.home).models)
    found, refusals = measure(called, questions, settings, progress_bar)
    rows = figures(found, questions, folder)
    _print(rows)
    for refusal in refusals:
        typer.echo(refusal, err=True)
    if json_file:
        sizes = {"outcomes": len(questions.outcomes), "queries": len(questions.queries)}
        told = {"encoder": name, "dataset": document.dataset.name, "split": asked.value}
        write_figures(json_file, {**told, **sizes, "backends": rows})


def _print(rows: list[dict[str, Any]]) -> None:
    """A line for each figure, a column for each backend."""
    for figure in rows[0]:
        values = "".join(f"{row[figure]!s:>12}" for row in rows)
        typer.echo(f"{figure:<18}{values}")
