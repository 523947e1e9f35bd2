import re

import pytest

from data.formats.fields import RowError
from data.formats.rows import record
from data.records import (
    Alignment,
    Correspondence,
    Event,
    Interaction,
    Outcome,
    Prerequisite,
    Provenance,
    Relation,
    Resource,
    Split,
)

LIMIT = 1_000_000
MATCHES = "exact, broader, narrower, related, successor"
OUTCOME = {"id": "o1", "framework": "f", "title": "Add"}
RESOURCE = {"id": "r1", "title": "Add"}
ALIGNMENT = {"resource": "r1", "outcome": "o1"}
INTERACTION = {"learner": "l1", "resource": "r1", "time": "12.5", "event": "viewed"}


def test_absent_and_null_fields_take_their_defaults():
    nothing = dict.fromkeys(["description", "text", "kind", "subject", "levels", "language", "url"])
    assert record(Resource, RESOURCE | nothing, LIMIT) == Resource(id="r1", title="Add")
    nothing = dict.fromkeys(["parent", "code", "levels", "language", "position", "assignable"])
    expected = Outcome(id="o1", framework="f", title="Add", assignable=True)
    assert record(Outcome, OUTCOME | nothing, LIMIT) == expected


def test_unknown_fields_are_kept_in_extra():
    found = record(Resource, RESOURCE | {"keywords": ["a", {"b": None}], "year": 3}, LIMIT)
    assert found.extra == {"keywords": ["a", {"b": None}], "year": 3}


@pytest.mark.parametrize("title", ["", "  ", None])
def test_a_title_may_be_empty_if_there_is_a_description(title):
    found = record(Resource, {"id": "r1", "title": title, "description": "Fractions"}, LIMIT)
    assert found.title == (title or "")


def test_a_title_of_one_word_is_enough():
    assert record(Outcome, OUTCOME | {"title": "Fractions"}, LIMIT).title == "Fractions"


EMPTY = "title and description are both empty; one of them must say what it is"
TOO_LONG = (
    "text has 1,000,001 characters; the limit is 1,000,000: shorten it or raise GATEWAYS_MAX_TEXT"
)
BIG = "position is {}; it must be an integer below 2,147,483,648"
DEEP = {}
for _ in range(200):
    DEEP = {"deeper": DEEP}


