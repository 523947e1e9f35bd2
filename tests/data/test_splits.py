from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.near_duplicates import families
from data.records import Split
from data.splits import By, Plan, Splits, split, strictest

TRAIN, DEV, TEST = Split.TRAIN, Split.DEV, Split.TEST
SIZES = {TRAIN: 0.7, DEV: 0.1, TEST: 0.2}


def alone(*ids):
    return {id_: id_ for id_ in ids}


def parted(pairs, known=Splits(), plan=Plan(), resources=None, outcomes=None):  # noqa: B008
    resources = resources or alone(*(resource for resource, _ in pairs))
    outcomes = outcomes or alone(*(outcome for _, outcome in pairs))
    return split(pairs, resources, outcomes, known, plan)


PAIRS = [(f"r{n}", f"o{n % 2000}") for n in range(4000)]


@pytest.mark.parametrize("by", By)
def test_shares_are_those_of_the_plan(by):
    found = parted(PAIRS, plan=Plan(by=by))
    drawn = found.outcomes if by is By.OUTCOME else found.resources
    counts = Counter(drawn.values())
    for name, share in SIZES.items():
        assert counts[name] / len(drawn) == pytest.approx(share, abs=0.03)


def test_the_seed_changes_what_is_drawn_and_nothing_else_does():
    assert parted(PAIRS) == parted(list(reversed(PAIRS)))
    assert parted(PAIRS) != parted(PAIRS, plan=Plan(seed=1))


def test_by_outcome_a_resource_goes_with_its_outcome():
    found = parted(PAIRS)
    assert all(found.of_accepted(pair) is found.outcomes[pair[1]] for pair in PAIRS)


def test_a_resource_of_several_outcomes_goes_with_one_and_leaves_the_others_out():
    pairs = [(f"r{n}", f"o{n % 40}") for n in range(400)]
    pairs += [(resource, f"o{(int(resource[1:]) * 7 + 3) % 40}") for resource, _ in pairs]
    found = parted(pairs)
    lost = [pair for pair in pairs if found.of_accepted(pair) is None]
    assert lost
    for resource, outcome in lost:
        assert found.resources[resource] is not found.outcomes[outcome]
        kept = [pair for pair in pairs if pair[0] == resource and found.of_accepted(pair)]
        assert kept
    # Neither split takes all that is shared.
    assert {found.outcomes[outcome] for _, outcome in lost} == set(Split)


def test_by_resource_an_outcome_is_in_every_split():
    pairs = [(f"r{n}", "o") for n in range(200)]
    found = parted(pairs, plan=Plan(by=By.RESOURCE))
    assert {found.of_accepted(pair) for pair in pairs} == set(Split)
    assert found.outcomes == {}


def test_a_known_split_is_kept_and_the_strictest_of_a_family_holds_for_all_of_it():
    known = Splits(resources={"a": DEV, "b": TRAIN}, outcomes={"x": TRAIN, "y": TEST})
    found = split(
        [("a", "x"), ("b", "y"), ("c", "z")],
        {"a": "a", "b": "a", "c": "a"},
        {"x": "x", "y": "x", "z": "z"},
        known,
        Plan(),
    )
    assert found.resources == {"a": DEV, "b": DEV, "c": DEV}
    assert (found.outcomes["x"], found.outcomes["y"]) == (TEST, TEST)


def test_a_rejection_is_kept_unless_its_outcome_is_held_back_more_than_its_resource():
    found = Splits(
        resources={"train": TRAIN, "dev": DEV, "test": TEST},
        outcomes={"train": TRAIN, "dev": DEV, "test": TEST},
    )
    kept = {
        (one, other): found.of_rejected((one, other))
        for one in found.resources
        for other in found.outcomes
    }
    assert {pair for pair, where in kept.items() if where is None} == {
        ("train", "dev"),
        ("train", "test"),
        ("dev", "test"),
    }
    assert kept["test", "train"] is TEST


@pytest.mark.parametrize(("dev", "test"), [(0.5, 0.5), (-0.1, 0.2), (0.1, -0.2)])
def test_shares_that_leave_nothing_to_train_on_are_refused(dev, test):
    with pytest.raises(GatewaysError, match="shares"):
        Plan(dev=dev, test=test)


WORDS = [f"{name} of them" for name in ("one", "two", "three", "four", "five", "six")]


def titles(name):
    """Titles of six words of which some may differ: near-duplicates, in chains, are common."""
    return st.dictionaries(
        st.sampled_from([f"{name}{n}" for n in range(14)]),
        st.tuples(st.integers(0, 5), st.sampled_from(["", "a", "bcdefghi"])).map(
            lambda found: " ".join([*WORDS[found[0] :], found[1], *WORDS[: found[0] // 2]])
        ),
        min_size=1,
    )


@st.composite
def catalogues(draw):
    """Three states of a catalogue: rows come and go, and so do labels; texts stay."""
    resources, outcomes = draw(titles("r")), draw(titles("o"))
    pair = st.tuples(st.sampled_from(sorted(resources)), st.sampled_from(sorted(outcomes)))
    states = draw(st.lists(st.sets(pair, min_size=1, max_size=20), min_size=3, max_size=3))
    return resources, outcomes, states


def frozen(texts, used, remembered):
    there = used | remembered.keys()
    return families({id_: texts[id_] for id_ in there})


@given(catalogues(), st.sampled_from(By), st.integers(0, 9))
def test_whatever_comes_and_goes_nothing_leaves_test_and_no_near_duplicates_are_parted(
    catalogue, by, seed
):
    resources, outcomes, states = catalogue
    plan = Plan(by=by, dev=0.3, test=0.3, seed=seed)
    memory = Splits()
    for pairs in states:
        of_resource = frozen(resources, {one for one, _ in pairs}, memory.resources)
        of_outcome = frozen(outcomes, {one for _, one in pairs}, memory.outcomes)
        found = split(sorted(pairs), of_resource, of_outcome, memory, plan)

        for before, now in (
            (memory.resources, found.resources),
            (memory.outcomes, found.outcomes),
        ):
            for id_, name in before.items():
                assert strictest((name, now[id_])) is now[id_]
        for names, now in ((of_resource, found.resources), (of_outcome, found.outcomes)):
            where = {}
            for id_, name in now.items():
                assert where.setdefault(names[id_], name) is name

        memory = memory.strictest_with(found)
        assert split(sorted(pairs), of_resource, of_outcome, memory, plan) == found
