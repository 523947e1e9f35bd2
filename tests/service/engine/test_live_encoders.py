"""Snapshots of two encoders, taken into use one after the other."""

import shutil
import threading
import time

import httpx
import pytest

from data.catalogue import Catalogue
from data.settings import load_settings
from models.encoders.loading import load_encoder
from models.snapshots import open as opening
from models.snapshots.publishing import index_catalogue
from service.engine.live import POLL_SECONDS
from tests.patience import PATIENCE, until

TEXT = "How magnets attract iron nails"


@pytest.fixture
def bundles(bundle_of, tmp_path):
    """Copies of two bundles, which a test may damage."""
    return [
        shutil.copytree(bundle_of(name, seed), tmp_path / name)
        for name, seed in (("first", 1), ("second", 2))
    ]


@pytest.fixture
def settings(template, tmp_path, bundles):
    """The tiny catalogue, whose only index is the first bundle's."""
    home = shutil.copytree(template, tmp_path / "home")
    shutil.rmtree(home / "snapshots")
    settings = load_settings(home=home)
    publish(settings, bundles[0])
    return settings


def publish(settings, bundle):
    """Index the catalogue with a bundle: what promoting it does to a running server."""
    return index_catalogue(settings.model_copy(update={"encoder": str(bundle)}))[0]


def want(settings, index):
    """Have an index served that lies in the workspace."""
    with Catalogue.open(settings.catalogue_url) as catalogue:
        catalogue.servers.want(index, host="elsewhere", now=time.time())


def in_use(client):
    found = client.get("/readyz").json()
    return found["model"], found["index"]


def suggested(client):
    found = client.post("/v1/suggestions", json={"text": TEXT, "k": 5}).json()
    pair = found["model"], found["index"]
    return pair, [(item["outcome"]["id"], item["score"]) for item in found["items"]]


def test_a_request_under_way_keeps_its_encoder_and_its_index(
    server, settings, bundles, monkeypatch
):
    first_encoder = load_encoder(str(bundles[0]), settings.home)
    encode, held, asked = type(first_encoder).encode, threading.Event(), threading.Event()

    def slow(self, texts, progress=None):
        if TEXT in texts and self.fingerprint == first_encoder.fingerprint:
            asked.set()
            assert held.wait(PATIENCE)
        return encode(self, texts, progress)

    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        first, own = suggested(client)
        monkeypatch.setattr(type(first_encoder), "encode", slow)
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(suggested(client)))
        waiting.start()
        assert asked.wait(PATIENCE)
        made = publish(settings, bundles[1])
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as other:
            until(lambda: in_use(other) == (made.model, made.id))
        held.set()
        waiting.join()
        pair, ranking = answers[0]
        assert (pair, [name for name, _ in ranking]) == (first, [name for name, _ in own])
        second, others = suggested(client)
    assert second == (made.model, made.id)
    assert [name for name, _ in others] != [name for name, _ in own]


def test_while_another_encoder_is_loaded_everything_is_answered(
    server, settings, bundles, monkeypatch
):
    load, begun, held = opening.open_maker, threading.Event(), threading.Event()

    def slow(*of):
        begun.set()
        assert held.wait(PATIENCE)
        return load(*of)

    with httpx.Client(base_url=server.url, timeout=PATIENCE / 2) as client:
        first = in_use(client)
        monkeypatch.setattr("service.engine.live.open_maker", slow)
        made = publish(settings, bundles[1])
        assert begun.wait(PATIENCE)
        assert suggested(client)[0] == first
        assert client.get("/healthz").status_code == 200
        held.set()
        until(lambda: in_use(client) == (made.model, made.id))


@pytest.mark.slow
def test_an_index_whose_bundle_is_damaged_leaves_the_pair_before_in_use(server, settings, bundles):
    elsewhere = shutil.copytree(settings.home, settings.home.with_name("elsewhere"))
    made = publish(load_settings(home=elsewhere), bundles[1])
    weights = bundles[1] / "low_rank.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(b"")
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        first = in_use(client)
        arrived = settings.home / "snapshots" / made.id
        shutil.copytree(elsewhere / "snapshots" / made.id, arrived)
        want(settings, made.id)
        time.sleep(2 * POLL_SECONDS)
        assert in_use(client) == suggested(client)[0] == first
        weights.write_bytes(whole)
        again, _ = index_catalogue(
            settings.model_copy(update={"encoder": str(bundles[1])}), rebuild=True
        )
        until(lambda: in_use(client) == (again.model, again.id))


def test_an_index_that_is_wanted_again_is_taken_into_use(server, settings, bundles):
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        first, own = suggested(client)
        made = publish(settings, bundles[1])
        until(lambda: in_use(client) == (made.model, made.id))
        want(settings, first[1])
        until(lambda: in_use(client) == first)
        assert suggested(client) == (first, own)
