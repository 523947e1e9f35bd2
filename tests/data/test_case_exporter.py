"""Packages through the catalogue and out again: ours, and those of others."""

import json
from datetime import datetime
from urllib.parse import urlsplit

import jsonschema
import pytest

from data.case_exporter import CaseChoice, case_package, export_case
from data.catalogue import Catalogue
from data.errors import GatewaysError, NotFoundError
from data.exporter import export_catalogue
from data.formats.case.tidying import is_uuid
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Alignment, Correspondence, Match, Outcome, Prerequisite, Relation, Resource

# What a database does differs in no format.
pytestmark = pytest.mark.parametrize("catalogue_url", ["sqlite"], indirect=True)

URL = "https://standards.example"
V1_1 = CaseChoice(version="1.1")
OPENSALT = "opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json"
PACKAGES = (
    "AdoptedTestFramework.json",
    "EmptyExternalFramework.json",
    "ItemTypeTestFramework.json",
    "MarkdownFramework.json",
    "Ordering.json",
    "SequenceNumberFramework.json",
    "SmartLevelFramework.json",
    "Utf8TestFramework.json",
    OPENSALT,
)
DOC, OTHER_DOC = "d0000000-0000-4000-8000-000000000000", "e0000000-0000-4000-8000-000000000000"
A, B, C, D = (f"a0000000-0000-4000-8000-00000000000{n}" for n in range(4))
X = "b0000000-0000-4000-8000-000000000000"
GROUP = "c0000000-0000-4000-8000-000000000000"


FORMATS = jsonschema.FormatChecker(["date"])


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(text):
    return datetime.fromisoformat(text).tzinfo is not None


@FORMATS.checks("uri")
def is_address(text):
    return bool(urlsplit(text).scheme)


@pytest.fixture
def another(tmp_path_factory, empty_database):
    """Open catalogues that are empty."""
    opened = []

    def open_one():
        folder = tmp_path_factory.mktemp("another")
        (folder / "catalogue.sqlite").write_bytes(empty_database)
        opened.append(Catalogue.open(f"sqlite:///{folder / 'catalogue.sqlite'}"))
        return opened[-1]

    yield open_one
    for catalogue in opened:
        catalogue.close()


@pytest.fixture(scope="session")
def valid(real_data):
    """Fail if a package is not as the schema of CASE 1.0 has it, times and URIs too."""
    schema = json.loads((real_data("case") / "case-v1p0-cfpackage-schema.json").read_text())
    return jsonschema.Draft202012Validator(schema, format_checker=FORMATS).validate


def taken_in(catalogue, path):
    return import_document(catalogue, open_document(path, ReadOptions()))


def exported(catalogue, path, framework=None, choice=None):
    framework = framework or catalogue.frameworks.all()[0].id
    export_case(catalogue, path, framework, URL, choice or CaseChoice())
    return json.loads(path.read_text("utf-8"))


