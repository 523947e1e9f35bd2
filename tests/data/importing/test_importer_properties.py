"""What holds for any dataset: importing twice, and the way to a folder and back."""

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.catalogue import Catalogue
from data.exporter import export_catalogue
from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions, Row
from data.importing.importer import NAMES, import_document
from data.records import (
    Alignment,
    Correspondence,
    Event,
    Interaction,
    Match,
    Outcome,
    Prerequisite,
    Provenance,
    Relation,
    Resource,
    Split,
)

ANY = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
titles = texts.filter(str.strip)
# Few ids, so that rows meet: repeats, dangling references, cycles.
ids = st.sampled_from(["a", "b", "c", "d", "é", "x y"])
extras = st.dictionaries(st.sampled_from(["k", "ключ"]), titles.map(str.strip), max_size=2)
languages = st.sampled_from([None, "en", "ar", "zh-Hant"])

outcomes = st.builds(
    Outcome,
    id=ids,
    framework=st.sampled_from(["f", "g"]),
    parent=st.none() | ids,
    code=st.none() | titles,
    title=titles,
    description=texts,
    levels=st.lists(titles, max_size=2).map(tuple),
    language=languages,
    position=st.integers(-5, 5),
    assignable=st.sampled_from([True, True, False]),
    extra=extras,
)
resources = st.builds(Resource, id=ids, title=titles, text=texts, language=languages, extra=extras)
alignments = st.builds(
    Alignment,
    resource=ids,
    outcome=ids,
    relation=st.sampled_from(Relation),
    split=st.none() | st.sampled_from(Split),
    provenance=st.none() | st.builds(Provenance, agent=st.just("x"), time=st.floats(0, 2e9)),
)
prerequisites = st.builds(Prerequisite, outcome=ids, requires=ids)
correspondences = st.builds(Correspondence, outcome=ids, other=ids, match=st.sampled_from(Match))
interactions = st.builds(
    Interaction,
    learner=st.sampled_from(["l", "m"]),
    resource=st.none() | ids,
    item=titles.map(str.strip),
    outcomes=st.lists(ids, max_size=2).map(tuple),
    time=st.integers(0, 10**9).map(float),
    event=st.sampled_from(Event),
    score=st.none() | st.floats(0, 1),
)
rows = st.lists(
    st.one_of(
        outcomes, outcomes, resources, alignments, prerequisites, correspondences, interactions
    ),
    max_size=30,
)


@pytest.fixture
def fresh(empty_database):
    """Open an empty catalogue in a folder of its own, as often as wanted."""

    @contextmanager
    def make():
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "catalogue.sqlite").write_bytes(empty_database)
            with Catalogue.open(f"sqlite:///{folder}/catalogue.sqlite") as catalogue:
                yield catalogue, Path(folder)

    return make


@pytest.fixture
def clean(fresh, document):
    """Leave the rows that an import takes, each event once."""

    def make(rows):
        with fresh() as (catalogue, _):
            report = import_document(catalogue, document(*rows))
            bad = {one.line for one in report.refusals}
        good = [one for line, one in enumerate(rows, 1) if line not in bad]
        return list({repr(one): one for one in good}.values())

    return make


def content(catalogue):
    return (
        catalogue.frameworks.all(),
        catalogue.outcomes.live(),
        list(catalogue.resources.live()),
        list(catalogue.alignments.live()),
        list(catalogue.prerequisites.live()),
        list(catalogue.interactions.live()),
    )


@ANY
@given(rows=rows, prune=st.booleans())
def test_any_dataset_imported_twice_changes_nothing(rows, prune, document, fresh):
    with fresh() as (catalogue, _):
        doc = document(*rows, empty=tuple(NAMES))
        first = import_document(catalogue, doc, prune=prune)
        state, revision = content(catalogue), catalogue.revision()
        second = import_document(catalogue, doc, prune=prune)
        assert content(catalogue) == state
        assert catalogue.revision() == revision
        assert [one.line for one in second.refusals] == [one.line for one in first.refusals]
        assert second.taken == sum(one.unchanged for one in second.counts.values())


@pytest.mark.slow
@ANY
@given(before=rows, after=rows)
def test_a_pruned_import_leaves_what_an_import_into_nothing_leaves(
    before, after, document, fresh, clean
):
    """But for refused rows, which leave what was there; so both documents are taken clean."""
    with fresh() as (catalogue, _), fresh() as (empty, _):
        kinds = tuple(NAMES)
        before = [one for one in clean(before) if not isinstance(one, Interaction)]
        after = clean(after)
        import_document(catalogue, document(*before, empty=kinds))
        report = import_document(catalogue, document(*after, empty=kinds), prune=True)
        assert report.refused == 0
        import_document(empty, document(*after, empty=kinds), prune=True)
        assert [timeless(part) for part in content(catalogue)] == [
            timeless(part) for part in content(empty)
        ]


@ANY
@given(rows=rows)
def test_the_tree_and_the_prerequisites_of_any_dataset_have_no_cycle(rows, document, fresh):
    with fresh() as (catalogue, _):
        import_document(catalogue, document(*rows))
        kept = {one.id: one for one in catalogue.outcomes.live()}
        for one in kept.values():
            node, depth = one, 0
            while node.parent:
                node, depth = kept[node.parent], depth + 1
                assert depth <= len(kept)
        edges = {(one.outcome, one.requires) for one in catalogue.prerequisites.live()}
        while edges:
            leaves = {end for _, end in edges} - {start for start, _ in edges}
            assert leaves, f"a cycle in {edges}"
            edges = {(start, end) for start, end in edges if end not in leaves}


@pytest.mark.slow
@ANY
@given(rows=rows)
def test_a_dataset_that_is_exported_reads_as_it_was_imported(rows, document, fresh, clean):
    taken = clean(rows)
    with fresh() as (catalogue, folder):
        import_document(catalogue, document(*taken, license="CC0-1.0", languages=("en",)))
        export_catalogue(catalogue, folder / "out")
        exported = DatasetFolder().open(folder / "out", ReadOptions())
        assert exported.dataset == document(license="CC0-1.0", languages=("en",)).dataset
        for kind in NAMES:
            expected = [one for one in taken if isinstance(one, kind)]
            read = list(exported.read(kind))
            assert all(isinstance(row, Row) for row in read), read
            records = timeless(row.record for row in read)
            assert sorted(map(repr, records)) == sorted(map(repr, timeless(expected)))
        report = import_document(catalogue, exported)
        assert report.taken == sum(one.unchanged for one in report.counts.values()) == report.rows


def timeless(records):
    """Alignments without the provenance that an import gives to those that have none."""
    return [
        replace(one, provenance=None)
        if isinstance(one, Alignment) and one.provenance and one.provenance.agent == "dataset:d"
        else one
        for one in records
    ]
