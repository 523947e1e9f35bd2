"""How often something is shown for texts that a dataset's frameworks do not teach.

Against the dataset's own resources, whole and by their titles. What is shown for a text is right or
wrong by its group alone: no outcome is given for it. Beside what is shown the first confidence
tells: the area under the curve is the probability that it is higher for a resource of the dataset
than for a text of the group (Hanley & McNeil, The Meaning and Use of the Area under a ROC Curve,
Radiology 1982).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter, ValidationError
from sklearn.metrics import roc_auc_score

from data.errors import GatewaysError
from data.formats.protocol import Document
from data.progress import Progress
from data.records import Split
from data.settings import Settings
from evaluation.alignment.protocol import read_task
from evaluation.alignment.workbench import task_aligner
from models.alignment.aligner import Aligner
from models.suggestion import Query
from models.text import query_of

TEXTS: Final = Path(__file__).with_name("texts.json")
OWN: Final = "resources"
TITLES: Final = "their titles"
"""What the dataset's own resources and their titles are called among the groups."""

_GROUPS = TypeAdapter(dict[str, list[str]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How many suggestions were shown for each text of a group [n], and the first's confidence."""

    counts: npt.NDArray[np.int64]
    firsts: npt.NDArray[np.float64]


def read_texts(path: Path) -> dict[str, list[str]]:
    """Groups of texts by their names. Raises GatewaysError when the file is not of that kind."""
    try:
        groups = _GROUPS.validate_json(path.read_bytes())
    except OSError as error:
        raise GatewaysError(f"{path}: cannot be read ({error.strerror})") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = " → ".join(str(part) for part in first["loc"])
        raise GatewaysError(
            f"{path}: {f'{place}: ' if place else ''}{first['msg']}; give a JSON object of names, "
            'each with a list of texts, as {"everyday": ["used cars for sale"]}'
        ) from None
    if not groups:
        raise GatewaysError(f"{path}: no group of texts is in it")
    if empty := [name for name, texts in groups.items() if not texts]:
        raise GatewaysError(
            f"{path}: no text in {', '.join(f'«{name}»' for name in empty)}; give each group a "
            "text or more, or leave it out"
        )
    if taken := groups.keys() & {OWN, TITLES}:
        raise GatewaysError(
            f"{path}: «{min(taken)}» is what the dataset's own are called; name the group otherwise"
        )
    return groups


def report(
    document: Document,
    split: Split,
    groups: Mapping[str, Sequence[str]],
    settings: Settings,
    progress: Progress,
) -> dict[str, Any]:
    """Figures of each group, and before them of the dataset's own resources in a split."""
    task = read_task(document, split)
    aligner = task_aligner(task, settings, progress)
    asked = {
        OWN: [query_of(resource) for resource in task.queries],
        TITLES: [
            Query(text=found.title, language=found.language, resource=found.id)
            for found in task.queries
        ],
        **{name: [Query(text=text) for text in texts] for name, texts in groups.items()},
    }
    shown = {name: _shown(aligner, queries) for name, queries in asked.items()}
    return {
        "dataset": document.dataset.name,
        "split": split.value,
        "model": aligner.encoder.name,
        "groups": [
            {"name": name, **_figures(found, None if name == OWN else shown[OWN])}
            for name, found in shown.items()
        ],
    }


def _shown(aligner: Aligner, queries: Sequence[Query]) -> Shown:
    counts, firsts = [], []
    for query, vector in zip(queries, aligner.encode(queries), strict=True):
        suggestions = aligner.rank(query, vector, explain=False).suggestions
        counts.append(sum(found.selected for found in suggestions))
        firsts.append(max((found.confidence for found in suggestions), default=0.0))
    return Shown(counts=np.array(counts), firsts=np.array(firsts))


def _figures(found: Shown, own: Shown | None) -> dict[str, Any]:
    """`area` is None of the resources themselves."""
    figures: dict[str, Any] = {
        "texts": len(found.counts),
        "shown": round(float((found.counts > 0).mean()), 4),
        "shown_each": round(float(found.counts.mean()), 2),
        "first_confidence": round(float(np.median(found.firsts)), 4),
        "area": None,
    }
    if own is not None:
        truths = np.repeat([True, False], [len(own.firsts), len(found.firsts)])
        area = roc_auc_score(truths, np.concatenate([own.firsts, found.firsts]))
        figures["area"] = round(float(area), 4)
    return figures
