import json

import jsonschema
import pytest

from data.formats.case.mapping import identifier_of
from data.formats.case.tidying import derived, is_uuid
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.settings import load_settings

V1_0, V1_1 = "/ims/case/v1p0", "/ims/case/v1p1"
MATHS = derived("framework", "maths")
ERUPT = derived("outcome", "explain-how-volcanoes-erupt")
NOBODY = "00000000-0000-4000-8000-000000000000"
DOC, ITEM, OTHER = (f"d0000000-0000-4000-8000-00000000000{n}" for n in range(3))
CONCEPT, BELOW, TYPE, LICENCE, GROUP, RUBRIC, SUBJECT = (
    f"c0000000-0000-4000-8000-00000000000{n}" for n in range(7)
)


def thing(identifier, **more):
    changed = "2020-01-01T00:00:00Z"
    uri = f"https://board.example/{identifier}"
    return {"identifier": identifier, "uri": uri, "lastChangeDateTime": changed, **more}


@pytest.fixture
def imported(catalogue, tmp_path):
    """A package of another system, imported."""
    link = {
        id_: {"title": id_, "identifier": id_, "uri": thing(id_)["uri"]} for id_ in (ITEM, OTHER)
    }
    definitions = {
        "CFConcepts": [
            thing(CONCEPT, title="Number", hierarchyCode="1"),
            thing(BELOW, title="Fraction", hierarchyCode="1.1"),
        ],
        "CFSubjects": [thing(SUBJECT, title="Maths", hierarchyCode="1")],
        "CFItemTypes": [thing(TYPE, title="Standard", hierarchyCode="1")],
        "CFLicenses": [thing(LICENCE, title="CC BY", licenseText="Do.", extensions={"a": 1})],
        "CFAssociationGroupings": [thing(GROUP, title="Maps")],
    }
    package = {
        "CFDocument": thing(DOC, creator="Board", title="Board's standards", caseVersion="1.1"),
        "CFItems": [thing(ITEM, fullStatement="Count", subject=["Maths"])],
        "CFAssociations": [
            thing(
                OTHER,
                associationType="isTranslationOf",
                originNodeURI=link[ITEM],
                destinationNodeURI=link[OTHER],
            )
        ],
        "CFDefinitions": definitions,
        "CFRubrics": [thing(RUBRIC, title="How well")],
    }
    path = tmp_path / "package.json"
    path.write_text(json.dumps(package))
    assert import_document(catalogue, open_document(path, ReadOptions())).refused == 0
    return package


@pytest.fixture
def refused(client):
    def ask(path, status, code, field=None, body=None, **query):
        response = client.request("GET", path, params=query, content=body)
        assert response.status_code == status, response.text
        info = response.json()
        assert (info["imsx_codeMajor"], info["imsx_severity"]) == ("failure", "error")
        assert info["imsx_description"]
        (minor,) = info["imsx_codeMinor"]["imsx_codeMinorField"]
        assert minor["imsx_codeMinorFieldValue"] == code
        assert field is None or minor["imsx_codeMinorFieldName"] == field
        return info

    return ask


def read(client, path, **query):
    response = client.get(path, params=query)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("base", [V1_0, V1_1])
def test_every_framework_is_a_document(client, base):
    documents = read(client, f"{base}/CFDocuments")["CFDocuments"]
    assert [one["title"] for one in documents] == ["maths", "science"]
    for one in documents:
        assert read(client, f"{base}/CFDocuments/{one['identifier']}") == one
        assert one["CFPackageURI"]["uri"].endswith(f"/CFPackages/{one['identifier']}")
        assert ("caseVersion" in one) is (base == V1_1)


def test_documents_come_in_pages_with_links_and_a_count(client):
    first = client.get(f"{V1_0}/CFDocuments", params={"limit": 1, "sort": "title"})
    assert first.headers["X-Total-Count"] == "2"
    assert 'offset=1>; rel="next"' in first.headers["Link"]
    assert 'rel="prev"' not in first.headers["Link"]
    query = {"limit": 1, "offset": 1, "sort": "title", "orderBy": "asc"}
    second = client.get(f"{V1_0}/CFDocuments", params=query)
    assert [one["title"] for one in second.json()["CFDocuments"]] == ["science"]
    assert 'rel="next"' not in second.headers["Link"]
    assert "sort=title" in second.headers["Link"]


