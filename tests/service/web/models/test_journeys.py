"""What data scientists do from its beginning to its end, in a real Chromium."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from data.settings import load_settings
from data.workspace import Workspace
from service.jobs.jobs import Jobs, State
from service.web.models.freezes import frozen

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(indexed_home, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(indexed_home, home)
    return load_settings(home=home)


def followed(page):
    """Wait for the end of the job whose page this is, which nobody loads again."""
    expect(page).to_have_url(re.compile("/jobs/"))
    page.evaluate("window.untouched = true")
    expect(page.get_by_role("status")).to_contain_text("Finished")
    assert page.evaluate("window.untouched")


def test_data_are_frozen_and_their_card_tells_what_they_hold(open_page, settings):
    page = open_page(path="/models")
    rooms = page.get_by_role("navigation", name="Models")
    rooms.get_by_role("link", name="Data").press("Enter")
    expect(page.get_by_role("heading", name="Nothing was frozen yet")).to_be_visible()
    page.get_by_label("How the data are parted").select_option("resource")
    page.get_by_role("button", name="Freeze now").press("Enter")
    followed(page)
    page.locator("main").get_by_role("link", name="Data").last.press("Enter")
    (freeze,) = frozen(Workspace(settings.home).frozen)
    expect(page.get_by_role("heading", level=2)).to_have_text(freeze.fingerprint)
    expect(page.get_by_text("Parted by resource")).to_be_visible()
    expect(page.get_by_role("rowheader")).to_have_text(["train", "dev", "test"])
    page.get_by_text("Its card, with sources and licences").press("Enter")
    expect(page.locator(".text-of-card")).to_contain_text("CC0")


def test_a_training_is_ended_and_started_again(open_page, settings):
    page = open_page(path="/models/retrain")
    page.get_by_label("What is trained").select_option("lora")
    for _ in range(2):
        page.get_by_role("button", name="Start").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Running")
        page.get_by_role("button", name="Cancel").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Cancelled")
    jobs = Jobs(settings.home).all("retrain")
    assert [job.state for job in jobs] == [State.CANCELLED] * 2
    assert {job.arguments for job in jobs} == {("retrain", "--way=lora", "--epochs=1")}
