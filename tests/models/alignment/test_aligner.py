import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Outcome
from models.alignment.aligner import Aligner
from models.encoders.vector_cache import CachedEncoder
from models.ranking.centroids import apart
from models.ranking.fusion import meaning_score
from models.snapshots.indexing import build
from models.suggestion import AbstentionCause, Filters, Query, ReasonKind
from tests.patience import PATIENCE


def tree(framework, language, branches):
    """Outcomes of a framework from {strand: (levels, {id: (title, description)})}."""
    for strand, (levels, leaves) in branches.items():
        heading = f"{framework}/{strand}"
        common = {"framework": framework, "language": language}
        yield Outcome(id=heading, title=strand, levels=levels, assignable=False, **common)
        for name, (title, description) in leaves.items():
            yield Outcome(id=name, parent=heading, title=title, description=description, **common)


OUTCOMES = [
    *tree(
        "isles",
        "en-GB",
        {
            "Number": (
                ("3", "4"),
                {
                    "add": (
                        "Add fractions with the same denominator",
                        "Pupils add two or more fractions whose denominators are equal.",
                    ),
                    "compare": ("Compare two fractions", "Say which fraction is larger."),
                    "times": ("Multiplication tables", "Recall products up to 12 × 12."),
                    "place": ("Place value in large numbers", "Read and write numbers."),
                },
            ),
            "Geometry": (
                ("5",),
                {
                    "angles": ("Measure angles", "Use a protractor to measure an angle."),
                    "area": ("Area of a rectangle", "Multiply length by width."),
                },
            ),
            "Science": (
                ("5", "6"),
                {
                    "plants": ("Photosynthesis", "How green plants make food from light."),
                    "flower": ("Parts of a flower", "Name petal, stamen and stigma."),
                    "water": ("The water cycle", "Evaporation, condensation and rain."),
                    "circuits": ("Electric circuits", "Build a circuit with a lamp and cell."),
                },
            ),
        },
    ),
    Outcome(
        id="halves",
        framework="isles",
        parent="isles/Number",
        title="Recognise halves and quarters",
        levels=("1",),
        language="en-GB",
    ),
    *tree(
        "arvelle",
        "fr",
        {
            "Nombres": (
                ("A",),
                {
                    "fr-add": ("Additionner des fractions", "Même dénominateur."),
                    "fr-compare": ("Comparer deux fractions", "Dire laquelle est plus grande."),
                    "fr-tables": ("Tables de multiplication", ""),
                },
            ),
            "Sciences": (
                ("B",),
                {
                    "fr-plantes": ("La photosynthèse", "Comment les plantes se nourrissent."),
                    "fr-eau": ("Le cycle de l'eau", "Évaporation et pluie."),
                    "fr-circuit": ("Le circuit électrique", ""),
                },
            ),
        },
    ),
]
ASSIGNABLE = {outcome.id for outcome in OUTCOMES if outcome.assignable}
FRAMEWORK_OF = {outcome.id: outcome.framework for outcome in OUTCOMES}
ADDING = "Pupils learn to add fractions with the same denominator"


def ask(aligner, text, language=None, **options):
    query = Query(text=text, language=language)
    return aligner.rank(query, aligner.encode([query])[0], **options)


def ids(answer):
    return [found.outcome for found in answer.suggestions]


def hold(answer):
    """What is true of every answer."""
    found = answer.suggestions
    assert [suggestion.rank for suggestion in found] == list(range(1, len(found) + 1))
    assert len(set(ids(answer))) == len(found)
    confidences = [suggestion.confidence for suggestion in found]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    for framework in {FRAMEWORK_OF.get(outcome) for outcome in ids(answer)}:
        own = [one for one in found if FRAMEWORK_OF.get(one.outcome) == framework]
        assert [one.score for one in own] == sorted((one.score for one in own), reverse=True)
        chosen = [one.selected for one in own]
        assert chosen == sorted(chosen, reverse=True)
    if answer.abstained is not None:
        assert not any(one.selected for one in found)
    return answer


@pytest.fixture(scope="module")
def aligner(minilm, confidence, tmp_path_factory):
    encoder = CachedEncoder(minilm, tmp_path_factory.mktemp("vectors"))
    return Aligner(build(OUTCOMES, [], encoder, confidence=confidence), encoder)


