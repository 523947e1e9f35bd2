"""The pages as a person sees them, in a real Chromium as wide as a telephone."""

import pytest
from playwright.sync_api import expect

NARROW = {"width": 360, "height": 740}
PATHS = [
    "/coverage",
    "/coverage?framework=science",
    "/coverage?framework=science&by=kind&under=science-earth-and-sky",
]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_telephone(
    open_page, server, check_for_everyone, scheme
):
    page = open_page(NARROW, color_scheme=scheme)
    for path in PATHS:
        page.goto(f"{server.url}{path}")
        check_for_everyone(page)


def test_a_hole_is_reached_by_links_without_scripts(open_page):
    page = open_page(NARROW, "/coverage?framework=science", java_script_enabled=False)
    page.get_by_role("link", name="Earth and sky").click()
    row = page.get_by_role("row", name="Describe how fossils are formed")
    expect(row.locator(".hole")).to_have_text("none")
    page.get_by_role("link", name="Describe how fossils are formed").click()
    expect(page.get_by_text("No resource was accepted for this outcome yet.")).to_be_visible()
