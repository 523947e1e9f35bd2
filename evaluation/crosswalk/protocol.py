"""The crosswalk protocol: outcomes of one framework asked for in another, against a gold crosswalk.

A query is an assignable outcome, candidates are those of the other framework. Recall and rank are
over queries with an answer, mean F2 over all: that nothing corresponds is an answer, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from data.errors import GatewaysError
from data.formats.protocol import Document
from data.progress import Progress
from data.records import Alignment, Correspondence, Match, Outcome, Relation
from data.settings import Settings
from evaluation.alignment.protocol import Task
from evaluation.alignment.workbench import task_aligner
from evaluation.dataset import reading
from evaluation.measures.metrics import calibration_error, f2, ranking
from models.alignment.aligner import Aligner
from models.crosswalk.proposing import Proposed, crosswalk

LEAST = 0.05  # below it nobody is shown a confidence
Line = TypeVar("Line", Correspondence, Proposed)


def report(
    document: Document, settings: Settings, progress: Progress, *, neighbours: bool = True
) -> dict[str, Any]:
    """Figures for each ordered pair of frameworks that the document's crosswalk connects.

    Without `neighbours` it is not known which resources are aligned to what. Raises GatewaysError
    for a document without a crosswalk.
    """
    task = _task(document, neighbours=neighbours)
    framework = {outcome.id: outcome.framework for outcome in task.outcomes}
    gold = list(reading.records(document, Correspondence))
    pairs = {tuple(sorted((framework[one.outcome], framework[one.other]))) for one in gold}
    pairs = {pair for pair in pairs if len(set(pair)) == 2}
    if not pairs:
        raise GatewaysError(f"{document.dataset.name}: has no crosswalk between two frameworks")
    aligner = task_aligner(task, settings, progress)
    lines = [*gold, *map(_back, gold)]
    told = []
    for one, other in sorted(pairs):
        found = crosswalk(aligner, one, other)
        told.append(_figures(aligner, framework, lines, (one, other), found))
        # Both ways tell the same pairs, so that nothing is asked again.
        back = sorted(map(_back, found), key=lambda each: (-each.confidence, each.other))
        told.append(_figures(aligner, framework, lines, (other, one), back))
    return {
        "dataset": document.dataset.name,
        "model": aligner.encoder.name,
        "neighbours": neighbours,
        "pairs": told,
    }


def _task(document: Document, *, neighbours: bool) -> Task:
    resources = reading.resources(document)
    accepted: dict[str, list[str]] = defaultdict(list)
    if neighbours and Alignment in document.kinds:
        for alignment in reading.records(document, Alignment):
            if alignment.relation is not Relation.REQUIRES:
                accepted[alignment.resource].append(alignment.outcome)
    outcomes = reading.outcomes(document)
    return Task(queries=(), outcomes=outcomes, catalogue=resources, accepted=accepted)


def _figures(
    aligner: Aligner,
    framework: Mapping[str, str],
    gold: Iterable[Correspondence],
    pair: tuple[str, str],
    found: Iterable[Proposed],
) -> dict[str, Any]:
    one, other = pair
    right: dict[str, dict[str, Match]] = defaultdict(dict)
    for line in gold:
        if (framework[line.outcome], framework[line.other]) == pair:
            right[line.outcome][line.other] = line.match
    proposed: dict[str, list[Proposed]] = defaultdict(list)
    for each in found:
        proposed[each.outcome].append(each)
    ranked = {name: [one.other for one in listed] for name, listed in proposed.items()}
    measured = ranking(ranked, right)
    selected = [
        f2([found.other for found in proposed[name] if found.selected], right.get(name, ()))
        for name in _asked(aligner, one)
    ]
    shown = [found for each in proposed.values() for found in each if found.confidence >= LEAST]
    sure = np.array([found.confidence for found in shown])
    correct = np.array([found.other in right.get(found.outcome, ()) for found in shown], dtype=bool)
    kinds = [
        found.match == right[found.outcome][found.other]
        for found in shown
        if found.selected and found.other in right.get(found.outcome, ())
    ]
    return {
        "from": one,
        "to": other,
        "languages": [_language(aligner, one), _language(aligner, other)],
        "outcomes": len(selected),
        "with_answer": len(right),
        "recall@1": float(measured["recall@1"].mean()),
        "recall@5": float(measured["recall@5"].mean()),
        "mrr": float(measured["mrr"].mean()),
        "mean_f2": float(np.mean(selected)),
        "ece": calibration_error(sure, correct) if shown else None,
        "match_right": float(np.mean(kinds)) if kinds else None,
    }


def _back(line: Line) -> Line:
    """The same line, read from its other end."""
    return replace(line, outcome=line.other, other=line.outcome, match=line.match.back)


def _asked(aligner: Aligner, framework: str) -> Sequence[str]:
    return [outcome.id for outcome in _of(aligner, framework)]


def _language(aligner: Aligner, framework: str) -> str | None:
    return next((found.language for found in _of(aligner, framework) if found.language), None)


def _of(aligner: Aligner, framework: str) -> list[Outcome]:
    return [
        entry.outcome for entry in aligner.snapshot.entries if entry.outcome.framework == framework
    ]
