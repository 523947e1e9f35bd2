"""Two processes that serve one workspace over one PostgreSQL database, which is lost and back."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.settings import load_settings
from models.publishing import index_catalogue
from tests.pages.program import free_port

pytestmark = pytest.mark.slow  # it waits for two servers

FOLLOWED_WITHIN = 30
ROWS = {
    "outcomes": [
        {"id": f"o{n}", "framework": "f", "title": title, "language": "en"}
        for n, title in enumerate(["add fractions", "draw a map", "name the moon"])
    ],
    "resources": [{"id": "r", "title": "half of a square", "language": "en"}],
}


@pytest.fixture
def program(program, postgresql, tiny_folder):
    """The program on a new workspace and a new database."""
    with postgresql.database() as url:
        program.settings = {
            "GATEWAYS_DATABASE_URL": url,
            "GATEWAYS_ENCODER": str(tiny_folder),
            "GATEWAYS_LOG_LEVEL": "WARNING",
            "OMP_NUM_THREADS": "1",
        }
        yield program


def publish(program, name, rows):
    """Import these rows and publish an index, whose id is returned."""
    folder = program.home.parent / name
    folder.mkdir()
    for kind, of_kind in rows.items():
        lines = "".join(json.dumps(row) + "\n" for row in of_kind)
        (folder / f"{kind}.jsonl").write_text(lines)
    settings = load_settings(
        home=program.home,
        database_url=program.settings["GATEWAYS_DATABASE_URL"],
        encoder=program.settings["GATEWAYS_ENCODER"],
    )
    with Catalogue.open(settings.catalogue_url) as catalogue:
        import_document(catalogue, open_document(folder, ReadOptions()))
    manifest, _ = index_catalogue(settings)
    return manifest.id


def asked(client):
    answer = client.post("/v1/suggestions", json={"text": "half of a square", "k": 1})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_is_decided_or_published_in_one_is_so_in_the_other(program, postgresql):
    publish(program, "first", ROWS)
    ports = [free_port(), free_port()]
    with ThreadPoolExecutor() as together:
        servers = list(together.map(program.serve, ports))
    one, other = (httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) for port in ports)
    try:
        said = {"resource_id": "r", "outcome_id": "o1", "decision": "accept", "curator": "ann"}
        shown = asked(one)["suggestion_id"]
        made = one.post("/v1/decisions", json=said | {"suggestion_id": shown})
        assert made.status_code == 201, made.text
        ledger = other.get("/v1/decisions").json()["items"]
        assert [line["id"] for line in ledger] == [made.json()["id"]]
        held = other.get("/v1/outcomes/o1/resources").json()["items"]
        assert [line["resource"]["id"] for line in held] == ["r"]

        assert other.delete(f"/v1/decisions/{made.json()['id']}").status_code == 200
        assert one.get("/v1/outcomes/o1/resources").json()["items"] == []

        rows = {"resources": [{"id": "s", "title": "a map of the moon", "language": "en"}]}
        newest = publish(program, "second", rows)
        deadline = time.monotonic() + FOLLOWED_WITHIN
        while {asked(client)["index"] for client in (one, other)} != {newest}:
            assert time.monotonic() < deadline
            time.sleep(0.1)

        servers[0].kill()
        assert asked(other)["index"] == newest

        with postgresql.out_of_reach(program.settings["GATEWAYS_DATABASE_URL"]):
            lost = other.get("/v1/decisions")
            assert (lost.status_code, lost.headers["retry-after"]) == (503, "2"), lost.text
            assert other.get("/readyz").status_code == 503
        assert other.get("/readyz").status_code == 200
        assert len(other.get("/v1/decisions").json()["items"]) == 2
    finally:
        for server in servers:
            server.kill()
            server.communicate()
