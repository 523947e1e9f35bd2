"""`gateways sources` and `gateways harvest`, as a person types them."""

import json

import pytest

from data.catalogue import Catalogue
from data.settings import load_settings


@pytest.fixture
def permitted(monkeypatch, repository):
    monkeypatch.setenv("GATEWAYS_HARVEST_PRIVATE", '["127.0.0.0/8"]')
    for number in range(4):
        repository.put(f"oai:x:{number}", f"Resource {number}")
    return repository


def test_a_source_is_noted_without_being_asked(run, permitted):
    options = ["--set", "maths", "--language", "en", "--license", "CC0-1.0"]
    status, out, err = run("sources", "add", "archive", "--oai", permitted.url, *options)
    assert (status, out) == (0, "")
    assert "gateways harvest archive" in err
    assert permitted.asked == []
    (found,) = json.loads(run("sources", "list", "--json")[1])
    assert (found["name"], found["set"], found["license"]) == ("archive", "maths", "CC0-1.0")
    assert "never harvested" in run("sources", "list")[1]


def test_harvests_tell_what_became_of_the_records(run, permitted):
    run("sources", "add", "archive", "--oai", permitted.url)
    status, out, err = run("harvest", "archive", "--json")
    (told,) = json.loads(out)
    assert (status, told["new"], told["pages"], told["full"]) == (0, 4, 2, True)
    assert "archive: everything, 2 pages" in err
    assert "4 new" in err
    permitted.records = {}
    assert "archive: what changed" in run("harvest")[2]
    assert run("sources", "list")[1].startswith(f"archive  {permitted.url}  harvested 2")


def test_a_failure_is_told_and_does_not_keep_others_from_being_harvested(run, permitted):
    run("sources", "add", "b", "--oai", permitted.url)
    run("sources", "add", "a", "--oai", "http://10.0.0.1/oai")
    status, out, err = run("harvest", "--json")
    assert status == 2
    assert "gateways: a: " in err
    assert "GATEWAYS_HARVEST_PRIVATE" in err
    assert [one["source"] for one in json.loads(out)] == ["a", "b"]
    assert "failed: " in run("sources", "list")[1]


def test_this_machine_is_not_harvested_unless_a_setting_says_so(run, permitted, monkeypatch):
    monkeypatch.delenv("GATEWAYS_HARVEST_PRIVATE")
    run("sources", "add", "archive", "--oai", permitted.url)
    status, _, err = run("harvest")
    assert status == 2
    assert "not an address of the public internet" in err
    assert permitted.asked == []


def test_a_source_that_is_removed_leaves_its_resources_and_may_come_back(run, permitted):
    run("sources", "add", "archive", "--oai", permitted.url)
    run("harvest")
    assert run("sources", "remove", "archive")[0] == 0
    assert json.loads(run("status", "--json")[1])["catalogue"]["resources"] == 4
    assert run("sources", "add", "archive", "--oai", "http://other.example/")[0] == 2
    assert run("sources", "add", "archive", "--oai", permitted.url)[0] == 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["sources", "add", "x", "--oai", "ftp://x"], "is not an address such as"),
        (["sources", "add", "x", "--case", "ftp://x"], "is not an address such as"),
        (["sources", "add", "x"], "give either --oai URL or --case URL"),
        (["sources", "add", "x", "--oai", "http://x/", "--case", "http://x/"], "give either"),
        (["sources", "add", "x", "--oai", "http://x/", "--document", "y"], "--document does not"),
        (["sources", "add", "x", "--case", "http://x/", "--set", "y"], "--set does not go with"),
        (["sources", "add", "x", "--oai", "http://x/", "--language", "??"], "--language is"),
        (["sources", "add", "", "--oai", "http://x/"], "NAME has 1 to"),
        (["sources", "remove", "x"], "'x' is not known"),
        (["harvest", "x"], "'x' is not known"),
        (["harvest"], "there is no source"),
    ],
)
def test_mistakes_are_told(run, words, why):
    status, _, err = run(*words)
    assert status == 2
    assert why in err


def test_frameworks_are_harvested_before_the_resources_that_name_them(run, permitted, case):
    case.put("d1", "o1")
    serves_case, permitted.odd = permitted.odd, None
    permitted.odd = lambda handler, asked: (
        serves_case(handler, asked) if "/ims/" in handler.path else None
    )
    permitted.formats.append(("oai_lom", "http://ltsc.ieee.org/xsd/LOM"))
    permitted.records["oai:x:0"] = (
        '<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title><string>Halves</string></title>'
        "</general><classification><purpose><value>educational objective</value></purpose>"
        "<taxonPath><source><string>d1</string></source><taxon><id>o1</id></taxon></taxonPath>"
        "</classification></lom>"
    )
    run("sources", "add", "archive", "--oai", permitted.url)
    run("sources", "add", "board", "--case", case.url, "--document", "d1")
    status, out, err = run("harvest", "--json")
    board, archive = json.loads(out)
    assert (status, board["source"], board["kind"], board["new"]) == (0, "board", "case", 1), err
    assert archive["alignments"] == {"new": 1, "retired": 0, "standing": 1, "waiting": 0}
    assert "board: everything, 1 package in" in err
    assert "archive: 1 alignment new" in err


def test_a_name_is_taken_once(run):
    run("sources", "add", "x", "--oai", "http://x/")
    assert "is there already" in run("sources", "add", "x", "--oai", "http://x/")[2]


def test_a_source_has_a_platform_that_must_be_there_and_may_be_changed(run, permitted):
    words = ("sources", "add", "archive", "--oai", permitted.url, "--platform", "hill")
    status, _, err = run(*words)
    assert (status, "gateways platforms list" in err) == (2, True)
    run("platforms", "add", "hill", "--name", "Hill", "--operator", "x")
    assert run(*words)[0] == 0
    assert "never harvested  of hill" in run("sources", "list")[1]
    run("harvest")
    (hill,) = json.loads(run("platforms", "list", "--json")[1])
    assert hill["datasets"] == ["archive"]
    run("sources", "remove", "archive")
    run("platforms", "assign", "archive", "none")
    run(*words)  # what it brought before is the platform's again
    assert "archive" in run("platforms", "list")[1]
    assert run("sources", "assign", "archive", "none")[0] == 0
    assert json.loads(run("sources", "list", "--json")[1])[0]["platform"] is None
    assert "no dataset" in run("platforms", "list")[1]
    assert "'x' is not known" in run("sources", "assign", "x", "hill")[2]


def test_only_sources_whose_time_has_come_are_harvested_where_that_is_asked(
    run, permitted, tmp_path
):
    run("sources", "add", "archive", "--oai", permitted.url, "--every", "24")
    assert run("harvest", "--due")[2].endswith("No source is due.\n")
    assert permitted.asked == []
    settings = load_settings(home=tmp_path / "home")
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.sources.keep_state("archive", {"tried": 1.0})
    run("sources", "add", "other", "--oai", permitted.url)
    assert [one["source"] for one in json.loads(run("harvest", "--due", "--json")[1])] == [
        "archive"
    ]
    assert "No source is due" in run("harvest", "--due")[2]
    assert run("sources", "add", "x", "--oai", permitted.url, "--every", "9000")[0] == 2
