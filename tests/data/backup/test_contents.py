from pathlib import Path

import pytest

from data.backup.contents import DATABASE, KEPT, LEFT_OUT, settings_without_keys
from data.errors import GatewaysError
from data.settings import Settings, load_settings
from data.workspace import Workspace


def test_every_part_of_a_workspace_is_kept_or_left_out_for_a_reason():
    home = Path("home")
    parts = {
        getattr(Workspace(home), name).relative_to(home).as_posix()
        for name, value in vars(Workspace).items()
        if isinstance(value, property)
    }
    assert parts - {DATABASE} <= {*KEPT, *LEFT_OUT}


def test_no_key_and_no_password_is_in_the_settings_that_are_kept(tmp_path):
    written = (
        'port = 9000\napi_key = "secret"\nlearner_key = "sixteen characters"\n'
        'milvus_token = "secret"\ndatabase_url = "postgresql://ann:secret@127.0.0.1/db"\n'
        'oai_domain = "schule.example"\nallowed_hosts = ["127.0.0.1", "büro"]\n'
    )
    kept, left_out = settings_without_keys(written)
    assert "secret" not in kept
    assert "sixteen" not in kept
    assert left_out == ["api_key", "learner_key", "milvus_token", "database_url"]
    (tmp_path / "gateways.toml").write_text(kept, encoding="utf-8")
    settings = load_settings(home=tmp_path)
    assert (settings.port, settings.allowed_hosts) == (9000, ("127.0.0.1", "büro"))


def test_an_address_of_a_database_without_a_password_is_kept():
    written = 'database_url = "postgresql:///db"\n'
    assert settings_without_keys(written) == (written, [])


def test_every_secret_setting_is_known_by_its_type():
    secret = {name for name in Settings.model_fields if name.endswith(("key", "token", "secret"))}
    written = "".join(f'{name} = "x"\n' for name in secret)
    assert set(settings_without_keys(written)[1]) == secret


def test_a_file_that_cannot_be_read_is_named():
    with pytest.raises(GatewaysError, match=r"gateways\.toml: cannot be read"):
        settings_without_keys("port = ")
