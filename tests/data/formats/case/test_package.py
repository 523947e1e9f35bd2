import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.formats.case.package import CasePackage
from data.formats.case.versions import package_in
from data.formats.case.writer import CaseWriter, Source
from data.formats.protocol import ReadOptions, Refusal, Row
from data.records import Correspondence, Framework, Match, Outcome, Prerequisite

DOC = "d0000000-0000-0000-0000-000000000000"
A, B, C = (f"00000000-0000-0000-0000-00000000000{n}" for n in "123")
FOREIGN = "f0000000-0000-0000-0000-000000000000"


def standards(**more):
    return {
        "identifier": DOC,
        "uri": "https://server/doc",
        "creator": "Board",
        "title": "Standards",
        "lastChangeDateTime": "2020-01-01T00:00:00Z",
        **more,
    }


def item(identifier, statement="Count", **more):
    return {"identifier": identifier, "fullStatement": statement, **more}


def association(type_, origin, destination, **more):
    ends = {"originNodeURI": origin, "destinationNodeURI": destination}
    nodes = {
        name: {"title": id_, "identifier": id_, "uri": f"https://server/{id_}"}
        for name, id_ in ends.items()
    }
    return {"associationType": type_, **nodes, **more}


@pytest.fixture
def opened(tmp_path):
    def write(items=(), associations=(), document=None, **rest):
        path = tmp_path / "package.json"
        package = {
            "CFDocument": document or standards(),
            "CFItems": list(items),
            "CFAssociations": list(associations),
            **rest,
        }
        path.write_text(json.dumps(package), "utf-8")
        return CasePackage().open(path, ReadOptions())

    return write


def outcomes(opened):
    return [row.record for row in opened.read(Outcome)]


def test_a_statement_and_its_short_form_are_description_and_title(opened):
    full, short = outcomes(
        opened([item(A, "Count to ten."), item(B, "Add.", abbreviatedStatement="Sum")])
    )
    assert (full.title, full.description) == ("Count to ten.", "")
    assert (short.title, short.description) == ("Sum", "Add.")


def test_an_item_tells_code_levels_language_and_subject(opened):
    (found,) = outcomes(
        opened(
            [
                item(
                    A,
                    humanCodingScheme="M.1",
                    educationLevel=["01", "02"],
                    language="pt_BR",
                    subject=["Maths", "Science"],
                )
            ]
        )
    )
    assert (found.code, found.levels) == ("M.1", ("01", "02"))
    assert (found.language, found.subject) == ("pt-BR", "Maths; Science")


@pytest.mark.parametrize("subject", ["Maths", ["Maths"]])
def test_language_and_subject_are_the_documents_where_an_item_has_none(opened, subject):
    (found,) = outcomes(opened([item(A)], document=standards(language="en", subject=subject)))
    assert (found.language, found.subject) == ("en", "Maths")


@pytest.mark.parametrize("levels", [{"educationLevel": "06"}, {"educationalLevel": ["06"]}])
def test_levels_are_read_however_they_are_written(opened, levels):
    assert outcomes(opened([item(A, **levels)]))[0].levels == ("06",)


def test_the_tree_has_the_numbers_of_its_associations_or_the_order_of_the_package(opened):
    found = outcomes(
        opened(
            [item(A), item(B), item(C)],
            [
                association("isChildOf", A, DOC),
                association("isChildOf", B, A, sequenceNumber=7),
                association("isChildOf", C, A, sequenceNumber="2"),
            ],
        )
    )
    assert [(one.parent, one.position) for one in found] == [(None, 1), (A, 7), (A, 2)]


def test_an_item_below_several_hangs_below_the_first_and_keeps_both_associations(opened):
    both = [association("isChildOf", C, A), association("isChildOf", C, B)]
    found = outcomes(opened([item(A), item(B), item(C)], both))[2]
    assert found.parent == A
    assert len(found.extra["case"]["CFAssociations"]) == 2


