"""What an import does with each row."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from pydantic import SecretStr

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.dataset_folder import DatasetFolder
from data.formats.protocol import ReadOptions, Refusal
from data.importing.importer import import_document
from data.pseudonyms import pseudonym
from data.records import (
    Alignment,
    Correspondence,
    Dataset,
    Decision,
    Event,
    Interaction,
    Match,
    Outcome,
    Prerequisite,
    Provenance,
    Relation,
    Resource,
    Verdict,
)

KEY = SecretStr("a key that nobody guesses")


def outcome(id_, parent=None, **more):
    return Outcome(id=id_, framework="f", parent=parent, **({"title": f"Title {id_}"} | more))


def resource(id_, **more):
    return Resource(id=id_, **({"title": f"Title {id_}"} | more))


def reasons(report):
    return {refusal.line: refusal.reason for refusal in report.refusals}


def fates(report, kind):
    counts = report.counts[kind]
    return {name: n for name in counts.__slots__ if (n := getattr(counts, name))}


def test_the_same_document_twice_changes_nothing(catalogue, document):
    doc = document(
        outcome("a"), outcome("b", "a"), resource("r"), Alignment(resource="r", outcome="b")
    )
    first = import_document(catalogue, doc)
    assert fates(first, "outcomes") == {"new": 2}
    assert (first.rows, first.taken, first.refused, first.dataset) == (4, 4, 0, "d")
    revision, stated = catalogue.revision(), list(catalogue.alignments.live())
    second = import_document(catalogue, doc)
    assert [fates(second, kind) for kind in second.counts] == [
        {"unchanged": 2},
        {"unchanged": 1},
        {"unchanged": 1},
    ]
    assert catalogue.revision() == revision
    assert list(catalogue.alignments.live()) == stated, "their time is that of the first import"


def test_an_outcome_that_appears_between_the_two_readings_is_refused(catalogue, document):
    class Growing:
        """A document to whose outcomes another program adds while it is imported."""

        def __init__(self, *stages):
            self.stages = iter(stages)
            self.dataset, self.kinds = stages[0].dataset, stages[0].kinds

        def read(self, kind):
            return next(self.stages).read(kind)

    late = Outcome(id="late", framework="another", title="Late")
    report = import_document(
        catalogue, Growing(document(outcome("a")), document(outcome("a"), late))
    )
    assert fates(report, "outcomes") == {"new": 1, "refused": 1}
    assert "import again" in reasons(report)[2]


def test_a_changed_row_is_written_and_the_others_are_not(catalogue, document):
    rows = [resource("r1"), resource("r2")]
    import_document(catalogue, document(*rows))
    before = catalogue.revision()
    changed = replace(rows[1], text="more")
    report = import_document(catalogue, document(rows[0], changed))
    assert fates(report, "resources") == {"changed": 1, "unchanged": 1}
    assert catalogue.resources.changed_since(before) == [changed]


def test_a_change_of_alignments_alone_leaves_the_revision(catalogue, document):
    import_document(catalogue, document(outcome("a"), resource("r")))
    before = catalogue.revision()
    import_document(catalogue, document(Alignment(resource="r", outcome="a")))
    assert catalogue.counts()["alignments"] == 1
    assert catalogue.revision() == before


def test_whatever_changes_of_what_is_stated_changes_the_mark_of_what_is_taught(catalogue, document):
    rows = [outcome("a"), outcome("b"), outcome("c"), resource("r")]
    needed = [Prerequisite(outcome=name, requires="a") for name in "bc"]
    sure = Alignment(resource="r", outcome="a", extra={"confidence": 0.9})
    marks = [catalogue.teaching_mark()]
    for stated in (
        [sure],
        [replace(sure, extra={"confidence": 0.8})],
        [replace(sure, relation=Relation.ASSESSES)],
        [sure, *needed],
        [sure, needed[0]],
    ):
        import_document(catalogue, document(*rows, *stated), prune=True)
        marks.append(catalogue.teaching_mark())
        import_document(catalogue, document(*rows, *stated), prune=True)
        assert catalogue.teaching_mark() == marks[-1], "nothing has changed"
    import_document(catalogue, document(*rows, sure, replace(sure, outcome="b")), dry_run=True)
    assert catalogue.teaching_mark() == marks[-1]
    assert len(set(marks)) == len(marks)


def test_a_removed_row_is_reported_and_stays(catalogue, document):
    import_document(catalogue, document(*(resource(f"r{n}") for n in range(3))))
    report = import_document(catalogue, document(resource("r1")))
    assert fates(report, "resources") == {"unchanged": 1, "removed": 2}
    assert report.removed == {"resources": ("r0", "r2")}
    assert catalogue.counts()["resources"] == 3


def test_pruning_retires_a_removed_row_and_it_comes_back(catalogue, document):
    both = document(outcome("a"), outcome("b"), resource("r1"), resource("r2"))
    import_document(catalogue, both)
    less = document(outcome("a"), resource("r1"))
    report = import_document(catalogue, less, prune=True)
    assert fates(report, "outcomes") == {"unchanged": 1, "removed": 1, "retired": 1}
    assert catalogue.counts()["outcomes"] == catalogue.counts()["resources"] == 1
    again = import_document(catalogue, less, prune=True)
    assert fates(again, "outcomes") == {"unchanged": 1}, "what is retired is not removed again"
    back = import_document(catalogue, both)
    assert fates(back, "outcomes") == {"changed": 1, "unchanged": 1}
    assert catalogue.counts()["outcomes"] == catalogue.counts()["resources"] == 2


def test_a_kind_that_the_document_lacks_is_not_looked_at(catalogue, document):
    import_document(catalogue, document(outcome("a"), resource("r")))
    report = import_document(catalogue, document(resource("r")), prune=True)
    assert list(report.counts) == ["resources"]
    assert catalogue.counts()["outcomes"] == 1
    import_document(catalogue, document(empty=(Outcome,)), prune=True)
    assert catalogue.counts()["outcomes"] == 0


def test_interactions_are_idempotent_and_never_removed(catalogue, document):
    events = [Interaction(learner="l", item="i", time=t, event=Event.VIEWED) for t in (1.0, 2.0)]
    first = import_document(catalogue, document(*events, events[0]))
    assert fates(first, "interactions") == {"new": 2, "unchanged": 1}
    second = import_document(catalogue, document(events[1]), prune=True)
    assert fates(second, "interactions") == {"unchanged": 1}
    assert list(catalogue.interactions.live()) == events
    other = import_document(catalogue, document(*events, name="other"))
    assert fates(other, "interactions") == {"unchanged": 2}


def test_with_a_key_learners_are_kept_under_pseudonyms_and_imported_once(catalogue, document):
    people = ["Ana Pérez", "ben@school.example", "l1"]
    events = [Interaction(learner=one, item="i", time=1.0, event=Event.VIEWED) for one in people]
    for fate in ("new", "unchanged"):
        report = import_document(catalogue, document(*events), learner_key=KEY)
        assert fates(report, "interactions") == {fate: 3}
    assert [one.learner for one in catalogue.interactions.live()] == [
        pseudonym(one, KEY) for one in people
    ]


def test_without_a_key_a_learner_with_a_name_is_refused_and_not_named(catalogue, document):
    events = [
        Interaction(learner=learner, item="i", time=1.0, event=Event.VIEWED)
        for learner in ("Ana Pérez", "l1", "ben@school.example")
    ]
    report = import_document(catalogue, document(*events))
    assert sorted(reasons(report)) == [1, 3]
    for reason in reasons(report).values():
        assert "give a pseudonym, or set GATEWAYS_LEARNER_KEY" in reason
        assert "Ana" not in reason
        assert "ben" not in reason
    assert [one.learner for one in catalogue.interactions.live()] == ["l1"]


def test_an_erased_learner_is_known_under_the_pseudonym(catalogue, document):
    event = Interaction(learner="Ana Pérez", item="i", time=1.0, event=Event.VIEWED)
    import_document(catalogue, document(event), learner_key=KEY)
    catalogue.learners.erase(pseudonym("Ana Pérez", KEY), "admin", 2.0)
    report = import_document(catalogue, document(event), learner_key=KEY)
    assert "the learner was erased on" in reasons(report)[1]
    assert catalogue.counts()["interactions"] == 0


def test_a_dry_run_tells_the_same_and_leaves_nothing(catalogue, document):
    import_document(catalogue, document(outcome("a"), resource("r1")))
    state = (catalogue.revision(), catalogue.counts(), catalogue.frameworks.all())
    doc = document(
        outcome("b", title="New"), resource("r1", text="x"), Alignment(resource="r1", outcome="b")
    )
    dry = import_document(catalogue, doc, dry_run=True, prune=True)
    assert state == (catalogue.revision(), catalogue.counts(), catalogue.frameworks.all())
    wet = import_document(catalogue, doc, prune=True)
    assert dry.counts == wet.counts
    assert (dry.dry_run, wet.dry_run) == (True, False)
    assert fates(wet, "outcomes") == {"new": 1, "removed": 1, "retired": 1}


def test_a_repeated_id_is_refused_and_the_first_counts(catalogue, document):
    doc = document(outcome("a"), outcome("a", title="Other"), resource("r"), resource("r"))
    report = import_document(catalogue, doc)
    assert reasons(report) == {2: "repeats line 1", 4: "repeats line 3"}
    assert catalogue.outcomes.get("a").title == "Title a"


def test_repeated_statements_are_refused(catalogue, document):
    import_document(catalogue, document(outcome("a"), outcome("b"), resource("r")))
    same = Alignment(resource="r", outcome="a")
    edge = Prerequisite(outcome="a", requires="b")
    report = import_document(catalogue, document(same, same, edge, edge))
    assert reasons(report) == {2: "repeats line 1", 4: "repeats line 3"}


def test_an_id_of_another_dataset_is_refused_and_stays_as_it_is(catalogue, document):
    import_document(catalogue, document(outcome("a"), resource("r")))
    catalogue.resources.create(resource("mine"))
    doc = document(
        outcome("a", title="Stolen"),
        outcome("below", "a"),
        resource("r", title="Stolen"),
        resource("mine"),
        resource("own"),
        Alignment(resource="own", outcome="a"),
        name="other",
    )
    report = import_document(catalogue, doc, prune=True)
    assert reasons(report) == {
        1: 'this id belongs to dataset "d"; choose another',
        2: 'its parent "a" is itself refused',
        3: 'this id belongs to dataset "d"; choose another',
        4: "this id was given in this catalogue; choose another",
        6: 'outcome "a" is itself refused',
    }
    assert catalogue.outcomes.get("a").title == "Title a"
    assert [one.id for one in catalogue.resources.live()] == ["mine", "own", "r"]


def test_an_outcome_hangs_below_one_of_another_dataset(catalogue, document):
    import_document(catalogue, document(outcome("a")))
    report = import_document(catalogue, document(outcome("below", "a"), name="other"))
    assert report.refused == 0
    assert [one.id for one in catalogue.outcomes.ancestors("below")] == ["a"]
    assert catalogue.frameworks.get("f").dataset == "d"


def test_a_cycle_through_another_dataset_is_refused(catalogue, document):
    import_document(catalogue, document(outcome("a")))
    import_document(catalogue, document(outcome("b", "a"), name="other"))
    report = import_document(catalogue, document(outcome("a", "b")))
    assert "cycle" in reasons(report)[1]
    assert catalogue.outcomes.get("a").parent is None
    assert catalogue.outcomes.ancestors("b") == [catalogue.outcomes.get("a")]


def test_dangling_parents_and_cycles_are_refused_with_all_below_them(catalogue, document):
    doc = document(
        outcome("child", "gone"),
        outcome("grandchild", "child"),
        outcome("x", "y"),
        outcome("y", "z"),
        outcome("z", "x"),
        outcome("under", "z"),
        outcome("self", "self"),
        outcome("late", "root"),
        outcome("root"),
    )
    report = import_document(catalogue, doc)
    said = reasons(report)
    assert [one.id for one in catalogue.outcomes.live()] == ["late", "root"]
    assert sorted(said) == [1, 2, 3, 4, 5, 6, 7]
    assert said[1] == 'parent "gone" is not there'
    assert "x → y → z → x" in said[3]
    assert "self → self" in said[7]


def test_a_parent_that_the_dataset_has_no_longer_is_not_there(catalogue, document):
    import_document(catalogue, document(outcome("a"), outcome("b", "a")))
    report = import_document(catalogue, document(outcome("b", "a", title="New")), prune=True)
    assert reasons(report) == {1: 'parent "a" is not there'}
    assert catalogue.outcomes.get("b").title == "Title b", "a refused row alters nothing"
    assert [one.id for one in catalogue.outcomes.live()] == ["a", "b"], "b would hang in the air"
    assert "1 outcome not in the dataset any more must stay" in " ".join(report.warnings)


def test_a_parent_of_another_framework_is_refused_with_its_name(catalogue, document):
    other = Outcome(id="b", framework="g", parent="a", title="Elsewhere")
    below = Outcome(id="c", framework="g", parent="b", title="Below it")
    report = import_document(catalogue, document(outcome("a"), other, below))
    assert reasons(report) == {
        2: 'its parent "a" is of another framework, "f"',
        3: 'its parent "b" is itself refused',
    }


def test_a_refused_row_does_not_retire_what_was_there(catalogue, document):
    import_document(catalogue, document(outcome("a"), resource("r1"), resource("r2")))
    doc = document(outcome("a", "a"), resource("r1", title="half \ud800"), resource("r2"))
    report = import_document(catalogue, doc, prune=True)
    assert report.refused == 2
    assert report.removed == {}
    assert catalogue.counts()["outcomes"] == 1
    assert catalogue.resources.get("r1").title == "Title r1"
    assert len(list(catalogue.resources.live())) == 2


def test_nothing_is_taken_for_removed_while_rows_are_unreadable(catalogue, document):
    import_document(catalogue, document(resource("r1"), resource("r2")))
    doc = document(resource("r1"), Refusal("r", 2, "malformed"))
    report = import_document(catalogue, doc, prune=True)
    assert fates(report, "resources") == {"unchanged": 1, "refused": 1}
    assert report.warnings == (
        "1 of the resources could not be read, so none is taken for removed",
    )
    assert catalogue.counts()["resources"] == 2


def test_statements_about_what_is_not_there_are_refused(catalogue, document):
    doc = document(
        outcome("head", assignable=False),
        outcome("a", "head"),
        outcome("bad", "gone"),
        resource("r"),
        Alignment(resource="none", outcome="a"),
        Alignment(resource="r", outcome="none"),
        Alignment(resource="r", outcome="bad"),
        Alignment(resource="r", outcome="head"),
        Prerequisite(outcome="a", requires="none"),
        Prerequisite(outcome="a", requires="a"),
        Correspondence(outcome="a", other="none", match=Match.EXACT),
        Correspondence(outcome="a", other="a", match=Match.EXACT),
        Interaction(learner="l", resource="none", time=1.0, event=Event.VIEWED),
        Interaction(learner="l", outcomes=("a", "none"), time=1.0, event=Event.VIEWED),
        Interaction(learner="l", outcomes=("a",), time=1.0, event=Event.VIEWED),
        Alignment(resource="r", outcome="a"),
    )
    said = reasons(import_document(catalogue, doc))
    assert said == {
        3: 'parent "gone" is not there',
        5: 'resource "none" is not there',
        6: 'outcome "none" is not there',
        7: 'outcome "bad" is itself refused',
        8: 'outcome "head" is a heading; align to an outcome below it',
        9: 'outcome "none" is not there',
        10: 'outcome "a" requires itself',
        11: 'outcome "none" is not there',
        12: 'outcome "a" is matched with itself',
        13: 'resource "none" is not there',
        14: 'outcome "none" is not there',
    }
    counts = catalogue.counts()
    assert (counts["alignments"], counts["prerequisites"], counts["interactions"]) == (1, 0, 1)


def test_an_alignment_to_a_resource_of_the_catalogue_needs_no_resources_file(catalogue, document):
    import_document(catalogue, document(outcome("a"), resource("r"), name="other"))
    report = import_document(catalogue, document(Alignment(resource="r", outcome="a")))
    assert report.refused == 0


def edges(*pairs):
    return [Prerequisite(outcome=pair[0], requires=pair[1]) for pair in pairs]


@pytest.fixture
def abc(catalogue, document):
    import_document(catalogue, document(*map(outcome, "abcd"), name="outcomes"))
    return catalogue


def graph(catalogue):
    return {one.outcome + one.requires for one in catalogue.prerequisites.live()}


def test_the_prerequisite_that_closes_a_cycle_is_refused(abc, document):
    report = import_document(abc, document(*edges("ab", "bc", "ca", "cd", "da", "bd")))
    assert reasons(report) == {
        3: "closes a cycle: c → a → b → c",
        5: "closes a cycle: d → a → b → c → d",
    }
    assert graph(abc) == {"ab", "bc", "cd", "bd"}
    again = import_document(abc, document(*edges("ab", "bc", "ca", "cd", "da", "bd")))
    assert list(reasons(again)) == [3, 5]


def test_what_was_there_is_not_what_gives_way_to_a_cycle(abc, document):
    import_document(abc, document(*edges("ab")))
    report = import_document(abc, document(*edges("ba", "ab")))
    assert reasons(report) == {1: "closes a cycle: b → a → b"}
    assert graph(abc) == {"ab"}
    other = import_document(abc, document(*edges("ba"), name="other"))
    assert reasons(other) == {1: "closes a cycle: b → a → b"}


def test_an_edge_that_is_pruned_closes_no_cycle(abc, document):
    import_document(abc, document(*edges("ab")))
    turned = document(*edges("ba"))
    assert import_document(abc, turned).refused == 1
    assert import_document(abc, turned, prune=True).refused == 0
    assert graph(abc) == {"ba"}
    kept = document(*edges("ab"), Refusal("p", 2, "malformed"))
    assert 1 in reasons(import_document(abc, kept, prune=True)), "then nothing is pruned"


def test_an_edge_that_is_refused_anyway_closes_no_cycle(abc, document):
    doc = document(*edges("ax", "xb", "ba"))
    assert sorted(reasons(import_document(abc, doc))) == [1, 2]
    assert graph(abc) == {"ba"}


def test_provenance_is_kept_and_otherwise_names_the_dataset(catalogue, document):
    said = Provenance(agent="a teacher", time=5.0, model="m")
    doc = document(
        outcome("a"),
        resource("r1"),
        resource("r2"),
        Alignment(resource="r1", outcome="a", provenance=said),
        Alignment(resource="r2", outcome="a"),
    )
    import_document(catalogue, doc)
    assert catalogue.alignments.of_resource("r1")[0].provenance == said
    assert catalogue.alignments.of_resource("r2")[0].provenance.agent == "dataset:d"


def test_a_decision_keeps_working_after_its_rows_were_pruned(catalogue, document):
    import_document(catalogue, document(outcome("a"), resource("r")))
    made = Decision(resource="r", outcome="a", verdict=Verdict.REJECT, curator="c", time=1.0)
    kept = catalogue.ledger.decide(made)
    import_document(catalogue, document(empty=(Outcome, Resource)), prune=True)
    assert list(catalogue.ledger.all()) == [kept]
    assert catalogue.outcomes.get("a").title == "Title a"


@pytest.mark.parametrize(
    ("outcomes", "fields", "expected"),
    [
        ([outcome("a", title="Root", assignable=False), outcome("b", "a")], {}, ("Root", None)),
        ([outcome("a", assignable=False), outcome("b", assignable=False)], {}, ("f", None)),
        ([outcome("a", title="No heading")], {"languages": ("fr",)}, ("f", "fr")),
        (
            [outcome("a", assignable=False, language="ar")],
            {"extra": {"frameworks": [{"id": "f", "title": "Listed"}]}},
            ("Listed", "ar"),
        ),
        (
            [outcome("a", assignable=False)],
            {"extra": {"frameworks": [{"id": "f", "title": 5, "language": "es"}, "x", {"id": 1}]}},
            ("Title a", "es"),
        ),
        ([outcome("a")], {"extra": {"frameworks": "none"}, "languages": ("a", "b")}, ("f", None)),
    ],
)
def test_a_framework_takes_the_best_title_and_language(
    catalogue, document, outcomes, fields, expected
):
    import_document(catalogue, document(*outcomes, **fields))
    (framework,) = catalogue.frameworks.all()
    assert (framework.title, framework.language) == expected


def test_a_framework_is_renamed_and_retired_with_its_outcomes(catalogue, document):
    def listed(title):
        return {"frameworks": [{"id": "f", "title": title}]}

    import_document(catalogue, document(outcome("a"), extra=listed("Old")))
    import_document(catalogue, document(outcome("a"), extra=listed("New")))
    assert catalogue.frameworks.get("f").title == "New"
    other = Outcome(id="g1", framework="g", title="t")
    import_document(catalogue, document(other))
    assert [one.id for one in catalogue.frameworks.all()] == ["f", "g"]
    import_document(catalogue, document(other), prune=True)
    assert [one.id for one in catalogue.frameworks.all()] == ["g"]
    assert catalogue.frameworks.get("f").title == "New"
    import_document(catalogue, document(other, outcome("a"), extra=listed("Back")))
    assert catalogue.frameworks.get("f").title == "Back"


def test_an_empty_framework_is_a_warning(catalogue, document):
    listed = {"frameworks": [{"id": "empty"}, {"id": "f"}]}
    report = import_document(catalogue, document(outcome("a"), extra=listed))
    assert report.warnings == ('framework "empty" has no outcome to align a resource to',)
    heads = import_document(catalogue, document(outcome("a", assignable=False)))
    assert heads.warnings == ('framework "f" has no outcome to align a resource to',)
    nothing = import_document(catalogue, document(empty=(Outcome,), name="n"))
    assert nothing.warnings == ('dataset "n" has no outcome in its outcomes file',)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (resource("x", title="nul \0"), "a text holds a NUL character"),
        (resource("x", title="half \udfff"), "half a character"),
        (resource("x", extra={"a": float("nan")}), "cannot be kept"),
        (resource("x", extra={"a": {1, 2}}), "cannot be kept"),
        (outcome("x", position=2**70), "position is too large a number"),
    ],
)
def test_what_no_database_takes_is_refused_and_the_rest_goes_on(catalogue, document, bad, said):
    report = import_document(catalogue, document(bad, resource("r"), outcome("a")))
    assert said in reasons(report)[1]
    assert (catalogue.counts()["resources"], catalogue.counts()["outcomes"]) == (1, 1)
    assert catalogue.resources.get("x") is catalogue.outcomes.get("x") is None


def test_a_backslash_and_u0000_is_no_nul(catalogue, document):
    odd = resource("r", title="\\u0000 and \\\\u0000")
    assert import_document(catalogue, document(odd)).refused == 0
    assert catalogue.resources.get("r") == odd


def test_a_dataset_without_a_name_is_refused(catalogue, document):
    with pytest.raises(GatewaysError, match="no name"):
        import_document(catalogue, document(resource("r"), name=""))


def test_a_report_lists_the_first_refusals_and_counts_all(catalogue, document):
    bad = [Alignment(resource="none", outcome=f"o{n}") for n in range(1500)]
    told = []
    report = import_document(catalogue, document(*bad), on_refusal=told.append)
    assert (report.refused, len(report.refusals), len(told)) == (1500, 1000, 1500)
    assert str(report.refusals[0]) == 'test:1: resource "none" is not there'
    assert report.taken == 0


def test_progress_tells_every_row_of_every_kind(catalogue, document):
    told = {}

    @contextmanager
    def progress(what, total):
        told[what] = [total, 0]

        def advance(done):
            told[what][1] += done

        yield advance

    doc = document(
        outcome("a"), outcome("b"), resource("r"), *edges("ab"), Refusal("r", 5, "malformed")
    )
    import_document(catalogue, doc, progress=progress)
    assert told == {
        "checking outcomes": [None, 2],
        "outcomes": [2, 2],
        "resources": [None, 2],
        "checking prerequisites": [None, 1],
        "prerequisites": [None, 1],
    }


def test_rows_come_in_more_than_one_chunk(catalogue, document):
    rows = [outcome(f"o{n}", f"o{n + 1}" if n < 2499 else None) for n in range(2500)]
    long = [resource(f"r{n}", text="x" * 3_000_000) for n in range(4)]
    report = import_document(catalogue, document(*rows, *long))
    assert report.refused == 0
    assert catalogue.revision() == 3 + 2, "texts of 8 million characters fill a chunk too"
    pruned = import_document(catalogue, document(empty=(Outcome,)), prune=True)
    assert fates(pruned, "outcomes") == {"removed": 2500, "retired": 2500}
    assert len(pruned.removed["outcomes"]) == 1000


IMPORTING = """
    from data.catalogue import Catalogue
    from data.formats.protocol import Row
    from data.importing.importer import import_document
    from data.records import Alignment, Dataset, Outcome, Resource

    class Many:
        dataset = Dataset(name="many")
        kinds = frozenset({{Outcome, Resource, Alignment}})

        def read(self, kind):
            make = {{
                Outcome: lambda n: Outcome(id=f"o{{n}}", framework="f", title="t"),
                Resource: lambda n: Resource(id=f"r{{n}}", title="t"),
                Alignment: lambda n: Alignment(resource=f"r{{n}}", outcome=f"o{{n}}"),
            }}[kind]
            for n in range(3000):
                yield Row(make(n), "f", n)

    with Catalogue.open({url!r}) as catalogue:
        print("begun", flush=True)
        report = import_document(catalogue, Many())
        print(report.taken, report.refused)
