"""What lines of a crosswalk are worth for a resource, on frameworks of one letter."""

import numpy as np
import pytest

from data.records import Correspondence, Match
from models.alignment.transfer import JOINT, WORTH, Lines, Way, joined, likely

FRAMEWORK = {"a": "f", "a2": "f", "b": "g", "b2": "g", "c": "h"}


def lines(*said):
    """Lines such as "a exact b"."""
    parts = (one.split() for one in said)
    found = [Correspondence(outcome=a, other=b, match=Match(match)) for a, match, b in parts]
    return Lines(found, FRAMEWORK)


def carried(crosswalk, *aligned):
    found = crosswalk.carried((name, 1.0) for name in aligned)
    return {name: [(way.outcome, way.match.value) for way in ways] for name, ways in found.items()}


def test_a_line_is_read_from_either_end():
    crosswalk = lines("a broader b", "b exact c")
    assert carried(crosswalk, "a") == {"b": [("a", "broader")]}
    assert carried(crosswalk, "b") == {"a": [("b", "narrower")], "c": [("b", "exact")]}


@pytest.mark.parametrize("said", ["a exact a2", "a exact gone", "gone exact a"])
def test_a_line_within_a_framework_or_to_what_is_gone_leads_nowhere(said):
    assert carried(lines(said), "a") == {}


def test_one_line_is_crossed_and_never_two():
    assert set(carried(lines("a exact b", "b exact c"), "a")) == {"b"}


def test_nothing_is_carried_to_where_it_is_known_what_is_taught():
    crosswalk = lines("a exact b", "a exact c")
    assert set(carried(crosswalk, "a", "b2")) == {"c"}


def test_of_several_lines_between_the_same_two_the_one_that_says_most_counts_and_counts_once():
    crosswalk = lines("a related b", "b exact a")
    assert carried(crosswalk, "a") == {"b": [("a", "exact")]}
    (way,) = crosswalk.carried([("a", 1.0)])["b"]
    assert way.lines == 1


def test_lines_into_one_framework_share_what_is_taught_and_others_do_not():
    alone, shared = lines("a exact b", "a exact c"), lines("a exact b", "a exact b2")
    assert likely(alone.carried([("a", 1.0)])["b"]) == WORTH.of(way("a"))
    assert likely(shared.carried([("a", 1.0)])["b"]) < likely(alone.carried([("a", 1.0)])["b"])


def way(outcome, match="exact", **fields):
    return Way(outcome=outcome, match=Match(match), **{"lines": 1, **fields})


def test_the_same_is_worth_most_and_nothing_is_certain():
    worth = {match: WORTH.of(way("a", match.value)) for match in Match}
    assert max(worth, key=worth.get) is Match.EXACT
    assert all(0.5 < one < 1 for one in worth.values())
    assert WORTH.of(way("a", certainty=0.5)) == pytest.approx(worth[Match.EXACT] / 2)


def test_several_ways_to_the_same_outcome_make_it_surer():
    one, other = way("a", lines=2), way("a2", lines=3)
    assert likely([one, other]) > max(likely([one]), likely([other]))
    assert likely([]) == 0


def test_what_both_find_is_surer_than_what_one_finds_and_what_no_line_leads_to_is_less_sure():
    judged = np.array([0.6, 0.6, 0.01, 0.3])
    brought = np.array([0.9, 0.4, 0.9, 0.0])
    confidences, fits = joined(judged, brought)
    both, less, against, other = confidences
    assert both > less
    assert both > against
    assert against > judged[2], "the crosswalk speaks for it"
    assert other < judged[3]
    assert max(confidences) < fits < 1


def test_either_one_raises_what_both_say():
    assert JOINT.judged > 0
    assert JOINT.carried > 0
