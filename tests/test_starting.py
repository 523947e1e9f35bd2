import json
import os
import re
import shutil
import signal
import subprocess
import sys
from threading import Timer

import httpx
import pytest

from data.settings import load_settings
from models.snapshots.publishing import index_catalogue

SAY = """
import json, sys
import gateways
sys.argv = ["gateways", *sys.argv[1:]]
try:
    gateways.main()
except SystemExit as ended:
    assert not ended.code, ended.code
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""
ANSWERS = re.compile(r"Gateways .* on (http://[\d.:]+)")
READY_WITHIN = 120
NOT_FOR_SERVING = {
    *("torch", "transformers", "sentence_transformers", "sklearn", "scipy", "skops", "bm25s"),
    *("pandas", "pyarrow", "ray", "mlflow", "datasets", "matplotlib", "openpyxl"),
    *("huggingface_hub", "alembic", "onnx"),
}
HEAVY = {"torch", "transformers", "sklearn", "scipy", "faiss", "numpy", "skops", "alembic", "ray"}


def loaded(*arguments):
    """The top-level modules that are loaded when the program has run."""
    command = [sys.executable, "-c", SAY, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stderr.splitlines()[-1]))


def test_help_loads_neither_a_model_nor_the_catalogue_nor_the_settings():
    assert not loaded("--help") & {*HEAVY, "sqlalchemy", "pydantic", "fastapi", "mlflow"}


@pytest.mark.parametrize("group", ["bench", "evaluate", "models", "train"])
def test_the_help_of_a_group_loads_the_settings_alone(group):
    assert not loaded(group, "--help") & {*HEAVY, "sqlalchemy", "fastapi", "mlflow"}


def test_the_status_of_a_workspace_loads_nothing_that_computes(sample_home):
    found = loaded("--home", sample_home, "status")
    assert "sqlalchemy" in found
    assert not found & {*HEAVY, "fastapi", "mlflow"}


@pytest.fixture(scope="module")
def served_home(sample_home, tiny_folder, tmp_path_factory):
    """The sample's workspace with an index that ONNX Runtime made, a ranker in it."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(sample_home, home)
    index_catalogue(load_settings(home=home, encoder=str(tiny_folder), backend="onnx"))
    return home


@pytest.mark.slow
def test_serving_with_onnx_loads_nothing_that_trains(served_home, tiny_folder):
    arguments = ["--home", str(served_home), "serve", "--host", "127.0.0.1", "--port", "0"]
    environment = {**os.environ, "GATEWAYS_ENCODER": str(tiny_folder)}
    said = []
    with subprocess.Popen(
        [sys.executable, "-c", SAY, *arguments], stderr=subprocess.PIPE, text=True, env=environment
    ) as server:
        patience = Timer(READY_WITHIN, server.kill)
        patience.start()
        for line in server.stderr:
            said.append(line)
            if found := ANSWERS.search(line):
                asked = {"text": "Pupils add fractions", "language": "en"}
                answer = httpx.post(f"{found[1]}/v1/suggestions", json=asked, timeout=60)
                server.send_signal(signal.SIGTERM)
        patience.cancel()
    assert answer.status_code == 200, answer.text
    assert answer.json()["items"]
    there = set(json.loads(said[-1]))
    assert {"onnxruntime", "faiss", "fastapi"} <= there
    assert not there & NOT_FOR_SERVING
