import pytest


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
