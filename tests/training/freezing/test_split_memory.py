import pytest

from data.errors import GatewaysError
from data.records import Split
from data.splits import By, Splits
from training.freezing.split_memory import memory_file, read_memory, remember

FIRST = Splits(resources={"r": Split.TRAIN, "s": Split.TEST}, outcomes={"मात्रा": Split.DEV})


@pytest.fixture
def file(tmp_path):
    return memory_file(tmp_path / "frozen", By.OUTCOME)


def test_nothing_is_remembered_at_first(file):
    assert read_memory(file) == Splits()


def test_what_was_given_is_remembered(file):
    remember(file, Splits(), FIRST)
    assert read_memory(file) == FIRST


def test_what_is_not_in_a_freeze_is_still_remembered_and_the_stricter_split_holds(file):
    remember(file, FIRST, Splits(resources={"r": Split.TEST, "s": Split.TRAIN, "t": Split.DEV}))
    assert read_memory(file).resources == {"r": Split.TEST, "s": Split.TEST, "t": Split.DEV}
    assert read_memory(file).outcomes == FIRST.outcomes


def test_the_file_is_left_alone_when_there_is_nothing_new(file):
    remember(file, Splits(), FIRST)
    before = file.stat().st_ino
    remember(file, FIRST, Splits(resources={"r": Split.TRAIN}))
    assert file.stat().st_ino == before


def test_the_two_ways_to_split_are_remembered_apart(tmp_path):
    assert memory_file(tmp_path, By.OUTCOME) != memory_file(tmp_path, By.RESOURCE)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"resources": {}}', '{"resources": {"r": "exam"}, "outcomes": {}}']
)
def test_a_damaged_file_is_not_taken_for_an_empty_one(file, content):
    file.parent.mkdir()
    file.write_text(content)
    with pytest.raises(GatewaysError, match=r"splits-by-outcome\.json: cannot be read"):
        read_memory(file)
