"""A learner model is fitted on a dataset, or on what the catalogue has of learners."""

import json
import time
from dataclasses import replace

import pytest

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from models.learner.history import History
from models.learner.tracing import starting_tracer
from models.log_odds import probabilities
from training.learner.fitting import (
    done_in_catalogue,
    done_in_dataset,
    fitted,
    judges,
    rehearsed,
)

START = 1_700_000_000
HEADER = "learner,resource,item,outcome,time,event,score"


def rows():
    """Thirty learners who fail at first; who watches the film goes on to succeed."""
    found = []
    for who in range(30):
        found += [f"l{who},quiz,quiz#{n},o,{START + n},attempted,0" for n in range(3)]
        if who % 2:
            found += [f"l{who},film,,,{START + 10},viewed,"]
        score = who % 2
        found += [f"l{who},quiz,quiz#{n},o,{START + n},attempted,{score}" for n in (20, 21)]
    return found


@pytest.fixture
def document(dataset_folder):
    def opened(interactions, name="school", confidence=""):
        outcomes = [{"id": name, "framework": "f", "title": name} for name in ("o", "p")]
        resources = [{"id": name, "title": name} for name in ("quiz", "film")]
        folder = dataset_folder(
            name,
            outcomes="".join(json.dumps(row) + "\n" for row in outcomes),
            resources="".join(json.dumps(row) + "\n" for row in resources),
            alignments=f"resource,outcome,relation,confidence\nquiz,o,assesses,\n"
            f"film,o,teaches,{confidence}\n",
            interactions="\n".join([HEADER, *interactions, ""]),
        )
        return open_document(folder, ReadOptions())

    return opened


@pytest.fixture
def catalogue(tmp_path):
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as opened:
        yield opened


def test_a_dataset_and_the_catalogue_it_was_imported_to_teach_the_same(document, catalogue):
    opened = document(rows())
    import_document(catalogue, opened)
    model = fitted(done_in_dataset(opened))
    assert fitted(done_in_catalogue(catalogue)) == model
    assert (model.tracer.learners, model.tracer.answers) == (30, 150)


def test_in_whatever_order_interactions_arrived_the_model_tells_the_same(document, catalogue):
    import_document(catalogue, document(rows()[::-1]))
    model, late = (
        fitted(done_in_dataset(document(rows(), "again"))),
        fitted(done_in_catalogue(catalogue)),
    )
    assert late.tracer.share == model.tracer.share
    assert late.helpful == pytest.approx(model.helpful, abs=1e-3)
    told = [one.tracer.log_odds(History(), ["o", "p"], START + 100.0) for one in (model, late)]
    assert told[0] == pytest.approx(told[1], abs=1e-3)


def test_it_is_learned_which_resource_others_learned_from(document):
    assert set(fitted(done_in_dataset(document(rows()))).helpful) == {"film"}
    assert fitted(done_in_dataset(document(rows()))).helpful["film"] > 0.3


def test_a_resource_whose_alignment_is_unsure_has_no_credit(document):
    assert fitted(done_in_dataset(document(rows(), confidence="0.4"))).helpful == {}


def test_an_outcome_that_goes_badly_is_harder_from_then_on(document):
    failing = [f"l{n},,q{n},p,{START + 50},attempted,0" for n in range(30)]
    tracer = fitted(done_in_dataset(document([*rows(), *failing]))).tracer
    hard, usual = probabilities(tracer.log_odds(History(), ["p", "o"], START + 100.0))
    assert hard < usual


def test_who_was_erased_is_in_no_model_that_is_trained_later(document, catalogue):
    import_document(catalogue, document(rows()))
    for who in range(1, 30, 2):
        catalogue.learners.erase(f"l{who}", "admin", time.time())
    with pytest.raises(GatewaysError, match="the catalogue: nothing can be learned"):
        fitted(done_in_catalogue(catalogue))


@pytest.mark.parametrize(
    "interactions",
    [[], [f"l,,q,o,{START},completed,", f"l,,q,o,{START + 1},viewed,"]],
)
def test_interactions_that_say_too_little_are_refused_with_what_is_missing(document, interactions):
    with pytest.raises(GatewaysError, match=r"school: nothing can be learned.*some wrong"):
        fitted(done_in_dataset(document(interactions)))


def test_what_is_judged_by_some_learners_was_fitted_without_them(document):
    done = done_in_dataset(document(rows()))
    judging, data = judges(done)
    assert 0 < len(judging) < 30
    assert rehearsed(done).learners == 30 - len(judging)
    assert fitted(done).tracer.learners == 30
    assert data == judges(done_in_dataset(document(rows(), "again")))[1] != done.fingerprint


def test_where_nobody_else_is_left_the_start_is_judged(document):
    done = done_in_dataset(document(rows()))
    judging, _ = judges(done)
    alone = replace(done, histories={who: done.histories[who] for who in judging})
    assert rehearsed(alone) == starting_tracer()
