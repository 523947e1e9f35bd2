"""The catalogue → files: a dataset folder with everything, or a table for a spreadsheet."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.dataset_folder_writer import write_folder, write_table
from data.formats.harmless import harmless
from data.output_file import growing
from data.records import (
    Alignment,
    Correspondence,
    Dataset,
    Decision,
    Interaction,
    Outcome,
    Prerequisite,
    Record,
    Resource,
)

Cells: TypeAlias = dict[str, Any]

DECISION_COLUMNS = (
    "id",
    "time",
    "resource",
    "outcome",
    "decision",
    "reason",
    "note",
    "curator",
    "model",
    "index",
    "framework_fingerprint",
    "rank",
    "score",
    "confidence",
    "showing",
    "shown",
)
ALIGNMENT_COLUMNS = ("resource", "outcome", "relation", "split", "agent", "time", "model")
DECISIONS_FILE = "decisions.csv"


def export_catalogue(catalogue: Catalogue, folder: Path) -> None:
    """Write all that is not retired as one dataset, and the ledger beside it.

    An import takes the alignments that were accepted; the ledger is the record of one catalogue and
    stays with it. Raises GatewaysError if `folder` has files.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise GatewaysError(f"{folder}: there is something already; name a new folder")
    sources: dict[type[Record], tuple[str, Iterable[Record]]] = {
        Outcome: ("outcomes", catalogue.outcomes.live()),
        Resource: ("resources", catalogue.resources.live()),
        Alignment: ("alignments", catalogue.alignments.live()),
        Prerequisite: ("prerequisites", catalogue.prerequisites.live()),
        Correspondence: ("correspondences", catalogue.correspondences.live()),
        Interaction: ("interactions", catalogue.interactions.live()),
    }
    counts = catalogue.counts()
    records = {kind: rows for kind, (name, rows) in sources.items() if counts[name]}
    write_folder(folder, whole_dataset(catalogue, folder.resolve().name), records)
    if counts["decisions"]:
        export_decisions(catalogue, folder / DECISIONS_FILE)


def export_decisions(catalogue: Catalogue, file: Path) -> None:
    """Write the ledger as CSV, a decision a row, undone ones too."""
    _write_table(file, DECISION_COLUMNS, map(_decision_cells, catalogue.ledger.all()))


def export_alignments(catalogue: Catalogue, file: Path) -> None:
    """Write the alignments that stand as CSV, with who stated each and when."""
    _write_table(file, ALIGNMENT_COLUMNS, map(_alignment_cells, catalogue.alignments.live()))


def export_crosswalk(catalogue: Catalogue, file: Path, framework: str, other: str) -> None:
    """Write what stands from one framework to another as the crosswalk of a dataset folder."""
    write_table(file, Correspondence, catalogue.correspondences.between(framework, other))


def whole_dataset(catalogue: Catalogue, name: str) -> Dataset:
    """The one dataset there is, or one called `name` that names all it is made of."""
    datasets = catalogue.datasets.all()
    if len(datasets) == 1:
        return datasets[0]
    frameworks = [
        {"id": one.id, "title": one.title, "language": one.language}
        for one in catalogue.frameworks.all()
    ]
    return Dataset(
        name=name or "catalogue",
        license=_joined(one.license for one in datasets),
        attribution=_joined(one.attribution for one in datasets),
        source=_joined(one.source for one in datasets),
        languages=tuple(dict.fromkeys(tag for one in datasets for tag in one.languages)),
        extra={
            "frameworks": frameworks,
            "datasets": [asdict(one) for one in datasets],
        },
    )


def _joined(texts: Iterable[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(text for text in texts if text)) or None


def _decision_cells(decision: Decision) -> Cells:
    showing = decision.showing
    shown = showing.shown if showing else ()
    line = next((one for one in shown if one.outcome == decision.outcome), None)
    return {
        "id": decision.id,
        "time": _iso(decision.time),
        "resource": decision.resource,
        "outcome": decision.outcome,
        "decision": decision.verdict.value,
        "reason": decision.reason.value if decision.reason else None,
        "note": harmless(decision.note),
        "curator": harmless(decision.curator),
        "model": showing.model if showing else None,
        "index": showing.index if showing else None,
        "framework_fingerprint": decision.framework_fingerprint,
        "rank": line.rank if line else None,
        "score": line.score if line else None,
        "confidence": line.confidence if line else None,
        "showing": showing.id if showing else None,
        "shown": json.dumps([asdict(one) for one in shown], ensure_ascii=False),
    }


def _alignment_cells(alignment: Alignment) -> Cells:
    origin = alignment.provenance
    return {
        "resource": alignment.resource,
        "outcome": alignment.outcome,
        "relation": alignment.relation.value,
        "split": alignment.split.value if alignment.split else None,
        "agent": harmless(origin.agent) if origin else None,
        "time": _iso(origin.time) if origin else None,
        "model": origin.model if origin else None,
    }


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds")


def _write_table(file: Path, columns: Sequence[str], rows: Iterator[Cells]) -> None:
    with growing(file) as out:
        table = csv.DictWriter(out, columns)
        table.writeheader()
        table.writerows(rows)
