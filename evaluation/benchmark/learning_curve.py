"""What accepted neighbours are worth: the same queries, when more and more had been accepted.

A curator's decisions are simulated by the alignments of the train split, drawn at random. Nothing
is trained again: what rises, rises through resources that lie near and were accepted before.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from data.errors import GatewaysError
from data.progress import Advance, Progress
from data.settings import Settings
from evaluation.alignment.ablation import Field
from evaluation.alignment.protocol import Task
from evaluation.benchmark.measuring import measure
from evaluation.benchmark.questions import Benchmark
from evaluation.benchmark.report import POINT, Point, Report

SEED = 0

Pair = tuple[str, str]  # resource, outcome

log = logging.getLogger(__name__)


def numbers_of(words: str) -> tuple[int, ...]:
    """Numbers of decisions between commas, the smallest first. Raises GatewaysError for others."""
    named = [word.strip() for word in words.split(",") if word.strip()]
    if not named or not all(word.isascii() and word.isdigit() for word in named):
        raise GatewaysError(
            f"--decisions {words}: must be numbers of decisions with commas between them, "
            "as in 0,50,200,1000"
        )
    return tuple(sorted({int(word) for word in named}))


def steps(benchmark: Benchmark, numbers: Sequence[int]) -> list[int]:
    """Those of `numbers` that there are decisions for, and after them all that there are.

    Raises GatewaysError when there are none.
    """
    there = len(decisions(benchmark.task))
    if not there:
        raise GatewaysError(
            f"{benchmark.dataset}: nothing is accepted before split «{benchmark.split}» is asked "
            "for, so that there is no learning curve; it takes alignments in split «train» "
            "(`gateways evaluate hold-out` parts a dataset so)"
        )
    if beyond := [f"{number:,}" for number in numbers if number > there]:
        log.warning(
            "learning curve: without %s, since %s has %s decisions",
            ", ".join(beyond),
            benchmark.dataset,
            f"{there:,}",
        )
    return [*(number for number in numbers if number < there), there]


def decisions(task: Task) -> list[Pair]:
    """Every accepted pair that can be known of, in the order in which they are drawn."""
    resources = {resource.id for resource in task.catalogue}
    outcomes = {outcome.id for outcome in task.outcomes if outcome.assignable}
    pairs = {
        (resource, outcome)
        for resource, accepted in task.accepted.items()
        for outcome in accepted
        if resource in resources and outcome in outcomes
    }
    return sorted(pairs, key=lambda pair: (_number(pair), pair))


def after(task: Task, made: int) -> Task:
    """The task when only the first `made` decisions are; resources without one are not yet there.

    Those after 50 decisions are among those after 200.
    """
    accepted: defaultdict[str, list[str]] = defaultdict(list)
    for resource, outcome in decisions(task)[:made]:
        accepted[resource].append(outcome)
    there = {query.id for query in task.queries} | set(accepted)
    catalogue = [resource for resource in task.catalogue if resource.id in there]
    return replace(task, catalogue=catalogue, accepted=dict(accepted))


def learning_curve(
    benchmark: Benchmark,
    settings: Settings,
    progress: Progress,
    report: Report,
    made: Sequence[int],
    *,
    fields: Collection[Field] = (),
) -> tuple[Point, ...]:
    """Measure after each number of decisions in `made`, of which the last is all.

    `report` is of the same model and `fields` with all of them. Where it says that there is no
    ranker, for which alone neighbours count, there is no curve.
    """
    if not report.model.ranked:
        log.warning(
            "learning curve: left out, since %s has no ranker, and neighbours count for nothing "
            "else; `gateways train ranker` makes one",
            report.model.name,
        )
        return ()

    def measured(number: int) -> Report:
        def after_so_many(what: str, total: int | None) -> AbstractContextManager[Advance]:
            return progress(f"{what} after {number:,} decisions", total)

        then = replace(benchmark, task=after(benchmark.task, number))
        return measure(then, settings, after_so_many, fields=fields)

    reports = [*((number, measured(number)) for number in made[:-1]), (made[-1], report)]
    return tuple(
        Point(decisions=number, figures={name: found.figures[name] for name in POINT})
        for number, found in reports
    )


def _number(pair: Pair) -> str:
    return hashlib.sha256("\n".join((str(SEED), *pair)).encode()).hexdigest()
