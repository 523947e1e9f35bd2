import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Resource
from evaluation.benchmark.slices import MEASURES, Measured, gaps, memberships, ranked, slices
from evaluation.measures.gaps import ENOUGH


def resource(**fields):
    return Resource(id="r", title="Title", **fields)


def slices_of(gold, **fields):
    return memberships({"r": resource(**fields)}, {"r": frozenset(gold)})["r"]


def measured(value, pairs=(), **names):
    return Measured(values=dict.fromkeys(MEASURES, value), slices=names, pairs=pairs)


def many(count, value, **names):
    return {f"{names}-{number}": measured(value, **names) for number in range(count)}


def test_a_resource_is_in_the_slices_of_what_it_states():
    found = slices_of("a", language="pt-BR", subject="Art", levels=("4", "5"), kind="video")
    assert found == {
        "language": ("pt",),
        "subject": ("Art",),
        "level": ("4", "5"),
        "kind": ("video",),
        "frequency": ("1",),
    }


def test_what_is_not_stated_is_a_slice_too():
    found = slices_of("a")
    assert {names for by, names in found.items() if by != "frequency"} == {("not stated",)}
    assert slices_of("a", language="und")["language"] == ("not stated",)


@pytest.mark.parametrize(
    ("resources", "name"),
    [(1, "1"), (2, "2–5"), (5, "2–5"), (6, "6–20"), (20, "6–20"), (21, "more than 20")],
)
def test_frequency_is_how_many_resources_the_right_outcome_has(resources, name):
    gold = {f"r{number}": frozenset("a") for number in range(resources)} | {"other": frozenset("b")}
    found = memberships({query: resource() for query in gold}, gold)
    assert found["r0"]["frequency"] == (name,)
    assert found["other"]["frequency"] == ("1",)


def test_a_slice_has_the_means_and_the_calibration_error_of_its_own_queries():
    per_query = {
        "1": measured(1.0, ((0.75, True),), kind=("video",)),
        "2": measured(0.5, ((0.5, False), (0.25, False)), kind=("video",)),
        "3": measured(0.0, kind=("text",)),
    }
    video, text = slices(per_query)
    assert (video.by, video.name, video.queries, video.pairs) == ("kind", "video", 2, 3)
    assert set(video.values.values()) == {0.75}
    assert video.ece == pytest.approx((0.25 + 0.5 + 0.25) / 3, abs=1e-4)
    assert (text.name, text.queries, text.pairs, text.ece) == ("text", 1, 0, 0)


@given(
    st.lists(
        st.tuples(st.integers(0, 100), st.lists(st.sampled_from("abcde"), min_size=1, unique=True)),
        min_size=1,
    )
)
@settings(deadline=None)
def test_every_query_counts_in_each_slice_that_it_is_in(queries):
    per_query = {
        str(number): measured(value / 100, level=tuple(names))
        for number, (value, names) in enumerate(queries)
    }
    found = {each.name: each for each in slices(per_query)}
    for name, each in found.items():
        values = [value / 100 for value, names in queries if name in names]
        assert each.queries == len(values)
        assert each.values["mean_f2"] == pytest.approx(sum(values) / len(values), abs=1e-4)
        assert each.interval[0] - 1e-4 <= each.values["mean_f2"] <= each.interval[1] + 1e-4
    assert set(found) == {name for _, names in queries for name in names}


def test_the_gap_is_between_the_best_and_the_worst_of_enough_queries():
    per_query = {
        **many(ENOUGH, 0.9, subject=("Art",)),
        **many(ENOUGH, 0.4, subject=("Music",)),
        **many(ENOUGH, 0.6, subject=("History",)),
        **many(ENOUGH - 1, 0.0, subject=("Too few",)),
    }
    (gap,) = gaps(slices(per_query))
    assert (gap.by, gap.best.name, gap.worst.name) == ("subject", "Art", "Music")
    assert gap.width == pytest.approx(0.5)
    assert [each.name for each in ranked(slices(per_query))] == ["Music", "History", "Art"]


def test_the_widest_gap_comes_first():
    narrow = {**many(ENOUGH, 0.5, kind=("a",)), **many(ENOUGH, 0.6, kind=("b",))}
    wide = {**many(ENOUGH, 0.2, subject=("a",)), **many(ENOUGH, 0.8, subject=("b",))}
    assert [gap.by for gap in gaps(slices(narrow | wide))] == ["subject", "kind"]


def test_where_no_slice_is_large_there_is_no_worst_and_no_gap():
    found = slices(many(ENOUGH - 1, 0.5, kind=("a",)))
    assert (ranked(found), gaps(found)) == ((), ())


def test_the_only_large_slice_of_a_respect_is_not_called_the_worst():
    one = many(ENOUGH, 0.1, subject=("Art",))
    two = {**many(ENOUGH, 0.5, kind=("a",)), **many(ENOUGH, 0.6, kind=("b",))}
    assert ranked(slices(one)) == ()
    assert [each.name for each in ranked(slices(one | two))] == ["a", "b"]
