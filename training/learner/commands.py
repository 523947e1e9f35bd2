"""The `train learner` command."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from data.settings import Settings
    from models.learner.model import LearnerModel
    from training.learner.fitting import Done
    from training.learner.pipeline import TrainedLearner


def learner(
    context: typer.Context,
    dataset: Annotated[
        Path | None,
        typer.Option(help="Dataset folder with interactions.csv; by default the catalogue's."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Only write it to this JSON file; nothing else is done."),
    ] = None,
) -> None:
    """Fit what tells a learner's mastery, register it, and use it if it is not worse.

    It is compared with the one in use by learners that neither was fitted on.
    """
    from data.output_file import check_place
    from models.learner.model import write_learner_model
    from training.learner.fitting import fitted
    from training.learner.pipeline import train_learner

    check_place(out)
    settings: Settings = context.obj
    done = _done(settings, dataset)
    if out is None:
        _print(train_learner(settings, done, _say))
        return
    model = fitted(done)
    write_learner_model(out, model)
    _say(f"{out}: {_described(model)}")


def _done(settings: "Settings", dataset: Path | None) -> "Done":
    from data.catalogue import Catalogue
    from data.formats.protocol import ReadOptions
    from data.formats.registry import open_document
    from training.learner.fitting import done_in_catalogue, done_in_dataset

    if dataset is not None:
        return done_in_dataset(open_document(dataset, ReadOptions(max_text=settings.max_text)))
    with Catalogue.open(settings.catalogue_url) as catalogue:
        return done_in_catalogue(catalogue)


def _print(done: "TrainedLearner") -> None:
    name = f"learner/{done.version.name}"
    _say(f"Version {name}: {_described(done.model)}")
    if not done.objections:
        _say("It is in use; a running server follows within seconds.")
        return
    _say(f"It is registered and not in use; against it in place of learner/{done.before.name}:")
    for objection in done.objections:
        _say(f"  - {objection}")
    _say(f"`gateways models promote {name} --force --reason TEXT` has it used all the same.")


def _described(model: "LearnerModel") -> str:
    tracer = model.tracer
    return (
        f"{tracer.kind} ({tracer.share:.0%} of the way from Elo's weights to the fitted ones), "
        f"from {tracer.answers:,} answers of {tracer.learners:,} learners"
    )


def _say(line: str) -> None:
    typer.echo(line, err=True)
