"""Finding over the sample catalogue and the tiny one, as a browser without scripts does."""

import html
import json
import re

import pytest

from data.catalogue import Catalogue
from data.errors import UnavailableError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Decision, Resource, Verdict

UNSAFE = "<script>alert(1)</script>\"'&"
ERUPT = "explain-how-volcanoes-erupt"
FRACTIONS = "/outcomes/saltmere-equivalent-fractions"


@pytest.fixture
def browser(opened, sample_settings):
    """The sample catalogue, of which no index was made."""
    return opened(sample_settings)


def links(page, room):
    return [html.unescape(one) for one in re.findall(rf'href="/{room}/([^"?#]+)"', page)]


def plain(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page)))


def section(page, heading):
    return re.search(rf'aria-labelledby="{heading}".*?</section>', page, re.DOTALL)[0]


def test_one_begins_with_a_country_or_with_words(browser):
    page = browser.get("/find").text
    assert links(page, "frameworks") == ["arvelle-2023", "saltmere-2024"]
    assert "Saltmere Islands (imaginary)" in page
    assert 'href="/coverage?framework=saltmere-2024"' in page
    assert 'name="q"' in page


def test_an_empty_catalogue_says_what_to_do(opened, empty_settings):
    client = opened(empty_settings)
    for path in ("/find", "/coverage"):
        assert "gateways import" in client.get(path).text
    assert "Nothing was found" in client.get("/find", params={"q": "x"}).text


def test_words_of_ones_own_find_outcomes_and_resources_by_meaning(client):
    page = client.get("/find", params={"q": "Why does lava come out of mountains?"}).text
    assert links(page, "outcomes")[0] == ERUPT
    assert links(page, "resources")[0] == "volcano"
    assert "Earth and sky" in section(page, "outcomes")
    assert "Only the words" not in page


def test_what_no_curriculum_has_fits_no_outcome_and_the_page_says_so(client):
    page = client.get("/find", params={"q": "Who was Napoleon Bonaparte?"}).text
    assert links(section(page, "outcomes"), "outcomes") == []
    assert "No outcome fits" in section(page, "outcomes")
    assert "may be about something else" in section(page, "resources")


def test_outcomes_of_a_code_or_of_the_very_words_are_found_however_little_they_mean(client):
    for said in ("S1.2", "1.2", "volcan"):
        page = client.get("/find", params={"q": said}).text
        assert (ERUPT in links(page, "outcomes")) == (said != "1.2")


@pytest.mark.parametrize("said", ["the", "of", "a", "The", "le"])
def test_outcomes_do_not_fit_for_having_a_word_that_very_many_have(client, said):
    page = client.get("/find", params={"q": said}).text
    assert "No outcome fits" in section(page, "outcomes")


def test_where_no_outcome_is_there_for_want_of_words_the_page_says_what_helps(client):
    shown = plain(section(client.get("/find", params={"q": "???"}).text, "outcomes"))
    assert "No outcome is suggested: no text" in shown
    assert "Say in words" in shown


def test_without_an_index_the_words_are_looked_for_and_the_page_says_so(browser):
    page = browser.get("/find", params={"q": "fraction wall"}).text
    assert "Only the words are looked for" in page
    assert "gateways index" in page
    assert links(page, "resources") == ["en-fraction-wall"]


@pytest.mark.parametrize(
    ("only", "holds"),
    [
        ({"q": "ال", "language": "ar"}, lambda one: one.language == "ar"),
        ({"q": "a", "kind": "video"}, lambda one: one.kind == "video"),
        (
            {"q": "a", "language": "en", "kind": "lesson"},
            lambda one: (one.language, one.kind) == ("en", "lesson"),
        ),
    ],
)
def test_what_is_found_passes_the_filters(browser, sample_settings, only, holds):
    page = browser.get("/find", params=only).text
    found = links(page, "resources")
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        assert found
        assert all(holds(one) for one in catalogue.resources.many(found).values())


