"""Learners' pages over the sample catalogue, as a browser without scripts has them."""

import html
import json
import re
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Event, Interaction
from data.settings import load_settings

LEARNER = "l-46addc"
HTML = {"Accept": "text/html"}
UNSAFE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def browser(opened, sample_settings):
    return opened(sample_settings)


def cards_of(page):
    return re.findall(r'<section class="card".*?</section>', page, re.DOTALL)


def texts(found, css_class):
    return [
        html.unescape(re.sub("<[^>]+>", "", one)).strip()
        for one in re.findall(f'<p class="{css_class}"[^>]*>(.*?)</p>', found, re.DOTALL)
    ]


def estimate_of(page, outcome):
    """What the page shows of an outcome, in per cent, and the words beside it."""
    items = re.findall(r'<li class="estimate".*?</li>', page, re.DOTALL)
    (item,) = (one for one in items if f'value="{outcome}"' in one)
    return int(re.search(r"<span>(\d+)%", item)[1]), texts(item, "about-step")[0]


def practised(page):
    return re.search(r'name="outcome" value="([^"]+)"', page)[1]


def test_three_learners_who_differ_are_shown_with_their_next_steps_and_reasons(browser):
    page = browser.get("/learners").text
    cards = cards_of(page)
    assert len(cards) == 3
    assert len({texts(card, "kicker")[0].split("\xa0·")[0] for card in cards}) == 2
    steps = [texts(card, "name") for card in cards]
    assert all(1 <= len(each) <= 3 for each in steps)
    assert len({tuple(each) for each in steps}) == 3
    for card, titles in zip(cards, steps, strict=True):
        reasons = texts(card, "reason")
        assert len(reasons) == len(titles)
        assert all(len(reason) > 10 for reason in reasons)
    arabic = browser.get("/learners", headers={"Accept-Language": "ar"}).text
    for told, language in ((page, "en"), (arabic, "ar")):
        assert set(re.findall(r'class="reason" dir="auto" lang="(\w+)"', told)) == {language}
    assert "<script>" not in page


def test_looking_at_the_list_is_not_logged_as_shown_to_the_learners(browser, sample_settings):
    browser.get("/learners")
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        assert list(catalogue.recommendations.live()) == []


def test_all_learners_are_listed_page_by_page_and_each_has_a_page(browser):
    found, where = [], "/learners"
    while where:
        page = browser.get(where).text
        listed = page[page.index("Latest active") :]
        found += re.findall(r'<a href="(/learners/[^"]+)">', listed)
        more = re.search(r'href="(/learners\?cursor=[^"]+)"', listed)
        where = html.unescape(more[1]) if more else None
    assert len(set(found)) == len(found) == 60
    assert browser.get(found[-1]).status_code == 200


def test_a_learner_has_next_steps_and_what_is_known_without_a_script(browser):
    page = browser.get(f"/learners/{LEARNER}").text
    steps = page[: page.index("What is known, and from what")]
    assert len(texts(steps, "reason")) == 5
    assert "Saltmere Islands Learning Outcomes" in texts(page, "kicker whole")[0]
    assert "answers right" in estimate_of(page, practised(page))[1]
    assert "<script>" not in page
    assert "javascript:" not in page


@pytest.mark.parametrize(
    ("successes", "answers", "said"),
    [
        (2.0, 8.0, "2 of 8 answers right"),
        (6.6, 12.0, "about 7 of 12 answers right"),
        (0.3, 0.3, "less than one answer"),
        (0.0, 0.0, "no answers"),
    ],
)
def test_answers_are_told_in_whole_numbers(macro, successes, answers, said):
    tell = macro("learners/steps.html", "answers_right")
    assert tell({"successes": successes, "answers": answers}).strip() == said


@pytest.mark.parametrize("can", [0, 1])
def test_a_learner_contests_an_estimate_and_sees_it_move(browser, can):
    there = f"/learners/{LEARNER}"
    page = browser.get(there).text
    outcome = practised(page)
    before, _ = estimate_of(page, outcome)
    sent = browser.post(f"{there}/statements", data={"outcome": outcome, "can": can})
    assert sent.status_code == 303
    assert sent.headers["location"] == f"{there}?stated={outcome}#stated"
    page = browser.get(sent.headers["location"]).text
    after, words = estimate_of(page, outcome)
    assert after > before if can else after < before
    assert f"contested: {'can' if can else 'cannot yet'}" in words
    assert page.count('id="stated"') == 1


