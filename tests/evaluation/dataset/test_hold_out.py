from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Alignment, Outcome, Prerequisite, Resource, Split
from evaluation.dataset.hold_out import Labelled, fewer, part

SUBJECTS = ("Art", "Music", None)


def outcome(id_, subject=None, parent=None, **more):
    return Outcome(
        id=id_, framework="f", title=f"Outcome {id_}", subject=subject, parent=parent, **more
    )


def resource(id_, subject=None):
    return Resource(id=id_, title=f"Resource {id_}", subject=subject)


def aligned(*pairs, split=None):
    return [Alignment(resource=one, outcome=other, split=split) for one, other in pairs]


def ids(records):
    return [record.id for record in records]


def pairs(alignments):
    return [(one.resource, one.outcome) for one in alignments]


@st.composite
def datasets(draw):
    """A forest of outcomes, of which some state a subject, and resources aligned anyhow."""
    count = draw(st.integers(1, 12))
    outcomes = [
        outcome(
            f"o{number}",
            draw(st.sampled_from(SUBJECTS)),
            draw(st.sampled_from([None, *(f"o{above}" for above in range(number))])),
            assignable=draw(st.booleans()),
        )
        for number in range(count)
    ]
    resources = [
        resource(f"r{number}", draw(st.sampled_from(SUBJECTS)))
        for number in range(draw(st.integers(0, 8)))
    ]
    known = st.integers(0, 12).map("o{}".format), st.integers(0, 8).map("r{}".format)
    edges = draw(st.lists(st.tuples(known[1], known[0]), max_size=20, unique=True))
    steps = draw(st.lists(st.tuples(known[0], known[0]), max_size=6, unique=True))
    return Labelled(
        outcomes=draw(st.permutations(outcomes)),
        resources=resources,
        alignments=[
            replace(one, split=draw(st.sampled_from([None, *Split]))) for one in aligned(*edges)
        ],
        prerequisites=[Prerequisite(outcome=one, requires=other) for one, other in steps],
    )


@pytest.mark.slow
@given(datasets())
@settings(max_examples=100)
def test_nothing_is_lost_or_in_both_parts_but_what_is_told(whole):
    parted = part(whole, {"Music"})
    learn, unseen, told = parted.learn, parted.unseen, parted.left_out

    both = told.get("resources that are aligned to both", 0)
    there = [*ids(learn.resources), *ids(unseen.resources)]
    assert len(set(there)) == len(there) == len(whole.resources) - both

    kept = [*pairs(learn.alignments), *pairs(unseen.alignments)]
    gone = told.get("alignments of these", 0)
    gone += told.get("alignments whose resource or outcome is not there", 0)
    assert len(set(kept)) == len(kept) == len(whole.alignments) - gone
    assert set(kept) <= set(pairs(whole.alignments))

    steps = len(learn.prerequisites) + len(unseen.prerequisites)
    crossing = told.get("prerequisites that are not within one part", 0)
    assert steps == len(whole.prerequisites) - crossing

    choices = [one.id for side in (learn, unseen) for one in side.outcomes if one.assignable]
    assert sorted(choices) == sorted(one.id for one in whole.outcomes if one.assignable)


@given(datasets(), st.integers(1, 8))
@settings(max_examples=100)
def test_fewer_to_learn_from_leaves_what_is_for_testing(whole, most):
    left = fewer(whole, most)

    def tested(side):
        return {one.resource for one in side.alignments if one.split is Split.TEST}

    def learned(side):
        return {one.resource for one in side.alignments} - tested(side)

    assert tested(left) == tested(whole)
    assert len(learned(left)) == min(most, len(learned(whole)))
    kept = tested(left) | learned(left)
    assert list(left.alignments) == [one for one in whole.alignments if one.resource in kept]


@given(datasets())
@settings(max_examples=100)
def test_each_part_stands_alone(whole):
    parted = part(whole, {"Music"})
    for side in (parted.learn, parted.unseen):
        outcomes, resources = set(ids(side.outcomes)), set(ids(side.resources))
        assert all(one.parent in outcomes for one in side.outcomes if one.parent)
        assert {one.outcome for one in side.alignments} <= outcomes
        assert {one.resource for one in side.alignments} <= resources
        assert {
            end for one in side.prerequisites for end in (one.outcome, one.requires)
        } <= outcomes


@given(datasets())
@settings(max_examples=100)
def test_nothing_of_a_subject_that_is_held_out_is_learned_from(whole):
    learn = part(whole, {"Music"}).learn
    assert all(one.subject != "Music" for one in learn.outcomes)
    assert [one for one in whole.alignments if one in learn.alignments] == learn.alignments


@given(datasets())
@settings(max_examples=100)
def test_a_resource_that_is_unseen_has_one_split_and_dev_has_none(whole):
    splits = {}
    for one in part(whole, {"Music"}).unseen.alignments:
        assert splits.setdefault(one.resource, one.split) == one.split
    assert set(splits.values()) <= {Split.TRAIN, Split.TEST}


def test_a_subject_takes_along_what_is_below_it_and_the_headings_above_it():
    whole = Labelled(
        outcomes=[
            outcome("root"),
            outcome("music", "Music", "root", assignable=False),
            outcome("sound", "Physics", "music"),
            outcome("art", "Art", "root"),
        ],
        resources=[],
        alignments=[],
    )
    parted = part(whole, {"Music"})
    assert ids(parted.learn.outcomes) == ["root", "art"]
    assert ids(parted.unseen.outcomes) == ["root", "music", "sound"]
    assert [one.assignable for one in parted.unseen.outcomes] == [False, False, True]
    assert parted.learn.outcomes[0].assignable


def test_a_resource_goes_with_its_outcomes_and_one_of_both_parts_with_neither():
    whole = Labelled(
        outcomes=[outcome("a", "Art"), outcome("m", "Music")],
        resources=[
            resource("painting", "Music"),
            resource("song", "Art"),
            resource("opera", "Music"),
            resource("scales", "Music"),
            resource("unknown"),
        ],
        alignments=aligned(("painting", "a"), ("song", "m"), ("opera", "a"), ("opera", "m")),
    )
    parted = part(whole, {"Music"})
    assert ids(parted.learn.resources) == ["painting", "unknown"]
    assert ids(parted.unseen.resources) == ["song", "scales"]
    assert parted.left_out == {
        "resources that are aligned to both": 1,
        "alignments of these": 2,
    }


def many(count, title="Song {}"):
    songs = [Resource(id=f"song{one}", title=title.format(one)) for one in range(count)]
    return Labelled(
        outcomes=[outcome("a", "Art"), outcome("m", "Music")],
        resources=songs,
        alignments=aligned(*((song.id, "m") for song in songs), split=Split.DEV),
    )


def test_three_in_ten_unseen_resources_are_asked_for_and_stay_so_when_others_come():
    def splits(count):
        whole = many(count, "{0} {0} {0} {0} {0}")
        return {one.resource: one.split for one in part(whole, {"Music"}).unseen.alignments}

    few, more = splits(500), splits(1000)
    assert 0.27 < list(more.values()).count(Split.TEST) / 1000 < 0.33
    assert few.items() <= more.items()


def test_near_duplicates_are_asked_for_together():
    whole = many(40, "The very same song about the sea and the wind")
    assert len({one.split for one in part(whole, {"Music"}).unseen.alignments}) == 1


def test_what_is_learned_from_keeps_its_splits():
    whole = many(3)
    parted = part(whole, {"Art"})
    assert parted.learn.alignments == whole.alignments