def without_order(value):
    """The value with sorted lists and without nulls."""
    if isinstance(value, dict):
        return {name: without_order(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return sorted(
            map(without_order, value), key=lambda inner: json.dumps(inner, sort_keys=True)
        )
    return value


def records_of(catalogue):
    return (
        catalogue.datasets.all(),
        catalogue.frameworks.all(),
        catalogue.outcomes.live(),
        list(catalogue.prerequisites.live()),
        [(one.outcome, one.other, one.match) for one in catalogue.correspondences.live()],
    )


def link(id_, kind="CFItems"):
    return {"title": id_, "identifier": id_, "uri": f"https://board.example/{kind}/{id_}"}


def package_of(document=DOC, items=(A, B, C, D), associations=(), **rest):
    changed = {"lastChangeDateTime": "2020-02-03T04:05:06+01:00"}
    head = {**link(document, "CFDocuments"), "creator": "Board", "title": "Standards", **changed}
    return {
        "CFDocument": head,
        "CFItems": [
            {
                "identifier": id_,
                "uri": link(id_)["uri"],
                "fullStatement": f"Item {id_}",
                "conceptKeywords": ["sum", "part"],
                **changed,
            }
            for id_ in items
        ],
        "CFAssociations": [
            {
                "identifier": f"{number:08d}-0000-4000-8000-{document[-12:]}",
                "uri": f"https://board.example/CFAssociations/{document}/{number}",
                "associationType": type_,
                "originNodeURI": link(origin),
                "destinationNodeURI": link(destination),
                **more,
                **changed,
            }
            for number, (type_, origin, destination, more) in enumerate(associations)
        ],
        **rest,
    }


DEEP = [
    ("isChildOf", A, DOC, {"sequenceNumber": 1}),
    ("isChildOf", B, A, {"sequenceNumber": 1}),
    ("isChildOf", C, B, {"sequenceNumber": 1}),
    ("isChildOf", D, C, {"sequenceNumber": 1}),
]


@pytest.fixture
def written(tmp_path):
    def write(package, name="package.json"):
        path = tmp_path / name
        path.write_text(json.dumps(package), "utf-8")
        return path

    return write


def there_and_back(catalogue, written, tmp_path, package, choice=None):
    report = taken_in(catalogue, written(package))
    assert report.refused == 0, report.refusals
    return exported(catalogue, tmp_path / "back.json", DOC, choice)


@pytest.mark.parametrize("name", PACKAGES)
def test_every_given_package_is_exported_valid_and_read_again_as_the_same(
    name, catalogue, another, real_data, valid, tmp_path
):
    report = taken_in(catalogue, real_data("case") / name)
    assert report.refused == 0
    package = exported(catalogue, tmp_path / "back.json")
    valid(package)
    assert taken_in(second := another(), tmp_path / "back.json").refused == 0
    assert records_of(second) == records_of(catalogue)
    assert exported(second, tmp_path / "again.json") == package


@pytest.mark.parametrize("name", [name for name in PACKAGES if name != OPENSALT])
def test_every_given_package_that_is_valid_comes_back_without_loss(
    name, catalogue, real_data, valid, tmp_path
):
    given = json.loads((real_data("case") / name).read_text("utf-8"))
    valid(given)
    taken_in(catalogue, real_data("case") / name)
    assert without_order(exported(catalogue, tmp_path / "back.json")) == without_order(given)


def test_of_the_package_that_is_not_valid_every_item_and_association_comes_back(
    catalogue, real_data, tmp_path
):
    given = json.loads((real_data("case") / OPENSALT).read_text("utf-8"))
    taken_in(catalogue, real_data("case") / OPENSALT)
    package = exported(catalogue, tmp_path / "back.json")
    for part in ("CFItems", "CFAssociations"):
        ids = sorted(one["identifier"] for one in package[part])
        assert ids == sorted(one["identifier"] for one in given[part])
    assert {one["uri"] for one in package["CFItems"]} == {one["uri"] for one in given["CFItems"]}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("australia", marks=pytest.mark.slow),
        "ngss",
        "ca-cte",
        pytest.param("england-nc", marks=pytest.mark.slow),
    ],
)
def test_a_whole_curriculum_goes_out_valid_and_comes_in_as_the_same_tree(
    name, catalogue, another, real_data, valid, tmp_path
):
    taken_in(catalogue, real_data(name))
    package = exported(catalogue, tmp_path / "package.json")
    valid(package)
    report = taken_in(second := another(), tmp_path / "package.json")
    assert report.refused == 0
    assert paths(second.outcomes.live()) == paths(catalogue.outcomes.live())
    again = exported(second, tmp_path / "again.json")
    assert without_order(again) == without_order(package)


