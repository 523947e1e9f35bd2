"""The queue as a browser without scripts has it."""

import re

import pytest

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Verdict

ERUPT, CHANCE = "explain-how-volcanoes-erupt", "describe-how-likely-an-event-is"
ERUPTING = "Explain how volcanoes erupt"


def proposed(catalogue, resource):
    return [one.outcome for one in catalogue.queue.proposed(resource)]


def test_the_queue_tells_what_waits_and_leads_to_the_first(curators):
    ann = curators("ann")
    assert "3</strong> resources wait" in ann.get("/curate").text
    resource, page = ann.take()
    assert resource in ("pizza", "moon", "chart")  # a source aligned the volcano
    assert "Does it teach this?" in page
    assert re.search(r"<mark>\w+</mark>", page)


def test_a_decision_leads_to_the_next_resource_once_all_is_decided(curators, catalogue):
    ann = curators("ann")
    resource, page = ann.take()
    showing = re.search(r'name="suggestion" value="([^"]+)"', page)[1]
    for outcome in proposed(catalogue, resource):
        answer = ann.decide("accept", resource, outcome, suggestion=showing, note=" as in class ")
    assert answer.status_code == 303
    following = answer.headers["location"]
    assert resource not in following
    kept = catalogue.ledger.page().items[0]
    assert (kept.curator, kept.verdict, kept.note) == ("ann", Verdict.ACCEPT, "as in class")
    assert kept.showing.id == showing
    after = ann.get(following).text
    assert "<strong>Accepted</strong>" in after
    assert "1 decision today" in after or "decisions today" in after


@pytest.fixture
def corresponding(settings, dataset_folder):
    """Say that an outcome of science corresponds to one of mathematics, which no text would."""
    lines = f"outcome,other,match\n{ERUPT},{CHANCE},exact\n"
    with Catalogue.open(settings.catalogue_url) as catalogue:
        folder = dataset_folder("lines", crosswalk=lines)
        import_document(catalogue, open_document(folder, ReadOptions()))


@pytest.mark.usefixtures("corresponding")
def test_what_an_accepted_outcome_corresponds_to_waits_before_the_next_resource(curators):
    ann = curators("ann")
    resource, page = ann.take()
    for outcome in re.findall(r'name="defer" value="0 ([^"]+)"', page):
        ann.decide("defer", resource, outcome)
    answer = ann.decide("accept", resource, ERUPT)
    assert f"/curate/resources/{resource}?" in answer.headers["location"]
    page = ann.get(answer.headers["location"]).text
    assert re.findall(r'name="accept" value="0 ([^"]+)"', page) == [CHANCE]
    assert "which corresponds" in page
    undo = re.search(rf'value="(\d+)" aria-label="Undo: {ERUPTING}"', page)[1]
    ann.post("/curate/undo", undo=undo)
    assert CHANCE not in ann.get(f"/curate/resources/{resource}").text
    ann.decide("accept", resource, ERUPT)
    following = ann.decide("reject", resource, CHANCE).headers["location"]
    assert resource not in following


def test_a_rejection_takes_its_reason_from_the_digit(curators, catalogue):
    ann = curators("ann")
    resource, _ = ann.take()
    outcome = proposed(catalogue, resource)[0]
    ann.post("/curate/decisions", resource=resource, reject=f"5 {outcome}")
    kept = catalogue.ledger.page().items[0]
    assert (kept.verdict, kept.reason.value) == (Verdict.REJECT, "too advanced")


