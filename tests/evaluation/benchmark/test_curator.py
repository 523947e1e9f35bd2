from evaluation.alignment.scoring import by_query
from evaluation.benchmark.curator import for_curator


def told(predictions, gold, assignable="abcd"):
    gold = {query: frozenset(relevant) for query, relevant in gold.items()}
    return for_curator(by_query(predictions, gold), gold, frozenset(assignable))


def test_what_is_to_be_read_for_each_right_one_counts_what_is_shown_alone(prediction):
    found = told(
        [
            prediction("r1", "a", 1, 0.9, selected=True),
            prediction("r1", "b", 2, 0.3, selected=True),
            prediction("r1", "c", 3, 0.2),
            prediction("r2", "d", 1, 0.4, selected=True),
        ],
        {"r1": "ac", "r2": "a"},
    )
    assert found.decisions_per_tag == 3
    assert found.first_right == 0.5
    assert (found.abstained, found.abstained_rightly) == (0, None)


def test_showing_nothing_was_right_where_the_list_held_nothing_right(prediction):
    found = told(
        [
            prediction("r1", "b", 1, 0.2),
            prediction("r2", "a", 1, 0.2),
            prediction("r3", "a", 1, 0.9, selected=True),
        ],
        {"r1": "a", "r2": "a", "r3": "a", "r4": "a"},
    )
    assert found.abstained == 0.75
    assert found.abstained_rightly == round(2 / 3, 4)


def test_an_outcome_is_served_by_a_suggestion_that_is_more_likely_right_than_wrong(prediction):
    found = told(
        [
            prediction("r1", "a", 1, 0.5, selected=True),
            prediction("r1", "b", 2, 0.49, selected=True),
            prediction("r1", "no candidate", 3, 0.9),
        ],
        {"r1": "a"},
    )
    assert found.without_resource == 0.75


def test_where_nothing_is_right_nothing_is_divided():
    found = told([], {"r1": "a"})
    assert (found.decisions_per_tag, found.first_right, found.without_resource) == (None, 0, 1)
