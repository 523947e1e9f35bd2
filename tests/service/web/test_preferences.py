import re

import pytest

from data.catalogue.keys import Role

HTML = {"Accept": "text/html"}


def prefer(client, **fields):
    return client.post("/preferences", data=fields)


def test_what_is_picked_holds_for_the_next_page(client):
    answer = prefer(client, theme="dark", back="/suggest?framework=maths")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/suggest?framework=maths"
    assert 'data-theme="dark"' in client.get("/").text
    prefer(client, theme="")
    assert "data-theme" not in client.get("/").text


@pytest.mark.parametrize("back", ["https://example.org", "//example.org", "/\\example.org", ""])
def test_the_way_back_is_never_to_another_site(client, back):
    assert prefer(client, back=back).headers["location"] == "/"


@pytest.mark.parametrize(
    "fields", [{"theme": "mauve"}, {"interface": "tlh"}, {"name": "x" * 61}, {"name": "a\x07b"}]
)
def test_what_there_is_not_is_refused(client, fields):
    assert prefer(client, **fields).status_code == 422


def test_a_name_of_any_script_is_kept(client):
    assert prefer(client, name="  ليلى ").status_code == 303
    assert client.cookies["name"]


def test_the_worker_that_keeps_pages_may_keep_all_of_them(client):
    worker = client.get("/worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert "offline" in worker.text


def test_a_static_file_is_kept_for_as_long_as_its_address_names_its_content(client):
    assert "immutable" in client.get("/static/style.css?abc").headers["cache-control"]
    assert "immutable" not in client.get("/static/style.css").headers.get("cache-control", "")


def way_back(response):
    return re.search(r'name="back" value="([^"]*)"', response.text)[1]


def test_the_language_of_a_page_is_chosen_for_that_page(client):
    assert way_back(client.get("/find?q=bar chart", headers=HTML)) == "/find?q=bar%20chart"
    assert way_back(client.get("/outcomes/none", headers=HTML)) == "/outcomes/none"


def test_after_a_form_the_language_is_chosen_for_the_page_that_had_it(client):
    def refused(referer):
        headers = HTML | {"Referer": referer}
        return client.post("/administration/keys/none/revoke", headers=headers)

    assert refused(f"{client.base_url}/find?q=x").status_code == 404
    assert way_back(refused(f"{client.base_url}/find?q=x")) == "/find?q=x"
    for elsewhere in ("", "https://example.org/find", "http://["):
        assert way_back(refused(elsewhere)) == "/"


def test_a_secret_stands_on_a_page_whose_language_can_be_chosen(client, catalogue):
    key, _ = catalogue.keys.create("Ada", Role.READER, by="root", now=1.0)
    shown = client.post(f"/administration/keys/{key.id}/rotate", headers=HTML)
    assert client.get(way_back(shown)).status_code == 200
