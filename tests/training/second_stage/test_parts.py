from dataclasses import replace

import numpy as np
import pytest

from data.records import Outcome, Resource
from models.snapshots.indexing import build
from training.second_stage.parts import FOREIGN, SMALLEST, Source, draw_parts, part_of

PARTS, SIZE = 60, 20


@pytest.fixture(scope="module")
def source(made_up, made_up_snapshot, hashing_of):
    lessons = made_up.lessons(200, seed=3)
    resources = [replace(found, description="told", text="in full") for found in lessons.resources]
    vectors = hashing_of(256).encode([found.title for found in resources])
    return Source(
        snapshot=made_up_snapshot,
        resources=resources,
        vectors={found.id: vector for found, vector in zip(resources, vectors, strict=True)},
        gold=lessons.gold,
    )


def drawn(source, seed=0, parts=PARTS):
    generator = np.random.default_rng(seed)
    return list(draw_parts(source, parts=parts, size=SIZE, generator=generator))


@pytest.fixture(scope="module")
def parts(source):
    return drawn(source)


def outcomes_of(part):
    return {entry.outcome.id for entry in part.snapshot.entries}


def test_parts_are_of_many_sizes_and_none_is_too_small(parts, source):
    sizes = {len(part.snapshot.entries) for part in parts}
    assert max(sizes) == len(source.snapshot.entries)
    assert min(sizes) == SMALLEST


def test_the_same_seed_draws_the_same_parts(parts, source):
    again, other = drawn(source, parts=6), drawn(source, seed=1, parts=6)

    def said(parts):
        return [(part.resources, part.snapshot.entries, part.snapshot.accepted) for part in parts]

    assert said(again) == said(parts[:6])
    assert said(other) != said(again)


def test_catalogues_are_bare_unaligned_or_aligned_to_any_degree(parts):
    bare = [part for part in parts if not part.snapshot.resources.ids]
    aligned = [part for part in parts if part.snapshot.accepted]
    unaligned = len(parts) - len(bare) - len(aligned)
    assert min(len(bare), len(aligned), unaligned) > PARTS / 10
    shares = [len(part.snapshot.accepted) / len(part.snapshot.resources.ids) for part in aligned]
    assert max(shares) > 2 * min(shares)
    for part in aligned:
        assert set(part.snapshot.accepted) < set(part.snapshot.resources.ids)


def test_catalogues_have_few_resources_for_an_outcome_or_all_that_there_are(parts, source):
    shares = []
    for part in parts:
        here = outcomes_of(part)
        there = sum(bool(source.gold[found.id] & here) for found in source.resources)
        if part.snapshot.resources.ids:
            shares.append(len(part.snapshot.resources.ids) / there)
    assert max(shares) == 1
    assert min(shares) < 0.5


def test_no_resource_that_is_asked_for_was_accepted_for_anything(parts):
    for part in parts:
        assert not {found.id for found in part.resources} & set(part.snapshot.accepted)


def test_some_outcomes_that_are_asked_for_have_neighbours_that_were_accepted_and_some_none(
    parts, source
):
    warm = cold = 0
    for part in parts:
        voted = set().union(*map(set, part.snapshot.accepted.values()))
        asked = [source.gold[found.id] for found in part.resources if found.id in source.gold]
        if voted:
            warm += sum(bool(wanted & voted) for wanted in asked)
            cold += sum(not wanted & voted for wanted in asked)
    assert warm > 20
    assert cold > 20


def test_resources_come_with_gaps(parts, source):
    whole = {found.id: found for found in source.resources}
    asked = [found for part in parts for found in part.resources if found.id in whole]

    def share(is_gone):
        return np.mean([is_gone(found) for found in asked])

    assert 0.5 < share(lambda found: found.subject is None) < 0.7
    assert 0.5 < share(lambda found: not found.levels) < 0.7
    assert 0.1 < share(lambda found: not found.text) < 0.2
    assert all(found.title == whole[found.id].title for found in asked)
    assert all(found.subject in (None, whole[found.id].subject) for found in asked)


def test_now_and_then_one_fits_nothing(parts, source):
    strangers = garbled = 0
    for part in parts:
        here = outcomes_of(part)
        fitting = [r for r in part.resources if source.gold.get(r.id, frozenset()) & here]
        garbled += sum(found.id.endswith(" garbled") for found in part.resources)
        strangers += len(part.resources) - len(fitting)
        assert len(fitting) <= SIZE
    assert garbled == pytest.approx(PARTS * round(SIZE * 0.05), abs=2)
    assert garbled < strangers <= garbled + PARTS * round(SIZE * FOREIGN)


def test_what_is_garbled_has_the_same_letters_and_no_word_of_the_title(parts, source):
    titles = {found.id: found.title for found in source.resources}
    for part in parts:
        for found in part.resources:
            if found.id.endswith(" garbled"):
                original = titles[found.id.removesuffix(" garbled")]
                assert sorted(found.title) == sorted(original)
                assert found.title != original
                assert (found.subject, found.levels, found.text) == (None, (), "")


def test_a_part_is_an_index_of_its_outcomes_alone(source, hashing_of):
    rows = np.array([3, 30, 59])
    part = part_of(source.snapshot, rows)
    assert list(part.outcomes.ids) == [source.snapshot.entries[row].outcome.id for row in rows]
    np.testing.assert_array_equal(
        part.outcomes.vectors(np.arange(3)), source.snapshot.outcomes.vectors(rows)
    )
    assert part.lexical.scores(part.entries[1].outcome.title).argmax() == 1
    assert (list(part.resources.ids), part.accepted) == ([], {})


def test_each_framework_has_parts_of_its_own(made_up, hashing, confidence):
    other = [replace(found, id=f"g-{found.id}", framework="g") for found in made_up.outcomes]
    lessons = made_up.lessons(50, seed=3)
    gold = {name: found | {f"g-{min(found)}"} for name, found in lessons.gold.items()}
    source = Source(
        snapshot=build([*made_up.outcomes, *other], [], hashing, confidence=confidence),
        resources=lessons.resources,
        vectors={found.id: np.ones(64, np.float32) / 8 for found in lessons.resources},
        gold=gold,
    )
    for number, part in enumerate(drawn(source, parts=8)):
        frameworks = {entry.outcome.framework for entry in part.snapshot.entries}
        assert frameworks == {"fg"[number % 2]}


def test_a_framework_that_nothing_teaches_has_a_bare_part(made_up, hashing, confidence):
    foreign = Outcome(id="alone", framework="g", title="Alone")
    source = Source(
        snapshot=build([foreign], [], hashing, confidence=confidence),
        resources=[Resource(id="r", title="Other", subject="maths")],
        vectors={"r": np.ones(64, np.float32) / 8},
        gold={"r": frozenset({"elsewhere"})},
    )
    for part in drawn(source, parts=3):
        assert (part.resources, list(part.snapshot.resources.ids)) == ([], [])
