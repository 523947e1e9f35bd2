import json
import subprocess
import sys

import pytest

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
