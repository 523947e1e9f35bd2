import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.formats.case_package import CasePackage
from data.formats.protocol import ReadOptions, Refusal
from data.records import Correspondence, Match, Outcome, Prerequisite

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
