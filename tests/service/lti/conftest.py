"""A tool of one registered platform, without a server around it."""

import pytest

from data.catalogue import Catalogue
from data.settings import load_settings
from service.lti.refusals import LaunchError
from service.lti.tool import Tool
from tests.service.lti import platform


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("lti")


@pytest.fixture(scope="module")
def settings(home):
    return load_settings(home=home, learner_key="a long and random key")


@pytest.fixture(scope="module")
def catalogue(settings):
    with Catalogue.open(settings.catalogue_url) as opened:
        opened.lti_platforms.add(platform.registered())
        yield opened


@pytest.fixture(scope="module")
def tool(settings, catalogue):
    return Tool(settings, catalogue)


@pytest.fixture
def refused():
    """Check that something is refused for this reason."""

    def check(reason, call, *arguments):
        with pytest.raises(LaunchError) as caught:
            call(*arguments)
        assert caught.value.reason is reason

    return check
