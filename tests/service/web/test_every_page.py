"""What holds for every page, in a real Chromium before the sample catalogue."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.pages.program import PAGES

NARROW = {"width": 360, "height": 740}
MOST_BYTES = 100_000
THERE = {name: path for name, path in PAGES.items() if name != "missing"}

pytestmark = pytest.mark.slow


@pytest.fixture
def visit(new_context, sample_server):
    """Open a page in a context of its own; asked of others and said on the console is nothing."""
    contexts, strangers, complaints = [], [], []

    def opened(path, **options):
        contexts.append(context := new_context(**options))
        page = context.new_page()
        page.on("console", lambda said: complaints.append((path, said.text)))
        page.on("pageerror", lambda error: complaints.append((path, str(error))))
        page.on(
            "request",
            lambda asked: (
                None if asked.url.startswith(sample_server) else strangers.append(asked.url)
            ),
        )
        page.sizes = []
        wire = context.new_cdp_session(page)
        wire.on("Network.loadingFinished", lambda one: page.sizes.append(one["encodedDataLength"]))
        wire.send("Network.enable")
        page.goto(sample_server + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert (strangers, complaints) == ([], [])


@pytest.mark.parametrize("path", THERE.values(), ids=THERE)
def test_nobody_is_kept_out_by_colours_names_or_order(visit, path):
    page = visit(path, viewport={"width": 1280, "height": 900})
    assert page.locator("h1").count() == 1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", THERE.values(), ids=THERE)
def test_a_page_fits_an_old_telephone_in_both_directions(visit, path, language):
    page = visit(path, viewport=NARROW, locale=language)
    assert page.evaluate("document.dir") == {"en": "ltr", "ar": "rtl"}[language]
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.wait_for_load_state("load")
    assert 0 < sum(page.sizes) < MOST_BYTES


def test_what_is_not_there_is_said_on_a_page_with_a_way_back(new_context, sample_server):
    page = new_context().new_page()
    assert page.goto(f"{sample_server}/outcomes/none").status == 404
    assert page.get_by_role("heading").inner_text() == "This is not here"
    page.get_by_role("link", name="Back to the first page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Learning content"))


def test_what_was_read_can_be_read_again_without_a_network_and_the_rest_says_so(
    new_context, sample_server
):
    context = new_context()
    page = context.new_page()
    page.goto(sample_server)
    page.evaluate("navigator.serviceWorker.ready")
    page.goto(f"{sample_server}/outcomes/saltmere-equivalent-fractions")
    title = page.get_by_role("heading", level=1).inner_text()
    page.goto(sample_server)
    context.set_offline(True)
    page.goto(f"{sample_server}/outcomes/saltmere-equivalent-fractions")
    assert page.get_by_role("heading", level=1).inner_text() == title
    for path in ("/outcomes/saltmere-unit-fractions", "/curate", "/learners/l-3718ed"):
        page.goto(sample_server + path)
        assert page.get_by_role("heading", level=1).inner_text() == "No connection"


def test_the_language_that_is_picked_stays(visit):
    page = visit("/")
    page.locator("select[name=interface]").select_option("ar")
    page.get_by_role("button", name="Use these").click()
    for name, value in {"dir": "rtl", "lang": "ar"}.items():
        expect(page.locator("html")).to_have_attribute(name, value)
    page.goto(page.url + "curate")
    assert page.evaluate("document.dir") == "rtl"
