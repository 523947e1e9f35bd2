"""The catalogue → LRMI: each resource with what it is aligned to, a JSON-LD object a line."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.lrmi.writer import Aligned, learning_resource
from data.records import Resource

_AT_ONCE = 500  # resources


def export_lrmi(catalogue: Catalogue, file: Path) -> None:
    """Write all resources that are not retired, a LearningResource a line."""
    aside = file.with_name(f"{file.name}.part")
    try:
        with aside.open("w", encoding="utf-8", newline="\n") as out:
            live = catalogue.resources.live()
            while chunk := list(islice(live, _AT_ONCE)):
                for node in learning_resources(catalogue, chunk):
                    out.write(json.dumps(node, ensure_ascii=False) + "\n")
            out.flush()
            os.fsync(out.fileno())
        aside.replace(file)
    except OSError as error:
        raise GatewaysError(f"{file}: cannot be written: {error.strerror or error}") from None
    finally:
        aside.unlink(missing_ok=True)


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
