"""The pages as a person sees them, in a real Chromium as wide as a telephone."""

import pytest
from playwright.sync_api import expect

NARROW = {"width": 360, "height": 740}
MOST_BYTES = 100_000
PATHS = [
    "/find",
    "/find?q=volcano",
    "/find?framework=maths&level=Year+4",
    "/frameworks/science",
    "/outcomes/science-earth-and-sky",
    "/outcomes/explain-how-volcanoes-erupt",
    "/resources/volcano",
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


def test_one_goes_from_words_to_a_resource_without_scripts(open_page):
    page = open_page(NARROW, "/find", java_script_enabled=False)
    page.get_by_label("What is to be learned?").fill("lava and ash break out of a mountain")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Explain how volcanoes erupt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Explain how volcanoes erupt")
    page.get_by_role("link", name="Inside a volcano", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inside a volcano")


def test_a_tree_is_walked_with_the_keyboard_and_without_scripts(open_page):
    page = open_page(NARROW, "/frameworks/science", java_script_enabled=False)
    inside = page.locator("details.inside").nth(1)
    inside.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(inside.get_by_role("link", name="Describe the water cycle")).to_be_visible()


def test_a_page_is_light(open_page):
    page = open_page(NARROW, "/outcomes/explain-how-volcanoes-erupt")
    page.wait_for_load_state("networkidle")
    sizes = page.evaluate(
        """() => ["navigation", "resource"]
            .flatMap((kind) => performance.getEntriesByType(kind))
            .map((entry) => entry.decodedBodySize)"""
    )
    assert len(sizes) > 1, "the page and what it is made with"
    assert sizes[0] > 0
    assert sum(sizes) < MOST_BYTES