def test_an_item_below_one_of_another_package_is_a_root(opened):
    (found,) = outcomes(opened([item(A)], [association("isChildOf", A, FOREIGN)]))
    assert found.parent is None


def test_leaves_can_be_aligned_to_unless_their_type_says_otherwise(opened):
    found = outcomes(
        opened(
            [item(A), item(B, CFItemType="Heading"), item(C, CFItemType="Standard")],
            [association("isChildOf", B, A), association("isChildOf", C, B)],
        )
    )
    assert [one.assignable for one in found] == [False, False, True]
    (above,) = outcomes(opened([item(A, CFItemType="Outcome")], [association("isChildOf", B, A)]))
    assert above.assignable


def test_what_an_outcome_has_no_field_for_is_kept(opened):
    (found,) = outcomes(
        opened([item(A, uri="https://server/a", conceptKeywords=["sum"], notes="Say it aloud.")])
    )
    kept = found.extra["case"]["item"]
    assert kept["uri"] == "https://server/a"
    assert (kept["conceptKeywords"], kept["notes"]) == (["sum"], "Say it aloud.")


def test_associations_become_prerequisites_and_correspondences(opened):
    package = opened(
        [item(A), item(B)],
        [
            association("precedes", A, B),
            association("exactMatchOf", A, B),
            association("isPartOf", A, B),
            association("isRelatedTo", B, A),
            association("isRelatedTo", B, A),
            association("replacedBy", A, FOREIGN),
            association("exemplar", A, FOREIGN),
            association("isRelatedTo", A, A),
            association("isRelatedTo", A, DOC),
        ],
    )
    (edge,) = package.read(Prerequisite)
    assert edge.record == Prerequisite(outcome=B, requires=A)
    assert not edge.may_wait
    rows = list(package.read(Correspondence))
    assert [(row.record.outcome, row.record.other, row.record.match) for row in rows] == [
        (A, B, Match.EXACT),
        (A, B, Match.BROADER),
        (B, A, Match.RELATED),
        (A, FOREIGN, Match.SUCCESSOR),
    ]
    assert [row.may_wait for row in rows] == [False, False, False, True]
    assert rows[3].line == 6


def test_the_dataset_says_whose_it_is(opened):
    licence = {"title": "CC BY", "identifier": A, "uri": "https://server/by"}
    dataset = opened(
        document=standards(licenseURI=licence, publisher="Press", language="en")
    ).dataset
    assert (dataset.name, dataset.source) == (DOC, "https://server/doc")
    assert (dataset.license, dataset.attribution) == ("CC BY", "Board; Press")
    assert dataset.languages == ("en",)
    assert dataset.extra["frameworks"] == [{"id": DOC, "title": "Standards", "language": "en"}]


def test_what_stands_outside_the_items_is_kept_with_the_dataset(opened):
    groups = {"CFAssociationGroupings": [{"identifier": A, "title": "A", "description": None}]}
    loose = association("isRelatedTo", FOREIGN, A)
    case = opened([item(A)], [loose], CFDefinitions=groups, CFRubrics=[{"identifier": B}])
    kept = case.dataset.extra["case"]
    assert kept["CFDefinitions"] == {"CFAssociationGroupings": [{"identifier": A, "title": "A"}]}
    assert kept["CFRubrics"] == [{"identifier": B}]
    assert kept["CFAssociations"][0]["originNodeURI"]["identifier"] == FOREIGN


def test_links_given_as_texts_and_empty_arrays_for_objects_are_mended(opened):
    (found,) = outcomes(
        opened(
            [item(A, CFDocumentURI=f"https://server/uri/{DOC}", licenseURI=[])],
            document=standards(CFPackageURI="https://server/package"),
            CFDefinitions=[],
        )
    )
    kept = found.extra["case"]["item"]
    assert kept["CFDocumentURI"]["identifier"] == DOC
    assert "licenseURI" not in kept


