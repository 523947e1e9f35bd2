import pytest

from data.errors import GatewaysError
from service.benchmarks.server import running


@pytest.mark.slow  # it starts a real server
def test_a_server_listens_here_alone_and_one_without_an_index_is_refused_with_its_words(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("GATEWAYS_HOST", "0.0.0.0")
    refused = pytest.raises(GatewaysError, match=r"/readyz with 503: .*there is no index yet")
    with refused, running(tmp_path / "home"):
        pass


def test_one_that_does_not_start_is_told_with_its_words(tmp_path, monkeypatch):
    monkeypatch.setenv("GATEWAYS_BATCH_SIZE", "none")
    refused = pytest.raises(GatewaysError, match=r"serve did not start: .*batch_size")
    with refused, running(tmp_path / "home"):
        pass
