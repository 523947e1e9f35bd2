"""Reading and writing records through the catalogue."""

import time

import pytest

from data.catalogue import Catalogue
from data.errors import ConflictError, GatewaysError, NotFoundError
from data.importing.importer import import_document
from data.records import (
    Alignment,
    Dataset,
    Event,
    Framework,
    Interaction,
    Outcome,
    Prerequisite,
    Provenance,
    Resource,
)


def pages(read, **arguments):
    """All items of a paged list, read one page after the other."""
    items, cursor, number = [], None, 0
    while number == 0 or cursor:
        page = read(after=cursor, **arguments)
        items += page.items
        cursor, number = page.next, number + 1
    return items, number


def test_what_was_imported_is_read_again(small):
    assert small.datasets.all() == [Dataset(name="d")]
    assert small.datasets.get("x") is None
    (framework,) = small.frameworks.all()
    assert framework == Framework(
        id="f", dataset="d", title="Mathematics", fingerprint=framework.fingerprint
    )
    assert len(framework.fingerprint) == 16
    assert small.frameworks.get("f") == framework
    assert small.outcomes.get("a").levels == ("Year 1", "Año 2")
    assert [one.id for one in small.outcomes.live()] == ["root", "a", "b"]
    assert [one.id for one in small.outcomes.live("g")] == []
    assert [one.id for one in small.resources.live()] == ["r1", "r2"]
    (alignment,) = small.alignments.of_resource("r1")
    assert (alignment.outcome, alignment.provenance.agent) == ("b", "dataset:d")
    assert abs(alignment.provenance.time - time.time()) < 60
    assert small.alignments.of_outcome("b") == [alignment] == list(small.alignments.live())
    assert list(small.prerequisites.live()) == [Prerequisite(outcome="b", requires="a")]
    (event,) = small.interactions.of_learner("l")
    assert event == Interaction(
        learner="l", resource="r1", outcomes=("b",), time=2.0, event=Event.VIEWED
    )
    assert list(small.interactions.live()) == [event]
    assert small.counts() == {
        "frameworks": 1,
        "outcomes": 3,
        "resources": 2,
        "alignments": 1,
        "prerequisites": 1,
        "correspondences": 1,
        "interactions": 1,
        "decisions": 0,
    }


def test_a_catalogue_keeps_its_rows_when_it_is_opened_again(small, catalogue_url):
    with Catalogue.open(catalogue_url) as again:
        assert again.counts() == small.counts()


def test_many_finds_more_ids_than_one_statement_takes(small):
    ids = [f"no-{number}" for number in range(2500)]
    assert set(small.outcomes.many([*ids, "a", "a", "b"])) == {"a", "b"}
    assert set(small.resources.many(["r2", *ids])) == {"r2"}


def test_children_and_ancestors_follow_the_tree(small):
    assert [one.id for one in small.outcomes.children("f", None)] == ["root"]
    assert [one.id for one in small.outcomes.children("f", "root")] == ["a", "b"]
    assert small.outcomes.children("g", "root") == []
    assert [one.id for one in small.outcomes.ancestors("b")] == ["root"]
    assert small.outcomes.ancestors("root") == small.outcomes.ancestors("nothing") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fractions", ["b"]),
        ("m2", ["b"]),
        ("enteros", ["a"]),
        ("NÚMEROS", ["a"]),
        ("100%", ["a"]),
        ("%", ["a"]),
        ("_", []),
        ("'; drop table outcomes; --", []),
    ],
)
def test_text_is_found_whatever_its_case_and_no_character_is_special(small, text, found):
    assert [one.id for one in small.outcomes.page(text=text).items] == found


def test_resources_are_found_by_text_language_and_kind(small):
    assert [one.id for one in small.resources.page(text="fracción").items] == ["r1"]
    assert [one.id for one in small.resources.page(text="under_").items] == ["r2"]
    assert [one.id for one in small.resources.page(language="en").items] == ["r2"]
    assert [one.id for one in small.resources.page(kind="video", language="es").items] == ["r1"]


