"""What learners and teachers do from its beginning to its end, on a telephone."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data.errors import NotFoundError
from data.records import Voice

PHONE = {"width": 390, "height": 740}
LEARNER = "l-46addc"

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(sample_settings):
    return sample_settings


def fits(page):
    """Nothing of the page is wider than the telephone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url


def steps_of(page):
    expect(page.get_by_role("heading", name="Next steps")).to_be_visible()
    return page.locator(".next-step .about-step a").all_inner_texts()


def begun(open_page):
    """The page of a newcomer in Grade 5, and the name that they got."""
    page = open_page(PHONE, "/learners")
    fits(page)
    page.get_by_label("Curriculum and level").select_option("saltmere-2024\nGrade 5")
    page.get_by_role("button", name="Begin").press("Enter")
    expect(page.get_by_text("No answers yet")).to_be_visible()
    return page, page.get_by_role("heading", level=1).inner_text()


def asked_until_enough(page, answer):
    """Answer every question in the same way; what was asked about."""
    asked = []
    enough = page.get_by_role("heading", name="That is enough to begin with")
    while True:
        question = page.get_by_text(f"Question {len(asked) + 1} of at most 10")
        expect(enough.or_(question)).to_be_visible()
        fits(page)
        if enough.count():
            return asked
        asked.append(page.locator(".asked").inner_text())
        page.get_by_role("button", name=answer).press("Enter")


@pytest.mark.parametrize(("answer", "can"), [("Yes, I can", 1.0), ("Not yet", 0.0)])
def test_a_placement_leads_from_its_first_question_to_steps_that_suit(
    open_page, catalogue, answer, can
):
    page, name = begun(open_page)
    before = steps_of(page)
    page.get_by_role("link", name="Find out where to begin").click()
    asked = asked_until_enough(page, answer)
    assert 1 < len(asked) <= 10
    page.get_by_role("link", name="Show my next steps").press("Enter")
    expect(page.locator(".estimate")).to_have_count(len(asked))
    fits(page)
    after = steps_of(page)
    assert after != before
    if can:
        assert not set(after) & set(asked)
    said = catalogue.statements.of_learner(name)
    assert [catalogue.outcomes.get(one.outcome).title for one in said] == asked
    assert {(one.can, one.voice) for one in said} == {(can, Voice.PLACEMENT)}


def test_a_placement_may_be_left_at_any_question(open_page, catalogue):
    page, name = begun(open_page)
    page.get_by_role("link", name="Find out where to begin").click()
    page.get_by_role("button", name="A little").press("Enter")
    expect(page.get_by_text("Question 2 of at most 10")).to_be_visible()
    page.get_by_role("link", name="Enough: show my next steps").press("Enter")
    expect(page.locator(".next-step")).to_have_count(5)
    assert [one.can for one in catalogue.statements.of_learner(name)] == [0.5]


def test_a_teacher_has_the_last_word_about_an_estimate(open_page, catalogue):
    page = open_page(PHONE, f"/learners/{LEARNER}")
    estimate = page.locator(".estimate").first
    outcome = estimate.locator(".name").inner_text()
    share = estimate.locator(".confidence").inner_text()
    estimate.get_by_text("Is that so?").click()
    estimate.get_by_role("button", name="I can do this").press("Enter")
    expect(page.locator("#stated")).to_contain_text("contested: can")
    page.locator("#stated").get_by_text("Is that so?").click()
    page.locator("#stated").get_by_label("as the teacher").press("Space")
    page.locator("#stated").get_by_role("button", name="Not yet").press("Enter")
    stated = page.locator("#stated")
    expect(stated).to_contain_text(outcome)
    expect(stated).to_contain_text("set by a teacher: cannot yet")
    fits(page)
    low = int(re.match(r"\d+", stated.locator(".confidence").inner_text())[0])
    assert low < 50 < int(re.match(r"\d+", share)[0])
    said = catalogue.statements.of_learner(LEARNER)
    assert [(one.voice, one.can) for one in said] == [(Voice.LEARNER, 1.0), (Voice.TEACHER, 0.0)]
    assert {catalogue.outcomes.get(one.outcome).title for one in said} == {outcome}


def test_what_is_stored_is_seen_downloaded_and_erased_without_a_trace(open_page, catalogue):
    page = open_page(PHONE, f"/learners/{LEARNER}")
    page.get_by_role("link", name="What is stored about me").press("Enter")
    expect(page).to_have_url(re.compile("/privacy$"))
    fits(page)
    kept = catalogue.learners.export(LEARNER)
    stored = (len(kept.interactions), len(kept.statements), len(kept.recommendations))
    assert all((stored[0], stored[2]))
    expect(page.locator(".stored dd")).to_have_text([str(number) for number in stored])
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").press("Enter")
    told = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert tuple(map(len, (told["interactions"], told["statements"], told["recommendations"]))) == (
        stored
    )

    page.get_by_role("button", name="Erase").press("Enter")
    expect(page.get_by_label("Yes, erase all")).to_be_focused()  # the browser asks for it first
    assert catalogue.learners.export(LEARNER) == kept
    page.get_by_label("Yes, erase all").press("Space")
    page.get_by_role("button", name="Erase").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is erased")
    expect(page.get_by_role("link", name=LEARNER)).to_have_count(0)
    with pytest.raises(NotFoundError):
        catalogue.learners.export(LEARNER)
    assert len(catalogue.learners.erasures()) == 1
    page.goto(page.url.partition("?")[0] + f"/{LEARNER}/privacy")
    expect(page.get_by_text("Nothing is stored.")).to_be_visible()
    expect(page.get_by_role("link", name="Download")).to_have_count(0)
