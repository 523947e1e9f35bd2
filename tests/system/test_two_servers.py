"""Two processes over one PostgreSQL database, with one workspace or one each."""

import json
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.settings import load_settings
from models.snapshots.publishing import index_catalogue
from tests.pages.program import free_port
from tests.patience import PATIENCE, until

pytestmark = pytest.mark.slow  # it waits for two servers

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


def client_of(port):
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE)


def asked(client):
    answer = client.post("/v1/suggestions", json={"text": "half of a square", "k": 1})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_is_decided_or_published_in_one_is_so_in_the_other(program, postgresql):
    publish(program, "first", ROWS)
    ports = [free_port(), free_port()]
    with ThreadPoolExecutor() as together:
        servers = list(together.map(program.serve, ports))
    one, other = map(client_of, ports)
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
        until(lambda: {asked(client)["index"] for client in (one, other)} == {newest})

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


def test_machines_agree_on_an_index_that_one_of_them_gets_late(program, program_on):
    url = program.settings["GATEWAYS_DATABASE_URL"]
    first = publish(program, "first", ROWS)
    elsewhere = program_on(program.home.with_name("elsewhere"))
    elsewhere.settings = program.settings
    shutil.copytree(program.home, elsewhere.home)
    ports = [free_port(), free_port()]
    with ThreadPoolExecutor() as together:
        servers = list(
            together.map(
                lambda of: of[0].serve(of[1]), zip((program, elsewhere), ports, strict=True)
            )
        )
    here, there = map(client_of, ports)

    def states():
        found = here.get("/v1/status").json()["servers"]
        by_port = {one["port"]: (one["index"], one["state"]) for one in found}
        return [by_port.get(port) for port in ports]

    def why():
        return there.get("/readyz").json()["why"] or ""

    try:
        until(lambda: states() == [(first, "current")] * 2, states)
        rows = {"resources": [{"id": "s", "title": "a map of the moon", "language": "en"}]}
        second = publish(program, "second", rows)
        until(lambda: states() == [(second, "current"), (first, "behind")], states)
        # That it is behind is seen from here before it has looked for the other itself.
        until(lambda: f"{second}: is to be served and is not here yet" in why(), why)
        ready = there.get("/readyz").json()
        assert (ready["status"], ready["index"]) == ("degraded", first)
        assert asked(there)["index"] == first
        told = elsewhere.run("status").stdout
        assert f":{ports[0]} serves {second}, current" in told
        assert f":{ports[1]} serves {first}, behind" in told

        arrived = elsewhere.home / "snapshots" / second
        shutil.copytree(program.home / "snapshots" / second, arrived)
        until(lambda: states() == [(second, "current")] * 2, states)
        assert there.get("/readyz").json()["status"] == "ready"

        servers[1].send_signal(signal.SIGSTOP)
        with Catalogue.open(url) as catalogue:
            catalogue.servers.want(first, host="here", now=time.time())
        # It is silent where the other took long to change.
        stopped = [(second, "behind"), (second, "silent")]
        until(lambda: states() in [[(first, "current"), one] for one in stopped], states)
        servers[1].send_signal(signal.SIGCONT)
        until(lambda: states() == [(first, "current")] * 2, states)

        servers[1].terminate()
        servers[1].wait(PATIENCE)
        until(lambda: states() == [(first, "current"), None], states)
    finally:
        for server in servers:
            server.kill()
            server.communicate()


def test_while_one_machine_publishes_another_is_told_so(program):
    with (
        Catalogue.open(program.settings["GATEWAYS_DATABASE_URL"]) as catalogue,
        catalogue.alone("index"),
    ):
        assert "`gateways index, process" in program.run("index", status=2).stderr
