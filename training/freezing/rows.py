"""A frozen dataset → Hugging Face `datasets` on disk: a row a label, with its texts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from data.errors import GatewaysError
from data.formats.rejections import Rejection
from data.records import Alignment, Resource, Split
from models.entry import Entry
from models.snapshots.indexing import outcome_entries
from models.text import outcome_text, resource_text
from training.freezing.content import Content

Label: TypeAlias = Alignment | Rejection
Row: TypeAlias = dict[str, Any]

NEGATIVE, POSITIVE = "negative", "positive"
TEXTS: Final = (
    "resource",
    "outcome",
    "relation",
    "reason",
    "aspect",
    "resource_text",
    "outcome_text",
    "resource_family",
    "outcome_family",
    "resource_language",
    "outcome_language",
    "resource_subject",
    "outcome_subject",
    "resource_kind",
    "framework",
)
LISTS: Final = ("resource_levels", "outcome_levels")


def write_rows(content: Content, folder: Path) -> None:
    """Write a DatasetDict with the splits train, dev and test; `load_from_disk` opens it.

    Raises GatewaysError when `datasets` is not installed.
    """
    try:
        import datasets
    except ImportError:
        raise GatewaysError(
            "freezing needs the package `datasets`; install the extra: "
            "pip install --no-deps -r locks/train.txt"
        ) from None
    text = datasets.Value("string")
    kinds = dict.fromkeys(TEXTS, text) | dict.fromkeys(LISTS, datasets.List(text))
    kinds["label"] = datasets.ClassLabel(names=[NEGATIVE, POSITIVE])
    kinds["weight"] = datasets.Value("float32")
    silent = datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        datasets.DatasetDict(
            {
                split.value: datasets.Dataset.from_dict(
                    {name: [row[name] for row in rows] for name in kinds},
                    features=datasets.Features(kinds),
                )
                for split, rows in rows_of(content).items()
            }
        ).save_to_disk(folder)
    finally:
        if not silent:
            datasets.enable_progress_bars()


def rows_of(content: Content) -> Mapping[Split, Sequence[Row]]:
    """The rows of each split, accepted ones first.

    Near-identical rows, of one resource family, one outcome family and one label, weigh 1 together.
    """
    resources = {resource.id: resource for resource in content.resources}
    entries = {entry.outcome.id: entry for entry in outcome_entries(content.outcomes)}
    rows: dict[Split, list[Row]] = {split: [] for split in Split}
    for label in content.labels:
        if label.split is not None:
            row = _row(label, resources[label.resource], entries[label.outcome])
            row["resource_family"] = content.resource_families[label.resource]
            row["outcome_family"] = content.outcome_families[label.outcome]
            rows[label.split].append(row)
    alike = Counter(_likeness(row) for found in rows.values() for row in found)
    for found in rows.values():
        for row in found:
            row["weight"] = 1 / alike[_likeness(row)]
    return rows


def _row(label: Label, resource: Resource, entry: Entry) -> Row:
    outcome = entry.outcome
    row: Row = {
        "resource": resource.id,
        "outcome": outcome.id,
        "resource_text": resource_text(resource),
        "outcome_text": outcome_text(outcome, entry.path),
        "resource_language": resource.language,
        "outcome_language": outcome.language,
        "resource_subject": resource.subject,
        "outcome_subject": outcome.subject,
        "resource_levels": list(resource.levels),
        "outcome_levels": list(entry.levels),
        "resource_kind": resource.kind,
        "framework": outcome.framework,
    }
    if isinstance(label, Alignment):
        why = {"label": POSITIVE, "relation": label.relation, "reason": None, "aspect": None}
    else:
        why = {"label": NEGATIVE, "relation": None, "reason": label.reason, "aspect": label.aspect}
    return row | why


def _likeness(row: Row) -> tuple[str, str, str]:
    return row["resource_family"], row["outcome_family"], row["label"]
