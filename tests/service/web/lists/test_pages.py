"""Lists as pages: made, filled, changed, shared and deleted without a script."""

import html
import re
from dataclasses import replace

import pytest

UNSAFE = "<script>alert(1)</script>\"'&"
HTML = {"Accept": "text/html"}


@pytest.fixture
def named(client):
    """A client whose reader gave a name."""
    client.post("/preferences", data={"name": "Señora Ñ"})
    return client


@pytest.fixture
def begun(named):
    """The address of a list with these resources on it."""

    def begin(*resources, title="Week 3"):
        where = named.post("/lists", data={"title": title}).headers["location"]
        for resource in resources:
            sent = {"list": where.removeprefix("/lists/"), "resource": resource}
            assert named.post("/lists/add", data=sent).status_code == 303
        return where

    return begin


def order_of(page):
    return re.findall(r'<p class="line-title"><a href="/resources/([^"]+)"', page)


def test_a_name_is_asked_for_before_there_is_a_list(client):
    page = client.get("/lists?resource=volcano").text
    assert 'action="/preferences"' in page
    assert 'value="/lists?resource=volcano"' in page
    refused = client.post("/lists", data={"title": "Mine"}, headers=HTML)
    assert refused.status_code == 422
    assert "#/name" in refused.text


def test_a_list_is_made_filled_and_read_by_whoever_has_its_link(named, begun):
    where = begun("volcano", "moon")
    assert len(where.removeprefix("/lists/")) >= 16  # nobody guesses it
    assert order_of(named.get(where).text) == ["volcano", "moon"]
    assert f'href="{where}"' in named.get("/lists").text
    named.cookies.clear()
    page = named.get(where).text
    assert order_of(page) == ["volcano", "moon"]
    assert "Señora Ñ" in page
    assert 'method="post"' not in page.split('class="preferences"')[0]
    assert where not in named.get("/lists").text


def test_the_first_resource_makes_its_list_and_the_next_takes_one_tap(named):
    page = named.get("/resources/volcano").text
    assert 'href="/lists?resource=volcano"' in page
    assert "Make the list and add it" in named.get("/lists?resource=volcano").text
    made = named.post("/lists", data={"title": "Fire", "resource": "volcano"}).headers["location"]
    assert order_of(named.get(made).text) == ["volcano"]
    page = named.get("/resources/moon").text
    form = re.search(r'<form class="adding" action="/lists/add".*?</form>', page, re.DOTALL)[0]
    list_id = re.search(r'<option value="([^"]+)"', form)[1]
    added = named.post("/lists/add", data={"resource": "moon", "list": list_id})
    assert added.headers["location"] == "/resources/moon#lists"
    assert "It is on" in named.get("/resources/moon").text
    assert order_of(named.get(made).text) == ["volcano", "moon"]


def test_from_an_outcome_one_goes_back_to_the_outcome_and_sees_that_it_is_on_a_list(named, begun):
    list_id = begun().removeprefix("/lists/")
    here = "/outcomes/explain-how-volcanoes-erupt"
    assert 'form="adding" name="resource" value="volcano"' in named.get(here).text
    sent = {"resource": "volcano", "list": list_id, "outcome": "explain-how-volcanoes-erupt"}
    back = named.post("/lists/add", data=sent).headers["location"]
    assert back == f"{here}#resources"
    page = named.get(here).text
    assert "On a list" in page
    assert 'form="adding"' not in page


def test_what_is_on_a_list_is_moved_noted_and_taken_off(named, begun):
    where = begun("volcano", "moon", "pizza")
    for sent in ({"raised": "pizza"}, {"lowered": "volcano"}, {"removed": "moon"}):
        assert named.post(where, data=sent).headers["location"] == f"{where}#items"
    assert order_of(named.get(where).text) == ["pizza", "volcano"]
    named.post(where, data={"noted": "volcano", "note": "before lunch\r\nwith goggles"})
    noted = re.search(r'<p class="note"><bdi>(.*?)</bdi>', named.get(where).text, re.DOTALL)[1]
    assert noted == "before lunch\nwith goggles"


def test_a_list_is_renamed_and_says_what_it_is_for(named, begun):
    where = begun()
    named.post(where, data={"renamed": "1", "title": "  Week   4 ", "note": "For Ana"})
    page = named.get(where).text
    assert '<h1 id="top" dir="auto">Week 4</h1>' in page
    assert "For Ana" in page
    assert "Nothing is on this list yet" in page


def test_a_list_is_deleted_only_after_it_was_asked_twice(named, begun):
    where = begun("moon")
    assert "It cannot be brought back" in named.get(f"{where}/delete").text
    assert named.get(where).status_code == 200
    assert named.post(f"{where}/delete").headers["location"] == "/lists"
    assert named.get(where, headers=HTML).status_code == 404


@pytest.mark.parametrize("name", ["", "Somebody else"])
def test_only_who_made_a_list_changes_it(named, begun, name):
    where = begun("moon")
    named.cookies.clear()
    if name:
        named.post("/preferences", data={"name": name})
    list_id = where.removeprefix("/lists/")
    refused = [
        named.post(where, data={"removed": "moon"}, headers=HTML),
        named.post("/lists/add", data={"list": list_id, "resource": "pizza"}, headers=HTML),
        named.get(f"{where}/delete", headers=HTML),
        named.post(f"{where}/delete", headers=HTML),
    ]
    assert [answer.status_code for answer in refused] == [403] * 4
    assert order_of(named.get(where).text) == ["moon"]


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("/lists", {"title": "  "}, 422),
        ("/lists", {"title": "x" * 121}, 422),
        ("/lists", {"title": "a\0b"}, 422),
        ("/lists", {"title": "x", "resource": "none"}, 404),
        ("/lists/add", {"list": "none", "resource": "moon"}, 404),
        ("/lists/none", {"removed": "moon"}, 404),
        ("/lists/none/delete", {}, 404),
    ],
)
def test_what_cannot_be_done_is_refused(named, path, sent, status):
    assert named.post(path, data=sent, headers=HTML).status_code == status
    assert "You have no list yet" in named.get("/lists").text


@pytest.mark.parametrize(
    "sent", [{}, {"noted": "moon", "note": "x" * 2001}, {"renamed": "1", "title": ""}]
)
def test_a_change_that_is_none_leaves_the_list(named, begun, sent):
    where = begun("moon")
    assert named.post(where, data=sent, headers=HTML).status_code == 422
    assert order_of(named.get(where).text) == ["moon"]


def test_what_was_typed_is_never_markup(named):
    named.post("/preferences", data={"name": UNSAFE})
    where = named.post("/lists", data={"title": UNSAFE, "resource": "moon"}).headers["location"]
    named.post(where, data={"noted": "moon", "note": UNSAFE})
    for path in (where, "/lists", f"{where}/delete", "/resources/moon", "/lists?resource=moon"):
        page = named.get(path).text
        assert "<script>" not in page
        assert html.escape(UNSAFE, quote=False).partition('"')[0] in page


def test_a_resource_that_left_the_catalogue_stays_on_the_list_by_its_id(named, begun, catalogue):
    where = begun("moon")
    list_id = where.removeprefix("/lists/")
    gone = catalogue.lists.get(list_id).items[0]
    assert gone.resource == "moon"
    catalogue.lists.change(
        list_id, lambda kept: replace(kept, items=(replace(gone, resource="gone"),))
    )
    page = named.get(where).text
    assert "not in the catalogue any more" in page
    assert ">gone<" in page
