import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.formats.lrmi.document import Lrmi
from data.formats.protocol import ReadOptions, Refusal
from data.formats.registry import recognise
from data.records import Alignment, Outcome, Relation, Resource

LESSON = {
    "@context": "https://schema.org",
    "@type": "LearningResource",
    "@id": "https://example.org/lessons/7",
    "name": "Halves and quarters",
    "description": "Cut a pizza in equal parts.",
    "learningResourceType": "lesson",
    "educationalLevel": ["Year 3", "Year 4"],
    "inLanguage": "en-GB",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "url": "https://example.org/lessons/7",
    "timeRequired": "PT1H30M",
    "isAccessibleForFree": True,
    "keywords": ["half", "quarter"],
    "author": {"@type": "Person", "name": "Ann"},
    "publisher": {"@type": "Organization", "name": "Example School"},
    "teaches": {
        "@type": "DefinedTerm",
        "name": "Recognise halves",
        "termCode": "N3.1",
        "inDefinedTermSet": "https://example.org/curriculum",
    },
}


@pytest.fixture
def opened(tmp_path):
    def open_(value, name="lessons.jsonld"):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return Lrmi().open(tmp_path / name, ReadOptions(max_text=10_000))

    return open_


@pytest.fixture
def read(opened):
    """The resources and the alignments in a value."""

    def rows(value, name="lessons.jsonld"):
        document = opened(value, name)
        found = [list(document.read(kind)) for kind in (Resource, Alignment)]
        return [[getattr(row, "record", row) for row in kind] for kind in found]

    return rows


def lesson(**more):
    return {"@context": "https://schema.org", "@type": "LearningResource", "identifier": "r"} | {
        "name": "R",
        **more,
    }


def test_a_learning_resource_becomes_a_resource_and_what_it_teaches_an_alignment(read):
    (resource,), (alignment,) = read(LESSON)
    assert resource == Resource(
        id="https://example.org/lessons/7",
        title="Halves and quarters",
        description="Cut a pizza in equal parts.",
        kind="lesson",
        levels=("Year 3", "Year 4"),
        language="en-GB",
        license="CC-BY-4.0",
        url="https://example.org/lessons/7",
        extra={
            "duration_minutes": 90,
            "isAccessibleForFree": True,
            "keywords": ["half", "quarter"],
            "author": {"@type": "Person", "name": "Ann"},
            "publisher": {"@type": "Organization", "name": "Example School"},
        },
    )
    assert alignment == Alignment(resource=resource.id, outcome="N3.1")


@pytest.mark.parametrize(
    "context",
    [
        None,
        "http://schema.org",
        "https://schema.org/",
        ["https://schema.org", {"@language": "en"}],
        {"@vocab": "http://schema.org/"},
        [{"@vocab": "https://schema.org"}, "https://w3id.org/kim/amb/context.jsonld"],
        ["https://schema.org", {"@vocab": "https://example.org/vocabulary#"}],
    ],
)
def test_every_way_to_say_schema_org_is_understood(read, context):
    (resource,), _ = read(lesson(**{"@context": context}))
    assert resource == Resource(id="r", title="R")


def test_prefixes_and_other_names_lead_to_the_same(read):
    value = {
        "@context": {
            "s": "http://schema.org/",
            "title": "s:name",
            "id": "@id",
            "type": "@type",
            "goal": {"@id": "https://schema.org/teaches", "@type": "@id"},
            "dc": "http://purl.org/dc/terms/",
        },
        "id": "urn:x:1",
        "type": "s:LearningResource",
        "title": "R",
        "https://schema.org/inLanguage": "fr",
        "lrmi:assesses": "A1",
        "goal": "https://example.org/outcomes/T1",
        "dc:title": "kept",
    }
    (resource,), alignments = read(value)
    assert resource == Resource(
        id="urn:x:1", title="R", language="fr", extra={"http://purl.org/dc/terms/title": "kept"}
    )
    assert {(one.outcome, one.relation) for one in alignments} == {
        ("T1", Relation.TEACHES),
        ("A1", Relation.ASSESSES),
    }


