"""The catalogue → LRMI: each resource with what it is aligned to, a JSON-LD object a line."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from data.catalogue import Catalogue
from data.formats.lrmi.writer import Aligned, learning_resource
from data.output_file import growing
from data.records import Resource

_AT_ONCE = 500  # resources


def export_lrmi(catalogue: Catalogue, file: Path) -> None:
    """Write all resources that are not retired, a LearningResource a line."""
    live = catalogue.resources.live()
    with growing(file) as out:
        while chunk := list(islice(live, _AT_ONCE)):
            for node in learning_resources(catalogue, chunk):
                out.write(json.dumps(node, ensure_ascii=False) + "\n")


def learning_resources(
    catalogue: Catalogue, resources: Sequence[Resource], base: str | None = None
) -> Iterator[dict[str, Any]]:
    """Resources as LearningResources, with addresses below `base` if it is given."""
    aligned = _aligned(catalogue, (one.id for one in resources))
    for resource in resources:
        yield learning_resource(resource, aligned.get(resource.id, ()), base)


def _aligned(catalogue: Catalogue, ids: Iterable[str]) -> dict[str, list[Aligned]]:
    found: dict[str, list[Aligned]] = {}
    alignments = catalogue.alignments.of_resources(ids)
    outcomes = catalogue.outcomes.many({one.outcome for one in alignments})
    frameworks = catalogue.frameworks.by_id()
    for one in alignments:
        outcome = outcomes[one.outcome]
        found.setdefault(one.resource, []).append(
            Aligned(alignment=one, outcome=outcome, framework=frameworks.get(outcome.framework))
        )
    return found
