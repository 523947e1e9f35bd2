import pytest

from data.errors import GatewaysError
from data.settings import Settings, load_settings
from models.workers.opening import open_workers
from models.workers.ray_pool import RayPool
from models.workers.spread import here


def test_one_worker_is_this_process():
    assert open_workers(Settings(workers=1)) is here


def test_several_are_rays_where_the_settings_say():
    found = open_workers(Settings(workers=3, threads=2, ray="10.0.0.7:6379"))
    assert found == RayPool(workers=3, address="10.0.0.7:6379", threads=2)


def test_without_ray_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setattr("models.workers.opening.find_spec", lambda _name: None)
    with pytest.raises(GatewaysError, match=r"pip install -e '\.\[ray\]'"):
        open_workers(Settings(workers=2))


@pytest.mark.parametrize("wrong", ["ray://10.0.0.7:10001", "somewhere", "http://x", "host:port"])
def test_an_address_is_local_auto_or_a_host_and_a_port(wrong):
    with pytest.raises(GatewaysError, match="ray"):
        load_settings(ray=wrong)
