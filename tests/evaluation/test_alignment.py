import json
from dataclasses import replace

import numpy as np
import pytest

from data.errors import GatewaysError
from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions
from data.records import Alignment, Outcome, Resource, Split
from evaluation.alignment import (
    DEPTH,
    Prediction,
    mean_over_outcomes,
    predict,
    read_gold,
    read_task,
    score,
)
from models.aligner import Aligner
from models.indexing import build

OUTCOMES = [
    {"id": "number", "framework": "f", "title": "Number", "assignable": False},
    {"id": "add", "framework": "f", "parent": "number", "title": "Add fractions"},
    {"id": "compare", "framework": "f", "parent": "number", "title": "Compare fractions"},
    {"id": "plants", "framework": "f", "title": "How plants grow"},
]
RESOURCES = [
    {"id": "r1", "title": "Adding fractions", "language": "en"},
    {"id": "r2", "title": "Which fraction is larger? Compare"},
    {"id": "r3", "title": "Plants and light"},
    {"id": "r4", "title": "Unsplit"},
]
ALIGNMENTS = [
    ("r1", "add", "teaches", "test"),
    ("r1", "compare", "assesses", "test"),
    ("r1", "plants", "requires", "test"),
    ("r2", "compare", "teaches", "train"),
    ("r3", "plants", "teaches", "test"),
    ("r4", "plants", "teaches", ""),
]


def jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def alignments(rows):
    lines = ["resource,outcome,relation,split", *(",".join(row) for row in rows)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def document(dataset_folder):
    def opened(rows=ALIGNMENTS, *, outcomes=OUTCOMES, resources=RESOURCES):
        files = {"outcomes": jsonl(outcomes), "resources": jsonl(resources)}
        if rows is not None:
            files["alignments"] = alignments(rows)
        return DatasetFolder().open(dataset_folder(**files), ReadOptions())

    return opened


@pytest.fixture
def predictions(hashing, confidence):
    def made(task):
        aligner = Aligner(build(task.outcomes, [], hashing, confidence=confidence), hashing)
        return list(predict(aligner, task))

    return made


class Blindfold:
    """A document whose alignments have lost everything but their resource and split."""

    def __init__(self, document):
        self._document = document
        self.dataset, self.kinds = document.dataset, document.kinds

    def read(self, kind):
        for row in self._document.read(kind):
            if kind is Alignment:
                row = replace(row, record=replace(row.record, outcome="no such outcome"))  # noqa: PLW2901
            yield row


def test_queries_are_the_resources_with_a_row_in_the_split(document):
    assert [query.id for query in read_task(document(), Split.TEST).queries] == ["r1", "r3"]
    assert [query.id for query in read_task(document(), Split.TRAIN).queries] == ["r2"]


def test_a_row_that_cannot_be_used_is_told_of_once(document, caplog):
    opened = document([*ALIGNMENTS, ("r1", "add", "tought", "test")])
    task = read_task(opened, Split.TEST)
    read_gold(opened, Split.TEST)
    assert [query.id for query in task.queries] == ["r1", "r3"]
    (said,) = caplog.messages
    assert "alignments.csv:8" in said


def test_without_alignments_every_resource_is_a_query(document):
    task = read_task(document(None), Split.TEST)
    assert [query.id for query in task.queries] == ["r1", "r2", "r3", "r4"]


def test_a_split_without_rows_is_named(document):
    with pytest.raises(GatewaysError, match=r"«dev».*--split"):
        read_task(document(), Split.DEV)


@pytest.mark.parametrize("outcomes", [[], OUTCOMES[:1]])
def test_a_dataset_without_an_assignable_outcome_is_refused(document, outcomes):
    with pytest.raises(GatewaysError, match="no assignable outcome"):
        read_task(document(outcomes=outcomes), Split.TEST)


def test_gold_is_what_is_taught_or_assessed_and_nothing_that_is_required(document):
    assert read_gold(document(), Split.TEST) == {"r1": {"add", "compare"}, "r3": {"plants"}}


@pytest.mark.parametrize("rows", [None, ALIGNMENTS[2:3], ALIGNMENTS[3:4]])
def test_a_split_without_gold_cannot_be_measured(document, rows):
    with pytest.raises(GatewaysError, match=r"split «test» has no alignment to measure against"):
        read_gold(document(rows), Split.TEST)


def test_headings_are_no_candidates(document, predictions):
    ranked = predictions(read_task(document(), Split.TEST))
    assert [{found.outcome for found in each} for each in ranked] == [
        {"add", "compare", "plants"}
    ] * 2


def test_predictions_do_not_depend_on_the_gold(document, predictions):
    seen = predictions(read_task(document(), Split.TEST))
    blind = predictions(read_task(Blindfold(document()), Split.TEST))
    assert seen == blind
    assert [each[0].outcome for each in seen] == ["add", "plants"]


def test_predictions_of_one_resource_do_not_depend_on_the_others(document, predictions):
    task = read_task(document(), Split.TEST)
    alone = predictions(replace(task, queries=task.queries[1:]))
    assert alone == predictions(task)[1:]


def test_of_rows_that_share_an_id_the_first_counts(document, predictions):
    repeated = document(
        outcomes=[*OUTCOMES, {"id": "add", "framework": "f", "title": "Adding fractions again"}],
        resources=[*RESOURCES, {"id": "r1", "title": "Plants"}],
    )
    task = read_task(repeated, Split.TEST)
    assert [query.title for query in task.queries] == ["Adding fractions", "Plants and light"]
    ranked = predictions(task)[0]
    assert [each.outcome for each in ranked] == ["add", "compare", "plants"]


def test_a_hundred_ranks_are_given_in_the_order_of_the_score(hashing, confidence):
    outcomes = [Outcome(id=f"o{n}", framework="f", title=f"topic {n}") for n in range(150)]
    aligner = Aligner(build(outcomes, [], hashing, confidence=confidence), hashing)
    task = read_task_of(outcomes, [Resource(id="r", title="topic 7")])
    (found,) = predict(aligner, task)
    assert [each.rank for each in found] == list(range(1, DEPTH + 1))
    assert found[0].outcome == "o7"
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)


