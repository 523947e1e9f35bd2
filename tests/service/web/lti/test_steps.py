"""A learner inside their course: steps, what they say of themselves, what is stored."""

import pytest

from tests.service.lti.platform import LTI
from tests.service.web.lti.conftest import HTML


@pytest.fixture
def begun(launched):
    """Launch a learner of science; what their steps' path is and where it begins."""

    def begin(sub):
        path = launched(sub=sub, **{f"{LTI}custom": {"framework": "science"}})
        return path, path.partition("/steps")[0]

    return begin


def test_a_learner_gets_next_steps_under_a_pseudonym_and_nothing_else_is_kept(
    client, begun, settings
):
    path, within = begun("17")
    page = client.get(path, headers=HTML).text
    assert f'href="{within}/resources/volcano"' in page
    assert f'action="{within}/steps"' in page
    assert "Ada" not in page
    kept = client.get(f"{within}/stored.json").json()
    assert kept["learner"].startswith("p-")
    assert len(kept["recommendations"]) == 1
    for file in settings.home.glob("catalogue.sqlite*"):
        found = file.read_bytes()
        assert b"Ada Lovelace" not in found
        assert b"ada@school" not in found


def test_what_a_learner_can_do_already_is_kept_as_their_word(client, begun):
    path, within = begun("18")
    sent = {"outcome": "explain-how-volcanoes-erupt", "framework": "science"}
    assert client.post(f"{within}/steps", data=sent).headers["location"] == path
    stored = client.get(f"{within}/stored.json").json()["statements"]
    assert [(one["outcome"], one["can"], one["voice"]) for one in stored] == [
        (sent["outcome"], 1.0, "learner")
    ]
    assert client.post(f"{within}/steps", data={}).status_code == 422


def test_a_learner_sees_how_much_is_stored_and_erases_it(client, begun):
    path, within = begun("19")
    client.get(path)
    page = client.get(f"{within}/stored").text
    assert "Recommendations that you were shown</dt><dd>1<" in page
    assert client.post(f"{within}/erasure").status_code == 422
    gone = client.post(f"{within}/erasure", data={"sure": "1"})
    assert gone.headers["location"] == f"{within}/stored?erased=1"
    page = client.get(gone.headers["location"]).text
    assert "All that was stored about you here is erased" in page
    assert "Download" not in page


def test_a_teacher_sees_no_learner(client, teacher):
    within = teacher().removesuffix("/find")
    for path in ("/steps", "/stored", "/stored.json"):
        assert client.get(within + path, headers=HTML).status_code == 404


def test_what_is_taken_along_is_kept_by_no_browser(client, begun):
    path, within = begun("21")
    client.get(path)
    assert client.get(f"{within}/stored.json").headers["cache-control"] == "no-store"
