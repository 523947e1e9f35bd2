"""The aligner where a ranker judges; what holds with and without one is in test_aligner.py."""

from dataclasses import replace

import pytest

from data.records import Match, Relation
from models.alignment.aligner import Aligner
from models.ranking.second_stage import second_stage_for
from models.snapshots.indexing import build
from models.suggestion import AbstentionCause, Carried, Filters, Origin, Query, ReasonKind
from models.text import query_of
from training.second_stage.ranker import fit_ranker

SIZE = 60


@pytest.fixture(scope="module")
def lessons(made_up):
    return made_up.lessons(40, seed=9)


@pytest.fixture(scope="module")
def aligner_of(made_up, hashing_of, confidence, ranker, lessons):
    """An aligner over made up outcomes and lessons, of which some were accepted."""
    encoder = hashing_of(256)
    snapshot = build(made_up.outcomes, lessons.resources, encoder, confidence=confidence)

    def make(accepted=(), **changes):
        changed = replace(snapshot, ranker=ranker, accepted=dict(accepted))
        return Aligner(replace(changed, **changes), encoder)

    return make


@pytest.fixture(scope="module")
def aligner(aligner_of):
    return aligner_of()


@pytest.fixture(scope="module")
def asked(lessons):
    return query_of(lessons.resources[0])


def ask(aligner, query, **options):
    return aligner.rank(query, aligner.encode([query])[0], **options)


def confidences(answer):
    return {found.outcome: found.confidence for found in answer.suggestions}


def mean_reciprocal_rank(aligner, lessons):
    ranks = []
    for resource in lessons.resources:
        (own,) = lessons.gold[resource.id]
        found = ask(aligner, query_of(resource), k=SIZE, explain=False).suggestions
        ranks += [1 / one.rank for one in found if one.outcome == own]
    return sum(ranks) / len(lessons.resources)


def test_confidences_and_scores_fall_with_the_rank(aligner, asked):
    found = ask(aligner, asked, k=SIZE).suggestions
    assert [one.rank for one in found] == list(range(1, SIZE + 1))
    for values in ([one.confidence for one in found], [one.score for one in found]):
        assert values == sorted(values, reverse=True)
    assert len({one.outcome for one in found}) == SIZE


def test_it_orders_better_than_fusion_does(aligner, aligner_of, lessons):
    fusion = aligner_of(ranker=None)
    assert mean_reciprocal_rank(aligner, lessons) > mean_reciprocal_rank(fusion, lessons)