@pytest.mark.parametrize(("can", "shown"), [("0", 0), ("1", 100)])
def test_a_teachers_word_is_the_estimate_that_is_shown(browser, can, shown):
    there = f"/learners/{LEARNER}"
    outcome = practised(browser.get(there).text)
    said = {"outcome": outcome, "can": can, "voice": "teacher"}
    browser.post(f"{there}/statements", data=said)
    contested = {"outcome": outcome, "can": "0" if shown else "1"}
    browser.post(f"{there}/statements", data=contested)
    told, words = estimate_of(browser.get(there).text, outcome)
    assert told == shown
    assert "set by a teacher" in words


def test_a_goal_is_planned(browser):
    goal = "saltmere-equivalent-fractions"
    page = browser.get("/learners/somebody-new", params={"goal": goal}).text
    assert "Towards the goal" in page
    assert f'value="{goal}" lang="en" selected' in page
    way = re.search(r'<ol class="way">(.*?)</ol>', page, re.DOTALL)[1]
    assert "equivalent" in re.findall(r"<li[^>]*>(.*?)<span", way, re.DOTALL)[-1].lower()


def test_of_a_newcomer_it_is_said_that_nothing_is_known(browser):
    page = browser.get("/learners/somebody-new").text
    assert "No answers yet" in page
    assert texts(page, "reason")


def test_without_learners_it_is_said_how_they_come_in(opened, tmp_path):
    page = opened(load_settings(home=tmp_path / "empty")).get("/learners").text
    assert "brings curricula and resources in" in page
    assert cards_of(page) == []


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"can": "1"}, "#/outcome"),
        ({"outcome": "saltmere-line-symmetry"}, "#/can"),
        ({"outcome": "saltmere-line-symmetry", "can": "2"}, "#/can"),
    ],
)
def test_a_statement_that_says_too_little_is_a_problem_on_a_page(browser, sent, says):
    answer = browser.post(f"/learners/{LEARNER}/statements", data=sent, headers=HTML)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert says in answer.text


def test_what_is_not_there_is_a_problem_on_a_page(browser):
    said = {"outcome": "nothing", "can": "1"}
    answers = [
        browser.get(f"/learners/{LEARNER}?goal=nothing", headers=HTML),
        browser.post(f"/learners/{LEARNER}/statements", data=said, headers=HTML),
    ]
    assert [one.status_code for one in answers] == [404, 404]
    assert all("nothing" in one.text for one in answers)


@pytest.mark.parametrize("path", ["/learners", f"/learners/{LEARNER}"])
def test_a_damaged_model_is_a_problem_on_a_page(browser, sample_settings, path):
    (sample_settings.home / "learner.json").write_text("{", encoding="utf-8")
    answer = browser.get(path, headers=HTML)
    assert answer.status_code == 503
    assert "run `gateways train learner`" in answer.text


def test_pages_of_other_sites_can_state_nothing(browser):
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    said = {"outcome": "saltmere-line-symmetry", "can": "1", "voice": "teacher"}
    answer = browser.post(f"/learners/{LEARNER}/statements", data=said, headers=headers)
    assert answer.status_code == 403
    assert "set by a teacher" not in browser.get(f"/learners/{LEARNER}").text


def test_an_unsafe_name_is_escaped_wherever_it_is_shown(browser, sample_settings):
    did = Interaction(
        learner=UNSAFE, resource="en-mirror-lines", time=4e9, event=Event.COMPLETED, score=1.0
    )
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        catalogue.interactions.add([(None, did)])
    listed = browser.get("/learners").text
    link = f"/learners/{quote(UNSAFE)}"
    assert re.findall(r'<h2 id="card-\d"><a href="([^"]+)">', listed).count(link) == 1
    page = browser.get(link).text
    for text in (listed, page):
        assert "<script>" not in text
        assert html.escape(UNSAFE, quote=False).partition('"')[0] in text
    assert "1 outcome practised" in page
    action = re.search(r'<form class="state" action="([^"]+)"', page)[1]
    said = {"outcome": practised(page), "can": "1"}
    back = browser.post(html.unescape(action), data=said).headers["location"]
    assert "contested: can" in browser.get(back).text


