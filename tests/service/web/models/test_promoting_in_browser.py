"""Promote and go back from the pages of a real server, over a real registry, in a real Chromium."""

import pytest
from playwright.sync_api import expect

from data.workspace import Workspace
from models.bundles.published_versions import read_versions
from models.bundles.released import champion, history
from service.jobs.jobs import Jobs
from training.registry.store import Registry

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(empty_settings):
    """No catalogue, since each change would have it indexed anew."""
    return empty_settings


@pytest.fixture
def registered(settings, bundle_of, monkeypatch):
    """A registry in which two versions wait."""
    monkeypatch.setenv("GATEWAYS_ENCODER", "auto")
    registry = Registry(Workspace(settings.home).registry)
    for name, seed in (("first", 1), ("second", 2)):
        bundle = bundle_of(name, seed)
        registry.register(bundle, dataset=name, parameters={}, metrics={}, code="t")


def finished(page):
    expect(page.get_by_role("status")).to_contain_text("Finished")


def test_a_version_is_promoted_for_a_reason_and_taken_back_for_another(
    registered, open_page, server, settings
):
    workspace = Workspace(settings.home)
    page = open_page(path="/models")
    expect(
        page.get_by_role("heading", name="Nothing says whether Version 2 is better")
    ).to_be_visible()
    page.get_by_role("link", name="Promote all the same").press("Enter")
    page.get_by_role("button", name="Promote all the same").press("Enter")
    reason = page.get_by_label("Why it should serve all the same")
    expect(reason).to_be_focused()  # the browser asks for it first
    assert Jobs(settings.home).all() == []
    reason.fill("it is new")
    page.get_by_role("button", name="Promote all the same").press("Enter")
    finished(page)
    assert champion(workspace.models).version == "2"
    newest = read_versions(workspace.registry)[0]
    assert (newest.aliases, newest.forced) == (("champion",), "it is new")

    page.get_by_role("link", name="Back to the models").press("Enter")
    expect(page.get_by_role("rowheader", name="Version 2")).to_contain_text("champion")
    page.get_by_role("rowheader", name="Version 2").get_by_role("link").press("Enter")
    expect(page.get_by_text("it is new").first).to_be_visible()
    page.get_by_role("link", name="Overview").press("Enter")
    page.get_by_role("link", name="Go back to the supplied model").press("Enter")
    page.get_by_label("Why").fill("it is slow")
    page.get_by_role("button", name="Go back").press("Enter")
    finished(page)
    assert champion(workspace.models).version == "shipped"
    assert history(workspace.models)[-1].reason == "it is slow"
    page.goto(f"{server.url}/administration/trail?kind=model")
    expect(page.get_by_role("listitem").filter(has_text="it is slow")).to_be_visible()
