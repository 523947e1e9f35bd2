"""Two countries with a gateway each: what one has is found by the other's curriculum."""

import csv
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from data.catalogue import Catalogue
from data.formats.case.mapping import identifier_of
from data.settings import load_settings
from tests.pages.program import free_port
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SALTMERE, ARVELLE = "saltmere-2024", "arvelle-2023"


class Country:
    """A gateway with one framework, and with resources in some languages."""

    def __init__(self, program, framework, languages, encoder):
        self.program, self.framework = program, framework
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        program.settings = {
            "GATEWAYS_ENCODER": str(encoder),
            "GATEWAYS_LOG_LEVEL": "WARNING",
            "GATEWAYS_OAI_DOMAIN": f"{framework}.example",
            "GATEWAYS_PUBLIC_URL": self.url,
            "GATEWAYS_HARVEST_PRIVATE": '["127.0.0.0/8"]',
            "OMP_NUM_THREADS": "1",
        }
        folder = program.home.parent / framework
        folder.mkdir()
        self.outcomes = _part(folder, "outcomes", lambda row: row["framework"] == framework)
        self.resources = _part(folder, "resources", lambda row: row["language"] in languages)
        kept = {"resource": self.resources, "outcome": self.outcomes}
        self.alignments = _pairs(SAMPLE / "alignments.csv", kept)
        _table(folder / "alignments.csv", self.alignments)

    def begin(self):
        """Import what is the country's own, and serve it."""
        self.program.run("import", self.program.home.parent / self.framework)
        return self.program.serve(self.port)

    def correspondences(self):
        settings = load_settings(home=self.program.home)
        with Catalogue.open(settings.catalogue_url) as catalogue:
            return catalogue.counts()["correspondences"]

    def note(self, other):
        """Note the other country as a source, of frameworks and of resources."""
        lists = f"{other.url}/ims/case/v1p1"
        self.program.run("sources", "add", "their-frameworks", "--case", lists)
        self.program.run("sources", "add", "theirs", "--oai", f"{other.url}/oai")

    def harvest(self):
        """What came of the frameworks, and of the resources."""
        return json.loads(self.program.run("harvest", "--json").stdout)


def _part(folder, name, wanted):
    lines = (SAMPLE / f"{name}.jsonl").read_text("utf-8").splitlines()
    rows = {row["id"]: row for row in map(json.loads, lines) if wanted(row)}
    text = "".join(json.dumps(row) + "\n" for row in rows.values())
    (folder / f"{name}.jsonl").write_text(text, "utf-8")
    return rows


def _pairs(file, kept):
    with file.open(encoding="utf-8", newline="") as rows:
        return [row for row in csv.DictReader(rows) if all(row[one] in kept[one] for one in kept)]


def _table(file, rows):
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def countries(program_on, tiny_folder, tmp_path):
    """Both, and their servers."""
    made = [
        Country(program_on(tmp_path / "saltmere"), SALTMERE, {"en"}, tiny_folder),
        Country(program_on(tmp_path / "arvelle"), ARVELLE, {"fr", "es", "ar"}, tiny_folder),
    ]
    servers = at_once(lambda one: one.begin(), made)
    yield made
    for server in servers:  # at once, since one that fills its queue first would take a while
        server.kill()
        server.communicate()


@pytest.fixture
def chromium():
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"],
            timeout=1000 * PATIENCE,
        )
        yield program
        program.close()


def test_resources_of_one_country_are_found_by_the_curriculum_of_the_other(
    countries, chromium, tmp_path
):
    saltmere, arvelle = countries
    at_once(lambda pair: pair[0].note(pair[1]), [(saltmere, arvelle), (arvelle, saltmere)])

    frameworks, resources = saltmere.harvest()
    assert (frameworks["new"], frameworks["refused"]) == (len(arvelle.outcomes), 0)
    assert (resources["new"], resources["refused"]) == (len(arvelle.resources), 0)
    assert resources["alignments"]["standing"] == len(arvelle.alignments)

    lines = decide_the_crosswalk(saltmere, arvelle, tmp_path / "curated")
    frameworks, resources = arvelle.harvest()  # brings the crosswalk, too
    assert frameworks["new"] == len(saltmere.outcomes)
    assert "1 of its frameworks" in frameworks["warnings"][0]
    assert resources["new"] == len(saltmere.resources)
    assert resources["alignments"]["standing"] == len(saltmere.alignments)
    assert [one.correspondences() for one in countries] == [len(lines), len(lines)]
    at_once(lambda one: one.program.run("index"), countries)

    ours, theirs = next(
        (line["outcome"], line["other"]) for line in lines if is_served(line, saltmere, arvelle)
    )
    see_in_browser(chromium, saltmere, ours, titles(arvelle, theirs, "fr"), "fr")
    see_in_browser(chromium, arvelle, theirs, titles(saltmere, ours, "en"), "en")


def at_once(action, items):
    """Do the same with each, at the same time."""
    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(action, items))


def decide_the_crosswalk(saltmere, arvelle, folder):
    """The curators of Saltmere say what corresponds; Arvelle's outcomes go by their ids there."""
    lines = _pairs(
        SAMPLE / "crosswalk.csv", {"outcome": saltmere.outcomes, "other": arvelle.outcomes}
    )
    folder.mkdir()
    there = [line | {"other": identifier_of("outcome", line["other"])} for line in lines]
    _table(folder / "crosswalk.csv", there)
    (folder / "dataset.json").write_text('{"name": "curated"}')
    saltmere.program.run("import", folder)
    return lines


def is_served(line, saltmere, arvelle):
    """Whether both ends of an exact line have resources at home."""
    return (
        line["match"] == "exact"
        and titles(arvelle, line["other"], "fr")
        and titles(saltmere, line["outcome"], "en")
    )


def titles(country, outcome, language):
    named = [row["resource"] for row in country.alignments if row["outcome"] == outcome]
    found = (country.resources[name] for name in named)
    return [one["title"] for one in found if one["language"] == language]


def see_in_browser(chromium, country, outcome, expected, language):
    """A learner who reads that language finds the other country's resources first."""
    page = chromium.new_context(locale=language).new_page()
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(f"{country.url}/outcomes/{outcome}")
    first = page.locator("section.crossing li").first
    expect(first).to_be_visible(timeout=1000 * PATIENCE)
    title = first.locator(".line-title").inner_text()
    assert any(one in title for one in expected), (title, expected)
    assert first.locator(f"[lang={language}]").count() > 0
    page.context.close()
