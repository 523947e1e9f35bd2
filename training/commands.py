"""The `train` commands."""

from pathlib import Path
from typing import Annotated

import typer

from data.errors import GatewaysError
from data.records import Split
from data.settings import Settings

train = typer.Typer(help="Fit models on a dataset folder.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this room's commands to the program."""
    app.add_typer(train, name="train")


@train.callback()
def _train() -> None:
    """Fit models on a dataset folder."""


@train.command()
def lora(
    context: typer.Context,
    dataset: Annotated[Path, typer.Option(help="Dataset folder with gold alignments.")],
    base: Annotated[str, typer.Option(help="Encoder to build on.")] = "e5",
    epochs: Annotated[float, typer.Option(min=0.01, help="Passes over the alignments.")] = 2.0,
    rank: Annotated[int, typer.Option(min=1, max=256, help="Rank of the weights.")] = 32,
    seed: Annotated[int, typer.Option(help="The same seed gives the same weights.")] = 0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where an earlier run was ended.")
    ] = False,
    out: Annotated[Path | None, typer.Option(file_okay=False, help="Folder of the bundle.")] = None,
) -> None:
    """Train low-rank weights for an encoder, and write them as a bundle."""
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document
    from data.progress import progress_bar
    from training.bundles import train_bundle
    from training.contrastive import Recipe

    settings: Settings = context.obj
    bundle = train_bundle(
        open_document(dataset, ReadOptions(max_text=settings.max_text)),
        settings,
        base,
        out,
        Recipe(epochs=epochs, rank=rank, seed=seed),
        resume=resume,
        progress=progress_bar,
    )
    typer.echo(f"{bundle.folder}: a bundle; use it with --model or GATEWAYS_ENCODER", err=True)


@train.command()
def confidence(
    context: typer.Context,
    dataset: Annotated[Path, typer.Option(help="Dataset folder with gold alignments.")],
    split: Annotated[Split, typer.Option(help="Split to fit on.")] = Split.TRAIN,
    out: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="JSON file; by default where `index` looks for it."),
    ] = None,
) -> None:
    """Fit the confidence of the encoder in use, so that it means what it says on this data."""
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document
    from data.progress import progress_bar
    from data.workspace import Workspace
    from evaluation.alignment import read_gold, read_task
    from evaluation.workbench import task_aligner
    from models.confidence import fitted_path
    from training.confidence import PARTS, SIZE, fit_confidence

    settings: Settings = context.obj
    document = open_document(dataset, ReadOptions(max_text=settings.max_text))
    task = read_task(document, split)
    gold = read_gold(document, split)
    resources = [resource for resource in task.queries if resource.id in gold]
    total = PARTS * SIZE + sum(outcome.assignable for outcome in task.outcomes)
    with progress_bar("Embedding", total) as progress:
        aligner = task_aligner(task, settings, progress=progress)
        fitted = fit_confidence(
            aligner,
            resources,
            gold,
            fitted_on=f"{document.dataset.name} ({split})",
            progress=progress,
        )
    out = out or fitted_path(Workspace(settings.home).models, aligner.encoder)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fitted.write(out)
    except OSError as error:
        raise GatewaysError(f"{out}: cannot be written ({error.strerror})") from error
    typer.echo(f"{out}: the confidence of {fitted.encoder}, on {fitted.fitted_on}", err=True)
