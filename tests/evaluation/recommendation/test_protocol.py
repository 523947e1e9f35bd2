import contextlib
import json

import numpy as np
import pytest

from data.errors import GatewaysError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.records import Resource
from evaluation.measures import metrics
from evaluation.recommendation.figures import (
    SHOWN,
    Asked,
    difference,
    figures,
    gini,
    measured,
    shown,
    slices,
)
from evaluation.recommendation.protocol import read_task
from evaluation.recommendation.report import report

HEAD = "learner,resource,outcome,time,event,score\n"


@contextlib.contextmanager
def silent(what, total):
    yield lambda _: None


@pytest.fixture
def task(dataset_folder):
    def read(rows, resources="abcdefgh", alignments=None):
        listed = "".join(json.dumps({"id": one, "title": one}) + "\n" for one in resources)
        lines = [f"{learner},{resource},,{time},viewed," for learner, resource, time in rows]
        files = {"resources": listed, "interactions": HEAD + "\n".join(lines) + "\n"}
        if alignments is not None:
            files["alignments"] = alignments
        return read_task(open_document(dataset_folder(**files), ReadOptions()))

    return read


def asked(found, learners, opened):
    return Asked(np.array(found), np.array(learners), np.array(opened, dtype=bool))


def test_later_first_contacts_of_learners_with_a_history_are_targets(task):
    earlier = [("l1", one, time) for time, one in enumerate("abcdefgh")]
    found = task([*earlier, ("l1", "a", 20), ("l2", "a", 21), ("l2", "b", 22)])
    assert [(one.learner, one.resource) for one in found.targets] == [("l2", "b")]
    assert [(one.learner, one.resource) for one in found.beginnings] == [("l2", "a")]
    assert [one.resource for one in found.fitted] == list("abcdefgh")


def test_all_that_was_before_a_target_is_its_history_also_after_the_cut(task):
    rows = [("l1", one, time) for time, one in enumerate("abcdefgh")]
    found = task([*rows, ("l2", "c", 9), ("l2", "a", 10), ("l2", "c", 11), ("l2", "b", 12)])
    assert found.cut > 8
    last = found.targets[-1]
    assert [one.resource for one in last.history] == ["c", "a"]
    assert last.resource == "b"
    assert all(one.time < found.cut for one in found.fitted)


def test_the_cut_is_a_quantile_of_first_contacts(task):
    again = [("l1", "a", 100 + time) for time in range(50)]
    found = task([*((("l1"), one, time) for time, one in enumerate("abcdefgh")), *again])
    assert found.cut == pytest.approx(5.6)
    assert [one.resource for one in found.targets] == ["g", "h"]


def test_what_is_required_is_not_what_a_resource_is_about(task):
    rows = [("l1", one, time) for time, one in enumerate("abcdefgh")]
    aligned = "resource,outcome,relation,split\na,o1,teaches,\na,o2,requires,\nb,o1,assesses,\n"
    assert task(rows, alignments=aligned).outcomes == {"a": ["o1"], "b": ["o1"]}


@pytest.mark.parametrize(
    ("rows", "resources", "words"),
    [
        ([("l1", "a", 1)], "", "no resources"),
        ([], "abc", "none of 0 interactions"),
        ([("l1", "a", 5), ("l1", "b", 5), ("l2", "c", 5)], "abc", "column `time`"),
        ([("l1", "a", 1)], "abc", "column `time`"),
        ([("l1", "a", 1), ("l2", "a", 2), ("l3", "a", 3)], "abc", "more interactions"),
    ],
)
def test_a_dataset_on_which_nothing_can_be_measured_is_named(task, rows, resources, words):
    with pytest.raises(GatewaysError, match=words):
        task(rows, resources)


def test_a_list_leaves_out_what_was_seen_and_ends_where_nothing_is_left():
    found = shown(np.array([0.1, 0.9, 0.5, 0.5]), np.array([1]))
    assert found.tolist() == [2, 3, 0] + [-1] * (SHOWN - 3)


