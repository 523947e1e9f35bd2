"""A neighbour's gateway as a source: added, harvested and looked at in a real browser."""

import shutil

import pytest
from playwright.sync_api import expect

from data.settings import SETTINGS_FILE, load_settings

NARROW = {"width": 390, "height": 740}

pytestmark = pytest.mark.slow  # a harvest is a process of its own


@pytest.fixture
def settings(tmp_path, shared_encoder):
    """Those of a gateway that has nothing yet, and may ask this machine."""
    home = tmp_path / "home"
    home.mkdir()
    (home / SETTINGS_FILE).write_text('harvest_private = ["127.0.0.0/8"]\n')
    return load_settings(home=home)


@pytest.fixture
def neighbour(template, running, tmp_path, shared_encoder):
    """A gateway with frameworks of its own."""
    shutil.copytree(template, tmp_path / "neighbour")
    server = running(load_settings(home=tmp_path / "neighbour")).begin()
    yield server
    server.end()


def test_a_source_is_added_and_harvested_with_a_click(
    open_page, neighbour, catalogue, check_for_everyone
):
    page = open_page(size=NARROW, path="/administration")
    page.get_by_role("link", name="Add a source").click()
    page.get_by_label("Name of the source").fill("theirs")
    page.get_by_label("Address").fill("ftp://neighbour.example")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("alert")).to_contain_text("is not an address such as")
    page.complaints.clear()  # the browser's own line about the 422
    expect(page.get_by_label("Name of the source")).to_have_value("theirs")
    check_for_everyone(page)
    page.get_by_label("Address").fill(f"{neighbour.url}/ims/case/v1p1")
    page.get_by_label("How often it is harvested").select_option(label="Every day")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Never harvested")).to_be_visible()

    page.get_by_role("button", name="Harvest now theirs").click()
    expect(page.get_by_role("heading", name="Harvest", exact=True)).to_be_visible()
    # The page follows by itself.
    expect(page.get_by_role("status")).to_contain_text("Finished")
    expect(page.locator(".log")).to_contain_text("theirs: everything, 2 packages")
    page.locator("#progress").get_by_role("link", name="Sources").click()
    expect(page.get_by_text("Harvested to the end")).to_be_visible()
    assert len(catalogue.frameworks.all()) == 2
    check_for_everyone(page)

    page.get_by_role("link", name="Change theirs").click()
    expect(page.get_by_label("How often it is harvested")).to_have_value("24")
    check_for_everyone(page)
