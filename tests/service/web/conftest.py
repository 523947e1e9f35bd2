"""A real Chromium before the real server, and the sample catalogue."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from data.settings import load_settings
from models.snapshots.publishing import index_catalogue
from service.web.rendering import templates
from service.web.wording import offered, speaking
from tests.patience import PATIENCE

WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def macro():
    """A macro of a template, in English."""

    def found(template, name):
        with speaking(offered()["en"]):
            yielded = getattr(templates().env.get_template(template).module, name)
        return lambda *values: _in_english(yielded, *values)

    return found


def _in_english(macro, *values):
    with speaking(offered()["en"]):
        return str(macro(*values))


@pytest.fixture
def sample_settings(sample_home, tmp_path):
    home = tmp_path / "sample"
    shutil.copytree(sample_home, home)
    return load_settings(home=home)


@pytest.fixture(scope="session")
def indexed_home(sample_home, made_once):
    """A workspace with the sample catalogue and its index, to be copied."""

    def make(home):
        shutil.copytree(sample_home, home)
        index_catalogue(load_settings(home=home, encoder="minilm"))

    return made_once("indexed", make)


@pytest.fixture(scope="session")
def sample_server(indexed_home, running, tmp_path_factory):
    """The address of a server on the sample catalogue that many tests read from."""
    home = tmp_path_factory.mktemp("shared") / "home"
    shutil.copytree(indexed_home, home)
    server = running(load_settings(home=home, encoder="minilm")).begin()
    yield server.url
    server.end()


@pytest.fixture(scope="module")
def chromium():
    """Closed after each file of tests, since its event loop would be in the way of others."""
    program = shutil.which("chromium")
    assert program, "tests/install-browser installs Chromium"
    expect.set_options(timeout=1000 * PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"], timeout=1000 * PATIENCE
        )
        yield opened
        opened.close()


@pytest.fixture
def new_context(chromium):
    """Open a context that is as patient as `expect`, until the test ends."""
    contexts = []

    def opened(**options):
        contexts.append(context := chromium.new_context(**options))
        context.set_default_timeout(1000 * PATIENCE)
        return context

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def check_for_everyone():
    """Axe finds nothing on a page, and nothing of it is wider than its window."""

    def check(page):
        assert Axe().run(page).response["violations"] == [], page.url
        width = page.viewport_size["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    return check


@pytest.fixture
def open_page(server, new_context):
    """Open a page in a window of this size; whatever it asks of another host fails."""
    pages, strangers, complaints = [], [], []

    def opened(size=WIDE, path="/", **options):
        pages.append(page := new_context(viewport=size, **options).new_page())
        page.complaints = complaints
        page.on("console", lambda said: complaints.append(said.text))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(server.url) else strangers.append(asked.url),
        )
        page.goto(server.url + path)
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert (strangers, complaints) == ([], [])
