"""The application with one registered platform, which sends people to it; one for each file."""

import shutil

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from data.catalogue import Catalogue
from data.records import ListItem, ResourceList
from data.settings import load_settings
from service.app import create_app
from tests.service.conftest import BASE
from tests.service.lti.platform import LOGIN, LTI, TEACHER, answered, registered

FROM_THERE = {"Origin": "https://moodle.example.org", "Sec-Fetch-Site": "cross-site"}
HTML = {"Accept": "text/html"}
ITEMS = (ListItem(resource="volcano", note="Watch it twice"), ListItem(resource="gone"))
EARTH = ResourceList(id="l1", title="Earth", owner="Eve", items=ITEMS, created=1.0, updated=1.0)


@pytest.fixture(scope="module")
def settings(template, minilm, tmp_path_factory):
    """Those of a service that one platform may launch."""
    home = tmp_path_factory.mktemp("lti") / "home"
    shutil.copytree(template, home)
    found = load_settings(home=home, learner_key=SecretStr("a long and random key"))
    with Catalogue.open(found.catalogue_url) as catalogue:
        catalogue.lti_platforms.add(registered())
        catalogue.lists.add(EARTH)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("models.snapshots.open.load_encoder", lambda *_: minilm)
        yield found


@pytest.fixture(scope="module")
def application(settings):
    client = TestClient(create_app(settings), base_url=BASE, follow_redirects=False)
    with client as opened:
        yield opened


@pytest.fixture
def client(application):
    """A browser that was never here."""
    application.cookies.clear()
    return application


@pytest.fixture
def launched(client):
    """Launch as a browser does; the path that it opens."""

    def launch(visitor=client, **changes):
        there = visitor.get("/lti/login", params=LOGIN).headers["location"]
        if there.startswith("/lti/login"):
            there = visitor.get(there).headers["location"]
        sent = answered(there, **changes)
        opened = visitor.post("/lti/launch", data=sent, headers=FROM_THERE)
        assert opened.status_code == 303, opened.text
        return opened.headers["location"]

    return launch


@pytest.fixture
def teacher(launched):
    """The path that a teacher's launch opens; more claims may be given."""
    return lambda **changes: launched(**{f"{LTI}roles": [TEACHER], **changes})
