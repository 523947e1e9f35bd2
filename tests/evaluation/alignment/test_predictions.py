import csv

import pytest

from data.errors import GatewaysError
from evaluation.alignment.predictions import write_predictions
from evaluation.alignment.protocol import Prediction


def prediction(resource, rank, **changed):
    stated = {
        "resource": resource,
        "outcome": f"o{rank}",
        "rank": rank,
        "score": 3.14159265,
        "confidence": 0.5,
        "selected": rank == 1,
    }
    return Prediction(**{**stated, **changed})


def test_rows_stand_under_the_promised_columns(tmp_path):
    path = tmp_path / "predictions.csv"
    lists = [[prediction("r1", 1), prediction("r1", 2)], [], [prediction('a "b", c\nd', 1)]]
    assert write_predictions(path, lists) == 3
    assert path.read_text().splitlines()[:3] == [
        "resource,outcome,rank,score,confidence,selected",
        "r1,o1,1,3.141593,0.500000,1",
        "r1,o2,2,3.141593,0.500000,0",
    ]
    with path.open(newline="") as file:
        assert list(csv.DictReader(file))[2]["resource"] == 'a "b", c\nd'


def test_ids_in_any_script_are_kept(tmp_path):
    path = tmp_path / "predictions.csv"
    write_predictions(path, [[prediction("درس-١", 1)]])
    assert "درس-١,o1,1" in path.read_text(encoding="utf-8")


def test_what_was_there_stays_when_the_prediction_fails(tmp_path):
    path = tmp_path / "predictions.csv"
    path.write_text("earlier")

    def failing():
        yield [prediction("r1", 1)]
        raise KeyError("model")

    with pytest.raises(KeyError):
        write_predictions(path, failing())
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["missing/predictions.csv", "file/predictions.csv"])
def test_a_place_that_cannot_be_written_is_named(tmp_path, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(GatewaysError, match=r"predictions\.csv: cannot be written"):
        write_predictions(tmp_path / place, [[prediction("r1", 1)]])


def test_a_folder_of_that_name_is_not_replaced(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(GatewaysError, match="cannot be written"):
        write_predictions(tmp_path / "taken", [[prediction("r1", 1)]])
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
