"""The coverage map over the sample catalogue, from its countries down to an outcome."""

import html
import re

import pytest

from data.catalogue import Catalogue
from data.records import Relation

FRAMEWORK = "saltmere-2024"
HTML = {"Accept": "text/html"}


@pytest.fixture
def browser(opened, sample_settings):
    return opened(sample_settings)


def rows_of(page):
    """Title → the numbers of its cells, 0 where the page says that there is none."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[1], re.DOTALL):
        title = html.unescape(re.search(r"<a [^>]*>(.*?)</a>", row)[1])
        cells = re.findall(r'<td class="cell step-\d">(.*?)</td>', row)
        found[title] = [0 if "none" in cell else int(cell) for cell in cells]
    return found


def columns_of(page):
    head = re.search(r"<thead>.*?</thead>", page, re.DOTALL)[0]
    return re.findall(r'<th scope="col"><span lang="(\w+)">', head)


def links_of(page):
    rows = page.split("<tbody>")[1].split("</tbody>")[0]
    return [html.unescape(one) for one in re.findall(r'href="([^"]+)"', rows)]


def test_every_cell_is_what_a_plain_recount_finds(browser, sample_settings):
    page = browser.get("/coverage", params={"framework": FRAMEWORK}).text
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        outcomes = {one.id: one for one in catalogue.outcomes.live(FRAMEWORK)}
        resources = {one.id: one for one in catalogue.resources.live()}
        stated = list(catalogue.alignments.live())

    def top(id_):
        while outcomes[id_].parent:
            id_ = outcomes[id_].parent
        return outcomes[id_].title

    there = {
        (top(one.outcome), resources[one.resource].language, one.resource)
        for one in stated
        if one.outcome in outcomes and one.relation is not Relation.REQUIRES
    }
    languages = columns_of(page)
    assert sorted(languages) == ["ar", "en", "es", "fr"]
    tops = [one.title for one in outcomes.values() if one.parent is None]
    assert rows_of(page) == {
        title: [sum(one[:2] == (title, language) for one in there) for language in languages]
        for title in tops
    }


def test_one_goes_down_by_links_until_an_outcome_with_its_resources(browser):
    where = f"/coverage?framework={FRAMEWORK}"
    for _ in range(4):
        page = browser.get(where).text
        where = links_of(page)[0]
        if where.startswith("/outcomes/"):
            break
    assert where == "/outcomes/saltmere-place-value-1000"
    assert "To learn this with" in browser.get(where).text
    straight = browser.get(
        "/coverage", params={"framework": FRAMEWORK, "under": "saltmere-place-value-1000"}
    )
    assert (straight.status_code, straight.headers["location"]) == (303, where)


def test_holes_are_told_in_words_and_by_a_frame(browser):
    asked = {"framework": FRAMEWORK, "by": "kind", "under": "saltmere-number"}
    page = browser.get("/coverage", params=asked).text
    assert '<td class="cell step-0"><span class="hole">none</span></td>' in page
    assert "Simulation" in page
    whole = browser.get("/coverage", params={"framework": FRAMEWORK}).text
    assert re.search(r"\d+ of 68 outcomes have no resource at all", whole)


def test_the_way_back_up_and_the_other_columns_are_kept(browser):
    asked = {"framework": FRAMEWORK, "by": "kind", "under": "saltmere-number"}
    page = html.unescape(browser.get("/coverage", params=asked).text)
    assert f'"/coverage?framework={FRAMEWORK}&by=kind&under=saltmere-mathematics"' in page
    assert f'"/coverage?framework={FRAMEWORK}&by=language&under=saltmere-number"' in page


def test_without_a_framework_there_is_a_choice(browser):
    page = browser.get("/coverage").text
    assert 'href="/coverage?framework=arvelle-2023"' in page
    assert 'href="/coverage?framework=saltmere-2024"' in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"framework": "none"}, 404),
        ({"framework": FRAMEWORK, "under": "none"}, 404),
        ({"framework": FRAMEWORK, "under": "arvelle-fractions-egales"}, 422),
        ({"framework": FRAMEWORK, "by": "colour"}, 422),
    ],
)
def test_what_there_is_not_is_refused(browser, query, status):
    assert browser.get("/coverage", params=query, headers=HTML).status_code == status
