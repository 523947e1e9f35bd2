from hypothesis import given
from hypothesis import strategies as st

from data.records import Outcome, Resource
from models.text import outcome_path, outcome_text, resource_text


def outcome(name, parent=None, **fields):
    return Outcome(id=name, framework="f", title=name.upper(), parent=parent, **fields)


def by_id(*outcomes):
    return {found.id: found for found in outcomes}


def test_a_path_runs_from_the_root_down_to_the_outcome():
    known = by_id(outcome("maths"), outcome("fractions", "maths"), outcome("compare", "fractions"))
    assert outcome_path(known["compare"], known) == ("MATHS", "FRACTIONS", "COMPARE")


def test_a_path_begins_below_an_ancestor_that_is_missing():
    lonely = outcome("compare", "gone")
    assert outcome_path(lonely, by_id(lonely)) == ("COMPARE",)


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefg"), min_size=1))
def test_a_path_ends_whatever_the_parents_are(parents):
    known = by_id(*(outcome(name, parent) for name, parent in parents.items()))
    for found in known.values():
        path = outcome_path(found, known)
        assert path[-1] == found.title
        assert len(path) == len(set(path))


def test_an_outcomes_text_is_its_path_and_its_description():
    found = outcome("compare", description=" Say which is more. ")
    text = outcome_text(found, ("Number", "Fractions", "Compare"))
    assert text == "Number › Fractions › Compare\nSay which is more."


def test_absent_parts_leave_no_empty_lines():
    assert outcome_text(outcome("compare"), ("Compare",)) == "Compare"
    assert resource_text(Resource(id="r", title="", description="\n", text="Body")) == "Body"


def test_a_resources_text_leaves_out_its_subject_and_levels():
    plain = Resource(id="r", title="Halves", description="Cut cakes.", text="First …")
    tagged = Resource(
        id="r", title="Halves", description="Cut cakes.", text="First …", subject="x", levels=("y",)
    )
    assert resource_text(tagged) == resource_text(plain) == "Halves\nCut cakes.\nFirst …"
