"""Documents at addresses are imported as files are."""

import gzip
import json

import pytest

from data.catalogue import Catalogue
from data.harvesting.fetched import fetch
from data.settings import load_settings

ITEM = "a0000000-0000-4000-8000-000000000000"
DOCUMENT = "d0000000-0000-4000-8000-000000000000"


@pytest.fixture
def url(repository, monkeypatch):
    monkeypatch.setenv("GATEWAYS_HARVEST_PRIVATE", '["127.0.0.0/8"]')
    return repository.url


def sent(repository, body, kind):
    repository.odd = lambda handler, _asked: handler.send(body, Content_Type=kind) or b""


def test_a_package_is_imported_from_its_address(run, case, url, tmp_path):
    case.put(DOCUMENT, ITEM)
    place = url.replace("/oai", f"/ims/case/v1p1/CFPackages/{DOCUMENT}")
    status, out, err = run("import", place, "--json")
    assert (status, json.loads(out)["counts"]["outcomes"]["new"]) == (0, 1), err
    with Catalogue.open(load_settings(home=tmp_path / "home").catalogue_url) as catalogue:
        assert catalogue.datasets.get(DOCUMENT).source == place


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/lessons.csv?page=1", "application/octet-stream", "lessons.csv"),
        ("/lessons.csv.gz", "application/gzip", "lessons.csv.gz"),
        ("/CFPackages/x", "application/json; charset=utf-8", "x.json"),
        ("/list.php", "text/csv", "list.php.csv"),
        ("/a%2F..%2Fb c", "text/html", "b-c.html"),
        ("/", "application/ld+json", "document.jsonld"),
        ("/.hidden", "", "hidden"),
    ],
)
def test_a_file_is_called_as_its_address_and_type_tell(
    repository, fetcher, tmp_path, path, kind, name
):
    sent(repository, b"hello", kind)
    file = fetch(fetcher, repository.url.replace("/oai", path), tmp_path)
    assert file == tmp_path / name
    assert file.read_bytes() == b"hello"


def test_rows_of_a_table_are_imported_and_refused_by_the_address(run, repository, url):
    sent(repository, gzip.compress(b"id,title\nr1,Halves\n,Thirds\n"), "application/gzip")
    place = url.replace("/oai", "/lessons.csv.gz")
    status, out, err = run("import", place, "--kind", "resources", "--json")
    told = json.loads(out)
    assert (status, told["dataset"], told["counts"]["resources"]["new"]) == (0, "lessons", 1), err
    assert told["refusals"][0]["file"] == place


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        (b"hello", "text/plain", "/oai: no format recognises this"),
        (b'{"CFDocument": ', "application/json", "/oai:1: malformed JSON"),
        (b'{"CFDocument": {}}', "application/json", "its CFDocument has no identifier"),
        (b" " * 2_000, "application/json", "longer than 1,000 bytes"),
    ],
)
def test_what_cannot_be_imported_is_told_by_its_address(
    run, repository, url, monkeypatch, body, kind, why
):
    monkeypatch.setenv("GATEWAYS_HARVEST_MAX_BODY", "1000")
    sent(repository, body, kind)
    status, _, err = run("import", url)
    assert status == 2
    assert why in err
    assert url in err


def test_a_private_address_is_not_asked(run, repository):
    status, _, err = run("import", repository.url)
    assert status == 2
    assert "GATEWAYS_HARVEST_PRIVATE" in err
