"""A small profile, and a catalogue in SQLite of which every answer can be told by hand."""

from datetime import date
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Resource
from data.settings import load_settings
from evaluation.conformance.checks.base import Fact, Seen
from evaluation.conformance.judging import Question
from evaluation.conformance.profile_file import read_profile

SMALL = Path(__file__).with_name("small.toml")
TODAY = date(2026, 6, 1)
OUTCOMES = [
    {"id": "heading", "framework": "f", "title": "Heading", "assignable": False},
    {"id": "add", "framework": "f", "parent": "heading", "title": "Add"},
    {"id": "take", "framework": "f", "parent": "heading", "title": "Take away"},
]
RESOURCES = [
    {"id": "a", "title": "A", "kind": "video", "language": "en", "description": "Said."},
    {
        "id": "b",
        "title": "B",
        "kind": "video",
        "language": "fr",
        "url": "https://example.org/b",
        "accessibilityFeature": ["Captions", "transcript"],
        "description": "Dit.",
    },
    {"id": "c", "title": "C", "kind": "lesson", "language": "en", "url": "https://example.org/c"},
]
ALIGNMENTS = "resource,outcome,relation\na,add,teaches\nb,add,assesses\nb,take,requires\n"


@pytest.fixture
def small():
    return read_profile(SMALL)


@pytest.fixture
def small_text():
    return SMALL.read_text(encoding="utf-8")


@pytest.fixture
def filled(tmp_path, dataset_folder):
    """A workspace with the catalogue, by its settings."""
    settings = load_settings(home=tmp_path / "home")
    settings.home.mkdir()
    folder = dataset_folder(
        outcomes=jsonl(OUTCOMES), resources=jsonl(RESOURCES), alignments=ALIGNMENTS
    )
    with Catalogue.open(settings.catalogue_url) as catalogue:
        import_document(catalogue, open_document(folder, ReadOptions()))
    return settings


@pytest.fixture
def catalogue(filled):
    with Catalogue.open(filled.catalogue_url) as opened:
        yield opened


@pytest.fixture
def question(small):
    def asked(**changes):
        told = {"profile": small, "today": TODAY, "facts": {"safe": Fact(True, "setting safe")}}
        return Question(**(told | changes))

    return asked


@pytest.fixture
def seen():
    """A resource as checks see it."""

    def made(alignments=(), link=None, **fields):
        resource = Resource(**({"id": "r", "title": "Title"} | fields))
        return Seen(resource=resource, alignments=alignments, today=TODAY, link=link)

    return made


def jsonl(rows):
    import json

    return "".join(json.dumps(row) + "\n" for row in rows)
