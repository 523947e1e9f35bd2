"""A catalogue → an immutable, fingerprinted dataset of what was accepted and rejected."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.exporter import whole_dataset
from data.near_duplicates import families
from data.progress import Progress, progress_bar
from data.records import Correspondence, Dataset, Match, Outcome, Resource
from data.settings import Settings
from data.splits import By, Families, Plan, Splits, split
from data.workspace import Workspace
from training.freezing.content import Content
from training.freezing.folder import Frozen, check_place, write_frozen
from training.freezing.labels import Labels, labels_of
from training.freezing.split_memory import memory_file, read_memory, remember

# More than this share of the accepted lost between the splits is worth a word.
MANY = 0.1

log = logging.getLogger(__name__)


def freeze(
    settings: Settings,
    out: Path | None = None,
    *,
    by: By = By.OUTCOME,
    dev: float = 0.1,
    test: float = 0.2,
    progress: Progress = progress_bar,
) -> Frozen:
    """Freeze the catalogue to `out`, by default a folder of the workspace named by the fingerprint.

    The same contents are frozen once. `dev` and `test` are shares of what no split is known of;
    what is in test stays there in later freezes of the workspace, whose lock the caller holds.
    Raises GatewaysError when nothing is accepted, or something else is at `out`.
    """
    plan = Plan(by=by, dev=dev, test=test)
    frozen = Workspace(settings.home).frozen
    memory = memory_file(frozen, by)
    before = read_memory(memory)
    if out is not None:
        check_place(out)
    with progress("Freezing", 3) as advance:
        with Catalogue.open(settings.catalogue_url) as catalogue:
            found = _gather(catalogue, before)
        advance(1)
        resources, outcomes = _families(found.resources), _families(found.outcomes, found.equals)
        advance(1)
        known = before.strictest_with(found.labels.stated)
        splits = split(found.labels.pairs(), resources, outcomes, known, plan)
        content = _content(found, splits, resources, outcomes, plan)
        # Written first: a dataset must not be in use whose splits nobody remembers.
        remember(memory, before, splits)
        made = write_frozen(content, frozen, out)
        advance(1)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """What the catalogue holds of it.

    `resources` and `outcomes` are those that are labelled or were in a freeze before, retired ones
    too: what is a near-duplicate of one that is gone is not new. With the outcomes are those that a
    crosswalk says are the same as another, since two may be the same as one that nobody labelled.
    """

    dataset: Dataset
    sources: Sequence[Dataset]
    labels: Labels
    choices: Sequence[Outcome]
    resources: Sequence[Resource]
    outcomes: Sequence[Outcome]
    crosswalk: Sequence[Correspondence]
    equals: Sequence[tuple[str, str]]


def _gather(catalogue: Catalogue, before: Splits) -> _Gathered:
    live = sorted(catalogue.outcomes.live(), key=lambda one: (one.framework, one.position, one.id))
    assignable = {outcome.id: outcome for outcome in live if outcome.assignable}
    labels = labels_of(catalogue.alignments.stated(), catalogue.ledger.all_standing(), assignable)
    if not labels.accepted:
        raise GatewaysError(
            "no alignment to freeze: import a dataset that has some, or accept suggestions "
            "(`gateways decide accept`, or in the browser), then freeze again"
        )
    pairs = labels.pairs()
    frameworks = {assignable[outcome].framework for _, outcome in pairs}
    crosswalk = list(catalogue.correspondences.live())
    equals = [(line.outcome, line.other) for line in crosswalk if line.match is Match.EXACT]
    same = sorted({end for pair in equals for end in pair})
    wanted = [*before.outcomes, *same, *(outcome for _, outcome in pairs)]
    outcomes = catalogue.outcomes.many(wanted)
    resources = catalogue.resources.many([*before.resources, *(resource for resource, _ in pairs)])
    return _Gathered(
        dataset=whole_dataset(catalogue, "frozen"),
        sources=catalogue.datasets.all(),
        labels=labels,
        choices=[outcome for outcome in live if outcome.framework in frameworks],
        resources=list(resources.values()),
        outcomes=list(outcomes.values()),
        crosswalk=crosswalk,
        equals=equals,
    )


def _families(
    found: Iterable[Resource | Outcome], equals: Iterable[tuple[str, str]] = ()
) -> Families:
    return families({one.id: f"{one.title}\n{one.description}" for one in found}, equals)


def _content(
    found: _Gathered, splits: Splits, resources: Families, outcomes: Families, plan: Plan
) -> Content:
    """Give each label its split, and leave out those that cross."""
    labels = found.labels
    accepted = [
        replace(one, split=here)
        for one in labels.accepted
        if (here := splits.of_accepted((one.resource, one.outcome)))
    ]
    rejected = [
        replace(one, split=here)
        for one in labels.rejected
        if (here := splits.of_rejected((one.resource, one.outcome)))
    ]
    crossing = {
        "accepted across splits": len(labels.accepted) - len(accepted),
        "rejected across splits": len(labels.rejected) - len(rejected),
    }
    if crossing["accepted across splits"] > MANY * len(labels.accepted):
        log.warning(
            "%s of %s accepted alignments are left out, since resource and outcome are in "
            "different splits; `--by resource` keeps them",
            crossing["accepted across splits"],
            len(labels.accepted),
        )
    used = {one.resource for one in accepted} | {one.resource for one in rejected}
    choices = {one.id for one in found.choices}
    return Content(
        plan=plan,
        dataset=found.dataset,
        sources=found.sources,
        outcomes=found.choices,
        resources=sorted((one for one in found.resources if one.id in used), key=lambda r: r.id),
        accepted=accepted,
        rejected=rejected,
        crosswalk=[
            line for line in found.crosswalk if line.outcome in choices and line.other in choices
        ],
        resource_families=resources,
        outcome_families=outcomes,
        left_out={**labels.left_out, **{why: count for why, count in crossing.items() if count}},
    )
