import json
from dataclasses import replace

import pytest

from data.errors import GatewaysError
from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions
from data.records import Alignment, Outcome, Resource, Split
from evaluation.alignment.protocol import DEPTH, predict, read_gold, read_task
from models.alignment.aligner import Aligner
from models.snapshots.indexing import build

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


def test_what_was_accepted_before_and_who_can_be_a_neighbour_is_known(document):
    task = read_task(document([*ALIGNMENTS, ("r3", "add", "teaches", "train")]), Split.TEST)
    assert task.accepted == {"r2": ["compare"], "r3": ["add"]}
    assert [found.id for found in task.catalogue] == ["r1", "r2", "r3"]


@pytest.mark.parametrize("split", [Split.TRAIN, Split.DEV])
def test_no_more_is_known_than_the_train_split_and_nothing_of_the_one_asked_for(document, split):
    rows = [("r1", "add", "teaches", "test"), ("r2", "compare", "teaches", "train")]
    rows += [("r3", "plants", "teaches", "dev"), ("r2", "plants", "requires", "train")]
    task = read_task(document(rows), split)
    assert task.accepted == ({} if split == Split.TRAIN else {"r2": ["compare"]})
    assert "r1" not in {found.id for found in task.catalogue}


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
    from evaluation.alignment.protocol import Task

    return Task(queries=resources, outcomes=outcomes)


def test_a_resource_that_cannot_be_aligned_gets_an_empty_list(document, predictions):
    resources = [{"id": "r1", "title": "…"}, RESOURCES[2]]
    ranked = predictions(read_task(document(resources=resources), Split.TEST))
    assert [len(each) for each in ranked] == [0, 3]


def test_a_published_dataset_has_gold_for_its_candidates_only(real_data):
    document = DatasetFolder().open(real_data("pradigi-hi"), ReadOptions())
    task, gold = read_task(document, Split.TEST), read_gold(document, Split.TEST)
    candidates = {outcome.id for outcome in task.outcomes if outcome.assignable}
    assert gold
    assert set(gold) <= {query.id for query in task.queries}
    assert all(relevant <= candidates for relevant in gold.values())
