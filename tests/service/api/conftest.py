"""A small school with learners, served without an index."""

import json
import shutil
from ipaddress import ip_network

import pytest

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.harvesting.fetching import Fetcher
from data.harvesting.harvest import Harvester
from data.harvesting.local_names import OutcomeNames
from data.harvesting.settling import settle_alignments
from data.importing.importer import _silent, import_document
from data.records import Source
from data.settings import load_settings

SCHOOL = {"count": "Grade 3", "add": "Grade 3", "multiply": "Grade 4", "divide": "Grade 5"}


@pytest.fixture(scope="session")
def school_home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("school")
    unit = {"id": "number", "framework": "school", "title": "Number", "assignable": False}
    outcomes = [unit] + [
        {
            "id": name,
            "framework": "school",
            "parent": "number",
            "title": f"To {name}",
            "levels": [level],
            "language": "en",
            "position": place,
        }
        for place, (name, level) in enumerate(SCHOOL.items())
    ]
    outcomes.append({"id": "compter", "framework": "école", "title": "Compter", "language": "fr"})
    resources = [
        {"id": f"{kind}-{name}", "title": f"{kind} {name}", "kind": kind, "language": "en"}
        | {"downloadable": kind == "quiz"}
        for name in SCHOOL
        for kind in ("video", "quiz")
    ]
    resources.append({"id": "jeu", "title": "Jeu", "kind": "game", "language": "fr"})
    pairs = [f"{row['id']},{row['id'].partition('-')[2] or 'compter'}" for row in resources]
    edges = ["add,count", "multiply,add", "divide,multiply"]
    for name, rows in (("outcomes", outcomes), ("resources", resources)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (folder / "alignments.csv").write_text("\n".join(["resource,outcome", *pairs, ""]))
    (folder / "prerequisites.csv").write_text("\n".join(["outcome,requires", *edges, ""]))
    home = folder / "home"
    home.mkdir()
    with Catalogue.open(load_settings(home=home).catalogue_url) as catalogue:
        import_document(catalogue, open_document(folder, ReadOptions()))
    return home


@pytest.fixture
def school_settings(school_home, tmp_path):
    home = tmp_path / "school"
    shutil.copytree(school_home, home)
    return load_settings(home=home)


@pytest.fixture
def school(opened, school_settings):
    """A client of the school's service."""
    return opened(school_settings)


@pytest.fixture
def neighbour(server, tmp_path):
    """A catalogue elsewhere, and how it harvests from the server: neighbour.harvest("case")."""
    with Catalogue.open(f"sqlite:///{tmp_path}/neighbour.sqlite") as catalogue:
        yield Neighbour(catalogue, server.url)


class Neighbour:
    def __init__(self, catalogue, url):
        self.catalogue = catalogue
        for kind, path, options in (
            ("case", "/ims/case/v1p1", {}),
            ("oai", "/oai", {"prefix": "oai_lom"}),
        ):
            source = Source(name=kind, kind=kind, url=url + path, options=options, created=1.0)
            catalogue.sources.add(source)
        self._harvester = Harvester(
            catalogue=catalogue,
            fetcher=Fetcher(private=(ip_network("127.0.0.0/8"),)),
            max_text=10_000,
            max_pages=100,
            progress=_silent,
        )

    def harvest(self, kind, **how):
        report = self._harvester.harvest(self.catalogue.sources.get(kind), **how)
        settle_alignments(self.catalogue, "oai", OutcomeNames.of(self.catalogue))
        return report


@pytest.fixture
def answered():
    """The body of an answer to a question about an outcome."""

    def body(outcome="count", score=1.0, learner="l", time=1_780_000_000, **more):
        return {
            "learner": learner,
            "item": f"question about {outcome} at {time}",
            "outcomes": [outcome],
            "time": time,
            "event": "attempted",
            "score": score,
            **more,
        }

    return body
