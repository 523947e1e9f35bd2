import re
import unicodedata

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lexical import (
    QUERY_LENGTH,
    LexicalIndex,
    load_lexical,
    pieces,
    spellings,
    stemmed,
    terms,
    tokens,
    words,
)

TEXTS = [
    "Number › Fractions › Add fractions with the same denominator",
    "Number › Fractions › Compare two fractions",
    "Science › Plants › Photosynthesis",
    "Science › Plants › Parts of a flower",
    "History › Rivers and cities of the ancient world",
]


def best(index, query):
    return int(np.argmax(index.scores(query)))


def test_hindi_words_keep_their_vowel_signs():
    assert words("मात्राएँ और भिन्न") == ["मात्राएँ", "और", "भिन्न"]
    assert tokens("मात्राएँ") == ["मात्राएँ"]
    assert tokens("भिन्न") != tokens("भिन्नता के")


def test_an_indic_word_is_cut_between_letters_never_within_one():
    word = "अन्तरराष्ट्रीयकरण"
    stem = stemmed(word)
    assert word.startswith(stem)
    assert 0 < len(stem) < len(word)
    assert not unicodedata.category(word[len(stem)]).startswith("M")


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("الْكُسُور", "الكسور"),  # with points
        ("الكـــسور", "الكسور"),  # with tatweel
        ("الكسور", "كسور"),  # with the article
        ("والكسور", "كسور"),
        ("بالكسور", "كسور"),
        ("وبالكسور", "كسور"),
        ("للكسور", "كسور"),
        ("أحياء", "احياء"),  # forms of alef
        ("إحصاء", "احصاء"),
        ("آلة", "الة"),
        ("مسألة", "مساله"),  # ta marbuta
        ("مستوى", "مستوي"),
        ("یک", "يك"),  # as a Persian keyboard writes it
        ("۱۲", "١٢"),  # digits of Persian and Arabic
        ("१२", "12"),
    ],
)
def test_arabic_spellings_of_one_word_are_one_token(written, same):
    assert tokens(written) == tokens(same)


def test_a_short_arabic_word_that_begins_like_an_article_stays_whole():
    assert tokens("ألم") == ["الم"]


def test_hebrew_points_are_optional():
    assert tokens("שָׁלוֹם") == tokens("שלום")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("分数的加法", ["分数", "数的", "的加", "加法"]),
        ("コンピューター", ["コン", "ンピ", "ピュ", "ュー", "ータ", "ター"]),
        ("水", ["水"]),
        ("เศษส่วน", ["เศ", "ศษ", "ษส่", "ส่ว", "วน"]),
        ("3年生", ["3", "年生"]),
        ("用Python学习", ["用", "python", "学习"]),
        ("분수에서", ["분수", "수에", "에서"]),
    ],
)
def test_scripts_without_spaces_are_cut_into_pairs_of_characters(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ΣΟΦΟΣ", "σοφός".replace("ό", "ο")),
        ("ﬁnd", "FIND"),
        ("Ｆｒａｃｔｉｏｎ", "fraction"),
        ("cafe\u0301", "CAFÉ"),
        ("frac\u00adtions", "fractions"),
        ("ශ්\u200dරී", "ශ්රී"),
        ("می\u200cروم", "میروم"),
    ],
)
def test_ways_to_write_one_word_are_one_token(written, same):
    assert len(tokens(written)) == 1
    assert tokens(written) == tokens(same)


def test_endings_do_not_part_words_of_one_stem():
    assert tokens("fractional fractions") == ["fracti", "fracti"]


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_is_cut_into_tokens_that_are_not_empty(text):
    assert all(tokens(text))
    assert set(spellings(text).values()) <= set(words(text))


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_case_does_not_matter(text):
    assert tokens(text.upper()) == tokens(text.lower()) == tokens(text)


@given(st.text(alphabet="abc XYZ.,-"))
def test_words_of_plain_english_are_what_a_simple_pattern_finds(text):
    assert words(text) == re.findall("[a-zA-Z]+", text)


def test_the_document_that_shares_the_rare_words_scores_highest():
    index = LexicalIndex.build(TEXTS)
    assert best(index, "adding fractions with one denominator") == 0
    assert best(index, "how a FLOWER is made") == 3
    assert index.scores("the ancient world").shape == (5,)


def test_documents_without_a_shared_word_score_nothing():
    index = LexicalIndex.build(TEXTS)
    assert index.scores("photosynthesis").nonzero()[0].tolist() == [2]
    assert not index.scores("quantum 42 !").any()
    assert not index.scores("").any()


@pytest.mark.parametrize("texts", [[], ["", "…"], ["!"]])
def test_an_index_without_words_scores_nothing(tmp_path, texts):
    index = LexicalIndex.build(texts)
    assert index.scores("fractions").tolist() == [0.0] * len(texts)
    index.save(tmp_path / "words")
    assert load_lexical(tmp_path / "words", len(texts)).scores("fractions").tolist() == (
        [0.0] * len(texts)
    )


def test_documents_without_words_stand_between_others():
    index = LexicalIndex.build(["", "fractions", "…", "flower"])
    assert index.scores("a flower").nonzero()[0].tolist() == [3]


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[:1], ["भिन्नों का योग", "分数的加法", "جمع الكسور"]])
def test_what_is_saved_and_loaded_scores_the_same(tmp_path, texts):
    index = LexicalIndex.build(texts)
    index.save(tmp_path / "words")
    loaded = load_lexical(tmp_path / "words", len(texts))
    for query in [*texts, "fractions of plants", "加法", ""]:
        assert loaded.scores(query).tolist() == index.scores(query).tolist()
        assert loaded.shared_words(spellings(query), texts[0]) == (
            index.shared_words(spellings(query), texts[0])
        )