"""


@pytest.mark.slow
def test_an_import_that_is_killed_is_finished_by_the_next(database_url, tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(IMPORTING.format(url=database_url))]
    rng = random.Random(7)
    for _ in range(4):
        importing = subprocess.Popen(command, stdout=subprocess.PIPE)
        importing.stdout.readline()
        time.sleep(rng.uniform(0, 0.3))
        os.kill(importing.pid, signal.SIGKILL)
        importing.communicate()
        with Catalogue.open(database_url) as catalogue:
            done = catalogue.counts()
            assert done["outcomes"] % 1000 == done["resources"] % 1000 == 0, "whole chunks only"
    last = subprocess.run(command, capture_output=True, text=True, check=True)
    assert last.stdout.split()[1:] == ["9000", "0"]
    with Catalogue.open(database_url) as catalogue:
        counts = catalogue.counts()
        assert counts["outcomes"] == counts["resources"] == counts["alignments"] == 3000
        (framework,) = catalogue.frameworks.all()
    with Catalogue.open(f"sqlite:///{tmp_path}/undisturbed.sqlite") as undisturbed:
        script = textwrap.dedent(IMPORTING.format(url=f"sqlite:///{tmp_path}/undisturbed.sqlite"))
        subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
        assert undisturbed.frameworks.all() == [framework]


@pytest.mark.slow
def test_a_whole_national_curriculum_is_taken_in_and_the_second_time_unchanged(
    catalogue, real_data
):
    source = DatasetFolder().open(real_data("oak"), ReadOptions())
    first = import_document(catalogue, source)
    assert (first.refused, first.taken) == (0, first.rows)
    assert first.rows > 20_000
    again = import_document(catalogue, source)
    assert [set(fates(again, kind)) for kind in again.counts] == [{"unchanged"}] * 3


def test_a_dataset_record_is_updated(catalogue, document):
    import_document(catalogue, document(license="CC0-1.0"))
    import_document(catalogue, document(license="CC-BY-4.0", languages=("hi",)))
    assert catalogue.datasets.all() == [Dataset(name="d", license="CC-BY-4.0", languages=("hi",))]
