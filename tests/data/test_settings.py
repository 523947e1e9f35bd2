import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from data.errors import GatewaysError
from data.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("GATEWAYS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def configure(home, text):
    (home / "gateways.toml").write_text(text, encoding="utf-8")


def test_without_any_setting_the_workspace_is_below_the_current_folder():
    settings = load_settings()
    assert settings.home == Path("gateways-home")
    assert settings.catalogue_url == "sqlite:///gateways-home/catalogue.sqlite"
    assert (settings.host, settings.port, settings.encoder) == ("127.0.0.1", 8000, "auto")
    assert settings.api_key is None


def test_a_flag_beats_the_environment_which_beats_the_file(home, monkeypatch):
    configure(home, "port = 1\nbatch_size = 2\nthreads = 3\n")
    monkeypatch.setenv("GATEWAYS_PORT", "10")
    monkeypatch.setenv("GATEWAYS_BATCH_SIZE", "20")
    settings = load_settings(home=home, port=100)
    assert (settings.port, settings.batch_size, settings.threads) == (100, 20, 3)


def test_a_flag_that_was_not_given_hides_nothing(home, monkeypatch):
    monkeypatch.setenv("GATEWAYS_PORT", "10")
    assert load_settings(home=home, port=None).port == 10


def test_the_file_is_looked_for_in_the_home_that_the_environment_names(home, monkeypatch):
    configure(home, 'encoder = "e5"\nallowed_hosts = ["a.example", "b.example"]\n')
    monkeypatch.setenv("GATEWAYS_HOME", str(home))
    settings = load_settings()
    assert (settings.home, settings.encoder) == (home, "e5")
    assert settings.allowed_hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    "name", ["GATEWAYS_API_KEY", "GATEWAYS_LEARNER_KEY", "GATEWAYS_HOME", "GATEWAYS_PORT"]
)
def test_an_empty_variable_counts_as_none(monkeypatch, name):
    monkeypatch.setenv(name, "")
    assert load_settings() == Settings()


def test_an_empty_key_is_refused_rather_than_taken_for_a_key(home):
    configure(home, 'api_key = ""')
    with pytest.raises(GatewaysError, match="api_key"):
        load_settings(home=home)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "eighty"),
        ("port", "70000"),
        ("threads", "-1"),
        ("max_text", "10"),
        ("batch_wait_ms", "1e9"),
        ("batch_size", "0"),
        ("log_level", "NOISY"),
        ("allowed_hosts", "localhost"),
    ],
)
def test_a_wrong_value_is_named_with_where_to_read_on(monkeypatch, name, value):
    monkeypatch.setenv(f"GATEWAYS_{name.upper()}", value)
    with pytest.raises(GatewaysError, match=rf"settings: .*{name}"):
        load_settings()


def test_every_wrong_value_is_named_at_once(monkeypatch):
    monkeypatch.setenv("GATEWAYS_PORT", "x")
    monkeypatch.setenv("GATEWAYS_THREADS", "y")
    with pytest.raises(GatewaysError, match=r"docs/settings\.md") as refused:
        load_settings()
    assert "port: " in str(refused.value)
    assert "threads: " in str(refused.value)


def test_a_misspelt_setting_in_the_file_is_named(home):
    configure(home, "prot = 9000")
    with pytest.raises(GatewaysError, match="prot"):
        load_settings(home=home)


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe", b"[port", b"host = 'a"])
def test_a_file_that_is_not_toml_is_named(home, content):
    (home / "gateways.toml").write_bytes(content)
    with pytest.raises(GatewaysError, match=r"gateways\.toml cannot be read"):
        load_settings(home=home)


@pytest.mark.parametrize("name", ["api_key", "learner_key"])
def test_a_key_is_not_shown(home, monkeypatch, name):
    monkeypatch.setenv(f"GATEWAYS_{name.upper()}", "a very long secret")
    settings = load_settings(home=home)
    assert getattr(settings, name).get_secret_value() == "a very long secret"
    assert "very long secret" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_a_key_of_pseudonyms_that_could_be_guessed_is_refused_and_not_shown(home):
    configure(home, 'learner_key = "guess me"')
    with pytest.raises(GatewaysError, match=r"learner_key: .*16") as refused:
        load_settings(home=home)
    assert "guess me" not in str(refused.value)


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        load_settings().port = 1


def test_a_database_elsewhere_is_used(monkeypatch):
    monkeypatch.setenv("GATEWAYS_DATABASE_URL", "postgresql://there/catalogue")
    assert load_settings().catalogue_url == "postgresql://there/catalogue"


def test_loading_settings_makes_no_folder(tmp_path):
    load_settings(home=tmp_path / "new")
    assert list(tmp_path.iterdir()) == []
