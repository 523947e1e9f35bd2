"""What curators do on the sample catalogue from its beginning to its end, in a real Chromium."""

import re
import shutil

import pytest
from playwright.sync_api import expect
from sklearn.metrics import cohen_kappa_score

from data.records import Verdict
from data.settings import load_settings
from service.web.curate.bulk import LOOKED_AT
from tests.patience import until

NARROW = {"width": 390, "height": 740}
QUIZ = "en-expressions-quiz"
TABLE = """Kennung,Überschrift,Sprache
kite-1,Kites and the wind that lifts them,en
,A row without an id,en
kite-2,Le cerf-volant et le vent,fr
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(proposed_home, tmp_path, shared_encoder):
    home = tmp_path / "home"
    shutil.copytree(proposed_home, home)
    return load_settings(home=home)


@pytest.fixture
def curator(open_page):
    """The queue before a curator of that name, in a browser of their own."""

    def opened(name, **options):
        page = open_page(path="/curate", **options)
        page.get_by_label("Your name").fill(name)
        page.get_by_role("button", name="Use this name").click()
        expect(page.get_by_label("Your name")).to_have_attribute("value", name)
        return page

    return opened


def verdicts_of(catalogue, resource):
    return {name: one.verdict for name, one in catalogue.ledger.standing(resource).items()}


def test_many_are_accepted_above_a_confidence_once_the_expected_errors_are_seen(curator, catalogue):
    sure = {(resource, one.outcome) for resource, one in catalogue.queue.above(0.8)}
    wrong = sum(1 - one.confidence for _, one in catalogue.queue.above(0.8))
    waiting = catalogue.queue.waiting()
    page = curator("Amina")
    page.get_by_role("link", name="Accept many at once").click()
    page.get_by_label("All proposals of at least").select_option("0.8")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text(f"{len(sure)} proposals", exact=True)).to_be_visible()
    expect(page.get_by_text(f"About {wrong:.1f} of them are expected to be wrong")).to_be_visible()
    expect(page.locator(".pairs li")).to_have_count(min(len(sure), LOOKED_AT))
    page.get_by_role("button", name="Accept them all").press("Enter")
    expect(page.get_by_role("status")).to_have_text(f"{len(sure)} proposals are accepted.")
    expect(page.get_by_text("No proposal that waits is so sure")).to_be_visible()
    kept = list(catalogue.ledger.all_standing())
    assert {(one.resource, one.outcome) for one in kept} == sure
    assert {(one.curator, one.verdict) for one in kept} == {("Amina", Verdict.ACCEPT)}
    assert len({one.batch for one in kept}) == 1
    page.get_by_role("button", name="Undo all of them").press("Enter")
    expect(page.get_by_role("status")).to_have_count(0)
    assert list(catalogue.ledger.all_standing()) == []
    assert catalogue.queue.waiting() == waiting


def press(page, keys):
    """One decision: the key, and for a rejection the digit of its reason."""
    expect(page.locator(".proposal[aria-current]")).to_be_focused()
    page.keyboard.press(keys[0])
    for digit in keys[1:]:
        expect(page.locator(".proposal[aria-current] .reasons")).to_be_visible()
        page.keyboard.press(digit)


def marked(page):
    """The outcome that a key would decide on."""
    expect(page.locator(".proposal[aria-current]")).to_be_focused()
    button = page.locator(".proposal[aria-current] [name=accept]")
    return button.get_attribute("value").partition(" ")[2]


def decide(page, *decisions):
    """One decision after another, each once the page has come that it is meant for."""
    for keys in decisions:
        undo = page.locator(".notice.done [name=undo]")
        before = undo.get_attribute("value") if undo.count() else ""
        press(page, keys)
        expect(page.locator(f".notice.done [name=undo]:not([value='{before}'])")).to_have_count(1)


def test_two_curators_decide_blind_and_a_third_settles_what_they_differ_about(
    curator, server, catalogue
):
    disputed = catalogue.queue.proposed(QUIZ)[0].outcome
    amina = curator("Amina")
    amina.goto(f"{server.url}/curate/resources/{QUIZ}")
    decide(amina, "a", "a")
    while "Expressions quiz 1" in amina.get_by_role("heading", level=1).inner_text():
        decide(amina, "r3")
    hers = verdicts_of(catalogue, QUIZ)

    bruno = curator("Bruno")
    bruno.get_by_role("link", name="Second opinions").click()
    expect(bruno.get_by_text("No two curators have decided on the same yet.")).to_be_visible()
    bruno.get_by_role("link", name="Give a second opinion").click()
    expect(bruno).to_have_url(re.compile(re.escape(QUIZ)))
    expect(bruno.locator(".proposal.open")).to_have_count(len(hers))
    expect(bruno.locator("#work")).not_to_contain_text("Amina")
    expect(bruno.locator("#work .mark")).to_have_count(0)
    # What is accepted moves what corresponds to it to the front, so each is told by its name.
    for last in [False] * (len(hers) - 1) + [True]:
        agrees = hers[marked(bruno)] is Verdict.ACCEPT and marked(bruno) != disputed
        (press if last else decide)(bruno, "a" if agrees else "r3")
    expect(bruno.get_by_role("heading", name="Second opinions")).to_be_visible()
    row = bruno.get_by_role("row", name="Amina, Bruno")
    said = [
        (verdict, Verdict.REJECT if one == disputed else verdict) for one, verdict in hers.items()
    ]
    chance_corrected = cohen_kappa_score(*zip(*said, strict=True))
    alike = f"{1 - 1 / len(hers):.0%}"
    expect(row.get_by_role("cell")).to_have_text([str(len(hers)), alike, f"{chance_corrected:.2f}"])
    expect(bruno.get_by_role("heading", name="1 to be settled")).to_be_visible()
    differing = bruno.locator(".pairs li")
    expect(differing).to_contain_text("Amina (Accepted) · Bruno (Rejected)")
    expect(differing).to_contain_text(catalogue.outcomes.get(disputed).title)

    chen = curator("Chen")
    chen.goto(f"{server.url}/curate/agreement")
    chen.locator(".pairs li").get_by_role("link").click()
    decide(chen, "a")
    chen.goto(f"{server.url}/curate/agreement")
    expect(chen.get_by_role("heading", name="Nothing is to be settled")).to_be_visible()
    settled = catalogue.ledger.standing(QUIZ)[disputed]
    assert (settled.curator, settled.verdict) == ("Chen", Verdict.ACCEPT)


def reloaded_until(page, found):
    """Load the page again until that is on it; who waits for the server does the same."""
    until(lambda: page.reload() and found.count())


def test_a_dropped_file_is_looked_at_mapped_imported_and_found(
    curator, server, catalogue, tmp_path
):
    file = tmp_path / "kites.csv"
    file.write_text(TABLE, encoding="utf-8")
    page = curator("Amina")
    page.get_by_role("link", name="Import a file").click()
    page.get_by_label("A table of resources").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("alert")).to_contain_text("A column is missing")
    expect(page.get_by_role("button", name="Import it")).to_have_count(0)
    for field, heading in {"id": "Kennung", "title": "Überschrift", "language": "Sprache"}.items():
        page.locator(f"#column-{field}").select_option(heading)
    page.get_by_role("button", name="Show what that makes of it").click()
    expect(page.get_by_role("status")).to_contain_text("2 new, 0 changed, 0 as they are")
    expect(page.get_by_role("status")).to_contain_text("1 refused")
    expect(page.locator(".pairs li")).to_have_text(re.compile("Line 3.*id is missing"))
    expect(page.get_by_role("cell", name="Le cerf-volant et le vent")).to_be_visible()
    page.get_by_label("Language, where a row names none").fill("de")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("language=de"))
    assert catalogue.resources.get("kite-1") is None
    page.get_by_role("button", name="Import it").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Import")
    page.evaluate("window.untouched = true")
    expect(page.get_by_text("Finished")).to_be_visible()
    assert page.evaluate("window.untouched")
    expect(page.locator(".log")).to_contain_text("id is missing")
    assert catalogue.resources.get("kite-2").language == "fr"
    page.get_by_role("link", name="Imports").click()
    expect(page.locator(".jobs li")).to_contain_text("finished")
    page.goto(f"{server.url}/find?q=what+lifts+a+kite")
    found = page.get_by_role("link", name="Kites and the wind that lifts them")
    reloaded_until(page, found)
    found.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kites and the wind that lifts them")


def test_a_whole_resource_is_decided_on_a_telephone_without_scripts(curator, server, catalogue):
    page = curator("Amina", size=NARROW, java_script_enabled=False)
    page.goto(f"{server.url}/curate/resources/{QUIZ}")
    first, second, *others, last = (one.outcome for one in catalogue.queue.proposed(QUIZ))

    def on(outcome):
        return page.get_by_role("region", name=catalogue.outcomes.get(outcome).title)

    on(second).get_by_text("Reject", exact=False).first.click()
    on(second).get_by_role("button", name="too advanced").click()
    expect(page.get_by_role("status")).to_contain_text("Rejected")
    for other in others:
        on(other).get_by_role("button", name="Put off").click()
        expect(page.get_by_role("status")).to_contain_text("Deferred")
    on(second).get_by_role("button", name="Undo").click()
    expect(on(second).get_by_role("button", name="Accept")).to_be_visible()
    on(second).get_by_text("Reject", exact=False).first.click()
    on(second).get_by_role("button", name="without a reason").click()
    expect(page.get_by_role("status")).to_contain_text("Rejected")
    # Last but one: what is accepted moves what corresponds to it, and some is shown no more.
    page.get_by_text("A note to go with the decision").click()
    page.get_by_label("Note", exact=True).fill("the strips are cut at halves")
    on(first).get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status")).to_contain_text("Accepted")
    on(last).get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Expressions quiz 1")
    kept = catalogue.ledger.standing(QUIZ)
    assert verdicts_of(catalogue, QUIZ) == {
        first: Verdict.ACCEPT,
        second: Verdict.REJECT,
        **dict.fromkeys(others, Verdict.DEFER),
        last: Verdict.ACCEPT,
    }
    assert kept[first].note == "the strips are cut at halves"
    assert kept[second].reason is None
    assert {one.curator for one in kept.values()} == {"Amina"}
