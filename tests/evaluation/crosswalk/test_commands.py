import json

import pytest

pytestmark = pytest.mark.usefixtures("loaded_once")

OUTCOMES = [
    *(
        {"id": f"i{n}", "framework": "isles", "language": "en", "title": title}
        for n, title in enumerate(
            ("Add fractions", "Measure angles", "The water cycle", "Use the theorem of Pythagoras")
        )
    ),
    *(
        {"id": f"c{n}", "framework": "coast", "language": "en", "title": title}
        for n, title in enumerate(
            (
                "Adding fractions",
                "Measuring angles",
                "The water cycle and rain",
                "Learn a poem by heart",
            )
        )
    ),
]
CROSSWALK = "outcome,other,match\ni0,c0,exact\ni1,c1,exact\ni2,c2,narrower\n"


@pytest.fixture
def evaluate(run, dataset_folder, tmp_path):
    def measured(crosswalk, *options, outcomes=OUTCOMES):
        lines = "".join(json.dumps(row) + "\n" for row in outcomes)
        folder = dataset_folder(outcomes=lines)
        if crosswalk is not None:
            (folder / "crosswalk.csv").write_text(crosswalk)
        file = tmp_path / "figures.json"
        arguments = ("--dataset", folder, "--model", "minilm", "--json", file, *options)
        status, out, err = run("evaluate", "crosswalk", *arguments)
        return status, out, err, json.loads(file.read_text()) if status == 0 else None

    return measured


def test_a_crosswalk_is_measured_in_both_directions(evaluate):
    status, out, _, found = evaluate(CROSSWALK)
    assert status == 0, out
    assert [(one["from"], one["to"]) for one in found["pairs"]] == [
        ("coast", "isles"),
        ("isles", "coast"),
    ]
    for one in found["pairs"]:
        assert one["recall@1"] == one["recall@5"] == one["mrr"] == 1.0
        assert (one["outcomes"], one["with_answer"]) == (4, 3)
        assert 0 <= one["mean_f2"] <= 1
        assert one["languages"] == ["en", "en"]
    headings = ("coast", "isles", "R@1", "R@5", "MRR", "F2", "ECE", "kind")
    assert [word for word in headings if word not in out] == []


def test_where_nothing_is_sure_enough_to_be_shown_no_error_of_it_is_told(evaluate):
    strangers = [one for one in OUTCOMES if one["id"] in ("i3", "c3")]
    status, out, _, found = evaluate("outcome,other,match\ni3,c3,exact\n", outcomes=strangers)
    assert status == 0, out
    assert [one["ece"] for one in found["pairs"]] == [None, None]


def test_a_dataset_without_a_crosswalk_is_told_so(evaluate):
    status, _, err, _ = evaluate(None)
    assert status == 2
    assert "has no crosswalk between two frameworks" in err