def test_what_a_statement_was_about_is_found_again_whatever_its_id_has_in_it(
    browser, sample_settings, dataset_folder
):
    odd = "a&goal=none#?%41+é"
    row = {"id": odd, "framework": "odd", "title": "Odd", "language": "en"}
    folder = dataset_folder(outcomes=json.dumps(row))
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        import_document(catalogue, open_document(folder, ReadOptions()))
    sent = browser.post("/learners/odd-one/statements", data={"outcome": odd, "can": "1"})
    page = browser.get(sent.headers["location"]).text
    stated = re.search(r'<li class="estimate" id="stated">(.*?)</li>', page, re.DOTALL)
    assert html.escape(odd) in stated[1]


def test_with_a_key_the_list_leads_to_whom_it_lists(opened, sample_settings):
    key = SecretStr("a long random text")
    keyed = opened(sample_settings.model_copy(update={"learner_key": key}))
    sent = {"learner": "Ada Lovelace", "resource": "en-mirror-lines", "time": 4e9}
    keyed.post("/v1/interactions", json=sent | {"event": "completed", "score": 1})
    listed = keyed.get("/learners").text
    assert "Lovelace" not in listed
    link = re.search(r'href="(/learners/p-[^"]+)"', listed)[1]
    page = keyed.get(link).text
    assert "1 outcome practised" in page
    keyed.post(f"{link}/statements", data={"outcome": practised(page), "can": "0"})
    assert "contested: cannot yet" in keyed.get(link).text
    assert "contested: cannot yet" in keyed.get("/learners/Ada Lovelace").text
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        names = {one.learner for one in catalogue.recommendations.live()}
    assert names == {link.removeprefix("/learners/")}


@pytest.mark.parametrize(
    ("language", "first"), [("en", "saltmere-2024&#10;"), ("fr-CA", "arvelle-2023&#10;")]
)
def test_a_newcomer_is_offered_a_curriculum_in_their_language_first(browser, language, first):
    page = browser.get("/learners", headers={"accept-language": language}).text
    assert re.search(r'<option value="([^"]+)"', page)[1].startswith(first)


def test_a_newcomer_begins_at_a_level_and_keeps_it_along_the_way(browser):
    levels = browser.get("/learners").text
    start = html.unescape(re.search(r'<option value="(saltmere-2024&#10;[^"]+5)"', levels)[1])
    sent = start.replace("\n", "\r\n")  # as browsers do
    there = browser.post("/learners", data={"start": sent}).headers["location"]
    assert re.match(r"/learners/l-[0-9a-f]{12}\?framework=saltmere-2024&level=", there)
    page = browser.get(there).text
    assert "Grade 5" in texts(page, "kicker whole")[0]
    assert 'name="level" value="Grade 5"' in page
    assert "placement?framework=saltmere-2024&amp;level=Grade+5" in page


def test_a_placement_asks_at_most_ten_questions_and_each_answer_counts(browser, sample_settings):
    there = "/learners/new/placement?framework=saltmere-2024&level=Grade+5"
    asked = []
    while 'name="can"' in (page := browser.get(there).text):
        outcome = re.search(r'name="outcome" value="([^"]+)"', page)[1]
        asked.append(outcome)
        fields = {"framework": "saltmere-2024", "level": "Grade 5", "outcome": outcome}
        can = ("1", "0.5", "0")[len(asked) % 3]
        there = browser.post(there, data=fields | {"can": can}).headers["location"]
    assert 3 <= len(asked) == len(set(asked)) <= 10
    assert "enough" in page
    known = browser.get("/learners/new?framework=saltmere-2024&level=Grade+5").text
    assert known.count("said on placement") == len(asked)
    assert browser.post(there, data={"outcome": asked[0], "can": "2"}).status_code == 422


