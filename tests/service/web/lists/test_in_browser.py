"""A teacher's list from its first resource to paper, in a real Chromium as wide as a telephone."""

import re

import pytest
from playwright.sync_api import expect

NARROW = {"width": 360, "height": 740}
A_LIST = re.compile("/lists/[^?/]+$")

pytestmark = pytest.mark.slow


def named(page):
    page.get_by_label("Your name").fill("Ms Okoro")
    page.get_by_role("button", name="Go on").click()


def test_a_list_is_made_and_changed_without_scripts(open_page, server):
    page = open_page(NARROW, "/resources/volcano", java_script_enabled=False)
    page.get_by_role("link", name="Add to a list").click()
    named(page)
    page.get_by_label("Title").fill("Fire")
    page.get_by_role("button", name="Make the list and add it").click()
    expect(page).to_have_url(A_LIST)
    where = page.url.partition("#")[0]
    page.goto(f"{server.url}/resources/moon")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("It is on")).to_be_visible()
    page.goto(where)
    page.get_by_role("button", name="Move up: Moon diary").click()
    expect(page.locator(".item .line-title").first).to_have_text("Moon diary")
    page.get_by_text("Add a note").first.click()
    page.get_by_label("Note on Moon diary").fill("Begin at new moon.")
    page.get_by_role("button", name="Keep the note").first.click()
    expect(page.locator(".note")).to_have_text("Begin at new moon.")
    page.get_by_role("button", name="Take off the list: Inside a volcano").click()
    expect(page.locator(".item")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_lists_and_paper_has_no_controls(
    open_page, server, check_for_everyone, scheme
):
    page = open_page(NARROW, "/lists?resource=volcano", color_scheme=scheme)
    check_for_everyone(page)
    named(page)
    page.get_by_label("Title").fill("Fire")
    page.get_by_role("button", name="Make the list and add it").click()
    expect(page).to_have_url(A_LIST)
    where = page.url
    page.locator("details.change > summary").click()
    for there in (where, "/lists", "/lists?resource=moon", f"{where}/delete"):
        if there != where:
            page.goto(there if "//" in there else server.url + there)
        check_for_everyone(page)
    page.goto(where)
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Inside a volcano")).to_be_visible()
    for control in page.locator("main button, main summary, nav.rooms").all():
        expect(control).to_be_hidden()
