"""The page as a person sees it, in a real Chromium."""

import pytest
from playwright.sync_api import expect

NARROW = {"width": 360, "height": 740}
TEXT = "How volcanoes erupt: magma rises until lava and ash break out of the mountain."
VOLCANOES = "Explain how volcanoes erupt"

pytestmark = pytest.mark.slow


def ask(page, text=TEXT):
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Suggest outcomes").click()


def test_a_pasted_text_is_answered_with_paths_and_an_accepted_one_is_kept(open_page, catalogue):
    page = open_page(path="/suggest")
    ask(page)
    expect(page.get_by_role("heading", name="Suggested outcomes")).to_be_visible()
    first = page.locator(".outcome").first
    expect(first).to_contain_text(VOLCANOES)
    expect(first).to_contain_text("%")
    expect(page.locator(".heading").first).to_contain_text("Earth and sky")
    page.get_by_role("button", name=f"Accept: {VOLCANOES}").click()
    expect(page.get_by_role("status")).to_contain_text("Accepted")
    kept = catalogue.ledger.page().items[0]
    assert (kept.outcome, kept.verdict.value) == ("explain-how-volcanoes-erupt", "accept")


@pytest.mark.parametrize("scripts", [True, False])
def test_back_and_reload_bring_a_pasted_text_and_its_answer_again(open_page, scripts):
    page = open_page(path="/suggest", java_script_enabled=scripts)
    ask(page)
    expect(page.locator(".outcome").first).to_contain_text(VOLCANOES)
    page.get_by_role("link", name="Find", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Find")
    for come_again in (page.go_back, page.reload):
        come_again()
        expect(page.locator(".outcome").first).to_contain_text(VOLCANOES)
        expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
    assert "volcano" not in page.url
    page.go_back()
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)


def test_a_rejected_one_is_not_suggested_again_until_it_is_undone(open_page):
    page = open_page(path="/suggest?resource=volcano")
    page.get_by_label(f"Reason to reject: {VOLCANOES}").select_option(index=1)
    page.get_by_role("button", name=f"Reject: {VOLCANOES}").click()
    expect(page.locator(".notice.done")).to_contain_text("Rejected")
    page.goto(page.url)
    assert page.get_by_role("button", name=f"Accept: {VOLCANOES}").count() == 0
    for more in page.locator("details.more:not([open]) > summary").all():
        more.click()
    page.get_by_role("button", name=f"Undo: {VOLCANOES}").click()
    expect(page.get_by_role("button", name=f"Accept: {VOLCANOES}")).to_be_visible()


def test_the_whole_road_can_be_walked_with_the_keyboard(open_page):
    page = open_page(path="/suggest")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_label("Text", exact=True).focus()
    page.keyboard.type(TEXT)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Suggested outcomes")).to_be_visible()


def test_a_text_without_words_is_answered_with_what_would_help(open_page):
    page = open_page(path="/suggest")
    ask(page, "123 …")
    expect(page.get_by_role("status")).to_contain_text("no text")
    expect(page.get_by_label("Text", exact=True)).to_have_value("123 …")


@pytest.mark.parametrize("path", ["/suggest", "/suggest?resource=volcano"])
def test_nothing_is_wider_than_a_telephone(open_page, path):
    page = open_page(NARROW, path)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_it_works_without_scripts(open_page):
    page = open_page(path="/suggest", java_script_enabled=False)
    ask(page)
    expect(page.locator(".outcome").first).to_contain_text(VOLCANOES)
