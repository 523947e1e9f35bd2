"""Deciding on a crosswalk by the keyboard, in a real Chromium."""

import pytest
from playwright.sync_api import expect

NARROW = {"width": 360, "height": 740}
HERE = "/curate/crosswalk/maths/science"

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("crosswalk")]


def press(page, *keys):
    """Keys for the marked line; the page that comes of them has another notice."""
    undo = page.locator(".notice.done [name=undo]")
    before = undo.get_attribute("value") if undo.count() else ""
    expect(page.locator(".proposal[aria-current]")).to_be_focused()
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator(f".notice.done [name=undo]:not([value='{before}'])")).to_have_count(1)


def test_each_line_takes_a_key_and_the_last_one_leads_to_what_stands(
    open_page, catalogue, check_for_everyone
):
    page = open_page(NARROW, HERE)
    check_for_everyone(page)
    press(page, "a")
    expect(page.get_by_role("status")).to_contain_text("Accepted · the same")
    press(page, "s", "4")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Calculate the mean")
    page.keyboard.press("u")
    expect(page.locator(".proposal.accept")).to_have_count(1)
    expect(page.locator(".proposal.open")).to_have_count(1)
    page.locator(".proposal.accept [name=undo]").click()
    expect(page.locator(".proposal.open")).to_have_count(2)
    press(page, "s", "2")
    press(page, "r")
    expect(page.locator(".proposal[aria-current]")).to_be_focused()
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="To take along")).to_be_visible()
    check_for_everyone(page)
    (line,) = catalogue.correspondences.live()
    assert line.match == "broader"
