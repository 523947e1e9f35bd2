"""What learners did, summed for each."""

from data.catalogue.use import Did
from data.importing.importer import import_document
from data.records import Event, Interaction, Outcome, Resource


def did(learner, time, event=Event.ATTEMPTED, **more):
    return Interaction(learner=learner, time=time, event=event, **more)


def test_each_learner_has_a_line_for_each_dataset_and_kind(small):
    small.interactions.add(
        [
            (None, did("l", 3.0, Event.COMPLETED, resource="r1")),
            (None, did("m", 3.0, Event.SKIPPED, resource="r2")),
            (None, did("m", 4.0, item="i", score=1.0, outcomes=("a",))),
        ]
    )
    assert list(small.use.done()) == [
        Did(learner="l", dataset="d", kind="video", interactions=2, completions=1),
        Did(learner="m", dataset="", kind=None, interactions=1, completions=0),
        Did(learner="m", dataset="d", kind=None, interactions=1, completions=0),
    ]


def test_first_and_last_scores_go_by_time_and_not_by_when_they_came(small):
    scores = [(9.0, 0.9), (3.0, 0.3), (5.0, 0.5)]
    entries = [
        (None, did("m", time, resource="r2", outcomes=("a",), score=score))
        for time, score in scores
    ]
    viewed = did("m", 1.0, Event.VIEWED, resource="r2", outcomes=("a",))
    small.interactions.add([*entries, (None, viewed)])
    (found,) = small.use.attempts()
    assert (found.learner, found.dataset, found.outcomes) == ("m", "d", ("a",))
    assert (found.attempts, found.first_time, found.last_time) == (3, 3.0, 9.0)
    assert (found.first, found.last) == (0.3, 0.9)


def test_use_of_a_resource_that_is_gone_still_counts(catalogue, document):
    outcome = Outcome(id="o", framework="f", title="O")
    resource = Resource(id="r", title="R", kind="video")
    import_document(catalogue, document(outcome, resource, did("l", 1.0, resource="r")))
    import_document(catalogue, document(outcome, empty=(Resource,)), prune=True)
    assert catalogue.counts()["resources"] == 0
    assert [(one.kind, one.interactions) for one in catalogue.use.done()] == [("video", 1)]
