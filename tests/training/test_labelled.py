import json

import pytest

from data.errors import GatewaysError
from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions
from training.labelled import read_lessons


@pytest.fixture
def lessons(tmp_path):
    def read(splits):
        outcomes = [{"id": f"o{n}", "framework": "f", "title": f"Outcome {n}"} for n in range(40)]
        resources = [{"id": f"r{n}", "title": f"Resource {n}"} for n in range(40)]
        for name, rows in (("outcomes", outcomes), ("resources", resources)):
            text = "".join(json.dumps(row) + "\n" for row in rows)
            (tmp_path / f"{name}.jsonl").write_text(text)
        rows = [f"r{n},o{n},teaches,{splits[n % len(splits)]}\n" for n in range(40)]
        (tmp_path / "alignments.csv").write_text(
            "resource,outcome,relation,split\n" + "".join(rows)
        )
        return read_lessons(DatasetFolder().open(tmp_path, ReadOptions()))

    return read


def test_train_is_learned_from_dev_is_judged_by_and_test_is_not_read(lessons):
    found = lessons(["train", "dev", "test"])
    assert {one.id for one in found.learn.resources} == {f"r{n}" for n in range(0, 40, 3)}
    assert {one.id for one in found.judge.resources} == {f"r{n}" for n in range(1, 40, 3)}
    assert len(found.outcomes) == 40


def test_without_a_dev_split_some_outcomes_are_held_out_with_all_their_resources(lessons):
    found = lessons(["train"])
    learned = set().union(*(found.learn.gold[one.id] for one in found.learn.resources))
    judged = set().union(*(found.judge.gold[one.id] for one in found.judge.resources))
    assert judged
    assert not learned & judged
    assert len(learned | judged) == 40


def test_a_dataset_without_a_train_split_cannot_be_learned_from(lessons):
    with pytest.raises(GatewaysError, match="«train»"):
        lessons(["test"])


def test_exact_lines_of_a_crosswalk_make_equals_both_ways(lessons, tmp_path):
    (tmp_path / "crosswalk.csv").write_text(
        "outcome,other,match\no1,o2,exact\no3,o1,exact\no4,o5,broader\n"
    )
    assert lessons(["train"]).same == {
        "o1": {"o2", "o3"},
        "o2": {"o1"},
        "o3": {"o1"},
    }
