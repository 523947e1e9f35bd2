import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from models.bundles.released import champion

pytestmark = pytest.mark.slow

NARROW = {"width": 360, "height": 740}
PAGES = ("/models", "/models/compare", "/models/promote?version=2", "/administration/keys")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everybody_can_read_the_pages_on_any_screen(worse_in_hindi, open_page, server, colours):
    page = open_page(NARROW, "/models/retrain", color_scheme=colours)
    for path in (*PAGES, f"/models/reports/2/{worse_in_hindi}"):
        page.goto(server.url + path)
        assert Axe().run(page).response["violations"] == [], path
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), path


def test_a_job_is_followed_without_a_reload(open_page):
    page = open_page(path="/models/retrain")
    page.get_by_label("Only say what would be done").check()
    page.get_by_role("button", name="Start").click()
    expect(page).to_have_url(re.compile("/jobs/"))  # where it may have ended already
    page.evaluate("window.untouched = true")
    page.get_by_text("Finished").wait_for()
    assert page.evaluate("window.untouched")
    expect(page.locator(".log")).to_contain_text("Would freeze 1 accepted")


def test_what_speaks_against_a_version_is_followed_down_to_single_cases(
    worse_in_hindi, open_page, settings
):
    page = open_page(path="/models")
    verdict = page.get_by_role("heading", name="Version 2 should not take the place of version 1")
    expect(verdict).to_be_visible()
    page.get_by_role("link", name="Compare slice by slice").press("Enter")
    expect(page.get_by_role("row", name=re.compile("हिन्दी")).first).to_contain_text("worse")
    expect(page.get_by_role("row", name=re.compile("English")).first).not_to_contain_text("worse")
    page.get_by_label("Before").select_option("2")
    page.get_by_label("After").select_option("1")
    page.get_by_role("button", name="Compare").press("Enter")
    expect(page.get_by_text("Nothing speaks against it.")).to_be_visible()
    page.get_by_role("link", name="Overview").press("Enter")
    page.get_by_role("rowheader", name="Version 2").get_by_role("link").press("Enter")
    page.get_by_role("region", name="How it did").get_by_role("link").press("Enter")
    kinds = page.locator(".filters")
    kinds.get_by_role("link", name="The right one was ranked low").press("Enter")
    case = page.locator(".case").first
    expect(case).to_have_attribute("open", "")
    expect(case.get_by_role("row").filter(has_text="right")).to_contain_text("Outcome o0")
    page.locator(".case").nth(1).locator("summary").press("Enter")
    expect(page.locator(".case").nth(1).get_by_role("table")).to_be_visible()
    assert champion(settings.home / "models").version == "1"
