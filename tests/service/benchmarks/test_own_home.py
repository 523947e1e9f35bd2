from pathlib import Path

from service.benchmarks.own_home import own_environment, own_settings


def test_what_is_set_for_the_catalogue_that_people_work_in_is_left_out(monkeypatch):
    monkeypatch.setenv("GATEWAYS_DATABASE_URL", "sqlite:////theirs.sqlite")
    monkeypatch.setenv("gateways_api_key", "theirs")
    found = own_environment()
    assert [name for name in found if name.upper().startswith("GATEWAYS_")] == ["GATEWAYS_ENCODER"]
    assert own_settings(Path("home")).catalogue_url == "sqlite:///home/catalogue.sqlite"
    assert found["GATEWAYS_ENCODER"] == own_settings(Path("home")).encoder
