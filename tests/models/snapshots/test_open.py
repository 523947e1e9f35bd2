import logging
from pathlib import Path

import pytest

from data.errors import GatewaysError, NotFoundError
from data.records import Outcome
from data.settings import load_settings
from models.bundles.released import Change, encoder_name, record, release
from models.encoders.loading import load_encoder
from models.snapshots.indexing import build
from models.snapshots.manifest import MismatchError, current_manifest
from models.snapshots.open import open_current, open_encoder, open_serving
from models.snapshots.snapshot import publish


@pytest.fixture
def publish_with(tmp_path, confidence):
    def make(encoder, title):
        outcomes = [Outcome(id="o", framework="f", title=title)]
        return publish(
            build(outcomes, [], encoder, confidence=confidence), tmp_path / "home" / "snapshots"
        )

    return make


def test_without_an_index_the_command_that_makes_one_is_named(tmp_path, hashing):
    for ask in (lambda: open_current(tmp_path, hashing), lambda: current_manifest(tmp_path)):
        with pytest.raises(NotFoundError, match="there is no index yet; run `gateways index`"):
            ask()
    with pytest.raises(NotFoundError, match="run `gateways index`"):
        open_serving(load_settings(home=tmp_path))


def test_an_earlier_index_serves_in_place_of_a_damaged_one_with_a_warning(
    tmp_path, publish_with, hashing, caplog
):
    publish_with(hashing, "Earlier")
    damaged = publish_with(hashing, "Later")
    (damaged / "confidence.json").write_text("{}")
    with caplog.at_level(logging.WARNING):
        opened = open_current(tmp_path / "home" / "snapshots", hashing)
    assert opened.entries[0].path == ("Earlier",)
    assert f"{damaged}: confidence.json is damaged" in caplog.text


def test_where_every_index_is_refused_the_current_ones_reason_is_given(
    tmp_path, publish_with, hashing
):
    for title in ("Earlier", "Later"):
        folder = publish_with(hashing, title)
        (folder / "outcomes.jsonl").write_text(title)
    with pytest.raises(GatewaysError, match=folder.name):
        open_current(tmp_path / "home" / "snapshots", hashing)


def test_the_encoder_of_the_index_is_opened_unless_the_settings_name_one(
    tmp_path, publish_with, minilm
):
    publish_with(minilm, "Anything")
    home = tmp_path / "home"
    snapshot, encoder = open_serving(load_settings(home=home))
    assert encoder.fingerprint == minilm.fingerprint == snapshot.manifest.encoder_fingerprint
    (home / "gateways.toml").write_text('encoder = "/no/such/folder"')
    with pytest.raises(GatewaysError, match="/no/such/folder"):
        open_serving(load_settings(home=home))


def test_an_index_of_another_encoder_than_the_settings_name_is_refused(
    tmp_path, publish_with, minilm, hashing
):
    publish_with(hashing, "Anything")
    with pytest.raises(GatewaysError, match=r"made with encoder hashing.*run `gateways index`"):
        open_current(tmp_path / "home" / "snapshots", minilm)


def test_an_earlier_index_does_not_serve_in_place_of_one_that_another_encoder_made(
    tmp_path, publish_with, minilm, hashing
):
    publish_with(minilm, "Earlier")
    later = publish_with(hashing, "Later")
    with pytest.raises(MismatchError, match=later.name):
        open_current(tmp_path / "home" / "snapshots", minilm)


def promote(home, folder, version):
    made = release(folder, home / "models", version)
    record(
        home / "models",
        Change(action="promote", version=version, folder=made.folder, time="2026-01-01"),
    )
    return encoder_name(made, home / "models")


def test_the_champion_is_the_encoder_unless_the_settings_name_another(tmp_path, bundle_of):
    home = tmp_path / "home"
    name = promote(home, bundle_of("first", 1), "1")
    champion = open_encoder(load_settings(home=home))
    assert champion.name == name
    assert champion.fingerprint == load_encoder(str(bundle_of("first", 1)), home).fingerprint
    assert open_encoder(load_settings(home=home, encoder="minilm")).name == "minilm"


