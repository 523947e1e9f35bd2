import json

import pytest

from evaluation.crosswalk.transfer import ALIGNER, BOTH, CROSSWALK

pytestmark = pytest.mark.usefixtures("loaded_once")

TITLES = {"add": "Add fractions", "angle": "Measure angles", "rain": "The water cycle"}
LINES = ("i-add,c-add,exact", "i-angle,c-angle,broader", "i-rain,c-rain,exact")
# A second line from the same outcome, which leads wrong for every resource.
WRONG = ("i-add,c-angle,related",)


@pytest.fixture
def evaluate(run, dataset_folder, tmp_path):
    def measured(*lines):
        outcomes = [
            {"id": f"{side}-{name}", "framework": side, "language": "en", "title": title}
            for side in "ic"
            for name, title in TITLES.items()
        ]
        resources = [
            {"id": f"{name}-{n}", "title": f"{title}, part {n}", "language": "en"}
            for name, title in TITLES.items()
            for n in range(6)
        ]
        aligned = [
            f"{one['id']},{side}-{one['id'].split('-')[0]},teaches"
            for one in resources
            for side in "ic"
        ]
        folder = dataset_folder(
            outcomes="".join(json.dumps(row) + "\n" for row in outcomes),
            resources="".join(json.dumps(row) + "\n" for row in resources),
            alignments="\n".join(["resource,outcome,relation", *aligned, ""]),
            crosswalk="\n".join(["outcome,other,match", *lines, ""]),
        )
        file = tmp_path / "figures.json"
        arguments = ("--dataset", folder, "--encoder", "minilm", "--json", file)
        status, out, err = run("evaluate", "transfer", *arguments)
        return status, out, err, json.loads(file.read_text()) if status == 0 else None

    return measured


def test_what_a_crosswalk_carries_is_measured_in_both_directions_new_and_not(evaluate):
    status, out, _, found = evaluate(*LINES, *WRONG)
    assert status == 0, out
    assert found["resources"] == 18
    asked = {(one["from"], one["to"], one["new"], one["by"]) for one in found["judges"]}
    assert asked == {
        (here, there, new, by)
        for here, there in (("i", "c"), ("c", "i"))
        for new in (True, False)
        for by in (ALIGNER, CROSSWALK, BOTH)
    }
    crosswalk = [one for one in found["judges"] if one["by"] == CROSSWALK]
    assert all(one["recall"] == one["recall@1"] == 1 for one in crosswalk)
    lines = {(one["from"], one["match"], one["alone"]): one for one in found["lines"]}
    assert lines["i", "exact", True]["pairs"] == lines["i", "exact", False]["pairs"] == 6
    assert lines["i", "related", False]["precision"] == 0
    assert lines["i", "broader", True]["precision"] == lines["c", "narrower", False]["precision"]
    worth = found["fitted"]["worth"]
    assert worth["exact"] > worth["related"]
    assert "joint" in out


@pytest.mark.parametrize(
    ("lines", "says"),
    [((), "has no crosswalk between two frameworks"), (LINES, "too little is carried")],
)
def test_where_nothing_can_be_learned_it_is_said_why(evaluate, lines, says):
    status, _, err, _ = evaluate(*lines)
    assert status == 2
    assert says in " ".join(err.split())
