import pytest

from data.errors import GatewaysError
from models.workers.ray_runtime import connect
from tests.pages.program import free_port


@pytest.mark.parametrize("port", [None, 99999], ids=["nobody-listens", "no-port"])
def test_a_cluster_that_is_not_there_is_told_at_once(port):
    address = f"127.0.0.1:{port or free_port()}"
    with pytest.raises(GatewaysError, match=f"Ray at {address} does not answer"):
        connect(2, address, 0)