def test_a_page_filters_by_parent_level_and_framework(small):
    page = small.outcomes.page
    assert [one.id for one in page(parent=None).items] == ["root"]
    assert [one.id for one in page("f", parent="root").items] == ["a", "b"]
    assert [one.id for one in page(level="Año 2").items] == ["a"]
    assert page(level="Year").items == page(level="").items == page("g").items == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_in_a_row_give_every_item_once_and_in_order(catalogue, document, limit):
    outcomes = [
        Outcome(id=f"o{number}", framework=f"f{number % 2}", title="t", position=-(number % 3))
        for number in range(7)
    ]
    resources = [Resource(id=f"r{number}", title="t") for number in range(7)]
    import_document(catalogue, document(*outcomes, *resources))
    items, number = pages(catalogue.outcomes.page, limit=limit)
    assert items == sorted(outcomes, key=lambda one: (one.framework, one.position, one.id))
    assert number == -(-7 // limit)
    assert pages(catalogue.resources.page, limit=limit)[0] == resources


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", "e30", "W10", "WzFd", "WyJhIiwgImIiLCAiYyJd", "WyJcdWQ4MDAiXQ", "bnVsbA"],
)
def test_a_malformed_cursor_is_refused(small, cursor):
    with pytest.raises(GatewaysError, match="cursor"):
        small.outcomes.page(after=cursor)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_limit_out_of_range_is_refused(small, limit):
    with pytest.raises(GatewaysError, match="limit"):
        small.resources.page(limit=limit)


def test_a_created_resource_is_read_again_and_raises_the_revision(small):
    before = small.revision()
    made = Resource(id="new", title="Neu", levels=("1",), extra={"size": [1, 2]})
    small.resources.create(made)
    assert small.resources.get("new") == made
    assert small.revision() > before
    assert small.resources.changed_since(before) == [made]
    with pytest.raises(ConflictError, match="there already"):
        small.resources.create(made)


def test_replacing_needs_the_version_that_was_read(small):
    version = small.resources.version("r1")
    changed = Resource(id="r1", title="Changed")
    small.resources.replace(changed, version=version)
    assert small.resources.get("r1") == changed
    assert small.resources.version("r1") != version
    with pytest.raises(ConflictError, match="read it again"):
        small.resources.replace(Resource(id="r1", title="Late"), version=version)
    assert small.resources.get("r1") == changed
    with pytest.raises(NotFoundError):
        small.resources.replace(Resource(id="none", title="x"))
    with pytest.raises(NotFoundError):
        small.resources.version("none")


def test_replacing_by_the_same_changes_nothing(small):
    before = small.revision()
    small.resources.replace(small.resources.get("r1"))
    assert small.revision() == before
    assert small.resources.changed_since(before) == []


def test_a_text_that_cannot_be_kept_is_refused(small):
    for text in ("half \ud800", "nul \0"):
        with pytest.raises(GatewaysError, match="resource 'x'"):
            small.resources.create(Resource(id="x", title=text))
        with pytest.raises(GatewaysError):
            small.outcomes.page(text=text + "\ud800")
    assert small.resources.get("x") is None


def test_retired_rows_are_listed_nowhere_but_found_by_id(small, document):
    before = small.revision()
    doc = document(
        Outcome(id="root", framework="f", title="Mathematics", assignable=False, position=1),
        Outcome(id="b", framework="f", parent="root", title="Fractions", position=3),
        Resource(id="r2", title="Halves"),
        empty=(Alignment, Prerequisite),
    )
    import_document(small, doc, prune=True)
    assert [one.id for one in small.outcomes.live()] == ["root", "b"]
    assert [one.id for one in small.outcomes.page().items] == ["root", "b"]
    assert [one.id for one in small.outcomes.children("f", "root")] == ["b"]
    assert small.outcomes.get("a").id == "a"
    assert set(small.outcomes.many(["a", "b"])) == {"a", "b"}
    assert [one.id for one in small.resources.live()] == ["r2"]
    assert small.resources.get("r1").id == "r1"
    assert small.resources.retired_since(before) == ["r1"]
    assert small.resources.retired_since(small.revision()) == []
    assert [one.id for one in small.resources.changed_since(before)] == ["r2"]


