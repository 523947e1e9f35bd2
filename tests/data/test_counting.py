import pytest

from data.counting import counted


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 outcomes"), (1, "1 outcome"), (1000, "1,000 outcomes")]
)
def test_one_thing_is_not_told_as_several(number, said):
    assert counted(number, "outcome") == said
