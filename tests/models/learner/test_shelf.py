import numpy as np
import pytest

from data.records import Alignment, Outcome, Relation, Resource
from models.learner.curriculum import Curriculum
from models.learner.shelf import Shelf, sure_alignments


def aligned(resource, outcome, relation=Relation.TEACHES, **extra):
    return Alignment(resource=resource, outcome=outcome, relation=relation, extra=extra)


CURRICULUM = Curriculum(
    [
        Outcome(id=name, framework="f", title=name, levels=(f"Grade {place}",), position=place)
        for place, name in enumerate("abc", start=3)
    ],
    [],
)


def shelf_of(resources, *alignments):
    return Shelf(CURRICULUM, resources, sure_alignments(alignments))


def test_what_only_a_model_stands_for_counts_when_it_is_sure():
    found = sure_alignments(
        [
            aligned("r", "sure", confidence=0.7),
            aligned("r", "unsure", confidence=0.69),
            aligned("r", "stated"),
            aligned("only unsure", "a", confidence=0.1),
        ]
    )
    assert found == {"r": (("sure", 0.7), ("stated", 1.0))}


@pytest.mark.parametrize(("written", "certainty"), [("0.9", 0.9), ("0.3", None), ("", 1.0)])
def test_a_confidence_out_of_a_csv_file_is_a_text_and_counts_as_the_number(written, certainty):
    found = sure_alignments([aligned("r", "a", confidence=written)])
    assert found == ({} if certainty is None else {"r": (("a", certainty),)})


@pytest.mark.parametrize("said", ["high", 7, -1, None, ["0.2"], 10**400, "nan"])
def test_what_is_no_confidence_leaves_an_alignment_as_it_was_stated(said):
    assert sure_alignments([aligned("r", "a", confidence=said)]) == {"r": (("a", 1.0),)}


def test_what_a_resource_requires_it_does_not_teach():
    found = sure_alignments(
        [aligned("r", "a", Relation.REQUIRES), aligned("r", "b", Relation.ASSESSES)]
    )
    assert found == {"r": (("b", 1.0),)}


def test_of_several_alignments_of_a_pair_the_surest_counts():
    pair = [aligned("r", "a", confidence=0.75), aligned("r", "a", Relation.ASSESSES)]
    assert sure_alignments(pair) == sure_alignments(pair[::-1]) == {"r": (("a", 1.0),)}


def test_resources_are_found_by_what_they_are_for():
    resources = [Resource(id=name, title=name) for name in ("r1", "r2", "loose")]
    shelf = shelf_of(
        resources,
        aligned("r1", "a"),
        aligned("r2", "a", confidence=0.8),
        aligned("r2", "c"),
        aligned("r2", "of no framework"),
        aligned("retired", "a"),
    )
    assert [one.id for one in shelf.resources] == ["r1", "r2"]
    rows, certainty = shelf.of_outcome(CURRICULUM.row["a"])
    assert ([shelf.resources[row].id for row in rows], certainty.tolist()) == (
        ["r1", "r2"],
        [1.0, 0.8],
    )
    assert len(shelf.of_outcome(CURRICULUM.row["b"])[0]) == 0
    assert shelf.teachable(len(CURRICULUM)).tolist() == [True, False, True]


def test_a_resource_is_looked_at_by_language_kind_level_and_whether_it_can_be_downloaded():
    resources = [
        Resource(id="r1", title="", language="pt-BR", kind="quiz", extra={"downloadable": True}),
        Resource(id="r2", title="", levels=("Grade 5", "Grade 4"), kind="video"),
        Resource(id="r3", title="", levels=("Upper primary",), extra={"downloadable": "yes"}),
    ]
    shelf = shelf_of(resources, *(aligned(one.id, "a") for one in resources))
    assert shelf.languages.tolist() == ["pt", "", ""]
    assert shelf.is_practice.tolist() == [True, False, False]
    assert shelf.is_offline.tolist() == [True, False, False]
    np.testing.assert_array_equal(shelf.levels["f"], [np.nan, 1.0, np.nan])
