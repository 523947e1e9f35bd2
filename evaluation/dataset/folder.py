"""A parted dataset → one folder with two dataset folders, `learn` and `unseen`."""

import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from data.durable import sync
from data.errors import GatewaysError
from data.formats.dataset_folder_writer import write_folder
from data.output_file import check_folder
from data.records import Alignment, Dataset, Outcome, Prerequisite, Resource
from evaluation.dataset.hold_out import Labelled, Parted

LEARN, UNSEEN = "learn", "unseen"


def check_place(out: Path) -> None:
    """Raise GatewaysError if something is at `out`, or nothing can be written there."""
    if out.exists():
        raise GatewaysError(f"{out}: there is something already; name a new folder")
    check_folder(out)


def write_parted(out: Path, parted: Parted, dataset: Dataset, held: Collection[str]) -> None:
    """Write both, whole or not at all; each says what it is part of. Raises GatewaysError."""
    out = out.resolve()
    check_place(out)
    aside = out.with_name(f".{out.name}.part")
    try:
        shutil.rmtree(aside, ignore_errors=True)  # of a run that was killed
        for name, part in ((LEARN, parted.learn), (UNSEEN, parted.unseen)):
            _write(aside / name, part, _called(dataset, name, held))
            sync(aside / name)
        sync(aside)
        aside.rename(out)
        sync(out.parent)
    except OSError as error:
        raise GatewaysError(f"{out}: cannot be written ({error.strerror or error})") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write(folder: Path, part: Labelled, dataset: Dataset) -> None:
    write_folder(
        folder,
        dataset,
        {
            Outcome: part.outcomes,
            Resource: part.resources,
            Alignment: part.alignments,
            **({Prerequisite: part.prerequisites} if part.prerequisites else {}),
        },
    )


def _called(dataset: Dataset, name: str, held: Collection[str]) -> Dataset:
    says = {"part_of": dataset.name, "held_out_subjects": sorted(held)}
    return replace(dataset, name=f"{dataset.name}-{name}", extra={**dataset.extra, **says})
