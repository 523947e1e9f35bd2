from dataclasses import replace

import pytest

from data.errors import GatewaysError
from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions
from data.records import Split
from evaluation.benchmark.questions import read_benchmark

OUTCOMES = (
    '{"id": "a", "framework": "f", "title": "A"}\n{"id": "b", "framework": "f", "title": "B"}\n'
)
RESOURCES = '{"id": "r1", "title": "One"}\n{"id": "r2", "title": "Two"}\n'
ALIGNMENTS = "resource,outcome,split\nr1,a,test\nr2,b,test\nr1,b,train\n"


@pytest.fixture
def read(dataset_folder):
    def read(split=Split.TEST, alignments=ALIGNMENTS, resources=RESOURCES):
        folder = dataset_folder(outcomes=OUTCOMES, resources=resources, alignments=alignments)
        return read_benchmark(DatasetFolder().open(folder, ReadOptions()), split)

    return read


def test_a_benchmark_is_one_split_with_its_answers(read):
    found = read()
    assert found.gold == {"r1": {"a"}, "r2": {"b"}}
    assert [query.id for query in found.task.queries] == ["r1", "r2"]
    assert found.assignable == {"a", "b"}
    with pytest.raises(GatewaysError, match="«dev»"):
        read(Split.DEV)


def test_the_fingerprint_does_not_depend_on_the_order_of_rows(read):
    lines = ALIGNMENTS.splitlines()
    shuffled = "\n".join([lines[0], *lines[:0:-1]]) + "\n"
    resources = "\n".join(RESOURCES.splitlines()[::-1]) + "\n"
    assert read(alignments=shuffled, resources=resources).fingerprint == read().fingerprint


def test_other_gold_queries_or_candidates_have_another_fingerprint(read):
    found = read()
    others = [
        read(Split.TRAIN),
        read(alignments=ALIGNMENTS.replace("r2,b,test", "r2,a,test")),
        replace(found, task=replace(found.task, outcomes=found.task.outcomes[:1])),
        replace(found, task=replace(found.task, queries=found.task.queries[:1])),
    ]
    assert len({found.fingerprint, *(other.fingerprint for other in others)}) == 5


def test_a_query_that_has_no_resource_goes_by_its_id(read):
    found = read(alignments=ALIGNMENTS + "gone,a,test\n")
    assert found.resources["gone"].title == "gone"
    assert found.resources["r1"].title == "One"
