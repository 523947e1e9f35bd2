"""The `align`, `evaluate` and `evidence` commands, composed of the folders' own."""

import typer

from evaluation.benchmark.commands import align, alignment
from evaluation.crosswalk.commands import crosswalk, transfer
from evaluation.dataset.commands import hold_out
from evaluation.editions.commands import editions
from evaluation.evidence.commands import evidence
from evaluation.learner.commands import learner
from evaluation.logged.commands import logged
from evaluation.recommendation.commands import recommender
from evaluation.simulation.commands import simulation
from evaluation.strangers.commands import strangers

evaluate = typer.Typer(
    help="Measure on a dataset folder, on the log, or on simulated learners.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add this room's commands to the program."""
    app.command()(align)
    evaluate.command()(alignment)
    evaluate.command()(crosswalk)
    evaluate.command()(editions)
    evaluate.command()(hold_out)
    evaluate.command()(learner)
    evaluate.command()(logged)
    evaluate.command()(recommender)
    evaluate.command()(simulation)
    evaluate.command()(strangers)
    evaluate.command()(transfer)
    app.add_typer(evaluate, name="evaluate")
    app.command()(evidence)


@evaluate.callback()
def _evaluate() -> None:
    """Measure on a dataset folder, on the log, or on simulated learners."""
