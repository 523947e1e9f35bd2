"""What is recommended over made-up curricula with circles, shelves and histories."""

import re
from itertools import product
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.records import (
    Alignment,
    Event,
    Interaction,
    Outcome,
    Prerequisite,
    Relation,
    Resource,
    Statement,
    Voice,
)
from models.learner.curriculum import Curriculum
from models.learner.frontier import Purpose, reached
from models.learner.mastery import HELD, MASTERED
from models.learner.recommender import Recommender
from models.learner.shelf import Shelf, sure_alignments
from models.learner.situation import Asked
from models.learner.state import learner_of
from models.learner.tracing import starting_tracer

NOW, DAY = 1.788e9, 86400.0
TRACER = starting_tracer()
LANGUAGES, KINDS = ("en", "fr"), ("quiz", "video")

outcome_ids = st.integers(0, 6).map(lambda number: f"o{number}")
resource_ids = st.integers(0, 5).map(lambda number: f"r{number}")
levels = st.sampled_from([(), ("Grade 1",), ("Grade 3",), ("Grade 10",), ("Grade 4", "Grade 2")])


def mostly(usual, *others):
    """The usual value two times in three, so that not everything is excluded for many reasons."""
    return st.sampled_from([usual] * 2 * len(others) + list(others))


@st.composite
def worlds(draw):
    """Outcomes of two frameworks, edges in any direction, resources and alignments of all sorts.

    The first outcomes see to it that there are levels to be too far away.
    """
    outcomes = [
        Outcome(
            id=f"o{number}",
            framework="f" if number < 3 else draw(mostly("f", "g")),
            title=f"o{number}",
            levels=("Grade 1", "Grade 3", "Grade 10")[number : number + 1] or draw(levels),
            position=number,
            language=draw(st.sampled_from(LANGUAGES)),
            assignable=number < 3 or draw(mostly(True, False)),
        )
        for number in range(draw(st.integers(3, 7)))
    ]
    edges = draw(st.lists(st.tuples(outcome_ids, outcome_ids), max_size=6))
    resources = [
        Resource(
            id=f"r{number}",
            title=f"r{number}",
            kind=draw(st.sampled_from([None, *KINDS])),
            language=draw(mostly(None, *LANGUAGES)),
            levels=draw(levels),
            extra={"downloadable": draw(st.booleans())},
        )
        for number in range(6)
    ]
    alignments = draw(
        st.lists(
            st.builds(
                Alignment,
                resource=resource_ids,
                outcome=outcome_ids,
                relation=mostly(Relation.TEACHES, Relation.REQUIRES),
                extra=mostly({}, {"confidence": 0.69}, {"confidence": 0.9}),
            ),
            min_size=8,
            max_size=16,
        )
    )
    prerequisites = [Prerequisite(outcome=one, requires=other) for one, other in edges]
    return outcomes, prerequisites, resources, alignments


histories = st.lists(
    st.builds(
        Interaction,
        learner=st.just("l"),
        resource=st.none() | resource_ids,
        item=st.sampled_from([None, "i"]),
        outcomes=st.sampled_from([(), ("o0",), ("o1", "o2"), ("o4",)]),
        time=st.floats(NOW - 400 * DAY, NOW),
        event=st.sampled_from(list(Event)),
        score=st.sampled_from([None, 0.0, 0.5, 1.0, 1.0]),
    ),
    max_size=10,
)
words = st.lists(
    st.builds(
        Statement,
        learner=st.just("l"),
        outcome=outcome_ids,
        can=st.sampled_from([0.0, 0.6, 1.0]),
        voice=st.sampled_from(list(Voice)),
        time=st.floats(NOW - 400 * DAY, NOW),
    ),
    max_size=4,
)
questions = st.builds(
    Asked,
    now=st.just(NOW),
    k=st.integers(1, 6),
    goal=mostly(None, "o0", "o1", "o2"),
    languages=mostly((), ("en",), ("fr", "en")),
    kind=mostly(None, *KINDS),
    framework=mostly(None, "f", "g"),
    level=st.sampled_from([None, "Grade 1", "Grade 1", "Grade 3"]),
    offline=mostly(False, True),
)