@pytest.mark.parametrize(("encoder", "name"), [("auto", "e5-oak"), ("shipped", "e5-oak")])
def test_where_nothing_was_promoted_or_it_is_asked_for_what_ships_is_the_encoder(
    tmp_path, monkeypatch, encoder, name, hashing, bundle_of
):
    asked = []
    monkeypatch.setattr(
        "models.snapshots.open.load_encoder", lambda *of: asked.append(of[0]) or hashing
    )
    if encoder == "shipped":
        promote(tmp_path, bundle_of("first", 1), "1")
    open_encoder(load_settings(home=tmp_path, encoder=encoder))
    assert asked == [name]


def test_a_damaged_champion_is_refused_and_nothing_takes_its_place_unasked(tmp_path, bundle_of):
    name = promote(tmp_path, bundle_of("first", 1), "1")
    (Path(name) / "low_rank.safetensors").write_bytes(b"")
    with pytest.raises(GatewaysError, match=r"released/1-.*low_rank\.safetensors is damaged"):
        open_encoder(load_settings(home=tmp_path))


def test_what_serves_is_the_published_index_with_its_encoder_whoever_is_champion(
    tmp_path, publish_with, bundle_of
):
    home = tmp_path / "home"
    first = promote(home, bundle_of("first", 1), "1")
    publish_with(load_encoder(first, home / "models"), "Anything")
    promote(home, bundle_of("second", 2), "2")
    snapshot, encoder = open_serving(load_settings(home=home))
    assert encoder.name == first
    assert encoder.fingerprint == snapshot.manifest.encoder_fingerprint


def test_the_pair_before_serves_in_place_of_one_whose_bundle_is_damaged(
    tmp_path, publish_with, bundle_of, caplog
):
    home = tmp_path / "home"
    names = [promote(home, bundle_of(f"b{seed}", seed), str(seed)) for seed in (1, 2)]
    for name in names:
        publish_with(load_encoder(name, home / "models"), name)
    (Path(names[1]) / "low_rank.safetensors").write_bytes(b"")
    snapshot, encoder = open_serving(load_settings(home=home))
    assert (encoder.name, snapshot.entries[0].path) == (names[0], (names[0],))
    assert "low_rank.safetensors is damaged" in caplog.text


def test_a_workspace_that_was_moved_serves_as_before(tmp_path, publish_with, bundle_of):
    name = promote(tmp_path / "home", bundle_of("first", 1), "1")
    publish_with(load_encoder(name, tmp_path / "home" / "models"), "Anything")
    moved = (tmp_path / "home").rename(tmp_path / "moved")
    _, encoder = open_serving(load_settings(home=moved))
    assert Path(encoder.name).is_relative_to(moved)


@pytest.mark.slow
def test_a_catalogue_is_embedded_by_the_bundle_that_ships(tmp_path, e5):
    encoder = open_encoder(load_settings(home=tmp_path))
    assert (encoder.name, encoder.languages) == ("e5-oak", e5.languages)
    assert encoder.fingerprint != e5.fingerprint
    vectors = encoder.encode(["Add two fractions", "Sum of fractions", "Parts of a flower"])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


def test_the_index_leads_back_to_the_backend_that_made_it(tmp_path, publish_with, tiny_folder):
    home = tmp_path / "home"
    encoder = load_encoder(str(tiny_folder), home / "models", backend="onnx")
    publish_with(encoder, "Anything")
    snapshot, opened = open_serving(load_settings(home=home, backend="torch"))
    assert snapshot.manifest.backend == opened.backend == "onnx"
    assert opened.fingerprint == encoder.fingerprint


def test_an_index_of_another_backend_says_that_its_texts_are_embedded_anew(
    tmp_path, publish_with, tiny_folder
):
    models = tmp_path / "home" / "models"
    publish_with(load_encoder(str(tiny_folder), models), "Anything")
    other = load_encoder(str(tiny_folder), models, backend="onnx")
    with pytest.raises(MismatchError, match=r"on torch .*on onnx .*embeds every text anew"):
        open_current(tmp_path / "home" / "snapshots", other)
