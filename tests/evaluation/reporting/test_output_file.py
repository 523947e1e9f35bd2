import pytest

from data.errors import GatewaysError
from evaluation.reporting.figures_file import write_figures
from evaluation.reporting.output_file import check_place


def test_a_place_that_is_not_there_is_refused_beforehand_and_when_writing(tmp_path):
    path = tmp_path / "nowhere" / "figures.json"
    check_place(None)
    check_place(tmp_path / "figures.json")
    for attempt in (lambda: check_place(path), lambda: write_figures(path, {})):
        with pytest.raises(GatewaysError, match=r"figures\.json: cannot be written"):
            attempt()