@pytest.mark.parametrize("name", ["oak", "pradigi-hi", "mars-en", "spanish", "oak-warm"])
@pytest.mark.slow
def test_every_other_curriculum_goes_out_valid(name, catalogue, real_data, valid, tmp_path):
    folder = real_data("learner") / name if name in ("mars-en", "spanish") else real_data(name)
    document = open_document(folder, ReadOptions())
    only = OnlyOutcomes(document)
    import_document(catalogue, only)
    for framework in catalogue.frameworks.all():
        valid(case_package(catalogue, framework.id, URL, CaseChoice()))


class OnlyOutcomes:
    kinds = frozenset({Outcome})

    def __init__(self, document):
        self.dataset, self.read = document.dataset, document.read


def paths(outcomes):
    """The outcomes from the root down, in the order of siblings, with what they say."""
    below = {}
    for outcome in outcomes:
        below.setdefault(outcome.parent, []).append(outcome)
    found, left = [], [(one, 0) for one in reversed(below.get(None, []))]
    while left:
        node, depth = left.pop()
        said = (node.code, node.title, node.description, node.levels, node.language)
        found.append((depth, *said, node.assignable))
        left += [(child, depth + 1) for child in reversed(below.get(node.id, []))]
    assert len(found) == len(outcomes)
    return found


def test_more_than_two_levels_are_exported(catalogue, written, tmp_path, valid):
    package = there_and_back(catalogue, written, tmp_path, package_of(associations=DEEP))
    valid(package)
    above = {
        one["originNodeURI"]["identifier"]: one["destinationNodeURI"]["identifier"]
        for one in package["CFAssociations"]
    }
    assert above == {A: DOC, B: A, C: B, D: C}


def test_association_groups_are_not_lost(catalogue, written, tmp_path):
    group = {**link(GROUP, "CFAssociationGroupings"), "lastChangeDateTime": "2020-01-01T00:00:00Z"}
    grouped = [("isRelatedTo", A, B, {"CFAssociationGroupingURI": link(GROUP)})]
    given = package_of(associations=grouped, CFDefinitions={"CFAssociationGroupings": [group]})
    package = there_and_back(catalogue, written, tmp_path, given)
    assert package["CFDefinitions"]["CFAssociationGroupings"] == [group]
    assert package["CFAssociations"][0]["CFAssociationGroupingURI"]["identifier"] == GROUP


def test_keywords_and_uris_and_times_come_back_as_they_were(catalogue, written, tmp_path):
    given = package_of(associations=DEEP)
    package = there_and_back(catalogue, written, tmp_path, given)
    assert without_order(package) == without_order(given)
    assert package["CFItems"][0]["conceptKeywords"] == ["sum", "part"]
    assert package["CFItems"][0]["uri"] == link(A)["uri"]
    assert package["CFItems"][0]["lastChangeDateTime"] == "2020-02-03T04:05:06+01:00"


def test_exact_matches_with_another_framework_count_once_both_are_there(
    catalogue, written, tmp_path
):
    path = written(package_of(associations=[("exactMatchOf", A, X, {})]))
    report = taken_in(catalogue, path)
    assert report.refused == 0
    assert "correspondences: 1 left out until" in report.warnings[0]
    assert list(catalogue.correspondences.live()) == []
    taken_in(catalogue, written(package_of(OTHER_DOC, (X,)), "other.json"))
    assert taken_in(catalogue, path).warnings == ()
    (found,) = catalogue.correspondences.live()
    assert (found.outcome, found.other, found.match) == (A, X, Match.EXACT)
    package = exported(catalogue, tmp_path / "back.json", DOC)
    assert len(package["CFAssociations"]) == 1


