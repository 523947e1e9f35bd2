"""How well a crosswalk tells what a resource teaches: alone, the aligner alone, and both together.

What is fitted is fitted to four fifths of the resources and told for the fifth, in turn.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from data.formats.protocol import Document
from data.progress import Progress
from data.settings import Settings
from evaluation.crosswalk.cases import Case, read_cases
from evaluation.crosswalk.fitting import carried_of, fit_joint, fit_worth
from evaluation.measures.metrics import calibration_error, f2, ranking
from models.alignment.selection import how_many
from models.alignment.transfer import Values, joined

FOLDS: Final = 5
LEAST: Final = 0.05  # below it nobody is shown a confidence
ALIGNER, CROSSWALK, BOTH = "aligner", "crosswalk", "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A case as one of the three judges it: confidences [n], and what would be shown."""

    case: Case
    by: str
    confidences: Values
    shown: frozenset[str]


def report(document: Document, settings: Settings, progress: Progress) -> dict[str, Any]:
    """Figures for each kind of line and for each judge, and what is fitted to all resources.

    Raises GatewaysError for a document without a crosswalk, or where too little is carried.
    """
    encoder, cases = read_cases(document, settings, progress)
    judged = [one for fold in range(FOLDS) for one in _judged(cases, fold)]
    worth = fit_worth(cases)
    return {
        "dataset": document.dataset.name,
        "model": encoder,
        "resources": len({case.resource for case in cases}),
        "lines": _lines(judged),
        "judges": _judges(judged),
        "fitted": {"worth": asdict(worth), "joint": asdict(fit_joint(cases, worth))},
    }


def _judged(cases: Sequence[Case], fold: int) -> Iterable[_Judged]:
    """The cases of a fold, by what is fitted to all other folds."""
    rest = [case for case in cases if _fold(case) != fold]
    worth = fit_worth(rest)
    joint = fit_joint(rest, worth)
    for case in cases:
        if _fold(case) == fold:
            carried = carried_of(case, worth)
            yield _Judged(case=case, by=ALIGNER, confidences=case.judged, shown=case.shown)
            yield _chosen(case, CROSSWALK, carried)
            if carried.any():
                yield _chosen(case, BOTH, joined(case.judged, carried, joint)[0])
            else:
                yield _Judged(case=case, by=BOTH, confidences=case.judged, shown=case.shown)


def _fold(case: Case) -> int:
    return zlib.crc32(case.resource.encode()) % FOLDS


def _chosen(case: Case, by: str, confidences: Values) -> _Judged:
    order = np.argsort(-confidences, kind="stable")
    fits = 1 - float(np.prod(1 - confidences))
    shown = order[: how_many(confidences[order], fits)]
    names = frozenset(case.outcomes[place] for place in shown)
    return _Judged(case=case, by=by, confidences=confidences, shown=names)


def _lines(judged: Iterable[_Judged]) -> list[dict[str, Any]]:
    """By direction, kind and number of lines: how often they lead right, and how often is said.

    `recall` is the share of all that is right which such a line leads to.
    """
    told: dict[tuple[str, str, str, bool], list[tuple[float, float]]] = defaultdict(list)
    gold: dict[tuple[str, str], int] = defaultdict(int)
    for one in judged:
        case = one.case
        if one.by is not CROSSWALK or not case.is_new:
            continue
        gold[case.here, case.there] += len(case.gold)
        for ways, said, right in zip(case.ways, one.confidences, case.right, strict=True):
            if ways:
                kind = "several" if len(ways) > 1 else ways[0].match.value
                alone = all(way.lines == 1 for way in ways)
                told[case.here, case.there, kind, alone].append((float(said), float(right)))
    return [
        {
            "from": here,
            "to": there,
            "match": kind,
            "alone": alone,
            "pairs": len(pairs),
            "precision": float(np.mean([right for _, right in pairs])),
            "confidence": float(np.mean([said for said, _ in pairs])),
            "recall": sum(right for _, right in pairs) / max(1, gold[here, there]),
        }
        for (here, there, kind, alone), pairs in sorted(told.items())
    ]


def _judges(judged: Iterable[_Judged]) -> list[dict[str, Any]]:
    parts: dict[tuple[str, str, bool, str], list[_Judged]] = defaultdict(list)
    for one in judged:
        parts[one.case.here, one.case.there, one.case.is_new, one.by].append(one)
    return [
        {"from": here, "to": there, "new": is_new, "by": by, **_figures(there_judged)}
        for (here, there, is_new, by), there_judged in parts.items()
    ]


def _figures(judged: Sequence[_Judged]) -> dict[str, float]:
    hits = sum(len(one.shown & one.case.gold) for one in judged)
    relevant = {one.case.resource: one.case.gold for one in judged if one.case.gold}
    ranked = {one.case.resource: _ranked(one) for one in judged}
    measured = ranking(ranked, relevant)
    said = np.concatenate([one.confidences for one in judged])
    right = np.concatenate([one.case.right for one in judged])
    told = said >= LEAST
    return {
        "precision": hits / max(1, sum(len(one.shown) for one in judged)),
        "recall": hits / max(1, sum(len(one.case.gold) for one in judged)),
        "mean_f2": float(np.mean([f2(one.shown, one.case.gold) for one in judged])),
        "recall@1": float(measured["recall@1"].mean()),
        "mrr": float(measured["mrr"].mean()),
        "ece": calibration_error(said[told], right[told].astype(bool)),
    }


def _ranked(judged: _Judged) -> list[str]:
    """What is judged likely at all, the likeliest first."""
    order = np.argsort(-judged.confidences, kind="stable")
    return [judged.case.outcomes[place] for place in order if judged.confidences[place] > 0]