def test_a_resource_is_of_a_level_if_it_says_so_or_was_accepted_for_an_outcome_of_it(
    client, catalogue
):
    catalogue.resources.create(Resource(id="lava", title="Lava", levels=("Year 4",)))
    catalogue.resources.create(Resource(id="old", title="Old lava", levels=("Year 9",)))
    # The tiny catalogue names its levels at headings only, so outcomes take theirs from them.
    found = links(client.get("/find", params={"q": "lava", "level": "Year 4"}).text, "resources")
    assert "volcano" in found
    assert "old" not in found
    assert "pizza" not in found


def test_nothing_found_says_what_to_try(browser):
    page = browser.get("/find", params={"q": "zzzz-nothing-like-it"}).text
    assert "Try other words" in page


@pytest.mark.parametrize("q", ["x" * 2001, "a\0b"])
def test_what_cannot_be_looked_for_is_refused(browser, q):
    answer = browser.get("/find", params={"q": q}, headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert "?q" in answer.text


def test_a_level_and_a_subject_lead_to_their_outcomes_as_paths(browser, sample_settings):
    asked = {"framework": "saltmere-2024", "level": "Grade 4", "subject": "Science"}
    page = browser.get("/find", params=asked).text
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        expected = [
            one.id
            for one in catalogue.outcomes.live("saltmere-2024")
            if one.assignable and one.subject == "Science" and "Grade 4" in one.levels
        ]
    assert sorted(links(page, "outcomes")) == sorted(expected)
    assert "Living things" in page
    assert page.index(">Grade 8<") > page.index(">Grade 3<")


def test_a_framework_is_walked_from_its_headings_down_to_its_outcomes(client):
    page = client.get("/frameworks/science").text
    assert "Living things" in page
    assert "1 resource" in plain(page)
    assert "No resource yet" in page
    assert ERUPT in links(page, "outcomes")  # small enough to be shown inside
    below = client.get("/outcomes/science-earth-and-sky").text
    assert ERUPT in links(below, "outcomes")


def test_an_outcome_shows_its_place_and_its_resources(browser):
    page = browser.get(FRACTIONS).text
    trail = re.search(r'<nav class="trail".*?</nav>', page, re.DOTALL)[0]
    assert [html.unescape(one) for one in re.findall(r'">([^<]+)</a>', trail)] == [
        "Saltmere Islands Learning Outcomes, Grades 3–8",
        "Mathematics",
        "Fractions, decimals and proportion",
        "Fractions, decimals and proportion – Grade 4",
    ]
    assert "en-fraction-wall" in links(page, "resources")
    assert "6 minutes" in page
    assert "Can be downloaded" in page


def test_prerequisites_are_those_that_the_catalogue_has(browser, sample_settings):
    page = browser.get(FRACTIONS).text
    own = FRACTIONS.removeprefix("/outcomes/")
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        edges = list(catalogue.prerequisites.live())
    requires = {one.requires for one in edges if one.outcome == own}
    leads_to = {one.outcome for one in edges if one.requires == own}
    assert set(links(section(page, "requires"), "outcomes")) == requires
    assert set(links(section(page, "leads"), "outcomes")) == leads_to


@pytest.mark.parametrize("only", [{"language": "es"}, {"kind": "video"}])
def test_resources_of_an_outcome_are_filtered_by_language_and_kind(browser, sample_settings, only):
    ((name, value),) = only.items()
    shelf = browser.get(FRACTIONS, params=only).text.split('class="needing"')[0]
    found = links(shelf, "resources")
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        resources = catalogue.resources.many(found).values()
    assert found
    assert {getattr(one, name) for one in resources} == {value}
    none = browser.get(FRACTIONS, params={"language": "xx"}).text
    assert "Show all of them" in none


def test_what_is_near_an_outcome_is_told_from_what_was_accepted(client, catalogue):
    page = client.get(f"/outcomes/{ERUPT}").text
    accepted, near = page.split('class="near"')
    assert links(accepted, "resources") == ["volcano"]
    assert "not confirmed by anyone" in near
    assert "volcano" not in links(near, "resources")
    assert "moon" in links(near, "resources")
    no = Decision(resource="moon", outcome=ERUPT, verdict=Verdict.REJECT, curator="c", time=1.0)
    catalogue.ledger.decide(no)
    _, near = client.get(f"/outcomes/{ERUPT}").text.split('class="near"')
    assert "moon" not in links(near, "resources")


def test_an_index_that_does_not_answer_costs_an_outcomes_page_only_what_is_near(
    client, monkeypatch
):
    def gone(*_):
        raise UnavailableError("Milvus does not answer")

    monkeypatch.setattr("models.index.flat.FlatIndex.search", gone)
    answer = client.get(f"/outcomes/{ERUPT}")
    assert answer.status_code == 200
    assert links(answer.text, "resources") == ["volcano"]
    assert 'class="near"' not in answer.text


def test_an_outcome_without_resources_says_what_to_do(client):
    page = client.get("/outcomes/read-a-bar-chart").text
    assert "No resource was accepted for this outcome yet." in page
    assert "chart" in links(page.split('class="near"')[1], "resources")


def test_a_resource_shows_what_it_is_for_and_where_it_is(browser):
    page = browser.get("/resources/en-fraction-wall").text
    assert "saltmere-equivalent-fractions" in links(page, "outcomes")
    assert "arvelle-fractions-egales" in links(page, "outcomes")
    opened = re.search(r'<a class="button" href="(https://[^"]+)" rel="([^"]+)"', page)
    assert opened[1] == "https://example.org/blue-lantern/sim/fraction-wall"
    assert {"noopener", "noreferrer"} <= set(opened[2].split())
    assert "15 minutes" in page
    assert "CC-BY-4.0" in page


@pytest.mark.parametrize(
    "path", ["frameworks/none", "outcomes/none", "resources/none", "lists/none"]
)
def test_what_there_is_not_is_said_to_be_missing(browser, path):
    answer = browser.get(f"/{path}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "none" in answer.text


def test_what_a_source_wrote_is_never_markup(opened, sample_settings, dataset_folder):
    odd = 'a/b&c="d"?# é'
    row = {"id": odd, "framework": UNSAFE, "title": UNSAFE, "description": UNSAFE}
    thing = {"id": odd, "title": UNSAFE, "text": UNSAFE, "kind": UNSAFE, "license": UNSAFE}
    thing |= {"url": "javascript:alert(1)", "duration_minutes": "<b>", "downloadable": "yes"}
    folder = dataset_folder(
        outcomes=json.dumps(row),
        resources=json.dumps(thing),
        alignments='resource,outcome\n"{0}","{0}"\n'.format(odd.replace('"', '""')),
    )
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        report = import_document(catalogue, open_document(folder, ReadOptions()))
        assert report.refused == 0
    client = opened(sample_settings)
    start = client.get("/find").text
    (framework,) = (one for one in links(start, "frameworks") if "script" in one)
    walked = client.get(f"/frameworks/{framework}").text
    outcome = client.get(f"/outcomes/{links(walked, 'outcomes')[0]}").text
    resource = client.get(f"/resources/{links(outcome, 'resources')[0]}").text
    mapped = client.get("/coverage", params={"framework": UNSAFE, "by": "kind"}).text
    for page in (start, walked, outcome, resource, mapped):
        assert html.escape(UNSAFE, quote=False).partition('"')[0] in page
        assert "<script>" not in page
        assert "javascript:" not in page
    assert "Can be downloaded" not in resource
    assert "no address where it could be opened" in resource


def test_a_resource_that_only_needs_an_outcome_is_not_among_those_that_teach_it(browser):
    page = browser.get(FRACTIONS).text
    before, _, after = page.partition('class="needing"')
    assert not set(links(before, "resources")) & set(links(after, "resources"))
    assert "needs this to be known already" in plain(after) or "need this" in plain(after)


def test_frameworks_of_no_country_are_listed_too(client):
    assert links(client.get("/find").text, "frameworks") == ["maths", "science"]


def test_the_page_of_a_resource_says_to_machines_what_it_teaches(client):
    title = "</script><script>alert('&amp;')</script>"
    body = {"id": "a/b", "title": title, "language": "en", "text": "It is long."}
    assert client.post("/v1/resources", json=body).status_code == 201
    page = client.get("/resources/a%2Fb", headers={"accept": "text/html"}).text
    inside = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(inside[1])["name"] == title
    (link,) = re.findall(r'<link rel="alternate" type="application/ld\+json" href="(.+?)">', page)
    assert client.get(link).json() == json.loads(inside[1]) | {"text": "It is long."}