@pytest.mark.slow
def test_statements_about_retired_rows_are_not_listed(small, document):
    doc = document(
        Outcome(id="root", framework="f", title="Mathematics", assignable=False, position=1),
        Outcome(id="b", framework="f", parent="root", title="Fractions", position=3),
        empty=(Resource,),
    )
    import_document(small, doc, prune=True)
    assert small.alignments.of_outcome("b") == list(small.alignments.live()) == []
    assert list(small.prerequisites.live()) == []
    assert small.interactions.of_learner("l") != []


def test_an_alignment_that_two_datasets_state_is_listed_once(small, document):
    said = Provenance(agent="a person", time=5.0, model="m")
    doc = document(
        Alignment(resource="r1", outcome="b", provenance=said),
        Prerequisite(outcome="b", requires="a"),
        name="c",
    )
    assert import_document(small, doc).refused == 0
    (alignment,) = small.alignments.of_resource("r1")
    assert alignment.provenance == said
    assert [one.provenance.agent for one in small.alignments.stated()] == ["a person", "dataset:d"]
    assert len(list(small.prerequisites.live())) == 1
    assert small.counts()["alignments"] == small.counts()["prerequisites"] == 1


def test_the_fingerprint_of_a_framework_tells_its_state(small, document):
    def fingerprint(*outcomes):
        import_document(small, document(*outcomes, name="e"))
        return small.frameworks.get("g").fingerprint

    one, two = (Outcome(id=f"g{n}", framework="g", title=f"t{n}") for n in (1, 2))
    first = fingerprint(one, two)
    assert fingerprint(two, one) == first
    assert fingerprint(one, Outcome(id="g2", framework="g", title="other")) != first
    assert fingerprint(one, two) == first


def test_an_abandoned_stream_leaves_the_catalogue_usable(small):
    stream = small.resources.live()
    assert next(stream).id == "r1"
    small.resources.create(Resource(id="r3", title="while reading"))
    del stream
    assert [one.id for one in small.resources.live()] == ["r1", "r2", "r3"]


def test_interactions_of_a_learner_come_in_their_time(catalogue, document):
    events = [
        Interaction(learner="l", item=str(n), time=t, event=Event.ATTEMPTED, score=0.5)
        for n, t in enumerate((3.0, 1.0, 1.5, 2.0))
    ]
    import_document(catalogue, document(*events))
    assert list(catalogue.interactions.live()) == events
    assert [one.item for one in catalogue.interactions.of_learner("l")] == ["1", "2", "3", "0"]


def test_edges_of_one_outcome_are_those_it_builds_on_and_those_that_build_on_it(small, document):
    edge = Prerequisite(outcome="b", requires="a")
    assert small.prerequisites.of_outcome("a") == small.prerequisites.of_outcome("b") == [edge]
    import_document(small, document(edge, name="other"))
    assert small.prerequisites.of_outcome("b") == [edge]
    import_document(small, document(empty=(Outcome,)), prune=True)
    assert small.prerequisites.of_outcome("b") == []


def test_alignments_of_several_resources_are_those_of_each(small):
    both = small.alignments.of_resources(["r2", "r1", "none"])
    assert both == small.alignments.of_resource("r1")
    assert [found.resource for found in both] == ["r1"]
    assert small.alignments.of_resources([]) == []


def test_languages_and_kinds_come_commonest_first_without_what_is_retired(small, document):
    small.resources.create(Resource(id="r3", title="x", language="en", kind="game"))
    small.resources.create(Resource(id="r4", title="x", kind="game"))
    assert small.resources.languages() == ["en", "es"]
    assert small.resources.kinds() == ["game", "video"]
    import_document(small, document(empty=(Resource,)), prune=True)
    assert small.resources.languages() == ["en"]


def test_each_framework_names_its_levels_and_subjects(small, document):
    more = Outcome(id="g", framework="g", title="x", subject="Art", levels=("Year 1",))
    import_document(small, document(more, name="other"))
    found = small.outcomes.ranges()
    assert found["f"].levels == ("Año 2", "Year 1")
    assert (found["g"].levels, found["g"].subjects) == (("Year 1",), ("Art",))
    assert found["f"].subjects == ()
