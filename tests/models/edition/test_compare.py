"""What became of outcomes, by an encoder that only counts words."""

from dataclasses import replace

import pytest

from data.records import Correspondence, Match, Outcome
from models.edition.change import Evidence, Kind
from models.edition.compare import compare
from models.edition.side import plain
from models.edition.texts import edition_texts

TITLES = {
    "fractions": "Add fractions that have the same denominator",
    "angles": "Measure angles with a protractor",
    "charts": "Read and interpret bar charts about the weather",
    "mean": "Calculate the mean of a set of measurements",
    "volume": "Find the volume of a cuboid",
    "chance": "Describe how likely an event is",
}


def edition(framework, titles, parent="Number", **more):
    head = f"{framework}-{parent}"
    found = [Outcome(id=head, framework=framework, title=parent, assignable=False, position=1)]
    for place, (name, title) in enumerate(titles.items(), 1):
        code = more.get("codes", {}).get(name)
        id_ = f"{framework}-{name}" if more.get("named", True) else f"{place}-{framework}"
        found.append(
            Outcome(
                id=id_, framework=framework, parent=head, title=title, code=code, position=place
            )
        )
    return found


@pytest.fixture
def told(hashing_of):
    encoder = hashing_of(256)

    def compared(old, new, stated=()):
        vectors = [encoder.encode(edition_texts(side)) for side in (old, new)]
        return compare(old, new, vectors, stated)

    return compared


def of_kind(changes, kind):
    return [(set(one.old), set(one.new)) for one in changes if one.kind is kind]


def after(**changed):
    """The same titles, some of them otherwise; None takes one away."""
    kept = {name: title for name, title in (TITLES | changed).items() if title is not None}
    return edition("new", kept)


OLD = edition("old", TITLES)


def test_every_outcome_of_either_edition_is_told_of_once(told):
    new = after(
        angles="Measure and draw angles with a protractor",
        mean=None,
        kites="Fly kites on windy days",
    )
    changes = told(OLD, new)
    assert sorted(id_ for one in changes for id_ in one.old) == sorted(one.id for one in OLD)
    assert sorted(id_ for one in changes for id_ in one.new) == sorted(one.id for one in new)
    assert of_kind(changes, Kind.GONE) == [({"old-mean"}, set())]
    assert of_kind(changes, Kind.NEW) == [(set(), {"new-kites"})]
    assert of_kind(changes, Kind.REWORDED) == [({"old-angles"}, {"new-angles"})]


def test_the_same_text_in_the_same_place_is_unchanged_and_sure_whatever_its_case_and_points(told):
    new = after(volume="find the volume of a cuboid.")
    changes = told(OLD, new)
    assert {one.kind for one in changes} == {Kind.UNCHANGED}
    assert all(one.sure and one.carries and Evidence.TEXT in one.evidence for one in changes)


def test_what_stands_below_another_heading_or_out_of_order_was_moved(told):
    other = Outcome(id="new-Shape", framework="new", title="Shape", assignable=False, position=2)
    new = [*edition("new", {**TITLES, "fractions": "x"}), other]
    new[1] = Outcome(
        id="new-moved", framework="new", parent="new-Shape", title=TITLES["fractions"], position=1
    )
    moved = of_kind(told(OLD, new), Kind.MOVED)
    assert moved == [({"old-fractions"}, {"new-moved"})]
    names = [*TITLES]
    late = edition("new", {name: TITLES[name] for name in (*names[1:], names[0])})
    assert of_kind(told(OLD, late), Kind.MOVED) == [({"old-fractions"}, {"new-fractions"})]


def test_what_was_cut_in_two_is_a_split_and_what_was_put_together_a_merger(told):
    parts = {"read": "Read bar charts about the weather", "tell": "Interpret bar charts"}
    new = edition("new", {**{k: v for k, v in TITLES.items() if k != "charts"}, **parts})
    forth, back = told(OLD, new), told(new, OLD)
    assert of_kind(forth, Kind.SPLIT) == [({"old-charts"}, {"new-read", "new-tell"})]
    assert of_kind(back, Kind.MERGED) == [({"new-read", "new-tell"}, {"old-charts"})]
    assert not any(one.carries for one in forth if one.kind is Kind.SPLIT)


