"""A catalogue → the report on it."""

import time
from collections.abc import Iterable, Sequence

from data.catalogue import Catalogue
from data.catalogue.tallies import Holding, Target
from evaluation.evidence.coverage import Shelf, coverage, shelves
from evaluation.evidence.curators import YEAR, curators, freshness
from evaluation.evidence.editions import Editions, editions
from evaluation.evidence.figure import ALL, Figure
from evaluation.evidence.gaps import gaps
from evaluation.evidence.holdings import openness
from evaluation.evidence.measures import MEASURES
from evaluation.evidence.naming import Naming
from evaluation.evidence.practices import better_half, practices
from evaluation.evidence.privacy import Privacy
from evaluation.evidence.report import Protection, Report, changes
from evaluation.evidence.use import QUERIES, TABLES, Domain, use


def make(
    catalogue: Catalogue,
    privacy: Privacy,
    before: Report | None = None,
    now: float | None = None,
) -> Report:
    """The report as of now (Unix seconds), with what has changed since the one before."""
    moment = time.time() if now is None else now
    naming = Naming.read(catalogue)
    targets = catalogue.tallies.targets()
    found = shelves(catalogue.tallies.served(), naming)
    known = _editions(catalogue, targets, found, naming)
    holdings = catalogue.tallies.holdings()
    figures = _sorted(
        [
            *_of_content(targets, found, known, holdings, naming),
            *curators(catalogue.judgements.standing(), catalogue.judgements.concords(), naming),
            *freshness(catalogue.tallies.ages(moment, YEAR), naming),
            *use(
                catalogue.use.done(),
                catalogue.use.attempts(),
                _domain(targets, holdings, naming),
                naming,
                privacy,
            ),
        ]
    )
    figures = (*figures, *practices(figures))
    return Report(
        made=moment,
        platforms=naming.named([naming.platform(one.dataset) for one in holdings]),
        frameworks={one.id: one.title for one in catalogue.frameworks.all()},
        figures=figures,
        protection=_protection(privacy),
        halves=better_half(figures),
        since=before.made if before else None,
        changes=changes(before.figures, figures) if before else (),
        editions=known,
    )


def _of_content(
    targets: Sequence[Target],
    found: dict[str, Shelf],
    known: Editions,
    holdings: Iterable[Holding],
    naming: Naming,
) -> list[Figure]:
    covered = coverage(targets, found, known)
    return [*covered, *gaps(covered), *openness(holdings, naming)]


def _editions(
    catalogue: Catalogue, targets: Iterable[Target], found: dict[str, Shelf], naming: Naming
) -> Editions:
    served = found[ALL].languages.keys() if ALL in found else ()
    owners = {one.id: naming.platform(one.dataset) for one in catalogue.frameworks.all()}
    return editions(targets, catalogue.editions.successions(), served, owners)


def _domain(targets: Iterable[Target], holdings: Iterable[Holding], naming: Naming) -> Domain:
    kinds: dict[str, set[str]] = {}
    for one in holdings:
        kinds.setdefault(naming.platform(one.dataset), set()).add(one.kind or "")
    return Domain(kinds=kinds, framework_of={one.id: one.framework for one in targets})


def _protection(privacy: Privacy) -> Protection:
    if privacy.epsilon is None:
        return Protection(least=privacy.least)
    each = privacy.epsilon / QUERIES
    return Protection(
        least=privacy.least,
        epsilon=privacy.epsilon,
        scales={table.name: table.scales(each) for table in TABLES},
    )


def _sorted(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """In the order of the measures, then by platform; slices as they came."""
    order = list(MEASURES)
    return tuple(sorted(figures, key=lambda one: (order.index(one.measure), one.platform)))
