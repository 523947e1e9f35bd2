"""The curator's queue with the keyboard alone, in a real Chromium."""

import time

import pytest
from playwright.sync_api import expect

from tests.patience import until

pytestmark = pytest.mark.slow


@pytest.fixture
def queue(open_page, wait_for_queue):
    """The first resource of the queue."""
    wait_for_queue()
    page = open_page(path="/curate")
    page.get_by_label("Your name").fill("Amina")
    page.get_by_role("button", name="Use this name").click()
    page.get_by_role("link", name="Begin").click()
    expect(page.locator(".proposal[aria-current]")).to_be_focused()
    return page


def resource_of(page):
    return page.locator("#work input[name=resource]").first.input_value()


def test_each_decision_is_one_key_and_brings_what_is_next(queue, catalogue):
    first = resource_of(queue)
    for made, _ in enumerate(catalogue.queue.proposed(first), start=1):
        before = queue.url
        queue.keyboard.press("a")
        queue.wait_for_url(lambda url, before=before: url != before)
        expect(queue.locator("#work .standing")).to_contain_text(f"{made} decision")
    assert resource_of(queue) != first
    assert first not in queue.url
    verdicts = catalogue.ledger.standing(first).values()
    assert {(one.verdict.value, one.curator) for one in verdicts} == {("accept", "Amina")}


def test_who_stays_on_a_resource_keeps_it(queue, catalogue):
    first = resource_of(queue)
    catalogue.claims.renew(first, "Amina", time.time(), 1.0)
    queue.clock.install()
    queue.reload()
    with queue.expect_response("**/curate/claims") as answer:
        queue.clock.fast_forward(121_000)
    assert answer.value.status == 204
    assert catalogue.claims.active(time.time() + 500) == {first: "Amina"}


def test_after_the_last_decision_the_queue_says_that_nothing_waits(queue, catalogue):
    left = sum(len(catalogue.queue.proposed(name)) for name in ("pizza", "moon", "chart"))
    for made in range(1, left):
        queue.keyboard.press("d")
        expect(queue.locator("#work .standing")).to_contain_text(f"{made} decision")
    queue.keyboard.press("d")
    expect(queue.get_by_role("heading", name="What waits for a decision")).to_be_visible()
    expect(queue.locator("header.top")).to_have_count(1)
    expect(queue.locator("main")).to_contain_text("Nothing waits here")


def to_the_last_proposal(queue):
    """Decide on all that is proposed for the first resource but one; what comes next is there."""
    with queue.expect_response("**/curate/following**"):
        while (left := queue.locator(".proposal.open").count()) > 1:
            queue.keyboard.press("d")
            expect(queue.locator(".proposal.open")).to_have_count(left - 1)
        if "decided" not in queue.url:
            queue.reload()
    # Not by wait_for_function: what it asks again inside the page, the page's policy forbids.
    until(lambda: queue.evaluate("coming !== null"))
    expect(queue.locator(".proposal[aria-current]")).to_be_focused()


def test_the_next_resource_is_there_to_read_while_a_decision_is_kept(queue, catalogue):
    first = resource_of(queue)
    to_the_last_proposal(queue)
    held = []

    def hold(asked):
        held.append(asked)

    queue.route("**/curate/decisions", hold)
    queue.keyboard.press("d")
    expect(queue.locator("#coming h1")).to_be_visible()
    expect(queue.locator("#work")).to_be_hidden()
    coming = queue.locator("#coming").get_attribute("data-resource")
    queue.keyboard.press("a")  # decides on nothing that was hardly seen
    until(lambda: queue.wait_for_timeout(20) or held)
    held[0].continue_()
    expect(queue.locator("#coming")).to_have_count(0)
    assert (resource_of(queue), len(held)) == (coming, 1)
    assert coming != first
    assert catalogue.ledger.standing(coming) == {}


def test_a_decision_that_fails_brings_its_resource_back(queue):
    first = resource_of(queue)
    to_the_last_proposal(queue)
    queue.route("**/curate/decisions", lambda asked: asked.abort())
    queue.keyboard.press("d")
    expect(queue.locator("#coming")).to_be_hidden()
    expect(queue.locator("#work h1")).to_be_visible()
    assert resource_of(queue) == first
    queue.unroute("**/curate/decisions")
    queue.keyboard.press("d")
    expect(queue.locator(".notice.done")).to_be_visible()
    assert resource_of(queue) != first
    queue.complaints.clear()  # of the request that was to fail


