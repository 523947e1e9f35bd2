import pytest

from data.errors import GatewaysError
from models.workers.ray_runtime import connect
from tests.pages.program import free_port


@pytest.mark.parametrize("port", [free_port(), 99999])
def test_a_cluster_that_is_not_there_is_told_at_once(port):
    with pytest.raises(GatewaysError, match=f"Ray at 127.0.0.1:{port} does not answer"):
        connect(2, f"127.0.0.1:{port}", 0)
