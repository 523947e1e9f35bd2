import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from data.errors import GatewaysError
from data.records import Outcome, Resource
from evaluation.alignment.protocol import Task
from evaluation.benchmark.learning_curve import after, decisions, numbers_of, steps
from models.bundles.bundle import CARD, CONFIDENCE, RANKER, Bundle, write_manifest
from models.ranking.features import NAMES
from training.second_stage.ranker import packed

TITLES = {
    "alpha": "reading and writing letters",
    "beta": "swimming in cold water",
    "gamma": "drawing what is far away",
    "delta": "counting up to a hundred",
}


def task_of(accepted, *, queries=("q",), outcomes="abc"):
    there = dict.fromkeys([*queries, *accepted])
    return Task(
        queries=[Resource(id=id_, title=id_) for id_ in queries],
        outcomes=[Outcome(id=id_, framework="f", title=id_) for id_ in outcomes],
        catalogue=[Resource(id=id_, title=id_) for id_ in there],
        accepted=accepted,
    )


tasks = st.dictionaries(
    st.sampled_from([f"r{number}" for number in range(9)] + ["q"]),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=3),
).map(task_of)


@given(tasks, st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=200)
def test_what_is_known_after_some_decisions_is_known_after_more(task, few, more):
    few, more = sorted((few, more))
    earlier, later = after(task, few), after(task, more)
    for one, outcomes in earlier.accepted.items():
        assert set(outcomes) <= set(later.accepted[one])
    there = {resource.id for resource in earlier.catalogue}
    assert there <= {resource.id for resource in later.catalogue}
    assert there == {"q"} | set(earlier.accepted)
    assert sum(map(len, earlier.accepted.values())) == min(few, len(decisions(task)))


@given(tasks)
def test_after_all_decisions_the_task_is_what_it_was(task):
    whole = after(task, len(decisions(task)))
    assert {one: set(found) for one, found in whole.accepted.items()} == {
        one: set(found) for one, found in task.accepted.items()
    }
    assert whole.catalogue == task.catalogue
    assert (whole.queries, whole.outcomes) == (task.queries, task.outcomes)


def test_they_are_drawn_and_not_taken_in_their_order():
    task = task_of({f"r{number:03}": ["a"] for number in range(200)})
    drawn = decisions(task)
    assert drawn == decisions(task)
    assert sorted(drawn) != drawn
    places = [int(resource[1:]) for resource, _ in drawn[:50]]
    assert 70 < sum(places) / 50 < 130


def test_what_no_aligner_could_know_of_is_no_decision():
    task = task_of({"r1": ["a", "gone", "a"], "r2": ["b"]})
    task = replace(task, catalogue=[one for one in task.catalogue if one.id != "r2"])
    assert decisions(task) == [("r1", "a")]


def test_numbers_stand_between_commas():
    assert numbers_of("200, 0,50,50,") == (0, 50, 200)


@pytest.mark.parametrize("words", ["", ",", "some", "-1", "1.5", "²"])
def test_anything_else_is_refused_with_an_example(words):
    with pytest.raises(GatewaysError, match="0,50,200,1000"):
        numbers_of(words)


def test_numbers_beyond_what_there_is_are_left_out_with_a_word(benchmark_of, caplog):
    benchmark = benchmark_of({"q": "a"})
    benchmark = replace(benchmark, task=task_of({"r1": ["a", "b"], "r2": ["c"]}))
    assert steps(benchmark, (0, 2, 3, 50, 1000)) == [0, 2, 3]
    (said,) = caplog.messages
    assert "without 50, 1,000" in said
    assert "3 decisions" in said


def test_a_benchmark_before_which_nothing_was_accepted_is_refused(benchmark_of):
    with pytest.raises(GatewaysError, match=r"made: nothing is accepted before split «test»"):
        steps(benchmark_of({"q": "a"}), (0, 50))


