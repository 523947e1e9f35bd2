"""The `train learner` command."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from data.settings import Settings
    from models.learner.model import LearnerModel


def learner(
    context: typer.Context,
    dataset: Annotated[
        Path | None,
        typer.Option(help="Dataset folder with interactions.csv; by default the catalogue's."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="JSON file; by default the one that the service uses."),
    ] = None,
) -> None:
    """Fit what tells a learner's mastery, and which resources others learned from."""
    from data.workspace import Workspace
    from models.learner.model import write_learner_model

    settings: Settings = context.obj
    model = _fitted(settings, dataset)
    path = out or Workspace(settings.home).learner_model
    write_learner_model(path, model)
    tracer = model.tracer
    typer.echo(
        f"{path}: {tracer.kind} ({tracer.share:.0%} of the way from Elo's weights to the fitted "
        f"ones), from {tracer.answers:,} answers of {tracer.learners:,} learners",
        err=True,
    )


def _fitted(settings: "Settings", dataset: Path | None) -> "LearnerModel":
    from data.catalogue import Catalogue
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document
    from training.learner.fitting import train_on_catalogue, train_on_dataset

    if dataset is not None:
        return train_on_dataset(open_document(dataset, ReadOptions(max_text=settings.max_text)))
    with Catalogue.open(settings.catalogue_url) as catalogue:
        return train_on_catalogue(catalogue)
