"""freeze → train → evaluate → gate → register: each step takes the last one's output.

What a step made lies in a folder, and is taken from there when the run is given again; that is all
that resuming needs. No arithmetic here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from data.errors import GatewaysError
from data.progress import Progress
from data.records import Split
from data.settings import Settings
from data.splits import By
from data.workspace import Workspace, exclusive
from evaluation.alignment.ablation import Field, without
from evaluation.benchmark.comparison import Comparison, compare
from evaluation.benchmark.measuring import measure
from evaluation.benchmark.page import write_page
from evaluation.benchmark.questions import Benchmark, read_benchmark
from evaluation.benchmark.report import Report
from evaluation.benchmark.report_file import read_report, write_report
from models.bundles.bundle import MANIFEST, Bundle, is_bundle, read_bundle
from models.bundles.released import champion, encoder_name
from models.checksums import checksum
from training.bundle.making import Plan, train_bundle
from training.code_version import code_version
from training.freezing.freeze import freeze
from training.freezing.split_memory import memory_file
from training.registry.store import Registry
from training.registry.versions import Version
from training.retraining.order import Course, Order, TooLittleError, check_order, course_of

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrained:
    """What came of it: the registered version, its report and the champion's, and the gate's word.

    `page` is the HTML report.
    """

    dataset: Path
    version: Version
    champion: Version
    comparison: Comparison
    report: Report
    page: Path


def retrain(settings: Settings, order: Order, say: Say, progress: Progress) -> Retrained:
    """Run every step that is not done yet; `say` is told which. It promotes nothing.

    Killed at any point and given again, it goes on where it was. Raises GatewaysError when there is
    too little to learn from or to measure on, ConflictError while another one runs.
    """
    workspace = Workspace(settings.home)
    with exclusive(workspace.retraining / "lock", lambda: _busy(workspace.retraining)):
        check_order(settings, order)
        registry = Registry(workspace.registry)
        registry.check()
        dataset, course = _begun(settings, order, say, progress)
        folder = workspace.retraining / course.dataset
        say(f"2 of 5: training on {dataset} ({course.plan.way}, from {course.plan.base})")
        bundle = _trained(folder / course.bundle, course.plan, settings, dataset, progress)
        # Whatever the settings have in its place: what is registered of it must be its own.
        serving = champion(workspace.models)
        before = registry.version(serving.version)
        say(f"3 of 5: evaluating it and the champion, version {before.name}")
        benchmark = _fair(read_benchmark(course.document, Split.TEST))
        theirs = folder / f"champion-{before.name}-{before.digest[:8]}.json"
        own = folder / f"{course.bundle}-{checksum(bundle.folder / MANIFEST)[:8]}.json"
        reports = [
            _report(file, benchmark, settings.model_copy(update={"encoder": name}), progress)
            for file, name in (
                (theirs, encoder_name(serving, workspace.models)),
                (own, str(bundle.folder)),
            )
        ]
        say("4 of 5: comparing the two")
        comparison = compare(*reports)
        page = own.with_suffix(".html")
        write_page(page, reports[1], comparison)
        say("5 of 5: registering it")
        with _resumable(), workspace.writing("retrain", say):
            registry.add_report(before.name, benchmark.fingerprint, theirs)
            version = registry.register(
                bundle.folder,
                dataset=course.dataset,
                parameters=bundle.recipe,
                metrics=_metrics(reports[1]),
                code=code_version(),
            )
            registry.add_report(version.name, benchmark.fingerprint, own, page)
    return Retrained(
        dataset=dataset,
        version=registry.version(version.name),
        champion=registry.version(before.name),
        comparison=comparison,
        report=reports[1],
        page=page,
    )


def _begun(settings: Settings, order: Order, say: Say, progress: Progress) -> tuple[Path, Course]:
    """The dataset, frozen where none is given, and how to train on it."""
    if order.dataset is not None:
        return order.dataset, course_of(settings, order, order.dataset)
    say("1 of 5: freezing what was accepted and rejected")
    by = order.by or _parted_before(settings)
    try:
        return _frozen(settings, replace(order, by=by), by, progress)
    except TooLittleError:
        if order.by is not None or by is By.RESOURCE:
            raise
    say("1 of 5: freezing it by resource, since too little is left by outcome")
    return _frozen(settings, replace(order, by=By.RESOURCE), By.RESOURCE, progress)


def _parted_before(settings: Settings) -> By:
    """By resource where that was done before: test data of one way is trained on in the other."""
    is_parted = memory_file(Workspace(settings.home).frozen, By.RESOURCE).is_file()
    return By.RESOURCE if is_parted else By.OUTCOME


def _frozen(settings: Settings, order: Order, by: By, progress: Progress) -> tuple[Path, Course]:
    with Workspace(settings.home).writing("retrain"):
        dataset = freeze(settings, by=by, progress=progress).folder
    return dataset, course_of(settings, order, dataset)


def _fair(benchmark: Benchmark) -> Benchmark:
    """Without earlier acceptances where none is of an outcome that is asked for.

    They could only mislead, and embedding them takes the most of the time.
    """
    asked = frozenset[str]().union(*benchmark.gold.values())
    task = benchmark.task
    if any(not asked.isdisjoint(outcomes) for outcomes in task.accepted.values()):
        return benchmark
    return replace(benchmark, task=without(task, [Field.NEIGHBOURS]))


def _trained(
    out: Path, plan: Plan, settings: Settings, dataset: Path, progress: Progress
) -> Bundle:
    if is_bundle(out):
        return read_bundle(out)
    return train_bundle(dataset, settings, plan, out, progress)


def _report(file: Path, benchmark: Benchmark, settings: Settings, progress: Progress) -> Report:
    if not file.is_file():
        write_report(file, measure(benchmark, settings, progress))
    return read_report(file)


def _metrics(report: Report) -> dict[str, float]:
    """A report's figures, and those of its slices as `language/hi/recall@10`."""
    figures = {name: figure.value for name, figure in report.figures.items()}
    for found in report.slices:
        for name, value in {**found.values, "ece": found.ece}.items():
            figures[f"{found.by}/{found.name}/{name}"] = value
    return figures


@contextmanager
def _resumable() -> Iterator[None]:
    """Have a failure of the last step say that nothing before it is lost."""
    try:
        yield
    except (GatewaysError, OSError) as error:
        raise GatewaysError(
            f"{error}. It is trained and measured: the same command, given again, registers it"
        ) from error


def _busy(folder: Path) -> str:
    return f"{folder}: another `gateways retrain` runs on this workspace"