@pytest.fixture(scope="module")
def any_language(hashing, confidence):
    return Aligner(build(OUTCOMES, [], hashing, confidence=confidence), hashing)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ADDING, "add"),
        ("Which is more, one third or one half? A lesson on ordering fractions", "compare"),
        ("Sunlight, leaves and chlorophyll: how trees feed themselves", "plants"),
        ("Clouds form when vapour cools, then it rains", "water"),
        ("Wire up a bulb and a battery", "circuits"),
        ("How many square centimetres does this tile cover?", "area"),
        ("Les plantes et la photosynthèse", "fr-plantes"),
    ],
)
def test_the_right_outcome_comes_first(aligner, text, expected):
    answer = hold(ask(aligner, text))
    assert ids(answer)[0] == expected
    assert answer.suggestions[0].selected


def test_headings_are_never_suggested(aligner):
    assert set(ids(ask(aligner, "Number and geometry", k=100))) == ASSIGNABLE


@pytest.mark.parametrize("k", [1, 3, 100])
def test_no_more_than_k_are_given_and_more_change_nothing(aligner, k):
    answer = hold(ask(aligner, ADDING, k=k))
    everything = ask(aligner, ADDING, k=100)
    assert answer.suggestions == everything.suggestions[:k]


def test_a_framework_filter_holds(aligner):
    answer = hold(ask(aligner, ADDING, k=100, filters=Filters(frameworks=("arvelle",))))
    assert set(ids(answer)) == {name for name in ASSIGNABLE if name.startswith("fr-")}


@pytest.mark.parametrize("language", ["en", "en-GB", "EN_us"])
def test_a_language_filter_admits_the_languages_varieties(aligner, language):
    answer = ask(aligner, ADDING, k=100, filters=Filters(languages=(language,)))
    assert set(ids(answer)) == {name for name in ASSIGNABLE if not name.startswith("fr-")}


def test_a_level_filter_uses_inherited_levels_unless_an_outcome_has_its_own(aligner):
    def at(*levels):
        return set(ids(ask(aligner, ADDING, k=100, filters=Filters(levels=levels))))

    assert at("1") == {"halves"}
    assert at("4") == {"add", "compare", "times", "place"}
    assert at("6", "A") == {
        "plants",
        "flower",
        "water",
        "circuits",
        "fr-add",
        "fr-compare",
        "fr-tables",
    }


def test_filters_narrow_together(aligner):
    both = Filters(frameworks=("isles", "arvelle"), languages=("fr",), levels=("B", "5"))
    assert set(ids(ask(aligner, ADDING, k=100, filters=both))) == {
        "fr-plantes",
        "fr-eau",
        "fr-circuit",
    }


def test_an_outcomes_score_does_not_depend_on_what_else_is_allowed(aligner):
    def score(**options):
        found = ask(aligner, ADDING, k=100, **options).suggestions
        return {suggestion.outcome: suggestion.score for suggestion in found}

    everything = score()
    for narrowed in (
        score(filters=Filters(levels=("4",))),
        score(without={"compare", "times", "place"}),
    ):
        assert narrowed == pytest.approx({name: everything[name] for name in narrowed}, abs=1e-5)


def test_what_was_rejected_is_left_out_and_unknown_ids_do_not_matter(aligner):
    answer = hold(ask(aligner, ADDING, k=100, without={"add", "not in the index"}))
    assert set(ids(answer)) == ASSIGNABLE - {"add"}


def test_a_rejection_moves_no_other_confidence(aligner):
    def confidences(**options):
        return {
            one.outcome: one.confidence
            for one in ask(aligner, ADDING, k=100, **options).suggestions
        }

    before, after = confidences(), confidences(without={"add"})
    assert after == {outcome: before[outcome] for outcome in after}


@pytest.mark.parametrize("text", ["", "  \n", "…", "12 + 7 = 19", "🙂"])
def test_without_words_there_is_no_suggestion(aligner, text):
    answer = ask(aligner, text)
    assert (answer.suggestions, answer.abstained.cause) == ((), AbstentionCause.NO_TEXT)
    assert "title or a description" in answer.abstained.help


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("Additionner des fractions", "fr", "«fr»"),
        ("Sumar fracciones", "es-MX", "«es»"),
        ("جمع الكسور", None, "this script"),
        ("भिन्नों का योग", None, "this script"),
    ],
)
def test_a_language_that_the_encoder_does_not_know_is_refused(aligner, text, language, named):
    answer = ask(aligner, text, language)
    assert (answer.suggestions, answer.abstained.cause) == ((), AbstentionCause.LANGUAGE)
    assert named in answer.abstained.help
    assert "GATEWAYS_ENCODER=e5 gateways index" in answer.abstained.help


