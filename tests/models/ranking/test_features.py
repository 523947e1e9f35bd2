from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Outcome, Resource
from models.alignment.examiner import Examiner
from models.alignment.facets import Facets
from models.alignment.retrieval import Retrieval
from models.ranking.features import GROUPS, NAMES, Features
from models.snapshots.indexing import build
from models.suggestion import Query

OUTCOMES = [
    Outcome(id="maths", framework="f", title="Mathematics", assignable=False, levels=("Year 3",)),
    Outcome(id="add", framework="f", parent="maths", title="Add fractions", subject="Mathematics"),
    Outcome(id="order", framework="f", parent="maths", title="Order decimals", subject="Maths"),
    Outcome(id="area", framework="f", parent="maths", title="Area of rectangles", subject="Maths"),
    Outcome(id="words", framework="f", title="Prepositions of place", levels=("Year 5",)),
    Outcome(id="logic", framework="f", title="Propositions and truth", subject="Logic"),
    Outcome(
        id="plants", framework="f", title="Plants and light", levels=("Year 6",), language="en"
    ),
    Outcome(id="plantes", framework="f", title="Les plantes", language="fr", subject="Sciences"),
]
RESOURCES = [
    Resource(id="r1", title="Adding halves and fractions"),
    Resource(id="r2", title="Plants in the dark"),
]
ACCEPTED = {"r1": ["add"]}
ADDING = Query(text="Add two fractions\nof one denominator", subject="maths", levels=("Year 3",))


def examined_by(encoder, confidence, outcomes=OUTCOMES, resources=RESOURCES, accepted=ACCEPTED):
    """A function: query → features of each framework's candidates, by name and by id."""
    snapshot = build(outcomes, resources, encoder, confidence=confidence)
    snapshot = replace(snapshot, accepted=accepted)
    frameworks = Facets(snapshot.entries).frameworks
    examiner = Examiner(snapshot, Retrieval(snapshot, frameworks, 0.2))
    everything = np.ones(len(snapshot.entries), dtype=bool)

    def examined(query):
        found = {}
        for one in examiner.examine(query, encoder.encode([query.text])[0], everything):
            ids = [snapshot.entries[row].outcome.id for row in one.candidates.rows]
            assert one.features.shape == (len(ids), len(NAMES))
            assert one.features.dtype == np.float32
            for id_, values in zip(ids, one.features, strict=True):
                found[id_] = dict(zip(NAMES, map(float, values), strict=True))
        return found

    return examined


@pytest.fixture(scope="module")
def examined(hashing_of, confidence):
    return examined_by(hashing_of(1024), confidence)


def missing(found, name):
    values = [each[name] for each in found.values()]
    assert np.isnan(values).all() == np.isnan(values).any()
    return bool(np.isnan(values).all())


def test_every_feature_is_of_one_group():
    assert len(NAMES) == len(set(NAMES)) == sum(map(len, GROUPS.values()))


@settings(deadline=None, max_examples=60)
@given(
    text=st.text(max_size=200),
    subject=st.none() | st.text(max_size=10) | st.just("maths"),
    levels=st.lists(st.text(max_size=10) | st.just("Year 3"), max_size=3),
    language=st.none() | st.text(max_size=5) | st.just("en"),
)
def test_any_query_has_features_that_are_finite_or_missing(
    examined, text, subject, levels, language
):
    query = Query(text=text, subject=subject, levels=tuple(levels), language=language)
    for values in examined(query).values():
        assert not np.isinf(list(values.values())).any()


@pytest.mark.parametrize(
    "text",
    [
        *("", "\n", "\x00", "\u202e", "\u0301", "🙂🙃"),
        *("भिन्नों का योग", "جمع الكسور", "分数的加法", "İ ß ﬁ"),
        *("a" * 10**6, "word " * 10**5),
    ],
    ids=range(12),
)
def test_texts_of_any_script_and_size_have_features(examined, text):
    for values in examined(Query(text=text)).values():
        assert not np.isinf(list(values.values())).any()
        assert not np.isnan([values[name] for name in GROUPS["meaning"] + GROUPS["title"]]).any()


