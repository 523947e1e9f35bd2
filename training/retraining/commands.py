"""The `retrain` command."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.splits import By
from models.commands import MODEL
from training.ways import Way

if TYPE_CHECKING:
    from data.settings import Settings
    from training.retraining.order import Order
    from training.retraining.pipeline import Retrained

Translations = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        help="Word list such as en.tsv (word, language, translation), or a folder of them: some "
        "words of what is learned from are translated.",
    ),
]


def retrain(
    context: typer.Context,
    dataset: Annotated[
        Path | None,
        typer.Option(help="Dataset folder; by default the catalogue is frozen."),
    ] = None,
    by: Annotated[
        By | None,
        typer.Option(
            help="How the catalogue is parted when it is frozen; by default what it is enough for."
        ),
    ] = None,
    way: Annotated[
        Way | None, typer.Option(help="What is trained; by default what the data are enough for.")
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(help=f"{MODEL}, to build on; by default what fits the way."),
    ] = None,
    translations: Translations = None,
    epochs: Annotated[float, typer.Option(min=0.01, help="Passes over the alignments.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same weights.")] = 0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done; train nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """Train anew on what was decided, measure it against the champion, and register it.

    Ended at any point and given again it goes on where it was; what serves stays as it is.
    """
    from data.progress import progress_bar
    from training.retraining import pipeline
    from training.retraining.order import Order

    settings: Settings = context.obj
    order = Order(
        dataset=dataset,
        by=by,
        way=way,
        base=base,
        translations=translations,
        epochs=epochs,
        seed=seed,
    )
    if dry_run:
        _foretell(settings, order)
        return
    say = _silent if as_json else _say
    done = pipeline.retrain(settings, order, say, progress_bar)
    if as_json:
        typer.echo(json.dumps(_told(done), ensure_ascii=False, indent=1))
    else:
        _print(done)


def _foretell(settings: "Settings", order: "Order") -> None:
    from training.retraining.order import check_order, course_of, to_freeze

    then = "evaluate it and the champion on the test split, compare the two, and register it."
    if order.dataset is None:
        check_order(settings, order)
        accepted, rejected = to_freeze(settings)
        typer.echo(
            f"Would freeze {accepted:,} accepted and {rejected:,} rejected alignments by "
            f"{order.by or 'outcome, or by resource where that leaves too little'}, train a bundle "
            f"on them, {then}"
        )
        return
    plan = course_of(settings, order, order.dataset).plan
    typer.echo(f"Would train a bundle on {order.dataset} ({plan.way}, from {plan.base}), {then}")


def _print(done: "Retrained") -> None:
    from training.registry.version_view import print_changes

    print_changes(done.comparison.to_json())
    name, objections = done.version.name, done.comparison.objections()
    promote = f"`gateways models promote {name}"
    typer.echo(f"{done.page}: the report", err=True)
    if name == done.champion.name:
        typer.echo(f"Version {name} is the champion already.", err=True)
    elif objections:
        typer.echo(f"Version {name} is registered; against it in place of the champion:", err=True)
        for objection in objections:
            typer.echo(f"  - {objection}", err=True)
        typer.echo(f"{promote} --force --reason TEXT` has it serve all the same.", err=True)
    else:
        typer.echo(
            f"Version {name} is registered and nothing speaks against it; {promote}` has it serve.",
            err=True,
        )
    for doubt in done.comparison.doubts():
        typer.echo(doubt, err=True)


def _told(done: "Retrained") -> dict[str, object]:
    return {
        "dataset": str(done.dataset),
        "version": done.version.name,
        "champion": done.champion.name,
        "page": str(done.page),
        **{name: figure.value for name, figure in done.report.figures.items()},
        "comparison": done.comparison.to_json(),
    }


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _silent(line: str) -> None:
    """Say nothing, where the answer is for a program."""
