"""The pages of norms over the sample catalogue, from the verdict down to one resource."""

import csv
import html
import io
import re
import threading

import pytest

from data.catalogue import Catalogue
from data.errors import UnavailableError
from evaluation.conformance.judging import judge
from service.web.norms import kept, views
from tests.evaluation.conformance.conftest import SMALL
from tests.patience import PATIENCE

HTML = {"Accept": "text/html"}


@pytest.fixture
def browser(opened, sample_settings):
    return opened(sample_settings)


@pytest.fixture
def own(sample_settings):
    """A profile of the workspace's own."""
    folder = sample_settings.home / "profiles"
    folder.mkdir()
    (folder / "ours.toml").write_text(SMALL.read_text(encoding="utf-8"), encoding="utf-8")
    return folder / "ours.toml"


def plain(page):
    text = re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0])
    return " ".join(html.unescape(text).split())


def links_of(page):
    return [html.unescape(one) for one in re.findall(r'href="([^"]+)"', page)]


def test_the_verdict_comes_first_with_what_stands_in_the_way(browser):
    page = browser.get("/norms").text
    said = plain(page)
    assert "It does not conform yet" in said
    assert "281 of 316 resources meet all that they must." in said
    verdict = page.split('class="verdict')[1].split("</section>")[0]
    ways = [one for one in links_of(verdict) if one.startswith("#")]
    assert ways == ["#rule-described", "#rule-open-licence"]
    assert all(f'id="{one[1:]}"' in page for one in ways)


def test_each_principle_has_its_rules_worst_first_evidence_and_questions(browser):
    page = browser.get("/norms?profile=charter").text
    parts = page.split('<section class="principle"')[1:]
    assert len(parts) == 7
    trust = plain("<main" + parts[-1].split("</section>")[0] + "</main>")
    order = ["Learners are kept under names", "The address of a resource answers", "erased"]
    assert sorted(order, key=trust.index) == order
    assert "setting learner_key is not set" in trust
    assert "DELETE /v1/learners/ID" in trust
    assert all("What people must judge" in part for part in parts)
    assert "8 questions are left for people to judge." in plain(page)


def test_one_goes_down_from_a_rule_to_resources_and_each_is_there_once(browser, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 4)
    where, found = "/norms/rules/open-licence?profile=content", []
    while where:
        page = browser.get(where).text
        found += [one for one in links_of(page) if one.startswith("/resources/")]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        where = html.unescape(following[1]) if following else None
    assert len(found) == len(set(found)) == 10
    assert browser.get(found[0]).status_code == 200
    assert "is not among the licences allowed" in page


def test_a_resource_is_shown_rule_by_rule(browser):
    page = browser.get("/resources/en-fraction-wall").text
    assert "/norms/resources/en-fraction-wall" in links_of(page)
    said = plain(browser.get("/norms/resources/en-fraction-wall").text)
    assert "It meets all that it must" in said
    assert "its source does not let it be downloaded" in said
    assert said.index("Falls short") < said.index("Not known") < said.index(" Met ")


def test_the_charter_is_read_in_the_language_of_the_page(browser):
    for tag, principle, rule in (
        ("fr", "Pédagogique", "Chaque ressource indique sa langue"),
        ("ar", "تربويّة", "كلّ مورد يذكر لغته"),
        ("en", "Pedagogical", "Each resource states its language"),
    ):
        headers = {"Accept-Language": tag}
        page = browser.get("/norms?profile=charter", headers=headers).text
        assert f'lang="{tag}" dir="auto">{principle}<' in page
        for path in ("rules/language-stated", "resources/en-fraction-wall"):
            page = browser.get(f"/norms/{path}?profile=charter", headers=headers).text
            assert f'lang="{tag}" dir="auto">{rule}<' in page