def test_scores_are_those_of_bm25s_and_either_reads_the_others_files(tmp_path):
    ours, theirs = LexicalIndex.build(TEXTS), bm25s.BM25()
    theirs.index(list(terms(TEXTS)), show_progress=False)
    ours.save(tmp_path / "ours")
    theirs.save(tmp_path / "theirs", show_progress=False)
    read = load_lexical(tmp_path / "theirs", len(TEXTS))
    known = bm25s.BM25.load(tmp_path / "ours", show_progress=False)
    for query in (*TEXTS, "fractions of plants and plants"):
        scores = ours.scores(query)
        np.testing.assert_allclose(scores, read.scores(query), rtol=1e-6)
        for model in (theirs, known):
            asked = model.get_tokens_ids(*terms([query]))
            np.testing.assert_allclose(scores, model.get_scores_from_ids(asked), rtol=1e-5)


def test_an_index_of_words_alone_as_earlier_ones_were_is_still_asked_for_words(tmp_path):
    earlier = bm25s.BM25()
    earlier.index([tokens(text) for text in TEXTS], show_progress=False)
    earlier.save(tmp_path / "words", show_progress=False)
    index = load_lexical(tmp_path / "words", len(TEXTS))
    assert index.scores("photosynthesis").nonzero()[0].tolist() == [2]
    assert not index.scores("synthesis").any()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("synthesis", 2),  # within a word
        ("fracción", 1),  # of another language
        ("les plantes", 2),
        ("sunflowers", 3),
        ("HISTÓRIA", 4),
    ],
)
def test_pieces_of_words_are_found_without_their_accents(query, found):
    assert best(LexicalIndex.build(TEXTS), query) == found
    assert not {*tokens(query)} & {token for text in TEXTS for token in tokens(text)}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("fracción", [" fra", "frac", "racc", "acci", "ccio", "cion", "ion "]),
        ("a", [" a "]),
        ("भिन्न", [" भिन", "भिन्", "िन्न", "न्न "]),
        ("분수", [" 분수 "]),
        ("Ёлка", [" елк", "елка", "лка "]),
        ("\u0640", []),  # an ornament alone
    ],
)
def test_a_words_pieces_are_its_runs_of_four_characters(word, expected):
    assert pieces(word) == expected


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_word_is_cut_into_pieces_of_four_characters_at_most(text):
    for word in words(text):
        cut = pieces(word)
        assert all(0 < len(piece) <= 4 for piece in cut)


def test_a_piece_of_most_texts_is_not_kept():
    index = LexicalIndex.build(
        [f"learning {chr(97 + n)}{chr(98 + n)}{chr(99 + n)}" for n in range(20)]
    )
    assert "learni" in index.vocabulary
    assert "~lear" not in index.vocabulary
    assert "~ abc" in index.vocabulary


def test_shared_words_are_spelled_as_the_query_spells_them_rarest_first():
    index = LexicalIndex.build(TEXTS)
    asked = spellings("FRACTIONS, fraction by fraction: Comparing, a flower")
    assert index.shared_words(asked, TEXTS[1]) == ("Comparing", "FRACTIONS")


def test_words_of_nearly_every_document_are_no_reason():
    index = LexicalIndex.build([f"unit about topic{number}" for number in range(50)])
    assert index.shared_words(spellings("unit about"), "unit about topic1") == ()


def test_words_of_many_documents_of_a_language_are_no_reason_however_many_others_there_are():
    english = [f"read the news of topic{number}" for number in range(40)]
    index = LexicalIndex.build([*english, *(f"lire sujet{number}" for number in range(2000))])
    asked = spellings("the end of topic7")
    assert index.shared_words(asked, english[7]) == ("topic7", "the", "of")
    among = np.arange(2040) < 40
    assert index.shared_words(asked, english[7], among=among) == ("topic7",)


@pytest.mark.parametrize("query", ["the", "Of the", "les", "des", "of", "xy", "?", ""])
def test_words_of_very_many_documents_of_some_language_and_mere_letters_tell_nothing(query):
    english = [f"read the news of topic{number}" for number in range(40)]
    french = [f"lire les sujets des jours {number}" for number in range(400)]
    index = LexicalIndex.build([*english, *french])
    among = np.arange(440) < 40
    assert not index.tells(query, [among, ~among])


@pytest.mark.parametrize("query", ["topic7", "the topic7", "topi", "加法", "11 ×\u00a0π"])
def test_a_rare_word_tells_something_as_does_what_may_be_a_part_of_one(query):
    english = [f"read the news of topic{number}" for number in range(40)]
    index = LexicalIndex.build([*english, "分数的加法", "π"])
    assert index.tells(query, [None, np.arange(42) < 40])


def test_no_more_words_are_shown_than_asked_for():
    index = LexicalIndex.build([*TEXTS, "nothing"])
    asked = spellings("rivers cities ancient world history")
    assert len(index.shared_words(asked, TEXTS[4], most=2)) == 2


def test_words_shared_in_chinese_are_only_those_that_the_document_has():
    index = LexicalIndex.build(["分数的加法", "植物的光合作用", "古代城市"])
    shared = index.shared_words(spellings("我们学习加法和减法"), "分数的加法")
    assert shared == ("加法",)


def test_arabic_words_are_shown_with_their_article():
    index = LexicalIndex.build(["جمع كسور", "نباتات", "مدن"])
    assert index.shared_words(spellings("درس في الكُسور"), "جمع كسور") == ("الكُسور",)


def test_what_stands_deep_in_a_book_is_not_looked_up():
    index = LexicalIndex.build(TEXTS)
    assert not index.scores("x" * QUERY_LENGTH + " photosynthesis").any()
    assert index.scores("photosynthesis " + "x" * QUERY_LENGTH).any()