def test_a_person_chooses_which_crosswalks_are_exported(catalogue, written, tmp_path):
    crosswalk = [*DEEP, ("exactMatchOf", A, X, {}), ("isRelatedTo", B, GROUP, {})]
    taken_in(catalogue, written(package_of(associations=crosswalk)))
    taken_in(catalogue, written(package_of(OTHER_DOC, (X,)), "other.json"))

    def types(crosswalk):
        package = exported(catalogue, tmp_path / "b.json", DOC, CaseChoice(crosswalk=crosswalk))
        return [one["associationType"] for one in package["CFAssociations"] if one]

    tree = ["isChildOf"] * 4
    assert sorted(types("all")) == ["exactMatchOf", *tree, "isRelatedTo"]
    assert sorted(types("none")) == tree
    assert sorted(types(OTHER_DOC)) == ["exactMatchOf", *tree]
    with pytest.raises(NotFoundError, match="there is no framework 'mars'"):
        types("mars")


def test_types_that_only_version_1_1_has_are_kept_for_it(catalogue, written, tmp_path, valid):
    given = package_of(
        associations=[
            ("hasSkillLevel", A, X, {}),
            ("isPeerOf", A, B, {}),
            ("isTranslationOf", A, X, {}),
            ("ext:uses", A, X, {"notes": "As told.", "extensions": {"a": 1}}),
        ]
    )
    given["CFDocument"] |= {"caseVersion": "1.1", "frameworkType": "Standards"}
    given["CFItems"][0] |= {"subject": ["Maths"], "extensions": {"board": {"rank": 1}}}
    package = there_and_back(catalogue, written, tmp_path, given, V1_1)
    assert without_order(package) == without_order(given)
    older = exported(catalogue, tmp_path / "older.json", DOC)
    valid(older)
    assert {one["associationType"] for one in older["CFAssociations"]} == {
        "hasSkillLevel",
        "isPeerOf",
    }
    assert "subject" not in older["CFItems"][0]
    assert "extensions" not in json.dumps(older)


def test_a_package_survives_the_export_of_the_whole_catalogue(
    catalogue, another, written, tmp_path
):
    given = package_of(associations=[*DEEP, ("exactMatchOf", X, A, {})])
    taken_in(catalogue, written(given))
    taken_in(catalogue, written(package_of(OTHER_DOC, (X,)), "other.json"))
    export_catalogue(catalogue, tmp_path / "whole")
    assert taken_in(second := another(), tmp_path / "whole").refused == 0
    assert without_order(exported(second, tmp_path / "back.json", DOC)) == without_order(given)


def test_cycles_are_refused(catalogue, written):
    cycle = [("isChildOf", A, B, {}), ("isChildOf", B, A, {})]
    report = taken_in(catalogue, written(package_of(associations=cycle)))
    assert report.counts["outcomes"].refused == 2
    assert "form a cycle" in report.refusals[0].reason


@pytest.fixture
def ours(catalogue, document):
    frameworks = [{"id": "f", "title": "Framework", "language": "en"}]
    items = (
        Outcome(id="top", framework="f", title="Numbers", assignable=False, position=1),
        Outcome(
            id="b",
            framework="f",
            parent="top",
            code="N1",
            title="Fractions",
            description="Add and subtract fractions.",
            subject="Maths",
            levels=("Year 1", "Year 2"),
            language="en",
            position=3,
            extra={"hours": 4},
        ),
        Outcome(id="a", framework="f", parent="top", title="Decimals", position=3),
        Outcome(id="z", framework="g", title="Elsewhere"),
        Resource(id="r1", title="Halves", url="https://lessons.example/r1"),
        Resource(id="r/2", title="Quiz"),
        Alignment(resource="r1", outcome="b"),
        Alignment(resource="r/2", outcome="b", relation=Relation.ASSESSES),
        Alignment(resource="r1", outcome="a", relation=Relation.REQUIRES),
        Prerequisite(outcome="b", requires="a"),
        Correspondence(outcome="b", other="z", match=Match.EXACT),
        Correspondence(outcome="a", other="z", match=Match.NARROWER),
    )
    report = import_document(
        catalogue,
        document(*items, license="CC0-1.0", attribution="Us", extra={"frameworks": frameworks}),
    )
    assert report.refused == 0
    return catalogue


