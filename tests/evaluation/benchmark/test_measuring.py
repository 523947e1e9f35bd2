from dataclasses import replace

import pytest

from data.progress import progress_bar
from data.records import Resource
from data.settings import Settings
from evaluation.alignment.ablation import Field, without
from evaluation.alignment.road import Road
from evaluation.benchmark.measuring import align_task, measure
from models.bundles.bundle import CONFIDENCE, RANKER, Bundle, write_manifest


@pytest.fixture
def settings(tmp_path, tiny_folder):
    return Settings(home=tmp_path / "home", encoder=str(tiny_folder))


@pytest.fixture
def benchmark(benchmark_of):
    resources = [
        Resource(id="r1", title="Outcome b", subject="Art"),
        Resource(id="r2", title="Outcome c", subject="Music"),
    ]
    return benchmark_of({"r1": "b", "r2": "c"}, resources=resources)


def test_a_report_says_what_was_measured(benchmark, settings):
    report = measure(benchmark, settings, progress_bar, by=Road.WORDS, fields=[Field.SUBJECT])
    assert (report.model.name, report.model.by, report.model.without) == (
        "tiny",
        "words",
        ("subject",),
    )
    assert report.model.fingerprint
    assert report.fingerprint == benchmark.fingerprint
    assert list(report.per_query) == ["r1", "r2"]
    assert report.seconds > 0


def test_slices_are_by_what_the_model_went_without(benchmark, settings):
    report = measure(benchmark, settings, progress_bar, fields=[Field.SUBJECT])
    names = {found.name for found in report.slices if found.by == "subject"}
    assert names == {"Art", "Music"}


def test_lists_come_in_the_order_of_the_queries(benchmark, settings):
    aligner, lists = align_task(benchmark.task, settings, progress_bar)
    assert aligner.snapshot.manifest.outcomes == 8
    assert [found[0].resource for found in lists] == ["r1", "r2"]


@pytest.fixture
def ranked(tmp_path, tiny_folder, confidence, ranker):
    """Settings that name a bundle with a ranker."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    confidence.write(folder / CONFIDENCE)
    (folder / RANKER).write_bytes(ranker.packed)
    about = {"base": str(tiny_folder), "trained_on": "d", "created": "2026-01-01"}
    write_manifest(Bundle(folder=folder, **about))
    return Settings(home=tmp_path / "home", encoder=str(folder))


@pytest.mark.slow
@pytest.mark.parametrize("road", Road)
def test_only_the_whole_model_has_the_ranker_and_knows_neighbours(benchmark, ranked, ranker, road):
    known = [*benchmark.task.queries, Resource(id="before", title="Outcome d")]
    task = replace(benchmark.task, catalogue=known, accepted={"before": ["d"]})
    aligner, _ = align_task(task, ranked, progress_bar, road)
    snapshot = aligner.snapshot
    if road is Road.BOTH:
        assert snapshot.ranker.fingerprint == ranker.fingerprint
        assert (list(snapshot.resources.ids), snapshot.accepted) == (
            ["r1", "r2", "before"],
            {"before": ["d"]},
        )
    else:
        assert (snapshot.ranker, list(snapshot.resources.ids), snapshot.accepted) == (None, [], {})


def test_without_a_catalogue_the_ranker_sees_no_neighbour(benchmark, ranked):
    task = replace(benchmark.task, catalogue=benchmark.task.queries, accepted={"r1": ["b"]})
    aligner, _ = align_task(without(task, [Field.CATALOGUE]), ranked, progress_bar)
    assert aligner.snapshot.ranker is not None
    assert (list(aligner.snapshot.resources.ids), aligner.snapshot.accepted) == ([], {})
