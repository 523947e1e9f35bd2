import logging

import pytest

from data.errors import GatewaysError, NotFoundError
from data.records import Outcome
from data.settings import load_settings
from models.indexing import build
from models.open import current_manifest, open_current, open_encoder, open_index_encoder
from models.snapshot import MismatchError, publish


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
        open_index_encoder(load_settings(home=tmp_path))


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
    assert open_index_encoder(load_settings(home=home)).fingerprint == minilm.fingerprint
    (home / "gateways.toml").write_text('encoder = "/no/such/folder"')
    with pytest.raises(GatewaysError, match="/no/such/folder"):
        open_index_encoder(load_settings(home=home))


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


@pytest.mark.slow
def test_a_catalogue_in_one_language_is_embedded_by_the_bundle_that_ships(tmp_path, e5):
    encoder = open_encoder(load_settings(home=tmp_path), {"en", "en-GB"})
    assert (encoder.name, encoder.languages) == ("e5-oak", e5.languages)
    assert encoder.fingerprint != e5.fingerprint
    vectors = encoder.encode(["Add two fractions", "Sum of fractions", "Parts of a flower"])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


def test_a_named_encoder_is_opened_whatever_the_languages(tmp_path):
    encoder = open_encoder(load_settings(home=tmp_path, encoder="minilm"), {"fr", "ar"})
    assert encoder.name == "minilm"