def number_of(level):
    return int(re.findall(r"\d+", level)[0])


def grades_of(outcomes):
    """(Framework, level) → its place among the framework's levels, worked out anew."""
    found = {}
    for framework in {one.framework for one in outcomes}:
        mine = [one for one in outcomes if one.framework == framework and one.assignable]
        every = sorted({level for one in mine for level in one.levels}, key=number_of)
        found |= {(framework, level): place for place, level in enumerate(every)}
    return found


def waits_for(outcomes, prerequisites):
    """Outcome → what it builds on, where those that require one another are one step."""
    ids = {one.id for one in outcomes if one.assignable}
    edges = {(one.outcome, one.requires) for one in prerequisites}
    edges = {(one, two) for one, two in edges if one != two and {one, two} <= ids}
    leads = set(edges)
    for middle, one, two in product(ids, ids, ids):  # the middle is the outermost (Warshall)
        if (one, middle) in leads and (middle, two) in leads:
            leads.add((one, two))
    together = {
        one: {one} | {two for two in ids if {(one, two), (two, one)} <= leads} for one in ids
    }
    return {
        one: {two for mate in together[one] for x, two in edges if x == mate} - together[one]
        for one in ids
    }


@settings(max_examples=60, deadline=None)
@given(worlds(), histories, words, questions, st.integers(0, 99))
def test_nothing_is_recommended_that_may_not_be(world, did, said, asked, seed):
    outcomes, prerequisites, resources, alignments = world
    aligned = sure_alignments(alignments)
    curriculum = Curriculum(outcomes, prerequisites)
    recommender = Recommender(
        curriculum, Shelf(curriculum, resources, aligned), TRACER, explored=0.3
    )
    learner = learner_of(did, said, TRACER, aligned)
    try:
        found = recommender.recommend(learner, asked, seed)
    except GatewaysError:
        reject()  # the level is of another framework

    mastery = dict(zip(curriculum.ids, found.mastery.probability, strict=True))
    grades, needs = grades_of(outcomes), waits_for(outcomes, prerequisites)
    own, mine = found.situation.level, found.situation.framework
    furthest = reached(recommender.curriculum, found.mastery, mine, own)
    by_id = {one.id: one for one in outcomes}
    finished = {
        one.resource
        for one in did
        if one.event is Event.COMPLETED
        or (one.event is not Event.VIEWED and one.item is None and (one.score or 0) >= 0.8)
    }
    sure = {
        (one.resource, one.outcome)
        for one in alignments
        if one.relation is not Relation.REQUIRES and one.extra.get("confidence", 1.0) >= 0.7
    }
    assert len(found.steps) == min(asked.k, len(found.candidates))
    shown = [resource_of(recommender, step) for step in found.steps]
    assert len({one.id for one in shown}) == len(shown)
    for step in found.steps:
        assert 0 < step.propensity <= 1
    for candidate in found.candidates:
        resource = resource_of(recommender, candidate)
        outcome = by_id[curriculum.ids[candidate.outcome]]
        assert (resource.id, outcome.id) in sure
        assert outcome.assignable
        assert outcome.framework == mine
        assert mastery[outcome.id] < MASTERED
        assert all(mastery[needed] >= HELD for needed in needs[outcome.id])
        assert resource.id not in finished
        assert resource.language in {None, *found.situation.languages}
        assert asked.kind in (None, resource.kind)
        assert resource.extra["downloadable"] or not asked.offline
        if own is not None:
            # A step beyond the learner's own level is the furthest.
            ranks = [grades.get((mine, level), nan) for level in resource.levels]
            assert min((rank for rank in ranks if not isnan(rank)), default=own) <= furthest + 1
            if asked.goal is None and outcome.levels:
                lowest = min(grades[mine, level] for level in outcome.levels)
                assert own - 4 <= lowest <= furthest + 1
        if asked.goal is not None:
            on_the_way, waiting = {asked.goal}, [asked.goal]
            while waiting:
                for needed in needs.get(waiting.pop(), ()):
                    if needed not in on_the_way and mastery[needed] < MASTERED:
                        on_the_way.add(needed)
                        waiting.append(needed)
            assert outcome.id in on_the_way