def test_what_programs_fetch_is_what_the_command_gives(browser):
    told = browser.get("/norms/report.json?platform=gateways-sample").json()
    assert (told["platform"], told["resources"], told["conforms"]) == (
        "gateways-sample",
        316,
        False,
    )
    answer = browser.get("/norms/resources.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    failing = sum(rule["counts"]["failed"] for rule in told["rules"] if "counts" in rule)
    assert sum(row["result"] == "failed" for row in rows) == failing


def test_a_profile_of_the_workspace_can_be_chosen(browser, own):
    assert "<option>ours</option>" in browser.get("/norms").text
    said = plain(browser.get("/norms?profile=ours").text)
    assert "A small profile" in said
    assert "Is it kind?" in said


def test_a_profile_that_is_wrong_is_told(browser, own):
    own.write_text("format = 1\n")
    answer = browser.get("/norms?profile=ours", headers=HTML)
    assert answer.status_code == 422
    assert "Field required" in answer.text


def test_a_report_is_made_anew_when_the_catalogue_changes(browser, sample_settings):
    assert "281 of 316" in plain(browser.get("/norms").text)
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        resource = catalogue.resources.get("en-fraction-wall")
        catalogue.resources.replace(type(resource)(id=resource.id, title=resource.title))
    assert "280 of 316" in plain(browser.get("/norms").text)


def test_one_that_takes_long_is_shown_with_its_time_until_it_has_rested(
    browser, sample_settings, monkeypatch
):
    monkeypatch.setattr(kept, "LONG", 0)
    monkeypatch.setattr(kept, "REST", 1e9)
    first = plain(browser.get("/norms").text)
    assert "Made on" not in first
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        resource = catalogue.resources.get("en-fraction-wall")
        catalogue.resources.replace(type(resource)(id=resource.id, title=resource.title))
    older = plain(browser.get("/norms").text)
    assert "281 of 316" in older
    assert "Made on" in older
    monkeypatch.setattr(kept, "REST", 0)
    monkeypatch.setattr(kept, "PATIENCE", 60)
    newest = plain(browser.get("/norms").text)
    assert "280 of 316" in newest
    assert "Made on" not in newest


def test_a_page_does_not_wait_for_a_large_catalogue(browser, monkeypatch):
    go_on = threading.Event()

    def slowly(*asked):
        go_on.wait(PATIENCE)
        return judge(*asked)

    monkeypatch.setattr(kept, "judge", slowly)
    monkeypatch.setattr(kept, "PATIENCE", 0.05)
    said = browser.get("/norms").text
    assert "The resources are being judged" in plain(said)
    assert "/norms?profile=content" in links_of(said)
    go_on.set()
    monkeypatch.setattr(kept, "PATIENCE", PATIENCE)
    assert "281 of 316" in plain(browser.get("/norms").text)


def test_what_broke_is_told_and_tried_again(browser, monkeypatch):
    def broken(*_):
        raise UnavailableError("the disk is away")

    with monkeypatch.context() as patch:
        patch.setattr(kept, "judge", broken)
        assert browser.get("/norms", headers=HTML).status_code == 503
    assert browser.get("/norms").status_code == 200


def test_an_empty_catalogue_says_what_to_do(opened, empty_settings):
    said = plain(opened(empty_settings).get("/norms").text)
    assert "There is nothing here yet" in said


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_findings_are_in_the_readers_language(browser, language):
    page = browser.get("/norms/rules/open-licence", headers={"accept-language": language}).text
    assert "CC-BY-NC-SA-4.0" in page
    assert "is not among the licences allowed" not in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/norms?platform=none", 404),
        ("/norms?profile=none", 422),
        ("/norms?profile=../../etc/passwd", 422),
        ("/norms/rules/none", 404),
        ("/norms/rules/coverage", 404),
        ("/norms/resources/none", 404),
    ],
)
def test_what_there_is_not_is_refused(browser, path, status):
    assert browser.get(path, headers=HTML).status_code == status


def test_what_should_be_met_and_is_not_is_told_apart_from_what_must(browser):
    page = browser.get("/norms?profile=content").text
    rules = re.findall(r'<p class="tags-of">(.*?)</p>', page, re.DOTALL)
    failed = {plain(f"<main>{one}</main>") for one in rules if "bad" in one or "short" in one}
    assert failed == {"> Not met Must", "> Falls short Should"}
    mine = browser.get("/norms/resources/en-fraction-wall").text
    assert not re.search(r"Not met</span>\s*<span class=.tag weight.>Should", mine)