def test_a_rejection_takes_a_digit_more_and_undo_one_key(queue, catalogue):
    first = resource_of(queue)
    outcome = catalogue.queue.proposed(first)[0].outcome
    queue.keyboard.press("5")  # says nothing before the reasons are there
    queue.keyboard.press("r")
    expect(queue.locator(".proposal[aria-current] .reasons")).to_be_visible()
    queue.keyboard.press("5")
    expect(queue.locator(".notice.done")).to_contain_text("Rejected")
    assert catalogue.ledger.standing(first)[outcome].reason.value == "too advanced"
    queue.keyboard.press("u")
    expect(queue.locator(".notice.done")).to_have_count(0)
    assert resource_of(queue) == first
    assert catalogue.ledger.standing(first) == {}


def test_a_decision_is_also_undone_on_its_own_card(queue, catalogue):
    first = resource_of(queue)
    queue.keyboard.press("d")
    expect(queue.locator(".notice.done")).to_be_visible()
    queue.goto(f"{queue.url.split('/curate')[0]}/curate/resources/{first}?all=1")
    queue.locator(".proposal.defer").get_by_role("button", name="Undo").click()
    expect(queue.locator("#work")).to_be_visible()
    expect(queue.locator(".proposal.defer")).to_have_count(0)
    assert resource_of(queue) == first
    assert catalogue.ledger.standing(first) == {}


def test_a_note_and_another_outcome_are_reached_from_the_keyboard(queue, catalogue):
    first = resource_of(queue)
    queue.keyboard.press("m")
    expect(queue.get_by_label("Note", exact=True)).to_be_focused()
    queue.keyboard.type("as we read it")
    queue.keyboard.press("Escape")
    queue.keyboard.press("o")
    queue.keyboard.insert_text("water cycle")  # asked for once: a second answer takes the focus
    expect(queue.locator(".found li").first).to_contain_text("Describe the water cycle")
    queue.keyboard.press("Tab")
    queue.keyboard.press("Tab")
    queue.keyboard.press("Enter")
    expect(queue.locator(".notice.done")).to_contain_text("Accepted")
    kept = catalogue.ledger.standing(first)["describe-the-water-cycle"]
    assert kept.note == "as we read it"


def test_enter_in_the_search_for_another_outcome_searches_and_decides_nothing(queue, catalogue):
    first = resource_of(queue)
    queue.keyboard.press("o")
    queue.keyboard.insert_text("water cycle")
    expect(queue.locator(".found li").first).to_contain_text("Describe the water cycle")
    queue.keyboard.press("Enter")
    expect(queue.get_by_role("heading", level=1)).to_have_text("Another outcome")
    expect(queue.locator(".found li").first).to_contain_text("Describe the water cycle")
    assert catalogue.ledger.standing(first) == {}
    queue.locator(".found li").first.get_by_role("button").click()
    expect(queue.locator(".notice.done")).to_contain_text("Accepted")
    assert list(catalogue.ledger.standing(first)) == ["describe-the-water-cycle"]


def test_keys_are_explained_and_what_is_left_for_later_is_not_lost(queue):
    first = resource_of(queue)
    queue.keyboard.press("?")
    expect(queue.get_by_role("dialog")).to_contain_text("Undo the last decision")
    queue.keyboard.press("Escape")
    queue.keyboard.press("n")
    queue.wait_for_url(lambda url: first not in url)
    assert resource_of(queue) != first


def test_a_decision_that_is_refused_is_said_and_leaves_the_page_as_it_was(queue, catalogue):
    first = resource_of(queue)
    queue.keyboard.press("m")
    expect(queue.get_by_label("Note", exact=True)).to_be_focused()
    queue.keyboard.type("to be kept")
    queue.keyboard.press("Escape")
    queue.evaluate("document.querySelector('.proposal.open [name=accept]').value = '0 nowhere'")
    queue.complaints.clear()
    queue.keyboard.press("a")
    expect(queue.get_by_role("alert")).to_contain_text("nowhere")
    assert resource_of(queue) == first
    expect(queue.get_by_label("Note", exact=True)).to_have_value("to be kept")
    queue.complaints.clear()  # the browser's own line about the 404


def test_without_scripts_the_same_buttons_decide(open_page, wait_for_queue, catalogue):
    wait_for_queue()
    page = open_page(path="/curate/next", java_script_enabled=False)
    first = resource_of(page)
    outcome = catalogue.queue.proposed(first)[0].outcome
    page.locator(".proposal.open").first.get_by_role("button", name="Accept").click()
    expect(page.locator(".notice.done")).to_contain_text("Accepted")
    assert catalogue.ledger.standing(first)[outcome].verdict.value == "accept"
