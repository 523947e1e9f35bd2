"""Has a model answer a benchmark, and reports on it."""

import time
from collections.abc import Collection, Iterator
from pathlib import Path

from data.progress import Progress
from data.settings import Settings
from evaluation.alignment.ablation import Field, without
from evaluation.alignment.protocol import Prediction, Task, predict
from evaluation.alignment.road import Road
from evaluation.alignment.workbench import task_aligner
from evaluation.benchmark.questions import Benchmark
from evaluation.benchmark.report import Model, Report, report_on
from models.alignment.aligner import Aligner
from models.alignment.batch import open_ranking
from models.bundles.released import AUTO, SHIPPED


def measure(
    benchmark: Benchmark,
    settings: Settings,
    progress: Progress,
    *,
    by: Road = Road.BOTH,
    fields: Collection[Field] = (),
) -> Report:
    """Measure the model that `settings.encoder` names, without `fields` of the resources."""
    started = time.perf_counter()
    aligner, lists = align_task(without(benchmark.task, fields), settings, progress, by)
    predictions = [found for each in lists for found in each]
    model = Model(
        name=_name(settings.encoder, aligner.encoder.name),
        fingerprint=aligner.fingerprint,
        by=by,
        ranked=aligner.snapshot.ranker is not None,
        without=tuple(sorted(fields)),
    )
    return report_on(benchmark, predictions, model, time.perf_counter() - started)


def align_task(
    task: Task, settings: Settings, progress: Progress, by: Road = Road.BOTH
) -> tuple[Aligner, Iterator[list[Prediction]]]:
    """The aligner over a task's outcomes, and the ranked list of each of its queries."""
    aligner = task_aligner(task, settings, progress, by)
    return aligner, predict(aligner, task, open_ranking(settings, progress))


def _name(said: str, encoder: str) -> str:
    """As it was called, else its own; of a folder the last, since where it lies says nothing."""
    name = encoder if said in (AUTO, SHIPPED) else said
    return Path(name).name if Path(name).is_dir() else name
