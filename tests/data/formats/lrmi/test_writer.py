import json

from hypothesis import given
from hypothesis import strategies as st

from data.formats.lrmi.document import Lrmi
from data.formats.lrmi.writer import Aligned, learning_resource
from data.formats.protocol import ReadOptions
from data.records import Alignment, Framework, Outcome, Relation, Resource

BASE = "https://example.org/"
RESOURCE = Resource(
    id="r 1/a",
    title="Halves",
    subject="Maths",
    levels=("Year 3",),
    language="en",
    license="CC-BY-4.0",
    extra={"duration_minutes": 15, "downloadable": True, "keywords": ["half"]},
)
FRAMEWORK = Framework(id="f", dataset="d", title="Our curriculum", language="en")


def aligned(id_, relation=Relation.TEACHES, code=None, **extra):
    outcome = Outcome(id=id_, framework="f", code=code, title=f"To {id_}")
    alignment = Alignment(resource=RESOURCE.id, outcome=id_, relation=relation, extra=extra)
    return Aligned(alignment=alignment, outcome=outcome, framework=FRAMEWORK)


ALL = [aligned("t/1", code="N.1"), aligned("a", Relation.ASSESSES), aligned("q", Relation.REQUIRES)]


def read_again(node, folder):
    path = folder / "again.jsonld"
    path.write_text(json.dumps(node), encoding="utf-8")
    document = Lrmi().open(path, ReadOptions())
    return [[row.record for row in document.read(kind)] for kind in (Resource, Alignment)]


def test_what_is_taught_is_a_defined_term_and_what_is_required_an_alignment():
    node = learning_resource(RESOURCE, ALL, BASE)
    assert node["@context"] == ["https://schema.org", {"extra": "urn:gateways:extra:"}]
    assert node["@id"] == "https://example.org/resources/r%201%2Fa"
    assert node["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert node["timeRequired"] == "PT15M"
    assert node["extra:downloadable"] is True
    assert node["teaches"] == [
        {
            "@type": "DefinedTerm",
            "identifier": "t/1",
            "termCode": "N.1",
            "name": "To t/1",
            "url": "https://example.org/outcomes/t%2F1",
            "inDefinedTermSet": {
                "@type": "DefinedTermSet",
                "identifier": "f",
                "name": "Our curriculum",
                "url": "https://example.org/frameworks/f",
            },
        }
    ]
    assert node["assesses"][0]["termCode"] == "a"
    (required,) = node["educationalAlignment"]
    assert (required["alignmentType"], required["targetName"]) == ("requires", "To q")


def test_only_what_is_known_is_written():
    node = learning_resource(Resource(id="r", title="R"))
    assert node == {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "identifier": "r",
        "name": "R",
    }


def test_resource_and_alignments_are_read_again(tmp_path):
    (resource,), alignments = read_again(learning_resource(RESOURCE, ALL), tmp_path)
    assert resource == RESOURCE
    assert alignments == [one.alignment for one in ALL]
    (resource,), alignments = read_again(learning_resource(RESOURCE, ALL, BASE), tmp_path)
    assert alignments == [one.alignment for one in ALL]


def test_what_the_source_said_besides_is_written_again(tmp_path):
    source = {
        "@type": ["VideoObject", "LearningResource"],
        "@id": "https://example.net/v/1",
        "identifier": [{"@type": "PropertyValue", "propertyID": "ours", "value": "v1"}],
        "name": {"@value": "Magnets", "@language": "en"},
        "inLanguage": ["en", "fr"],
        "thumbnail": "t.png",
        "author": {"@type": "Person", "name": "Ann"},
        "timeRequired": "P1M",
        "teaches": ["To like magnets", {"termCode": "t", "description": "more"}],
        "educationalAlignment": [
            {"@type": "AlignmentObject", "alignmentType": "readingLevel", "targetName": "5"}
        ],
    }
    (resource,), (alignment,) = read_again(source, tmp_path)
    outcome = Outcome(id="t", framework="f", title="T")
    written = learning_resource(
        resource, [Aligned(alignment=alignment, outcome=outcome, framework=FRAMEWORK)]
    )
    for name in source.keys() - {"teaches"}:
        assert written[name] == source[name]
    assert written["teaches"][0] == "To like magnets"
    assert written["teaches"][1]["description"] == "more"
    assert read_again(written, tmp_path) == [[resource], [alignment]]


def test_a_kept_value_that_does_not_hold_any_more_gives_way():
    extra = {"https://schema.org/inLanguage": ["en", "fr"]}
    assert learning_resource(Resource(id="r", language="en", title="R", extra=extra))[
        "inLanguage"
    ] == ["en", "fr"]
    changed = learning_resource(Resource(id="r", language="es", title="R", extra=extra))
    assert changed["inLanguage"] == "es"


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
WORDS = TEXTS.filter(lambda text: text.strip())
VALUES = st.recursive(
    st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
OURS = {"id", "title", "description", "text", "kind", "subject", "levels", "language", "url"}
EXTRA_NAMES = TEXTS.filter(
    lambda name: name not in OURS | {"license"} and ":" not in name and not name.startswith("@")
)
RESOURCES = st.builds(
    Resource,
    id=WORDS,
    title=WORDS,
    description=TEXTS,
    text=TEXTS,
    kind=WORDS | st.none(),
    subject=WORDS | st.none(),
    levels=st.lists(WORDS, max_size=3).map(tuple),
    language=st.sampled_from([None, "en", "pt-BR"]),
    url=WORDS | st.none(),
    license=st.sampled_from([None, "CC0-1.0", "CC-BY-SA-4.0", "ours"]),
    extra=st.dictionaries(EXTRA_NAMES | st.just("duration_minutes"), VALUES, max_size=4),
)


@given(resource=RESOURCES)
def test_whatever_a_resource_holds_is_read_again(tmp_path_factory, resource):
    folder = tmp_path_factory.mktemp("again")
    assert read_again(learning_resource(resource), folder)[0] == [resource]
