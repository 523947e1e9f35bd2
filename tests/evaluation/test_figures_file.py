import json

import pytest

from data.errors import GatewaysError
from evaluation.figures_file import check_place, write_figures


def test_figures_are_written_as_json_in_place_of_those_before(tmp_path):
    path = tmp_path / "figures.json"
    write_figures(path, {"auc": 0.5})
    write_figures(path, {"Fähigkeit": [0.25, None]})
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == {"Fähigkeit": [0.25, None]}
    assert "Fähigkeit" in text
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_is_not_there_is_refused_beforehand_and_when_writing(tmp_path):
    path = tmp_path / "nowhere" / "figures.json"
    check_place(None)
    check_place(tmp_path / "figures.json")
    for attempt in (lambda: check_place(path), lambda: write_figures(path, {})):
        with pytest.raises(GatewaysError, match=r"figures\.json: cannot be written"):
            attempt()
