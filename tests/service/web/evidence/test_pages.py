"""The public report over the sample catalogue."""

import html
import re

import pytest

from data.catalogue import Catalogue
from data.records import Decision, Platform, Verdict
from data.workspace import Workspace
from evaluation.evidence.kept import Kept
from evaluation.evidence.making import make
from evaluation.evidence.privacy import Privacy

HTML = {"Accept": "text/html"}
NARROW = {"width": 360, "height": 740}


@pytest.fixture
def browser(opened, sample_settings):
    return opened(sample_settings)


@pytest.fixture
def make_report(sample_settings):
    """Make a report of the sample, which is of this platform, and keep it."""

    def made(name="Islands & «Co»", least=10):
        with Catalogue.open(sample_settings.catalogue_url) as catalogue:
            catalogue.platforms.put(Platform(id="isles", name=name, operator="x", created=1.0))
            catalogue.platforms.assign("gateways-sample", "isles")
            kept = Kept(Workspace(sample_settings.home).evidence)
            report = make(catalogue, Privacy(least=least), kept.read())
            kept.keep(report)
            return report

    return made


def plain(page):
    text = re.sub(r"<[^>]+>", " ", page.split('<main id="main">')[1].split("</main>")[0])
    return " ".join(html.unescape(text).split())


def test_before_the_first_report_the_page_says_how_one_is_made(browser):
    page = browser.get("/evidence", headers=HTML)
    assert page.status_code == 200
    assert "No report was made yet" in plain(page.text)
    assert "gateways evidence" in plain(page.text)
    assert '<form action="/evidence" method="post">' in page.text
    assert browser.get("/evidence/isles", headers=HTML).status_code == 404


def test_an_empty_gateway_says_what_to_bring_in_first(opened, empty_settings):
    assert "There is nothing here yet" in plain(opened(empty_settings).get("/evidence").text)


def test_all_platforms_are_told_and_each_has_a_page_of_its_own(browser, make_report):
    report = make_report()
    whole = browser.get("/evidence", headers=HTML).text
    assert '<a href="/evidence/isles" lang="und" dir="auto">Islands &amp; «Co»</a>' in whole
    said = plain(whole)
    assert f"Its fingerprint begins with {report.fingerprint[:6]}:" in said
    assert f'title="{report.fingerprint}"' in whole
    assert "There are too few platforms to compare" in said
    one = browser.get("/evidence/isles?framework=arvelle-2023", headers=HTML).text
    assert plain(one).startswith("What the figures say of all platforms Islands & «Co»")
    assert "too few platforms" not in plain(one)
    assert 'id="by-language"' in one
    assert browser.get("/evidence/none", headers=HTML).status_code == 404


def test_what_has_changed_is_told_in_the_next_report(browser, make_report, sample_settings):
    make_report()
    assert "What has changed since" not in plain(browser.get("/evidence").text)
    with Catalogue.open(sample_settings.catalogue_url) as catalogue:
        served = {one.outcome for one in catalogue.tallies.served()}
        hole = next(one.id for one in catalogue.tallies.targets() if one.id not in served)
        accepted = Decision(
            resource="en-fraction-wall", outcome=hole, verdict=Verdict.ACCEPT, curator="a", time=2.0
        )
        catalogue.ledger.decide(accepted)
    make_report(least=1000)
    page = browser.get("/evidence/isles").text
    changes = plain(
        '<main id="main">' + page.split('id="changes"')[1].split("</section>")[0] + "</main>"
    )
    assert "Outcomes with a resource" in changes
    assert "+0.8 points" in changes
    assert "kept back" in plain(page)


def test_numbers_are_in_the_readers_form(browser, make_report):
    make_report()
    french = browser.get("/evidence", headers=HTML | {"Accept-Language": "fr"}).text
    assert "91\u202f%" in french or "91\xa0%" in french


def test_a_report_is_made_by_a_job(browser, make_report, monkeypatch):
    started = []
    monkeypatch.setattr(
        "service.web.evidence.pages.Jobs.start",
        lambda _, *asked: started.append(asked) or type("Job", (), {"id": "x"}),
    )
    sent = browser.post("/evidence")
    assert (sent.status_code, sent.headers["location"]) == (303, "/administration/jobs/x")
    assert started == [("evidence", ("evidence",), "web")]


@pytest.mark.slow
def test_nobody_is_kept_out_of_the_report(
    sample_settings, make_report, chromium, running, check_for_everyone
):
    make_report()
    server = running(sample_settings).begin()
    try:
        for scheme in ("light", "dark"):
            page = chromium.new_page(viewport=NARROW, color_scheme=scheme)
            for path in ("/evidence", "/evidence/isles"):
                page.goto(server.url + path)
                check_for_everyone(page)
            page.close()
    finally:
        server.end()