def read_task_of(outcomes, resources):
    from evaluation.alignment import Task

    return Task(queries=resources, outcomes=outcomes)


def test_a_resource_that_cannot_be_aligned_gets_an_empty_list(document, predictions):
    resources = [{"id": "r1", "title": "…"}, RESOURCES[2]]
    ranked = predictions(read_task(document(resources=resources), Split.TEST))
    assert [len(each) for each in ranked] == [0, 3]


def prediction(resource, outcome, rank, confidence, *, selected=False):
    return Prediction(
        resource=resource,
        outcome=outcome,
        rank=rank,
        score=-rank,
        confidence=confidence,
        selected=selected,
    )


GOLD = {"r1": frozenset({"a", "b"}), "r2": frozenset({"a"})}
RANKED = [
    prediction("r1", "a", 1, 0.8, selected=True),
    prediction("r1", "c", 2, 0.4, selected=True),
    prediction("r1", "b", 3, 0.01),
    prediction("r2", "c", 1, 0.6, selected=True),
    prediction("r2", "a", 2, 0.2),
    prediction("unknown", "a", 1, 0.9, selected=True),
]


def test_figures_are_those_worked_out_by_hand():
    figures = score(RANKED, GOLD).figures
    assert set(figures) == {
        "mean_f2",
        "recall@1",
        "recall@5",
        "recall@10",
        "recall@50",
        "mrr",
        "ndcg@10",
        "ece",
    }
    assert figures["mean_f2"].value == pytest.approx((5 / 10 + 0) / 2)
    assert figures["recall@1"].value == pytest.approx((0.5 + 0) / 2)
    assert figures["recall@5"].value == 1
    assert figures["mrr"].value == pytest.approx((1 + 0.5) / 2)
    # Four suggestions of .05 or more, each in a bin of its own.
    assert figures["ece"].value == pytest.approx((0.2 + 0.4 + 0.6 + 0.8) / 4)


def test_every_figure_lies_in_its_interval():
    for figure in score(RANKED, GOLD).figures.values():
        assert figure.low - 1e-9 <= figure.value <= figure.high + 1e-9


def test_a_query_without_predictions_counts_nothing():
    alone = score(RANKED[:3], GOLD).figures
    assert alone["recall@5"].value == 0.5
    assert alone["mean_f2"].value == pytest.approx(0.25)


def test_without_any_prediction_every_figure_is_nothing():
    assert {figure.value for figure in score([], GOLD).figures.values()} == {0.0}


def test_over_outcomes_no_outcome_weighs_by_the_number_of_its_resources():
    gold = {"r1": frozenset("a"), "r2": frozenset("a"), "r3": frozenset("b")}
    assert mean_over_outcomes(np.array([1.0, 0.0, 1.0]), gold) == pytest.approx((0.5 + 1) / 2)


def test_a_published_dataset_has_gold_for_its_candidates_only(real_data):
    document = DatasetFolder().open(real_data("pradigi-hi"), ReadOptions())
    task, gold = read_task(document, Split.TEST), read_gold(document, Split.TEST)
    candidates = {outcome.id for outcome in task.outcomes if outcome.assignable}
    assert gold
    assert set(gold) <= {query.id for query in task.queries}
    assert all(relevant <= candidates for relevant in gold.values())
