import json

from evaluation.reporting.figures_file import write_figures


def test_figures_are_written_as_json_in_place_of_those_before(tmp_path):
    path = tmp_path / "figures.json"
    write_figures(path, {"auc": 0.5})
    write_figures(path, {"Fähigkeit": [0.25, None]})
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == {"Fähigkeit": [0.25, None]}
    assert "Fähigkeit" in text
    assert list(tmp_path.iterdir()) == [path]
