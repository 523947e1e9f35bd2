"""Decisions: what they need, what they do, what stands."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from data.catalogue import Catalogue
from data.errors import ConflictError, GatewaysError, NotFoundError
from data.importing.importer import import_document
from data.records import (
    Alignment,
    Decision,
    Outcome,
    RejectionReason,
    Resource,
    Showing,
    ShownSuggestion,
    Verdict,
)

SHOWN = (
    ShownSuggestion(outcome="b", rank=1, score=0.9, confidence=0.8, selected=True),
    ShownSuggestion(outcome="a", rank=2, score=0.4, confidence=0.1, selected=False),
)


def decision(verdict, resource="r1", outcome="a", time=1.0, curator="ann", **more):
    return Decision(
        resource=resource, outcome=outcome, verdict=verdict, curator=curator, time=time, **more
    )


def showing(id_="s", resource="r1", **more):
    values = {"time": 1.0, "model": "m1", "index": "i1", "frameworks": {"f": "as shown"}}
    return Showing(**({"id": id_, "resource": resource, "shown": SHOWN} | values | more))


def test_a_decision_is_kept_with_its_id_and_all_it_says(small):
    kept = small.ledger.decide(
        decision(Verdict.REJECT, reason=RejectionReason.TOO_BASIC, note="für Kleinere")
    )
    assert kept.id == 1
    assert kept.framework_fingerprint == small.frameworks.get("f").fingerprint
    assert list(small.ledger.all()) == [kept]
    assert small.ledger.standing("r1") == {"a": kept}
    assert small.ledger.rejected("r1") == {"a"}
    assert small.ledger.rejected("r2") == frozenset()


def test_the_rejections_that_stand_are_told_of_all_and_of_one_outcome(small):
    for verdict, outcome in ((Verdict.REJECT, "a"), (Verdict.REJECT, "b"), (Verdict.UNDO, "a")):
        small.ledger.decide(decision(verdict, outcome=outcome))
    assert small.ledger.rejections() == {("r1", "b")}
    assert small.ledger.rejections("b") == {("r1", "b")}
    assert small.ledger.rejections("a") == frozenset()


def test_the_shown_list_travels_with_the_decision(small):
    small.ledger.record_showings([showing()])
    assert small.ledger.showing("s") == showing()
    assert small.ledger.showing("t") is None
    small.ledger.decide(decision(Verdict.DEFER, showing=showing()))
    (kept,) = small.ledger.all()
    assert kept.showing == showing()
    assert kept.framework_fingerprint == "as shown"


def test_a_showing_never_changes(small):
    small.ledger.record_showings([showing()])
    small.ledger.record_showings([showing(model="another")])
    small.ledger.decide(decision(Verdict.DEFER, showing=showing(model="another")))
    assert small.ledger.showing("s").model == "m1"


def test_a_decision_brings_a_showing_that_was_not_recorded(small):
    small.ledger.decide(decision(Verdict.DEFER, showing=showing(resource=None)))
    assert small.ledger.showing("s") == showing(resource=None)


def test_a_showing_of_another_resource_is_refused(small):
    with pytest.raises(GatewaysError, match="shown for 'r2', not for 'r1'"):
        small.ledger.decide(decision(Verdict.ACCEPT, showing=showing(resource="r2")))
    assert list(small.ledger.all()) == []
    assert small.ledger.showing("s") is None


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"resource": "none"}, NotFoundError, "resource 'none' is not in the catalogue"),
        ({"outcome": "none"}, NotFoundError, "outcome 'none' is not in the catalogue"),
        ({"outcome": "root"}, GatewaysError, "'root' is a heading"),
        ({"reason": RejectionReason.OTHER}, GatewaysError, "only a rejection has one"),
        ({"note": "half \ud800"}, GatewaysError, "cannot be kept"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused_and_leaves_nothing(small, wrong, error, said):
    with pytest.raises(error, match=said):
        small.ledger.decide(decision(Verdict.ACCEPT, **wrong))
    assert list(small.ledger.all()) == []
    assert small.counts()["alignments"] == 1


def test_what_the_model_did_not_show_is_not_said_to_be_its_doing(small):
    own = showing(shown=SHOWN[:1])  # without the outcome that is accepted
    small.ledger.decide(decision(Verdict.ACCEPT, showing=own))
    (made,) = (one for one in small.alignments.live() if one.provenance.agent == "ann")
    assert made.provenance.model is None


def test_accepting_makes_an_alignment_and_says_who_when_and_by_which_model(small):
    small.ledger.decide(decision(Verdict.ACCEPT, time=7.0, showing=showing()))
    made = next(one for one in small.alignments.of_resource("r1") if one.outcome == "a")
    assert (made.provenance.agent, made.provenance.time) == ("ann", 7.0)
    assert (made.provenance.model, made.split, made.relation) == ("m1", None, "teaches")


@pytest.mark.parametrize("after", [Verdict.REJECT, Verdict.UNDO, Verdict.DEFER])
def test_what_follows_an_acceptance_withdraws_its_alignment(small, after):
    small.ledger.decide(decision(Verdict.ACCEPT))
    small.ledger.decide(decision(after))
    assert [one.outcome for one in small.alignments.of_resource("r1")] == ["b"]
    small.ledger.decide(decision(Verdict.ACCEPT, time=9.0))
    assert len(small.alignments.of_resource("r1")) == 2


def test_a_datasets_alignment_outlives_an_acceptance_that_is_undone(small):
    small.ledger.decide(decision(Verdict.ACCEPT, outcome="b"))
    assert [one.provenance.agent for one in small.alignments.of_resource("r1")] == ["ann"]
    small.ledger.decide(decision(Verdict.UNDO, outcome="b"))
    assert [one.provenance.agent for one in small.alignments.of_resource("r1")] == ["dataset:d"]


def test_a_curators_alignment_outlives_the_next_import(small, document):
    small.ledger.decide(decision(Verdict.ACCEPT))
    report = import_document(small, document(empty=(Alignment,)), prune=True)
    assert report.counts["alignments"].retired == 1
    assert [one.outcome for one in small.alignments.of_resource("r1")] == ["a"]


def test_undoing_by_id_withdraws_the_decision_that_stands(small):
    first = small.ledger.decide(decision(Verdict.REJECT))
    second = small.ledger.decide(decision(Verdict.ACCEPT))
    with pytest.raises(ConflictError, match="does not stand"):
        small.ledger.undo(first.id, "bob", 3.0)
    undone = small.ledger.undo(second.id, "bob", 3.0)
    assert (undone.verdict, undone.curator, undone.outcome) == (Verdict.UNDO, "bob", "a")
    assert small.ledger.standing("r1") == {}
    for id_ in (second.id, undone.id):
        with pytest.raises(ConflictError):
            small.ledger.undo(id_, "bob", 4.0)
    with pytest.raises(NotFoundError, match="decision 99"):
        small.ledger.undo(99, "bob", 4.0)
    assert len(list(small.ledger.all())) == 3


def test_decisions_that_do_not_stand_are_not_counted(small):
    small.ledger.decide(decision(Verdict.REJECT))
    kept = small.ledger.decide(decision(Verdict.ACCEPT))
    assert small.counts()["decisions"] == 1
    small.ledger.undo(kept.id, "bob", 3.0)
    assert small.counts()["decisions"] == 0


def test_undoing_nothing_is_a_conflict(small):
    with pytest.raises(ConflictError, match="no decision on 'r1' and 'a'"):
        small.ledger.decide(decision(Verdict.UNDO))


def test_what_was_retired_is_not_decided_on_but_can_be_undone(small, document):
    small.ledger.decide(decision(Verdict.REJECT))
    import_document(small, document(empty=(Outcome, Resource)), prune=True)
    with pytest.raises(NotFoundError, match="'a' was retired"):
        small.ledger.decide(decision(Verdict.ACCEPT))
    assert small.ledger.rejected("r1") == {"a"}, "the memory stays"
    small.ledger.decide(decision(Verdict.UNDO))
    assert small.ledger.rejected("r1") == frozenset()


def test_a_retired_resource_is_not_decided_on(small, document):
    import_document(small, document(Resource(id="r2", title="Halves")), prune=True)
    with pytest.raises(NotFoundError, match="'r1' was retired"):
        small.ledger.decide(decision(Verdict.ACCEPT))


def test_pages_of_decisions_come_newest_first(small):
    for number in range(5):
        small.ledger.decide(decision(Verdict.DEFER, resource=f"r{1 + number % 2}"))
    first = small.ledger.page(limit=2)
    second = small.ledger.page(first.next, limit=2)
    third = small.ledger.page(second.next, limit=2)
    assert [one.id for page in (first, second, third) for one in page.items] == [5, 4, 3, 2, 1]
    assert third.next is None
    assert [one.id for one in small.ledger.page(resource="r2").items] == [4, 2]
    with pytest.raises(GatewaysError, match="cursor"):
        small.ledger.page("WyJhIl0")


STEPS = st.lists(
    st.tuples(st.sampled_from(Verdict), st.sampled_from(["r1", "r2"]), st.sampled_from("ab")),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_what_stands_is_what_a_simple_model_says(steps, document, empty_database):
    model, accepted = {}, set()
    with (
        tempfile.TemporaryDirectory() as folder,
        _two_of_each(folder, document, empty_database) as catalogue,
    ):
        for time, (verdict, resource, outcome) in enumerate(steps):
            pair = (resource, outcome)
            said = decision(verdict, resource, outcome, time=float(time))
            if verdict is Verdict.UNDO and pair not in model:
                with pytest.raises(ConflictError):
                    catalogue.ledger.decide(said)
                continue
            kept = catalogue.ledger.decide(said)
            if verdict is Verdict.UNDO:
                del model[pair]
            else:
                model[pair] = kept
        for resource in ("r1", "r2"):
            expected = {outcome: kept for (r, outcome), kept in model.items() if r == resource}
            assert catalogue.ledger.standing(resource) == expected
            verdicts = {outcome: kept.verdict for outcome, kept in expected.items()}
            rejected = {o for o, verdict in verdicts.items() if verdict is Verdict.REJECT}
            assert catalogue.ledger.rejected(resource) == rejected
            accepted = {o for o, verdict in verdicts.items() if verdict is Verdict.ACCEPT}
            assert {one.outcome for one in catalogue.alignments.of_resource(resource)} == accepted


def _two_of_each(folder, document, empty_database):
    Path(folder, "catalogue.sqlite").write_bytes(empty_database)
    catalogue = Catalogue.open(f"sqlite:///{folder}/catalogue.sqlite")
    outcomes = [Outcome(id=id_, framework="f", title="t") for id_ in "ab"]
    resources = [Resource(id=id_, title="t") for id_ in ("r1", "r2")]
    import_document(catalogue, document(*outcomes, *resources))
    return catalogue


@pytest.mark.slow
def test_no_acknowledged_decision_is_lost_when_its_process_is_killed(small, catalogue_url):
    script = f"""
        from data.catalogue import Catalogue
        from data.records import Decision, Verdict

        with Catalogue.open({catalogue_url!r}) as catalogue:
            while True:
                kept = catalogue.ledger.decide(Decision(
                    resource="r1", outcome="a", verdict=Verdict.ACCEPT, curator="c", time=0.0))
                print(kept.id, flush=True)
    """
    acknowledged = []
    for lines in (1, 7, 20):
        deciding = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
        )
        acknowledged += [int(deciding.stdout.readline()) for _ in range(lines)]
        os.kill(deciding.pid, signal.SIGKILL)
        acknowledged += map(int, deciding.stdout.read().split())
        deciding.stdout.close()
        deciding.wait()
        ids = [one.id for one in small.ledger.all()]
        assert ids == sorted(ids)
        assert set(ids) >= set(acknowledged)
        assert {one.outcome for one in small.alignments.of_resource("r1")} == {"a", "b"}


def test_decisions_are_synced_to_the_disk_and_imports_need_not_be(
    tmp_path, document, empty_database
):
    def note(connection):
        seen.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())

    seen, normal, full = [], 1, 2
    with _two_of_each(tmp_path, document, empty_database) as catalogue:
        event.listen(catalogue._store._engine, "commit", note)
        import_document(catalogue, document(Resource(id="r3", title="t"), name="e"))
        assert set(seen) == {normal}
        catalogue.ledger.decide(decision(Verdict.DEFER))
        assert seen[-1] == full
        import_document(catalogue, document(Resource(id="r4", title="t"), name="e"))
        assert seen[-1] == normal


def test_of_all_pairs_the_verdict_that_stands_is_told(small):
    small.ledger.decide(decision(Verdict.ACCEPT))
    small.ledger.decide(decision(Verdict.REJECT, reason=RejectionReason.SUBJECT))
    small.ledger.decide(decision(Verdict.DEFER, resource="r2", showing=showing(resource="r2")))
    small.ledger.decide(decision(Verdict.REJECT, outcome="b"))
    small.ledger.decide(decision(Verdict.UNDO, outcome="b"))
    assert [(one.resource, one.outcome, one.verdict) for one in small.ledger.all_standing()] == [
        ("r1", "a", Verdict.REJECT),
        ("r2", "a", Verdict.DEFER),
    ]
    assert next(small.ledger.all_standing()).reason is RejectionReason.SUBJECT


def test_of_what_was_retired_no_verdict_stands(small, document):
    small.ledger.decide(decision(Verdict.REJECT))
    small.ledger.decide(decision(Verdict.REJECT, resource="r2", outcome="b"))
    without = [one for one in small.outcomes.live() if one.id != "a"]
    kept = [one for one in small.resources.live() if one.id != "r2"]
    import_document(small, document(*without, *kept), prune=True)
    assert list(small.ledger.all_standing()) == []
