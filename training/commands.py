"""The commands of this room: `freeze`, `train`, `retrain` and `models`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.commands import MODEL
from training.freezing.commands import freeze
from training.learner.commands import learner
from training.registry.commands import models
from training.retraining.commands import Translations, retrain
from training.ways import Way

if TYPE_CHECKING:
    from data.settings import Settings
    from training.bundle.making import Plan

train = typer.Typer(help="Fit models on a dataset folder.", no_args_is_help=True)

Dataset = Annotated[Path, typer.Option(help="Dataset folder with gold alignments.")]
Epochs = Annotated[float, typer.Option(min=0.01, help="Passes over the alignments.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same weights.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where an earlier run was ended.")]
Without = Annotated[
    str, typer.Option(metavar="subject,levels", help="What is dropped from the resources.")
]
Runs = Annotated[int, typer.Option(min=1, help="Runs from other seeds; their mean is taken.")]
Share = Annotated[
    float, typer.Option(min=0.01, max=1, help="How much of what was learned is taken.")
]
Out = Annotated[Path | None, typer.Option(file_okay=False, help="Folder of the bundle.")]
Base = Annotated[str, typer.Option(help=f"{MODEL}, to build on.")]


def register(app: typer.Typer) -> None:
    """Add this room's commands to the program."""
    train.command()(learner)
    app.add_typer(train, name="train")
    app.command()(freeze)
    app.command()(retrain)
    app.add_typer(models, name="models")


@train.callback()
def _train() -> None:
    """Fit models on a dataset folder."""


@train.command()
def lora(
    context: typer.Context,
    dataset: Dataset,
    base: Base = "e5",
    epochs: Epochs = 2.0,
    rank: Annotated[int, typer.Option(min=1, max=256, help="Rank of the weights.")] = 32,
    seed: Seed = 0,
    runs: Runs = 1,
    share: Share = 0.75,
    without: Without = "",
    translations: Translations = None,
    resume: Resume = False,
    out: Out = None,
) -> None:
    """Train low-rank weights for an encoder, and a ranker; a bundle of a few megabytes."""
    recipe = {"epochs": epochs, "rank": rank, "seed": seed, "runs": runs, "share": share}
    plan = _plan(Way.LORA, base, without, translations, resume=resume, **recipe)
    _run(context.obj, dataset, plan, out)


@train.command()
def encoder(
    context: typer.Context,
    dataset: Dataset,
    base: Base = "e5",
    epochs: Epochs = 2.0,
    rate: Annotated[float, typer.Option(min=0, help="Highest learning rate.")] = 1e-4,
    seed: Seed = 0,
    runs: Runs = 1,
    share: Share = 0.75,
    without: Without = "",
    translations: Translations = None,
    resume: Resume = False,
    out: Out = None,
) -> None:
    """Train the upper layers of an encoder, and a ranker; the bundle holds the whole encoder."""
    recipe = {"epochs": epochs, "rate": rate, "seed": seed, "runs": runs, "share": share}
    plan = _plan(Way.ENCODER, base, without, translations, resume=resume, **recipe)
    _run(context.obj, dataset, plan, out)


@train.command()
def adapter(
    context: typer.Context,
    dataset: Dataset,
    base: Base = "e5-oak",
    seed: Seed = 0,
    without: Without = "",
    out: Out = None,
) -> None:
    """Train a map of an encoder's vectors, and a ranker: seconds, once the texts are embedded."""
    _run(context.obj, dataset, _plan(Way.ADAPTER, base, without, seed=seed), out)


@train.command()
def ranker(
    context: typer.Context,
    dataset: Dataset,
    base: Base = "e5-oak",
    seed: Seed = 0,
    without: Without = "",
    out: Out = None,
) -> None:
    """Train the ranker and its confidence alone; what the base has learned is kept."""
    _run(context.obj, dataset, _plan(Way.RANKER, base, without, seed=seed), out)


def _plan(
    way: Way,
    base: str,
    without: str,
    translations: Path | None = None,
    *,
    resume: bool = False,
    **recipe: Any,
) -> "Plan":
    from evaluation.alignment.ablation import fields_of
    from training.bundle.making import Plan
    from training.encoder.contrastive import Recipe
    from training.word_lists import NO_WORDS, read_word_lists

    return Plan(
        way=way,
        base=base,
        recipe=Recipe(**recipe),
        without=fields_of(without),
        words=read_word_lists(translations) if translations else NO_WORDS,
        resume=resume,
    )


def _run(settings: "Settings", dataset: Path, plan: "Plan", out: Path | None) -> None:
    from data.progress import progress_bar
    from training.bundle.making import train_bundle

    bundle = train_bundle(dataset, settings, plan, out, progress_bar)
    typer.echo(f"{bundle.folder}: a bundle; use it with --model or GATEWAYS_ENCODER", err=True)