def test_documents_are_filtered_sorted_and_cut_to_fields(client):
    documents = f"{V1_0}/CFDocuments"
    found = read(client, documents, filter="title~'SCI'", fields="title")
    assert found == {"CFDocuments": [{"title": "science"}]}
    backwards = read(client, documents, sort="title", orderBy="desc", fields="title")
    assert backwards["CFDocuments"] == [{"title": "science"}, {"title": "maths"}]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"sort": "nosuch"}, "invalid_sort_field", "sort"),
        ({"fields": "title,nosuch"}, "invalid_selection_field", "fields"),
        ({"filter": "title"}, "invalid_selection_field", "filter"),
        ({"limit": "0"}, "invalid_selection_field", "limit"),
        ({"offset": "-1"}, "invalid_selection_field", "offset"),
        ({"orderBy": "up"}, "invalid_selection_field", "orderBy"),
    ],
)
def test_a_bad_parameter_is_told_as_case_tells_it(refused, query, code, field):
    refused(f"{V1_0}/CFDocuments", 400, code, field, **query)


@pytest.mark.parametrize(
    "kind",
    [
        "CFDocuments",
        "CFPackages",
        "CFItems",
        "CFItemAssociations",
        "CFAssociations",
        "CFAssociationGroupings",
        "CFConcepts",
        "CFItemTypes",
        "CFLicenses",
        "CFRubrics",
        "CFSubjects",
    ],
)
def test_what_is_not_there_and_what_is_no_uuid_are_told_apart(refused, kind):
    refused(f"{V1_0}/{kind}/{NOBODY}", 404, "unknownobject", "sourcedId")
    refused(f"{V1_1}/{kind}/volcano", 404, "invaliduuid", "sourcedId")


def test_other_versions_and_kinds_are_not_there(refused):
    refused("/ims/case/v2p0/CFDocuments", 404, "unknownobject")
    refused(f"{V1_0}/CFThings/{NOBODY}", 404, "unknownobject")
    refused("/ims/case/v1p0/nothing", 404, "unknownobject")


def test_a_body_that_is_too_long_is_refused_as_case_refuses(refused, settings):
    refused(f"{V1_0}/CFDocuments", 413, "forbidden", body=b"x" * (5 * settings.max_text + 100_000))


def test_without_a_key_the_refusal_is_one_of_case(opened, settings):
    client = opened(settings.model_copy(update={"api_key": load_settings(api_key="k").api_key}))
    response = client.get(f"{V1_0}/CFDocuments", headers={"accept": "text/html"})
    assert response.status_code == 401
    assert "unauthorisedrequest" in response.text
    assert "WWW-Authenticate" in response.headers
    with_key = {"authorization": "Bearer k"}
    assert client.get(f"{V1_0}/CFDocuments", headers=with_key).status_code == 200


def test_a_package_is_served_valid_with_accepted_alignments(client, real_data):
    schema = json.loads((real_data("case") / "case-v1p0-cfpackage-schema.json").read_text())
    identifier = derived("framework", "science")
    package = read(client, f"{V1_0}/CFPackages/{identifier}")
    jsonschema.validate(package, schema)
    (exemplar,) = [one for one in package["CFAssociations"] if one["associationType"] == "exemplar"]
    assert exemplar["originNodeURI"]["identifier"] == ERUPT
    assert exemplar["destinationNodeURI"]["uri"] == "http://127.0.0.1:8000/resources/volcano"


def test_a_package_is_not_sent_again_until_something_changes(client):
    path = f"{V1_0}/CFPackages/{MATHS}"
    first = client.get(path)
    headers = {"If-None-Match": first.headers["ETag"]}
    assert client.get(path, headers=headers).status_code == 304
    decision = {
        "resource_id": "pizza",
        "outcome_id": "find-equivalent-fractions",
        "decision": "accept",
    }
    assert client.post("/v1/decisions", json=decision).status_code == 201
    again = client.get(path, headers=headers)
    assert again.status_code == 200
    found = [one["associationType"] for one in again.json()["CFAssociations"]]
    assert found.count("exemplar") == 1