def test_times_without_a_zone_are_taken_for_utc_and_others_stay(opened):
    naive, aware, none = outcomes(
        opened(
            [
                item(A, lastChangeDateTime="2017-05-25T18:05:33"),
                item(B, lastChangeDateTime="2017-05-25T18:05:33+02:00"),
                item(C),
            ]
        )
    )
    times = [one.extra["case"]["item"]["lastChangeDateTime"] for one in (naive, aware, none)]
    assert times == ["2017-05-25T18:05:33Z", "2017-05-25T18:05:33+02:00", "2020-01-01T00:00:00Z"]


def test_ids_that_are_no_uuids_are_taken_as_they_are(opened):
    found = outcomes(opened([item("a-1"), item("a-2")], [association("isChildOf", "a-2", "a-1")]))
    assert [(one.id, one.parent) for one in found] == [("a-1", None), ("a-2", "a-1")]


def test_a_bad_item_is_refused_with_its_place_and_the_others_are_read(opened):
    rows = list(
        opened([item(A), "x", item(""), item(B, humanCodingScheme="x\x00")], [7]).read(Outcome)
    )
    refusals = {(row.file.partition("#")[2], row.line) for row in rows if isinstance(row, Refusal)}
    assert refusals == {("CFItems", 2), ("CFItems", 3), ("CFItems", 4), ("CFAssociations", 1)}
    assert len(rows) == 5


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"CFDocument": {}}', "its CFDocument has no identifier"),
        ('{"CFDocument": []}', "there is no CFDocument"),
        ('{"CFItems": []}', "there is no CFDocument"),
        ('[{"CFDocument": {}}]', "not a JSON object"),
        ('{"CFDocument": {"identifier": "a"}, "CFItems": {"a": 1}}', "CFItems is an object"),
        ('{"CFDocument": {"identifier": "a"},\n', "package.json:2: malformed JSON"),
        ('{"CFDocument": {"identifier": "a\\u0000"}}', "holds a NUL character"),
        ('{"CFDocument": {"identifier": "\\ud800"}}', "half of a surrogate pair"),
        ('{"CFDocument": ' + "[" * 5000, "nested too deeply"),
        ('{"CFDocument": {"identifier": "a", "x": ' + "[" * 300 + "]" * 300 + "}}", "nested"),
        ('{"CFDocument": {"identifier": "a", "x": ' + "9" * 5_000 + "}}", "too large a number"),
        ("{}", "this is not a .json file with a CFPackage"),
    ],
)
def test_what_is_no_package_is_an_error_for_a_person(tmp_path, text, reason):
    path = tmp_path / "package.json"
    path.write_text(text)
    with pytest.raises(GatewaysError, match=reason):
        CasePackage().open(path, ReadOptions())


def test_a_package_may_be_packed_and_begin_with_a_mark(tmp_path):
    path = tmp_path / "package.json.gz"
    path.write_bytes(
        gzip.compress(b"\xef\xbb\xbf" + json.dumps({"CFDocument": standards()}).encode())
    )
    assert CasePackage().recognises(path)
    assert CasePackage().open(path, ReadOptions()).dataset.name == DOC
    path.write_bytes(b"broken")
    assert not CasePackage().recognises(path)


