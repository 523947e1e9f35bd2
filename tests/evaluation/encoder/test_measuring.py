import json

import numpy as np
import pytest

from data.records import Outcome, Resource
from evaluation.alignment.protocol import Task
from evaluation.encoder.measuring import Questions, ask, recall


@pytest.fixture
def task():
    return Task(
        queries=[Resource(id=f"r{n}", title=f"Lesson {n}") for n in range(20)],
        outcomes=[Outcome(id=f"o{n}", framework="f", title=f"Unit {n}") for n in range(30)],
    )


def test_all_outcomes_and_the_same_lot_of_resources_are_asked_for(task):
    gold = {f"r{n}": frozenset({f"o{n}"}) for n in range(10)}
    found = ask(task, gold, 4)
    assert len(found.outcomes) == len(found.candidates) == 30
    assert [f"Lesson {min(one)[1:]}" for one in found.gold] == found.queries
    assert len(found.queries) == 4
    assert ask(task, gold, 4) == found


def test_recall_counts_what_is_among_the_ten_nearest():
    outcomes = np.eye(20, dtype=np.float32)
    query = np.linspace(1, 0, 20, dtype=np.float32)[None]
    asked = Questions(
        outcomes=["text"] * 20,
        candidates=[str(n) for n in range(20)],
        queries=["query"],
        gold=[frozenset({"0", "9", "10", "19"})],
    )
    assert recall(np.concatenate([outcomes, query]), asked) == 0.5


@pytest.mark.slow
def test_the_command_sets_the_backends_side_by_side(run, tiny_folder, tmp_path):
    file = tmp_path / "figures.json"
    status, out, _ = run(
        "bench", "encoder", "--encoder", tiny_folder, "--queries", 5, "--json", file
    )
    assert status == 0
    told = json.loads(file.read_text())
    torch, *others = told["backends"]
    assert [row["backend"] for row in told["backends"]] == ["torch", "onnx", "openvino"]
    assert (torch["times_torch"], torch["cosine_lowest"], torch["recall_lost"]) == (1, 1, 0)
    for row in others:
        assert row["cosine_lowest"] > 0.9
        assert min(row["texts_per_second"], row["query_p50_ms"], row["memory_mb"]) > 0
    assert "texts_per_second" in out