@settings(deadline=None, max_examples=40)
@given(titles=st.lists(st.text(max_size=30), min_size=1, max_size=5), level=st.text(max_size=30))
def test_any_outcomes_have_features_that_are_finite_or_missing(hashing, confidence, titles, level):
    outcomes = [
        Outcome(id=str(n), framework="f", title=title, subject=title, levels=(level,) * (n % 2))
        for n, title in enumerate(titles)
    ]
    examined = examined_by(hashing, confidence, outcomes, [], {})
    for values in examined(Query(text=titles[0], subject=titles[0], levels=(level,))).values():
        assert not np.isinf(list(values.values())).any()


def test_a_level_of_very_many_digits_is_a_level(hashing, confidence):
    level = "9" * 10_000
    outcomes = [Outcome(id="o", framework="f", title="One", levels=(level,))]
    found = examined_by(hashing, confidence, outcomes, [], {})(Query(text="one", levels=(level,)))
    assert (found["o"]["level: agrees"], found["o"]["level: distance"]) == (1, 0)


def test_the_order_of_the_outcomes_and_what_they_are_called_do_not_matter(
    hashing_of, confidence, examined
):
    renamed = [
        replace(
            outcome,
            id=f"x-{outcome.id}",
            framework="g",
            parent=outcome.parent and f"x-{outcome.parent}",
            subject=outcome.subject and f"renamed {outcome.subject}",
            levels=tuple(level.replace("Year", "Class") for level in outcome.levels),
        )
        for outcome in reversed(OUTCOMES)
    ]
    other = examined_by(hashing_of(1024), confidence, renamed, accepted={"r1": ["x-add"]})
    words = ["fractions", "decimals", "area", "place", "truth", "light", "plantes"]
    text = " ".join(" ".join([word] * (9 - n)) for n, word in enumerate(words))  # no two tie
    asked = Query(text=text, subject="RENAMED maths ", levels=("Class 3",))
    mine, theirs = examined(replace(ADDING, text=text)), other(asked)
    for id_, values in mine.items():
        assert theirs[f"x-{id_}"] == pytest.approx(values, rel=1e-3, abs=1e-4, nan_ok=True)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (replace(ADDING, subject=None), ["subject: agrees"]),
        (replace(ADDING, subject=" "), ["subject: agrees"]),
        (replace(ADDING, subject="Numeracy"), ["subject: agrees"]),
        (replace(ADDING, levels=()), ["level: agrees", "level: distance"]),
        (replace(ADDING, levels=("Grade 3",)), ["level: agrees", "level: distance"]),
        (ADDING, ["language: agrees"]),
    ],
)
def test_what_the_query_does_not_say_or_the_framework_not_know_is_missing(examined, query, names):
    found = examined(query)
    for name in [*GROUPS["subject"], *GROUPS["language"], "level: agrees"]:
        assert missing(found, name) == (name in names or name == "language: agrees"), name


def test_without_neighbours_what_they_say_is_missing(hashing, confidence):
    found = examined_by(hashing, confidence, resources=[], accepted={})(ADDING)
    assert all(missing(found, name) for name in GROUPS["neighbours"])


def test_without_accepted_neighbours_only_what_these_say_is_missing(hashing, confidence):
    near = Resource(id="near", title="Add two fractions of one denominator")
    found = examined_by(hashing, confidence, resources=[*RESOURCES, near], accepted={})(ADDING)
    for name in GROUPS["neighbours"]:
        assert missing(found, name) == name.startswith("accepted"), name


def test_what_neighbours_guess_counts_for_it(examined):
    found = examined(Query(text="Leaves need the sun", resource="r1"))  # r2 alone is left
    guessed = {id_: values["neighbours: guessed"] for id_, values in found.items()}
    assert max(guessed, key=guessed.get) == "plants"
    behind = {id_: values["neighbours: guessed, behind the best"] for id_, values in found.items()}
    assert behind == pytest.approx({id_: each - guessed["plants"] for id_, each in guessed.items()})