def resource_of(recommender, found):
    return recommender.shelf.resources[found.resource]


@settings(max_examples=40, deadline=None)
@given(worlds(), histories, words, st.randoms(use_true_random=False))
def test_recommendations_do_not_depend_on_the_order_in_which_things_arrived(
    world, did, said, random
):
    outcomes, prerequisites, resources, alignments = world
    aligned = sure_alignments(alignments)
    curriculum = Curriculum(outcomes, prerequisites)
    recommender = Recommender(curriculum, Shelf(curriculum, resources, aligned), TRACER)
    distinct = {(one.time, one.resource, one.outcomes): one for one in did}.values()
    said = {one.time: one for one in said}.values()

    def answer(did, said):
        return recommender.recommend(
            learner_of(did, list(said), TRACER, aligned), Asked(now=NOW), seed=1
        )

    one = answer(list(distinct), said)
    other = answer(random.sample(list(distinct), len(distinct)), list(said)[::-1])
    assert (one.steps, one.candidates) == (other.steps, other.candidates)
    assert np.array_equal(one.mastery.probability, other.mastery.probability)


def test_a_finished_resource_is_not_recommended_again_though_its_outcome_is_open(school, used):
    resources = [Resource(id=name, title=name, kind="quiz", language="en") for name in ("r", "s")]
    alignments = [Alignment(resource=one.id, outcome="a") for one in resources]
    row = school("a", resources=resources, alignments=alignments)
    for done in (used("r", Event.COMPLETED), used("r", Event.COMPLETED, score=0.4)):
        found = row.recommended(done)
        assert not found.mastery.mastered[0]
        assert [row.resources[step.resource].id for step in found.steps] == ["s"]


def test_a_resource_that_is_for_a_later_level_is_not_recommended(school):
    resources = [
        Resource(id=f"r-{grade}", title="", kind="quiz", language="en", levels=(f"Grade {grade}",))
        for grade in (3, 4, 5, 6)
    ]
    alignments = [Alignment(resource=one.id, outcome="a") for one in resources]
    names = ["b:Grade 3", "a:Grade 4", "c:Grade 5", "d:Grade 6"]
    row = school(names, resources=resources, alignments=alignments)
    found = row.recommended(level="Grade 4").steps
    assert {row.resources[step.resource].id for step in found} == {"r-3", "r-4", "r-5"}


def test_with_no_history_the_curriculum_decides(school):
    row = school("dacb")
    assert row.outcomes_next() == list("dacb")
    assert row.outcomes_next(k=2) == ["d", "a"]


def test_with_no_history_what_is_required_comes_before_what_builds_on_it(school):
    assert school("abc", "a<b b<c").outcomes_next() == ["c"]


def test_who_fails_gets_an_explanation_and_practises_after_it(school, answer, used):
    resources = [
        Resource(id=f"{kind} of {name}", title=kind, kind=kind, language="en")
        for name in "ab"
        for kind in ("quiz", "video")
    ]
    alignments = [Alignment(resource=one.id, outcome=one.id[-1]) for one in resources]
    row = school("ab", resources=resources, alignments=alignments)

    def first(*events):
        return row.resources[row.recommended(*events, k=1).steps[0].resource].id

    assert first() == "quiz of a"
    assert first(answer("a", 0.0, 1)) == "video of a"
    explained = used("video of a", Event.COMPLETED)
    assert first(answer("a", 0.0, 1), explained) == "quiz of a"


