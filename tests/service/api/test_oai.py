"""Others harvest the catalogue over OAI-PMH."""

import time
from ipaddress import ip_network
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.catalogue import Catalogue
from data.formats.case.tidying import derived
from data.harvesting.fetching import Fetcher
from data.harvesting.harvest import Harvester
from data.importing.importer import _silent
from data.records import Decision, Resource, Source, Verdict
from data.settings import load_settings
from service.api import oai
from service.api.oai_names import dataset_of, identifier_of, resources_of, set_of

SPACES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "lom": "http://ltsc.ieee.org/xsd/LOM",
}


@pytest.fixture
def ask(client):
    """Ask over OAI-PMH; the root of the answer, which must be one."""

    def asked(**arguments):
        arguments = {name.rstrip("_"): value for name, value in arguments.items() if value}
        response = client.get("/oai", params=arguments)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "text/xml; charset=utf-8"
        root = fromstring(response.content)
        assert root.find("o:request", SPACES).text == "http://127.0.0.1/oai"
        return root

    return asked


@pytest.fixture
def error(ask):
    return lambda **arguments: ask(**arguments).find("o:error", SPACES).get("code")


@pytest.fixture
def identifiers(ask):
    """The identifiers of a list, whether each is deleted, and its last token."""

    def of(**arguments):
        root = ask(**{"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"} | arguments)
        headers = root.findall(".//o:header", SPACES)
        token = root.find(".//o:resumptionToken", SPACES)
        found = {
            one.find("o:identifier", SPACES).text: one.get("status") == "deleted" for one in headers
        }
        return found, None if token is None else token.text

    return of


OURS = {f"oai:localhost:{name}" for name in ("volcano", "pizza", "moon", "chart")}


def test_it_says_who_it_is(ask):
    said = {one.tag.rpartition("}")[2]: one.text for one in ask(verb="Identify")[2]}
    assert said["protocolVersion"] == "2.0"
    assert said["deletedRecord"] == "persistent"
    assert said["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
    assert said["earliestDatestamp"][:2] == "20"


def test_it_offers_dublin_core_and_learning_object_metadata(ask):
    root = ask(verb="ListMetadataFormats")
    found = [one.text for one in root.findall(".//o:metadataPrefix", SPACES)]
    assert found == ["oai_dc", "oai_lom"]


def test_datasets_are_sets(ask, identifiers):
    root = ask(verb="ListSets")
    assert [one.text for one in root.findall(".//o:setSpec", SPACES)] == ["tiny"]
    assert set(identifiers(set="tiny")[0]) == OURS


def test_records_tell_what_the_catalogue_has(ask):
    found = ask(verb="GetRecord", identifier="oai:localhost:volcano", metadataPrefix="oai_dc")
    assert found.find(".//dc:title", SPACES).text == "Inside a volcano"
    assert found.find(".//dc:type", SPACES).text == "video"
    found = ask(verb="GetRecord", identifier="oai:localhost:volcano", metadataPrefix="oai_lom")
    string = found.find(".//lom:general/lom:title/lom:string", SPACES)
    assert (string.text, string.get("language")) == ("Inside a volcano", "en")


def test_a_form_may_be_sent_too(client):
    response = client.post("/oai", data={"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"})
    assert response.status_code == 200
    assert response.text.count("<header") == 4


def test_what_xml_cannot_have_is_dropped_and_the_rest_is_escaped(ask, catalogue):
    title = "a<b>&\x0b\ufffe]]>'\"é😀"
    catalogue.resources.create(Resource(id="odd <&> é", title=title, language="en"))
    name = identifier_of("odd <&> é", "localhost")
    found = ask(verb="GetRecord", identifier=name, metadataPrefix="oai_dc")
    assert found.find(".//dc:title", SPACES).text == "a<b>&]]>'\"é😀"
    assert found.find(".//o:identifier", SPACES).text == name


def test_long_lists_come_in_pages(identifiers, catalogue, monkeypatch):
    monkeypatch.setattr(oai, "PER_PAGE", 3)
    for number in range(5):
        catalogue.resources.create(Resource(id=f"r{number}", title="t"))
    found, token = identifiers()
    sizes = [len(found)]
    while token:
        root, token = identifiers_after(identifiers, token)
        assert not root.keys() & found.keys()
        found |= root
        sizes.append(len(root))
    assert sizes == [3, 3, 3]
    assert len(found) == 9


def identifiers_after(identifiers, token):
    return identifiers(metadataPrefix=None, resumptionToken=token)


def test_lists_may_be_of_a_time(identifiers, error, catalogue):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 100))
    today = time.strftime("%Y-%m-%d", time.gmtime())
    assert set(identifiers(from_="2020-01-01", until="2999-12-31")[0]) == OURS
    assert set(identifiers(until=now)[0]) == OURS
    assert set(identifiers(until=today)[0]) == OURS
    wanted = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}
    assert error(**wanted, until="2001-01-01") == "noRecordsMatch"
    assert error(**wanted, from_=now) == "noRecordsMatch"
    assert error(**wanted, set="other") == "noRecordsMatch"