def test_a_code_that_comes_back_for_another_text_is_no_evidence(told):
    codes = dict(zip(TITLES, "abcdef", strict=True))
    old = edition("old", TITLES, codes=codes, named=False)
    rest = {name: title for name, title in TITLES.items() if name != "fractions"}
    new = edition("new", rest, codes=dict(zip(rest, "abcde", strict=True)), named=False)
    changes = told(old, new)
    assert of_kind(changes, Kind.GONE) == [({"1-old"}, set())]
    assert len(of_kind(changes, Kind.UNCHANGED)) == len(old) - 1


def test_the_same_text_in_two_places_is_not_sure_unless_the_place_tells(told):
    twice = {"one": "Evaluate what was found", "two": "Evaluate what was found"}
    changes = told(edition("old", twice, named=False), edition("new", twice, named=False))
    leaves = [one for one in changes if "Number" not in one.old[0]]
    assert all(not one.sure for one in leaves)
    apart = [
        *edition("old", {"a": twice["one"]}, "Science"),
        *edition("old", {"b": twice["two"]}, "History"),
    ]
    again = [
        *edition("new", {"a": twice["one"]}, "Science"),
        *edition("new", {"b": twice["two"]}, "History"),
    ]
    found = told(apart, again)
    assert of_kind(found, Kind.UNCHANGED)[1:4:2] == [
        ({"old-a"}, {"new-a"}),
        ({"old-b"}, {"new-b"}),
    ]


def test_another_number_is_never_sure(told):
    old = edition("old", {**TITLES, "count": "Count forwards and backwards within 20"})
    new = edition("new", {**TITLES, "count": "Count forwards and backwards within 100"})
    (found,) = [one for one in told(old, new) if one.kind is Kind.REWORDED]
    assert (found.old, found.new, found.sure) == (("old-count",), ("new-count",), False)


def test_what_is_stated_holds_whatever_the_texts_say_and_in_either_direction(told):
    new = after(mean="Something else altogether", volume="Nothing of the kind")
    stated = [
        Correspondence(outcome="old-mean", other="new-mean", match=Match.SUCCESSOR),
        Correspondence(outcome="new-volume", other="old-volume", match=Match.EXACT),
    ]
    found = [one for one in told(OLD, new, stated) if one.kind is Kind.REWORDED]
    assert {(*one.old, *one.new) for one in found} == {
        ("old-mean", "new-mean"),
        ("old-volume", "new-volume"),
    }
    assert all(one.sure and one.evidence == (Evidence.STATED,) for one in found)
    assert ({"old-mean"}, {"new-mean"}) not in of_kind(told(OLD, new), Kind.REWORDED)


def test_a_successor_of_several_that_is_stated_is_a_merger_and_carries(told):
    stated = [
        Correspondence(outcome=name, other="new-mean", match=Match.SUCCESSOR)
        for name in ("old-mean", "old-chance")
    ]
    (found,) = [one for one in told(OLD, after(chance=None), stated) if len(one.old) > 1]
    assert (found.kind, found.new, found.carries) == (Kind.MERGED, ("new-mean",), True)


def test_an_edition_of_one_outcome_can_be_compared(told):
    one = [Outcome(id="a", framework="old", title="Fractions")]
    other = [Outcome(id="b", framework="new", title="Fractions")]
    assert [change.kind for change in told(one, other)] == [Kind.UNCHANGED]


@pytest.mark.parametrize(
    ("before", "after_"),
    [
        ("Solve 3 + x", "Solve 3 × x"),
        ("Find where a < b", "Find where a > b"),
        ("Write 1/2 of it", "Write 1.2 of it"),
        ("Add -5 to it", "Add 5 to it"),
        ("Draw x² = 4", "Draw x2 = 4"),
    ],
)
def test_another_sign_makes_another_text(before, after_):
    assert plain(before) != plain(after_)
    assert plain(before) == plain(before.upper().replace(" ", "  ") + ".")


def test_a_merger_in_which_a_number_has_changed_is_not_sure(told):
    titles = {"a": "Add numbers", "b": "Take numbers away", "c": "Compare numbers"}
    old = [replace(one, description="within 20") for one in edition("old", titles)]
    new = edition("new", {"all": "Add numbers, take numbers away, compare numbers"})
    changed = told(old, [replace(one, description="within 100") for one in new])
    assert not [one for one in changed if one.kind is Kind.MERGED and one.sure]


def test_many_lines_that_are_stated_are_read_at_once(told):
    old, new = (edition(name, {f"o{n}": f"Outcome {n}" for n in range(3000)}) for name in "ab")
    lines = [
        Correspondence(outcome=one.id, other=other.id, match=Match.SUCCESSOR)
        for one, other in zip(old, new, strict=True)
    ]
    assert all(one.sure for one in told(old, new, lines))