NAMES = [
    *("identifier", "uri", "title", "fullStatement", "abbreviatedStatement", "educationLevel"),
    *("language", "subject", "CFItemType", "extensions", "gateways", "originNodeURI"),
    *("destinationNodeURI", "associationType", "sequenceNumber", "licenseURI", "subjectURI"),
    "lastChangeDateTime",
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters())
    | st.sampled_from([A, B, DOC, "isChildOf", "precedes", "en"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(st.fixed_dictionaries({"CFDocument": VALUES, "CFItems": VALUES, "CFAssociations": VALUES}))
def test_nothing_that_a_file_can_hold_raises_anything_else(tmp_path_factory, package):
    path = tmp_path_factory.mktemp("case") / "package.json"
    if isinstance(package["CFDocument"], dict):
        package["CFDocument"]["identifier"] = DOC
    path.write_text(json.dumps(package))
    try:
        opened = CasePackage().open(path, ReadOptions())
    except GatewaysError:
        return
    for kind in opened.kinds:
        assert list(opened.read(kind)) == list(opened.read(kind))
    for version in ("1.0", "1.1"):
        json.dumps(package_in(version, written(opened).package()))


def written(opened):
    """What writes the records of a package, as they are kept where nothing else is."""
    framework = Framework(id=DOC, dataset=opened.dataset.name, title="Standards")
    outcomes = {}
    for row in opened.read(Outcome):
        if isinstance(row, Row):
            outcomes.setdefault(row.record.id, row.record)
    return CaseWriter(
        Source(
            framework=framework,
            dataset=opened.dataset,
            outcomes=sorted(outcomes.values(), key=lambda one: (one.position, one.id)),
            changed="2020-01-01T00:00:00Z",
        ),
        "https://standards.example",
    )


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)
IDS = st.sampled_from([A, B, C])
NODES = IDS | st.sampled_from([DOC, FOREIGN])
LINKS = NODES | NODES.map(lambda id_: f"https://server/{id_}") | st.just([]) | st.none()
ITEMS = st.fixed_dictionaries(
    {"identifier": IDS, "fullStatement": TEXTS.map("Count {}".format)},
    optional={
        "abbreviatedStatement": TEXTS,
        "humanCodingScheme": TEXTS,
        "educationLevel": st.lists(TEXTS, max_size=2) | TEXTS,
        "educationalLevel": st.lists(TEXTS, max_size=2),
        "language": st.sampled_from(["en", "pt_BR", "English", ""]),
        "CFItemType": st.sampled_from(["Heading", "Outcome", "Standard", ""]),
        "subject": st.lists(TEXTS, max_size=2) | TEXTS,
        "extensions": st.dictionaries(
            st.sampled_from(["gateways", "board"]),
            st.dictionaries(st.sampled_from(["hours", "title", "case"]), TEXTS, max_size=2),
        ),
        "conceptKeywords": st.lists(TEXTS, max_size=2) | st.none(),
        "CFDocumentURI": LINKS,
        "lastChangeDateTime": st.sampled_from(["2020-01-01 10:00:00", "2020-01-01T10:00:00Z"]),
    },
)
ASSOCIATIONS = st.builds(
    lambda type_, origin, destination, more: association(type_, origin, destination, **more),
    st.sampled_from(["isChildOf", "precedes", "exactMatchOf", "isPartOf", "exemplar", "ext:a"]),
    NODES,
    NODES,
    st.fixed_dictionaries(
        {}, optional={"sequenceNumber": st.integers(0, 4) | st.just("3"), "identifier": IDS}
    ),
)


@given(
    st.lists(ITEMS, max_size=3, unique_by=lambda item: item["identifier"]),
    st.lists(ASSOCIATIONS, max_size=6),
    st.fixed_dictionaries({}, optional={"language": TEXTS, "subject": TEXTS}),
)
def test_what_is_written_is_read_as_the_same_records(tmp_path_factory, items, associations, more):
    path = tmp_path_factory.mktemp("case") / "package.json"
    package = {
        "CFDocument": standards(**more),
        "CFItems": items,
        "CFAssociations": associations,
    }
    path.write_text(json.dumps(package))
    first = CasePackage().open(path, ReadOptions())
    path.write_text(json.dumps(written(first).package()))
    second = CasePackage().open(path, ReadOptions())
    assert second.dataset == first.dataset
    assert records_of(second, Outcome) == records_of(first, Outcome)
    for kind in (Prerequisite, Correspondence):
        assert set(map(repr, records_of(second, kind))) == set(map(repr, records_of(first, kind)))


def records_of(opened, kind):
    return [row.record for row in opened.read(kind) if isinstance(row, Row)]
