import pytest

from data.errors import GatewaysError
from data.records import Alignment, Outcome
from evaluation.dataset.hold_out import Labelled
from evaluation.dataset.subjects import Size, check, drawn, named, sizes

THERE = {
    "Art": Size(outcomes=3, resources=20),
    "Design, technology": Size(outcomes=1, resources=5),
    "Latin": Size(outcomes=4, resources=0),
    "Music": Size(outcomes=2, resources=1200),
}


def labelled(*outcomes, pairs=()):
    return Labelled(
        outcomes=[Outcome(framework="f", title="t", **each) for each in outcomes],
        resources=[],
        alignments=[Alignment(resource=one, outcome=other) for one, other in pairs],
    )


def test_an_outcome_has_the_subject_of_the_nearest_above_it_that_states_one():
    whole = labelled(
        {"id": "music", "subject": "Music", "assignable": False},
        {"id": "part", "parent": "music", "assignable": False},
        {"id": "songs", "parent": "part"},
        {"id": "dance", "parent": "part", "subject": "Dance"},
        pairs=[("r1", "songs"), ("r2", "songs"), ("r2", "songs"), ("r3", "gone")],
    )
    assert sizes(whole) == {
        "Dance": Size(outcomes=1, resources=0),
        "Music": Size(outcomes=1, resources=2),
    }


def test_a_dataset_without_subjects_is_refused():
    with pytest.raises(GatewaysError, match="no outcome has a subject"):
        sizes(labelled({"id": "a"}))


def test_names_stand_between_commas_and_in_quotes_where_they_have_one():
    assert named("Music, Art,", THERE) == {"Music", "Art"}
    assert named('Art, "Design, technology"', THERE) == {"Art", "Design, technology"}


@pytest.mark.parametrize("words", ["Music,Arts", " ,", ""])
def test_another_name_is_refused_with_those_there_are_and_their_counts(words):
    with pytest.raises(GatewaysError, match=r"Art \(3 .*20 .*Music \(2 outcomes, 1,200 resources"):
        named(words, THERE)


def test_a_share_is_drawn_by_the_seed_among_those_with_resources():
    many = {f"s{number}": Size(outcomes=1, resources=1) for number in range(40)}
    quarter = drawn(0.25, 1, many)
    assert len(quarter) == 10
    assert drawn(0.25, 1, many) == quarter != drawn(0.25, 2, many)
    assert quarter < drawn(0.5, 1, many)
    assert len(drawn(0, 1, many)) == 1
    assert drawn(1, 1, THERE) == {"Art", "Design, technology", "Music"}


def test_both_parts_must_have_something_aligned():
    check({"Music"}, THERE)
    with pytest.raises(GatewaysError, match="nothing is aligned to Latin"):
        check({"Latin"}, THERE)
    with pytest.raises(GatewaysError, match="all subjects that have resources"):
        check({"Art", "Design, technology", "Music"}, THERE)
    with pytest.raises(GatewaysError, match="nothing is aligned to any subject"):
        check(drawn(1, 0, {"Latin": THERE["Latin"]}), {"Latin": THERE["Latin"]})
