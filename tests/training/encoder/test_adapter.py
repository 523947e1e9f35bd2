from dataclasses import replace

import numpy as np
import pytest
import torch

from data.progress import progress_bar
from data.records import Resource
from evaluation.measures.metrics import ranking
from models.bundles.bundle import ADAPTER
from models.encoders.adapted import AdaptedEncoder
from models.snapshots.indexing import outcome_entries
from models.text import outcome_text
from training.encoder.adapter import train_adapter
from training.labelled import Labelled, Lessons


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """So little to multiply takes longer where threads wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def lessons(made_up):
    """Resources that speak of each outcome in words of which none is the framework's."""
    other = {one.id: f"{one.subject}Other thing{one.id} lesson" for one in made_up.outcomes}

    def labelled(number):
        resources = [
            Resource(id=f"{id_} {number}", title=f"{title} part{number}")
            for id_, title in other.items()
        ]
        return Labelled(
            resources=resources, gold={one.id: {one.id.split()[0]} for one in resources}
        )

    learn = [labelled(number) for number in range(3)]
    return Lessons(
        dataset="made up",
        outcomes=made_up.outcomes,
        learn=Labelled(
            resources=[found for each in learn for found in each.resources],
            gold={name: found for each in learn for name, found in each.gold.items()},
        ),
        judge=labelled(9),
    )


@pytest.fixture(scope="module")
def trained(lessons, hashing_of, tmp_path_factory):
    out = tmp_path_factory.mktemp("adapter")
    return out, train_adapter(lessons, hashing_of(256), out, 0, progress_bar)


def rank(encoder, lessons):
    entries = outcome_entries(lessons.outcomes)
    outcomes = encoder.encode([outcome_text(one.outcome, one.path) for one in entries])
    asked = encoder.encode([found.title for found in lessons.judge.resources])
    ids = [one.outcome.id for one in entries]
    ranked = {
        found.id: [ids[place] for place in np.argsort(-row)[:100]]
        for found, row in zip(lessons.judge.resources, asked @ outcomes.T, strict=True)
    }
    return float(ranking(ranked, lessons.judge.gold)["mrr"].mean())


def test_a_map_brings_resources_nearer_to_what_they_teach(trained, lessons, hashing_of):
    out, figures = trained
    adapted = AdaptedEncoder(hashing_of(256), out / ADAPTER)
    assert figures["dev_mrr"] > figures["dev_mrr_before"] + 0.1
    assert rank(hashing_of(256), lessons) == pytest.approx(figures["dev_mrr_before"], abs=0.02)
    assert rank(adapted, lessons) == pytest.approx(figures["dev_mrr"], abs=0.02)


def test_the_same_seed_gives_the_same_map(trained, lessons, hashing_of, tmp_path):
    train_adapter(lessons, hashing_of(256), tmp_path, 0, progress_bar)
    assert (tmp_path / ADAPTER).read_bytes() == (trained[0] / ADAPTER).read_bytes()


def test_where_nothing_gets_better_nothing_is_changed(lessons, hashing_of, tmp_path, made_up):
    perfect = Labelled(
        resources=[Resource(id=one.id, title=one.title) for one in made_up.outcomes],
        gold={one.id: frozenset({one.id}) for one in made_up.outcomes},
    )
    easy = Lessons(dataset="easy", outcomes=lessons.outcomes, learn=lessons.learn, judge=perfect)
    encoder = hashing_of(256)
    figures = train_adapter(easy, encoder, tmp_path, 0, progress_bar)
    assert figures["dev_mrr"] == figures["dev_mrr_before"]
    adapted = AdaptedEncoder(encoder, tmp_path / ADAPTER)
    text = ["maths1word1"]
    np.testing.assert_allclose(adapted.encode(text), encoder.encode(text), atol=1e-6)


def test_an_outcome_that_says_the_same_is_no_negative(lessons, hashing_of, tmp_path, made_up):
    """Of each outcome there is a version; learning from one of them does not push the other off."""
    twins = [replace(one, id=f"twin-{one.id}") for one in made_up.outcomes]
    both = replace(lessons, outcomes=[*made_up.outcomes, *twins])
    encoder = hashing_of(256)
    train_adapter(both, encoder, tmp_path, 0, progress_bar)
    adapted = AdaptedEncoder(encoder, tmp_path / ADAPTER)
    one, other = adapted.encode([made_up.outcomes[0].title, twins[0].title])
    assert one @ other == pytest.approx(1, abs=1e-5)
