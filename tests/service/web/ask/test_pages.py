import re

import pytest

from models.suggestion import Answer, Suggestion


def test_the_first_page_offers_a_form_and_the_catalogues_resources(client):
    page = client.get("/suggest").text
    assert "<textarea" in page
    assert "Inside a volcano" in page
    assert "<script>" not in page


def test_the_title_says_what_counts_as_it_where_it_is_left_empty(client):
    page = client.get("/suggest").text
    assert re.search(r'<input id="title"[^>]*aria-describedby="untitled"', page)
    assert re.search(r'id="untitled">[^<]*first line of the text counts as the title', page)


def test_a_resources_suggestions_are_shown_as_paths(client):
    page = client.get("/suggest", params={"resource": "volcano"}).text
    assert "Explain how volcanoes erupt" in page
    assert re.search(r"\d+\s*%", page)


@pytest.mark.parametrize("sure", [(0.9, 0.07), (0.3, 0.07), (0.9, 0.6)])
def test_only_what_likely_fits_is_called_suggested(client, monkeypatch, sure):
    def ranked(serving, *_):
        found = [
            Suggestion(outcome=entry.outcome.id, rank=rank, score=0.0, confidence=p, selected=True)
            for rank, (entry, p) in enumerate(zip(serving.snapshot.entries, sure, strict=False), 1)
        ]
        return Answer(suggestions=tuple(found))

    monkeypatch.setattr("service.asking.suggesting.ranked", ranked)
    page = client.post("/suggest", data={"text": "Volcanoes erupt"}).text
    parts = dict(re.findall(r"<h2>([^<]+)</h2>(.*?)(?=<h2>|</form>)", page, re.DOTALL))
    told = {name: re.findall(r"(\d+)%</span>", part) for name, part in parts.items()}
    likely = [f"{p:.0%}"[:-1] for p in sure if p >= 0.5]
    others = [f"{p:.0%}"[:-1] for p in sure if p < 0.5]
    said = {"Suggested outcomes": likely, "Worth a look": others}
    assert told == {name: found for name, found in said.items() if found}


def test_a_browser_may_go_back_to_the_answer_about_a_text_which_is_kept_nowhere_else(
    client, catalogue
):
    before = catalogue.counts()["resources"]
    answer = client.post("/suggest", data={"text": "Volcanoes erupt"})
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "Volcanoes erupt</textarea>" in answer.text
    assert catalogue.counts()["resources"] == before
    for path in ("/suggest", "/suggest?resource=volcano"):
        assert client.get(path).headers["cache-control"] == "no-store"


def test_what_is_pasted_is_escaped(client):
    form = {"title": "<script>alert(1)</script>", "text": "Volcanoes erupt <b>lava</b> and ash"}
    answer = client.post("/suggest", data=form, follow_redirects=True)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<b>lava" not in answer.text


def test_pages_of_other_sites_cannot_post(client):
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/suggest", data={"text": "volcano"}, headers=headers).status_code == 403


def test_a_pasted_text_is_not_offered_what_was_rejected_for_it(client):
    pasted = {"text": "How volcanoes erupt: lava and ash", "title": "", "language": "en"}
    before = client.post("/suggest", data=pasted).text
    accept = re.search(r'name="reject" value="(1 [^"]+)"', before).group(1)
    suggestion = re.search(r'name="suggestion" value="([^"]+)"', before).group(1)
    title = re.search(r'aria-label="Accept: ([^"]+)"', before).group(1)
    sent = {**pasted, "suggestion": suggestion, "reject": accept}
    assert client.post("/decisions", data=sent).status_code == 303
    after = client.post("/suggest", data=pasted).text
    assert f"Accept: {title}" not in after


def test_a_text_is_not_kept_by_a_decision_that_is_refused(client, catalogue):
    sent = {"text": "Volcanoes erupt", "suggestion": "never shown", "accept": "1 read-a-bar-chart"}
    before = catalogue.counts()["resources"]
    assert client.post("/decisions", data=sent).status_code == 422
    assert catalogue.counts()["resources"] == before