@pytest.mark.parametrize(
    ("kind", "raw", "reason"),
    [
        (Resource, {"title": "Add"}, "id is missing"),
        (Resource, RESOURCE | {"id": " "}, "id is missing"),
        (Resource, RESOURCE | {"id": 12}, "id is 12; it must be a text in quote marks"),
        (Resource, RESOURCE | {"id": "x" * 501}, "id has 501 characters; an id may have 500"),
        (Resource, {"id": "r1"}, EMPTY),
        (Outcome, OUTCOME | {"title": " ", "description": "\n"}, EMPTY),
        (Outcome, {"id": "o1", "title": "Add"}, "framework is missing"),
        (
            Outcome,
            OUTCOME | {"parent": ["p"]},
            "parent is a list; it must be a text in quote marks",
        ),
        (
            Resource,
            RESOURCE | {"title": {}},
            "title is an object; it must be a text in quote marks",
        ),
        (Resource, RESOURCE | {"levels": "Y1"}, 'levels is "Y1"; it must be a list of texts'),
        (Resource, RESOURCE | {"levels": [1]}, "levels is 1; it must be a text in quote marks"),
        (Outcome, OUTCOME | {"position": 1.5}, BIG.format("1.5")),
        (Outcome, OUTCOME | {"position": True}, BIG.format("true")),
        (Outcome, OUTCOME | {"position": 2**31}, BIG.format(2**31)),
        (Outcome, OUTCOME | {"assignable": 1}, "assignable is 1; it must be true or false"),
        (
            Resource,
            RESOURCE | {"language": "english"},
            'language is "english"; it must be a BCP 47 tag such as en, pt-BR or zh-Hant',
        ),
        (Resource, RESOURCE | {"text": "x" * 1_000_001}, TOO_LONG),
        (Resource, RESOURCE | {"note": ["x" * 1_000_001]}, TOO_LONG.replace("text", "note")),
        (Resource, RESOURCE | {"text": "a\0b"}, "text holds a NUL character; remove it"),
        (
            Resource,
            RESOURCE | {"text": "a\ud800"},
            "text holds half of a surrogate pair; write it whole",
        ),
        (Resource, RESOURCE | {"x": [{"y": "\0"}]}, "y holds a NUL character; remove it"),
        (
            Resource,
            RESOURCE | {"x\udfff": 1},
            'the field name "x\\udfff" holds half of a surrogate pair; write it whole',
        ),
        (Resource, RESOURCE | {"x": DEEP}, "deeper is nested more than 100 deep"),
        (Alignment, {"resource": "r1"}, "outcome is missing"),
        (
            Alignment,
            ALIGNMENT | {"relation": "teach"},
            'relation is "teach"; it must be one of teaches, assesses, requires',
        ),
        (
            Alignment,
            ALIGNMENT | {"split": "Test"},
            'split is "Test"; it must be one of train, dev, test',
        ),
        (Prerequisite, {"outcome": "o1", "requires": ""}, "requires is missing"),
        (
            Correspondence,
            {"outcome": "o1", "other": "o2"},
            f"match is missing; it must be one of {MATCHES}",
        ),
        (
            Correspondence,
            {"outcome": "o1", "other": "o2", "match": "like"},
            f'match is "like"; it must be one of {MATCHES}',
        ),
        (Interaction, INTERACTION | {"learner": ""}, "learner is missing"),
        (
            Interaction,
            INTERACTION | {"resource": ""},
            "there is neither a resource nor an item",
        ),
        (Interaction, INTERACTION | {"time": ""}, "time is missing"),
        (
            Interaction,
            INTERACTION | {"time": "2024-01-01"},
            'time is "2024-01-01"; it must be a number',
        ),
        (Interaction, INTERACTION | {"time": "nan"}, 'time is "nan"; it must be a number'),
        (Interaction, INTERACTION | {"time": "1_000"}, 'time is "1_000"; it must be a number'),
        (Interaction, INTERACTION | {"time": True}, "time is true; it must be a number"),
        (
            Interaction,
            INTERACTION | {"event": ""},
            "event is missing; it must be one of viewed, attempted, completed, skipped",
        ),
        (
            Interaction,
            INTERACTION | {"event": "seen"},
            'event is "seen"; it must be one of viewed, attempted, completed, skipped',
        ),
        (
            Interaction,
            INTERACTION | {"score": "1.01"},
            "score is 1.01; it must lie between 0 and 1",
        ),
        (
            Interaction,
            INTERACTION | {"score": "-0.1"},
            "score is -0.1; it must lie between 0 and 1",
        ),
        (Interaction, INTERACTION | {"score": "good"}, 'score is "good"; it must be a number'),
    ],
)
def test_a_bad_row_is_refused_with_one_clear_reason(kind, raw, reason):
    with pytest.raises(RowError, match=f"^{re.escape(reason)}$"):
        record(kind, raw, LIMIT)


def test_an_alignment_teaches_unless_it_says_otherwise():
    assert record(Alignment, ALIGNMENT, LIMIT) == Alignment(resource="r1", outcome="o1")
    found = record(Alignment, ALIGNMENT | {"relation": "requires", "split": "dev"}, LIMIT)
    assert (found.relation, found.split) == (Relation.REQUIRES, Split.DEV)


def test_who_stated_an_alignment_and_when_is_its_provenance():
    raw = ALIGNMENT | {"agent": "ana", "time": "12.5", "model": "m1", "note": "good"}
    found = record(Alignment, raw, LIMIT)
    assert found.provenance == Provenance(agent="ana", time=12.5, model="m1")
    assert found.extra == {"note": "good"}


@pytest.mark.parametrize("time", ["", "yesterday"])
def test_columns_that_do_not_say_who_and_when_are_only_kept(time):
    found = record(Alignment, ALIGNMENT | {"agent": "ana", "time": time}, LIMIT)
    assert found.provenance is None
    assert found.extra["agent"] == "ana"


def test_an_interaction_lists_its_outcomes_between_semicolons():
    raw = INTERACTION | {"outcome": "o1;o2", "score": "0.5", "resource": "", "item": "i1"}
    assert record(Interaction, raw, LIMIT) == Interaction(
        learner="l1", item="i1", outcomes=("o1", "o2"), time=12.5, event=Event.VIEWED, score=0.5
    )


@pytest.mark.parametrize("cell", ["not json", "[1]", "{", "[" * 5_000])
def test_a_column_named_extra_without_an_object_is_kept_as_a_text(cell):
    assert record(Prerequisite, {"outcome": "a", "requires": "b", "extra": cell}, LIMIT).extra == {
        "extra": cell
    }
