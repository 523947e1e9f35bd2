"""A small school with learners, served without an index."""

import json
import shutil

import pytest

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
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