def test_an_item_and_what_leads_from_it_and_to_it(client):
    item = read(client, f"{V1_0}/CFItems/{ERUPT}")
    assert item["fullStatement"] == "Explain how volcanoes erupt"
    assert item["CFDocumentURI"]["identifier"] == derived("framework", "science")
    both = read(client, f"{V1_0}/CFItemAssociations/{ERUPT}")
    assert both["CFItem"] == item
    assert {one["associationType"] for one in both["CFAssociations"]} == {"isChildOf", "exemplar"}
    for one in both["CFAssociations"]:
        assert is_uuid(one["identifier"])
        found = read(client, f"{V1_0}/CFAssociations/{one['identifier']}")
        assert found.pop("CFDocumentURI")["title"] == "science"
        assert found == one


def test_an_imported_package_is_served_as_it_came(client, imported):
    assert read(client, f"{V1_1}/CFPackages/{DOC}") == imported
    assert "isTranslationOf" not in json.dumps(read(client, f"{V1_0}/CFPackages/{DOC}"))
    assert read(client, f"{V1_1}/CFItems/{ITEM}")["uri"] == f"https://board.example/{ITEM}"
    assert "subject" not in read(client, f"{V1_0}/CFItems/{ITEM}")
    assert read(client, f"{V1_1}/CFAssociations/{OTHER}")["associationType"] == "isTranslationOf"


def test_types_that_a_version_does_not_have_are_not_there_in_it(refused, imported):
    refused(f"{V1_0}/CFAssociations/{OTHER}", 404, "unknownobject")


def test_definitions_are_found_by_identifier(client, imported):
    definitions = imported["CFDefinitions"]
    assert read(client, f"{V1_1}/CFLicenses/{LICENCE}") == definitions["CFLicenses"][0]
    assert "extensions" not in read(client, f"{V1_0}/CFLicenses/{LICENCE}")
    groups = definitions["CFAssociationGroupings"]
    assert read(client, f"{V1_1}/CFAssociationGroupings/{GROUP}") == groups[0]
    assert read(client, f"{V1_1}/CFRubrics/{RUBRIC}") == imported["CFRubrics"][0]
    for kind, identifier in (("CFItemTypes", TYPE), ("CFSubjects", SUBJECT)):
        assert read(client, f"{V1_1}/{kind}/{identifier}") == {kind: definitions[kind]}


def test_a_concept_comes_with_those_below_it(client, imported):
    concepts = imported["CFDefinitions"]["CFConcepts"]
    assert read(client, f"{V1_0}/CFConcepts/{CONCEPT}") == {"CFConcepts": concepts}
    assert read(client, f"{V1_0}/CFConcepts/{BELOW}") == {"CFConcepts": concepts[1:]}


def test_a_retired_outcome_is_not_served(client, import_without, refused):
    read(client, f"{V1_0}/CFItems/{ERUPT}")
    import_without("explain-how-volcanoes-erupt")
    refused(f"{V1_0}/CFItems/{ERUPT}", 404, "unknownobject")


def test_frameworks_that_we_give_are_taken_whole(neighbour, catalogue, imported):
    report = neighbour.harvest("case")
    assert (report.pages, report.counts["refused"]) == (3, 0)
    given, taken = catalogue.outcomes.live(), neighbour.catalogue.outcomes
    assert len(taken.live()) == len(given) > 20
    names = ("code", "title", "description", "subject", "levels", "language", "assignable")
    for outcome in given:
        found = taken.get(identifier_of("outcome", outcome.id))
        assert [getattr(found, one) for one in names] == [getattr(outcome, one) for one in names]
        assert found.parent == (outcome.parent and identifier_of("outcome", outcome.parent))
        assert found.framework == identifier_of("framework", outcome.framework)
    assert taken.get(ITEM).extra == catalogue.outcomes.get(ITEM).extra
    titles = [one.title for one in neighbour.catalogue.frameworks.all()]
    assert sorted(titles) == ["Board's standards", "maths", "science"]
    assert neighbour.harvest("case").pages == 0
