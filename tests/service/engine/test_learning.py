"""What is kept of learners between requests, over real SQLite files."""

import copy
import gc
import json
import shutil
import time
import weakref
from collections import Counter
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from data.catalogue import Catalogue, Fate
from data.errors import ConflictError, GatewaysError, NotFoundError, UnavailableError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Decision, Event, Interaction, Statement, Verdict, Voice
from data.settings import load_settings
from models.learner.model import LearnerModel, write_learner_model
from models.learner.situation import Asked
from models.learner.teaching import Teaching
from models.learner.tracing import starting_tracer
from service.engine import learning as module
from service.engine.learning import Learning

NOW, DAY = 1_788_000_000.0, 86400.0
NAMES = [f"o{number}" for number in range(6)]
EDGES = ["o1,o0", "o2,o1", "o4,o3"]
numbers = count()
slow_setup = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A workspace with six outcomes of three grades and two resources for each."""
    folder = tmp_path_factory.mktemp("school")
    outcomes = [
        {"id": name, "framework": "f", "title": f"Outcome {name}", "levels": [f"Grade {n // 2}"]}
        for n, name in enumerate(NAMES)
    ]
    resources = [
        {"id": f"{kind}-{name}", "title": f"{kind} {name}", "kind": kind, "language": "en"}
        for name in NAMES
        for kind in ("video", "quiz")
    ]
    for name, rows in (("outcomes", outcomes), ("resources", resources)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    pairs = [f"{row['id']},{row['id'].partition('-')[2]}" for row in resources]
    (folder / "alignments.csv").write_text("\n".join(["resource,outcome", *pairs, ""]))
    (folder / "prerequisites.csv").write_text("\n".join(["outcome,requires", *EDGES, ""]))
    home = folder / "home"
    home.mkdir()
    with Catalogue.open(load_settings(home=home).catalogue_url) as catalogue:
        import_document(catalogue, open_document(folder, ReadOptions()))
    return home


class Place:
    """A workspace of its own, its catalogue and what serves learners there."""

    def __init__(self, template, home, **settings):
        self.home = shutil.copytree(template, home)
        self.settings = load_settings(home=self.home, **settings)
        self.catalogue = Catalogue.open(self.settings.catalogue_url)
        self.learning = Learning(self.settings, self.catalogue)

    def state(self, name):
        """The state at hand, without the ids of statements, which tell the order of arrival."""
        return without_ids(self.learning._kept(self.learning.teaching(), name).learner)

    def files(self):
        return b"".join(file.read_bytes() for file in sorted(self.home.glob("catalogue*")))


def without_ids(learner):
    found = copy.deepcopy(learner)
    for book in (found.overridden, found.contested, found.placed):
        for outcome, statement in book.items():
            book[outcome] = replace(statement, id=None)
    return found


@pytest.fixture
def place(template, tmp_path):
    made = Place(template, tmp_path / "home")
    yield made
    made.catalogue.close()


@pytest.fixture
def other_place(template, tmp_path):
    made = Place(template, tmp_path / "other home")
    yield made
    made.catalogue.close()


@pytest.fixture
def rebuilt(monkeypatch):
    """How often a learner was derived of the whole of what is kept of them, by name."""
    counted = Counter()
    original = Teaching.learner

    def learner(self, catalogue, name):
        counted[name] += 1
        return original(self, catalogue, name)

    monkeypatch.setattr(Teaching, "learner", learner)
    return counted


def did(name, at, outcome="o0", score=1.0, event=Event.ATTEMPTED, **more):
    return Interaction(
        learner=name, resource=f"quiz-{outcome}", time=at, event=event, score=score, **more
    )


def said(name, outcome="o0", can=1.0, voice=Voice.LEARNER, at=NOW, note=""):
    return Statement(learner=name, outcome=outcome, can=can, voice=voice, time=at, note=note)


def take(place, *interactions):
    return place.learning.take([(None, one) for one in interactions])


def shown(place, name, **asked):
    _, answered = place.learning.preview(name, Asked(now=NOW, **asked))
    return answered


# Things that happen to a learner, as values without their name.
interactions = st.builds(
    did,
    st.just("?"),
    st.sampled_from([NOW - days * DAY for days in (1, 2, 3, 10, 200)]),
    outcome=st.sampled_from(NAMES),
    score=st.sampled_from([None, 0.0, 0.5, 1.0]),
    event=st.sampled_from(list(Event)),
    item=st.sampled_from([None, "i1", "i2"]),
)
statements = st.builds(
    said,
    st.just("?"),
    outcome=st.sampled_from(NAMES),
    can=st.sampled_from([0.0, 1.0]),
    voice=st.sampled_from(list(Voice)),
)
events = st.lists(st.one_of(interactions, interactions, statements), max_size=8).map(
    # A statement's time is when it came in, so no two have the same.
    lambda found: [
        replace(one, time=NOW - place * 1000) if isinstance(one, Statement) else one
        for place, one in enumerate(found)
    ]
)


def tell(place, one, name):
    one = replace(one, learner=name)
    if isinstance(one, Statement):
        place.learning.state(one)
        return None
    return take(place, one)[0].fate


@with_settings(max_examples=12, deadline=None, suppress_health_check=slow_setup)
@given(events, st.data())
def test_late_double_and_disordered_events_leave_the_same_learner(place, other_place, events, data):
    name = f"l{next(numbers)}"
    in_order = sorted(events, key=lambda one: one.time)
    for one in in_order:
        tell(place, one, name)
    doubled = [one for one in events if isinstance(one, Interaction) and data.draw(st.booleans())]
    arriving = data.draw(st.permutations([*events, *doubled]))
    fates = Counter()
    for one in arriving:
        if data.draw(st.booleans()):
            shown(other_place, name)  # so that there is a state at hand that has to be kept up
        fates[tell(other_place, one, name)] += 1
    assert fates[Fate.REFUSED] == 0
    assert other_place.state(name) == place.state(name)
    first, second = shown(place, name, k=50), shown(other_place, name, k=50)
    assert first.found.candidates == second.found.candidates
    assert (first.kept.id, first.kept.shown) == (second.kept.id, second.kept.shown)
    assert first.found.mastery.probability.tolist() == second.found.mastery.probability.tolist()
    anew = other_place.learning.teaching().learner(other_place.catalogue, name)
    assert without_ids(anew) == other_place.state(name)


@with_settings(max_examples=8, deadline=None, suppress_health_check=slow_setup)
@given(st.lists(st.one_of(interactions, interactions, statements), min_size=1, max_size=6))
def test_erased_means_erased(place, caplog, events):
    caplog.clear()
    caplog.set_level("DEBUG")
    name, item, note = (f"{word}-{next(numbers)}-mark" for word in ("learner", "item", "note"))
    began = time.time()
    for number, one in enumerate(events):
        if isinstance(one, Statement):
            tell(place, replace(one, time=began, note=note), name)
        else:
            interaction = replace(one, learner=name, item=item)
            place.learning.take([(f"client-{name}-{number}", interaction)])
        place.learning.recommend(name, Asked(now=began, k=3))
    place.learning.question(name, Asked(now=began))
    assert name.encode() in place.files()
    counts = place.learning.erase(name).counts
    assert counts["recommendations"] >= 1

    files = place.files()
    assert not [word for word in (name, item, note) if word.encode() in files]
    assert name not in place.learning._learners
    assert name not in repr(place.learning._learners.values())
    assert name not in [one.learner for one in place.catalogue.learners.ids(limit=100).items]
    assert place.catalogue.recommendations.of_learner(name) == []
    with pytest.raises(NotFoundError):
        place.learning.export(name)
    assert not [one for one in caplog.records if name in f"{one.getMessage()} {one.exc_info}"]
    # Whoever asks again is a newcomer.
    assert place.state(name) == place.state("somebody whom nobody met")
    stranger = "never seen before"
    asked = Asked(now=NOW, k=9)
    now = [place.learning.preview(who, asked)[1].found for who in (name, stranger)]
    assert now[0].candidates == now[1].candidates
    assert now[0].mastery.probability.tolist() == now[1].mastery.probability.tolist()


def test_what_is_on_its_way_while_a_learner_is_erased_does_not_stay(place, monkeypatch):
    name = "learner-on-the-way"
    take(place, did(name, NOW))
    original = Teaching.learner

    def erased_meanwhile(self, catalogue, name):
        found = original(self, catalogue, name)
        place.learning.erase(name)
        return found

    monkeypatch.setattr(Teaching, "learner", erased_meanwhile)
    with pytest.raises(ConflictError, match="the learner was erased"):
        place.learning.recommend(name, Asked(now=NOW))
    assert place.learning._learners == {}
    assert name.encode() not in place.files()


def test_after_an_erasure_only_what_happens_later_counts(place):
    take(place, *(did("l", NOW - ago, "o0", 0.0) for ago in range(5)))
    shown(place, "l")
    place.learning.erase("l")
    late, anew = take(place, did("l", NOW), did("l", time.time() + 60))
    assert (late.fate, anew.fate) == (Fate.REFUSED, Fate.KEPT)
    assert place.state("l").marks == 1
    assert place.state("l").history.failures == 0


def test_what_comes_next_is_taken_into_the_state_at_hand(place, rebuilt):
    for number in range(5):
        take(place, did("l", NOW + number, score=number % 2))
        shown(place, "l")
    assert rebuilt["l"] == 1
    assert place.state("l").marks == 5


@pytest.mark.parametrize(
    "late",
    [
        lambda place: take(place, did("l", NOW - 5)),
        lambda place: take(place, did("l", NOW)),
        lambda place: take(place, did("l", NOW + 1), did("l", NOW + 2)),
        lambda place: place.learning.state(said("l", at=NOW - 1)),
        lambda place: place.catalogue.interactions.add([(None, did("l", NOW + 9))]),
        lambda place: place.catalogue.statements.add(said("l", at=NOW + 9)),
        lambda place: place.catalogue.learners.erase("l", "another process", NOW + 9),
    ],
    ids=["earlier", "as late", "two at once", "said", "did elsewhere", "said elsewhere", "erased"],
)
def test_whatever_else_changes_begins_the_state_anew(place, rebuilt, late):
    take(place, did("l", NOW, "o3"))
    before = place.state("l")
    late(place)
    assert place.state("l") != before
    assert rebuilt["l"] == 2
    anew = place.learning.teaching().learner(place.catalogue, "l")
    assert without_ids(anew) == place.state("l")


def test_what_is_known_already_or_refused_changes_nothing(place, rebuilt):
    take(place, did("l", NOW))
    before = place.state("l")
    again, unknown = take(
        place, did("l", NOW), replace(did("l", NOW + 1), resource="no such resource")
    )
    assert (again.fate, unknown.fate) == (Fate.KNOWN, Fate.REFUSED)
    assert place.state("l") == before
    assert rebuilt["l"] == 1


def test_learners_are_told_apart(place):
    take(place, did("one", NOW, "o3", 1.0), did("other", NOW, "o3", 0.0))
    told = [
        place.learning.mastery(name, Asked(now=NOW))[2].probability[3]
        for name in ("one", "nobody", "other")
    ]
    assert told[0] > told[1] > told[2]


def test_only_so_many_learners_are_at_hand_and_the_longest_unasked_go_first(place, monkeypatch):
    monkeypatch.setattr(module, "KEPT_LEARNERS", 2)
    for name in ("a", "b", "a", "c"):
        shown(place, name)
    assert list(place.learning._learners) == ["a", "c"]


def test_an_answer_is_logged_as_shown_and_a_preview_is_not(place):
    shown(place, "l")
    assert place.catalogue.recommendations.of_learner("l") == []
    _, answered = place.learning.recommend("l", Asked(now=NOW, k=2))
    assert place.catalogue.recommendations.of_learner("l") == [answered.kept]


def test_a_changed_catalogue_or_model_is_taught_from_the_next_look_on(place, monkeypatch):
    monkeypatch.setattr(module, "CHECKED_EVERY", 0)
    first = place.learning.teaching()
    assert place.learning.teaching() is first
    model = LearnerModel(tracer=replace(starting_tracer(), answers=77))
    write_learner_model(place.settings.home / "learner.json", model)
    second = place.learning.teaching()
    assert second.policy.endswith("start-77")
    assert ("quiz-o0", "o5") not in pairs(place)
    accepted = Decision(
        resource="quiz-o0", outcome="o5", verdict=Verdict.ACCEPT, curator="c", time=NOW
    )
    place.catalogue.ledger.decide(accepted)
    assert ("quiz-o0", "o5") in pairs(place)


def test_another_confidence_of_an_alignment_is_another_weight_of_evidence(
    place, monkeypatch, dataset_folder
):
    monkeypatch.setattr(module, "CHECKED_EVERY", 0)

    def weight(confidence):
        rows = f"resource,outcome,confidence\nquiz-o0,o5,{confidence}\n"
        folder = dataset_folder(alignments=rows)
        import_document(place.catalogue, open_document(folder, ReadOptions()))
        return dict(place.learning.teaching().aligned["quiz-o0"])["o5"]

    assert [weight(0.9), weight(0.75)] == [0.9, 0.75]


def pairs(place):
    aligned = place.learning.teaching().aligned
    return {(resource, outcome) for resource in aligned for outcome, _ in aligned[resource]}


def test_a_state_is_not_kept_beyond_the_model_it_was_made_with(place, monkeypatch, rebuilt):
    monkeypatch.setattr(module, "CHECKED_EVERY", 0)
    take(place, did("l", NOW))
    shown(place, "l")
    model = LearnerModel(tracer=replace(starting_tracer(), share=1.0, intercept=9.0))
    write_learner_model(place.settings.home / "learner.json", model)
    told = place.learning.mastery("l", Asked(now=NOW))[2].probability[0]
    assert rebuilt["l"] == 2
    (place.settings.home / "learner.json").unlink()
    assert told > place.learning.mastery("l", Asked(now=NOW))[2].probability[0]


def test_what_was_taught_before_is_freed_though_its_learners_ask_no_more(place, monkeypatch):
    monkeypatch.setattr(module, "CHECKED_EVERY", 0)
    teachings = []
    for number in range(3):
        teachings.append(weakref.ref(shown_to_somebody(place, f"l{number}")))
        model = LearnerModel(tracer=replace(starting_tracer(), answers=number))
        write_learner_model(place.settings.home / "learner.json", model)
    now = place.learning.teaching()
    gc.collect()
    assert [one() for one in teachings] == [None] * 3
    assert now is place.learning.teaching()


def test_a_learner_who_was_read_while_what_is_taught_changed_is_not_kept(place, monkeypatch):
    monkeypatch.setattr(module, "CHECKED_EVERY", 0)
    original = Teaching.learner

    def changed_meanwhile(self, catalogue, name):
        model = LearnerModel(tracer=replace(starting_tracer(), answers=77))
        write_learner_model(place.settings.home / "learner.json", model)
        place.learning.teaching()
        return original(self, catalogue, name)

    monkeypatch.setattr(Teaching, "learner", changed_meanwhile)
    assert shown(place, "l").found.steps
    assert place.learning._learners == {}


def shown_to_somebody(place, name):
    teaching, _ = place.learning.preview(name, Asked(now=NOW))
    return teaching


def test_with_a_key_the_catalogue_has_no_id_that_others_know(template, tmp_path):
    place = Place(template, tmp_path / "home", learner_key="a long random text")
    with place.catalogue:
        name = place.learning.name("Ada Lovelace")
        assert name == place.learning.name("Ada Lovelace") != place.learning.name("Ada L")
        take(place, did(name, NOW))
        place.learning.state(said(name))
        place.learning.recommend(name, Asked(now=NOW))
        assert b"Lovelace" not in place.files()
        assert name.encode() in place.files()
        assert place.learning.name_on_page(name) == name, "a page links to whom it lists"
        assert place.learning.name_on_page("Ada Lovelace") == name


def test_without_a_key_a_name_is_refused_and_not_repeated(place):
    (taken,) = take(place, did("Ada Lovelace", NOW))
    assert taken.fate is Fate.REFUSED
    assert "Lovelace" not in taken.reason
    for ask in (
        lambda: place.learning.recommend("Ada Lovelace", Asked(now=NOW)),
        lambda: place.learning.state(said("Ada Lovelace")),
    ):
        with pytest.raises(GatewaysError, match="looks like a name") as refused:
            ask()
        assert "Lovelace" not in str(refused.value)
    assert b"Lovelace" not in place.files()


@pytest.mark.parametrize("can", [0.0, 1.0])
def test_a_placement_of_at_most_ten_questions_ends(place, can):
    asked = []
    while True:
        teaching, row, before = place.learning.question("l", Asked(now=NOW))
        assert before == len(asked)
        if row is None:
            break
        asked.append(teaching.curriculum.ids[row])
        assert len(asked) <= 10
        place.learning.state(said("l", asked[-1], can, Voice.PLACEMENT, at=NOW + len(asked)))
    assert len(set(asked)) == len(asked) > 0


def test_a_damaged_model_is_said_and_what_learners_do_is_kept_all_the_same(place):
    (place.settings.home / "learner.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UnavailableError, match="run `gateways train learner`"):
        shown(place, "l")
    assert take(place, did("l", NOW))[0].fate is Fate.KEPT
    (place.settings.home / "learner.json").unlink()
    assert place.state("l").marks == 1


def test_a_model_that_is_damaged_later_is_told_of_and_the_one_before_it_serves(
    place, monkeypatch, caplog
):
    monkeypatch.setattr(module, "CHECKED_EVERY", 0)
    model = LearnerModel(tracer=replace(starting_tracer(), answers=77))
    write_learner_model(place.settings.home / "learner.json", model)
    assert place.learning.teaching().policy.endswith("start-77")
    (place.settings.home / "learner.json").write_text("{}", encoding="utf-8")
    assert [place.learning.teaching().policy[-8:] for _ in range(3)] == ["start-77"] * 3
    assert caplog.text.count("the learner model before it is still in use") == 1
