from dataclasses import replace

import numpy as np
import pytest
import torch

from data.progress import progress_bar
from models.backends.low_rank import merge_low_rank
from models.backends.model_folder import load_model
from models.bundles.bundle import ENCODER, LOW_RANK
from training.encoder.contrastive import Recipe
from training.encoder.run import Weights, upper_layers
from training.encoder.training import train_encoder
from training.labelled import Labelled, Lessons

RECIPE = Recipe(rate=3e-3, rank=4, epochs=2, batch=6, warmup=2)


@pytest.fixture(scope="module")
def lessons(entries, lessons_of):
    resources, gold = lessons_of
    return Lessons(
        dataset="words",
        outcomes=[entry.outcome for entry in entries],
        learn=Labelled(resources=resources[::2], gold=gold),
        judge=Labelled(resources=resources[1::2], gold=gold),
    )


def train(lessons, base, out, weights=Weights.UPPER_LAYERS, recipe=RECIPE):
    out.mkdir(exist_ok=True)
    return train_encoder(lessons, base, out, recipe, weights, progress=progress_bar)


def blocks_of(model):
    stacks = [list(found) for found in model.modules() if isinstance(found, torch.nn.ModuleList)]
    return max(stacks, key=len)


def test_all_but_the_lowest_third_of_the_blocks_are_trained_and_no_word(tiny_folder):
    model = load_model(tiny_folder)
    blocks = blocks_of(model)
    trained = {id(found) for found in upper_layers(model)}
    frozen = len(blocks) // 3
    for number, block in enumerate(blocks):
        for parameter in block.parameters():
            assert (id(parameter) in trained) == parameter.requires_grad == (number >= frozen)
    inside = {id(found) for block in blocks for found in block.parameters()}
    outside = [found for found in model.parameters() if id(found) not in inside]
    assert outside
    assert not any(found.requires_grad for found in outside)


def test_a_trained_encoder_is_a_model_folder_of_its_own(
    lessons, tiny_folder, tmp_path, monkeypatch
):
    judged = iter(range(1, 100))
    monkeypatch.setattr("training.encoder.run.Judge.__call__", lambda _: next(judged) / 100)
    figures = train(lessons, tiny_folder, tmp_path)
    assert figures["dev_mrr"] > 0.01
    before, after = (
        dict(load_model(folder).named_parameters()) for folder in (tiny_folder, tmp_path / ENCODER)
    )
    changed = {name for name, value in before.items() if not torch.equal(after[name], value)}
    assert changed
    assert all(".layer." in name for name in changed)
    assert load_model(tmp_path / ENCODER).prompts == load_model(tiny_folder).prompts


@pytest.mark.slow
@pytest.mark.parametrize("weights", Weights)
def test_a_share_of_what_was_learned_lies_as_far_between_before_and_after(
    lessons, telling_folder, tmp_path, monkeypatch, weights
):
    monkeypatch.setattr("training.encoder.run.Judge.__call__", lambda _: next(judged))

    def merged(share):
        out = tmp_path / str(share)
        train(lessons, telling_folder, out, weights, replace(RECIPE, share=share))
        if weights is Weights.UPPER_LAYERS:
            return load_model(out / ENCODER)
        model = load_model(telling_folder)
        merge_low_rank(model, out / LOW_RANK)
        return model

    models = []
    for share in (0.25, 1):
        judged = iter(range(1, 100))  # each is judged better than the one before it
        models.append(dict(merged(share).named_parameters()))
    some, whole = models
    before = dict(load_model(telling_folder).named_parameters())
    changed = {name for name, value in before.items() if not torch.equal(whole[name], value)}
    assert changed
    for name in changed:
        between = torch.lerp(before[name], whole[name], 0.25)
        torch.testing.assert_close(some[name], between, atol=1e-3, rtol=1e-2)


@pytest.mark.slow
@pytest.mark.parametrize("weights", Weights)
def test_the_same_seed_gives_the_same_weights_whatever_was_drawn_before(
    lessons, tiny_folder, tmp_path, weights
):
    name = {Weights.LOW_RANK: LOW_RANK, Weights.UPPER_LAYERS: f"{ENCODER}/model.safetensors"}
    for run in ("one", "two"):
        torch.rand(3)
        train(lessons, tiny_folder, tmp_path / run, weights)
    one, two = ((tmp_path / run / name[weights]).read_bytes() for run in ("one", "two"))
    assert one == two


@pytest.mark.slow
def test_another_seed_gives_other_weights(lessons, telling_folder, tmp_path, monkeypatch):
    judged = iter(range(1, 100))  # each is judged better than the one before it
    monkeypatch.setattr("training.encoder.run.Judge.__call__", lambda _: next(judged))
    for seed in (0, 1):
        recipe = Recipe(rate=3e-3, rank=4, epochs=2, batch=6, warmup=2, seed=seed)
        train(lessons, telling_folder, tmp_path / str(seed), Weights.LOW_RANK, recipe)
    one, two = ((tmp_path / str(seed) / LOW_RANK).read_bytes() for seed in (0, 1))
    assert not np.array_equal(np.frombuffer(one, np.uint8), np.frombuffer(two, np.uint8))


@pytest.mark.slow
@pytest.mark.parametrize("weights", Weights)
def test_several_runs_give_the_mean_of_what_each_changes(
    lessons, telling_folder, tmp_path, monkeypatch, weights
):
    monkeypatch.setattr("training.encoder.run.Judge.__call__", lambda _: next(judged))

    def weights_after(name, recipe):
        nonlocal judged
        judged = iter(range(1, 100))  # each is judged better than the one before it
        out = tmp_path / name
        train(lessons, telling_folder, out, weights, recipe)
        if weights is Weights.UPPER_LAYERS:
            return dict(load_model(out / ENCODER).named_parameters())
        model = load_model(telling_folder)
        merge_low_rank(model, out / LOW_RANK)
        return dict(model.named_parameters())

    judged = iter(())
    whole = replace(RECIPE, share=1, rank=64)  # no rank that is left out
    one, two = (weights_after(str(seed), replace(whole, seed=seed)) for seed in (0, 1))
    mean = weights_after("mean", replace(whole, runs=2))
    # A pooler is in the model, is no part of the file, and is drawn anew at each loading.
    blocks = [name for name in one if ".layer." in name]
    changed = [name for name in blocks if not torch.equal(one[name], two[name])]
    assert changed
    for name in changed:
        between = torch.lerp(one[name], two[name], 0.5)
        torch.testing.assert_close(mean[name], between, atol=1e-3, rtol=1e-2)
