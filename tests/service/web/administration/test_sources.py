"""Adding, changing and removing sources on the administrators' pages."""

import re

import pytest

HERE = "/administration/sources"
OAI = {"kind": "oai", "name": "an archive/1", "url": "https://x.example/oai"}
THERE = f"{HERE}/an%20archive/1"


@pytest.fixture
def noted(client, catalogue):
    sent = OAI | {"set": "maths", "license": "CC0-1.0", "every": "24", "language": ""}
    response = client.post(HERE, data=sent)
    assert (response.status_code, response.headers["location"]) == (
        303,
        "/administration#harvested",
    )
    return catalogue.sources.get(OAI["name"])


def test_a_source_is_added_with_what_was_said_of_it(client, noted):
    assert (noted.kind, noted.url) == ("oai", OAI["url"])
    assert noted.options == {"set": "maths", "license": "CC0-1.0", "every": "24"}
    said = client.get("/administration").text
    assert f'href="{THERE}"' in said
    assert re.search(r"Never harvested · next \w+", said)


def test_the_form_asks_for_what_suits_the_kind(client):
    frameworks, resources = (client.get(f"{HERE}?kind={kind}").text for kind in ("case", "oai"))
    for field in ("documents", "license", "every"):
        assert f'name="{field}"' in frameworks
    for field in ("set", "prefix", "language", "license", "every"):
        assert f'name="{field}"' in resources
    assert 'name="set"' not in frameworks


@pytest.mark.parametrize(
    ("sent", "status", "field"),
    [
        ({"url": "ftp://x"}, 422, "url"),
        ({"name": ""}, 422, "name"),
        ({"language": "??"}, 422, "language"),
        ({"every": "0"}, 422, "every"),
        ({"platform": "none"}, 404, None),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    client, catalogue, sent, status, field
):
    response = client.post(HERE, data=OAI | {"license": "<mine>"} | sent)
    assert response.status_code == status
    assert 'value="&lt;mine&gt;"' in response.text
    assert re.findall(r'aria-describedby="wrong-(\w+)"', response.text) == [field] * bool(field)
    assert response.text.count('class="wrong"') == 1
    assert catalogue.sources.all() == []


def test_a_name_that_is_taken_is_told_on_the_form(client, noted):
    response = client.post(HERE, data=OAI)
    assert response.status_code == 409
    assert "is there already" in response.text
    assert f'value="{OAI["name"]}"' in response.text


def test_its_options_are_changed_on_a_form_that_has_them(client, catalogue, noted):
    form = client.get(THERE).text
    assert 'value="maths"' in form
    assert 'value="24" selected' in form
    sent = {"set": "science", "every": ""}
    assert client.post(f"{THERE}/change", data=sent).status_code == 303
    assert catalogue.sources.get(OAI["name"]).options == {"set": "science"}
    refused = client.post(f"{THERE}/change", data={"license": "x" * 201})
    assert refused.status_code == 422
    back = re.search(r'name="back" value="([^"]*)"', refused.text)[1]
    assert 'value="science"' in client.get(back).text


def test_a_time_that_is_not_on_the_list_stays(client, catalogue, noted):
    client.post(f"{THERE}/change", data={"every": "36"})
    assert 'value="36" selected>Every 36 hours<' in client.get(THERE).text


def test_a_source_is_removed_and_one_that_is_not_there_is_told(client, catalogue, noted):
    assert client.post(f"{THERE}/remove").status_code == 303
    assert catalogue.sources.all() == []
    for ask in (client.get, lambda path: client.post(f"{path}/change")):
        assert ask(THERE).status_code == 404
    assert client.post(f"{THERE}/remove").status_code == 404
