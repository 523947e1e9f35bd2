"""Resources accepted for one curriculum, found and suggested for another by a crosswalk."""

import html
import re

import pytest

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Resource

ERUPT, CHANCE = "explain-how-volcanoes-erupt", "describe-how-likely-an-event-is"
LAVA = {"id": "lava", "title": "Lava, en français", "language": "fr"}


@pytest.fixture
def crosswalk(settings, dataset_folder):
    """Say that an outcome of science corresponds to one of mathematics, which no text would."""
    folder = dataset_folder("lines", crosswalk=f"outcome,other,match\n{ERUPT},{CHANCE},exact\n")
    with Catalogue.open(settings.catalogue_url) as catalogue:
        import_document(catalogue, open_document(folder, ReadOptions()))


def suggestion(answer, outcome):
    return next(one for one in answer["items"] if one["outcome"]["id"] == outcome)


def by_crosswalk(found):
    return [one for one in found["reasons"] if one["kind"] == "crosswalk"]


def test_what_corresponds_is_suggested_first_and_names_where_it_comes_from(suggested, crosswalk):
    answer = suggested(resource_id="volcano", frameworks=["maths"], k=20)
    first = answer["items"][0]
    assert (first["outcome"]["id"], first["selected"]) == (CHANCE, True)
    (reason,) = by_crosswalk(first)
    (origin,) = reason["by"]
    assert (origin["outcome"], origin["framework"], origin["match"]) == (ERUPT, "science", "exact")
    assert origin["title"] == "Explain how volcanoes erupt"
    other = suggested(resource_id="pizza", frameworks=["maths"], k=20)
    assert not any(by_crosswalk(one) for one in other["items"])


def test_without_a_crosswalk_nothing_of_it_is_said(suggested):
    answer = suggested(resource_id="volcano", k=20)
    assert not any(by_crosswalk(one) for one in answer["items"])
    assert suggestion(answer, ERUPT)["rank"] == 1


def test_a_decision_is_taken_into_account_at_once(client, suggested, crosswalk):
    body = {"resource_id": "pizza", "outcome_id": ERUPT, "decision": "accept"}
    assert client.post("/v1/decisions", json=body).status_code == 201
    answer = suggested(resource_id="pizza", frameworks=["maths"])
    assert by_crosswalk(suggestion(answer, CHANCE))


def test_an_outcome_has_its_own_resources_first_then_those_of_others_in_pages(
    client, catalogue, crosswalk
):
    catalogue.resources.create(Resource(**LAVA))
    decisions = (("lava", ERUPT), ("chart", CHANCE))
    for resource, outcome in decisions:
        body = {"resource_id": resource, "outcome_id": outcome, "decision": "accept"}
        assert client.post("/v1/decisions", json=body).status_code == 201
    path, found, cursor = f"/v1/outcomes/{CHANCE}/resources", [], None
    for _ in range(3):
        query = {"limit": 1, "language": "fr-CA", **({"cursor": cursor} if cursor else {})}
        page = client.get(path, params=query).json()
        found += page["items"]
        cursor = page["next"]
    assert [one["resource"]["id"] for one in found] == ["chart", "lava", "volcano"]
    assert cursor is None
    assert [bool(one["by"]) for one in found] == [False, True, True]
    assert found[0]["confidence"] is None
    assert 0.9 < found[1]["confidence"] < 1
    assert found[1]["provenance"] is None
    own = client.get(path, params={"crosswalk": False}).json()["items"]
    assert [one["resource"]["id"] for one in own] == ["chart"]


def test_the_page_of_an_outcome_shows_what_comes_from_other_curricula(client, catalogue, crosswalk):
    catalogue.resources.create(Resource(**LAVA))
    body = {"resource_id": "lava", "outcome_id": ERUPT, "decision": "accept"}
    assert client.post("/v1/decisions", json=body).status_code == 201

    def shown(**headers):
        page = client.get(f"/outcomes/{CHANCE}", headers=headers).text
        part = re.search(r'aria-labelledby="crossing".*?</section>', page, re.DOTALL)[0]
        return part, re.findall(r'href="/resources/([^"?#]+)"', part)

    part, resources = shown(**{"Accept-Language": "en"})
    assert resources == ["volcano", "lava"]
    assert f'href="/outcomes/{ERUPT}"' in part
    assert "which corresponds" in html.unescape(part)
    assert re.search(r"Very likely, \d\d%", part)
    assert shown(**{"Accept-Language": "fr"})[1] == ["lava", "volcano"]
    assert 'aria-labelledby="crossing"' not in client.get(f"/outcomes/{ERUPT}").text


def test_the_curator_is_shown_where_a_suggestion_comes_from(client, crosswalk):
    page = html.unescape(client.get("/curate/resources/volcano?all").text)
    assert "which corresponds" in page
    assert f'href="/outcomes/{ERUPT}"' in page