def test_what_one_framework_has_no_name_for_is_missing_there_alone(hashing, confidence):
    foreign = Outcome(id="away", framework="g", title="Add", subject="Calcul", levels=("CE1",))
    found = examined_by(hashing, confidence, [*OUTCOMES, foreign])(ADDING)
    for name in ("subject: agrees", "level: agrees", "level: distance"):
        assert np.isnan(found["away"][name]), name
    assert (found["order"]["subject: agrees"], found["order"]["level: agrees"]) == (1, 1)


def test_subject_level_and_language_agree_where_they_are_the_same(examined):
    found = examined(replace(ADDING, language="en-GB"))
    said = {
        id_: [values[f"{of}: agrees"] for of in ("subject", "level", "language")]
        for id_, values in found.items()
    }
    assert said["order"] == [1, 1, 0]
    assert said["add"] == [0, 1, 0]
    assert said["plants"] == [0, 0, 1]


def test_levels_are_as_far_apart_as_their_numbers(examined):
    found = examined(ADDING)
    distances = {id_: values["level: distance"] for id_, values in found.items()}
    assert (distances["add"], distances["words"], distances["plants"]) == (0, 2, 3)
    assert np.isnan(distances["logic"])


def test_a_look_alike_shares_letters_without_words(examined):
    found = examined(Query(text="Prepositions"))
    letters = {id_: values["title: letters without words"] for id_, values in found.items()}
    assert max(letters, key=letters.get) == "logic"
    assert letters["logic"] == pytest.approx(found["logic"]["title: letters"])
    assert found["words"]["title: words of the outcome's"] > 0.3
    assert found["logic"]["title: words of the outcome's"] < 0.3


def test_words_of_the_title_and_of_the_ancestors_count(examined):
    found = examined(Query(text="mathematics: add"))
    assert found["add"]["title: words of the ancestors"] == pytest.approx(1)
    assert found["words"]["title: words of the ancestors"] == 0
    assert found["add"]["title: words of the resource's"] > 0
    assert found["plants"]["title: words of the resource's"] == 0


def test_accepted_neighbours_vote_for_their_outcome_alone(examined):
    found = examined(ADDING)
    assert found["add"]["accepted: share"] == 1
    assert found["add"]["accepted: behind the nearest"] == 0
    assert found["order"]["accepted: share"] == 0
    assert np.isnan(found["order"]["accepted: behind the nearest"])


def test_siblings_are_those_of_one_parent(examined):
    found = examined(ADDING)
    assert found["order"]["siblings: behind the best"] == np.float32(
        found["order"]["both: score"] - found["add"]["both: score"]
    )
    assert found["order"]["siblings: share"] > found["add"]["siblings: share"]
    assert np.isnan(found["words"]["siblings: share"])


def test_alike_is_what_agrees_in_all_that_its_framework_knows(hashing, confidence):
    foreign = [
        Outcome(id="away", framework="g", title="Add", subject="Maths", levels=("CE1",)),
        Outcome(id="other", framework="g", title="Draw", subject="Art", levels=("CE1",)),
        Outcome(id="third", framework="h", title="Add"),
    ]
    entries = build([*OUTCOMES, *foreign], [], hashing, confidence=confidence).entries
    features = Features(entries)

    def alike(query):
        mask = features.alike(query)
        if mask is None:
            return None
        return {entry.outcome.id for entry, is_alike in zip(entries, mask, strict=True) if is_alike}

    assert alike(ADDING) == {"order", "area", "away"}
    assert alike(replace(ADDING, subject=None)) == {"add", "order", "area"}
    assert alike(replace(ADDING, levels=())) == {"order", "area", "away"}
    assert alike(replace(ADDING, subject="Numeracy", levels=("Grade 3",))) is None
