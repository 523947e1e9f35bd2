"""Editions that are edited by a seed, and what is counted of them."""

import json

import pytest

from data.records import Outcome
from evaluation.editions.edited import edited
from evaluation.editions.protocol import Measured
from models.edition.change import Change, Kind

TITLES = [
    "Add and subtract fractions that have the same denominator",
    "Measure angles, and draw them with a protractor",
    "Read bar charts and explain what they show about the weather",
    "Calculate the mean of a set of measurements; say what it tells",
]


@pytest.fixture(scope="module")
def framework():
    heads = [
        Outcome(id=f"h{n}", framework="f", title=f"Strand {n}", code=str(n), assignable=False)
        for n in range(4)
    ]
    found = []
    for head in heads:
        found.append(head)
        found += [
            Outcome(
                id=f"{head.id}-{n}",
                framework="f",
                parent=head.id,
                title=f"{TITLES[n % 4]} in year {head.code}{n}",
                code=f"{head.code}.{n}",
                position=n,
            )
            for n in range(12)
        ]
    return found


def test_each_outcome_has_one_fate_and_the_same_seed_edits_the_same_way(framework):
    edition = edited(framework, 3)
    assert edition == edited(framework, 3)
    assert edition != edited(framework, 4)
    for side in ("old", "new"):
        ids = sorted(id_ for fate in edition.fates for id_ in getattr(fate, side))
        assert ids == sorted(one.id for one in getattr(edition, side))
    assert {fate.kind for seed in range(6) for fate in edited(framework, seed).fates} == {*Kind}
    new = {one.id for one in edition.new}
    assert all(one.parent in new for one in edition.new if one.parent)


def test_what_is_told_is_right_if_kind_and_outcomes_are(framework):
    edition = edited(framework, 3)
    measured = Measured(outcomes=len(framework))
    changes = [
        Change(kind=fate.kind, old=fate.old[::-1], new=fate.new, confidence=1.0, sure=True)
        for fate in edition.fates
    ]
    measured.add(edition, changes)
    figures = measured.figures()
    kinds = [one for one in figures["kinds"].values() if one["there"]]
    assert len(kinds) > 4
    assert all(one["precision"] == one["recall"] == 1.0 for one in kinds)
    assert figures["links"]["sure_precision"] == 1.0
    wrong = Measured(outcomes=len(framework))
    wrong.add(edition, [Change(kind=Kind.NEW, new=("h0",), confidence=0.5, sure=False)])
    assert wrong.figures()["kinds"]["new"]["precision"] == 0.0
    assert wrong.figures()["links"]["recall"] == 0.0


@pytest.mark.usefixtures("loaded_once")
def test_a_dataset_is_measured_and_fitted_by_command(run, dataset_folder, framework, tmp_path):
    rows = [
        {
            "id": one.id,
            "framework": "f",
            "parent": one.parent,
            "title": one.title,
            "code": one.code,
            "language": "en",
            "position": one.position,
            "assignable": one.assignable,
        }
        for one in framework
    ]
    folder = dataset_folder(outcomes="".join(json.dumps(row) + "\n" for row in rows))
    arguments = ("evaluate", "editions", "--dataset", folder, "--model", "minilm", "--seeds", "1")
    file = tmp_path / "figures.json"
    status, out, _ = run(*arguments, "--json", file)
    assert (status, "reworded" in out) == (0, True)
    (found,) = json.loads(file.read_text())["datasets"]
    assert found["frameworks"]["f"]["outcomes"] == len(framework)
    status, out, _ = run(*arguments, "--fit")
    assert status == 0
    assert json.loads(out)["other"]["slope"] > 0
