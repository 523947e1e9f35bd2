import subprocess
import sys

import pytest

from tests.system.conftest import ROOT

pytestmark = pytest.mark.slow  # a Milvus and two servers start

ALONE = ["unshare", "--map-root-user", "--net"]


def test_two_servers_follow_what_is_published_in_a_real_milvus_without_a_gap(tiny_folder, tmp_path):
    pytest.importorskip("milvus", reason="there is no server for this system")
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network of its own can be had here, and its server listens to all")
    script = ROOT / "tests" / "system" / "milvus_servers.py"
    done = subprocess.run(
        [*ALONE, sys.executable, script, tmp_path, tiny_folder],
        cwd=ROOT,
        env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "PYTHONPATH": str(ROOT),
            "HOME": str(tmp_path),
            "HF_HUB_OFFLINE": "1",
            "OMP_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
