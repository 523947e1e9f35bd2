import pytest


@pytest.fixture(scope="session")
def workspace_models(tmp_path_factory):
    """Where conversions of models that no test changes are kept."""
    return tmp_path_factory.mktemp("workspace")