def test_a_framework_of_ours_is_valid_and_names_our_addresses(ours, tmp_path, valid):
    package = exported(ours, tmp_path / "ours.json", "f", CaseChoice(alignments=True))
    valid(package)
    for part, kind in (("CFItems", "CFItems"), ("CFAssociations", "CFAssociations")):
        for one in package[part]:
            assert is_uuid(one["identifier"])
            assert one["uri"] == f"{URL}/ims/case/v1p0/{kind}/{one['identifier']}"
    document = package["CFDocument"]
    assert (document["title"], document["creator"]) == ("Framework", "Us")
    assert document["licenseURI"]["title"] == "CC0-1.0"
    assert document["lastChangeDateTime"].endswith("Z")
    assert exported(ours, tmp_path / "again.json", "f", CaseChoice(alignments=True)) == package


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_framework_of_ours_comes_in_as_it_went_out(ours, another, tmp_path, version):
    exported(ours, tmp_path / "ours.json", "f", CaseChoice(version=version))
    taken_in(second := another(), tmp_path / "ours.json")
    (framework,) = second.frameworks.all()
    (dataset,) = second.datasets.all()
    assert (framework.title, dataset.license, dataset.attribution) == ("Framework", "CC0-1.0", "Us")
    found = {one.title: one for one in second.outcomes.live()}
    top, fractions, decimals = (found[title] for title in ("Numbers", "Fractions", "Decimals"))
    assert (top.assignable, top.parent, top.position) == (False, None, 1)
    assert (fractions.code, fractions.levels) == ("N1", ("Year 1", "Year 2"))
    assert fractions.description == "Add and subtract fractions."
    assert (fractions.assignable, fractions.parent, fractions.language) == (True, top.id, "en")
    assert decimals.position < fractions.position
    (edge,) = second.prerequisites.live()
    assert (edge.outcome, edge.requires) == (fractions.id, decimals.id)
    newer = version == "1.1"
    assert fractions.subject == ("Maths" if newer else None)
    assert fractions.extra.get("hours") == (4 if newer else None)


def test_a_broader_outcome_is_what_a_narrower_one_is_part_of(ours, tmp_path):
    package = exported(ours, tmp_path / "ours.json", "f")
    (part,) = [one for one in package["CFAssociations"] if one["associationType"] == "isPartOf"]
    assert part["destinationNodeURI"]["title"] == "Decimals"


def test_alignments_are_exemplars_from_the_item_to_the_resource(ours, tmp_path):
    assert "exemplar" not in json.dumps(exported(ours, tmp_path / "ours.json", "f"))
    package = exported(ours, tmp_path / "ours.json", "f", CaseChoice(alignments=True))
    found = {
        (one["originNodeURI"]["title"], one["destinationNodeURI"]["uri"])
        for one in package["CFAssociations"]
        if one["associationType"] == "exemplar"
    }
    assert found == {("N1", "https://lessons.example/r1"), ("N1", f"{URL}/resources/r%2F2")}


def test_a_framework_that_is_not_there_and_a_file_that_cannot_be_are_errors(ours, tmp_path):
    with pytest.raises(NotFoundError, match="there is no framework 'h'; there is f, g"):
        exported(ours, tmp_path / "ours.json", "h")
    with pytest.raises(GatewaysError, match="cannot be written"):
        exported(ours, tmp_path / "none" / "ours.json", "f")


def test_items_with_and_without_a_number_come_back_in_the_order_of_the_package(
    catalogue, another, written, tmp_path
):
    mixed = [("isChildOf", B, DOC, {"sequenceNumber": 0}), ("isChildOf", C, DOC, {})]
    given = package_of(associations=mixed)
    package = there_and_back(catalogue, written, tmp_path, given)
    assert [one["identifier"] for one in package["CFItems"]] == [A, B, C, D]
    taken_in(second := another(), tmp_path / "back.json")
    assert records_of(second) == records_of(catalogue)