@pytest.fixture(scope="module")
def trusting(tiny_folder, tmp_path_factory, confidence):
    """A bundle whose ranker goes by accepted neighbours alone."""
    random = np.random.default_rng(0)
    features = np.zeros((600, len(NAMES)), dtype=np.float32)
    share = features[:, NAMES.index("accepted: share")] = random.random(600)
    right = share > 0.2
    linear = make_pipeline(
        SimpleImputer(add_indicator=True), StandardScaler(), LogisticRegression(C=100)
    )
    trees = HistGradientBoostingClassifier(max_iter=20, random_state=0)
    folder = tmp_path_factory.mktemp("trusting") / "trusting"
    folder.mkdir()
    models = {"linear": linear.fit(features, right), "trees": trees.fit(features, right)}
    fitted = packed({"features": list(NAMES)} | models)
    (folder / RANKER).write_bytes(fitted)
    confidence.write(folder / CONFIDENCE)
    (folder / CARD).write_text("# trusting\n", encoding="utf-8")
    write_manifest(
        Bundle(folder=folder, base=str(tiny_folder), trained_on="shares", created="2026-01-01")
    )
    return folder


@pytest.fixture
def dataset(dataset_folder):
    """Outcomes whose titles say nothing, and lessons that are near one that was accepted."""
    outcomes = [{"id": id_, "framework": "f", "title": "Part"} for id_ in TITLES]
    lessons = [(f"{id_}-{split}", title) for id_, title in TITLES.items() for split in "ab"]
    rows = [f"{id_}-{split},{id_},teaches" for id_ in TITLES for split in "ab"]
    splits = {"a": "train", "b": "test"}

    def written(splits=splits):
        return dataset_folder(
            outcomes="".join(json.dumps(row) + "\n" for row in outcomes),
            resources="".join(
                json.dumps({"id": id_, "title": title}) + "\n" for id_, title in lessons
            ),
            alignments="resource,outcome,relation,split\n"
            + "".join(f"{row},{splits[row.split(',')[0][-1]]}\n" for row in rows),
        )

    return written


def test_the_curve_is_in_the_json_on_the_page_and_on_the_terminal(run, dataset, trusting, tmp_path):
    report, page = tmp_path / "report.json", tmp_path / "page.html"
    words = ("evaluate", "alignment", "--dataset", dataset(), "--model", trusting)
    files = ("--json", report, "--report", page)
    status, printed, _ = run(*words, "--learning-curve", "--decisions", "0,2,90", *files)
    assert status == 0

    stated = json.loads(report.read_text())
    assert stated["model"]["ranked"]
    none, two, every = stated["learning_curve"]
    assert [found["decisions"] for found in (none, two, every)] == [0, 2, 4]
    assert none["mrr"] < two["mrr"] < every["mrr"] == 1
    for name in ("mean_f2", "recall@10", "mrr", "ece"):
        assert every[name] == stated[name]
        assert every["intervals"][name] == stated["intervals"][name]
        low, high = none["intervals"][name]
        assert low <= none[name] <= high
    assert "what accepted neighbours are worth" in printed
    assert f"{two['mrr']:.3f}" in printed
    assert "What accepted neighbours are worth" in page.read_text(encoding="utf-8")

    other = tmp_path / "other.json"
    assert run(*words, "--json", other)[0] == 0
    alone = json.loads(other.read_text())
    assert alone["learning_curve"] == []
    for name in ("fingerprint", "queries", "mrr", "per_query"):
        assert alone[name] == stated[name]


def test_a_model_without_a_ranker_has_no_curve_and_is_told_so(
    run, dataset, bundle_of, tmp_path, caplog
):
    report, bundle = tmp_path / "report.json", bundle_of("plain", 1)
    words = ("--dataset", dataset(), "--model", bundle, "--learning-curve", "--json", report)
    assert run("evaluate", "alignment", *words)[0] == 0
    stated = json.loads(report.read_text())
    assert (stated["model"]["ranked"], stated["learning_curve"]) == (False, [])
    assert "plain has no ranker" in caplog.text


def test_a_curve_that_cannot_be_is_refused_before_anything_is_measured(run, dataset, trusting):
    words = ("evaluate", "alignment", "--model", trusting, "--learning-curve")

    def refused(folder, *more):
        status, out, err = run(*words, "--dataset", folder, *more)
        assert (status, out) == (2, "")
        assert "Traceback" not in err
        return err

    assert "nothing is accepted" in refused(dataset({"a": "test", "b": "test"}))
    assert "nothing is accepted" in refused(dataset(), "--split", "train")
    assert "--without neighbours" in refused(dataset(), "--without", "neighbours")
    assert "--by" in refused(dataset(), "--by", "words")
    assert "0,50,200,1000" in refused(dataset(), "--decisions", "many")
