"""Small schools: outcomes in a row, a resource for each, and what learners do there."""

from dataclasses import replace

import pytest

from data.catalogue import Catalogue
from data.records import (
    Alignment,
    Event,
    Interaction,
    Outcome,
    Prerequisite,
    Resource,
    Statement,
    Voice,
)
from models.learner.curriculum import Curriculum
from models.learner.mastery import mastery_of
from models.learner.model import LearnerModel
from models.learner.recommender import Recommender
from models.learner.shelf import Shelf, sure_alignments
from models.learner.situation import Asked
from models.learner.state import learner_of
from models.learner.teaching import open_teaching
from models.learner.tracing import starting_tracer

NOW = 1_788_000_000.0


class School:
    """Outcomes such as "a" or "a:Grade 3", in curriculum order, each with the exercise r-a.

    `requires` has pairs such as "b<a": b builds on a. Nothing is explored.
    """

    now = NOW

    def __init__(self, outcomes, requires="", *, resources=None, alignments=None, tracer=None):
        named = [word.partition(":")[::2] for word in outcomes]
        self.outcomes = [
            Outcome(
                id=name,
                framework="f",
                title=f"Title of {name}",
                levels=(level,) if level else (),
                position=place,
                language="en",
            )
            for place, (name, level) in enumerate(named)
        ]
        pairs = [pair.split("<") for pair in requires.split()]
        self.curriculum = Curriculum(
            self.outcomes, [Prerequisite(outcome=one, requires=other) for one, other in pairs]
        )
        self.resources = resources or [
            Resource(id=f"r-{name}", title=f"About {name}", kind="exercise", language="en")
            for name, _ in named
        ]
        self.aligned = sure_alignments(
            alignments or [Alignment(resource=f"r-{name}", outcome=name) for name, _ in named]
        )
        self.shelf = Shelf(self.curriculum, self.resources, self.aligned)
        self.tracer = tracer or starting_tracer()
        self.recommender = Recommender(self.curriculum, self.shelf, self.tracer, explored=0.0)

    def learner(self, *events):
        did = [one for one in events if isinstance(one, Interaction)]
        said = [one for one in events if isinstance(one, Statement)]
        said = [replace(one, id=number) for number, one in enumerate(said)]
        return learner_of(did, said, self.tracer, self.aligned)

    def mastery(self, *events, now=NOW, level=None):
        """The estimates, by outcome."""
        found = mastery_of(self.learner(*events), self.curriculum, self.tracer, now, level)
        return dict(zip(self.curriculum.ids, found.probability.tolist(), strict=True))

    def recommended(self, *events, now=NOW, **asked):
        return self.recommender.recommend(self.learner(*events), Asked(now=now, **asked))

    def outcomes_next(self, *events, **asked):
        """The outcomes of the steps, in their order."""
        steps = self.recommended(*events, **asked).steps
        return [self.curriculum.ids[step.outcome] for step in steps]


def _answer(outcome, score, ago=0.0, item=None, event=Event.ATTEMPTED):
    """An answer so many seconds ago, to an item of its own unless it is named."""
    return Interaction(
        learner="l",
        item=item or f"{outcome} {ago}",
        outcomes=(outcome,),
        time=NOW - ago,
        event=event,
        score=score,
    )


def _with(resource, event, ago=0.0, **more):
    return Interaction(learner="l", resource=resource, time=NOW - ago, event=event, **more)


def _said(outcome, can, voice=Voice.LEARNER, ago=0.0):
    return Statement(learner="l", outcome=outcome, can=can, voice=voice, time=NOW - ago)


@pytest.fixture(scope="session")
def school():
    return School


@pytest.fixture(scope="session")
def answer():
    return _answer


@pytest.fixture(scope="session")
def used():
    """An event with a resource: used("r-a", Event.COMPLETED, ago=3)."""
    return _with


@pytest.fixture(scope="session")
def said():
    return _said


@pytest.fixture(scope="session")
def sample(sample_home):
    """The sample catalogue, to be read."""
    with Catalogue.open(f"sqlite:///{sample_home / 'catalogue.sqlite'}") as catalogue:
        yield catalogue


@pytest.fixture(scope="session")
def teaching(sample):
    """What the sample catalogue teaches, with what a new platform starts with."""
    return open_teaching(sample, LearnerModel(tracer=starting_tracer()))
