"""`gateways crosswalk`: what it proposes, and where that goes."""

import json

import pytest

from data.catalogue import Catalogue
from data.settings import load_settings

OUTCOMES = [
    {"id": "i0", "framework": "isles", "language": "en", "title": "Add fractions"},
    {"id": "i1", "framework": "isles", "language": "en", "title": "Measure angles"},
    {"id": "c0", "framework": "coast", "language": "en", "title": "Adding fractions"},
    {"id": "c1", "framework": "coast", "language": "en", "title": "Measuring angles"},
]

pytestmark = pytest.mark.usefixtures("loaded_once")


@pytest.fixture
def crosswalk(run, dataset_folder):
    """Run the command in a workspace with two frameworks and an index."""
    folder = dataset_folder(outcomes="".join(json.dumps(row) + "\n" for row in OUTCOMES))
    assert run("import", folder)[0] == 0
    assert run("index")[0] == 0
    return lambda *options: run("crosswalk", *options)


def test_what_is_selected_waits_for_a_curator_with_the_model_that_proposed_it(crosswalk, tmp_path):
    for _ in range(2):
        status, out, err = crosswalk("isles", "coast", "--queue")
        assert (status, out) == (0, "")
        assert "2 correspondences proposed." in err
        assert "2 of them wait for a curator." in err
    with Catalogue.open(load_settings(home=tmp_path / "home").catalogue_url) as catalogue:
        waiting = catalogue.crosswalks.open("isles", "coast").items
    assert {(one.outcome, one.other) for one in waiting} == {("i0", "c0"), ("i1", "c1")}
    assert {one.agent for one in waiting} == {"crosswalk"}
    assert all(one.model for one in waiting)


def test_what_is_not_shown_does_not_wait(crosswalk):
    _, _, err = crosswalk("isles", "coast", "--queue", "--all")
    assert "4 correspondences proposed." in err
    assert "2 of them wait" in err
