"""The register over the sample catalogue, as a browser without scripts does it."""

import html
import re
from dataclasses import replace

import pytest

from data.catalogue import Catalogue
from data.records import Platform, Source

PLATFORM = Platform(
    id="saltmere",
    name="Saltmere <Learning>",
    operator="Ministry of Saltmere",
    url="https://saltmere.example.org/",
    license="CC-BY-4.0",
    languages=("en", "ar"),
    contact="ask@saltmere.example.org",
    note="A trial.",
    created=1.0,
)
DATASET = "gateways-sample"
HTML = {"Accept": "text/html"}


@pytest.fixture
def catalogue(sample_settings):
    with Catalogue.open(sample_settings.catalogue_url) as opened:
        yield opened


@pytest.fixture
def named(catalogue):
    catalogue.platforms.put(PLATFORM)
    catalogue.platforms.assign(DATASET, "saltmere")
    return catalogue


@pytest.fixture
def browser(opened, sample_settings):
    return opened(sample_settings)


def plain(answer):
    assert answer.status_code == 200, answer.text
    inside = re.sub(r"<[^>]+>", " ", answer.text.split("<main")[1].split("</main>")[0])
    return " ".join(html.unescape(inside).split())


def test_each_platform_is_told_with_who_runs_it_and_what_it_has(browser, named):
    said = plain(browser.get("/platforms"))
    assert "Saltmere <Learning> Run by Ministry of Saltmere CC-BY-4.0 English العربية" in said
    assert "Curricula of its own 2 Resources 316" in said
    assert re.search(r"Aligned to an outcome \d+%", said)
    assert re.search(r"Last import or harvest .* ago", said)
    assert "Of no platform" not in said


def test_without_a_platform_the_page_says_how_to_name_one_and_what_there_is(browser):
    said = plain(browser.get("/platforms"))
    assert "gateways platforms add" in said
    assert "Of no platform" in said
    assert "Resources 316" in said


def test_one_platform_is_told_in_full_with_its_curricula_and_sources(browser, named):
    failed = {"error": "no answer", "tried": 1.0}
    harvested = replace(named.datasets.get(DATASET), source="https://x.org")
    with named.intake(DATASET) as intake, intake.batch() as batch:
        batch.put_dataset(harvested, 1.0)
    named.sources.add(
        Source(name=DATASET, kind="oai", url="https://x.org", state=failed, created=1.0)
    )
    answer = browser.get("/platforms/saltmere")
    said = plain(answer)
    assert "Whom to ask: ask@saltmere.example.org" in said
    assert re.search(r"Saltmere Islands Learning Outcomes.* \d+ \d+% \d+%", said)
    assert "1 source fails" in said
    assert f"{DATASET} failed Harvested" in said
    assert "no answer" not in said  # what went wrong may name places that are nobody's business
    assert 'href="/find?platform=saltmere"' in answer.text
    assert "<Learning>" not in answer.text


def test_a_source_that_has_brought_nothing_yet_is_told(browser, named):
    for name in ("board", "archive"):
        kind = "case" if name == "board" else "oai"
        named.sources.add(
            Source(name=name, kind=kind, url="https://x.org", platform="saltmere", created=1.0)
        )
    said = plain(browser.get("/platforms/saltmere"))
    assert f"{DATASET} imported archive never harvested board never harvested" in said
    named.platforms.assign(DATASET, None)
    said = plain(browser.get("/platforms/saltmere"))
    assert "Where it comes from archive never harvested board never harvested" in said
    assert "No dataset" not in said


def test_its_resources_are_listed_page_by_page_and_found_among_all(browser, named):
    page = browser.get("/find?platform=saltmere&language=ar").text
    ids = re.findall(r'href="/resources/([^"]+)"', page)
    assert len(ids) == 20
    assert "Saltmere &lt;Learning&gt;" in page
    there = html.unescape(re.search(r'rel="next" href="([^"]+)"', page)[1])
    following = re.findall(r'href="/resources/([^"]+)"', browser.get(there).text)
    assert following
    assert not set(ids) & set(following)
    one = browser.get(f"/resources/{ids[0]}").text
    assert 'href="/platforms/saltmere"' in one
    named.platforms.assign(DATASET, None)
    assert "No resource fits" in browser.get("/find?platform=saltmere").text
    assert "Nothing was found" not in browser.get("/find?q=fraction").text
    gone = browser.get("/find?q=fraction&platform=saltmere").text
    assert 'href="/resources/' not in gone


def test_what_is_in_the_readers_language_comes_first(browser, named):
    def languages(wish):
        page = browser.get("/find?q=1", headers={"Accept-Language": wish}).text
        ids = re.findall(r'href="/resources/([^"]+)"', page)
        there = named.resources.many(ids)
        return [there[id_].language for id_ in ids]

    assert languages("")[0] == "ar"  # by id
    found = languages("fr-CA,ar;q=0.5")
    assert (found[0], "ar" in found) == ("fr", True)
    assert found == sorted(found, key=lambda one: one != "fr")


def test_a_list_in_the_readers_language_first_goes_on_to_the_others_and_leaves_none_out(named):
    seen, cursor = [], None
    while True:
        found = named.resources.page(platform="saltmere", first="es", after=cursor, limit=100)
        seen += found.items
        if (cursor := found.next) is None:
            break
    languages = [one.language for one in seen]
    count = languages.count("es")
    assert 0 < count < len(seen) == len({one.id for one in seen}) == 316
    assert set(languages[:count]) == {"es"}
    assert [one.id for one in seen[count:]] == sorted(one.id for one in seen[count:])


@pytest.mark.parametrize(
    ("path", "status"), [("/platforms/none", 404), ("/find?platform=none", 422)]
)
def test_a_platform_that_there_is_not_is_refused(browser, path, status):
    assert browser.get(path, headers=HTML).status_code == status


def test_norms_are_judged_for_a_platform_or_a_dataset(browser, named):
    assert (
        '<option value="saltmere" dir="auto" selected>'
        in browser.get("/norms?platform=saltmere").text
    )
    report = browser.get("/norms/report.json?platform=saltmere").json()
    assert report["platform"] == "saltmere"
    named.platforms.assign(DATASET, None)
    assert browser.get("/norms/report.json?platform=saltmere").json() != report
    again = browser.get(f"/norms/report.json?platform={DATASET}").json()
    assert again["rules"] == report["rules"]