def test_a_graph_a_list_and_what_a_page_is_about_hold_resources(read):
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Person", "@id": "#ann", "name": "Ann"},
            {"@type": "WebPage", "mainEntity": lesson(identifier="a")},
            {"@type": "ItemList", "itemListElement": [{"item": lesson(identifier="b")}]},
            lesson(identifier="c", author={"@id": "#ann"}, teaches=[{"@id": "#t"}]),
            {"@type": "DefinedTerm", "@id": "#t", "termCode": "T9", "name": "Nine"},
        ],
    }
    resources, (alignment,) = read(graph)
    assert [one.id for one in resources] == ["a", "b", "c"]
    assert resources[2].extra["author"]["name"] == "Ann"
    assert alignment.outcome == "T9"
    resources, _ = read([lesson(identifier="d"), lesson(identifier="e")])
    assert [one.id for one in resources] == ["d", "e"]


def test_a_creative_work_counts_if_it_says_what_it_is_to_learn(read):
    values = [
        lesson(**{"@type": "VideoObject", "educationalLevel": "Year 1"}),
        lesson(**{"@type": "VideoObject", "identifier": "not"}),
        lesson(**{"@type": "EducationEvent", "identifier": "nor", "teaches": "x"}),
    ]
    (resource,), _ = read(values)
    assert (resource.kind, resource.levels) == ("video", ("Year 1",))
    assert resource.extra == {"@type": "VideoObject"}


@pytest.mark.parametrize(
    ("term", "outcome"),
    [
        ("N3.1", "N3.1"),
        ("https://example.org/items/N3.1", "N3.1"),
        ("https://example.org/framework#N3%2F1", "N3/1"),
        ("https://example.org/?item=3", "https://example.org/?item=3"),
        ("urn:uuid:12", "urn:uuid:12"),
        ({"identifier": "a", "termCode": "b", "url": "https://example.org/c"}, "a"),
        ({"identifier": {"@type": "PropertyValue", "value": "a"}}, "a"),
        ({"termCode": "b", "url": "https://example.org/c"}, "b"),
        ({"@type": "AlignmentObject", "targetUrl": "https://example.org/c/"}, "c"),
        ({"@id": "https://example.org/c"}, "c"),
    ],
)
def test_an_outcome_goes_by_its_identifier_its_code_or_the_end_of_its_address(read, term, outcome):
    (resource,), (alignment,) = read(lesson(teaches=term))
    assert alignment.outcome == outcome
    assert resource.extra == {}


@pytest.mark.parametrize("term", ["To add fractions", {"name": "Adding"}, {"@id": "_:b1"}, "", 7])
def test_what_names_no_outcome_is_kept_and_states_nothing(read, term):
    (resource,), alignments = read(lesson(teaches=term))
    assert alignments == []
    assert resource.extra == {"https://schema.org/teaches": [term]}


def test_alignment_objects_are_read_by_their_type(read):
    def to(kind, name):
        url = f"https://example.org/{name}"
        return {"@type": "AlignmentObject", "alignmentType": kind, "targetUrl": url}

    reading = to("readingLevel", "5") | {"targetName": "5"}
    subject = to("educationalSubject", "m") | {"targetName": "Maths"}
    level = to("educationalLevel", "y") | {"targetName": "Year 2"}
    value = lesson(
        teaches=[{"termCode": "t"}, {"termCode": "t"}],
        competencyRequired="q",
        educationalAlignment=[
            to("teaches", "t"),
            to("Assesses", "a"),
            to("http://purl.org/dcx/lrmi-vocabs/alignmentType/requires", "p"),
            reading,
            subject,
            level,
        ],
    )
    (resource,), alignments = read(value)
    assert [(one.outcome, one.relation.value) for one in alignments] == [
        ("t", "teaches"),
        ("q", "requires"),
        ("a", "assesses"),
        ("p", "requires"),
    ]
    assert (resource.subject, resource.levels) == ("Maths", ("Year 2",))
    assert resource.extra == {"https://schema.org/educationalAlignment": [reading, subject, level]}


