import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Resource
from evaluation.alignment.scoring import by_query
from evaluation.benchmark.cases import EACH, EXCERPT, Mistake, count_mistakes, mistake, worst_cases

LETTERS = "abcdefghijklmnop"


@pytest.fixture
def ranking(prediction):
    def made(order, selected, resource="r", confidence=0.5):
        return [
            prediction(resource, id_, rank, confidence / rank, selected=id_ in selected)
            for rank, id_ in enumerate(order, start=1)
        ]

    return made


@pytest.fixture
def cases(benchmark_of):
    def found(predictions, gold, **more):
        made = benchmark_of(gold, outcomes=LETTERS, **more)
        outcomes = {outcome.id: outcome for outcome in made.task.outcomes}
        return worst_cases(by_query(predictions, made.gold), made.gold, made.resources, outcomes)

    return found


@pytest.mark.parametrize(
    ("order", "selected", "right", "wrong"),
    [
        ("abc", "a", "a", None),
        ("abc", "ab", "ab", None),
        ("abc", "b", "x", Mistake.MISSING),
        ("abc", "a", "ax", Mistake.MISSING),
        (LETTERS, "a", "k", Mistake.LOW),
        (LETTERS, "a", "j", Mistake.NOT_SHOWN),
        (LETTERS, "a", "ab", Mistake.NOT_SHOWN),
        (LETTERS, "ab", "a", Mistake.TOO_MANY),
        (LETTERS, "ab", "ax", Mistake.TOO_MANY),
        (LETTERS, "", "a", Mistake.ABSTAINED),
        ("", "", "a", Mistake.ABSTAINED),
    ],
)
def test_what_went_wrong_is_told(ranking, order, selected, right, wrong):
    assert mistake(ranking(order, selected), frozenset(right)) == wrong


@given(
    st.permutations(LETTERS),
    st.sets(st.sampled_from(LETTERS)),
    st.sets(st.sampled_from(LETTERS + "xyz"), min_size=1),
)
def test_nothing_went_wrong_exactly_where_the_right_ones_are_shown(order, selected, right):
    from evaluation.alignment.protocol import Prediction

    listed = [
        Prediction(
            resource="r", outcome=id_, rank=rank, score=0, confidence=0, selected=id_ in selected
        )
        for rank, id_ in enumerate(order, start=1)
    ]
    assert (mistake(listed, frozenset(right)) is None) == (selected == right)


def test_every_query_that_went_wrong_is_counted_once(ranking):
    predictions = ranking("ab", "a", "r1") + ranking("ab", "b", "r2") + ranking("ab", "", "r3")
    gold = {query: frozenset("a") for query in ("r1", "r2", "r3")}
    assert count_mistakes(by_query(predictions, gold), gold) == {
        Mistake.MISSING: 0,
        Mistake.LOW: 0,
        Mistake.NOT_SHOWN: 1,
        Mistake.TOO_MANY: 0,
        Mistake.ABSTAINED: 1,
    }


def test_a_case_shows_what_was_suggested_and_at_which_rank_the_right_one_stood(ranking, cases):
    (case,) = cases(ranking(LETTERS, "a"), {"r": "hx"})
    assert case.mistake == Mistake.NOT_SHOWN
    assert [place.outcome for place in case.suggested] == list("abcde")
    assert [place.selected for place in case.suggested] == [True, *[False] * 4]
    assert case.suggested[0].path == ("Heading", "Outcome a")
    assert case.suggested[0].confidence == 0.5
    found, missing = case.right
    assert (found.outcome, found.rank, found.right) == ("h", 8, True)
    assert (missing.outcome, missing.rank, missing.confidence) == ("x", None, None)
    assert missing.path == ("x",)


def test_all_that_was_shown_is_in_the_case(ranking, cases):
    (case,) = cases(ranking(LETTERS, "abcdefgk"), {"r": "a"})
    assert [place.outcome for place in case.suggested] == list("abcdefgk")


def test_of_equally_bad_cases_the_one_that_was_surest_comes_first(ranking, cases):
    gold = {f"r{number}": "b" for number in range(EACH + 5)}
    predictions = [
        each
        for number, query in enumerate(gold)
        for each in ranking("ab", "a", query, confidence=number / 100)
    ]
    found = cases(predictions, gold)
    assert [case.resource for case in found] == list(gold)[::-1][:EACH]
    assert {case.f2 for case in found} == {0}


def test_a_long_text_is_cut_between_words(ranking, cases):
    resource = Resource(id="r", title="T", description="words " * 30, text="more " * 100)
    (case,) = cases(ranking("ab", "a"), {"r": "b"}, resources=[resource])
    assert case.excerpt.startswith("words words")
    assert case.excerpt.endswith("more …")
    assert len(case.excerpt) <= EXCERPT + 2
    short = Resource(id="r", title="T", text="Two  words")
    (case,) = cases(ranking("ab", "a"), {"r": "b"}, resources=[short])
    assert case.excerpt == "Two words"


def test_a_query_without_a_resource_of_its_own_is_named_by_its_id(ranking, cases):
    other = [Resource(id="other", title="Other")]
    (case,) = cases([], {"gone": "a"}, resources=other)
    assert (case.title, case.excerpt) == ("gone", "")
