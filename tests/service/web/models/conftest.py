"""A workspace in which two versions are known with reports, as a registry would publish them."""

from dataclasses import replace

import pytest

from data.records import Outcome, Resource, Split
from evaluation.alignment.protocol import Prediction, Task
from evaluation.benchmark.questions import Benchmark
from evaluation.benchmark.report import Model, Point, report_on
from evaluation.benchmark.report_file import write_report
from models.bundles.published_versions import PublishedVersion, read_versions, write_versions
from models.bundles.released import Change, record

OUTCOMES = [f"o{number}" for number in range(20)]
RESOURCES = [
    Resource(
        id=f"r{number}",
        title=f"Title {number}",
        text="What <b>it</b> says.",
        language="hi" if number % 2 else "en",
    )
    for number in range(80)
]


def report_of(name, is_right, resources):
    """A report in which the right outcome is first for those resources that `is_right` says."""
    gold = {resource.id: frozenset({"o0"}) for resource in resources}
    nodes = [Outcome(id=id_, framework="f", title=f"Outcome {id_}") for id_ in OUTCOMES]
    benchmark = Benchmark(
        dataset="made", split=Split.TEST, task=Task(queries=resources, outcomes=nodes), gold=gold
    )
    predictions = [
        Prediction(
            resource=resource.id,
            outcome=outcome,
            rank=rank,
            score=-rank,
            confidence=0.8 if rank == 1 else 0.01,
            selected=rank == 1,
        )
        for resource in resources
        for rank, outcome in enumerate(
            OUTCOMES if is_right(resource) else [*OUTCOMES[1:], "o0"], start=1
        )
    ]
    report = report_on(benchmark, predictions, Model(name=name, fingerprint=name), 1.0)
    points = [Point(decisions=number, figures=report.figures) for number in (0, 50)]
    return replace(report, learning_curve=tuple(points))


def version_of(name, aliases, reports):
    return PublishedVersion(
        name=name,
        bundle=f"bundle-{name}",
        base="e5",
        trained_on="words",
        created="2026-01-01T00:00:00+00:00",
        digest=name,
        aliases=aliases,
        dataset="abc",
        code="c0ffee",
        card=f"# Card of {name}",
        parameters={"epochs": "2"},
        metrics={"mean_f2": 0.5},
        reports=reports,
    )


@pytest.fixture
def published(settings):
    """Publish the champion 1 and the challenger 2, right on the resources that is said of each."""

    def publish(first, second, resources=RESOURCES):
        registry = settings.home / "registry"
        reports = {}
        for name, is_right in (("1", first), ("2", second)):
            report = report_of(name, is_right, resources)
            path = registry / "artifacts" / name / report.fingerprint / "report.json"
            path.parent.mkdir(parents=True)
            write_report(path, report)
            reports[name] = {report.fingerprint: path}
        write_versions(
            registry,
            [
                version_of("2", ("challenger",), reports["2"]),
                version_of("1", ("champion",), reports["1"]),
                *read_versions(settings.home / "nothing"),
            ],
        )
        change = Change(
            action="promote", version="1", folder="1-x", time="2026-01-02T00:00:00+00:00"
        )
        record(settings.home / "models", change)
        return next(iter(reports["1"]))

    return publish


def everywhere(_resource):
    return True


def nowhere(_resource):
    return False


def in_english(resource):
    return resource.language == "en"


@pytest.fixture
def better(published):
    """The challenger is right where the champion is not; the fingerprint of their data."""
    return published(nowhere, everywhere)


@pytest.fixture
def worse_in_hindi(published):
    """The challenger is right in English alone."""
    return published(everywhere, in_english)


@pytest.fixture
def better_on_few(published):
    """The challenger is right where the champion is not, but only seven resources say so."""
    return published(nowhere, everywhere, RESOURCES[:7])


@pytest.fixture
def alike(published):
    """Each is right on one half of every language."""
    first = {resource.id for number, resource in enumerate(RESOURCES) if number % 4 < 2}
    return published(lambda one: one.id in first, lambda one: one.id not in first, RESOURCES[:60])


@pytest.fixture
def started(monkeypatch):
    """The commands that were asked for, none of which is run."""
    commands = []

    def start(_self, what, arguments, by):
        commands.append((what, list(arguments), by))
        return type("Job", (), {"id": "20260101-000000-abcdef"})

    monkeypatch.setattr("service.jobs.jobs.Jobs.start", start)
    return commands
