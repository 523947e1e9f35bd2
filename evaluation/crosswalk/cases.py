"""A dataset with a crosswalk → what is asked when a resource's outcomes are carried across it.

Known is what a resource teaches of one framework, asked is what it teaches of another. It is asked
twice: once where nothing was accepted in that framework yet, once where all of the others was.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.errors import GatewaysError
from data.formats.protocol import Document
from data.progress import Progress
from data.records import Alignment, Correspondence, Relation
from data.settings import Settings
from evaluation.alignment.protocol import DEPTH, Task
from evaluation.alignment.workbench import task_aligner
from evaluation.dataset import reading
from models.alignment.aligner import Aligner
from models.alignment.transfer import UNSEEN, Lines, Values, Way
from models.suggestion import Filters
from models.text import query_of

Accepted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One resource, asked for in framework `there` when its outcomes in `here` are known.

    Of the `outcomes` [n] `judged` [n] are the aligner's confidences and `ways` the crosswalk's;
    `shown` is what the aligner alone would show, `gold` what is right.
    """

    resource: str
    here: str
    there: str
    is_new: bool
    outcomes: Sequence[str]
    judged: Values
    ways: Sequence[Sequence[Way]]
    shown: frozenset[str]
    gold: frozenset[str]

    @property
    def right(self) -> Values:
        """Which of the outcomes [n] are right, as 0 and 1."""
        return np.array([float(name in self.gold) for name in self.outcomes])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What a dataset tells: each outcome's framework, each resource's outcomes, the crosswalk."""

    framework: Mapping[str, str]
    accepted: Accepted
    lines: Lines
    pairs: Sequence[tuple[str, str]]


def read_cases(
    document: Document, settings: Settings, progress: Progress
) -> tuple[str, list[Case]]:
    """The encoder's name, and all cases: each pair of frameworks both ways, new and not.

    Raises GatewaysError for a document without a crosswalk.
    """
    outcomes, resources = reading.outcomes(document), reading.resources(document)
    known = _known(document, {outcome.id: outcome.framework for outcome in outcomes})
    task = Task(queries=(), outcomes=outcomes, catalogue=resources)
    aligner = task_aligner(task, settings, progress)
    cases: list[Case] = []
    with progress("Asking", 2 * len(known.pairs)) as bar:
        for here, there in known.pairs:
            for is_new in (True, False):
                cases += _cases(aligner, document, known, (here, there), is_new=is_new)
                bar(1)
    return aligner.encoder.name, cases


def _known(document: Document, framework: Mapping[str, str]) -> _Known:
    gold = list(reading.records(document, Correspondence))
    connected = {
        (framework[one], framework[other])
        for line in gold
        for one, other in ((line.outcome, line.other), (line.other, line.outcome))
        if framework[one] != framework[other]
    }
    if not connected:
        raise GatewaysError(f"{document.dataset.name}: has no crosswalk between two frameworks")
    accepted: dict[str, list[str]] = defaultdict(list)
    for alignment in reading.records(document, Alignment):
        if alignment.relation is not Relation.REQUIRES:
            accepted[alignment.resource].append(alignment.outcome)
    lines = Lines(gold, framework)
    return _Known(framework=framework, accepted=accepted, lines=lines, pairs=sorted(connected))


def _cases(
    aligner: Aligner,
    document: Document,
    known: _Known,
    pair: tuple[str, str],
    *,
    is_new: bool,
) -> Iterator[Case]:
    here, there = pair
    of = {
        name: {one: [o for o in found if known.framework[o] == one] for one in pair}
        for name, found in known.accepted.items()
    }
    accepted = {name: found[here] for name, found in of.items()} if is_new else known.accepted
    aligner = Aligner(replace(aligner.snapshot, accepted=accepted), aligner.encoder)
    asked = [one for one in reading.resources(document) if of.get(one.id, {}).get(here)]
    queries = [query_of(resource) for resource in asked]
    filters = Filters(frameworks=(there,))
    for query, vector in zip(queries, aligner.encode(queries), strict=True):
        name = query.resource or ""
        answer = aligner.rank(query, vector, filters=filters, k=DEPTH, explain=False)
        carried = known.lines.carried((one, 1.0) for one in of[name][here])
        judged = {one.outcome: one.confidence for one in answer.suggestions}
        led = (one for one in carried if known.framework[one] == there)
        judged = dict.fromkeys(led, UNSEEN) | judged
        names = sorted(judged)  # so that no judge's order tells another anything
        yield Case(
            resource=name,
            here=here,
            there=there,
            is_new=is_new,
            outcomes=names,
            judged=np.array([judged[one] for one in names]),
            ways=tuple(carried.get(one, ()) for one in names),
            shown=frozenset(one.outcome for one in answer.suggestions if one.selected),
            gold=frozenset(of[name][there]),
        )
