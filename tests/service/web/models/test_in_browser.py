import pytest
from axe_playwright_python.sync_playwright import Axe

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
    page.get_by_text("Running").wait_for()
    page.evaluate("window.untouched = true")
    page.get_by_text("Finished").wait_for(timeout=60_000)
    assert page.evaluate("window.untouched")
    assert "Would freeze 1 accepted" in page.locator(".log").inner_text()