def test_retired_resources_are_told_as_deleted_when_they_were_retired(
    identifiers, settings, tmp_path, catalogue
):
    resource = catalogue.resources.get("moon")
    with catalogue.intake("tiny") as intake, intake.batch() as batch:
        batch.retire(Resource, [("moon",)], time.time())
    assert identifiers()[0]["oai:localhost:moon"]
    catalogue.resources.replace(resource)
    assert not identifiers()[0]["oai:localhost:moon"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Drop"}, "badVerb"),
        ({"verb": "Identify", "set": "x"}, "badArgument"),
        ({"verb": "Identify", "<odd>": "x"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "x"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "GetRecord", "identifier": "x", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
        ({"verb": "GetRecord", "identifier": "\0", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "x"}, "idDoesNotExist"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "W10="}, "badResumptionToken"),
        (
            {"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"},
            "badArgument",
        ),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        *(
            ({"verb": "ListRecords", "metadataPrefix": "oai_dc", **dates}, "badArgument")
            for dates in (
                {"from": "yesterday"},
                {"from": "2024-13-01"},
                {"from": "0001-01-01x"},
                {"from": "2024-02-01", "until": "2024-01-01"},
                {"from": "2024-01-01", "until": "2024-02-01T00:00:00Z"},
            )
        ),
    ],
)
def test_mistakes_are_told_in_the_words_of_oai(error, arguments, code):
    assert error(**arguments) == code


def test_an_argument_is_given_once(client):
    assert "badArgument" in client.get("/oai?verb=Identify&verb=Identify").text


def test_a_token_that_was_tampered_with_is_refused(error, identifiers, monkeypatch):
    monkeypatch.setattr(oai, "PER_PAGE", 3)
    _, token = identifiers()
    for odd in (token[:-4], token[4:], token.swapcase(), token[:-2] + "AA"):
        assert error(verb="ListIdentifiers", resumptionToken=odd) == "badResumptionToken"


def test_it_can_be_read_with_a_key_alone(opened, settings):
    guarded = opened(settings.model_copy(update={"api_key": load_settings(api_key="k").api_key}))
    assert guarded.get("/oai?verb=Identify").status_code == 401
    headers = {"Authorization": "Bearer k"}
    assert guarded.get("/oai?verb=Identify", headers=headers).status_code == 200


@pytest.mark.parametrize("prefix", ["oai_dc", "oai_lom"])
def test_what_we_give_we_take(server, catalogue, tmp_path, monkeypatch, prefix):
    monkeypatch.setattr(oai, "PER_PAGE", 3)
    extra = Resource(
        id="https://example.org/r",
        title="Halves & <quarters>",
        description="Cut.",
        kind="video",
        subject="Maths",
        language="pt-BR",
        url="https://example.org/r",
        license="https://creativecommons.org/licenses/by/4.0/",
    )
    catalogue.resources.create(extra)
    with Catalogue.open(f"sqlite:///{tmp_path}/other.sqlite") as other:
        source = Source(
            name="us",
            kind="oai",
            url=f"{server.url}/oai",
            options={"prefix": prefix},
            created=1.0,
        )
        other.sources.add(source)
        harvester = Harvester(
            catalogue=other,
            fetcher=Fetcher(private=(ip_network("127.0.0.0/8"),)),
            max_text=10_000,
            max_pages=100,
            progress=_silent,
        )
        report = harvester.harvest(source)
        assert (report.pages, report.counts["new"]) == (2, 5)
        found = other.resources.get("https://example.org/r")
        names = ("title", "description", "kind", "subject", "language", "url", "license")
        assert [getattr(found, one) for one in names] == [getattr(extra, one) for one in names]
        assert other.resources.get("oai:localhost:moon").title == "Moon diary"
        with catalogue.intake("tiny") as intake, intake.batch() as batch:
            batch.retire(Resource, [("moon",)], time.time())
        report = harvester.harvest(other.sources.get("us"))
        assert (report.full, report.counts["retired"]) == (False, 1)


ERUPT = "explain-how-volcanoes-erupt"


def test_learning_object_metadata_names_what_a_resource_is_aligned_to(ask):
    found = ask(verb="GetRecord", identifier="oai:localhost:volcano", metadataPrefix="oai_lom")
    (path,) = found.findall(".//lom:taxonPath", SPACES)
    source = [one.text for one in path.findall("lom:source/lom:string", SPACES)]
    assert source == ["science", "science"]
    assert path.find("lom:taxon/lom:id", SPACES).text == ERUPT
    entry = path.find("lom:taxon/lom:entry/lom:string", SPACES)
    assert (entry.text, entry.get("language")) == ("Explain how volcanoes erupt", "en")
    purpose = found.find(".//lom:classification/lom:purpose/lom:value", SPACES)
    assert purpose.text == "educational objective"


@pytest.mark.parametrize("order", [("case", "oai"), ("oai", "case")])
def test_alignments_travel_with_resources_whatever_is_harvested_first(neighbour, catalogue, order):
    for kind in order:
        neighbour.harvest(kind)
    erupt = derived("outcome", ERUPT)
    (found,) = neighbour.catalogue.alignments.live()
    assert (found.resource, found.outcome) == ("oai:localhost:volcano", erupt)
    decision = {"curator": "c", "time": time.time()}
    (ours,) = (one.id for one in catalogue.outcomes.live() if one.title.startswith("Explain why"))
    catalogue.ledger.decide(
        Decision(resource="moon", outcome=ours, verdict=Verdict.ACCEPT, **decision)
    )
    neighbour.harvest("oai")
    assert len(list(neighbour.catalogue.alignments.live())) == 2
    catalogue.ledger.decide(
        Decision(resource="moon", outcome=ours, verdict=Verdict.UNDO, **decision)
    )
    neighbour.harvest("oai")
    assert len(list(neighbour.catalogue.alignments.live())) == 1


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_a_resource_is_found_by_its_identifier(id_):
    try:
        id_.encode()
    except UnicodeEncodeError:
        return
    for tried in (id_, f"oai:localhost:{id_}", f"urn:{id_}"):
        identifier = identifier_of(tried, "localhost")
        assert tried in resources_of(identifier, "localhost")
        assert identifier_of(identifier, "localhost") == identifier  # when it is harvested again
    assert dataset_of(set_of(id_)) == id_