def test_a_value_that_says_more_than_its_field_is_kept_whole(read):
    value = lesson(inLanguage=["en", "fr"], timeRequired="P1Y", license={"name": "Our terms"})
    (resource,), _ = read(value)
    assert (resource.language, resource.license) == ("en", "Our terms")
    assert resource.extra == {
        "https://schema.org/inLanguage": ["en", "fr"],
        "https://schema.org/timeRequired": "P1Y",
        "https://schema.org/license": {"name": "Our terms"},
    }


def test_names_that_are_ours_but_not_schema_orgs_do_not_become_our_fields(read):
    (resource,), _ = read(lesson(kind="x", levels="y", thumbnail="z"))
    assert resource == Resource(
        id="r",
        title="R",
        extra={
            "https://schema.org/kind": "x",
            "https://schema.org/levels": "y",
            "https://schema.org/thumbnail": "z",
        },
    )


def test_scripts_in_a_page_are_read_with_their_line(opened):
    page = f"""<!doctype html>
<script>var a = "<script type='application/ld+json'>";</script>
<script type="application/ld+json; charset=utf-8">{json.dumps(lesson())}</script>
<script type="application/ld+json">{{"broken": </script>"""
    rows = list(opened(page.encode(), "page.html").read(Resource))
    assert (rows[0].record.id, rows[0].line) == ("r", 3)
    assert isinstance(rows[1], Refusal)
    assert rows[1].line == 4
    assert "malformed JSON" in rows[1].reason


def test_a_resource_without_a_name_of_its_own_is_refused_by_its_place(opened):
    value = [lesson(), {"@type": "LearningResource", "name": "B"}]
    rows = list(opened(value).read(Resource))
    assert rows[1].line == 2
    assert "no identifier, @id or url" in rows[1].reason


def test_lines_and_compressed_files_are_read(read, tmp_path):
    lines = "\n".join([json.dumps(lesson()), "{", json.dumps(lesson(identifier="s"))])
    resources, _ = read(lines.encode(), "all.jsonl")
    assert [getattr(one, "id", "refused") for one in resources] == ["r", "refused", "s"]
    assert recognise(tmp_path / "all.jsonl").name == "lrmi"
    resources, _ = read(LESSON, "all.json.gz")
    assert recognise(tmp_path / "all.json.gz").name == "lrmi"
    assert len(resources) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "malformed JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff", "not UTF-8"),
        (b"{}", "no LearningResource"),
        (b'[{"@type": "Person", "name": "Ann"}]', "no LearningResource"),
    ],
)
def test_what_has_no_learning_resource_is_an_error_for_a_person(opened, content, reason):
    with pytest.raises(GatewaysError, match=reason):
        opened(content)


def test_another_kind_of_file_is_not_opened(tmp_path):
    (tmp_path / "a.csv").write_text("{}")
    with pytest.raises(GatewaysError, match="LearningResources whose name ends in"):
        Lrmi().open(tmp_path / "a.csv", ReadOptions())


def test_an_object_nested_without_end_is_refused(opened):
    deep = lesson(identifier="deep")
    for _ in range(200):
        deep = {"@type": "WebPage", "mainEntity": deep}
    rows = list(opened([lesson(), deep]).read(Resource))
    assert rows[0].record.id == "r"
    assert "nested more than" in rows[1].reason


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@id", "@type", "@value", "name", "value", "url", "identifier", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
WORDS = (
    "@context @id @type @graph identifier name headline description text about url license"
    " inLanguage educationalLevel learningResourceType timeRequired teaches assesses"
    " competencyRequired educationalAlignment keywords kind extra:id mainEntity"
)
NAMES = st.sampled_from(WORDS.split())


@given(value=st.dictionaries(NAMES, VALUES))
def test_nothing_that_a_file_can_hold_raises_anything_else(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("lrmi") / "a.jsonld"
    path.write_text(json.dumps([LESSON, {"@type": "LearningResource"} | value]), encoding="utf-8")
    document = Lrmi().open(path, ReadOptions())
    for kind in (Resource, Alignment, Outcome):
        list(document.read(kind))