@pytest.mark.parametrize("language", [None, "en", "en-AU", "eng", "und", "mul"])
def test_a_language_that_the_encoder_knows_is_not_refused(aligner, language):
    assert ask(aligner, ADDING, language).abstained is None


@pytest.mark.parametrize("language", ["fr", "ar", "xx"])
def test_an_encoder_of_unknown_languages_refuses_none(any_language, language):
    assert ask(any_language, ADDING, language).suggestions


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        (Filters(frameworks=("atlantis",)), "atlantis"),
        (Filters(languages=("hi",)), "hi"),
        (Filters(levels=("99",)), "99"),
        (Filters(frameworks=("isles",), languages=("fr",)), "isles, fr"),
    ],
)
def test_filters_that_nothing_passes_are_named(aligner, filters, named):
    answer = ask(aligner, ADDING, filters=filters)
    assert (answer.suggestions, answer.abstained.cause) == ((), AbstentionCause.NOTHING_ALLOWED)
    assert f"({named})" in answer.abstained.help


def test_where_all_were_rejected_that_is_said(aligner):
    answer = ask(aligner, ADDING, without=ASSIGNABLE)
    assert answer.abstained.cause == AbstentionCause.NOTHING_ALLOWED
    assert "all were rejected" in answer.abstained.help


def test_where_nothing_is_close_the_list_is_given_without_a_choice(aligner):
    doubtful = replace(aligner.snapshot, confidence=replace(aligner.snapshot.confidence, bias=-30))
    answer = hold(ask(Aligner(doubtful, aligner.encoder), ADDING))
    assert answer.abstained.cause == AbstentionCause.NOTHING_CLOSE
    assert ids(answer)[0] == "add"


def test_reasons_show_the_words_shared_as_the_query_spells_them(aligner):
    first = ask(aligner, "DENOMINATORS when adding Fractions").suggestions[0]
    assert first.outcome == "add"
    by_kind = {reason.kind: reason for reason in first.reasons}
    assert set(by_kind[ReasonKind.WORDS].words) >= {"DENOMINATORS", "Fractions"}
    assert all(0 <= reason.strength <= 1 for reason in first.reasons)


def test_words_that_a_framework_has_everywhere_are_no_reason(hashing, confidence):
    english = tree("e", "en", {"A": ((), {f"e{n}": (f"read the t{n}", "") for n in range(40)})})
    others = tree("o", "fr", {"B": ((), {f"o{n}": (f"lire s{n}", "") for n in range(900)})})
    built = build([*english, *others], [], hashing, confidence=confidence)
    only = Filters(frameworks=("e",))  # in the other some words have the same place as these
    first = ask(Aligner(built, hashing), "the t7", filters=only).suggestions[0]
    assert first.outcome == "e7"
    (words,) = (reason.words for reason in first.reasons if reason.kind is ReasonKind.WORDS)
    assert words == ("t7",)


@pytest.mark.parametrize("language", ["fr", None])
def test_words_that_only_hold_a_sentence_together_are_no_reason(hashing, confidence, language):
    titles = {"a": ("se servir des puissances pour le calcul", ""), "b": ("lire une carte", "")}
    french = [*tree("f", "fr", {"A": ((), titles)})]
    built = build(french, [], hashing, confidence=confidence)
    asked = "Les puissances, pour se préparer au calcul"
    first = ask(Aligner(built, hashing), asked, language).suggestions[0]
    assert first.outcome == "a"
    (words,) = (reason.words for reason in first.reasons if reason.kind is ReasonKind.WORDS)
    assert set(words) == {"puissances", "calcul"}


def test_where_no_word_is_shared_only_meaning_is_a_reason(aligner):
    found = ask(aligner, "Wire up a bulb", k=100).suggestions
    rivers = next(each for each in found if each.outcome == "fr-tables")
    assert [reason.kind for reason in rivers.reasons] == [ReasonKind.MEANING]


def test_unexplained_suggestions_are_the_same_without_reasons(aligner):
    plain = ask(aligner, ADDING, explain=False)
    assert all(found.reasons == () for found in plain.suggestions)
    explained = ask(aligner, ADDING)
    assert [replace(found, reasons=()) for found in explained.suggestions] == (
        list(plain.suggestions)
    )


