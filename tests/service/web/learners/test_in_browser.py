"""Learners' pages over the sample catalogue as a person sees them, in a real Chromium."""

import pytest
from playwright.sync_api import expect

LEARNER = "/learners/l-46addc"
pytestmark = pytest.mark.slow


@pytest.fixture
def settings(sample_settings):
    return sample_settings


def steps_of(page):
    return page.locator(".next-step .name").all_inner_texts()


def test_three_learners_have_plainly_different_next_steps_and_each_says_why(open_page):
    page = open_page(path="/learners")
    there = page.locator(".card h2 a").evaluate_all("links => links.map(link => link.href)")
    assert len(there) == 3
    found = []
    for address in there:
        page.goto(address)
        expect(page.get_by_role("heading", name="Next steps")).to_be_visible()
        steps = steps_of(page)
        reasons = page.locator(".next-step .reason").all_inner_texts()
        assert len(steps) == len(reasons) == 5
        assert all(len(reason.split()) > 3 for reason in reasons)
        found.append(set(steps))
    assert not found[0] & found[1] | found[0] & found[2] | found[1] & found[2]


@pytest.mark.parametrize(("button", "words"), [("I can do this", "can"), ("Not yet", "cannot yet")])
def test_an_estimate_is_contested_without_scripts(open_page, button, words):
    page = open_page(path=LEARNER, java_script_enabled=False)
    outcome = page.locator(".estimate").first.locator(".name").inner_text()
    page.locator(".estimate").first.get_by_text("Is that so?").click()
    page.locator(".estimate").first.get_by_role("button", name=button).click()
    expect(page.locator("#stated")).to_contain_text(outcome)
    expect(page.locator("#stated")).to_contain_text(f"contested: {words}")


def test_a_way_to_a_goal_is_planned_with_the_keyboard(open_page):
    page = open_page(path=LEARNER)
    page.get_by_label("Aim for an outcome").focus()
    page.keyboard.type("Generate and explain eq")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Towards the goal")).to_be_visible()
