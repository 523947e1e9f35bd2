import numpy as np
import pytest

from data.records import Event, Interaction, Resource
from models.learner import continuation
from models.learner.continuation import fit_continuation

SIZE = 40


def catalogue(size=SIZE, **said):
    return [Resource(id=f"r{number}", title=f"Lesson {number}", **said) for number in range(size)]


def walk(learner, numbers, start=0.0):
    return [
        Interaction(
            learner=learner, resource=f"r{number}", time=start + 60 * step, event=Event.VIEWED
        )
        for step, number in enumerate(numbers)
    ]


def best(model, history):
    """The number of the resource that is likeliest and was not in the history."""
    scores = model.scores(history).copy()
    scores[[int(one.resource[1:]) for one in history]] = -np.inf
    return int(np.argmax(scores))


@pytest.fixture(scope="module")
def strides():
    """Learners who keep to a stride of their own, so that the same resource leads on to several."""
    generator = np.random.default_rng(3)
    return [
        one
        for learner in range(200)
        for start, stride in [(generator.integers(5), generator.integers(2, 5))]
        for one in walk(f"l{learner}", range(start, SIZE, stride)[:6], start=1000.0 * learner)
    ]


@pytest.fixture(scope="module")
def tuned(strides):
    return fit_continuation(strides, catalogue(), {})


def test_what_others_went_on_to_is_expected_next():
    others = [one for number in range(5) for one in walk(f"l{number}", (3, 30), number)]
    model = fit_continuation(others, catalogue(), {})
    assert best(model, walk("new", [3])) == 30


def test_where_nobody_did_anything_the_next_of_the_catalogue_is_expected():
    model = fit_continuation([], catalogue(), {})
    assert best(model, walk("new", [7])) == 8
    assert best(model, walk("new", [8, 7])) in {6, 9}


def test_of_what_stands_equally_near_the_one_on_the_same_matter_is_expected():
    titles = ["Fractions in a pizza", "Volcanoes", "Pizza cut into fractions"]
    resources = [Resource(id=f"r{number}", title=title) for number, title in enumerate(titles)]
    model = fit_continuation([], [*resources, *catalogue()[3:]], {})
    scores = model.scores(walk("new", [0]))
    assert scores[2] > scores[3]


def test_a_new_learner_is_told_what_learners_begin_with():
    begun = [one for number in range(5) for one in walk(f"l{number}", (12, 3, 4, 5), number)]
    assert best(fit_continuation(begun, catalogue(), {}), []) == 12


def test_what_is_repeated_or_unknown_is_passed_over(tuned):
    stranger = Interaction(learner="new", resource="gone", time=400, event=Event.VIEWED)
    again = walk("new", [0], start=500)
    item = Interaction(learner="new", item="i1", time=600, event=Event.ATTEMPTED)
    scores = tuned.scores([*walk("new", [0, 3]), stranger, *again, item])
    assert np.array_equal(scores, tuned.scores(walk("new", [0, 3])))
    assert np.array_equal(tuned.scores([stranger]), tuned.scores([]))


def test_it_learns_when_to_believe_which_signal(tuned):
    assert tuned.is_tuned
    assert best(tuned, walk("new", [0, 3, 6])) == 9
    assert best(tuned, walk("new", [2, 4, 6])) == 8


def test_with_little_to_learn_from_signals_are_added_as_they_are(strides):
    few = fit_continuation(strides[:60], catalogue(), {})
    assert not few.is_tuned
    assert np.isfinite(few.scores(walk("new", [0, 3]))).all()


def test_what_a_contact_is_told_from_was_counted_over_earlier_ones(strides, monkeypatch):
    counted, asked = [], []
    real = continuation.Counts

    def counts(contacts, catalogue):
        counted.append(max((one.time for one in contacts), default=-np.inf))
        return real(contacts, catalogue)

    def signals(trail, found, catalogue):
        asked.append((len(counted), trail.times.max()))
        return continuation_signals(trail, found, catalogue)

    continuation_signals = continuation.signals
    monkeypatch.setattr(continuation, "Counts", counts)
    monkeypatch.setattr(continuation, "signals", signals)
    fit_continuation(strides, catalogue(), {})
    assert len(counted) == len(continuation.CUTS) + 1  # and once over all
    times = [one.time for one in strides]
    for latest, cut in zip(counted, np.quantile(times, continuation.CUTS), strict=False):
        assert latest < cut
    assert len(asked) > continuation.ENOUGH


def test_the_same_learners_make_the_same_model(strides, tuned):
    history = walk("new", [1, 3, 5])
    again = fit_continuation(strides, catalogue(), {})
    assert np.array_equal(again.scores(history), tuned.scores(history))


def test_those_that_the_trees_do_not_order_come_after_in_their_own_order(tuned, monkeypatch):
    history = walk("new", [0, 3, 6])
    monkeypatch.setattr(continuation, "CANDIDATES", 5)
    trail = tuned.trail(history)
    found = tuned.signals(trail)
    (scores,) = tuned.judged([(trail, found)])
    first = {int(row) for row in np.argsort(-scores)[:5]}
    others = [row for row in range(SIZE) if row not in first]
    assert not first & set(trail.rows)
    assert np.allclose(np.diff(scores[others]), np.diff(continuation.untuned(found)[others]))


def test_many_are_judged_as_each_alone(tuned):
    histories = [walk("new", numbers) for numbers in ([0, 3], [7], range(SIZE))]
    trails = [tuned.trail(history) for history in histories]
    together = tuned.judged([(trail, tuned.signals(trail)) for trail in trails])
    for history, scores in zip(histories, together, strict=True):
        assert np.allclose(scores, tuned.scores(history))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_tiny_catalogues_without_words_do(size):
    bare = [Resource(id=f"r{number}", title="") for number in range(size)]
    model = fit_continuation(walk("one", [0]), bare, {})
    everything = walk("new", range(size))
    assert model.scores(everything).shape == (size,)
    assert np.isfinite(model.scores(everything)).all()


def test_without_resources_there_is_nothing_to_fit():
    with pytest.raises(ValueError, match="no resources"):
        fit_continuation([], [], {})


def test_equal_times_do(strides):
    at_once = [
        Interaction(learner=one.learner, resource=one.resource, time=5.0, event=one.event)
        for one in strides
    ]
    model = fit_continuation(at_once, catalogue(), {})
    assert not model.is_tuned  # nothing was before anything
    assert best(model, walk("new", [0])) in {2, 3, 4, 1}
