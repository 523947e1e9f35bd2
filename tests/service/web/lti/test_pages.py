"""What launches open: a search, a resource, an outcome, a list."""

from dataclasses import replace

import pytest

from data.catalogue import Catalogue
from data.catalogue.tables import LOCAL
from data.records import ListItem, Resource
from tests.service.lti.platform import LTI
from tests.service.web.lti.conftest import EARTH, HTML

BASE = "http://127.0.0.1:8000"


def linked(path):
    return {f"{LTI}target_link_uri": f"{BASE}{path}"}


def test_a_teacher_finds_by_meaning_and_every_link_stays_within_the_visit(client, teacher):
    path = teacher()
    within = path.removesuffix("/find")
    page = client.get(f"{path}?q=lava").text
    assert f'href="{within}/resources/volcano"' in page
    assert f'href="{within}/outcomes/explain-how-volcanoes-erupt"' in page
    assert 'href="/resources' not in page


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/resources/volcano", "Explain how volcanoes erupt"),
        ("/outcomes/explain-how-volcanoes-erupt", "Inside a volcano"),
        ("/lists/l1", "Watch it twice"),
    ],
)
def test_a_link_in_a_course_opens_its_page(client, launched, path, said):
    opened = launched(**linked(path))
    assert opened.endswith(path)
    page = client.get(opened, headers=HTML)
    assert page.status_code == 200
    assert said in page.text


def test_a_list_says_which_of_its_resources_was_retired(client, launched, settings):
    items = (ListItem(resource="retired"),)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.resources.create(Resource(id="retired", title="Old lava"))
        catalogue.lists.add(replace(EARTH, id="l2", items=items))
        path = launched(**linked("/lists/l2"))
        assert "Old lava" in client.get(path, headers=HTML).text
        with catalogue.intake(LOCAL) as intake, intake.batch() as batch:
            batch.retire(Resource, [("retired",)], 1.0)
    page = client.get(path, headers=HTML).text
    assert "not in the catalogue any more" in page
    assert "Old lava" not in page


@pytest.mark.parametrize(("locale", "tag"), [("ar", "ar"), ("es_MX", "es"), ("??", "fr")])
def test_pages_speak_the_language_of_the_platform_before_the_browsers(
    client, launched, locale, tag
):
    path = launched(**{f"{LTI}launch_presentation": {"locale": locale}})
    page = client.get(path, headers={**HTML, "Accept-Language": "fr"}).text
    assert f'<html lang="{tag}"' in page


def test_what_is_not_there_is_said_within_the_frame(client, launched):
    page = client.get(launched(**linked("/resources/none")), headers=HTML)
    assert page.status_code == 404
    assert "This is not here" in page.text
    assert "frame-ancestors https://" in page.headers["content-security-policy"]
    assert 'href="/"' not in page.text


def test_a_page_that_is_over_says_how_to_open_it_again(client, launched, monkeypatch):
    monkeypatch.setattr("service.lti.tokens.VISIT_SECONDS", -1)
    page = client.get(launched(), headers=HTML)
    assert page.status_code == 403
    assert "Go back to your course" in page.text