@pytest.mark.parametrize(
    "fields",
    [
        {"accept": "0 no-such-outcome"},
        {"reject": "10 read-a-bar-chart"},
        {"reject": "x read-a-bar-chart"},
        {"accept": "0 "},
        {"undo": "0 read-a-bar-chart"},
        {},
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_kept(curators, catalogue, fields):
    answer = curators("ann").post("/curate/decisions", resource="chart", **fields)
    assert answer.status_code in (404, 422)
    assert catalogue.ledger.page().items == []


def test_undo_brings_back_the_last_decision_with_its_resource(curators, catalogue):
    ann = curators("ann")
    resource, _ = ann.take()
    outcome = proposed(catalogue, resource)[0]
    ann.decide("defer", resource, outcome)
    answer = ann.post("/curate/undo")
    assert f"/curate/resources/{resource}" in answer.headers["location"]
    assert catalogue.ledger.standing(resource) == {}
    assert ann.post("/curate/undo").status_code == 422
    assert ann.post("/curate/undo", undo="x").status_code == 422
    assert ann.post("/curate/undo", undo="99").status_code == 404


def test_what_was_decided_on_can_be_undone_on_its_page_though_it_is_suggested_no_more(
    curators, catalogue
):
    ann = curators("ann")
    page = ann.get("/curate/resources/chart?all=1").text
    live = [one for one in catalogue.outcomes.live() if one.assignable]
    far = next(one for one in live if f'aria-label="{one.title}"' not in page)
    ann.decide("reject", "chart", far.id)
    (kept,) = catalogue.ledger.page().items
    page = ann.get("/curate/resources/chart").text
    assert f'name="undo" value="{kept.id}"' in page
    ann.post("/curate/undo", undo=str(kept.id))
    assert f'aria-label="{far.title}"' not in ann.get("/curate/resources/chart").text


def test_two_curators_never_get_the_same(curators):
    ann, bo = curators("ann"), curators("bo")
    mine, _ = ann.take()
    theirs, _ = bo.take()
    assert mine != theirs
    page = bo.get(f"/curate/resources/{mine}").text
    assert "is working on this one" in page
    assert "At work now:" in bo.get("/curate").text


def test_what_is_left_for_later_is_followed_by_another(curators):
    ann = curators("ann")
    first, page = ann.take()
    later = re.search(r'href="(/curate/next\?after=[^"]+)"', page)[1]
    second, _ = ann.take(later)
    assert first != second
    assert ann.take()[0] == first


def test_orders_and_filters_stay_along_the_way(curators):
    _, page = curators("ann").take("/curate/next?order=confidence&framework=maths")
    assert 'name="order" value="confidence"' in page
    assert 'name="framework" value="maths"' in page
    assert curators("ann").get("/curate?order=mood").status_code == 422


def test_a_script_gets_the_next_part_alone(curators, catalogue):
    ann = curators("ann")
    resource, _ = ann.take()
    outcomes = proposed(catalogue, resource)
    for outcome in outcomes:
        fields = {"accept": f"0 {outcome}", "resource": resource}
        answer = ann.post("/curate/decisions", headers={"hx-request": "true"}, **fields)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="work"')
    assert "/curate/resources/" in answer.headers["hx-push-url"]


def test_another_outcome_is_found_by_words_code_and_meaning_and_accepted(curators, catalogue):
    ann = curators("ann")
    asked = {"resource": "chart", "q": "describe the water"}
    assert "Describe the water cycle" in ann.get("/curate/outcomes", params=asked).text
    by_code = ann.get("/curate/outcomes", params=asked | {"q": "M2.0"}).text
    assert "Read a bar chart" in by_code
    by_meaning = ann.get("/curate/outcomes", params=asked | {"q": "lava and magma"}).text
    assert "Explain how volcanoes erupt" in by_meaning
    ann.decide("accept", "chart", "describe-the-water-cycle")
    assert "describe-the-water-cycle" in catalogue.ledger.standing("chart")
    assert ann.get("/curate/outcomes", params=asked | {"q": " "}).status_code == 200


def test_a_second_opinion_is_given_without_knowing_the_first(curators, catalogue):
    ann, bo = curators("ann"), curators("bo")
    resource, _ = ann.take()
    outcome = proposed(catalogue, resource)[0]
    ann.decide("reject", resource, outcome)
    ann.take(f"/curate/next?after={resource}")
    found, page = bo.take("/curate/next?second=1")
    assert found == resource
    assert f'value="0 {outcome}"' in page
    assert "Rejected" not in page
    bo.decide("accept", resource, outcome, second="1")
    agreement = bo.get("/curate/agreement").text
    assert "1 to be settled" in agreement
    cy = curators("cy")
    assert cy.take(f"/curate/resources/{resource}?second=1")[0] == resource
    cy.decide("accept", resource, outcome, second="1")
    settled = cy.get("/curate/agreement").text
    assert "Nothing is to be settled" in settled
    assert "ann" in settled


def test_without_an_index_the_queue_says_what_to_do(opened, empty_settings):
    page = opened(empty_settings).get("/curate").text
    assert "gateways index" in page
