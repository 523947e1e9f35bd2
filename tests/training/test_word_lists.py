import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from training.word_lists import NO_WORDS, WordLists, read_word_lists

LIST = (
    "Half\tfr\tdemi\n"
    "half\tfr\tmoitié\n"
    "half\thi\tआधा\n"
    "half  life\tfr\tdemi-vie\n"
    "don't\tfr\tne\n"
    "भिन्न\tfr\tfraction\n"
)


@pytest.fixture
def listed(tmp_path):
    """Write a list of words; its file."""

    def write(text=LIST, name="en.tsv"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / name

    return write


@pytest.fixture
def always(monkeypatch):
    """All texts are switched, and all words that are listed."""
    monkeypatch.setattr("training.word_lists.SWITCHED", 1.0)
    monkeypatch.setattr("training.word_lists.REPLACED", 1.0)


def seen(words, text, language="en"):
    return {words.switch(text, language, np.random.default_rng(seed)) for seed in range(60)}


@pytest.mark.usefixtures("always")
def test_words_become_one_of_their_translations_all_in_one_language(listed):
    words = read_word_lists(listed())
    assert seen(words, "Half, and HALF!", "en-GB") == {
        "demi, and demi!",
        "demi, and moitié!",
        "moitié, and demi!",
        "moitié, and moitié!",
        "आधा, and आधा!",
    }


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize(
    ("text", "switched"),
    [
        ("A half life", "A demi-vie"),
        ("half-life", {"demi-life", "moitié-life"}),
        ("half lives", {"demi lives", "moitié lives"}),
        ("behalf halfway half2", "behalf halfway half2"),
        ("I don't.", "I ne."),
        ("भिन्न भिन्नता", "fraction भिन्नता"),
        ("", ""),
    ],
)
def test_the_longest_whole_phrase_is_translated(listed, text, switched):
    words = read_word_lists(listed(LIST.replace("half\thi\tआधा\n", "")))
    assert seen(words, text) == (switched if isinstance(switched, set) else {switched})


def test_now_and_then_a_text_is_switched_and_then_most_of_its_words(listed):
    words = read_word_lists(listed("a\tfr\tb\n"))
    generator = np.random.default_rng(0)
    switched = [words.switch("a " * 20, "en", generator).count("b") for _ in range(400)]
    assert 0.2 < np.mean([count > 0 for count in switched]) < 0.4
    assert 0.6 < np.mean([count / 20 for count in switched if count]) < 0.8


def test_the_same_seed_gives_the_same_text(listed):
    words = read_word_lists(listed())
    drawn = [
        [words.switch("half half", "en", np.random.default_rng(seed)) for seed in range(20)]
        for _ in range(2)
    ]
    assert drawn[0] == drawn[1]


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("language", [None, "", "und", "fr", "not a tag"])
def test_a_text_of_a_language_without_a_list_stays_and_draws_nothing(listed, language):
    generator = np.random.default_rng(0)
    for words in (read_word_lists(listed()), NO_WORDS):
        assert words.switch("half", language, generator) == "half"
    assert generator.random() == np.random.default_rng(0).random()


@given(st.text())
def test_what_is_not_listed_stays_as_it_is(text):
    words = WordLists({"en": {"fr": {"\t": {("\t", "\t", "\t"): ("never",)}}}})
    generator = np.random.default_rng(0)
    assert words.switch(text.replace("\t", ""), "en", generator) == text.replace("\t", "")


@pytest.mark.usefixtures("always")
def test_the_lists_of_a_folder_are_taken_together(listed):
    listed("half\tfr\tdemi\n", "en.maths.tsv")
    listed("demi\ten\thalf\n", "fr.tsv")
    listed("nothing of this", "notes.txt")
    words = read_word_lists(
        listed("\ufeffword\tlanguage\ttranslation\n\nhalf\tes\tmitad\r\n").parent
    )
    assert seen(words, "half") == {"demi", "mitad"}
    assert seen(words, "demi", "fr-CA") == {"half"}


def test_other_contents_have_another_fingerprint(listed):
    fingerprints = {
        read_word_lists(listed(text, name)).fingerprint
        for text, name in ((LIST, "en.tsv"), (LIST, "sw.tsv"), (LIST + LIST, "en.tsv"))
    }
    assert len(fingerprints) == 3
    assert NO_WORDS.fingerprint not in fingerprints


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("half\tfr\tdemi\nhalf\tfr\n", r"en\.tsv:2: has to be word, language, translation"),
        ("half\tfr\t \n", r"en\.tsv:1: has to be word"),
        ("half\tfr\tdemi\tmore\n", r"en\.tsv:1: has to be word"),
        ("\n\nhalf\tFrench!\tdemi\n", r"en\.tsv:3: 'French!' is no language"),
        ("half\tund\tdemi\n", r"en\.tsv:1: 'und' is no language"),
        ("half\ten-GB\tmoiety\n", r"en\.tsv:1: translates into en-GB, which is the language of"),
        (b"half\tfr\tmoiti\xe9\n", r"en\.tsv:1: is not UTF-8"),
        ("", "en.tsv: has no translation"),
    ],
)
def test_what_is_wrong_with_a_list_is_told_with_its_line(listed, text, told):
    with pytest.raises(GatewaysError, match=told):
        read_word_lists(listed(text))


def test_a_list_is_named_by_the_language_of_its_words(listed, tmp_path):
    with pytest.raises(GatewaysError, match=r"my words\.tsv: its name has to begin with the lang"):
        read_word_lists(listed(name="my words.tsv"))
    with pytest.raises(GatewaysError, match="cannot be read"):
        read_word_lists(tmp_path / "sw.tsv")
    (tmp_path / "empty").mkdir()
    with pytest.raises(GatewaysError, match="holds no word list"):
        read_word_lists(tmp_path / "empty")
