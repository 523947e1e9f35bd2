import pytest

from data.downloadable import is_downloadable
from data.records import Resource


@pytest.mark.parametrize(
    ("said", "known"), [(True, True), (False, False), ("true", None), (1, None), (None, None)]
)
def test_only_true_and_false_tell_whether_it_can_be_downloaded(said, known):
    assert is_downloadable(Resource(id="r", title="x", extra={"downloadable": said})) is known


def test_what_says_nothing_is_not_known():
    assert is_downloadable(Resource(id="r", title="x")) is None
