import pytest

from data.json_text import parsed


@pytest.mark.parametrize("text", ["", "{", b"\xff", "[" * 100_000, '{"a":' * 100_000])
def test_what_is_no_json_is_a_value_error(text):
    with pytest.raises(ValueError):
        parsed(text)


def test_what_is_json_is_read():
    assert parsed(b'{"a": [1, null]}') == {"a": [1, None]}