def test_the_same_question_has_the_same_answer(aligner_of, asked):
    accepted = {"r9-1": ["maths-1"], "r9-2": ["art-3"]}
    first, second = (ask(aligner_of(accepted), asked) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("k", [1, 5])
def test_no_more_than_k_are_given_and_more_change_nothing(aligner, asked, k):
    assert ask(aligner, asked, k=k).suggestions == ask(aligner, asked, k=SIZE).suggestions[:k]


def test_filters_hold(aligner, asked):
    found = ask(aligner, asked, k=SIZE, filters=Filters(levels=("Year 4",))).suggestions
    levels = {entry.outcome.id: entry.levels for entry in aligner.snapshot.entries}
    assert len(found) == SIZE / 3
    assert all(levels[one.outcome] == ("Year 4",) for one in found)
    nothing = ask(aligner, asked, filters=Filters(frameworks=("g",)))
    assert nothing.abstained.cause == AbstentionCause.NOTHING_ALLOWED


def test_a_rejection_moves_no_other_confidence(aligner, asked):
    before = ask(aligner, asked, k=SIZE)
    rejected = before.suggestions[0].outcome
    after = ask(aligner, asked, k=SIZE, without={rejected})
    expected = {key: value for key, value in confidences(before).items() if key != rejected}
    assert confidences(after) == expected


def test_a_text_without_words_has_no_suggestion(aligner):
    assert ask(aligner, Query(text="12 🙂")).abstained.cause == AbstentionCause.NO_TEXT


@pytest.mark.parametrize("encoder", ["e5-oak", "e5", "minilm"])
def test_accepted_neighbours_raise_the_outcome_that_they_were_accepted_for(
    encoder, aligner, aligner_of, asked
):
    shipped = second_stage_for(encoder).ranker
    plain = aligner_of(ranker=shipped)
    one, other = (ask(plain, asked, k=SIZE).suggestions[rank].outcome for rank in (8, 9))
    near = aligner.snapshot.resources.search(aligner.encode([asked]), 4)[0][0]
    ids = {aligner.snapshot.resources.ids[row] for row in near} - {asked.resource}

    def suggested(accepted_for):
        voting = aligner_of({id_: [accepted_for] for id_ in ids}, ranker=shipped)
        found = ask(voting, asked, k=SIZE).suggestions
        return next(suggestion for suggestion in found if suggestion.outcome == one)

    raised = suggested(one)
    assert raised.score > suggested(other).score
    assert raised.rank < suggested(other).rank
    (reason,) = (found for found in raised.reasons if found.kind is ReasonKind.NEIGHBOURS)
    assert set(reason.resources) == ids
    assert reason.moved > 0


def test_what_was_accepted_for_the_resource_itself_does_not_count(aligner, aligner_of, asked):
    outcome = ask(aligner, asked, k=SIZE).suggestions[-1].outcome
    own = aligner_of({asked.resource: [outcome]})
    assert ask(own, asked, k=SIZE) == ask(aligner, asked, k=SIZE)
    unknown = replace(asked, resource=None)
    assert ask(own, unknown, k=SIZE) != ask(aligner, unknown, k=SIZE)


def test_an_accepted_outcome_that_is_gone_does_not_matter(aligner, aligner_of, asked):
    gone = aligner_of({"r9-1": ["no longer there"], "no longer there": ["maths-1"]})
    assert ask(gone, asked) == ask(aligner, asked)


def test_reasons_say_what_moved_the_score_and_only_where_they_are_asked_for(aligner, asked):
    explained, plain = ask(aligner, asked), ask(aligner, asked, explain=False)
    assert all(one.reasons == () for one in plain.suggestions)
    assert [replace(one, reasons=()) for one in explained.suggestions] == list(plain.suggestions)
    first = explained.suggestions[0].reasons
    assert first[0].kind is ReasonKind.MEANING
    assert any(reason.moved > 0 for reason in first)
    assert all(0 <= reason.strength <= 1 for reason in first)


def test_without_a_ranker_nothing_is_said_to_have_moved_the_score(aligner_of, asked):
    for found in ask(aligner_of(ranker=None), asked).suggestions:
        assert {reason.kind for reason in found.reasons} <= {ReasonKind.MEANING, ReasonKind.WORDS}
        assert all(reason.moved == 0 for reason in found.reasons)


ORIGIN = Origin(
    outcome="g-1",
    title="Something",
    language="fr",
    framework="g",
    framework_title="Another curriculum",
    relation=Relation.TEACHES,
    match=Match.EXACT,
)


def test_a_crosswalk_raises_what_it_leads_to_and_says_where_it_comes_from(aligner, asked):
    before = ask(aligner, asked, k=SIZE)
    last = before.suggestions[-1].outcome
    carried = (Carried(outcome=last, confidence=0.95, by=(ORIGIN,)),)
    after = ask(aligner, replace(asked, carried=carried), k=SIZE)
    first = after.suggestions[0]
    assert (first.outcome, first.selected) == (last, True)
    assert first.confidence > confidences(before)[last]
    (reason,) = (one for one in first.reasons if one.kind is ReasonKind.CROSSWALK)
    assert reason.by == (ORIGIN,)
    assert reason.moved > 0
    for one in after.suggestions[1:]:
        assert one.confidence < confidences(before)[one.outcome], "the line leads past it"
    (reason,) = (one for one in after.suggestions[1].reasons if one.kind is ReasonKind.CROSSWALK)
    assert reason.moved < 0
    assert reason.by == ()


def test_a_crosswalk_to_what_the_index_does_not_have_changes_nothing(aligner, asked):
    gone = replace(asked, carried=(Carried(outcome="gone", confidence=0.9, by=(ORIGIN,)),))
    assert ask(aligner, gone) == ask(aligner, asked)


@pytest.mark.slow
def test_who_judges_depends_on_what_was_learned_from_and_on_neighbours_that_were_accepted(
    aligner_of, made_up_lists, lessons, asked
):
    """The lessons of the first one's outcome are accepted for it, or none is."""
    subjects = {("f", subject) for subject in ("maths", "science", "history", "art")}
    at_home, abroad = (fit_ranker(made_up_lists, learned_from) for learned_from in (subjects, ()))
    accepted = {found.id: sorted(lessons.gold[found.id]) for found in lessons.resources}

    def scores(ranker, accepted=()):
        return [one.score for one in ask(aligner_of(accepted, ranker=ranker), asked).suggestions]

    assert scores(at_home) != scores(abroad)
    assert scores(at_home, accepted) == scores(abroad, accepted)
    moved = [one.moved for one in ask(aligner_of(ranker=abroad), asked).suggestions[0].reasons]
    assert any(moved)


def test_another_ranker_is_another_model(aligner, aligner_of):
    assert aligner.fingerprint != aligner_of(ranker=None).fingerprint
    assert aligner.fingerprint == aligner_of().fingerprint
