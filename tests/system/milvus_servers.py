"""Two processes serve one workspace over a real Milvus, while indexes are published one by one.

`test_two_servers_over_milvus.py` runs this where nobody else can reach it: Milvus listens on every
address, whatever it is told.
"""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from milvus import MilvusServer
from pymilvus import MilvusClient

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.settings import Settings, load_settings
from models.snapshots.publishing import index_catalogue
from tests.models.index.real_milvus import set_loopback_up
from tests.pages.program import free_port
from tests.patience import until
from tests.system.conftest import Program

OUTCOMES = [
    {"id": f"o{n}", "framework": "f", "title": title, "language": "en"}
    for n, title in enumerate(["add fractions", "draw a map", "name the moon"])
]


def take_in(settings: Settings, number: int) -> None:
    """Import one more resource."""
    folder = settings.home.parent / f"rows-{number}"
    folder.mkdir()
    resource = {"id": f"r{number}", "title": f"a map of moon {number}", "language": "en"}
    for name, rows in (("outcomes", OUTCOMES if number == 0 else []), ("resources", [resource])):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        import_document(catalogue, open_document(folder, ReadOptions()))


class Asking:
    """Asks both servers again and again, and remembers what was no answer."""

    def __init__(self, clients):
        self.answers = 0
        self.troubles = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.go_on, args=(one,)) for one in clients]

    def go_on(self, client):
        while not self.over.wait(0.02):
            found = client.post("/v1/suggestions", json={"text": "a map of the moon", "k": 1})
            self.answers += 1
            if found.status_code != 200:
                self.troubles.append(found.text)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()


def found_by(client):
    """The resources that are found by meaning."""
    answer = client.get("/v1/resources", params={"q": "a map of the moon", "search": "meaning"})
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["items"]}


def collections(settings):
    return set(MilvusClient(settings.milvus).list_collections())


def pointed_to(settings):
    pointers = (settings.home / "snapshots").glob("[!.]*/*.milvus")
    return {json.loads(one.read_text())["collection"] for one in pointers}


def follow(clients, settings, number):
    """A resource is found by both as soon as it is there, and by an index that has it."""
    take_in(settings, number)
    until(lambda: all(f"r{number}" in found_by(one) for one in clients))
    newest = index_catalogue(settings)[0].id
    until(lambda: all(serves(one, newest) for one in clients))
    assert all(f"r{number}" in found_by(one) for one in clients)


def main(folder: Path, encoder: str) -> None:
    set_loopback_up()
    server = MilvusServer()
    server.config.update(data_dir=str(folder / "server"))
    server.start()
    program = Program(folder / "home")
    address = f"http://127.0.0.1:{server.listen_port}"
    said = {"encoder": encoder, "backend": "torch", "index": "milvus", "milvus": address}
    program.settings = {f"GATEWAYS_{name.upper()}": value for name, value in said.items()}
    settings = load_settings(home=program.home, **said)
    take_in(settings, 0)
    index_catalogue(settings)
    ports = [free_port(), free_port()]
    with ThreadPoolExecutor() as together:
        servers = list(together.map(program.serve, ports))
    clients = [httpx.Client(base_url=f"http://127.0.0.1:{one}", timeout=60) for one in ports]
    try:
        with Asking(clients) as asking:
            for number in (1, 2):
                follow(clients, settings, number)
        assert asking.answers > 0
        assert asking.troubles == []
        # The first went with the third, since both had left it behind, and nothing else did.
        assert collections(settings) == pointed_to(settings)
        assert len(pointed_to(settings)) == 2
    finally:
        for process in servers:
            process.kill()
            process.communicate()
        server.stop()


def serves(client, index):
    ready = client.get("/readyz").json()
    return ready.get("status") == "ready" and ready.get("index") == index


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
