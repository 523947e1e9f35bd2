"""A real catalogue with a crosswalk: what is carried to a resource, and brought to an outcome."""

import json
import time

import pytest

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Decision, Match, Relation, Verdict
from models.alignment.transfer import WORTH, Way
from models.crosswalk.carrying import brought_to, carried_to

ALIGNED = ("video,a,teaches,", "quiz,a,assesses,", "unsure,a,teaches,0.3", "first,a,requires,")


@pytest.fixture
def catalogue(tmp_path, dataset_folder):
    rows = [
        {"id": name, "framework": framework, "title": f"Title of {name}", "language": language}
        for name, framework, language in (("a", "f", "en"), ("b", "g", "fr"), ("c", "g", "fr"))
    ]
    resources = [{"id": line.split(",")[0], "title": "r", "language": "en"} for line in ALIGNED]
    folder = dataset_folder(
        outcomes="".join(json.dumps(row) + "\n" for row in rows),
        resources="".join(json.dumps(row) + "\n" for row in resources),
        alignments="\n".join(["resource,outcome,relation,confidence", *ALIGNED, ""]),
        crosswalk="outcome,other,match\na,b,broader\n",
    )
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as opened:
        import_document(opened, open_document(folder, ReadOptions()))
        yield opened


def decide(catalogue, resource, outcome, verdict):
    made = Decision(
        resource=resource, outcome=outcome, verdict=verdict, curator="c", time=time.time()
    )
    catalogue.ledger.decide(made)


def test_a_resource_is_carried_by_what_it_teaches_or_assesses_and_says_by_which(catalogue):
    found = carried_to(catalogue, ["video", "quiz", "unsure", "first", "nobody"])
    assert set(found) == {"video", "quiz"}
    (one,) = found["quiz"]
    (origin,) = one.by
    assert (one.outcome, origin.outcome, origin.title) == ("b", "a", "Title of a")
    assert (origin.framework, origin.language) == ("f", "en")
    assert (origin.relation, origin.match) == (Relation.ASSESSES, Match.BROADER)
    assert one.confidence == pytest.approx(WORTH.of(Way(outcome="a", match=Match.BROADER, lines=1)))


def test_who_is_not_to_know_what_was_decided_is_told_nothing_of_it_by_a_crosswalk(catalogue):
    assert carried_to(catalogue, ["video"], without={"a"}) == {}
    decide(catalogue, "video", "c", Verdict.ACCEPT)
    assert set(carried_to(catalogue, ["video"], without={"c"})) == {"video"}


def test_where_it_is_known_what_a_resource_teaches_nothing_is_carried(catalogue):
    decide(catalogue, "video", "c", Verdict.ACCEPT)
    assert set(carried_to(catalogue, ["video", "quiz"])) == {"quiz"}
    assert set(brought_to(catalogue, "b")) == {"quiz"}


def test_what_was_rejected_is_brought_to_an_outcome_no_more_until_it_is_undone(catalogue):
    assert set(brought_to(catalogue, "b")) == {"quiz", "video"}
    assert brought_to(catalogue, "a") == brought_to(catalogue, "c") == {}
    decide(catalogue, "video", "b", Verdict.REJECT)
    assert set(brought_to(catalogue, "b")) == {"quiz"}
    decide(catalogue, "video", "b", Verdict.UNDO)
    assert set(brought_to(catalogue, "b")) == {"quiz", "video"}
