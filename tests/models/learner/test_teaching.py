"""A real catalogue is opened for teaching; what is retired, undone or unsure plays no part."""

import json
import re
import time
from dataclasses import replace

import pytest

from data.catalogue import Catalogue
from data.errors import GatewaysError, NotFoundError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Decision, Event, Interaction, Prerequisite, Statement, Verdict, Voice
from models.learner.answers import told
from models.learner.model import LearnerModel
from models.learner.situation import Asked
from models.learner.teaching import DAY, open_teaching
from models.learner.tracing import starting_tracer

MODEL = LearnerModel(tracer=starting_tracer())
NOW = 1.788e9


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    file = tmp_path_factory.mktemp("empty") / "catalogue.sqlite"
    Catalogue.open(f"sqlite:///{file}").close()
    return file.read_bytes()


@pytest.fixture
def catalogue(empty, tmp_path):
    file = tmp_path / "catalogue.sqlite"
    file.write_bytes(empty)
    with Catalogue.open(f"sqlite:///{file}") as opened:
        yield opened


@pytest.fixture
def imported(catalogue, dataset_folder):
    """Import outcomes, resources and alignments (resource,outcome,relation,confidence)."""

    def write(outcomes="abc", resources="abc", alignments=(), prerequisites=()):
        rows = [
            {"id": name, "framework": "f", "title": name, "position": place, "language": "en"}
            for place, name in enumerate(outcomes)
        ]
        shelf = [{"id": f"r-{name}", "title": name, "language": "en"} for name in resources]
        own = [f"r-{name},{name},teaches," for name in resources]
        folder = dataset_folder(
            outcomes="".join(json.dumps(row) + "\n" for row in rows),
            resources="".join(json.dumps(row) + "\n" for row in shelf),
            alignments="\n".join(
                ["resource,outcome,relation,confidence", *(alignments or own), ""]
            ),
            prerequisites="\n".join(["outcome,requires", *prerequisites, ""]),
        )
        import_document(catalogue, open_document(folder, ReadOptions()), prune=True)
        return open_teaching(catalogue, MODEL)

    return write


def shown(teaching, catalogue, name="l", **asked):
    learner = teaching.learner(catalogue, name)
    answered = teaching.recommend(name, learner, Asked(now=NOW, k=50, **asked))
    return {(one.resource, one.outcome) for one in answered.kept.shown}


def test_what_is_retired_is_recommended_no_more(imported, catalogue):
    everything = {("r-a", "a"), ("r-b", "b"), ("r-c", "c")}
    assert shown(imported(), catalogue) == everything
    without_resource = imported(resources="ab")
    assert shown(without_resource, catalogue) == {("r-a", "a"), ("r-b", "b")}
    without_outcome = imported(outcomes="bc", resources="abc")
    assert shown(without_outcome, catalogue) == {("r-b", "b"), ("r-c", "c")}
    without_alignment = imported(alignments=["r-c,c,teaches,"])
    assert shown(without_alignment, catalogue) == {("r-c", "c")}


def test_what_is_unsure_or_only_required_is_not_recommended(imported, catalogue):
    rows = ["r-a,a,teaches,0.69", "r-b,b,requires,", "r-c,c,teaches,0.7"]
    assert shown(imported(alignments=rows), catalogue) == {("r-c", "c")}


@pytest.mark.parametrize(
    ("match", "comes"), [("exact", True), ("narrower", True), ("related", False)]
)
def test_who_learns_by_one_curriculum_is_recommended_what_was_made_for_another(
    catalogue, dataset_folder, match, comes
):
    rows = [
        {"id": name, "framework": framework, "title": f"Title of {name}", "language": language}
        for name, framework, language in (("a", "f", "en"), ("b", "g", "fr"))
    ]
    shelf = [
        {"id": f"r-{language}", "title": "r", "language": language} for language in ("en", "fr")
    ]
    folder = dataset_folder(
        outcomes="".join(json.dumps(row) + "\n" for row in rows),
        resources="".join(json.dumps(row) + "\n" for row in shelf),
        alignments="resource,outcome,relation\nr-en,a,teaches\nr-fr,a,teaches\n",
        crosswalk=f"outcome,other,match\na,b,{match}\n",
    )
    import_document(catalogue, open_document(folder, ReadOptions()))
    teaching = open_teaching(catalogue, MODEL)
    french = {"framework": "g", "languages": ("fr",)}
    assert shown(teaching, catalogue, **french) == ({("r-fr", "b")} if comes else set())
    assert shown(teaching, catalogue, framework="f", languages=("en",)) == {("r-en", "a")}
    asked = Asked(now=NOW, **french)
    answered = teaching.recommend("l", teaching.learner(catalogue, "l"), asked)
    said = [one["reason"] for one in told(teaching, answered, ("en",))["items"]]
    assert all("Title of a" in one for one in said)

    reject = Decision(
        resource="r-fr", outcome="b", verdict=Verdict.REJECT, curator="c", time=time.time()
    )
    catalogue.ledger.decide(reject)
    assert shown(open_teaching(catalogue, MODEL), catalogue, **french) == set()


def test_a_retired_prerequisite_holds_nothing_back(imported, catalogue):
    assert shown(imported(prerequisites=["b,a"]), catalogue) == {("r-a", "a"), ("r-c", "c")}
    assert len(shown(imported(), catalogue)) == 3


