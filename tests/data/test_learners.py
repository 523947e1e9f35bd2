"""All that is kept of a learner: counted, told, and erased without a trace."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.catalogue import Catalogue, Fate
from data.catalogue import engine as engine_module
from data.catalogue.tables import interactions
from data.errors import GatewaysError, NotFoundError, UnavailableError
from data.importing.importer import import_document
from data.records import (
    Erasure,
    Event,
    Interaction,
    LearnerRecord,
    Outcome,
    Recommendation,
    Resource,
    ShownResource,
    Statement,
    Voice,
)

LEARNERS = ("learner-1", "learner-2", "learner-3")


def did(learner, at, **more):
    return Interaction(learner=learner, resource="r1", time=at, event=Event.VIEWED, **more)


def said(learner, at):
    return Statement(learner=learner, outcome="b", can=0.5, voice=Voice.LEARNER, time=at)


def saw(learner, at):
    line = ShownResource(
        resource="r1", outcome="b", purpose="next", position=1, score=0.5, propensity=0.875
    )
    return Recommendation(
        id=f"{at} {hash(learner)}",
        learner=learner,
        time=at,
        policy="1",
        asked={"k": 1},
        shown=(line,),
        candidates=(("r1", 0.5),),
    )


def add(catalogue, *records):
    for record in records:
        match record:
            case Interaction():
                (taken,) = catalogue.interactions.add([(None, record)])
                assert taken.fate is Fate.KEPT
            case Statement():
                catalogue.statements.add(record)
            case Recommendation():
                catalogue.recommendations.record(record)


def everything(catalogue, learner):
    return (
        catalogue.interactions.of_learner(learner),
        catalogue.statements.of_learner(learner),
        catalogue.recommendations.of_learner(learner),
    )


def test_the_record_of_a_learner_has_all_that_is_kept_of_them_and_nothing_of_others(small):
    add(small, did("m", 2.0), did("m", 1.0), said("m", 3.0), saw("m", 4.0), said("l", 5.0))
    assert small.learners.export("m") == LearnerRecord(
        learner="m",
        interactions=(did("m", 1.0), did("m", 2.0)),
        statements=tuple(small.statements.of_learner("m")),
        recommendations=(saw("m", 4.0),),
    )


def test_the_record_has_what_is_retired_too(small):
    add(small, did("m", 1.0))
    with small._store.writing() as connection:
        connection.execute(interactions.update().values(retired_at=3.0))
    assert small.interactions.of_learner("m") == []
    assert small.learners.export("m").interactions == (did("m", 1.0),)


def test_of_whom_nothing_is_kept_there_is_no_record(small):
    with pytest.raises(NotFoundError, match="nothing is kept of learner 'nobody'"):
        small.learners.export("nobody")


def test_learners_come_page_by_page_the_latest_active_first(small):
    add(small, *(did(f"p{number}", 10.0 - number % 3) for number in range(5)))
    add(small, did("p0", 1.0), said("says-only", 9.5))
    found, cursor = [], None
    while not found or cursor:
        page = small.learners.ids(after=cursor, limit=2)
        found, cursor = found + page.items, page.next
    assert [(one.learner, one.interactions, one.latest) for one in found] == [
        ("p3", 1, 10.0),
        ("p0", 2, 10.0),
        ("says-only", 0, 9.5),
        ("p4", 1, 9.0),
        ("p1", 1, 9.0),
        ("p2", 1, 8.0),
        ("l", 1, 2.0),
    ]


def test_to_whom_something_was_only_shown_is_not_active(small):
    before = small.learners.ids().items
    add(small, saw("mistyped", 20.0), *(saw(one.learner, 20.0) for one in before))
    assert small.learners.ids().items == before


def test_a_malformed_cursor_of_learners_is_refused(small):
    with pytest.raises(GatewaysError, match="cursor"):
        small.learners.ids(after="WyJhIl0")


def test_a_mark_changes_with_what_is_kept_of_a_learner_and_with_nothing_else(small):
    marks = [small.learners.mark("m")]

    def changes(*records):
        add(small, *records)
        marks.append(small.learners.mark("m"))
        return len(set(marks)) == len(marks)

    assert changes(did("m", 1.0))
    assert changes(did("m", 0.5))
    assert changes(said("m", 1.0))
    before = small.learners.mark("m")
    add(small, did("other", 1.0), said("other", 1.0), saw("m", 1.0))
    small.interactions.add([(None, did("m", 1.0))])
    small.learners.erase("another", "admin", 1.0)
    assert small.learners.mark("m") == before
    small.learners.erase("m", "admin", 1.0)
    assert changes()
    assert changes(did("m", 2.0))


def test_a_mark_after_an_erasure_is_none_from_before_though_numbers_are_given_again(small):
    add(small, did("m", 1.0))
    before = small.learners.mark("m")
    small.learners.erase("m", "admin", 1.0)
    add(small, did("m", 2.0))
    assert small.learners.mark("m") != before


def test_an_erasure_deletes_all_of_one_learner_and_says_how_much(small):
    add(small, *(record for at in (1.0, 2.0) for record in (did("m", at), said("m", at))))
    add(small, saw("m", 3.0), did("l", 3.0), said("l", 3.0), saw("l", 3.0))
    others = everything(small, "l")
    erasure = small.learners.erase("m", "admin", 5.0)
    assert erasure == Erasure(
        id=1,
        pseudonym_hash=hashlib.sha256(b"gateways erasure\0m").hexdigest(),
        time=5.0,
        agent="admin",
        counts={"interactions": 2, "statements": 2, "recommendations": 1},
    )
    assert everything(small, "m") == ([], [], [])
    assert everything(small, "l") == others
    assert "m" not in [one.learner for one in small.learners.ids().items]
    with pytest.raises(NotFoundError):
        small.learners.export("m")


def test_erasures_are_kept_newest_first_and_of_whom_nothing_is_kept_too(small):
    add(small, did("m", 1.0))
    made = [small.learners.erase(learner, "admin", at) for learner, at in (("m", 5.0), ("n", 4.0))]
    made.append(small.learners.erase("m", "they", 6.0))
    assert small.learners.erasures() == made[::-1]
    assert [sum(one.counts.values()) for one in made] == [1, 0, 0]


def test_what_comes_late_does_not_bring_an_erased_learner_back(small):
    add(small, did("m", 1.0))
    small.learners.erase("m", "admin", 1_767_225_600.0)
    small.learners.erase("m", "admin", 1_000.0)  # the latest erasure counts, not the last said
    sent = [("c1", did("m", 1.0)), ("c2", did("m", 1_767_225_600.0)), ("c3", did("l", 1.0))]
    first, second, other = small.interactions.add(sent)
    assert first == second
    assert first.fate is Fate.REFUSED
    assert first.reason == (
        "the learner was erased on 2026-01-01 at 00:00 UTC; only what is later is taken in"
    )
    assert other.fate is Fate.KEPT
    add(small, did("m", 1_767_225_600.5))
    assert [one.time for one in small.interactions.of_learner("m")] == [1_767_225_600.5]


def test_a_dataset_that_is_imported_again_does_not_bring_an_erased_learner_back(small, document):
    doc = document(*(did(learner, at) for at in (1.0, 2.0, 9.0) for learner in ("m", "l")))
    import_document(small, doc)
    small.learners.erase("m", "admin", 5.0)
    for dry_run in (True, False):
        report = import_document(small, doc, dry_run=dry_run)
        assert [str(one) for one in report.refusals] == [
            f"test:{line}: the learner was erased on 1970-01-01 at 00:00 UTC; "
            "only what is later is taken in"
            for line in (1, 3)
        ]
        counts = report.counts["interactions"]
        assert (counts.new, counts.unchanged) == (1, 3)
    assert [one.time for one in small.interactions.of_learner("m")] == [9.0]


@pytest.fixture
def school(tmp_path, empty_database, document):
    """A catalogue in a file, and the bytes of that file and of all that SQLite keeps beside it."""
    (tmp_path / "catalogue.sqlite").write_bytes(empty_database)
    rows = [Outcome(id="b", framework="f", title="t"), Resource(id="r1", title="t")]
    with Catalogue.open(f"sqlite:///{tmp_path}/catalogue.sqlite") as catalogue:
        import_document(catalogue, document(*rows))
        yield catalogue, lambda: b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_nothing_of_an_erased_pseudonym_is_left_in_the_files(school):
    """They are many and come mixed, since SQLite leaves copies of rows that it moves."""
    catalogue, content = school
    draw = random.Random(1)
    learners = [f"learner-{number:03}" for number in range(40)]
    for _ in range(4):
        sent = [(None, did(draw.choice(learners), draw.random())) for _ in range(1000)]
        catalogue.interactions.add(sent)
    add(catalogue, *(record(learner, 1.0) for learner in learners for record in (said, saw)))
    draw.shuffle(learners)
    last = learners.pop()
    for learner in learners:
        assert learner.encode() in content()
        catalogue.learners.erase(learner, "admin", 100.0)
        assert learner.encode() not in content()
    assert len(catalogue.interactions.of_learner(last)) > 50
    assert last.encode() in content()


def test_an_erasure_that_is_cut_short_has_overwritten_what_it_deleted(school, monkeypatch):
    catalogue, content = school
    add(catalogue, did("learner-1", 1.0), said("learner-1", 1.0), saw("learner-1", 1.0))
    monkeypatch.setattr("data.catalogue.store.scrub", cut_short)
    with pytest.raises(KeyboardInterrupt):
        catalogue.learners.erase("learner-1", "admin", 5.0)
    catalogue.close()
    assert b"learner-1" not in content()


def cut_short(_engine):
    raise KeyboardInterrupt


def test_while_another_reads_what_was_there_an_erasure_says_that_traces_stay(school, monkeypatch):
    catalogue, content = school
    add(catalogue, *(did("learner-1", float(at)) for at in range(3)))
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    with Catalogue.open(str(catalogue._store._engine.url)) as impatient:
        reading = catalogue.interactions.live()
        next(reading)
        with pytest.raises(UnavailableError, match="traces stay in the file"):
            impatient.learners.erase("learner-1", "admin", 5.0)
        assert everything(impatient, "learner-1") == ([], [], []), "it is erased all the same"
        del reading
        impatient.learners.erase("learner-1", "admin", 5.0)
        assert b"learner-1" not in content()


def test_an_erasure_that_is_acknowledged_outlives_its_process(school):
    catalogue, _ = school
    add(catalogue, did("m", 1.0))
    url = str(catalogue._store._engine.url)
    script = f"""
        from data.catalogue import Catalogue

        with Catalogue.open({url!r}) as catalogue:
            catalogue.learners.erase("m", "admin", 5.0)
            print("erased", flush=True)
            input()
    """
    erasing = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert erasing.stdout.readline() == "erased\n"
    os.kill(erasing.pid, signal.SIGKILL)
    erasing.communicate()
    assert everything(catalogue, "m") == ([], [], [])
    assert len(catalogue.learners.erasures()) == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["did", "said", "saw", "erase", "import"]),
        st.sampled_from(LEARNERS),
        st.integers(0, 9).map(float),
    ),
    max_size=20,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_comes_in_nothing_is_kept_from_before_an_erasure(
    steps, tmp_path, document, empty_database
):
    file = tmp_path / "catalogue.sqlite"
    file.write_bytes(empty_database)
    rows = [Outcome(id="b", framework="f", title="t"), Resource(id="r1", title="t")]
    erased, kept = {}, {learner: set() for learner in LEARNERS}
    with Catalogue.open(f"sqlite:///{file}") as catalogue:
        import_document(catalogue, document(*rows))
        for step, learner, at in steps:
            late = at <= erased.get(learner, -1.0)
            match step:
                case "erase":
                    catalogue.learners.erase(learner, "admin", at)
                    erased[learner] = max(at, erased.get(learner, -1.0))
                    kept[learner] = set()
                    continue
                case "did":
                    (taken,) = catalogue.interactions.add([(None, did(learner, at))])
                    assert (taken.fate is Fate.REFUSED) == late
                case "import":
                    report = import_document(catalogue, document(did(learner, at), name="e"))
                    assert report.refused == late
                case "said" | "saw" if late:
                    with pytest.raises(GatewaysError, match="erased"):
                        add(catalogue, {"said": said, "saw": saw}[step](learner, at))
                case "said" | "saw":
                    add(catalogue, {"said": said, "saw": saw}[step](learner, at))
            if not late:
                kept[learner].add(at)
        for learner, times in kept.items():
            found = {one.time for part in everything(catalogue, learner) for one in part}
            assert found == times
        content = file.read_bytes() + Path(f"{file}-wal").read_bytes()
        if steps and steps[-1][0] == "erase":
            assert steps[-1][1].encode() not in content
