from data.records import Outcome
from models.entry import Entry
from models.suggestion import Reason, ReasonKind, Suggestion
from service.web.ask.tree import Leaf

ENTRY = Entry(Outcome(id="o", framework="f", title="Add fractions"), ("Add fractions",), ())


def leaf(*reasons):
    suggestion = Suggestion(
        outcome="o", rank=1, score=1.0, confidence=0.5, selected=True, reasons=reasons
    )
    return Leaf(entry=ENTRY, suggestion=suggestion)


def test_what_speaks_for_an_outcome_and_against_it_is_named_the_strongest_first():
    found = leaf(
        Reason(kind=ReasonKind.WORDS, strength=0.2, words=("add",), moved=0.4),
        Reason(kind=ReasonKind.MEANING, strength=0.9, moved=2.0),
        Reason(kind=ReasonKind.LEVEL, strength=0.5, moved=-1.5),
        Reason(kind=ReasonKind.TITLE, strength=0.0, moved=0.01),
    )
    assert [one.kind for one in found.speaks_for] == [ReasonKind.MEANING, ReasonKind.WORDS]
    assert [one.kind for one in found.speaks_against] == [ReasonKind.LEVEL]
    assert found.words == ("add",)


def test_near_resources_that_were_accepted_for_it_are_counted(macro):
    near = Reason(kind=ReasonKind.NEIGHBOURS, strength=0.3, moved=0.9, resources=("r1", "r2", "r3"))
    level = Reason(kind=ReasonKind.LEVEL, strength=0.3, moved=0.8)
    said = macro("suggestion.html", "reasons")((near, level)).strip()
    assert said == "resources near it (3 accepted for it), the level"


def test_without_a_suggestion_nothing_speaks():
    bare = Leaf(entry=ENTRY)
    assert (bare.speaks_for, bare.speaks_against, bare.words) == ((), (), ())
