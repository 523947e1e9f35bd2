"""What learners do comes in: once each, in any order, or refused with a reason."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from data.catalogue import Catalogue, Fate, Taken
from data.catalogue.interactions import RefusedError
from data.errors import ConflictError, NotFoundError
from data.importing.importer import import_document
from data.records import Event, Interaction, Outcome, Resource

KEPT, KNOWN = Taken(Fate.KEPT), Taken(Fate.KNOWN)


def viewed(learner="m", resource="r1", at=1.0, **more):
    values = {"outcomes": ("b",), "event": Event.VIEWED}
    return Interaction(learner=learner, resource=resource, time=at, **(values | more))


def rows(catalogue):
    return catalogue.counts()["interactions"]


def test_an_interaction_is_kept_with_all_it_says(small):
    done = viewed(item="r1#2", score=0.25, extra={"seconds": 12, "wörd": ["ñ"]})
    assert small.interactions.add([("c1", done)]) == [KEPT]
    assert small.interactions.of_learner("m") == [done]
    assert done in small.interactions.live()


def test_the_same_client_id_again_changes_nothing_even_if_it_says_something_else(small):
    first = viewed()
    assert small.interactions.add([("c1", first)]) == [KEPT]
    assert small.interactions.add([("c1", first)]) == [KNOWN]
    assert small.interactions.add([("c1", viewed(at=9.0, resource="gone"))]) == [KNOWN]
    assert small.interactions.of_learner("m") == [first]


def test_the_same_event_twice_is_one_event_with_an_id_or_without(small):
    add = small.interactions.add
    assert add([(None, viewed()), (None, viewed()), ("c1", viewed())]) == [KEPT, KNOWN, KNOWN]
    assert add([("c2", viewed()), (None, viewed(at=2.0))]) == [KNOWN, KEPT]
    assert len(small.interactions.of_learner("m")) == 2


def test_one_request_may_repeat_a_client_id(small):
    both = [("c1", viewed(at=1.0)), ("c1", viewed(at=2.0))]
    assert small.interactions.add(both) == [KEPT, KNOWN]


def test_an_event_that_a_dataset_brought_is_known(small):
    (brought,) = small.interactions.of_learner("l")
    assert small.interactions.add([("c1", brought)]) == [KNOWN]


def test_an_import_leaves_what_came_in_before_it_and_its_client_id(small, document):
    small.interactions.add([("c1", viewed())])
    report = import_document(small, document(viewed(), name="e"))
    assert report.counts["interactions"].unchanged == 1
    assert small.interactions.add([("c1", viewed(at=5.0))]) == [KNOWN]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"resource": "none"}, "resource 'none' is not in the catalogue, or was retired"),
        ({"outcomes": ("b", "none")}, "outcome 'none' is not in the catalogue, or was retired"),
        ({"learner": "Ana Pérez"}, "looks like a name"),
        ({"learner": "ana@school.example"}, "looks like a name"),
        ({"learner": ""}, "learner is missing"),
        ({"item": "half \ud800"}, "half a character"),
        ({"learner": "half\ud800"}, "half a character"),
        ({"resource": "half\ud800"}, "half a character"),
        ({"item": "nul \0"}, "a NUL character"),
        ({"at": float("nan")}, "cannot be kept"),
    ],
)
def test_what_cannot_stand_is_refused_and_the_others_are_kept(small, wrong, reason):
    sent = [("c1", viewed()), ("c2", viewed(**wrong)), (None, viewed(at=3.0))]
    first, refused, last = small.interactions.add(sent)
    assert first == last == KEPT
    assert refused.fate is Fate.REFUSED
    assert reason in refused.reason
    assert [one.time for one in small.interactions.of_learner("m")] == [1.0, 3.0]


@pytest.mark.parametrize("client_id", ["", "a b", "é", "x" * 201, "nul\0", "half\ud800"])
def test_a_client_id_that_is_none_is_refused(small, client_id):
    (refused,) = small.interactions.add([(client_id, viewed())])
    assert refused.fate is Fate.REFUSED
    assert "take a UUID" in refused.reason


def test_what_was_refused_may_come_again_once_it_can_stand(small, document):
    sent = [("c1", viewed(resource="late"))]
    assert small.interactions.add(sent)[0].fate is Fate.REFUSED
    import_document(small, document(Resource(id="late", title="Late"), name="e"))
    assert small.interactions.add(sent) == [KEPT]


def test_retired_resources_and_outcomes_are_not_learned_with(small, document):
    kept = [one for one in small.outcomes.live() if one.id != "b"]
    import_document(small, document(*kept, Resource(id="r2", title="Halves")), prune=True)
    sent = [(None, viewed(outcomes=())), (None, viewed(resource="r2")), (None, viewed(at=2.0))]
    assert [one.fate for one in small.interactions.add(sent)] == [Fate.REFUSED] * 3


def test_one_that_is_withdrawn_counts_nowhere_and_its_id_stays_taken(small):
    small.interactions.add([("c1", viewed(at=1.0)), ("c2", viewed(at=2.0))])
    before = small.learners.mark("m")
    assert small.interactions.add_all([("c3", viewed(at=3.0))], ["c1"]) == [KEPT]
    assert small.learners.mark("m")[1] == before[1]
    assert small.learners.mark("m")[2:] != before[2:]
    assert [one.time for one in small.interactions.of_learner("m")] == [2.0, 3.0]
    assert viewed(at=1.0) not in small.interactions.live()
    assert {one.learner: one.interactions for one in small.learners.ids().items}["m"] == 2
    assert small.interactions.add_all([("c1", viewed(at=1.0))], ["c1"]) == [KNOWN]
    assert rows(small) == 3


@pytest.mark.parametrize(
    ("entries", "withdrawn", "error", "reason"),
    [
        ([("c1", viewed(at=9.0))], [], ConflictError, "c1 is here already"),
        ([("c2", viewed(resource="gone"))], [], RefusedError, "'gone' is not in the catalogue"),
        ([("c2", viewed(at=9.0))], ["c3"], NotFoundError, "c3 is not here"),
    ],
)
def test_of_many_all_are_kept_or_none(small, entries, withdrawn, error, reason):
    small.interactions.add([("c1", viewed())])
    with pytest.raises(error, match=reason):
        small.interactions.add_all([("c4", viewed(at=4.0)), *entries], withdrawn)
    assert small.interactions.of_learner("m") == [viewed()]


def test_nothing_is_taken_from_an_empty_request(small):
    assert small.interactions.add([]) == []


def test_a_long_absence_comes_in_at_once(small):
    sent = [(f"c{n}", viewed(at=float(n))) for n in range(2500)]
    assert Counter(small.interactions.add(sent)) == {KEPT: 2500}
    assert Counter(small.interactions.add([*sent, (None, viewed(at=-1.0))])) == {
        KNOWN: 2500,
        KEPT: 1,
    }


def test_interactions_are_on_the_disk_before_they_are_acknowledged(tmp_path, small, catalogue_url):
    if not catalogue_url.startswith("sqlite"):
        pytest.skip("a server syncs by its own settings")
    seen, full = [], 2

    def note(connection):
        seen.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())

    event.listen(small._store._engine, "commit", note)
    small.interactions.add([(None, viewed())])
    assert seen == [full]


def test_an_interaction_costs_no_more_where_there_are_many(small, statements):
    cost = []
    for number in range(40):
        with statements(small) as made:
            small.interactions.add([(f"c{number}", viewed(at=float(number)))])
        cost.append(len(made))
    assert max(cost) == min(cost) <= 10


ANY = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
happened = st.builds(
    Interaction,
    learner=st.just("m"),
    resource=st.sampled_from(["r1", "r2"]),
    outcomes=st.sampled_from([(), ("a",), ("b", "a")]),
    time=st.sampled_from([0.0, 1.0, 1.5]),  # few, so that many are at the same time
    event=st.sampled_from(Event),
    score=st.none() | st.floats(0, 1),
)


@pytest.fixture
def with_resources(tmp_path, empty_database, document):
    """Open a catalogue with the outcomes and resources that events may name, as often as wanted."""
    rows = [Outcome(id=id_, framework="f", title="t") for id_ in "ab"]
    rows += [Resource(id=id_, title="t") for id_ in ("r1", "r2")]
    file = tmp_path / "filled.sqlite"
    file.write_bytes(empty_database)
    with Catalogue.open(f"sqlite:///{file}") as catalogue:
        import_document(catalogue, document(*rows))
    filled, copy = file.read_bytes(), tmp_path / "copy.sqlite"

    def make():
        copy.write_bytes(filled)
        return Catalogue.open(f"sqlite:///{copy}")

    return make


@ANY
@given(data=st.data())
def test_any_order_with_any_repetition_in_any_batches_gives_the_same(data, with_resources):
    events = data.draw(st.lists(happened, max_size=12, unique_by=repr))
    named = data.draw(st.lists(st.booleans(), min_size=len(events), max_size=len(events)))
    sent = [(f"c{n}" if named[n] else None, one) for n, one in enumerate(events)]
    found = []
    for _ in range(2):
        again = data.draw(st.lists(st.sampled_from(sent), max_size=10)) if sent else []
        order = data.draw(st.permutations([*sent, *again]))
        cut = data.draw(st.integers(0, len(order)))
        with with_resources() as catalogue:
            taken = [*catalogue.interactions.add(order[:cut])]
            taken += catalogue.interactions.add(order[cut:])
            found.append(catalogue.interactions.of_learner("m"))
        assert Counter(taken) == Counter([KEPT] * len(sent) + [KNOWN] * len(again))
    assert found[0] == found[1]
    assert [one.time for one in found[0]] == sorted(one.time for one in events)
    assert Counter(map(repr, found[0])) == Counter(map(repr, events))


@ANY
@given(events=st.lists(happened, max_size=8, unique_by=repr))
def test_an_import_and_the_learners_own_device_leave_the_same(events, with_resources, document):
    with with_resources() as catalogue:
        import_document(catalogue, document(*events, name="e"))
        imported = catalogue.interactions.of_learner("m")
    with with_resources() as catalogue:
        catalogue.interactions.add([(None, one) for one in reversed(events)])
        assert catalogue.interactions.of_learner("m") == imported
