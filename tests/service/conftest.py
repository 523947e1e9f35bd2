"""A tiny real catalogue with a real index, served in this process or on a real port."""

import asyncio
import json
import shutil
import socket
import threading
import time

import pytest
from fastapi.testclient import TestClient
from uvicorn import Config, Server

from data.catalogue import Catalogue
from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions
from data.importing.importer import import_document
from data.settings import load_settings
from models.snapshots.publishing import index_catalogue
from service.app import create_app
from service.web.coverage import compared
from service.web.norms import kept
from tests.patience import PATIENCE

BASE = "http://127.0.0.1"
TREE = {
    "maths": {
        "Fractions": [
            "Add fractions with the same denominator",
            "Subtract fractions with the same denominator",
            "Compare fractions with different denominators",
            "Write a fraction as a decimal",
            "Find equivalent fractions",
        ],
        "Shapes": [
            "Calculate the area of a rectangle",
            "Calculate the perimeter of a polygon",
            "Measure angles with a protractor",
            "Recognise reflection symmetry",
            "Find the volume of a cuboid",
        ],
        "Data": [
            "Read a bar chart",
            "Calculate the mean of a set of numbers",
            "Describe how likely an event is",
        ],
    },
    "science": {
        "Living things": [
            "Describe the parts of a flowering plant",
            "Explain photosynthesis in green leaves",
            "Describe food chains and predators",
            "Name the organs of the human digestive system",
            "Group animals by whether they have a backbone",
        ],
        "Earth and sky": [
            "Describe the water cycle",
            "Explain why the Moon has phases",
            "Explain how volcanoes erupt",
            "Describe how fossils are formed",
        ],
        "Forces and energy": [
            "Build a simple electric circuit",
            "Explain how magnets attract iron",
            "Explain friction between surfaces",
            "Describe how sound travels as vibrations",
            "Explain how shadows change with the light",
        ],
    },
}
RESOURCES = [
    (
        "volcano",
        "Inside a volcano",
        "Magma rises and the volcano erupts with lava and ash.",
        "video",
    ),
    ("pizza", "Pizza fractions", "Add quarters and eighths of a pizza.", "game"),
    ("moon", "Moon diary", "Draw the phases of the Moon for a month.", "exercise"),
    ("chart", "Our favourite fruit", "Draw and read a bar chart of the class.", "lesson"),
]


def slug(title):
    return title.lower().replace(" ", "-")


def outcome_rows():
    for framework, headings in TREE.items():
        for place, (heading, titles) in enumerate(headings.items()):
            common = {"framework": framework, "language": "en", "subject": framework}
            top = {"id": f"{framework}-{slug(heading)}", "title": heading, "assignable": False}
            yield {**common, **top, "position": place, "levels": ["Year 4"]}
            for number, title in enumerate(titles):
                row = {"id": slug(title), "parent": top["id"], "title": title, "position": number}
                yield {**common, **row, "code": f"{framework[0].upper()}{place}.{number}"}


def resource_rows():
    for name, title, description, kind in RESOURCES:
        row = {"id": name, "title": title, "description": description, "kind": kind}
        yield {**row, "language": "en", "licence_url": "https://example.org/cc0"}


def take_in(settings, folder, outcomes, resources=(), **options):
    folder.mkdir(exist_ok=True)
    for name, rows in (("outcomes", outcomes), ("resources", resources)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (folder / "alignments.csv").write_text(
        "resource,outcome,relation,split\nvolcano,explain-how-volcanoes-erupt,teaches,train\n"
    )
    with Catalogue.open(settings.catalogue_url) as catalogue:
        return import_document(catalogue, DatasetFolder().open(folder, ReadOptions()), **options)


@pytest.fixture(autouse=True)
def patient_pages(monkeypatch):
    """Pages wait for what they show, where a test does not say otherwise."""
    for page in (compared, kept):
        monkeypatch.setattr(page, "PATIENCE", PATIENCE)


@pytest.fixture
def shared_encoder(minilm, monkeypatch):
    """Whatever is asked for is MiniLM, which takes a second to load."""
    monkeypatch.setattr("models.snapshots.open.load_encoder", lambda *_: minilm)
    return minilm


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    home = tmp_path_factory.mktemp("template") / "home"
    settings = load_settings(home=home, encoder="minilm")
    take_in(settings, home.parent / "tiny", outcome_rows(), resource_rows())
    index_catalogue(settings)
    return home


@pytest.fixture
def settings(template, tmp_path, shared_encoder):
    home = tmp_path / "home"
    shutil.copytree(template, home)
    return load_settings(home=home, max_text=20_000)


@pytest.fixture
def empty_settings(tmp_path, shared_encoder):
    return load_settings(home=tmp_path / "empty")


@pytest.fixture
def catalogue(settings):
    with Catalogue.open(settings.catalogue_url) as opened:
        yield opened


@pytest.fixture
def import_without(settings, tmp_path):
    """Import the tiny dataset again without the outcome of this id."""

    def imported(gone):
        rows = [row for row in outcome_rows() if row["id"] != gone]
        return take_in(settings, tmp_path / "tiny", rows, resource_rows(), prune=True)

    return imported


@pytest.fixture
def opened():
    """Open clients of applications with these settings."""
    clients = []

    def client_of(settings):
        client = TestClient(create_app(settings), base_url=BASE, follow_redirects=False)
        clients.append(client.__enter__())
        return client

    yield client_of
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def client(opened, settings):
    return opened(settings)


@pytest.fixture
def suggested(client):
    """Ask for suggestions; the answer's body."""

    def ask(**body):
        response = client.post("/v1/suggestions", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    return ask


@pytest.fixture
def problem_in():
    """The problem details that a response must be."""

    def check(response, status):
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert problem["status"] == status
        assert {"type", "title", "detail", "instance"} <= set(problem)
        return problem

    return check


class Running(Server):
    """The real server, in a thread."""

    def __init__(self, settings):
        self.app = create_app(settings)
        super().__init__(Config(self.app, log_config=None, access_log=False))
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.url = f"{BASE}:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(
            target=lambda: asyncio.run(self.serve(sockets=[self.socket]))
        )

    def begin(self):
        self.thread.start()
        while not self.started:
            assert self.thread.is_alive()
            time.sleep(0.01)
        return self

    def end(self):
        self.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@pytest.fixture(scope="session")
def running():
    """The class of servers in a thread."""
    return Running


@pytest.fixture
def server(settings):
    running = Running(settings).begin()
    yield running
    running.end()


def _routes_of(app):
    """Method and path of every route that is served, whatever router it came by."""
    for route in app.routes:
        found = getattr(route, "effective_route_contexts", lambda route=route: [route])
        for one in found():
            for method in getattr(one, "methods", None) or {"GET"}:
                if method != "HEAD":
                    yield method, one.path


@pytest.fixture(scope="session")
def routes_of():
    """The routes of an application."""
    return _routes_of
