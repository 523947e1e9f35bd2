"""A server whose queue is filled: of four resources one is aligned by its source."""

import re
import shutil

import pytest

from data.records import Match, ProposedCorrespondence
from data.settings import load_settings
from tests.patience import until

LINES = (
    ("read-a-bar-chart", "build-a-simple-electric-circuit", 0.9),
    ("read-a-bar-chart", "explain-why-the-moon-has-phases", 0.3),
    ("calculate-the-mean-of-a-set-of-numbers", "explain-why-the-moon-has-phases", 0.6),
)


@pytest.fixture
def crosswalk(catalogue):
    """Three lines from maths to science that wait for a curator."""
    catalogue.crosswalks.propose(
        [
            ProposedCorrespondence(
                outcome=one,
                other=other,
                match=Match.EXACT,
                confidence=sure,
                agent="crosswalk",
                model="m1",
                time=1.0,
            )
            for one, other, sure in LINES
        ]
    )


@pytest.fixture
def wait_for_queue(catalogue):
    """Wait until something was proposed for every resource."""

    return lambda: until(lambda: catalogue.queue.waiting() >= 3)


@pytest.fixture
def curators(client, wait_for_queue):
    """Pages as curators get them: curators(name) posts and reads under that name."""
    wait_for_queue()

    class Curator:
        def __init__(self, name):
            self.headers = {"cookie": f"name={name}"}

        def get(self, path, **more):
            return client.get(path, headers=self.headers, follow_redirects=True, **more)

        def post(self, path, headers=None, **fields):
            return client.post(path, data=fields, headers=self.headers | (headers or {}))

        def take(self, path="/curate/next"):
            """The next resource's id, and its page."""
            answer = self.get(path)
            assert answer.status_code == 200, answer.text
            return re.search(r'name="resource" value="([^"]+)"', answer.text)[1], answer.text

        def decide(self, verdict, resource, outcome, **more):
            fields = {verdict: f"0 {outcome}", "resource": resource} | more
            return self.post("/curate/decisions", **fields)

    return Curator


@pytest.fixture(scope="session")
def proposed_home(indexed_home, running, made_once):
    """The sample catalogue with something proposed for all of its resources, to be copied."""

    def make(home):
        shutil.copytree(indexed_home, home)
        server = running(load_settings(home=home, encoder="minilm")).begin()
        parts = server.app.state.parts
        index = parts.live.serving().snapshot.manifest.id
        until(lambda: len(set(parts.catalogue.queue.prepared(index))) == 1)
        server.end()

    return made_once("proposed", make)
