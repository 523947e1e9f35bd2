"""Which subjects of a labelled dataset are held out: those that are named, or some drawn."""

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from data.errors import GatewaysError
from evaluation.dataset.hold_out import Labelled, lineage


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is of a subject: outcomes to align to, and resources aligned to them."""

    outcomes: int
    resources: int


def sizes(whole: Labelled) -> dict[str, Size]:
    """Each subject with its size; an outcome that states none has that of what is above it.

    Raises GatewaysError when no outcome has one.
    """
    by_id = {outcome.id: outcome for outcome in whole.outcomes}
    subject_of = {
        outcome.id: subject
        for outcome in whole.outcomes
        if outcome.assignable
        and (subject := next((one.subject for one in lineage(outcome, by_id) if one.subject), None))
    }
    if not subject_of:
        raise GatewaysError(
            "no outcome has a subject, so that none can be held out; "
            "give outcomes, or the headings above them, a `subject`"
        )
    resources: defaultdict[str, set[str]] = defaultdict(set)
    for alignment in whole.alignments:
        if alignment.outcome in subject_of:
            resources[subject_of[alignment.outcome]].add(alignment.resource)
    return {
        subject: Size(outcomes=count, resources=len(resources[subject]))
        for subject, count in sorted(Counter(subject_of.values()).items())
    }


def named(words: str, there: Mapping[str, Size]) -> frozenset[str]:
    """The subjects in `words`, between commas; one with a comma in it stands in double quotes.

    Raises GatewaysError that lists those there are when one is none of them.
    """
    rows = csv.reader([words], skipinitialspace=True)
    found = {word.strip() for row in rows for word in row if word.strip()}
    if unknown := sorted(found - set(there)):
        raise GatewaysError(f"there is no subject «{unknown[0]}»; there are {_listed(there)}")
    if not found:
        raise GatewaysError(f"--subjects names none; there are {_listed(there)}")
    return frozenset(found)


def drawn(share: float, seed: int, there: Mapping[str, Size]) -> frozenset[str]:
    """A share of the subjects that have resources, one at least; a larger share has the same.

    They are drawn by a hash of the seed and their names.
    """

    def place(subject: str) -> str:
        return hashlib.sha256(f"{seed}\n{subject}".encode()).hexdigest()

    choices = sorted((subject for subject, size in there.items() if size.resources), key=place)
    return frozenset(choices[: max(1, round(share * len(choices)))])


def check(held: Collection[str], there: Mapping[str, Size]) -> None:
    """Raise GatewaysError unless `held`, and what is not held out, have something aligned."""
    rest = [subject for subject, size in there.items() if size.resources and subject not in held]
    if not any(there[subject].resources for subject in held):
        raise GatewaysError(
            f"nothing is aligned to {', '.join(sorted(held)) or 'any subject'}; "
            f"hold out others of {_listed(there)}"
        )
    if not rest:
        raise GatewaysError(
            f"all subjects that have resources would be held out; leave some of {_listed(there)}"
        )


def _listed(there: Mapping[str, Size]) -> str:
    return "; ".join(
        f"{subject} ({size.outcomes:,} outcomes, {size.resources:,} resources)"
        for subject, size in there.items()
    )