def test_words_alone_and_vectors_alone_rank_by_themselves(aligner, minilm):
    by_words = Aligner(aligner.snapshot, minilm, words_weight=1.0)
    by_vectors = Aligner(aligner.snapshot, minilm, words_weight=0.0)
    text = "protractor rain"
    isles = Filters(frameworks=("isles",))
    entries = aligner.snapshot.entries
    rows = [row for row, one in enumerate(entries) if one.outcome.framework == "isles"]
    lexical = aligner.snapshot.lexical.scores(text)[rows]
    found = ids(ask(by_words, text, k=2, filters=isles))
    assert [aligner._rows[name] for name in found] == [rows[n] for n in np.argsort(-lexical)[:2]]
    vector = minilm.encode([text])[0]
    vectors = aligner.snapshot.outcomes.vectors(np.arange(len(entries)))
    home = vectors.mean(axis=0)  # the framework is small: all outcomes tell what is ordinary
    own = apart(vectors, home) @ apart(vector, home)
    meaning = meaning_score(vectors @ vector, vectors @ vector) + meaning_score(own, own)
    similar = meaning[rows]
    found = ids(ask(by_vectors, text, k=5, filters=isles))
    assert [aligner._rows[name] for name in found] == [rows[n] for n in np.argsort(-similar)[:5]]


def test_an_outcome_that_only_words_bring_is_a_candidate(hashing, confidence):
    crowd = [
        Outcome(id=f"near{number}", framework="f", title="alpha beta gamma")
        for number in range(300)
    ]
    far = Outcome(id="far", framework="f", title="zeta " + "filler " * 50)
    lonely = Aligner(build([*crowd, far], [], hashing, confidence=confidence), hashing)
    assert "far" in ids(ask(lonely, "alpha beta gamma zeta", k=400))


@pytest.mark.parametrize("language", ["en", None])
def test_a_text_of_a_megabyte_is_answered_within_seconds(aligner, language):
    book = (ADDING + ". ") * (1_000_000 // len(ADDING))
    started = time.perf_counter()
    answer = hold(ask(aligner, book, language))
    assert time.perf_counter() - started < PATIENCE  # all of it would take longer
    assert ids(answer)[0] == "add"


def test_a_megabyte_without_spaces_is_answered_within_seconds(any_language):
    started = time.perf_counter()
    ask(any_language, "分数的加法" * 200_000)
    ask(any_language, "x" * 1_000_000)
    assert time.perf_counter() - started < PATIENCE  # all of it would take longer


def test_a_framework_of_one_outcome_is_answered(hashing, confidence):
    one = [Outcome(id="only", framework="f", title="Add fractions")]
    answer = hold(ask(Aligner(build(one, [], hashing, confidence=confidence), hashing), ADDING))
    assert ids(answer) == ["only"]


def test_an_empty_index_says_that_nothing_is_allowed(hashing, confidence):
    answer = ask(Aligner(build([], [], hashing, confidence=confidence), hashing), ADDING)
    assert answer.abstained.cause == AbstentionCause.NOTHING_ALLOWED


def test_identical_outcomes_share_score_and_order_of_arrival(hashing, confidence):
    twins = [Outcome(id=name, framework="f", title="Add fractions") for name in "cab"]
    answer = hold(ask(Aligner(build(twins, [], hashing, confidence=confidence), hashing), ADDING))
    assert ids(answer) == ["c", "a", "b"]
    assert len({found.score for found in answer.suggestions}) == 1


def test_the_same_question_gets_the_same_answer(aligner):
    assert ask(aligner, ADDING) == ask(aligner, ADDING)


def test_an_entry_gives_the_path_and_an_unknown_id_is_a_key_error(aligner):
    assert aligner.entry("add").path == ("Number", "Add fractions with the same denominator")
    with pytest.raises(KeyError):
        aligner.entry("isles/Number")


@settings(deadline=None, max_examples=150)
@given(
    st.text(alphabet=st.characters(exclude_categories=()), max_size=300),
    st.sampled_from([None, "en", "fr", "", "x-private", "zh-Hant"]),
    st.sets(st.sampled_from(sorted(ASSIGNABLE))),
    st.integers(1, 30),
)
def test_any_text_is_answered(any_language, text, language, without, k):
    answer = hold(ask(any_language, text, language, without=without, k=k))
    assert len(answer.suggestions) <= k
    assert without.isdisjoint(ids(answer))


@settings(deadline=None, max_examples=8)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_any_text_is_answered_with_a_real_encoder(aligner, text):
    hold(ask(aligner, text))