@pytest.mark.parametrize(("can", "said"), [("1", "can"), ("0.5", "a little"), ("0", "cannot yet")])
def test_what_was_said_on_placement_is_told_as_said_and_not_as_answers(browser, can, said):
    sent = {"outcome": "saltmere-line-symmetry", "can": can}
    browser.post("/learners/new/placement", data=sent)
    page = browser.get("/learners/new?framework=saltmere-2024").text
    _, words = estimate_of(page, "saltmere-line-symmetry")
    assert words == f"no answers\xa0· said on placement: {said}"
    assert "0 outcomes practised" in page
    assert " begun</span>" not in page


def test_how_likely_a_newcomer_can_do_something_is_called_a_guess(browser):
    there = "/learners/new?framework=saltmere-2024&goal=saltmere-line-symmetry"
    page = browser.get(there).text
    told = texts(page, "about-step")
    assert told
    assert all("a guess: " in one for one in told)
    way = re.search(r'<ol class="way">.*?</ol>', page, re.DOTALL)[0]
    assert way.count("a guess: ") == way.count("<li ")
    said = {"outcome": "saltmere-line-symmetry", "can": "0"}
    browser.post("/learners/new/placement", data=said)
    way = re.search(r'<ol class="way">.*?</ol>', browser.get(there).text, re.DOTALL)[0]
    assert way.count("likely mastered, from what was said") == 1


def test_what_was_only_said_is_not_counted_as_practised_on_a_card(browser):
    def said():
        card = next(one for one in cards_of(browser.get("/learners").text) if link in one)
        return re.search(r"\d+ outcomes? practised", card)[0]

    link = re.search(r'href="(/learners/l-[^"]+)"', browser.get("/learners").text)[1]
    before = said()
    browser.post(f"{link}/statements", data={"outcome": "saltmere-linear-equations", "can": "0"})
    assert said() == before
    assert before in browser.get(link).text


@pytest.mark.parametrize("carried", ["level=Grade+5", "goal=saltmere-line-symmetry"])
def test_where_a_learner_stands_and_aims_is_kept_on_the_way_to_what_is_stored_and_back(
    browser, carried
):
    there = f"/learners/new?framework=saltmere-2024&{carried}"
    for words in ("What is stored about me", "Back to the next steps"):
        links = re.findall(rf'<a href="([^"]+)">{words}</a>', browser.get(there).text)
        (there,) = map(html.unescape, links)
        assert there.endswith(f"?framework=saltmere-2024&{carried}")
    assert there.startswith("/learners/new?")


def test_a_goal_is_kept_through_a_placement_and_a_statement(browser):
    goal = {"goal": "saltmere-line-symmetry"}
    for path in ("placement", "statements"):
        sent = {"outcome": "saltmere-perimeter", "can": "1", **goal}
        there = browser.post(f"/learners/new/{path}", data=sent).headers["location"]
        assert "goal=saltmere-line-symmetry" in there
        assert 'name="goal" value="saltmere-line-symmetry"' in browser.get(there).text


def test_whoever_opens_a_mistyped_address_makes_no_learner_active(browser):
    before = browser.get("/learners").text
    for path in ("", "/placement", "/privacy"):
        assert browser.get(f"/learners/l-mistyped{path}").status_code == 200
    assert browser.get("/learners").text == before
    browser.post(
        "/learners/l-mistyped/placement", data={"outcome": "saltmere-line-symmetry", "can": "1"}
    )
    assert "l-mistyped" in browser.get("/learners").text


def test_a_learner_sees_all_that_is_stored_and_erases_it(browser, sample_settings):
    there = f"/learners/{LEARNER}/privacy"
    browser.get(f"/learners/{LEARNER}")
    page = browser.get(there).text
    counts = re.findall(r"<dd>(\d+)</dd>", page)
    assert counts == ["39", "0", "1"]
    assert f'href="/v1/learners/{LEARNER}/export"' in page
    refused = browser.post(f"/learners/{LEARNER}/erasure", headers=HTML)
    assert refused.status_code == 422
    assert "nothing was erased" in refused.text
    done = browser.post(f"/learners/{LEARNER}/erasure", data={"sure": "1"})
    assert "is erased" in browser.get(done.headers["location"]).text
    after = browser.get(there).text
    assert re.findall(r"<dd>(\d+)</dd>", after) == ["0", "0", "0"]
    assert "Nothing is stored." in after
