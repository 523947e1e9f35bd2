"""Coverage against a plain recount."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.catalogue import Catalogue
from data.catalogue.coverage import By
from data.importing.importer import import_document
from data.records import Alignment, Outcome, Relation, Resource

NODES, RESOURCES = 9, 6
VALUES = st.sampled_from([None, "en", "fr", "pt-BR"])


@st.composite
def trees(draw):
    """A framework in which a node may stand below any node before it."""
    parents = [None] + [
        draw(st.one_of(st.none(), st.integers(0, place - 1))) for place in range(1, NODES)
    ]
    return [
        Outcome(
            id=f"n{place}",
            framework="f",
            title="x",
            parent=None if parent is None else f"n{parent}",
            position=draw(st.integers(0, 3)),
            assignable=draw(st.booleans()),
        )
        for place, parent in enumerate(parents)
    ]


@st.composite
def catalogues(draw):
    nodes = draw(trees())
    resources = [
        Resource(id=f"r{number}", title="x", language=draw(VALUES), kind=draw(VALUES))
        for number in range(RESOURCES)
    ]
    assignable = [node.id for node in nodes if node.assignable]
    pairs = st.tuples(
        st.sampled_from([resource.id for resource in resources]),
        st.sampled_from(assignable) if assignable else st.nothing(),
        st.sampled_from(Relation),
    )
    stated = draw(st.sets(pairs, max_size=12)) if assignable else set()
    alignments = [
        Alignment(resource=resource, outcome=outcome, relation=relation)
        for resource, outcome, relation in sorted(stated)
    ]
    return nodes, resources, alignments


def below(nodes, top):
    found = {top}
    for node in nodes:  # a parent comes before its children
        if node.parent in found:
            found.add(node.id)
    return found


def recount(nodes, resources, alignments, parent, by):
    """The same numbers without SQL."""
    serving = [found for found in alignments if found.relation is not Relation.REQUIRES]
    told = []
    for node in sorted(nodes, key=lambda node: (node.position, node.id)):
        if node.parent == parent:
            under = below(nodes, node.id)
            outcomes = {one.id for one in nodes if one.id in under and one.assignable}
            there = {found.resource for found in serving if found.outcome in under}
            counts = {}
            for resource in resources:
                if resource.id in there:
                    value = getattr(resource, by.value)
                    counts[value] = counts.get(value, 0) + 1
            empty = outcomes - {found.outcome for found in serving}
            told.append((node.id, len(under), len(outcomes), len(empty), counts))
    return told


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=catalogues(), by=st.sampled_from(By))
def test_every_node_has_what_a_plain_recount_finds(
    tmp_path_factory, empty_database, document, made, by
):
    nodes, resources, alignments = made
    file = tmp_path_factory.mktemp("counted") / "catalogue.sqlite"
    file.write_bytes(empty_database)
    with Catalogue.open(f"sqlite:///{file}") as catalogue:
        import_document(catalogue, document(*nodes, *resources, *alignments))
        for parent in [None, *(node.id for node in nodes)]:
            found = catalogue.coverage.below("f", parent, by)
            told = [
                (one.node, one.nodes, one.outcomes, one.empty, dict(one.resources)) for one in found
            ]
            assert told == recount(nodes, resources, alignments, parent, by)
            assert [one.total for one in found] == [sum(one[-1].values()) for one in told]
        serving = {
            (found.outcome, found.resource)
            for found in alignments
            if found.relation is not Relation.REQUIRES
        }
        each = {node.id: sum(outcome == node.id for outcome, _ in serving) for node in nodes}
        assert catalogue.coverage.of_outcomes("f") == {id_: n for id_, n in each.items() if n}


def test_what_is_retired_counts_nowhere(small, document):
    (top,) = small.coverage.below("f", None)
    assert (top.node, top.total > 0) == ("root", True)
    import_document(small, document(empty=(Alignment,)), prune=True)
    (top,) = small.coverage.below("f", None)
    assert (dict(top.resources), top.empty) == ({}, top.outcomes)
    import_document(small, document(empty=(Outcome,)), prune=True)
    assert small.coverage.below("f", None) == []


def test_several_sources_of_one_alignment_count_once(small, document):
    before = small.coverage.below("f", None)
    twice = list(small.alignments.live())
    import_document(small, document(*twice, name="other"))
    assert small.coverage.below("f", None) == before


def test_there_is_nothing_below_what_is_not_there(small):
    assert small.coverage.below("none", None) == []
    assert small.coverage.below("f", "none") == []
    assert small.coverage.below("f", "b") == []


@pytest.mark.slow
def test_a_framework_of_a_country_is_counted_in_few_statements(catalogue, document, statements):
    tops = [Outcome(id=f"t{n}", framework="f", title="x", assignable=False) for n in range(10)]
    units = [
        Outcome(id=f"t{n % 10}u{n}", framework="f", parent=f"t{n % 10}", title="x", position=n)
        for n in range(1490)
    ]
    resources = [
        Resource(id=f"r{n}", title="x", text="word " * 400, language=("en", "fr")[n % 2])
        for n in range(5000)
    ]
    alignments = [
        Alignment(resource=f"r{n % 5000}", outcome=units[(n * 7 + n // 5000) % 1490].id)
        for n in range(12_500)
    ]
    import_document(catalogue, document(*tops, *units, *resources, *alignments))
    with statements(catalogue) as made:
        found = catalogue.coverage.below("f", None)
    assert sum(one.outcomes for one in found) == 1490
    assert len(made) <= 5