def test_prerequisites_that_run_in_a_circle_are_named_and_taken_as_one_step(
    imported, catalogue, caplog, monkeypatch
):
    imported()
    # An import refuses them; a database that others wrote to may have them.
    circle = [Prerequisite(outcome=one, requires=other) for one, other in ("ab", "ba", "cb")]
    monkeypatch.setattr(catalogue.prerequisites, "live", lambda: iter(circle))
    teaching = open_teaching(catalogue, MODEL)
    assert "run in a circle and are taken as one step: a, b" in caplog.text
    assert shown(teaching, catalogue) == {("r-a", "a"), ("r-b", "b")}


def test_what_a_curator_accepts_is_recommended_until_it_is_undone(imported, catalogue):
    imported(alignments=["r-a,a,teaches,"])

    accept = Decision(
        resource="r-b", outcome="b", verdict=Verdict.ACCEPT, curator="c", time=time.time()
    )
    decision = catalogue.ledger.decide(accept)
    accepted = open_teaching(catalogue, MODEL)
    assert shown(accepted, catalogue) == {("r-a", "a"), ("r-b", "b")}
    catalogue.ledger.undo(decision.id, "c", time.time())
    assert shown(open_teaching(catalogue, MODEL), catalogue) == {("r-a", "a")}


def test_all_that_the_catalogue_has_of_a_learner_is_taken_in_and_nothing_of_others(
    imported, catalogue
):
    teaching = imported()
    for name in ("l", "other"):
        done = Interaction(learner=name, resource="r-a", time=1.0, event=Event.COMPLETED)
        catalogue.interactions.add([(None, done)])
    word = Statement(learner="l", outcome="b", can=1.0, voice=Voice.TEACHER, time=2.0)
    catalogue.statements.add(word)
    learner = teaching.learner(catalogue, "l")
    assert (learner.marks, learner.finished, set(learner.overridden)) == (2, {"r-a"}, {"b"})
    assert teaching.learner(catalogue, "nobody").marks == 0
    assert shown(teaching, catalogue) == {("r-c", "c")}
    assert shown(teaching, catalogue, "nobody") == {("r-a", "a"), ("r-b", "b"), ("r-c", "c")}


def test_asked_again_on_the_same_day_before_anything_is_done_the_answer_is_the_same(
    teaching, sample
):
    morning = 20_000 * DAY + 6 * 3600
    learner = teaching.learner(sample, "l-e385b0")

    def asked(now, name="l-e385b0", **more):
        return teaching.recommend(name, learner, Asked(now=now, **more)).kept

    first = asked(morning)
    assert (asked(morning + 60).id, asked(morning + 60).shown) == (first.id, first.shown)
    others = [asked(morning + DAY), asked(morning, k=4), asked(morning, "another learner")]
    more = replace(teaching.learner(sample, "l-e385b0"), marks=learner.marks + 1)
    others.append(teaching.recommend("l-e385b0", more, Asked(now=morning)).kept)
    assert len({first.id, *(one.id for one in others)}) == 5


def test_another_list_is_another_answer_though_the_question_is_the_same(imported, catalogue):
    def asked(teaching):
        return teaching.recommend("l", teaching.learner(catalogue, "l"), Asked(now=NOW)).kept

    first, same = asked(imported(resources="ab")), asked(imported(resources="ab"))
    other = asked(imported(resources="abc"))
    assert first.id == same.id
    assert len(other.shown) > len(first.shown)
    assert other.id != first.id


def test_no_pseudonym_can_be_read_from_the_id_of_a_recommendation(teaching, sample):
    learner = teaching.learner(sample, "l-e385b0")
    kept = teaching.recommend("l-e385b0", learner, Asked(now=NOW)).kept
    assert re.fullmatch("[0-9a-f]{32}", kept.id)


def test_the_log_keeps_what_was_asked_shown_and_possible(teaching, sample):
    learner = teaching.learner(sample, "l-e385b0")
    asked = Asked(now=NOW, k=3, languages=("en",))
    answered = teaching.recommend("l-e385b0", learner, asked)
    kept, found = answered.kept, answered.found
    assert kept.learner == "l-e385b0"
    assert kept.time == NOW
    assert kept.policy == teaching.policy
    assert kept.asked == {"k": 3, "languages": ("en",)}
    assert [one.position for one in kept.shown] == [1, 2, 3]
    ids = [teaching.shelf.resources[step.resource].id for step in found.steps]
    assert [one.resource for one in kept.shown] == ids
    assert set(ids) <= {resource for resource, _ in kept.candidates}
    assert [score for _, score in kept.candidates] == sorted(
        (score for _, score in kept.candidates), reverse=True
    )


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"goal": "nothing"}, NotFoundError, "outcome 'nothing' is not in the catalogue"),
        ({"framework": "nothing"}, NotFoundError, "framework 'nothing' is not in the catalogue"),
        (
            {"level": "Grade 99", "languages": ("en",)},
            GatewaysError,
            "level 'Grade 99' is not in framework 'saltmere-2024', which has: Grade 3, Grade 4",
        ),
        (
            {"level": "Année 3", "framework": "saltmere-2024"},
            GatewaysError,
            "level 'Année 3' is not in framework 'saltmere-2024', which has: Grade 3, Grade 4",
        ),
    ],
)
def test_what_is_not_there_cannot_be_asked_for(teaching, sample, asked, error, says):
    learner = teaching.learner(sample, "nobody")
    for ask in (teaching.mastery, lambda *given: teaching.recommend("nobody", *given)):
        with pytest.raises(error, match=says):
            ask(learner, Asked(now=NOW, **asked))
