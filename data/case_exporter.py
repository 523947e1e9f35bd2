"""The catalogue → a CFPackage of 1EdTech CASE, a framework at a time."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from data.catalogue import Catalogue
from data.errors import NotFoundError
from data.formats.case.mapping import EXEMPLAR, ends_of, identifier_of, said_by
from data.formats.case.parts import ASSOCIATIONS
from data.formats.case.tidying import Json
from data.formats.case.versions import Version, package_in
from data.formats.case.writer import OUTCOME, CaseWriter, Source
from data.output_file import growing
from data.records import Correspondence, Prerequisite, Relation, Resource

ALL: Final = "all"
NONE: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChoice:
    """What goes into a package: the crosswalks to all frameworks, to none or to the one named."""

    version: Version = "1.0"
    crosswalk: str = ALL
    alignments: bool = False


def export_case(
    catalogue: Catalogue, file: Path, framework_id: str, public_url: str, choice: CaseChoice
) -> None:
    """Write a framework as one CFPackage. Raises GatewaysError if it or the file cannot be had."""
    package = case_package(catalogue, framework_id, public_url, choice)
    with growing(file) as out:
        json.dump(package, out, ensure_ascii=False, indent=1)
        out.write("\n")


def case_package(
    catalogue: Catalogue, framework_id: str, public_url: str, choice: CaseChoice
) -> Json:
    """A framework as a CFPackage. Raises NotFoundError if there is no such framework."""
    source = case_source(catalogue, framework_id)
    if choice.alignments:
        source = replace(source, exemplars=list(_exemplars(catalogue, framework_id)))
    package = CaseWriter(source, public_url).package()
    if choice.crosswalk != ALL:
        package[ASSOCIATIONS] = list(_chosen(catalogue, package, source, choice.crosswalk))
    return package_in(choice.version, package)


def case_heads(catalogue: Catalogue) -> dict[str, Source]:
    """Id → every framework with what is said of it as a whole, without its outcomes."""
    datasets = {dataset.name: dataset for dataset in catalogue.datasets.all()}
    imported = catalogue.datasets.imported()
    decided = catalogue.correspondences.decided()
    return {
        framework.id: Source(
            framework=framework,
            dataset=datasets[framework.dataset],
            outcomes=(),
            changed=_moment(
                max(imported.get(framework.dataset, 0.0), decided.get(framework.id, 0.0))
            ),
        )
        for framework in catalogue.frameworks.all()
    }


def case_source(catalogue: Catalogue, framework_id: str) -> Source:
    """All that is said of a framework, without alignments. Raises NotFoundError."""
    heads = case_heads(catalogue)
    _check_there(framework_id, heads)
    statements: list[Prerequisite | Correspondence] = [
        *catalogue.prerequisites.of_framework(framework_id),
        *catalogue.correspondences.of_framework(framework_id),
    ]
    ends = {id_ for one in statements for id_ in said_by(one)[1:]}
    return replace(
        heads[framework_id],
        outcomes=catalogue.outcomes.live(framework_id),
        statements=statements,
        others=catalogue.outcomes.many(ends),
    )


def _check_there(framework_id: str, there: Collection[str]) -> None:
    if framework_id not in there:
        listed = ", ".join(there) or "none"
        raise NotFoundError(f"there is no framework {framework_id!r}; there is {listed}")


def _moment(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _exemplars(catalogue: Catalogue, framework_id: str) -> Iterator[tuple[str, Resource]]:
    """What is taught or assessed, and by which resource, as was stated or accepted."""
    found = [
        one
        for one in catalogue.alignments.of_framework(framework_id)
        if one.relation is not Relation.REQUIRES
    ]
    resources = catalogue.resources.many(one.resource for one in found)
    for one in found:
        yield one.outcome, resources[one.resource]


def _chosen(catalogue: Catalogue, package: Json, source: Source, crosswalk: str) -> Iterator[Json]:
    """The associations that stay in the framework, and those to the one of the crosswalk."""
    if crosswalk != NONE:
        _check_there(crosswalk, [found.id for found in catalogue.frameworks.all()])
    chosen = [] if crosswalk == NONE else catalogue.outcomes.live(crosswalk)
    kept = {identifier_of(OUTCOME, outcome.id) for outcome in (*source.outcomes, *chosen)}
    kept.add(package["CFDocument"]["identifier"])
    for association in package[ASSOCIATIONS]:
        ends = ends_of(association)
        if ends.type == EXEMPLAR or kept.issuperset(ends[1:]):
            yield association