def test_what_was_met_often_gives_way_to_what_is_new(school, used):
    resources = [Resource(id=name, title=name, kind="quiz", language="en") for name in ("r", "s")]
    alignments = [Alignment(resource=one.id, outcome="a") for one in resources]
    row = school("a", resources=resources, alignments=alignments)
    views = [used("r", Event.VIEWED, ago=count) for count in range(3)]
    found = row.recommended(*views)
    assert [row.resources[step.resource].id for step in found.steps] == ["s", "r"]


def test_a_second_language_comes_after_the_first_and_a_third_never(school):
    resources = [
        Resource(id=f"r-{tag}", title=tag, kind="quiz", language=tag) for tag in ("de", "es", "fr")
    ]
    alignments = [Alignment(resource=one.id, outcome="a") for one in resources]
    row = school("a", resources=resources, alignments=alignments)
    found = row.recommended(languages=("fr", "es"))
    assert [row.resources[step.resource].language for step in found.steps] == ["fr", "es"]


def test_an_alignment_that_is_less_sure_counts_for_less(school):
    resources = [Resource(id=name, title=name, kind="quiz", language="en") for name in ("r", "s")]
    alignments = [
        Alignment(resource="r", outcome="a", extra={"confidence": 0.75}),
        Alignment(resource="s", outcome="a"),
    ]
    row = school("a", resources=resources, alignments=alignments)
    scores = {row.resources[one.resource].id: one.score for one in row.recommended().candidates}
    assert scores["r"] == pytest.approx(0.75 * scores["s"])


def test_resources_that_others_learned_from_come_first_however_little_they_are_used(school):
    resources = [Resource(id=name, title=name, kind="quiz", language="en") for name in "rst"]
    alignments = [Alignment(resource=one.id, outcome="a") for one in resources]
    row = school("a", resources=resources, alignments=alignments)
    helped = Recommender(row.curriculum, row.shelf, TRACER, {"t": 0.5, "r": -0.5}, explored=0)
    steps = helped.recommend(row.learner(), Asked(now=NOW)).steps
    assert [row.resources[step.resource].id for step in steps] == ["t", "s", "r"]


def test_a_step_says_what_it_is_for(school, answer):
    years = school(["a:Grade 3", "b:Grade 4", "c:Grade 4"], "b<a c<b")
    could = [answer("a", 1.0, ago) for ago in range(6)]
    found = years.recommended(*could, level="Grade 4")
    ids = years.curriculum.ids
    step = next(one for one in found.steps if ids[one.outcome] == "b")
    assert (ids[step.outcome], ids[step.builds_on], ids[step.towards]) == ("b", "a", "c")
    assert (step.purpose, step.is_gap) == (Purpose.NEXT, False)
    assert step.mastery == found.mastery.probability[1]
    (way,) = years.recommended(goal="c").steps
    assert (ids[way.outcome], way.purpose, ids[way.towards]) == ("a", Purpose.GOAL, "c")
    assert way.builds_on is None


def test_what_is_below_the_learners_level_and_not_mastered_is_a_gap(school, answer):
    years = school(["a:Grade 3", "b:Grade 4"], "b<a")
    (gap,) = years.recommended(answer("a", 0.0), level="Grade 4").steps
    assert (years.curriculum.ids[gap.outcome], gap.is_gap) == ("a", True)


def test_what_is_drawn_at_random_is_told_as_exploring(school):
    row = school([f"o{number}" for number in range(8)])
    exploring = Recommender(row.curriculum, row.shelf, TRACER, explored=1.0)
    purposes = [
        step.purpose
        for seed in range(10)
        for step in exploring.recommend(row.learner(), Asked(now=NOW, k=1), seed).steps
    ]
    assert set(purposes) == {Purpose.EXPLORE, Purpose.NEXT}


@pytest.mark.parametrize("asked", [{"kind": "video"}, {"languages": ("xx",)}, {"offline": True}])
def test_where_nothing_fits_nothing_is_recommended(school, asked):
    found = school("ab").recommended(**asked)
    assert (found.steps, found.candidates) == ((), ())
    assert len(found.mastery.probability) == 2