def test_measures_agree_with_ir_measures():
    generator = np.random.default_rng(0)
    lists = np.array([generator.permutation(20)[:SHOWN] for _ in range(50)])
    right = generator.integers(20, size=50)
    found = measured(lists, asked(right, np.zeros(50, int), np.ones(20)))
    theirs = metrics.ranking(
        {str(row): [str(one) for one in each] for row, each in enumerate(lists)},
        {str(row): [str(one)] for row, one in enumerate(right)},
    )
    for name, values in found.items():
        assert values == pytest.approx(theirs[name])


def test_a_learner_counts_once_however_much_they_did():
    lists = np.tile(np.arange(SHOWN), (4, 1))
    found = figures(lists, asked([0, 0, 0, 11], [0, 0, 0, 1], [True] * 11 + [False]))
    assert found["recall@10"] == 0.75
    assert found["per_learner"]["recall@10"] == 0.5
    assert found["never_opened"] == {"targets": 1, "recall@10": 0.0, "ndcg@10": 0.0}
    assert found["coverage"] == round(10 / 12, 4)


def test_gini_tells_even_from_uneven():
    assert gini(np.array([3, 3, 3, 3])) == pytest.approx(0)
    assert gini(np.array([0, 0, 0, 12])) == pytest.approx(0.75)
    assert gini(np.zeros(4, int)) == 0


def test_the_difference_is_to_the_best_baseline_over_learners():
    right = {"recall@10": np.array([1.0, 1, 1, 0]), "ndcg@10": np.array([1.0, 1, 1, 0])}
    weak = {name: each * 0 for name, each in right.items()}
    strong = {"recall@10": np.array([1.0, 1, 0, 0]), "ndcg@10": np.array([1.0, 0, 0, 0])}
    of = asked([0] * 4, [0, 0, 1, 2], [True])
    found = difference(right, {"weak": weak, "strong": strong}, of)["recall@10"]
    assert (found["baseline"], found["value"]) == ("strong", 0.25)
    assert found["low"] == 0 < found["high"] <= 1


def test_the_worst_slice_comes_first_and_small_ones_are_left_out():
    resources = [
        Resource(id="a", title="", language="en-GB", levels=("1", "2")),
        Resource(id="b", title="", language="fr", levels=("2",)),
        Resource(id="c", title="", language="de"),
    ]
    of = asked([0] * 40 + [1] * 30 + [2] * 5, [0] * 75, [True] * 3)
    hits = np.array([1.0] * 40 + [0.0] * 35)
    rows = slices({"recall@10": hits, "ndcg@10": hits}, of, resources)
    assert {(row["by"], row["name"]): row["targets"] for row in rows} == {
        ("language", "fr"): 30,
        ("level", "2"): 70,
        ("language", "en"): 40,
        ("level", "1"): 40,
    }
    assert rows[0]["name"] == "fr"


@pytest.mark.slow
def test_the_model_is_ahead_where_learners_keep_to_strides_of_their_own(task):
    generator = np.random.default_rng(2)
    letters = [f"{one}{other}" for one in "abcdefgh" for other in "abcdefgh"]
    rows = [
        (f"l{learner}", letters[place], 1000 * learner + step)
        for learner in range(250)
        for start, stride in [(generator.integers(8), generator.integers(8, 11))]
        for step, place in enumerate(range(start, len(letters), stride))
    ]
    found = report(task(rows, letters), silent)
    assert found["tuned"]
    assert found["recall@10"] > 0.9
    ahead = found["difference"]["ndcg@10"]
    assert 0 < ahead["low"] <= ahead["value"] <= ahead["high"]
    assert found["no_history"]["targets"] > 0
    assert found["baselines"]["popularity"]["recall@10"] < found["recall@10"]
    assert json.dumps(found)


@pytest.mark.slow
def test_a_published_data_set_is_parted_as_its_figures_say_and_told_better_than_before(real_data):
    folder = real_data("learner/mars-en")
    task = read_task(open_document(folder, ReadOptions()))
    assert (len(task.targets), len(task.beginnings)) == (2474, 523)
    found = report(task, silent)
    assert found["recall@10"] >= 0.54
    assert found["ndcg@10"] >= 0.42
    assert found["baselines"]["Markov"]["recall@10"] == pytest.approx(0.389, abs=0.001)
    assert found["baselines"]["popularity"]["recall@10"] == pytest.approx(0.077, abs=0.001)
    assert found["difference"]["recall@10"]["low"] > 0
